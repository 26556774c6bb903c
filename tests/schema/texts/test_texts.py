"""The charter and the decree, word for word."""

import hashlib

from schema.texts import CHARTER, CHARTERS, DECREE, NOTICE, LegalText, parse_text
from schema.typography import NARROW, typeset


def digest(text: LegalText) -> str:
    """Of the words alone: headings and paragraphs, one a line, with ordinary spaces."""
    lines = [line for section in text.sections for line in (section.heading, *section.paragraphs)]
    return hashlib.sha256("\n".join(lines).replace(NARROW, " ").encode()).hexdigest()


def test_the_decree_has_its_nine_articles() -> None:
    headings = [section.heading for section in DECREE.sections]
    assert headings == [f"Article {number}" for number in range(1, 10)]
    assert [len(section.paragraphs) for section in DECREE.sections] == [7, 3, 1, 2, 2, 4, 1, 1, 1]


def test_the_decree_is_the_official_text() -> None:
    assert DECREE.title == (
        "Décret n° 2008-830 du 22 août 2008 relatif au livret individuel de formation"
    )
    assert "NOR IOCB0810007D" in DECREE.source
    assert DECREE.version == "2008-830"
    assert digest(DECREE) == "e6dcdbff90fc4ea25afb6e89f94dec381d712b5c7448b4509dfeebacfc256a45"


def test_the_articles_say_what_the_official_journal_says() -> None:
    article = {section.heading: section.paragraphs for section in DECREE.sections}
    assert article["Article 2"][2] == "Il contient une copie du présent décret."
    assert article["Article 3"] == [
        (
            "Le livret individuel de formation est complété par le fonctionnaire tout au long de sa "
            "carrière."
        )
    ]
    assert article["Article 4"] == [
        (
            "La date d'obtention des titres, des diplômes et des certificats de qualification est "
            "précisée."
        ),
        (
            "La date, la durée ainsi qu'éventuellement le niveau des formations, des stages et des "
            "actions de tutorat ainsi que des emplois sont également mentionnés."
        ),
    ]
    assert article["Article 5"][1] == (
        "Peuvent également figurer dans une annexe les préconisations formulées à l'occasion d'un "
        "bilan de compétences ou d'un entretien professionnel."
    )


def test_the_lists_of_the_decree_are_list_items() -> None:
    items = {
        section.heading: sum(paragraph.startswith("- ") for paragraph in section.paragraphs)
        for section in DECREE.sections
    }
    assert items == {f"Article {n}": {1: 6, 6: 3}.get(n, 0) for n in range(1, 10)}


def test_the_charter_has_the_guides_headings_and_the_right_title() -> None:
    assert CHARTER.title == "CHARTE D’ENGAGEMENT"
    assert [section.heading for section in CHARTER.sections] == [
        "",
        "OUVERTURE ET FERMETURE DU LIVRET",
        "PROTECTION DES DONNEES",
        "VALEUR DES INFORMATIONS",
    ]
    assert [len(section.paragraphs) for section in CHARTER.sections] == [2, 2, 2, 2]


def test_the_charter_is_the_guides_text() -> None:
    assert digest(CHARTER) == "e82f2fa4f7e84ca62280962714344f361e66347368816460669d247bf1274abe"
    assert CHARTER.sections[0].paragraphs[1] == (
        "Ce livret est la propriété de l'agent. Il lui est proposé par l'autorité territoriale "
        "dont il dépend. Le livret individuel de formation peut être complété par l'agent tout au "
        "long de sa carrière."
    )
    assert CHARTER.sections[3].paragraphs[1] == (
        "En fonction de l'utilisation qu'il voudra faire de ce livret, l'agent pourra être amené à "
        "devoir produire des preuves des éléments déclarés dont il est le seul garant."
    )


def test_every_charter_is_found_by_its_version() -> None:
    assert CHARTERS["1"] is CHARTER
    assert all(version == text.version for version, text in CHARTERS.items())


def test_the_notice_quotes_the_charter() -> None:
    quoted = NOTICE.split(typeset("« "))[1].split(typeset(" »"))[0]
    assert len(quoted) > 200
    assert quoted in CHARTER.sections[3].paragraphs[0]
    assert "déclarées par l’agent, sans validation" in NOTICE


def test_a_text_keeps_its_paragraphs_under_their_headings() -> None:
    text = parse_text(
        "# Titre\n\n> Source\n\nAvant.\n\n## Un\n\nA.\n\n- b\n- c\n\n## Deux\n\nD.\n", "7"
    )
    assert (text.version, text.title, text.source) == ("7", "Titre", "Source")
    assert [(section.heading, section.paragraphs) for section in text.sections] == [
        ("", ["Avant."]),
        ("Un", ["A.", "- b", "- c"]),
        ("Deux", ["D."]),
    ]
