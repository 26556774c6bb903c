"""The journal: whatever anyone but the owner reads, or is refused, is told to the owner."""

import re
from collections.abc import Callable
from datetime import datetime
from functools import partial

import pytest

from graphql_api.callers.permissions import CallerRole
from graphql_api.storage.store import Store, StoreUnavailableError
from schema.typography import quoted, typeset
from tests.conftest import Caller, Here, with_booklet
from tests.graphql_api.callers.journals import BOOKLET, DOSSIER, TITLE, ids_of, journal, rows
from tests.graphql_api.documents import ADD, CODE, at_once, entry, raw, whole
from tests.graphql_api.roles import Scene, absent
from tests.graphql_api.roles import scene as scene


def told(caller: Caller) -> list[tuple[str, str, str]]:
    """Who, what and how it ended, the oldest first."""
    return [(one["who"], one["what"], one["outcome"]) for one in reversed(journal(caller))]


def printing(here: Here, booklet: str, dossier: str) -> Caller:
    credentials = here.deployment.service.credentials
    return Caller(here.client, credentials.print_token(booklet, dossier), "print")


def test_what_the_owner_does_is_not_in_the_journal(here: Here, owner: Caller) -> None:
    booklet, dossier = ids_of(owner)
    owner.ask(BOOKLET, id=booklet)
    owner.ask(DOSSIER, id=dossier)
    owner.ask(BOOKLET, id=absent())
    writer = here.caller("owner", "livret:write")
    assert writer.error(BOOKLET, id=booklet) == "INSUFFICIENT_SCOPE"
    assert writer.error(DOSSIER, id=dossier) == "INSUFFICIENT_SCOPE"
    owner.do(ADD, entry=entry("diploma"))
    assert journal(owner) == []
    assert rows(here) == 0


def test_what_the_print_workshop_reads_is_told_to_the_owner(here: Here, owner: Caller) -> None:
    here.clock.stop(here.clock())
    booklet, dossier = ids_of(owner)
    assert printing(here, booklet, dossier).ask(DOSSIER, id=dossier)["sharedDossier"]
    (record,) = journal(owner)
    assert record["who"] == "Le service"
    assert record["what"] == f"Votre dossier {quoted(TITLE)}"
    assert record["outcome"] == "READ"
    shape = rf"Le \d+(er)? \w+ 20\d\d à \d\d?\xa0h\xa0\d\d, le service a mis en page votre dossier {quoted(TITLE)} pour un lien de partage\."
    assert re.fullmatch(shape, record["sentence"])
    assert datetime.fromisoformat(record["at"]) == here.clock()


def test_every_stranger_who_is_refused_is_told_to_the_owner(scene: Scene) -> None:
    somebody = "Quelqu’un qui n’est pas titulaire de ce livret"
    who = {CallerRole.ANONYMOUS: "Quelqu’un qui ne s’était pas identifié", CallerRole.OWNER: ""}
    owner, expected = scene.callers[CallerRole.OWNER], []
    for role, caller in scene.callers.items():
        if role in (CallerRole.OWNER, CallerRole.PRINT_JOB):
            continue
        raw_of(caller, BOOKLET, scene.owners["booklet"])
        raw_of(caller, DOSSIER, scene.owners["dossier"])
        name = who.get(role, somebody)
        expected += [(name, "Votre livret", "REFUSED")]
        expected += [(name, f"Votre dossier {quoted(TITLE)}", "REFUSED")]
    assert told(owner) == expected
    assert journal(owner)[-1]["sentence"].endswith(
        typeset(", quelqu’un qui ne s’était pas identifié a demandé à lire votre livret : refusé.")
    )
    assert journal(scene.callers[CallerRole.OTHER_AGENT]) == []


def test_the_export_of_another_booklet_is_refused_and_told(scene: Scene) -> None:
    other, owner = scene.callers[CallerRole.OTHER_AGENT], scene.callers[CallerRole.OWNER]
    record = "query($id: ID!) { bookletRecord(id: $id) }"
    assert other.ask(record, id=scene.owners["booklet"]) == {"bookletRecord": None}
    assert [one["outcome"] for one in journal(owner)] == ["REFUSED"]


def test_a_print_job_that_asks_for_more_than_its_dossier_is_told(scene: Scene) -> None:
    job, owner = scene.callers[CallerRole.PRINT_JOB], scene.callers[CallerRole.OWNER]
    assert job.error(BOOKLET, id=scene.owners["booklet"]) == "FORBIDDEN"
    assert job.ask(DOSSIER, id=scene.others["dossier"]) == {"sharedDossier": None}
    workshop = "Le service"
    assert told(owner) == [(workshop, "Votre livret", "REFUSED")]
    theirs = [(workshop, f"Votre dossier {quoted(TITLE)}", "REFUSED")]
    assert told(scene.callers[CallerRole.OTHER_AGENT]) == theirs


def test_a_refused_download_is_told_to_the_owner(scene: Scene) -> None:
    owner, other = scene.callers[CallerRole.OWNER], scene.callers[CallerRole.OTHER_AGENT]
    client, dossier = scene.here.client, scene.owners["dossier"]
    answers = []
    for id in (dossier, absent()):
        headers = {"authorization": f"Bearer {other.token}"}
        answers.append(client.get(f"/dossiers/{id}.zip", headers=headers))
        assert client.get(f"/dossiers/{id}.zip").status_code == 401
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    assert [outcome for _, _, outcome in told(owner)] == ["REFUSED", "REFUSED"]


def test_what_is_noted_changes_no_byte_of_an_answer(scene: Scene) -> None:
    for role in (
        CallerRole.OTHER_AGENT,
        CallerRole.NEWCOMER,
        CallerRole.ANONYMOUS,
        CallerRole.SITE,
        CallerRole.PRINT_JOB,
    ):
        caller = scene.callers[role]
        for document, id in ((BOOKLET, "booklet"), (DOSSIER, "dossier")):
            if (role, id) != (CallerRole.PRINT_JOB, "dossier"):
                found = {raw_of(caller, document, one) for one in (scene.owners[id], absent(), "x")}
                assert len(found) == 1


def test_what_is_not_there_leaves_no_trace(here: Here, owner: Caller) -> None:
    other = with_booklet(here, "other")
    booklet, dossier = ids_of(owner)
    strange = ("", "x", "x" * 10_000, "'; --", booklet.upper(), f" {booklet}", dossier)
    for id in (absent(), *strange):
        assert other.ask(BOOKLET, id=id) == {"booklet": None}
    assert other.ask(DOSSIER, id=booklet) == {"sharedDossier": None}
    assert rows(here) == 0


def test_asking_twenty_times_in_one_document_is_told_once(here: Here, owner: Caller) -> None:
    other = with_booklet(here, "other")
    booklet, _ = ids_of(owner)
    fields = " ".join(f'a{number}: booklet(id: "{booklet}") {{ id }}' for number in range(20))
    assert set(other.ask(f"{{ {fields} }}").values()) == {None}
    assert rows(here) == 1
    other.ask(BOOKLET, id=booklet)
    assert rows(here) == 2


def test_a_booklet_that_is_not_open_has_a_journal_too(here: Here) -> None:
    agent, other = here.caller("agent"), with_booklet(here, "other")
    agent.do(CODE, code=here.code())
    booklet, dossier = ids_of(agent)
    assert other.ask(BOOKLET, id=booklet) == {"booklet": None}
    assert other.ask(DOSSIER, id=dossier) == {"sharedDossier": None}
    assert [outcome for _, _, outcome in told(agent)] == ["REFUSED", "REFUSED"]


def test_many_who_ask_at_once_are_all_told(here: Here, owner: Caller) -> None:
    booklet, dossier = ids_of(owner)
    job, others = printing(here, booklet, dossier), [here.caller(f"other {n}") for n in range(3)]
    asked: list[Callable[[], bytes]] = [partial(raw, one, BOOKLET, id=booklet) for one in others]
    asked += [lambda: raw(job, DOSSIER, id=dossier)] * 3
    asked += [lambda: raw(owner, ADD, entry=entry("diploma"))] * 2
    at_once(*asked)
    assert sorted(outcome for _, _, outcome in told(owner)) == ["READ"] * 3 + ["REFUSED"] * 3
    assert len(whole(owner)["entries"]) == 2


def without_journal(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on nothing can be written."""

    def failing(self: Store) -> None:
        raise StoreUnavailableError("full")

    monkeypatch.setattr(Store, "writing", failing)


def test_without_a_log_there_is_no_answer(
    here: Here, owner: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    booklet, dossier = ids_of(owner)
    job, other, nobody = printing(here, booklet, dossier), here.caller("other"), here.nobody()
    with monkeypatch.context() as patched:
        without_journal(patched)
        for caller, document, id in (
            (job, DOSSIER, dossier),
            (other, BOOKLET, booklet),
            (nobody, DOSSIER, dossier),
        ):
            answer = caller.post({"query": document, "variables": {"id": id}})
            assert answer.status_code == 503
            assert answer.json()["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
            assert "data" not in answer.json()
        download = here.client.get(f"/dossiers/{dossier}.zip")
        assert (download.status_code, download.json()["errors"][0]["extensions"]["code"]) == (
            503,
            "UNAVAILABLE",
        )
        there_is_none = other.post({"query": BOOKLET, "variables": {"id": absent()}})
        assert there_is_none.status_code == 503  # a full disk must not tell what is there either
        assert owner.ask(DOSSIER, id=dossier)["sharedDossier"]["title"] == TITLE
    assert rows(here) == 0


def test_a_journal_that_cannot_be_written_is_no_answer_either(here: Here, owner: Caller) -> None:
    booklet, dossier = ids_of(owner)
    database = here.deployment.store.database
    database.execute_sql("ALTER TABLE access_record RENAME TO gone")
    try:
        for caller, document, id in (
            (printing(here, booklet, dossier), DOSSIER, dossier),
            (here.caller("other"), BOOKLET, booklet),
        ):
            answer = caller.post({"query": document, "variables": {"id": id}})
            assert (answer.status_code, "data" in answer.json()) == (503, False)
    finally:
        database.execute_sql("ALTER TABLE gone RENAME TO access_record")
    assert journal(owner) == []


def test_a_mutation_answers_with_the_journal_when_it_is_asked(here: Here, owner: Caller) -> None:
    booklet, _ = ids_of(owner)
    here.nobody().error(BOOKLET, id=booklet)
    add = """mutation($entry: EntryInput!) { entryAdd(entry: $entry) { ... on EntryAdded {
      booklet { accessRecords(first: 5) { nodes { outcome } } } } } }"""
    answer = owner.do(add, entry=entry("diploma"))
    assert answer["booklet"]["accessRecords"]["nodes"] == [{"outcome": "REFUSED"}]


def raw_of(caller: Caller, document: str, id: str) -> bytes:
    """The bytes of an answer, whatever it is."""
    return bytes(caller.post({"query": document, "variables": {"id": id}}).content)
