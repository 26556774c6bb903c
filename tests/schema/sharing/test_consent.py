"""What is consented to: the notice as it is hashed, the terms that are refused."""

import hashlib
from datetime import date, timedelta
from typing import Any

import pytest

from schema.codes import code_table
from schema.sharing.consent import (
    PURPOSE_LENGTH,
    ConsentInput,
    ConsentTerms,
    SummarySection,
    consent_errors,
    consent_terms,
    last_day_allowed,
    notice_of,
)
from schema.sharing.site import SITES, SiteKind
from schema.typography import typeset
from tests.schema.problems import codes

TODAY = date(2026, 11, 22)
ALL = frozenset(SITES)
SENT: dict[str, Any] = {
    "site": "75",
    "sections": [SummarySection.COMPETENCES, SummarySection.COUNTS],
    "purpose": "CONSEIL_PARCOURS",
    "purpose_text": None,
    "expires_on": date(2027, 2, 28),
}


def terms(**other: Any) -> ConsentTerms:
    return consent_terms(ConsentInput(**SENT | other))


def errors(**other: Any) -> list[tuple[str, str]]:
    return codes(consent_errors(terms(**other), TODAY, ALL))


def test_the_notice_says_who_reads_what_what_for_and_until_when() -> None:
    notice = notice_of(terms(purpose_text="  Préparer\nle concours d’attaché "))
    assert notice.version == notice.text.version == "1"
    who = notice.text.sections[0]
    assert who.heading == "À qui, quoi, pourquoi"
    assert who.paragraphs == [
        typeset(
            "Vous allez autoriser le site suivant à lire une partie de votre livret : Délégation Nouvelle-Aquitaine du CNFPT."
        ),
        typeset("Il pourra lire ces rubriques, et aucune autre :"),
        "- Nombre d’éléments de chaque rubrique",
        "- Compétences",
        typeset(
            "Objet : Être conseillé sur votre parcours de formation (« Préparer le concours d’attaché »)."
        ),
        typeset(
            "Il pourra les lire jusqu’au 28/02/2027 inclus. Un consentement dure douze mois au plus ; il prend fin de lui-même."
        ),
    ]
    assert (
        typeset("Objet : Être conseillé sur votre parcours de formation.\n")
        in notice_of(terms()).written
    )


def test_the_text_of_the_notice_is_that_of_its_version() -> None:
    """Another text is another version: consents name the one that was shown."""
    text = hashlib.sha256()
    for section in notice_of(terms()).text.sections[1:]:
        text.update("\n".join([section.heading, *section.paragraphs, ""]).encode())
    assert text.hexdigest() == ("324d63b1b8b76131085599c6846f2ac5ba40c3fec6c53f3b0e028cc1b5c41020")


def test_what_is_shown_is_what_is_hashed() -> None:
    notice = notice_of(terms())
    assert notice.sha256 == hashlib.sha256(notice.written.encode()).hexdigest()
    shown = [notice.text.title, notice.text.source]
    for section in notice.text.sections:
        shown += [section.heading, *section.paragraphs]
    lines = [line for line in notice.written.splitlines() if line]
    assert [line.lstrip("#> ") for line in lines] == shown


@pytest.mark.parametrize(
    "other",
    [
        {"site": "INET_STRASBOURG"},
        {"sections": [SummarySection.COUNTS]},
        {"purpose": "BILAN_VAE"},
        {"purpose_text": "Bilan"},
        {"expires_on": date(2027, 3, 1)},
    ],
)
def test_every_term_is_in_the_hash(other: dict[str, Any]) -> None:
    assert notice_of(terms(**other)).sha256 != notice_of(terms()).sha256


def test_the_order_in_which_sections_are_sent_does_not_count() -> None:
    turned = terms(sections=[SummarySection.COUNTS, SummarySection.COMPETENCES])
    assert turned == terms()
    assert turned.sections == (SummarySection.COUNTS, SummarySection.COMPETENCES)


def test_words_of_the_owner_stay_one_paragraph_of_the_notice() -> None:
    plain, odd = notice_of(terms()), notice_of(terms(purpose_text="a\n\n## b\n- c {site} %s"))
    assert len(odd.text.sections) == len(plain.text.sections)
    (purpose,) = [one for one in odd.text.sections[0].paragraphs if one.startswith("Objet")]
    assert purpose.endswith(typeset("(« a ## b - c {site} %s »)."))


def test_terms_without_error_have_none() -> None:
    assert errors() == []
    assert errors(purpose="AUTRE", purpose_text="Échanger sur mon projet") == []
    assert errors(sections=list(SummarySection), purpose_text="x" * PURPOSE_LENGTH) == []


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({"site": "99"}, [("consent.site", "UNKNOWN_CODE")]),
        ({"sections": []}, [("consent.sections", "REQUIRED")]),
        ({"sections": [SummarySection.COUNTS] * 2}, [("consent.sections", "DUPLICATE")]),
        ({"purpose": "MUTATION"}, [("consent.purpose", "UNKNOWN_CODE")]),
        ({"purpose": "AUTRE"}, [("consent.purposeText", "REQUIRED")]),
        ({"purpose": "AUTRE", "purpose_text": " \n"}, [("consent.purposeText", "REQUIRED")]),
        ({"purpose_text": "x" * (PURPOSE_LENGTH + 1)}, [("consent.purposeText", "TOO_LONG")]),
        ({"purpose_text": "a\x00b"}, [("consent.purposeText", "CONTROL_CHARACTER")]),
        ({"purpose_text": "a\ud800"}, [("consent.purposeText", "CONTROL_CHARACTER")]),
        ({"purpose_text": "a\ufffdb"}, [("consent.purposeText", "CONTROL_CHARACTER")]),
        ({"expires_on": TODAY}, [("consent.expiresOn", "DATE_OUT_OF_RANGE")]),
        ({"expires_on": date.min}, [("consent.expiresOn", "DATE_OUT_OF_RANGE")]),
        ({"expires_on": date.max}, [("consent.expiresOn", "DATE_OUT_OF_RANGE")]),
        ({"expires_on": date(2027, 11, 22)}, [("consent.expiresOn", "DATE_OUT_OF_RANGE")]),
        (
            {"site": "", "sections": [], "purpose": "", "expires_on": TODAY},
            [
                ("consent.site", "REQUIRED"),
                ("consent.sections", "REQUIRED"),
                ("consent.purpose", "REQUIRED"),
                ("consent.expiresOn", "DATE_OUT_OF_RANGE"),
            ],
        ),
    ],
)
def test_every_error_is_named_at_once(
    other: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert errors(**other) == expected


def test_a_consent_lasts_from_tomorrow_to_less_than_twelve_months() -> None:
    assert errors(expires_on=TODAY + timedelta(days=1)) == []
    assert errors(expires_on=date(2027, 11, 21)) == []
    assert last_day_allowed(date(2028, 2, 29)) == date(2029, 2, 27)
    assert last_day_allowed(date(2027, 2, 28)) == date(2028, 2, 27)
    assert last_day_allowed(date(2026, 12, 31)) == date(2027, 12, 30)
    assert last_day_allowed(date(2026, 1, 1)) == date(2026, 12, 31)


def test_every_section_has_a_label_in_its_table() -> None:
    assert [one.code for one in code_table("summarySection").codes] == [
        one.value for one in SummarySection
    ]


def test_the_sites_are_18_delegations_and_5_institutes() -> None:
    kinds = [site.kind for site in SITES.values()]
    assert kinds.count(SiteKind.DELEGATION) == 18
    assert kinds.count(SiteKind.INSTITUTE) == 5
    assert SITES["93"].name == "Délégation Provence-Alpes-Côte d’Azur du CNFPT"
    assert SITES["INET_STRASBOURG"].name == "INET de Strasbourg"


def test_words_that_are_too_long_are_refused_under_the_label_of_their_field() -> None:
    sent = terms(purpose_text="x" * (PURPOSE_LENGTH + 1))
    (problem,) = consent_errors(sent, TODAY, frozenset(SITES))
    assert problem.message == typeset(f"« Précisions » : {PURPOSE_LENGTH} caractères au plus.")
