"""A dossier as it is stored, read back, and checked."""

from typing import Any

import pytest

from schema.description.rubric import Part, RubricName
from schema.dossiers.dossier import (
    IDENTITY_FIELDS,
    WHOLE_BOOKLET,
    dossier_warnings,
    sort_dossiers,
    with_booklet,
)
from schema.dossiers.printable import bundled_printable
from schema.dossiers.purposes import Annex, DossierForm
from schema.dossiers.stored_dossier import content_of, dossier_of
from schema.entries.entries import LinkRelation
from schema.entries.links import LinkRecord, attach_links
from tests.schema.dossiers.dossier_samples import FORM, a_dossier
from tests.schema.entry_samples import TODAY, an_entry
from tests.schema.problems import codes

FULL: dict[str, Any] = {
    "title": "Vers Bordeaux",
    "purpose": "DISPENSE_FORMATION",
    "sought_post": "Cheffe de service",
    "recipient": "Mme la maire",
    "parts": ["FORMATIONS"],
    "rubrics": ["COMPETENCE", "ATTACHMENT"],
    "entries": ["a", "b"],
    "identity_fields": ["civility", "email"],
    "situation": True,
    "annexes": ["DECREE"],
    "form": "COMPACT",
    "dispense": FORM,
}
UNION = {"title": "Section", "kind": "ACTION_SYNDICALE", "start": "2019"}


def test_what_is_stored_is_read_back() -> None:
    dossier = dossier_of("d", 3, built_in=False, content=FULL)
    assert content_of(dossier) == FULL
    assert (dossier.id, dossier.version, dossier.built_in) == ("d", 3, False)
    assert dossier.parts == [Part.FORMATIONS]
    assert dossier.rubrics == [RubricName.COMPETENCE, RubricName.ATTACHMENT]
    assert dossier.purpose.label.startswith("Dispense")


def test_the_built_in_dossier_of_an_earlier_version_communicates_everything() -> None:
    old = {"title": "Livret individuel de formation", "purpose": WHOLE_BOOKLET}
    dossier = dossier_of("d", 1, built_in=True, content=old)
    assert dossier.parts == list(Part)
    assert dossier.identity_fields == list(IDENTITY_FIELDS)
    assert dossier.situation
    assert dossier.annexes == list(Annex)
    assert dossier.form is DossierForm.FULL
    assert all(
        dossier.selection.includes(an_entry(rubric, shareable=False)) for rubric in RubricName
    )


def test_another_dossier_that_says_nothing_of_its_selection_communicates_nothing() -> None:
    dossier = dossier_of("d", 1, built_in=False, content={"title": "M", "purpose": "MUTATION"})
    assert dossier.selection.filter([an_entry(rubric) for rubric in RubricName]) == []
    assert dossier.identity_fields == []
    assert not dossier.situation
    assert dossier.form is DossierForm.FULL, "stored before dossiers had a form"


def test_the_built_in_dossier_comes_first_then_titles_in_order() -> None:
    ones = [a_dossier(title=title) for title in ("Zèle", "avancement", "Mutation")]
    first = a_dossier(title="Livret", built_in=True)
    assert [one.title for one in sort_dossiers([*ones, first])] == [
        "Livret",
        "avancement",
        "Mutation",
        "Zèle",
    ]


def warned(held: list[Any], **content: Any) -> list[tuple[str, str]]:
    return codes(dossier_warnings(a_dossier(**content), held, TODAY))


def test_an_empty_dossier_is_said_to_be_empty() -> None:
    diploma = an_entry(RubricName.DIPLOMA, "a")
    assert warned([diploma]) == [("entries", "EMPTY")]
    assert warned([diploma], rubrics=["DIPLOMA"]) == []
    assert warned([], rubrics=["DIPLOMA"]) == [("entries", "EMPTY")]


def test_what_is_communicated_only_because_it_is_named_is_pointed_out() -> None:
    union = an_entry(RubricName.EXTRA_PROFESSIONAL_EXPERIENCE, "union", **UNION)
    kept = an_entry(RubricName.DIPLOMA, "kept", shareable=False)
    plain = an_entry(RubricName.TRAINING, "plain")
    named = ["gone", "plain", "union", "kept"]
    assert warned([union, kept, plain], entries=named) == [
        ("entries[1]", "SENSITIVE"),
        ("entries[2]", "SENSITIVE"),
    ]
    assert warned([union, plain], entries=["plain"], parts=["EXPERIENCES"]) == []


def test_a_character_that_the_pdf_cannot_print_is_pointed_out() -> None:
    drawn = an_entry(RubricName.TRAINING, "drawn", title="Ελλάδα, Москва, שלום, مرحبا, ﬁn")
    lost = an_entry(RubricName.TRAINING, "lost", title="Stage au 日本")
    held = [drawn, lost]
    assert warned(held, entries=["drawn"]) == []
    assert warned(held, entries=["drawn", "lost"]) == [("entries[1]", "UNPRINTABLE")]
    (said,) = dossier_warnings(a_dossier(rubrics=["TRAINING"]), held, TODAY)
    assert "日 本" in said.message


@pytest.mark.parametrize("place", ["title", "sought_post", "recipient"])
def test_a_character_of_the_cover_is_pointed_out_too(place: str) -> None:
    held = [an_entry(RubricName.TRAINING, "kept")]
    assert warned(held, entries=["kept"], **{place: "Ville de Pau"}) == []
    assert warned(held, entries=["kept"], **{place: "日本"}) == [
        (place.replace("_p", "P"), "UNPRINTABLE")
    ]


def test_a_note_that_the_pdf_cannot_print_is_pointed_out_where_both_its_ends_are() -> None:
    skill = an_entry(RubricName.COMPETENCE, "skill", label="Traduire")
    stay = an_entry(RubricName.TRAINING, "stay", title="Stage")
    note = LinkRecord("skill", "stay", LinkRelation.ACQUIRED, "À 東京")
    held = attach_links([skill, stay], [note], [])
    assert warned(held, entries=["stay", "skill"]) == [("entries[1]", "UNPRINTABLE")]
    assert warned(held, entries=["stay"]) == []


@pytest.mark.parametrize("built_in", [True, False])
def test_the_owner_sees_what_is_communicated_as_things_stand(built_in: bool) -> None:
    entries = [
        an_entry(RubricName.DIPLOMA, "a"),
        an_entry(RubricName.DIPLOMA, "b", shareable=False),
        an_entry(RubricName.TRAINING, "c"),
    ]
    dossier = a_dossier(rubrics=["DIPLOMA"], entries=["c", "gone"], built_in=built_in)
    printable = bundled_printable()
    seen = with_booklet(
        dossier, lambda: entries, TODAY, dict, holder=None, situation=None, printable=printable
    )
    assert [one.id for one in seen.selection.filter(seen.entry_list)] == (
        ["a", "b", "c"] if built_in else ["a", "c"]
    )
