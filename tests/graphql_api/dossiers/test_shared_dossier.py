"""The built-in dossier: the whole booklet as a reader sees it, for its owner and a print job only."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

import print_site
from schema.rubrics import RUBRICS
from tests.conftest import CHARTER, IDENTIFY, IDENTITY, OPEN, SERVICE, Caller, Here, with_booklet
from tests.graphql_api.documents import (
    LEAST,
    LINK,
    PROVE,
    REMOVE,
    REVISE,
    SAY_WHO,
    added,
    entry,
    raw,
    whole,
)

SHARED = (Path(print_site.__file__).parent / "queries" / "shared_dossier.graphql").read_text(
    encoding="utf-8"
)
PANORAMA = """panorama {
  counters { rubric label count } lastUpdate
  currentPosts { entry headline when }
  timeline { entry rubric part headline when earliest latest ongoing approximate }
  matrix { columns { entry } rows { competence cells { entry relation } } unsupported unclaimed }
  highestLevel { code label } experience { months label text overThreeYears }
  trainingDays { fiveYears days } validity { entry status label }
  evidence { expected covered missing { entry } }
}"""
PERIOD = {"start", "end", "ongoing"}
PERIOD_KEYS = {rubric.name.value: set(rubric.period_keys) for rubric in RUBRICS}
HEADLINE_KEYS = {rubric.name.value: set(rubric.headline_keys) for rubric in RUBRICS}


@pytest.fixture
def filled(here: Here) -> tuple[Caller, dict[str, str]]:
    """An owner with one entry of each rubric, two ties of each kind, and their ids by rubric."""
    ids = here.deployment.copies.of("filled", here.clock(), lambda: _fill(here))
    return here.caller("owner"), ids


def _fill(here: Here) -> dict[str, str]:
    owner = with_booklet(here, "owner")
    ids = {rubric: added(owner, rubric, comment=f"Note {rubric}")["id"] for rubric in LEAST}
    ties = (
        (LINK, "competence", "training", {"relation": "ACQUIRED", "note": "En salle"}),
        (LINK, "competence", "professionalExperience", {"relation": "USED"}),
        (PROVE, "attachment", "diploma", {}),
        (PROVE, "attachment", "competence", {}),
    )
    versions: dict[str, int] = {}
    for document, first, target, more in ties:
        versions[first] = versions.get(first, 0) + 1
        tie = {"id": ids[first], "version": versions[first], "target": ids[target]}
        assert owner.do(document, **tie, **more)["__typename"] == "TieWritten"
    return ids


def built_in(caller: Caller) -> str:
    (dossier,) = whole(caller)["dossiers"]
    assert dossier["builtIn"] is True
    return str(dossier["id"])


def shared(caller: Caller, id: str | None = None) -> Any:
    return caller.ask(SHARED, id=id or built_in(caller))["sharedDossier"]


def entries_of(dossier: Any) -> list[Any]:
    return [
        one | {"rubric": rubric["rubric"]}
        for part in dossier["parts"]
        for rubric in part["rubrics"]
        for one in rubric["entries"]
    ]


def test_the_whole_booklet_dossier_exists_from_opening(here: Here) -> None:
    agent = here.caller("agent")
    assert agent.do(OPEN, code=here.code())["__typename"] == "BookletOpened"
    first = built_in(agent)
    assert shared(agent) is None, "nothing to read before the identity is there"
    agent.do(CHARTER)
    assert shared(agent) is None
    agent.do(IDENTIFY, identity=IDENTITY, version=0)
    dossier = shared(agent)
    assert dossier["id"] == first == built_in(agent)
    assert dossier["title"] == "Livret individuel de formation"
    assert dossier["purpose"] == {"code": "LIVRET_COMPLET", "label": dossier["purpose"]["label"]}
    assert entries_of(dossier) == []
    assert [len(part["rubrics"]) for part in dossier["parts"]] == [5, 3, 2, 2]


def test_it_holds_what_the_booklet_holds_in_the_same_order(
    filled: tuple[Caller, dict[str, str]],
) -> None:
    owner, _ = filled
    own, told = whole(owner)["entries"], entries_of(shared(owner))
    assert len(told) == 12
    assert [one["entry"] for one in told] == [one["id"] for one in own]
    for mine, theirs in zip(own, told, strict=True):
        assert theirs["rubric"] == mine["rubric"]
        assert (theirs["headline"], theirs["when"]) == (mine["headline"], mine["when"])
        said = HEADLINE_KEYS[mine["rubric"]] | (PERIOD if mine["when"] else set())
        again = PERIOD_KEYS[mine["rubric"]]
        assert theirs["lines"] == [
            line
            for line in mine["lines"]
            if line["key"] not in said
            and not (line["key"] in again and line["text"] in theirs["when"])
        ]
        assert theirs["lines"][-1]["text"].startswith("Note ")


def test_links_and_attachments_are_told_from_both_ends(
    filled: tuple[Caller, dict[str, str]],
) -> None:
    owner, ids = filled
    told = {one["entry"]: one for one in entries_of(shared(owner))}
    competence, training, post = (
        told[ids[rubric]] for rubric in ("competence", "training", "professionalExperience")
    )
    acquired = {"relation": {"code": "ACQUIRED", "label": "Acquise"}, "note": "En salle"}
    used = {"relation": {"code": "USED", "label": "Mise en œuvre"}, "note": None}
    assert competence["links"] == [
        {"entry": ids["training"], **acquired},
        {"entry": ids["professionalExperience"], **used},
    ]
    assert training["links"] == [{"entry": ids["competence"], **acquired}]
    assert post["links"] == [{"entry": ids["competence"], **used}]
    document = told[ids["attachment"]]
    assert set(document["proves"]) == {ids["diploma"], ids["competence"]}
    for proved in (ids["diploma"], ids["competence"]):
        assert told[proved]["attachments"] == [ids["attachment"]]
    tied = {ids[name] for name in ("competence", "training", "professionalExperience")}
    assert {id for id, one in told.items() if one["links"]} == tied
    assert {id for id, one in told.items() if one["proves"]} == {ids["attachment"]}


def test_the_panorama_is_that_of_the_booklet(filled: tuple[Caller, dict[str, str]]) -> None:
    owner, _ = filled
    own = owner.ask(f"{{ booklet {{ {PANORAMA} }} }}")["booklet"]["panorama"]
    document = f"query($id: ID!) {{ sharedDossier(id: $id) {{ {PANORAMA} }} }}"
    told = owner.ask(document, id=built_in(owner))["sharedDossier"]["panorama"]
    assert {**told, "lastUpdate": None} == {**own, "lastUpdate": None}
    assert sum(counter["count"] for counter in told["counters"]) == 12
    assert told["matrix"]["rows"]
    assert told["timeline"]


def references(value: Any) -> Iterator[str]:
    """The ids that a panorama or an entry refers to."""
    if isinstance(value, dict):
        for key, each in value.items():
            if key in ("entry", "competence", "unsupported", "unclaimed", "attachments", "proves"):
                yield from [each] if isinstance(each, str) else each
            else:
                yield from references(each)
    elif isinstance(value, list):
        for each in value:
            yield from references(each)


def test_nothing_refers_to_an_entry_that_is_no_longer_there(
    filled: tuple[Caller, dict[str, str]],
) -> None:
    owner, ids = filled
    assert set(references(shared(owner))) >= {ids["competence"], ids["diploma"]}
    versions = {one["id"]: one["version"] for one in whole(owner)["entries"]}
    for rubric in ("competence", "diploma", "attachment", "professionalExperience"):
        removed = owner.do(REMOVE, id=ids[rubric], version=versions[ids[rubric]])
        assert removed["__typename"] == "EntryRemoved"
        dossier = shared(owner)
        left = {one["entry"] for one in entries_of(dossier)}
        assert ids[rubric] not in left
        assert set(references(dossier)) <= left
        assert ids[rubric] not in raw(owner, SHARED, id=dossier["id"]).decode()


def test_its_last_update_is_that_of_its_entries(filled: tuple[Caller, dict[str, str]]) -> None:
    owner, ids = filled
    revised = owner.do(REVISE, id=ids["diploma"], version=1, entry=entry("diploma"))
    assert revised["__typename"] == "EntryRevised"
    stamp = shared(owner)["panorama"]["lastUpdate"]
    entries = owner.ask("{ booklet { updatedAt entries { id updatedAt } } }")["booklet"]
    assert stamp == max(one["updatedAt"] for one in entries["entries"])
    answer = owner.do(SAY_WHO, identity={"city": "Bordeaux"}, version=1)
    assert answer["__typename"] == "IdentityRevised"
    assert shared(owner)["panorama"]["lastUpdate"] == stamp


def test_the_holder_is_told_without_what_only_the_owner_needs(owner: Caller) -> None:
    sent = {"city": "Bordeaux", "civility": "NON_RENSEIGNE", "statsConsent": True}
    assert owner.do(SAY_WHO, identity=sent, version=1)["__typename"] == "IdentityRevised"
    holder = shared(owner)["holder"]
    assert holder["civility"] is None
    assert (holder["lastName"], holder["firstName"]) == ("Lefèvre", "Maëlle")
    keys = [line["key"] for line in holder["lines"]]
    assert {"city", "email", "birthDate"} <= set(keys)
    assert {"statsConsent", "civility", "lastName", "firstName"} & set(keys) == set()
    other = {"civility": "MME"}
    assert owner.do(SAY_WHO, identity=other, version=2)["__typename"] == "IdentityRevised"
    assert shared(owner)["holder"]["civility"] == {"code": "MME", "label": "Madame"}


def test_it_carries_the_notice_the_charter_and_the_decree(owner: Caller) -> None:
    dossier = shared(owner)
    texts = owner.ask(
        "{ charter { version title source sections { heading paragraphs } }"
        " decree { version title source sections { heading paragraphs } } }"
    )
    assert dossier["charter"] == texts["charter"]
    assert dossier["decree"] == texts["decree"]
    assert "sans validation" in dossier["notice"]
    assert dossier["verifyAt"] == f"{SERVICE}/verifier"


def test_somebody_elses_dossier_and_no_dossier_are_the_same_answer(
    here: Here, filled: tuple[Caller, dict[str, str]]
) -> None:
    owner, _ = filled
    own = built_in(owner)
    nowhere = '{"data":{"sharedDossier":null}}'
    for stranger in (with_booklet(here, "stranger"), here.caller("newcomer")):
        for id in (own, str(uuid4()), "", "é", whole(owner)["id"]):
            assert raw(stranger, SHARED, id=id).decode() == nowhere
    for id in (str(uuid4()), whole(owner)["id"], own.upper(), f" {own}"):
        assert raw(owner, SHARED, id=id).decode() == nowhere
    nobody = here.nobody()
    answers = [
        nobody.post({"query": SHARED, "variables": {"id": id}}) for id in (own, str(uuid4()))
    ]
    assert answers[0].content == answers[1].content
    assert answers[0].json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


def test_a_print_job_reads_its_dossier_and_nothing_else(
    here: Here, filled: tuple[Caller, dict[str, str]]
) -> None:
    owner, _ = filled
    other = with_booklet(here, "other")
    mine, theirs = whole(owner)["id"], whole(other)["id"]
    own, strange = built_in(owner), built_in(other)
    tokens = here.deployment.service.credentials

    def printer(booklet: str, dossier: str) -> Caller:
        return Caller(here.client, tokens.print_token(booklet, dossier), "printer")

    job = printer(mine, own)
    assert shared(job, own) == shared(owner)
    assert shared(job, strange) is None
    for booklet, dossier in ((theirs, own), (mine, strange), (str(uuid4()), own)):
        mixed = printer(booklet, dossier)
        assert shared(mixed, own) is None
        assert shared(mixed, strange) is None
    assert job.error("{ booklet { id } }") == "FORBIDDEN"
    for verb in (REMOVE, REVISE):
        variables: dict[str, Any] = {"id": str(uuid4()), "version": 1}
        if verb is REVISE:
            variables["entry"] = entry("diploma")
        assert job.error(verb, **variables) == "FORBIDDEN"
