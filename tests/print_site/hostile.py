"""Extreme and hostile dossiers for tests: JSON derived from booklet.json.

`hostile`, `all_of`, `right_to_left` and `a_long_word` put a text wherever the API gives words;
`empty`, `every_optional_missing`, `every_list_at_its_bound` and `a_thousand_entries` are extremes of
its shape. What a program compares (ids, keys, codes, dates) stays as it is.
"""

import copy
import json
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

from print_site.preview.samples import emptied
from tests.print_site.hostile_texts import TEXTS

BOOKLET = json.loads((Path(__file__).parent / "booklet.json").read_text(encoding="utf-8"))
Data = dict[str, Any]

LONGEST = 10_000  # characters that a booklet holds in one field
LONG_ENOUGH = 450  # longer than a name may be

# Beside words: what the API says for programs, under these names.
_COMPARED = frozenset(
    {
        *("id", "entry", "competence", "key", "code", "rubric", "part", "status", "relation"),
        *("asOf", "lastUpdate", "earliest", "latest", "annexes", "attachments", "proves"),
        *("form", "section", "supports"),
    }
)


def hostile(data: Data = BOOKLET) -> Data:
    """Return the dossier with hostile texts in turn wherever there are words."""
    texts = cycle(TEXTS.values())
    met: set[str] = set()

    def word(_: str) -> str:
        # A text of pages stands once, cut to what a booklet holds: everywhere, it hides the others.
        text = next(texts)
        longest = LONG_ENOUGH if text in met else LONGEST
        met.add(text)
        return text[:longest]

    return worded(data, word)


def all_of(text: str, data: Data = BOOKLET) -> Data:
    """Return the dossier with one text wherever there are words."""
    return worded(data, lambda _: text)


def a_long_word(data: Data = BOOKLET) -> Data:
    """Return the dossier with one word of 10,000 characters wherever there are words."""
    return all_of(TEXTS["long word"], data)


def right_to_left(data: Data = BOOKLET) -> Data:
    """Return the dossier with Arabic, Hebrew and mixed directions wherever there are words."""
    texts = cycle(TEXTS[name] for name in ("right to left", "both directions"))
    return worded(data, lambda _: next(texts))


def worded(data: Data, word: Callable[[str], str]) -> Data:
    """Return a copy with `word` applied to every text for people; a missing post and recipient are added."""
    given = copy.deepcopy(data)
    given["soughtPost"] = given["soughtPost"] or "Directrice"
    given["recipient"] = given["recipient"] or "Ville de Pau"
    given["dispense"] = given["dispense"] or DISPENSE
    found: Data = _worded(given, word)
    return found


def _worded(value: Any, word: Callable[[str], str], key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _worded(inner, word, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_worded(inner, word, key) for inner in value]
    return word(value) if isinstance(value, str) and key not in _COMPARED else value


def words_of(value: Any, key: str = "") -> Iterator[str]:
    """Yield every text of a dossier that is for people."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from words_of(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from words_of(inner, key)
    elif isinstance(value, str) and key not in _COMPARED:
        yield value


DISPENSE = {
    "lines": [{"key": "employerName", "label": "Employeur", "text": "Commune de Pau"}],
    "days": [{"key": "statutoryDays", "label": "Durée statutaire", "text": "10 jours"}],
    "supports": [],
    "countsLabel": "Durée en équivalent temps plein",
    "total": "3 ans et 2 mois",
    "signatures": ["L’agent", "L’autorité territoriale"],
}


def compact(data: Data = BOOKLET) -> Data:
    """Return the same dossier in the COMPACT form, with a profile of its first entries."""
    given = copy.deepcopy(data)
    given["form"] = "COMPACT"
    sections = []
    for part in given["parts"]:
        for rubric in part["rubrics"]:
            rubric["tellsLinks"] = rubric["rubric"] == "COMPETENCE"
            if rubric["entries"] and len(sections) < 4:
                sections.append(_profile_section(rubric))
    given["parts"] = [given["parts"][at] for at in (1, 2, 0, 3)]
    given["profile"] = {"present": given["holder"]["situation"], "sections": sections}
    return given


def _profile_section(rubric: Data) -> Data:
    return {
        "section": rubric["rubric"],
        "label": rubric["label"],
        "items": [
            {
                "entry": entry["entry"],
                "headline": entry["headline"],
                "when": entry["when"],
                "text": entry["lines"][0]["text"] if entry["lines"] else "",
                "supports": [link["entry"] for link in entry["links"][:2]],
            }
            for entry in rubric["entries"][:5]
        ],
    }


def empty() -> Data:
    """Return the dossier of an empty booklet, as the service gives it."""
    data = every_optional_missing()
    data["annexes"] = list(BOOKLET["annexes"])
    data["holder"] = {**copy.deepcopy(BOOKLET["holder"]), "situation": []}
    for part in data["parts"]:
        for rubric in part["rubrics"]:
            rubric["entries"] = []
    counters = [{**counter, "count": 0} for counter in data["panorama"]["counters"]]
    data["panorama"] = emptied(data["panorama"]) | {"counters": counters}
    data["panorama"]["experience"] = None
    return data


def every_optional_missing() -> Data:
    """Return the booklet with null, an empty text or an empty list wherever the schema allows it."""
    data = copy.deepcopy(BOOKLET)
    data["soughtPost"] = data["recipient"] = data["dispense"] = None
    data["annexes"] = []
    data["holder"] |= {"civility": None, "firstName": "", "lines": [], "situation": []}
    data["holder"]["identifiers"] = []
    for entry in entries_of(data):
        entry |= {"when": "", "lines": [], "attachments": [], "proves": []}
        for link in entry["links"]:
            link["note"] = None
    panorama = data["panorama"]
    panorama["lastUpdate"] = panorama["highestLevel"] = None
    for row in panorama["matrix"]["rows"]:
        row["kind"] = None
    for days in panorama["trainingDays"]:
        days["statutoryType"] = None
    for item in panorama["validity"]:
        item["validUntil"] = None
    panorama["experience"] = None
    for item in panorama["currentPosts"]:
        item["when"] = ""
    for legal in (data["charter"], data["decree"]):
        legal["source"] = ""
        for section in legal["sections"]:
            section["heading"] = ""
    return data


def entries_of(data: Data) -> list[Data]:
    """Return the entries of all rubrics."""
    return [
        entry for part in data["parts"] for rubric in part["rubrics"] for entry in rubric["entries"]
    ]


def every_list_at_its_bound() -> Data:
    """Return the booklet with lists as long as the schema allows, except its entries."""
    data = copy.deepcopy(BOOKLET)
    data["dispense"] = {**DISPENSE, "lines": _filled(DISPENSE["lines"], 30)}
    for name, most in (("lines", 30), ("situation", 20)):
        data["holder"][name] = _filled(data["holder"][name], most)
    for entry in entries_of(data):
        entry["lines"] = _filled(entry["lines"], 60)
    for legal in (data["charter"], data["decree"]):
        legal["sections"] = _filled(legal["sections"], 20)
        for section in legal["sections"]:
            section["paragraphs"] = _filled(section["paragraphs"], 20)
    return data


def _filled(items: list[Any], most: int) -> list[Any]:
    return [copy.deepcopy(items[at % len(items)]) for at in range(most)] if items else items


def sixty_long_lines() -> Data:
    """Return the booklet with one entry of as many lines, each as long, as the schema allows."""
    data = copy.deepcopy(BOOKLET)
    sentence = "Accueil du public, gestion du fonds documentaire et médiation numérique. "
    text = (sentence * 200)[:9_999].rstrip() + "."
    lines = [{"key": f"k{at}", "label": f"Champ {at}", "text": text} for at in range(60)]
    data["parts"][1]["rubrics"][0]["entries"][0]["lines"] = lines
    return data


def a_thousand_entries(entries: int = 1_000, competences: int = 30) -> Data:
    """Return a dossier with as many entries as a booklet holds; each supports every competence."""
    data = copy.deepcopy(BOOKLET)
    rubrics = {rubric["rubric"]: rubric for part in data["parts"] for rubric in part["rubrics"]}
    models = {name: rubric["entries"] for name, rubric in rubrics.items() if rubric["entries"]}
    for rubric in rubrics.values():
        rubric["entries"] = []
    others = [name for name in models if name != "COMPETENCE"]
    names = ["COMPETENCE"] * competences + [
        others[at % len(others)] for at in range(entries - competences)
    ]
    for rank, name in enumerate(names):
        held = rubrics[name]["entries"]
        model = copy.deepcopy(models[name][len(held) % len(models[name])])
        held.append({**model, "entry": f"n{rank}", "links": [], "attachments": [], "proves": []})
    _tie_all(rubrics)
    _recount(data, rubrics)
    return data


def _tie_all(rubrics: dict[str, Data]) -> None:
    relations = (
        {"code": "ACQUIRED", "label": "Acquise"},
        {"code": "USED", "label": "Mise en œuvre"},
    )
    proofs = rubrics["ATTACHMENT"]["entries"]
    for name, rubric in rubrics.items():
        if name in ("COMPETENCE", "ATTACHMENT", "RECOMMENDATION"):
            continue
        for rank, entry in enumerate(rubric["entries"]):
            for at, competence in enumerate(rubrics["COMPETENCE"]["entries"]):
                tie = {"relation": relations[(rank + at) % 2], "note": None}
                entry["links"].append({"entry": competence["entry"], **tie})
                competence["links"].append({"entry": entry["entry"], **tie})
            proof = proofs[rank % len(proofs)]
            entry["attachments"].append(proof["entry"])
            proof["proves"].append(entry["entry"])


def _recount(data: Data, rubrics: dict[str, Data]) -> None:
    parts = {r["rubric"]: part["part"] for part in data["parts"] for r in part["rubrics"]}
    panorama, named = data["panorama"], {"headline": "Une entrée", "when": "2012"}
    for counter in panorama["counters"]:
        counter["count"] = len(rubrics[counter["rubric"]]["entries"])
    supports = [
        (name, entry)
        for name, rubric in rubrics.items()
        for entry in rubric["entries"]
        if entry["links"] and name != "COMPETENCE"
    ]
    panorama["currentPosts"] = [
        {"entry": entry["entry"], **named}
        for entry in rubrics["PROFESSIONAL_EXPERIENCE"]["entries"][:20]
    ]
    panorama["timeline"] = [
        {
            **panorama["timeline"][at % len(BOOKLET["panorama"]["timeline"])],
            "entry": entry["entry"],
            "rubric": name,
            "part": parts[name],
        }
        for at, (name, entry) in enumerate(supports)
    ]
    panorama["matrix"] = {
        "columns": [
            {"entry": entry["entry"], "rubric": name, "headline": entry["headline"]}
            for name, entry in supports
        ],
        "rows": [
            {
                "competence": competence["entry"],
                "headline": competence["headline"],
                "kind": {"code": "SAVOIR_FAIRE", "label": "Savoir-faire"},
                "cells": [
                    {"entry": link["entry"], "relation": link["relation"]["code"]}
                    for link in competence["links"]
                ],
            }
            for competence in rubrics["COMPETENCE"]["entries"]
        ],
    }
    expiring = [*rubrics["ACCREDITATION"]["entries"], *rubrics["DRIVING_LICENCE"]["entries"]]
    states = BOOKLET["panorama"]["validity"]
    panorama["validity"] = [
        {**states[at % len(states)], "entry": entry["entry"]} for at, entry in enumerate(expiring)
    ]
    panorama["evidence"] = {"proved": len(supports)}
