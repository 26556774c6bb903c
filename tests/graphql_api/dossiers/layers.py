"""Every layer of a printed dossier in which something could be found that its pages do not show."""

import base64
import html
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any


def layers_of(content: bytes, form: str) -> str:
    """All that a file holds, as one text: raw and decoded bytes, metadata, names, what is attached.

    In small letters and without spaces, which typesetting moves.
    """
    found = {"html": _of_page, "zip": _of_zip, "pdf": _of_pdf}[form](content)
    return re.sub(r"\s|<wbr>", "", "\n".join([content.decode("latin-1"), *found])).lower()


def _of_page(content: bytes) -> Iterator[str]:
    page = content.decode("utf-8")
    yield page
    yield html.unescape(page)
    for data in re.findall('<template id="donnees"[^>]*>([^<]*)</template>', page):
        yield json.dumps(json.loads(zlib.decompress(base64.b64decode(data))), ensure_ascii=False)
    # The names of the running header are escapes of a style sheet.
    yield re.sub(r"\\([0-9a-f]{6})", lambda escape: chr(int(escape[1], 16)), page)


def _of_zip(content: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as pack:
        assert pack.comment == b""
        for member in pack.infolist():
            assert member.comment == member.extra == b""
            yield member.filename
            inside = pack.read(member)
            yield inside.decode("latin-1")
            if member.filename.endswith(".html"):
                yield from _of_page(inside)
            if member.filename.endswith(".json"):
                yield json.dumps(json.loads(inside), ensure_ascii=False)


def _of_pdf(content: bytes) -> Iterator[str]:
    import pikepdf

    from print_site.pdf.reader import read_pdf
    from tests.print_site.pdf_tree import Tree

    assert content.count(b"%%EOF") == 1, "an earlier revision stays in the file"
    yield "\n".join(Tree(io.BytesIO(content)).painted)
    yield json.dumps(json.loads(read_pdf(content).data), ensure_ascii=False)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert list(pdf.attachments) == ["livret.json"]
        assert "/Info" in pdf.trailer
        yield from _strings(pdf.trailer, set())
        for held in pdf.objects:
            yield from _strings(held, set())
            if isinstance(held, pikepdf.Stream):
                yield held.read_bytes().decode("latin-1")
                yield held.read_bytes().decode("utf-16-be", "replace")


def _strings(held: Any, met: set[tuple[int, int]]) -> Iterator[str]:
    """The texts of one object, without those of the objects that it refers to: they have their turn."""
    import pikepdf

    if isinstance(held, pikepdf.String):
        yield str(held)
        yield bytes(held).decode("latin-1")
    elif isinstance(held, pikepdf.Name):
        yield str(held)
    elif isinstance(held, pikepdf.Array):
        for item in held:  # type: ignore[attr-defined]  # pikepdf's objects are what they hold
            yield from _strings(item, met) if not _refers(item) else ()
    elif isinstance(held, pikepdf.Dictionary | pikepdf.Stream):
        for name in held.keys():  # noqa: SIM118 - a stream is no mapping
            yield name
            yield from _strings(held[name], met) if not _refers(held[name]) else ()


def _refers(item: Any) -> bool:
    return bool(getattr(item, "is_indirect", False))
