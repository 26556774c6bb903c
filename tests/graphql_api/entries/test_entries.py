"""Entries of every rubric: added, revised, removed, ordered, counted."""

from typing import Any

import pytest

from graphql_api.serving import build_service
from graphql_api.storage.actors import Anonymous
from graphql_api.storage.content.booklet_rows import sealer_of
from schema.description.bounds import MAX_ENTRIES
from schema.typography import typeset
from tests.conftest import Caller, Here
from tests.graphql_api.documents import (
    ADD,
    LEAST,
    REMOVE,
    REVISE,
    added,
    at_once,
    entry,
    kinds,
    seen,
    text_of,
    whole,
)
from tests.graphql_api.written_sections import entry_row, put

RECAPS = """{ booklet {
  formations { recap { ...R } } experiences { recap { ...R } } competences { recap { ...R } }
} }
fragment R on Recap { part title groups { rubric title count entries { id } } }"""
LISTS = """{ booklet {
  formations {
    diplomas { id } competitiveExams { id } trainings { id } accreditations { id }
    drivingLicences { id }
  }
  experiences { professional { id } extraProfessional { id } tutoring { id } }
  competences { competences { id } priorLearningRecognitions { id } }
  attachments { id } recommendations { id }
} }"""


def revised(caller: Caller, id: str, version: int, rubric: str, **fields: Any) -> Any:
    answer = caller.do(REVISE, id=id, version=version, entry={rubric: fields})
    assert answer["__typename"] == "EntryRevised", answer
    return answer["entry"]


def test_an_entry_is_added_revised_and_removed(owner: Caller) -> None:
    for rubric in LEAST:
        new = added(owner, rubric, comment="Première version", shareable=False)
        assert (new["version"], new["comment"], new["shareable"]) == (1, "Première version", False)
        assert seen(owner, new["id"]) == _without_times(seen(owner, new["id"])) | new
        kept = content_of(owner, rubric, new["id"])
        assert kept == LEAST[rubric]
        second = revised(owner, new["id"], 1, rubric, comment="Seconde version")
        assert (second["version"], second["comment"], second["shareable"]) == (
            2,
            "Seconde version",
            False,
        )
        third = revised(owner, new["id"], 2, rubric, comment=None, shareable=True)
        assert (third["version"], third["comment"], third["shareable"]) == (3, None, True)
        assert content_of(owner, rubric, new["id"]) == kept
        answer = owner.do(REMOVE, id=new["id"], version=3)
        assert (answer["__typename"], answer["id"]) == ("EntryRemoved", new["id"])
        assert whole(owner)["entries"] == []


def content_of(caller: Caller, rubric: str, id: str) -> dict[str, Any]:
    """The fields of the least content of a rubric, as they are stored."""
    kind = rubric[0].upper() + rubric[1:]
    document = f"query($id: ID!) {{ booklet {{ entry(id: $id) {{ ... on {kind} {{"
    document += f" {' '.join(LEAST[rubric])} }} }} }} }}"
    content: dict[str, Any] = caller.ask(document, id=id)["booklet"]["entry"]
    return content


def _without_times(entry: Any) -> Any:
    return {key: value for key, value in entry.items() if key in ("createdAt", "updatedAt")}


def test_a_revision_writes_every_field_that_is_sent(owner: Caller) -> None:
    for rubric in LEAST:
        new = added(owner, rubric)
        name = next(name for name in LEAST[rubric] if name in ("title", "label", "employerName", "text",
                                                               "issuedOn", "obtainedOn", "jobTitle"))  # fmt: skip
        value = "2024-05" if name.endswith("On") else "Un autre texte"
        revised(owner, new["id"], 1, rubric, **{name: value})
        assert content_of(owner, rubric, new["id"]) == LEAST[rubric] | {name: value}


def test_null_and_blank_erase_and_absent_stays(owner: Caller) -> None:
    filled = {"speciality": "Option A", "awardingBody": "Académie", "content": "Un\nDeux"}
    new = added(owner, "diploma", **filled)
    now = revised(owner, new["id"], 1, "diploma", speciality=None, awardingBody=" \t ")
    assert text_of(now, "speciality") is None
    assert text_of(now, "awardingBody") is None
    assert text_of(now, "content") == "Un\nDeux"


def test_lists_and_numbers_and_answers_come_back(owner: Caller) -> None:
    new = added(
        owner,
        "competence",
        contexts=["Marché de travaux", " ", "Marché de services"],
        codes=["RNCP_BLOC:RNCP38363BC01"],
    )
    assert text_of(new, "contexts") == "Marché de travaux, Marché de services"
    training = added(owner, "training", durationValue=2.5, durationUnit="DAY")
    assert text_of(training, "durationValue") == "2,5 jours"
    post = added(owner, "professionalExperience", workQuota=80, permanentJob=False)
    assert text_of(post, "workQuota") == "80 %"
    assert text_of(post, "permanentJob") == "Non"


def test_any_script_is_kept_as_it_was_written(owner: Caller) -> None:
    for text in ("👩🏽‍🌾 Ærø – « œuvre » d’été", "مدرسة", "ʻUluʻulu", "x" * 200):
        assert added(owner, "attachment", title=text)["headline"] == text
    assert added(owner, "attachment", title="e\u0301te\u0301")["headline"] == "été"


def test_a_headline_a_period_and_lines_say_the_entry_in_french(owner: Caller) -> None:
    post = added(owner, "professionalExperience", missions="Encadrer\nConseiller")
    assert post["headline"] == "Responsable du service état civil – Commune de Bordeaux"
    assert post["when"] == "depuis septembre 2015"
    assert [(line["key"], line["label"], line["text"]) for line in post["lines"]] == [
        ("jobTitle", "Intitulé du poste / fonction", "Responsable du service état civil"),
        ("sector", "Secteur", "Fonction publique territoriale"),
        ("employerName", "Employeur", "Commune de Bordeaux"),
        ("start", "Début", "septembre 2015"),
        ("ongoing", "En cours", "Oui"),
        ("missions", "Missions / activités", "Encadrer\nConseiller"),
    ]


def test_warnings_come_with_the_entry_and_block_nothing(owner: Caller) -> None:
    first = added(owner, "professionalExperience", workQuota=50)
    paths = [(each["path"], each["code"]) for each in first["warnings"]]
    assert paths == [("status", "RECOMMENDED"), ("missions", "RECOMMENDED")]
    second = added(owner, "professionalExperience", start="2018", status="TITULAIRE")
    codes = {each["code"]: each["message"] for each in second["warnings"]}
    assert typeset("« Responsable du service état civil »") in codes["OVERLAP"]
    assert [each["code"] for each in seen(owner, first["id"])["warnings"]][-1] == "OVERLAP"
    young = added(owner, "training", start="1985")
    assert ("start", "BEFORE_AGE_13") in [(w["path"], w["code"]) for w in young["warnings"]]


@pytest.mark.parametrize(
    ("rubric", "changes", "shareable"),
    [
        ("extraProfessionalExperience", {"kind": "ACTION_SYNDICALE"}, False),
        ("extraProfessionalExperience", {"kind": "VIE_FAMILIALE_AIDANT"}, False),
        ("extraProfessionalExperience", {"kind": "ACTION_SYNDICALE", "shareable": None}, False),
        ("extraProfessionalExperience", {"kind": "ACTION_SYNDICALE", "shareable": True}, True),
        ("priorLearningRecognition", {"kind": "BILAN_COMPETENCES"}, False),
        ("recommendation", {}, False),
        ("recommendation", {"shareable": True}, True),
        ("priorLearningRecognition", {}, True),
        ("diploma", {}, True),
        ("diploma", {"shareable": False}, False),
    ],
)
def test_sensitive_entries_are_hidden_until_their_owner_says_otherwise(
    owner: Caller, rubric: str, changes: dict[str, Any], shareable: bool
) -> None:
    new = added(owner, rubric, **changes)
    hidden = owner.ask("{ booklet { hiddenEntries { id } } }")["booklet"]["hiddenEntries"]
    assert new["shareable"] is shareable
    assert hidden == ([] if shareable else [{"id": new["id"]}])


def test_an_entry_that_becomes_sensitive_is_hidden_too(owner: Caller) -> None:
    rubric = "extraProfessionalExperience"
    id = added(owner, rubric)["id"]
    assert revised(owner, id, 1, rubric, kind="ACTION_SYNDICALE")["shareable"] is False
    assert revised(owner, id, 2, rubric, shareable=True)["shareable"] is True
    assert revised(owner, id, 3, rubric, title="Déléguée")["shareable"] is True
    other = added(owner, rubric)["id"]
    both = revised(owner, other, 1, rubric, kind="ACTION_SYNDICALE", shareable=True)
    assert both["shareable"] is True


def test_entries_are_newest_first_ongoing_before_and_undated_after(owner: Caller) -> None:
    def diploma(title: str, **changes: Any) -> None:
        added(owner, "diploma", title=title, **changes)

    diploma("undated", outcome="NIVEAU", awardedOn=...)
    diploma("2008-07", awardedOn="2008-07")
    diploma("2012-06", awardedOn="2012-06")
    diploma("ongoing", outcome="EN_COURS", awardedOn=..., studyStart="2024")
    diploma("2012", awardedOn="2012")
    diploma("since 2025", outcome="EN_COURS", awardedOn=..., studyStart="2025", studyOngoing=True)
    entries = owner.ask("{ booklet { formations { diplomas { title } } } }")["booklet"]
    assert [one["title"] for one in entries["formations"]["diplomas"]] == [
        "since 2025",
        "ongoing",
        "2012",
        "2012-06",
        "2008-07",
        "undated",
    ]


def test_a_recap_counts_every_rubric_of_its_part(owner: Caller) -> None:
    ids = [added(owner, "diploma", awardedOn=year)["id"] for year in ("2008", "2010", "2012")]
    added(owner, "drivingLicence")
    recaps = owner.ask(RECAPS)["booklet"]
    formations = recaps["formations"]["recap"]
    assert (formations["part"], formations["title"]) == ("FORMATIONS", "Mes formations")
    assert [group["title"] for group in formations["groups"]] == [
        "Titres et diplômes (3)",
        "Concours (0)",
        "Autres formations (0)",
        "Habilitations professionnelles (0)",
        "Permis de conduire (1)",
    ]
    assert [group["count"] for group in formations["groups"]] == [3, 0, 0, 0, 1]
    assert [one["id"] for one in formations["groups"][0]["entries"]] == ids[::-1]
    titles = [group["title"] for group in recaps["experiences"]["recap"]["groups"]]
    assert titles == [
        "Expériences professionnelles (0)",
        "Expériences extra-professionnelles (0)",
        "Expériences de tutorat (0)",
    ]


def test_every_rubric_has_its_list_and_all_of_them_come_in_the_guides_order(owner: Caller) -> None:
    ids = {rubric: added(owner, rubric)["id"] for rubric in reversed(LEAST)}
    lists = owner.ask(LISTS)["booklet"]
    parts = [lists["formations"], lists["experiences"], lists["competences"]]
    found = [one for part in parts for one in part.values()]
    found += [lists["attachments"], lists["recommendations"]]
    assert found == [[{"id": ids[rubric]}] for rubric in LEAST]
    assert [one["id"] for one in whole(owner)["entries"]] == [ids[rubric] for rubric in LEAST]
    document = "{ booklet { entries(rubric: TRAINING) { id } } }"
    assert owner.ask(document)["booklet"]["entries"] == [{"id": ids["training"]}]


def test_a_booklet_holds_as_many_entries_as_it_may_and_no_more(here: Here, owner: Caller) -> None:
    fill(here, owner, MAX_ENTRIES - 2)
    add = {"entry": entry("training")}
    answers = at_once(*[lambda: owner.do(ADD, **add)] * 4)
    assert kinds(answers) == ["EntryAdded", "EntryAdded", "LimitReached", "LimitReached"]
    refusal = next(answer for answer in answers if answer["__typename"] == "LimitReached")
    assert (refusal["code"], refusal["limit"]) == ("LIMIT_REACHED", MAX_ENTRIES)
    ids = owner.ask("{ booklet { entries { id } } }")["booklet"]["entries"]
    assert len(ids) == MAX_ENTRIES
    new = next(answer for answer in answers if answer["__typename"] == "EntryAdded")["entry"]
    assert revised(owner, new["id"], 1, "training", title="Autre")["version"] == 2
    assert owner.do(REMOVE, id=new["id"], version=2)["__typename"] == "EntryRemoved"
    assert owner.do(ADD, **add)["__typename"] == "EntryAdded"


def fill(here: Here, caller: Caller, count: int) -> None:
    """Put trainings into the caller's booklet, at the store's door for speed."""
    booklet = whole(caller)["id"]
    service = build_service(here.deployment.settings)
    op = service.operation(Anonymous())
    sealer = sealer_of(op, booklet)
    assert sealer is not None
    content = {"title": "Stage", "role": "STAGIAIRE", "start": "2020", "shareable": True}
    entries = [
        entry_row(op, f"{number:036d}", "TRAINING", number, **content) for number in range(count)
    ]
    with service.store.writing():
        put(op, booklet, sealer, entries=entries)
    service.store.close()
    service.key_store.close()
