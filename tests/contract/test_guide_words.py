"""The words of the guide are served, and what is served as the guide's is in the guide.

`guide.txt` is the text of the CNFPT's leaflet « Livret individuel de formation – Étapes de création de
son livret », its slips included, line by line.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from graphql_api.graphql_schema import GRAPHQL_SCHEMA
from tests.conftest import Here

GUIDE = Path(__file__).with_name("guide.txt").read_text("utf-8")
# Slips of the guide, and what is served instead.
SLIPS = {
    "A retenir": "À retenir",
    "A savoir": "À savoir",
    "A faire": "À faire",
    "A noter": "À noter",
    "vosre sélection": "votre sélection",
    "CHARTRE D'ENGAGEMENT": "CHARTE D'ENGAGEMENT",
    '"papier"': "« papier »",
    "Livre individuel de formation": "Livret individuel de formation",
}
# Titles of screens that the guide speaks of and does not show.
OUR_TITLES = {
    "Communiquer tout ou partie de mon livret",
    "Version imprimée de mon livret",
    "Fermer mon livret",
}
# What the leaflet shows around its screens: its cover, the operator's name, marks of a demonstration.
NOT_A_TEXT = {
    "Étapes de création de son livret",
    "formations",
    "expériences",
    "compétences",
    "Présentation du livret",
    "Comment se présente le livret individuel de formation ?",
    "Comment remplir son livret ?",
    "Centre National de la Fonction Publique Territoriale",
    "Démonstration",
    "initiales",
    "continues",
}
SERVED = """{
  screens {
    name title announcement instruction
    sections { heading paragraphs } labels { key text } boxes { title paragraphs }
  }
  menu { key text entries { key text } }
  parts { label introduction details recap contents }
}"""
ELSEWHERE = """{
  rubrics { label help { whatItIs } }
  identityForm { label }
  charter { title sections { heading paragraphs } }
}"""


def plain(text: str) -> str:
    """A text without what typography may change: the apostrophe and the width of spaces."""
    return re.sub(r"\s+", " ", text.replace("’", "'").removeprefix("- ")).strip()


def guide_text() -> str:
    """The guide as one line, its slips corrected."""
    text = GUIDE
    for slip, right in SLIPS.items():
        assert slip in text
        text = text.replace(slip, right)
    return plain(text.replace("\n- ", "\n"))


def texts_of(answer: Any, key: str = "") -> Iterator[str]:
    """Every French text of an answer."""
    if isinstance(answer, dict):
        for name, value in answer.items():
            yield from texts_of(value, name)
    elif isinstance(answer, list):
        for one in answer:
            yield from texts_of(one, key)
    elif answer and key not in ("key", "name"):
        yield answer


@pytest.fixture
def served(here: Here) -> Any:
    """What the API serves as the guide's words, to anybody."""
    return here.nobody().ask(SERVED)


def test_what_is_served_as_the_guides_is_in_the_guide(served: Any) -> None:
    guide, texts = guide_text(), [plain(text) for text in texts_of(served)]
    assert len(texts) > 100
    titles = {part["label"] for part in served["parts"]}
    for text in texts:
        found = text in guide or text in OUR_TITLES
        if not found:  # « - Mes formations qui comprend… »: a title and the sentence below it
            found = any(
                text.startswith(title) and text.removeprefix(title).strip() in guide
                for title in titles
            )
        assert found, text


def test_every_line_of_the_guide_is_served(served: Any, here: Here) -> None:
    everything = [*texts_of(served), *texts_of(here.nobody().ask(ELSEWHERE))]
    known = "\n".join(plain(text) for text in everything).casefold()
    lines = 0
    for line in GUIDE.splitlines():
        for slip, right in SLIPS.items():
            line = line.replace(slip, right)
        for part in re.split(r"^AGENT :.*?\| | \| ?|; ", line):
            text = re.sub(r"^([-*] |>> |- >> )+| ?[▾]$| \(0\)$", "", plain(part)).strip()
            if text and text not in NOT_A_TEXT:
                lines += 1
                assert text.casefold() in known, text
    assert lines > 120


def test_a_screen_is_asked_for_by_its_name(served: Any, here: Here) -> None:
    document = "query($name: ScreenName!) { screen(name: $name) { name title } }"
    anybody = here.nobody()
    for screen in served["screens"]:
        one = anybody.ask(document, name=screen["name"])["screen"]
        assert one == {"name": screen["name"], "title": screen["title"]}
    names = list(GRAPHQL_SCHEMA.type_map["ScreenName"].values)
    assert [screen["name"] for screen in served["screens"]] == names
    assert anybody.error(document, name="ELSEWHERE") == "BAD_USER_INPUT"


def test_labels_of_a_screen_and_lines_of_the_menu_have_names_of_their_own(served: Any) -> None:
    groups = [screen["labels"] for screen in served["screens"]]
    groups += [served["menu"], *(entry["entries"] for entry in served["menu"])]
    for group in groups:
        keys = [label["key"] for label in group]
        assert len(keys) == len(set(keys))
        assert all(re.fullmatch("[a-z]+(_[a-z]+)*", key) for key in keys)
