"""What the API's answer for one dossier is made of, checked once before anything reads it.

The names are those of queries/shared_dossier.graphql. A list is written with what it holds, a type
that may be null as an alternative; what no query asks for may be anything.
"""

from types import NoneType
from typing import Any

_LARGEST = 1e9
_Text = str | None
_CODE = {"code": str, "label": str}
_LINES = [{"key": str, "label": str, "text": str}]
_LEGAL = {
    "version": str,
    "title": str,
    "source": str,
    "sections": [{"heading": str, "paragraphs": [str]}],
}
_NAMED = [{"entry": str, "headline": str, "when": str}]
_ENTRY = {
    "id": str,
    "headline": str,
    "when": str,
    "lines": _LINES,
    "links": [{"entry": str, "relation": _CODE, "note": _Text}],
    "attachments": [str],
    "proves": [str],
}
_SPAN = {
    **dict.fromkeys(("entry", "rubric", "part", "headline", "when", "earliest", "latest"), str),
    "ongoing": bool,
    "approximate": bool,
}
_ROW = {
    "competence": str,
    "headline": str,
    "kind": (_CODE, NoneType),
    "cells": [{"entry": str, "relation": str}],
}
_VALIDITY = {"entry": str, "headline": str, "status": str, "label": str, "validUntil": _Text}
DOSSIER: dict[str, Any] = {
    "id": str,
    "title": str,
    "purpose": _CODE,
    "recipient": _Text,
    "asOf": str,
    "holder": {
        "civility": (_CODE, NoneType),
        "lastName": str,
        "firstName": str,
        "lines": _LINES,
        "situation": _LINES,
    },
    "parts": [
        {
            "part": str,
            "label": str,
            "introduction": str,
            "rubrics": [{"rubric": str, "code": str, "label": str, "entries": [_ENTRY]}],
        }
    ],
    "panorama": {
        "counters": [{"rubric": str, "label": str, "count": int}],
        "lastUpdate": _Text,
        "currentPosts": _NAMED,
        "timeline": [_SPAN],
        "matrix": {
            "columns": [{"entry": str, "rubric": str, "headline": str}],
            "rows": [_ROW],
            "unsupported": [str],
            "unclaimed": [str],
        },
        "highestLevel": (_CODE, NoneType),
        "experience": {"months": int, "text": str, "overThreeYears": bool},
        "trainingDays": [
            {"statutoryType": (_CODE, NoneType), "fiveYears": str, "days": int | float}
        ],
        "validity": [_VALIDITY],
        "evidence": {"expected": int, "covered": int, "missing": _NAMED},
    },
    "notice": str,
    "annexes": [str],
    "dispense": ({"lines": _LINES, "signatures": [str]}, NoneType),
    "charter": _LEGAL,
    "decree": _LEGAL,
}


def check_shape(value: Any, shape: Any = DOSSIER) -> None:
    """Raises KeyError for what is missing, TypeError for another type, ValueError for a number
    that counts nothing: below zero or beyond reason.
    """
    if isinstance(shape, tuple):
        if value is not None:
            check_shape(value, shape[0])
    elif isinstance(shape, dict):
        _check_type(value, dict)
        for name, inner in shape.items():
            check_shape(value[name], inner)
    elif isinstance(shape, list):
        _check_type(value, list)
        for item in value:
            check_shape(item, shape[0])
    else:
        _check_type(value, shape)


def _check_type(value: Any, kind: Any) -> None:
    # To Python a Boolean is a number.
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise TypeError
    if isinstance(value, int | float) and not 0 <= value <= _LARGEST:
        raise ValueError
