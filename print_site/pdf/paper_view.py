"""The dossier as the Typst template reads it: plain JSON, typeset, with nothing left to compute.

It is written from the same frozen dossier that the HTML templates get, whose properties decide what
both show. Nothing in it is markup: the template reads it with `json`, and sets each string as text.
"""

import base64
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
    PrintedPart,
    PrintedProfile,
    PrintedRubric,
)
from print_site.dossier.text import joined_passages, with_breaks
from print_site.drawing.qr_code import qr_rows
from print_site.pdf.paper_panorama import panorama_view
from print_site.pdf.paper_text import (
    block_rows,
    line_rows,
    one_line,
    reference_row,
    reference_rows,
    running_line,
)

# An entry of up to this many characters, about a third of a page, is kept on one page.
_MOST_UNBROKEN = 1_500
_LETTERS_OF_A_ROW = 120
# Codes of many links in one paragraph: Typst weighs all its lines against each other.
_CODES_OF_A_PARAGRAPH = 40


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
        "title": one_line(dossier.title),
        "document_title": f"{dossier.title} – {holder.name}",
        "running_title": running_line(dossier.title),
        "running_name": running_line(holder.name),
        "date": [dossier.day.year, dossier.day.month, dossier.day.day],
        "as_of": dossier.as_of,
        "civility": one_line(holder.civility.label) if holder.civility else "",
        "name": f"{one_line(holder.first_name)} {one_line(holder.last_name)}".strip(),
        "plain_name": holder.name,
        "about": line_rows(dossier.about + holder.lines),
        "situation": line_rows(holder.situation),
        "fingerprint": dossier.fingerprint,
        "fingerprint_break": with_breaks(dossier.fingerprint),
        "fingerprint_groups": grouped(dossier.fingerprint),
        "qr": qr_rows(dossier.fingerprint),
        "notice": block_rows(dossier.notice),
        "verify_at": one_line(dossier.verify_at),
        "first_entry": reference_row(dossier.first_entry.reference)
        if dossier.first_entry
        else None,
        "compact": dossier.is_compact,
        "long": dossier.is_long,
        "holder_lines": line_rows(holder.lines),
        "about_lines": line_rows(dossier.about),
        "profile": _profile(dossier.profile) if dossier.profile else None,
        "dispense": _dispense(dossier.dispense) if dossier.dispense else None,
        "panorama": panorama_view(dossier) if dossier.shows_panorama else None,
        "parts": [_part(dossier, part) for part in dossier.filled_parts],
        "signed_apart": dossier.is_signed_apart,
        "tells_value_again": dossier.tells_value_again,
        "legal_texts": [_legal(anchor, legal) for anchor, legal in dossier.legal_texts],
    }


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


def _profile(profile: PrintedProfile) -> dict[str, Any]:
    return {
        "present": line_rows(profile.present),
        "sections": [
            {
                "label": one_line(section.label) or "–",
                "items": [
                    {
                        "when": one_line(item.when),
                        "headline": one_line(item.headline),
                        "text": one_line(item.text),
                        "supports": reference_rows(item.supports),
                    }
                    for item in section.items
                ],
            }
            for section in profile.sections
        ],
    }


def _dispense(request: ExemptionRequest) -> dict[str, Any]:
    return {
        "lines": line_rows(request.lines),
        "days": [[one_line(line.label), one_line(line.text)] for line in request.days],
        "supports": [
            [reference_row(support.to), one_line(support.when), one_line(support.counts)]
            for support in request.supports
        ],
        "counts_label": one_line(request.counts_label),
        "total": one_line(request.total or ""),
        "signatures": [one_line(name) for name in request.signatures],
    }


def _table(rubric: PrintedRubric) -> dict[str, Any]:
    """Return a short rubric as a table: its filled columns, and a row an entry."""
    columns = rubric.filled_columns
    return {
        "columns": [one_line(column.label) for column in columns],
        "proves": rubric.proves,
        "brief": [rubric.is_brief(column) for column in columns],
        "dated": rubric.is_dated,
        "brief_dates": rubric.has_brief_dates,
        "short": sum(_length(entry) + _LETTERS_OF_A_ROW for entry in rubric.entries)
        <= _MOST_UNBROKEN,
        "rows": [
            {
                "anchor": entry.anchor,
                "code": entry.code,
                "headline": one_line(entry.headline),
                "cells": [one_line(entry.told(column)) for column in columns],
                "attachments": reference_rows(entry.attachments),
                "proves": reference_rows(entry.proves),
                "when": one_line(entry.when),
                "besides": line_rows(entry.besides(columns)),
                "long": _length(entry) > _MOST_UNBROKEN,
            }
            for entry in rubric.entries
        ],
    }


def _part(dossier: PrintedDossier, part: PrintedPart) -> dict[str, Any]:
    return {
        "anchor": part.anchor,
        "colour": part.anchor.removeprefix("volet-"),
        "label": one_line(part.label) or "–",
        "introduction": block_rows(part.introduction) if part.introduction else [],
        "links_label": part.links_label,
        "rubrics": [_rubric(dossier, rubric) for rubric in part.filled],
    }


def _rubric(dossier: PrintedDossier, rubric: PrintedRubric) -> dict[str, Any]:
    is_table = dossier.is_table(rubric)
    return {
        "anchor": rubric.anchor,
        "code": rubric.code,
        "label": one_line(rubric.label),
        "count": len(rubric.entries),
        "checklist": dossier.is_checklist(rubric),
        "tells_links": rubric.tells_links,
        "table": _table(rubric) if is_table else None,
        "entries": [] if is_table else [_entry(entry) for entry in rubric.entries],
    }


def _entry(entry: PrintedEntry) -> dict[str, Any]:
    return {
        "anchor": entry.anchor,
        "code": entry.code,
        "headline": one_line(entry.headline),
        "when": one_line(entry.when),
        **line_rows(entry.lines),
        "long": _length(entry) > _MOST_UNBROKEN,
        "all": [[one_line(line.label), one_line(line.text)] for line in entry.lines],
        "many_links": _many_links(entry) if entry.has_many_links else [],
        "links": []
        if entry.has_many_links
        else [
            {
                "to": reference_row(link.to),
                "relation": one_line(link.relation),
                "note": one_line(link.note or ""),
            }
            for link in entry.links
        ],
        "attachments": reference_rows(entry.attachments),
        "proves": reference_rows(entry.proves),
    }


def _many_links(entry: PrintedEntry) -> list[list[str]]:
    """Return the pieces of a line for each relation."""
    lines = []
    for relation, links in entry.links_by_relation.items():
        told = [f"{link.to.code} {one_line(link.note)}".strip() for link in links]
        rows = [
            " · ".join(told[at : at + _CODES_OF_A_PARAGRAPH])
            for at in range(0, len(told), _CODES_OF_A_PARAGRAPH)
        ]
        lines.append([f"{one_line(relation)}\u202f: {rows[0]}", *rows[1:]])
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
        "title": one_line(legal.title) or "–",
        "source": one_line(legal.source),
        "sections": [
            [one_line(section.heading), block_rows(joined_passages(section.paragraphs))]
            for section in legal.sections
        ],
    }
