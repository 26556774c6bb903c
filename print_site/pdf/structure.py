"""Completes for PDF/UA what WeasyPrint leaves out, in its objects before they are written.

Running headers become artifacts, header cells get a scope, described terms their label, links an
alternative text, and elements without content go. ISO 14289-1, 7.1, 7.5, 7.8 and 7.18.5.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pydyf

from print_site.dossier.model import PrintedDossier
from print_site.pdf.metadata import xmp_packet

_KEPT_EMPTY = frozenset({"/TD", "/TH", "/Figure"})
_Element = dict[str, Any]  # pydyf's dictionaries, which have no types


def finish_structure(pdf: Any, dossier: PrintedDossier, title: str, edited: datetime) -> None:
    """Complete the structure tree of a pydyf.PDF, in place."""
    root = _at(pdf, pdf.catalog["StructTreeRoot"])
    body = _at(pdf, root["K"][0])
    _prune(pdf, body)
    elements = dict(_below(pdf, body))
    _set_pagination_aside(pdf, _at(pdf, root["ParentTree"])["Nums"], elements)
    for element in elements.values():
        if element["S"] == "/TH":
            _give_scope(pdf, element)
        elif element["S"] == "/L":
            _pair_labels(pdf, element)
    _name_links(pdf, dossier)
    _at(pdf, pdf.catalog["Metadata"]).stream = [xmp_packet(title, edited, pdf.info)]
    _at(pdf, pdf.catalog["Metadata"]).compress = False


def _give_scope(pdf: Any, header: _Element) -> None:
    row = _at(pdf, header["P"])
    if _at(pdf, row["P"])["S"] == "/THead":
        header["A"]["Scope"] = "/Column"
    elif len(row["K"]) == 1:
        # A header alone in its row names the rows below. PDF has no such header: it becomes a cell.
        header["S"] = "/TD"
    else:
        header["A"]["Scope"] = "/Row"


def _pair_labels(pdf: Any, described: _Element) -> None:
    """Make one list item of each group of a `dl`, where WeasyPrint makes two: label and body."""
    for _, group in _children(pdf, described):
        if group["S"] != "/Div":
            continue
        group["S"] = "/LI"
        halves = [half for _, half in _children(pdf, group)]
        for half in halves:
            is_label = (
                half is halves[0] and len(halves) > 1
            )  # a text that continues on the next page has no label there
            half["S"] = "/Lbl" if is_label else "/LBody"
            for _, body in _children(pdf, half):
                body["S"] = "/Span" if is_label else "/Div"


def _at(pdf: Any, reference: bytes) -> Any:
    return pdf.objects[int(reference.split()[0])]


def _children(pdf: Any, element: _Element) -> Iterator[tuple[bytes, _Element]]:
    """Yield the child elements, without marked content (numbers) and object references."""
    for kid in element["K"]:
        if isinstance(kid, bytes) and _at(pdf, kid).get("Type") == "/StructElem":
            yield kid, _at(pdf, kid)


def _below(pdf: Any, body: _Element) -> Iterator[tuple[bytes, _Element]]:
    waiting = [body]
    while waiting:
        for reference, element in _children(pdf, waiting.pop()):
            yield reference, element
            waiting.append(element)


def _prune(pdf: Any, element: _Element) -> None:
    for reference, child in list(_children(pdf, element)):
        _prune(pdf, child)
        if not child["K"] and child["S"] not in _KEPT_EMPTY:
            element["K"].remove(reference)
            child.clear()


def _set_pagination_aside(pdf: Any, numbers: list[Any], elements: dict[bytes, _Element]) -> None:
    """Mark as artifacts the running headers and footers: content outside the structure tree."""
    for page, reference in enumerate(pdf.page_references):
        owners = numbers[2 * page + 1]
        orphans = {mcid for mcid, owner in enumerate(owners) if owner not in elements}
        for mcid in orphans:
            _at(pdf, owners[mcid]).clear()
            owners[mcid] = b"null"
        if orphans:
            _make_artifacts(_at(pdf, _at(pdf, reference)["Contents"]).stream, orphans)


def _make_artifacts(stream: list[Any], orphans: set[int]) -> None:
    for position, item in enumerate(stream):
        if isinstance(item, dict) and item.get("MCID") in orphans:
            stream[position - 1] = b"/Artifact"
            stream[position] = pydyf.Dictionary({"Type": "/Pagination"})


def _name_links(pdf: Any, dossier: PrintedDossier) -> None:
    """Give each link the name of its target, for screen readers."""
    names = {
        entry.anchor: f"{entry.code} {entry.headline}"
        for part in dossier.parts
        for rubric in part.rubrics
        for entry in rubric.entries
    }
    for part in dossier.parts:
        names[part.anchor] = part.label
        names.update((rubric.anchor, rubric.label) for rubric in part.rubrics)
    for annotation in pdf.objects:
        if isinstance(annotation, dict) and annotation.get("Subtype") == "/Link":
            target = annotation["Dest"].string
            name = names.get(target, target.capitalize())
            annotation["Contents"] = pydyf.String(f"Aller à : {name[:200]}")
