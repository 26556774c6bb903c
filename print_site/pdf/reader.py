"""Reads a dossier's PDF back: the attached data, who laid it out, and the text of its pages.

Part of the extra `livret[pdf]`. The file may come from anyone: its size in memory is bounded.
"""

import re
import zlib
from functools import cache
from io import BytesIO
from typing import Any

import pikepdf

from print_site.dossier.fingerprints import DATA_FILE
from print_site.errors import PrintError, Reason
from print_site.limits import LARGEST_FILE_BYTES

MOST_PAGES = 5_000
_BFCHAR = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]*)>")
_FINGERPRINTS = (
    re.compile("Empreintedesdonnées([0-9a-f]{64})"),
    re.compile("Empreinte[^:]{1,60}:([0-9a-f]{64})"),
)
_FOREIGN = "Ce PDF n’est pas un dossier de Livret : il ne porte pas de données."


class PdfDossier:
    """An open PDF. Raises PrintError when it is not one, or not a dossier."""

    def __init__(self, content: bytes) -> None:
        try:
            self._pdf = pikepdf.open(BytesIO(content))
            self.data = self._attached()
            self.generator = str(self._pdf.docinfo.get("/Creator", ""))
            self.text = self._text()
        except (pikepdf.PdfError, pikepdf.PasswordError, zlib.error, ValueError, TypeError, KeyError,
                AttributeError, RecursionError):  # fmt: skip
            raise PrintError(Reason.UNREADABLE, "Ce PDF est abîmé, chiffré ou illisible.") from None

    @property
    def fingerprints(self) -> set[str]:
        """The fingerprints that the pages show: one, unless they were changed."""
        bare = re.sub(r"\s", "", self.text)
        return {digest for pattern in _FINGERPRINTS for digest in pattern.findall(bare)}

    def _attached(self) -> str:
        root: Any = self._pdf.Root  # pikepdf's objects are what they hold
        names = root.get("/Names", {}).get("/EmbeddedFiles", {}).get("/Names", [])
        pairs = [(str(names[at]), names[at + 1]) for at in range(0, len(names), 2)]
        found = [file for name, file in pairs if name == DATA_FILE]
        if len(found) != 1:
            raise PrintError(Reason.UNREADABLE, _FOREIGN)
        stream = found[0]["/EF"]["/F"]
        raw = stream.read_raw_bytes()
        if stream.get("/Filter") == "/FlateDecode":
            raw = zlib.decompressobj().decompress(raw, LARGEST_FILE_BYTES)
        return bytes(raw).decode("ascii")

    def _text(self) -> str:
        if len(self._pdf.pages) > MOST_PAGES:
            raise PrintError(Reason.UNREADABLE, _FOREIGN)
        return "\n".join(_page_text(page) for page in self._pdf.pages)


def _page_text(page: pikepdf.Page) -> str:
    resources: Any = page.resources
    glyphs: dict[int, str] = {}
    said: list[str] = []
    for instruction in pikepdf.parse_content_stream(page, "Tf Tj TJ ET"):
        name, operands = str(instruction.operator), instruction.operands
        if name == "Tf":
            font = resources["/Font"][str(operands[0])]
            glyphs = read_character_map(font.ToUnicode.read_bytes())
        elif name == "ET":
            said.append("\n")
        else:
            items: Any = operands[0] if name == "TJ" else operands
            said.extend(
                decode_string(item, glyphs) for item in items if isinstance(item, pikepdf.String)
            )
    return "".join(said)


def decode_string(item: Any, glyphs: dict[int, str]) -> str:
    """Return the text of one string of a content stream, by the character map of its font."""
    codes = bytes(item)
    pairs = (int.from_bytes(codes[at : at + 2]) for at in range(0, len(codes), 2))
    return "".join(glyphs.get(code, "\ufffd") for code in pairs)


@cache
def read_character_map(mapping: bytes) -> dict[int, str]:
    """Read a ToUnicode map as WeasyPrint writes it: one two-byte code at a time."""
    return {
        int(code, 16): bytes.fromhex(text.decode("ascii")).decode("utf-16-be", "replace")
        for code, text in _BFCHAR.findall(mapping)
    }
