"""Reads what a dossier's PDF carries: the attached data, and in its metadata what laid it out.

Nothing is rendered and no library parses it: a PDF may come from anyone, and its pages are compared by
laying the data out again. Sizes in memory are bounded.
"""

import html
import re
import zlib
from dataclasses import dataclass

from print_site.errors import PrintError, Reason
from print_site.limits import LARGEST_FILE_BYTES

_ATTACHMENT = re.compile(
    rb"<<(?:(?!endobj).){0,400}?/Type\s*/EmbeddedFile(?:(?!endobj).){0,400}?stream\r?\n", re.DOTALL
)
_LENGTH = re.compile(rb"/Length\s+(\d{1,9})(?!\s+\d+\s+R)")
_KEYWORDS = re.compile(rb"<pdf:Keywords>([^<]{0,400})</pdf:Keywords>")
_FINGERPRINT = re.compile("sha256:([0-9a-f]{64})")
_FOREIGN = "Ce PDF n’est pas un dossier de Livret : il ne porte pas de données."
_DAMAGED = "Ce PDF est abîmé, chiffré ou illisible."


@dataclass(frozen=True)
class PdfDossier:
    """The attached JSON as it was found, the generator tag, and the fingerprints of the metadata."""

    data: str
    generator: str
    fingerprints: frozenset[str]


def read_pdf(content: bytes) -> PdfDossier:
    """Return what a PDF carries. Raises PrintError when it is not a dossier, or damaged."""
    if b"/Encrypt" in content[-4096:]:
        raise PrintError(Reason.UNREADABLE, _DAMAGED)
    found = list(_ATTACHMENT.finditer(content))
    if len(found) != 1:
        raise PrintError(Reason.UNREADABLE, _FOREIGN)
    keywords = _KEYWORDS.search(content)
    said = html.unescape(keywords[1].decode("utf-8", "replace")) if keywords else ""
    return PdfDossier(
        data=_attached(content, found[0]),
        generator=said.partition(", sha256:")[0],
        fingerprints=frozenset(_FINGERPRINT.findall(said)),
    )


def _attached(content: bytes, head: re.Match[bytes]) -> str:
    length = _LENGTH.search(head[0])
    raw = content[head.end() : head.end() + int(length[1])] if length else b""
    try:
        if b"/FlateDecode" in head[0]:
            unpacked = zlib.decompressobj()
            raw = unpacked.decompress(raw, LARGEST_FILE_BYTES)
            if not unpacked.eof:
                raise PrintError(Reason.UNREADABLE, _DAMAGED)
        return raw.decode("utf-8")
    except (zlib.error, UnicodeDecodeError):
        raise PrintError(Reason.UNREADABLE, _DAMAGED) from None
