"""French spaces: what the one rule changes, and what it leaves alone."""

import pytest

from print_site.dossier.text import typeset as typeset_for_print
from print_site.dossier.text import typeset_marks
from schema.typography import NARROW, typeset


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Objet : à vous !", "Objet~: à vous~!"),
        ("un ; deux ?", "un~; deux~?"),
        ("« Titres et diplômes » (3)", "«~Titres et diplômes~» (3)"),
        ("« Qui ? »", "«~Qui~?~»"),
        ("Erreur\u00a0: « a\u00a0»", "Erreur~: «~a~»"),
        (" : mot de passe", "~: mot de passe"),
        ("Suivi de « ", "Suivi de «~"),
    ],
)
def test_the_spaces_of_french_marks_are_narrow_and_do_not_break(typed: str, read: str) -> None:
    assert (
        typeset(typed) == typeset_marks(typed.replace("\u00a0", " ")) == read.replace("~", NARROW)
    )


@pytest.mark.parametrize(
    "text",
    [
        "https://www.cnfpt.fr/?page=1",
        "12:30:05, D:\\livret, C++",
        "{site} {purpose}",
        "- un\n- deux\n  ; trois",
        "l’État, 50 %, n° 3",
    ],
)
def test_nothing_else_changes(text: str) -> None:
    assert typeset(text) == typeset_marks(text) == text


def test_what_is_typeset_stays_as_it_is_here_and_in_print() -> None:
    text = typeset("« Objet » : à vous ; de jouer ! (3 mois) : 12 ; https://a.example/?b=1")
    assert typeset(text) == text
    assert typeset_for_print(text) == typeset_for_print(typeset_for_print(text))
    for one in ("« Objet » : à vous ; de jouer !", "Qui ? « Vous »"):
        assert typeset_for_print(typeset(one)) == typeset_for_print(one)
