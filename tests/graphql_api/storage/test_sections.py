"""How the document of a section is sealed: `graphql_api.storage.content.sections`."""

import zlib
from hashlib import sha256
from itertools import pairwise

import pytest

from graphql_api.storage.content.sections import (
    Section,
    encode_document,
    open_section,
    seal_section,
)
from graphql_api.storage.keys.encryption import DecryptionError, SealContext, Sealer, new_key

SEALER = Sealer("a booklet", new_key())
SHORT = {"shape": 1, "content": {"lastName": "Lefèvre"}}


def sealed(document: object, version: int = 1) -> bytes:
    return seal_section(SEALER, Section.IDENTITY, version, encode_document(document))


@pytest.mark.parametrize("length", [0, 1, 700, 730, 731, 732, 760, 800, 50_000, 4_000_000])
def test_a_document_opens_as_it_was_sealed_whatever_its_length(length: int) -> None:
    document = {"text": "é" * (length // 2) + "x" * (length % 2)}
    assert open_section(SEALER, Section.IDENTITY, 1, sealed(document)) == document


def test_a_short_document_that_was_compressed_opens() -> None:
    packed = zlib.compress(encode_document(SHORT), 1)
    body = len(packed).to_bytes(4) + packed
    stored = SEALER.seal_bytes(SealContext("section", "IDENTITY", 1), body.ljust(256, b"\0"))
    assert open_section(SEALER, Section.IDENTITY, 1, stored) == SHORT


def test_a_document_is_stored_in_the_format_of_zlib() -> None:
    document = {"texts": [f"Lefèvre, {number * number}" for number in range(500)]}
    body = SEALER.open_bytes(SealContext("section", "IDENTITY", 1), sealed(document))
    packed = body[4 : 4 + int.from_bytes(body[:4])]
    assert zlib.decompress(packed) == encode_document(document)


def test_a_length_does_not_tell_how_long_a_short_document_is() -> None:
    lengths = {len(sealed({"text": "x" * length})) for length in range(0, 1_000, 7)}
    assert lengths == {768 + 28}


def test_a_length_does_not_tell_what_was_added_to_a_long_document() -> None:
    """Lengths are stored in steps of 256 bytes, then of an eighth."""
    texts = [sha256(str(number).encode()).hexdigest() for number in range(1_500)]
    lengths = [len(sealed({"texts": texts[:count]})) - 28 for count in range(50, 1_500)]
    assert (lengths[0], lengths[-1]) > (1_536, 32_768), "these hardly get shorter by compression"
    assert lengths == sorted(lengths)
    assert all(one % 256 == 0 for one in lengths)
    steps = [(less, more - less) for less, more in pairwise(lengths) if more > less]
    assert all(less / 16 <= step <= less / 4 for less, step in steps if less > 4_096)
    assert len(steps) < 50 < len(lengths), steps


def test_long_documents_are_stored_in_less_than_half_their_length() -> None:
    texts = [f"La commande publique en pratique, {number * number}" for number in range(100)]
    assert len(sealed({"entries": texts})) < len(encode_document(texts)) / 2


PACKED = zlib.compress(encode_document(SHORT))


@pytest.mark.parametrize(
    "body",
    [
        *[b"", b"x", b"xyz", b"{", b"\0\0\0\1x", b"\0\0\0\2x!", b"\0\0\0\1{"],
        *[len(one).to_bytes(4) + one for one in (PACKED[:-1], PACKED[:9], PACKED[:-1] + b"!")],
    ],
)
def test_what_is_no_document_does_not_open(body: bytes) -> None:
    stored = SEALER.seal_bytes(SealContext("section", "IDENTITY", 1), body)
    with pytest.raises(DecryptionError):
        open_section(SEALER, Section.IDENTITY, 1, stored)
