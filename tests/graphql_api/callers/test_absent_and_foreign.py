"""What is not there and what is not yours cost the same statements: time tells nothing."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import current_thread
from typing import Any

import peewee
import pytest

from graphql_api.callers.access_log import NO_BOOKLET
from graphql_api.callers.permissions import CallerRole
from graphql_api.storage.pipeline import Pipeline, Statement
from schema.sharing.access_record import REFUSALS_OF_AN_HOUR
from tests.conftest import Caller, Here, with_booklet
from tests.graphql_api.callers.journals import BOOKLET, DOSSIER, ids_of, journal, rows
from tests.graphql_api.roles import Scene, absent
from tests.graphql_api.roles import scene as scene
from tests.graphql_api.share_links.share_links import REVOKE, Reader, fresh, issued

RECORD = "query($id: ID!) { bookletRecord(id: $id) { fileName } }"


@contextmanager
def statements(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The SQL of the operations while the block lasts, without its parameters.

    A thread that sends letters asks too, whenever it looks.
    """
    said: list[str] = []
    run, send = peewee.Database.execute_sql, Pipeline.run

    def hear(sql: str) -> None:
        if current_thread().name.startswith("operation"):
            said.append(sql)

    def heard(self: Any, sql: str, *rest: Any, **named: Any) -> Any:
        hear(sql)
        return run(self, sql, *rest, **named)

    def sent(self: Pipeline, batch: Sequence[Statement]) -> Any:
        answers = send(self, batch)
        for sql, _ in batch:  # what a lost connection did not take is sent again
            hear(sql)
        return answers

    with monkeypatch.context() as patched:
        patched.setattr(peewee.Database, "execute_sql", heard)
        patched.setattr(Pipeline, "run", sent)
        yield said


@pytest.fixture(autouse=True)
def _keys_of_tokens_were_just_read(here: Here) -> None:
    """The service reads them every second: not between two questions that are compared."""
    here.clock.stop(here.clock())
    here.machine(CallerRole.SITE.name).ask("{ __typename }")


ROLES = (
    CallerRole.ANONYMOUS,
    CallerRole.OTHER_AGENT,
    CallerRole.NEWCOMER,
    CallerRole.SITE,
    CallerRole.OPERATOR,
)


@pytest.mark.parametrize("role", ROLES)
def test_the_absent_and_the_foreign_run_the_same_statements(
    scene: Scene, role: CallerRole, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller = scene.callers[role]
    for document, kind in ((BOOKLET, "booklet"), (DOSSIER, "dossier")):
        ran: list[list[str]] = []
        for id in (absent(), scene.owners[kind], absent()):
            with statements(monkeypatch) as said:
                caller.post({"query": document, "variables": {"id": id}})
            ran.append(said)
        assert ran[0] == ran[1] == ran[2]
        assert any(one.startswith("INSERT") for one in ran[0])


def test_the_line_that_counts_runs_the_statements_of_any_other(
    here: Here, owner: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    booklet, _ = ids_of(owner)
    ran = []
    for id in (booklet, absent()):
        for _ in range(REFUSALS_OF_AN_HOUR + 3):
            with statements(monkeypatch) as said:
                here.nobody().post({"query": BOOKLET, "variables": {"id": id}})
            ran.append(tuple(said))
    assert len(set(ran)) == 1
    assert len(journal(owner, first=100)) == REFUSALS_OF_AN_HOUR + 1


def test_many_ids_of_one_document_cost_the_same_whosever_they_are(
    here: Here, owner: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = with_booklet(here, "other")
    booklet, _ = ids_of(owner)
    ran = []
    for ids in ([absent() for _ in range(8)], [absent() for _ in range(7)] + [booklet]):
        fields = " ".join(f'a{n}: booklet(id: "{id}") {{ id }}' for n, id in enumerate(ids))
        with statements(monkeypatch) as said:
            other.ask(f"{{ {fields} }}")
        ran.append(said)
    assert ran[0] == ran[1]


def test_a_download_of_the_absent_runs_the_statements_of_one_that_is_foreign(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = scene.callers[CallerRole.OTHER_AGENT]
    headers: tuple[dict[str, str], ...] = ({"authorization": f"Bearer {other.token}"}, {})
    for given in headers:
        ran = []
        for id in (absent(), scene.owners["dossier"]):
            with statements(monkeypatch) as said:
                scene.here.client.get(f"/dossiers/{id}.zip", headers=given)
            ran.append(said)
        assert ran[0] == ran[1]
        assert ran[0]


def test_a_share_link_that_nothing_has_runs_the_statements_of_one_with_another_secret(
    here: Here, owner: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, ids = with_booklet(here, "other"), (absent(), issued(owner)["link"]["id"])
    asked: tuple[Callable[[str], Any], ...] = (
        lambda link: Reader(fresh(here), f"/s/{link}", "x" * 43).open(),
        lambda link: Reader(fresh(here), f"/s/{link}", "mistyped").open(),
        lambda link: Reader(fresh(here), f"/s/{link}", "x" * 43).get("/dossier"),
        lambda link: other.do(REVOKE, id=link),
    )
    for ask in asked:
        ran = []
        for id in ids:
            with statements(monkeypatch) as said:
                ask(id)
            ran.append(said)
        assert ran[0] == ran[1]
    assert len(journal(owner)) == 1


def test_what_is_written_for_the_absent_is_nobodys_and_bounded(here: Here, owner: Caller) -> None:
    here.clock.stop(here.clock())
    for _ in range(REFUSALS_OF_AN_HOUR + 10):
        owner.ask(BOOKLET, id=absent())
    assert rows(here) == 0
    assert journal(owner) == []
    ask: Callable[[str], Any] = here.deployment.store.database.execute_sql
    found = ask(f"SELECT count(*), sum(times) FROM access_record WHERE booklet = '{NO_BOOKLET}'")
    assert found.fetchone() == (REFUSALS_OF_AN_HOUR + 1, REFUSALS_OF_AN_HOUR + 10)
