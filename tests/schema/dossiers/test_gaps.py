"""What the entries of a dossier lack is told to its owner, and counts within the selection alone."""

from typing import Any

import pytest

from schema.description.rubric import RubricName
from schema.dossiers.dossier import dossier_warnings
from schema.entries.entries import Entry, LinkRelation
from schema.entries.links import EvidenceRecord, LinkRecord, attach_links
from tests.schema.dossiers.dossier_samples import a_dossier
from tests.schema.entry_samples import TODAY, an_entry


def warned(held: list[Entry], **content: Any) -> list[tuple[str, str]]:
    """The code and the message of each warning; each is about entries as a whole."""
    found = dossier_warnings(a_dossier(**content), held, TODAY)
    assert {one.path for one in found} <= {"entries"}
    return [(one.code, one.message) for one in found]


def test_competences_whose_supports_are_not_selected_are_named() -> None:
    skills = [
        an_entry(RubricName.COMPETENCE, id, label=f"Savoir {id}", rank=rank)
        for rank, id in enumerate("abcdefg", start=1)
    ]
    post = an_entry(RubricName.PROFESSIONAL_EXPERIENCE, "post", job_title="Poste")
    tie = LinkRecord(competence="a", target="post", relation=LinkRelation.ACQUIRED, note=None)
    held = attach_links([*skills, post], [tie], [])
    assert warned(held, entries=["a", "post"]) == []
    assert warned(held, entries=["a"]) == [
        (
            "NO_SUPPORT",
            "Une compétence est sans appui dans ce dossier\u202f: «\u202fSavoir a\u202f».",
        )
    ]
    ((code, message),) = warned(held, rubrics=["COMPETENCE", "PROFESSIONAL_EXPERIENCE"])
    assert code == "NO_SUPPORT"
    assert message.startswith(
        "6 compétences sont sans appui dans ce dossier\u202f: «\u202fSavoir b\u202f», "
    )
    assert message.endswith("«\u202fSavoir f\u202f» et 1 autre.")
    assert "Savoir a" not in message


def test_entries_whose_document_is_not_selected_are_named_where_documents_are_listed() -> None:
    diploma = an_entry(RubricName.DIPLOMA, "diploma", title="Licence", outcome="OBTENU")
    paper = an_entry(RubricName.ATTACHMENT, "paper", title="Copie")
    held = attach_links([diploma, paper], [], [EvidenceRecord("paper", "diploma")])
    listing = {"annexes": ["CHECKLIST"]}
    assert warned(held, entries=["diploma", "paper"], **listing) == []
    assert warned(held, entries=["diploma"]) == []
    ((code, message),) = warned(held, entries=["diploma"], **listing)
    assert code == "NO_DOCUMENT"
    assert "Licence" in message


@pytest.mark.parametrize(("until", "over"), [("2020-05-01", True), ("2099-05-01", False)])
def test_titles_that_are_over_are_named(until: str, over: bool) -> None:
    licence = an_entry(RubricName.DRIVING_LICENCE, "b", licence_category="B", valid_until=until)
    found = warned(attach_links([licence], [], []), rubrics=["DRIVING_LICENCE"])
    said = "Un titre de ce dossier n’est plus valable\u202f: «\u202fPermis B\u202f»."
    assert found == [("EXPIRED", said)] * over


def test_titles_that_are_over_are_counted() -> None:
    held = [
        an_entry(RubricName.DRIVING_LICENCE, code, licence_category=code, valid_until="2020-05-01")
        for code in ("B", "C")
    ]
    ((_, message),) = warned(attach_links(held, [], []), rubrics=["DRIVING_LICENCE"])
    assert message.startswith("2 titres de ce dossier ne sont plus valables\u202f: ")


def test_a_title_that_a_selected_one_renews_is_not_over() -> None:
    old, new = (
        an_entry(RubricName.DRIVING_LICENCE, id, licence_category="B", valid_until=until)
        for id, until in (("old", "2020-05-01"), ("new", "2099-05-01"))
    )
    held = attach_links([old, new], [], [])
    assert warned(held, rubrics=["DRIVING_LICENCE"]) == []
    assert [code for code, _ in warned(held, entries=["old"])] == ["EXPIRED"]
