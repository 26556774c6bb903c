"""`livret status`: one screen, a JSON, an exit code; nothing of a person."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from graphql_api.commands.stores.status_command import MISMATCH, NOT_READY, TO_LOOK_AT
from graphql_api.identity_provider.outbox import enqueue
from graphql_api.storage.backup_record import DATA, KEYS, record_finished
from graphql_api.storage.operation import to_microseconds
from graphql_api.web.mail import Email
from schema.typography import typeset
from tests.conftest import Here
from tests.graphql_api.canaries import canaries_in, sow
from tests.graphql_api.commands.commands import Livret
from tests.graphql_api.operating.operators import operator

STATE = "{ serviceState { lastSweep { beganAt endedAt removed failed } } }"


def told(livret: Livret) -> tuple[int, dict[str, Any]]:
    code, said, wrong = livret("status", "--json")
    assert wrong == ""
    return code, json.loads(said)


def backed_up(here: Here, *parts: str, ago: timedelta = timedelta(0)) -> None:
    """As if both parts, or these, had been backed up."""
    at = to_microseconds(here.clock() - ago)
    for part in parts or (DATA, KEYS):
        record_finished(here.deployment.store, part, at)


def test_a_service_that_was_never_swept_is_ready_and_to_be_looked_at(
    here: Here, livret: Livret
) -> None:
    backed_up(here)
    code, found = told(livret)
    assert (code, found["ready"], found["lastSweep"]) == (TO_LOOK_AT, True, None)
    assert "jamais encore" in found["waits"][0]
    assert livret("sweep")[0] == 0
    code, found = told(livret)
    assert (code, found["ready"], found["waits"]) == (0, True, [])
    assert found["lastSweep"]["failed"] == []
    assert [one["reachable"] for one in found["stores"]] == [True] * 3


def test_the_screen_says_everything_and_nothing_of_a_person(here: Here, livret: Livret) -> None:
    sow(here, rubrics=("diploma", "competence", "attachment"))
    backed_up(here)
    livret("sweep")
    code, screen, wrong = livret("status")
    assert (code, wrong) == (0, "")
    for label in (
        "Livret ",
        "Prêt ",
        "Données ",
        "Clés ",
        "Dernier ménage ",
        "Sauvegarde des clés ",
        "Livrets ",
    ):
        assert label in screen
    assert "oui" in screen.splitlines()[1]
    assert ", 0 suppression\n" in screen
    assert canaries_in(screen) == []
    _, found = told(livret)
    assert found["counts"]["booklets"] == found["counts"]["openBooklets"] == 1
    assert found["counts"]["drafts"] == 1
    assert canaries_in(json.dumps(found)) == []


def test_backups_that_have_stopped_or_never_began_are_to_be_looked_at(
    here: Here, livret: Livret
) -> None:
    livret("sweep")
    code, found = told(livret)
    assert (code, found["backups"]["data"]["finishedAt"]) == (TO_LOOK_AT, None)
    assert "les données et les clés : jamais encore de sauvegarde" in found["waits"][0]
    backed_up(here, DATA, ago=timedelta(hours=47))
    backed_up(here, KEYS, ago=timedelta(hours=49))
    code, found = told(livret)
    assert (code, len(found["waits"])) == (TO_LOOK_AT, 1)
    assert found["waits"][0].startswith("les clés")
    backed_up(here, KEYS)
    assert told(livret)[0] == 0
    caller = operator(here)
    state = caller.ask("{ serviceState { backups { name finishedAt verifiedAt isOverdue } } }")
    data, keys = state["serviceState"]["backups"]
    assert (data["name"], keys["name"], keys["verifiedAt"]) == ("Données", "Clés", None)
    assert (data["isOverdue"], keys["isOverdue"]) == (False, False)
    assert data["finishedAt"] < keys["finishedAt"]


def test_letters_that_wait_long_are_told_by_number(here: Here, livret: Livret) -> None:
    backed_up(here)
    livret("sweep")
    store, now = here.deployment.store, here.clock()
    email = Email("canari@example.org", "Canari", "canari")
    with store.writing():
        for age in (2, 3):
            at = to_microseconds(now - timedelta(hours=age))
            enqueue(store, here.deployment.service.service_keys, email, at)
    code, found = told(livret)
    assert (code, found["letters"]["waiting"]) == (TO_LOOK_AT, 2)
    assert "courriels" in found["waits"][0]
    assert canaries_in(json.dumps(found)) == []


def test_a_pending_migration_and_an_absent_store_are_not_ready(
    here: Here, livret: Livret, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    store = here.deployment.store
    name = "0012_sweeps_and_refusals"
    forget = "UPDATE schema_migration SET name = '{}' WHERE name = '{}'"
    store.database.execute_sql(forget.format("forgotten", name))
    try:
        code, found = told(livret)
    finally:
        store.database.execute_sql(forget.format(name, "forgotten"))
    assert (code, found["ready"]) == (NOT_READY, False)
    assert found["stores"][0]["pending"] == [name]
    monkeypatch.setenv("LIVRET_DATABASE_URL", f"sqlite:///{tmp_path}/absent.db")
    code, found = told(livret)
    assert code in (NOT_READY, MISMATCH)
    assert (found["stores"][0]["reachable"], found["counts"]) == (False, None)
    assert found["stores"][0]["pending"][0] == "0001_initial"
    assert found["stores"][2]["reachable"]
    screen = livret("status")[1]
    assert "pas encore créée (livret migrate)" in screen
    assert "injoignable" not in screen
    assert not (tmp_path / "absent.db").exists()


def test_another_master_key_is_said_in_a_sentence(livret: Livret, tmp_path: Path) -> None:
    (tmp_path / "master.key").write_text("ab" * 32)
    code, screen, _ = livret("status")
    assert code == MISMATCH
    assert typeset("la clé maîtresse n’est pas celle") in screen
    assert "non" in screen.splitlines()[1]


def test_operators_read_when_the_last_sweep_was(here: Here, livret: Livret) -> None:
    caller = operator(here)
    assert caller.ask(STATE)["serviceState"]["lastSweep"] is None
    livret("sweep")
    last = caller.ask(STATE)["serviceState"]["lastSweep"]
    assert (last["failed"], last["endedAt"] is not None) == (0, True)
