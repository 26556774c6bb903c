"""The dossier as the Typst template reads it: plain JSON, typeset, with nothing left to compute.

It is the same frozen view that the HTML templates get. Nothing in it is markup: the template reads it
with `json`, and sets each string as text.
"""

import base64
import re
from collections.abc import Iterable, Sequence
from typing import Any

from print_site.branding.branding import Branding
from print_site.branding.colours import theme_colours
from print_site.branding.logo import Logo
from print_site.dossier.fingerprints import grouped
from print_site.dossier.model import (
    ExemptionRequest,
    PrintedDossier,
    PrintedEntry,
    PrintedLegalText,
    PrintedLine,
    PrintedPart,
    PrintedProfile,
    PrintedRubric,
)
from print_site.dossier.panorama import (
    CompetenceRow,
    PrintedColumn,
    PrintedMatrix,
    PrintedPanorama,
)
from print_site.dossier.references import Reference
from print_site.dossier.text import (
    blocks,
    french_number,
    is_right_to_left,
    joined_passages,
    typeset,
    with_breaks,
)
from print_site.drawing.letter_widths import text_width, truncate
from print_site.drawing.matrix_svg import MOST_COLUMNS
from print_site.drawing.pieces import split_evenly
from print_site.drawing.qr_code import qr_rows
from print_site.drawing.time_scale import LEFT, RIGHT, TimeScale, bar_segments, day_after
from print_site.drawing.timeline_svg import LANES, described

_SHORTEST_BAR = 0.005
_MOST_IN_A_HEADER = 70
# Hebrew and Arabic: such a text is isolated from the direction of its neighbours, as by <bdi>.
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
_SEEN = re.compile("[^\\s\u034f\u200b-\u200d\u2060\ufe00-\ufe0f]")
# An entry of up to this many characters, about a third of a page, is kept on one page.
_MOST_UNBROKEN = 1_500
_NAMES = 262.0  # the room of a name beside its bar, at size 10


def paper_view(
    dossier: PrintedDossier, generator: str, branding: Branding | None = None
) -> dict[str, Any]:
    """Return the dossier for `theme/typst/dossier.typ`."""
    colours, _ = theme_colours()
    holder = dossier.holder
    return {
        "generator": generator,
        "colours": {**colours, **(branding.light if branding else {})},
        "brand": _brand(branding),
        "title": _text(dossier.title),
        "document_title": f"{dossier.title} – {holder.name}",
        "running_title": _short(dossier.title),
        "running_name": _short(holder.name),
        "date": [dossier.day.year, dossier.day.month, dossier.day.day],
        "as_of": dossier.as_of,
        "civility": _text(holder.civility.label) if holder.civility else "",
        "name": f"{_text(holder.first_name)} {_text(holder.last_name)}".strip(),
        "plain_name": holder.name,
        "about": _lines(dossier.about + holder.lines),
        "situation": _lines(holder.situation),
        "fingerprint": dossier.fingerprint,
        "fingerprint_break": with_breaks(dossier.fingerprint),
        "fingerprint_groups": grouped(dossier.fingerprint),
        "qr": qr_rows(dossier.fingerprint),
        "notice": _blocks(dossier.notice),
        "verify_at": _text(dossier.verify_at),
        "first_entry": _reference(dossier.first_entry.reference) if dossier.first_entry else None,
        "compact": dossier.is_compact,
        "long": dossier.is_long,
        "holder_lines": _lines(holder.lines),
        "about_lines": _lines(dossier.about),
        "profile": _profile(dossier.profile) if dossier.profile else None,
        "dispense": _dispense(dossier.dispense) if dossier.dispense else None,
        "panorama": _panorama(dossier)
        if "PANORAMA" in dossier.annexes and dossier.first_entry
        else None,
        "parts": [
            _part(part, checklist="CHECKLIST" in dossier.annexes, compact=dossier.is_compact)
            for part in dossier.parts
            if part.filled
        ],
        "legal_texts": [_legal(anchor, legal) for anchor, legal in dossier.legal_texts],
    }


def _text(text: str) -> str:
    """Return one line, typeset; empty when nothing of it is seen."""
    if not _SEEN.search(text):
        return ""
    said = with_breaks(typeset(text.replace("\n", " ")))
    return f"\u2068{said}\u2069" if _RIGHT_TO_LEFT.search(said) else said


def _short(text: str) -> str:
    said = typeset(text.replace("\n", " "))
    return said if len(said) <= _MOST_IN_A_HEADER else f"{said[: _MOST_IN_A_HEADER - 1]}…"


def _brand(branding: Branding | None) -> dict[str, Any] | None:
    if branding is None:
        return None
    return {
        "name": branding.name,
        "show_name": branding.show_name,
        "logo": _logo(branding.logo) if branding.logo else None,
    }


def _logo(logo: Logo) -> dict[str, Any]:
    kind, _, content = logo.uri.removeprefix("data:image/").partition(";base64,")
    return {
        "format": kind.removesuffix("+xml"),
        "bytes": list(base64.b64decode(content)),
        "width": logo.width,
        "height": logo.height,
    }


def _lines(lines: Iterable[PrintedLine]) -> dict[str, Any]:
    """Return facts, which run in one paragraph, and texts."""
    held = tuple(lines)
    return {
        "facts": [[_text(line.label), _text(line.text)] for line in held if not line.is_text],
        "texts": [[_text(line.label), _blocks(line.text)] for line in held if line.is_text],
    }


def _blocks(text: str) -> list[dict[str, Any]]:
    return [
        {
            "list": block.is_list,
            "first": block.first,
            "lines": [
                {"text": with_breaks(line), "rtl": is_right_to_left(line)} for line in block.lines
            ],
        }
        for block in blocks(text)
    ]


def _reference(to: Reference) -> dict[str, Any]:
    return {
        "code": to.code,
        "part": to.part.removeprefix("volet-"),
        "anchor": to.anchor,
        "headline": _text(to.headline),
    }


def _references(items: Iterable[Reference]) -> list[dict[str, Any]]:
    return [_reference(to) for to in items]


def _profile(profile: PrintedProfile) -> dict[str, Any]:
    return {
        "present": _lines(profile.present),
        "sections": [
            {
                "label": _text(section.label) or "–",
                "items": [
                    {
                        "when": _text(item.when),
                        "headline": _text(item.headline),
                        "text": _text(item.text),
                        "supports": _references(item.supports),
                    }
                    for item in section.items
                ],
            }
            for section in profile.sections
        ],
    }


def _dispense(request: ExemptionRequest) -> dict[str, Any]:
    return {
        "lines": _lines(request.lines),
        "days": [[_text(line.label), _text(line.text)] for line in request.days],
        "supports": [
            [_reference(support.to), _text(support.when), _text(support.counts)]
            for support in request.supports
        ],
        "total": _text(request.total or ""),
        "signatures": [_text(name) for name in request.signatures],
    }


def _table(rubric: PrintedRubric) -> dict[str, Any]:
    """Return a short rubric as a table: its filled columns, and a row an entry."""
    columns = [
        column
        for column in rubric.columns
        if any(line.key == column.key for entry in rubric.entries for line in entry.lines)
    ]
    keys = {column.key for column in columns}
    return {
        "columns": [_text(column.label) for column in columns],
        "proves": any(entry.proves for entry in rubric.entries),
        "dated": any(entry.when for entry in rubric.entries),
        "rows": [
            {
                "anchor": entry.anchor,
                "code": entry.code,
                "headline": _text(entry.headline),
                "cells": [
                    _text(next((line.text for line in entry.lines if line.key == column.key), ""))
                    for column in columns
                ],
                "proves": _references(entry.proves),
                "when": _text(entry.when),
                "besides": _lines(line for line in entry.lines if line.key not in keys),
                "long": _length(entry) > _MOST_UNBROKEN,
            }
            for entry in rubric.entries
        ],
    }


def _part(part: PrintedPart, *, checklist: bool, compact: bool) -> dict[str, Any]:
    return {
        "anchor": part.anchor,
        "colour": part.anchor.removeprefix("volet-"),
        "label": _text(part.label) or "–",
        "introduction": _blocks(part.introduction) if part.introduction else [],
        "support_label": "Appuis" if part.name == "COMPETENCES" else "Compétences",
        "rubrics": [
            {
                "anchor": rubric.anchor,
                "code": rubric.code,
                "label": _text(rubric.label),
                "count": len(rubric.entries),
                "checklist": checklist and rubric.name == "ATTACHMENT",
                "tells_links": rubric.tells_links,
                "table": _table(rubric) if compact and rubric.columns else None,
                "entries": []
                if compact and rubric.columns
                else [_entry(entry) for entry in rubric.entries],
            }
            for rubric in part.filled
        ],
    }


def _entry(entry: PrintedEntry) -> dict[str, Any]:
    return {
        "anchor": entry.anchor,
        "code": entry.code,
        "headline": _text(entry.headline),
        "when": _text(entry.when),
        **_lines(entry.lines),
        "long": _length(entry) > _MOST_UNBROKEN,
        "all": [[_text(line.label), _text(line.text)] for line in entry.lines],
        "many_links": _many_links(entry) if entry.has_many_links else [],
        "links": []
        if entry.has_many_links
        else [
            {
                "to": _reference(link.to),
                "relation": _text(link.relation),
                "note": _text(link.note or ""),
            }
            for link in entry.links
        ],
        "attachments": _references(entry.attachments),
        "proves": _references(entry.proves),
    }


def _many_links(entry: PrintedEntry) -> list[list[str]]:
    """Return pieces of a line for each relation: Typst weighs all the lines of a paragraph."""
    lines = []
    for relation, links in entry.links_by_relation.items():
        told = [f"{link.to.code} {_text(link.note)}".strip() for link in links]
        rows = [" · ".join(told[at : at + 40]) for at in range(0, len(told), 40)]
        lines.append([f"{_text(relation)}\u202f: {rows[0]}", *rows[1:]])
    return lines


def _length(entry: PrintedEntry) -> int:
    """Return about how many characters an entry shows."""
    ties = (*(link.to for link in entry.links), *entry.attachments, *entry.proves)
    lines = sum(
        len(line.label) + len(line.text) + 90 * line.text.count("\n") for line in entry.lines
    )
    return lines + sum(30 + len(to.headline) for to in ties)


def _legal(anchor: str, legal: PrintedLegalText) -> dict[str, Any]:
    return {
        "anchor": anchor,
        "title": _text(legal.title) or "–",
        "source": _text(legal.source),
        "sections": [
            [_text(section.heading), _blocks(joined_passages(section.paragraphs))]
            for section in legal.sections
        ],
    }


def _panorama(dossier: PrintedDossier) -> dict[str, Any]:
    panorama = dossier.panorama
    return {
        "last_update": panorama.last_update,
        "figures": [[figure.label, _text(figure.text)] for figure in panorama.figures],
        "current_posts": [
            [_reference(post.to), _text(post.when)] for post in panorama.current_posts
        ],
        "timeline": _timeline(dossier),
        "matrix": _matrix(panorama.matrix),
        **_follow_up(panorama),
    }  # fmt: skip


def _timeline(dossier: PrintedDossier) -> dict[str, Any] | None:
    """Return the years and, for each part, the bars of its entries, as fractions of the width."""
    spans = dossier.panorama.timeline
    if not spans:
        return None
    scale = TimeScale(spans, dossier.day)

    def place(x: float) -> float:
        return round((x - LEFT) / (RIGHT - LEFT), 5)

    lanes = []
    for part, label in LANES:
        rows = []
        for span in (span for span in spans if span.part == part):
            left = scale.x(span.earliest)
            right = max(scale.x(day_after(span.latest)), left + _SHORTEST_BAR * (RIGHT - LEFT))
            segments = [
                [place(start), place(end - start + LEFT), vague]
                for start, end, vague in bar_segments(span, scale, left, right)
                if end > start
            ]
            room = _NAMES - 1.1 * text_width(span.to.code)
            short = truncate(typeset(span.to.headline.replace("\n", " ")), room)
            rows.append([{**_reference(span.to), "short": short}, segments, span.ongoing])
        if rows:
            held = [span for span in spans if span.part == part]
            lanes.append(
                {"label": label, "colour": part.lower(), "rows": rows, "alt": described(held)}
            )
    first_day = dossier.day.replace(month=1, day=1)
    years = [[year, place(scale.x(first_day.replace(year=year)))] for year in scale.years()]
    return {"years": years, "lanes": lanes}


def _matrix(matrix: PrintedMatrix) -> dict[str, Any]:
    drawn = bool(matrix.columns) and not matrix.is_too_large
    pieces = split_evenly(matrix.columns, MOST_COLUMNS) if drawn else []
    return {
        "too_large": bool(matrix.columns) and matrix.is_too_large,
        "columns": _references(column.to for column in matrix.columns) if drawn else [],
        "pieces": [
            {
                "columns": _references(column.to for column in columns),
                "groups": [
                    [
                        _text(group.label),
                        [[_reference(row.to), _marks(row, columns)] for row in group.rows],
                    ]
                    for group in matrix.groups
                ],
            }
            for columns in pieces
        ],
    }


def _marks(row: CompetenceRow, columns: Sequence[PrintedColumn]) -> list[str]:
    relations = {cell.column: cell.relation for cell in row.cells}
    return [relations.get(column.to, "") for column in columns]


def _follow_up(panorama: PrintedPanorama) -> dict[str, Any]:
    training = panorama.training
    return {
        "training": {
            "periods": [_text(period) for period in training.periods],
            "rows": [
                [_text(row.label), [_days(days) for days in row.days], french_number(row.total)]
                for row in training.rows
            ],
            "totals": [french_number(days) for days in training.totals],
            "total": french_number(training.total),
        }
        if training.rows
        else None,
        "validity": [
            [_reference(item.to), _text(item.until or item.label)] for item in panorama.valid
        ],
    }  # fmt: skip


def _days(days: float) -> str:
    return french_number(days) if days else "–"
