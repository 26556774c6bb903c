"""Sample dossiers: a full one, a compact one, an empty one, and one with extreme texts.

The full and the compact one are the demo's whole booklet and an application, as the API gave them
(`make sample` writes them anew, by sampling.py), so that a designer needs neither service nor database.
"""

import json
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

_SAMPLE = Path(__file__).parent / "sample.json"
_COMPACT = Path(__file__).parent / "compact.json"
_WORDS = frozenset({"headline", "text", "note", "lastName", "firstName", "soughtPost", "recipient"})
_EXTREME_TEXTS = (
    "Ingénierie des politiques publiques d’aménagement, d’urbanisme, d’habitat et de transition",
    "W" * 120,
    "https://exemple.fr/" + "segment/" * 15,
    "שלום עולם, مرحبا بالعالم",
    "<b>Chef·fe</b> de projet & « référent·e » : 1er, 12 000 €, 100 %, n° 3 {{ 7 * 7 }}",
    "👩\u200d👩\u200d👧 🇵🇫 Te Tāhū o Fānaura, Ελληνικά, 日本語",
    "- un\n- deux\n- trois\n\nPuis un paragraphe." + " Encore une phrase ordinaire." * 12,
    "I",
)


def full() -> dict[str, Any]:
    """Return the demo's dossier."""
    data: dict[str, Any] = json.loads(_SAMPLE.read_text(encoding="utf-8"))
    return data


def compact() -> dict[str, Any]:
    """Return the demo's application, in the COMPACT form."""
    data: dict[str, Any] = json.loads(_COMPACT.read_text(encoding="utf-8"))
    return data


def empty() -> dict[str, Any]:
    """Return the dossier of a booklet without entries."""
    data = full()
    for part in data["parts"]:
        for rubric in part["rubrics"]:
            rubric["entries"] = []
    data["panorama"] = emptied(data["panorama"]) | {
        "lastUpdate": None,
        "highestLevel": None,
        "experience": None,
    }
    data["holder"]["civility"] = None
    data["holder"]["lines"] = []
    data["holder"]["situation"] = []
    return data


def extreme() -> dict[str, Any]:
    """Return a dossier whose texts are too long, too short, right-to-left or look like code."""
    data = full()
    data["title"] = _EXTREME_TEXTS[0]
    changed: dict[str, Any] = _with_texts(data, cycle(_EXTREME_TEXTS))
    return changed


SAMPLES = {"full": full, "compact": compact, "empty": empty, "extreme": extreme}


def emptied(data: Any) -> Any:
    """Return JSON without the items of its lists; numbers are 0, texts stay."""
    if isinstance(data, dict):
        return {key: emptied(value) for key, value in data.items()}
    if isinstance(data, list):
        return []
    return type(data)() if isinstance(data, bool | int | float) else data


def _with_texts(data: Any, texts: Iterator[str]) -> Any:
    if isinstance(data, list):
        return [_with_texts(item, texts) for item in data]
    if isinstance(data, dict):
        return {
            key: next(texts)
            if key in _WORDS and isinstance(value, str)
            else _with_texts(value, texts)
            for key, value in data.items()
        }
    return data
