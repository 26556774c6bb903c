"""The sections of a booklet: which there are, and how one is sealed.

A section is one JSON document, compressed unless it is short, padded and sealed: its length tells
neither how many entries it has nor what they say.
"""

from collections.abc import Iterable
from enum import Enum
from typing import Any

import orjson
from isal import isal_zlib

from graphql_api.storage.keys.encryption import DecryptionError, SealContext, Sealer
from schema.damage import StoredKind
from schema.description.rubric import RubricName
from schema.rubrics import RUBRICS

TAG_LENGTH = 16
_LENGTH_BYTES = 4
_SMALLEST_STEP = 256
_LEVEL = 1  # of ISA-L, which is as close as zlib's first level; its level 0 is 15 % longer
# What is as short is stored as it is, for it is padded to this length, packed or not.
_SHORT = 3 * _SMALLEST_STEP - _LENGTH_BYTES
_COMPRESSED = b"x"  # the first byte of zlib's format (RFC 1950), as which no JSON begins


class Section(Enum):
    """A section of a booklet; `HEAD` tells which others there are, and counts their entries."""

    __hash__ = object.__hash__  # as that of `RubricName`

    HEAD = "HEAD"
    IDENTITY = "IDENTITY"
    SITUATION = "SITUATION"
    FORMATIONS = "FORMATIONS"
    EXPERIENCES = "EXPERIENCES"
    COMPETENCES = "COMPETENCES"
    ATTACHMENTS = "ATTACHMENTS"
    DOSSIERS = "DOSSIERS"

    kind: StoredKind  # the kind of damaged part that it is when it does not open

    def __init__(self, name: str) -> None:
        """The kind is looked up here, and not for each section that is read."""
        self.kind = StoredKind[name]


ALL_SECTIONS = frozenset(Section)
# Looked up for each section that is read: ten times faster than a call of the enumeration.
SECTION_NAMED = {section.value: section for section in Section}
SECTION_OF: dict[RubricName, Section] = {one.name: Section[one.part.name] for one in RUBRICS}
ENTRY_SECTIONS = tuple(section for section in Section if section in SECTION_OF.values())


def rubrics_in(section: Section) -> frozenset[RubricName]:
    """The rubrics whose entries a section holds."""
    return frozenset(rubric for rubric, of in SECTION_OF.items() if of is section)


def sections_of(rubrics: Iterable[RubricName]) -> frozenset[Section]:
    """The sections that hold the entries of these rubrics."""
    return frozenset(SECTION_OF[rubric] for rubric in rubrics)


def encode_document(document: Any) -> bytes:
    """The document of a section as JSON."""
    return orjson.dumps(document)


def seal_section(sealer: Sealer, section: Section, version: int, written: bytes) -> bytes:
    """The document of a section, encoded, as it is stored."""
    return seal_packed(sealer, _context(section, version), written)


def open_section(sealer: Sealer, section: Section, version: int, sealed: bytes) -> Any:
    """The document of a stored section. Raises `DecryptionError`."""
    try:
        return orjson.loads(open_packed(sealer, _context(section, version), sealed))
    except ValueError as error:
        raise DecryptionError(f"section {section.value}") from error


def seal_packed(sealer: Sealer, context: SealContext, written: bytes) -> bytes:
    """Compress JSON, pad and seal it: the length tells neither how much was written nor what."""
    packed = written
    if len(written) > _SHORT:
        packed = isal_zlib.compress(written, _LEVEL)
    body = len(packed).to_bytes(_LENGTH_BYTES) + packed
    length = max(padded_length(len(body)), _LENGTH_BYTES + _SHORT)
    return sealer.seal_bytes(context, body.ljust(length, b"\0"))


def open_packed(sealer: Sealer, context: SealContext, sealed: bytes) -> bytes:
    """What was written into a packed value. Raises `DecryptionError`."""
    body = sealer.open_bytes(context, sealed)
    length = int.from_bytes(body[:_LENGTH_BYTES])
    packed = body[_LENGTH_BYTES : _LENGTH_BYTES + length]
    if not packed.startswith(_COMPRESSED):
        return packed
    try:
        return isal_zlib.decompress(packed)
    except isal_zlib.IsalError as error:  # type: ignore[misc]  # its stub takes the class for an exception
        raise DecryptionError(f"{context.table} {context.row}") from error


def tag_of(sealed: bytes) -> bytes:
    """What tells a sealed section from every other: the tag of AES-GCM, its last 16 bytes.

    Without the key nobody makes a section that opens; two that the service made have two tags.
    """
    return bytes(sealed[-TAG_LENGTH:])


def padded_length(length: int) -> int:
    """A length of at least this one: in steps of 256 bytes, then of an eighth of the length."""
    step = max(_SMALLEST_STEP, 1 << max(length.bit_length() - 4, 0))
    return -(-length // step) * step


def _context(section: Section, version: int) -> SealContext:
    return SealContext("section", section.value, version)
