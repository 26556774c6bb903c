"""Closing a booklet: everything entered is gone at once and for ever; whoever did not mean it, not."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from graphql_api.storage import tables
from graphql_api.storage.erasing import TABLES_OF_A_BOOKLET, TABLES_OF_A_PERSON
from tests.conftest import CHARTER, IDENTIFY, IDENTITY, OPEN, Caller, Here, with_booklet
from tests.graphql_api.booklets.closing import (
    ACCOUNT_WORDS,
    CLOSE,
    DOSSIER,
    WORDS,
    check_untouched,
    close,
    close_account,
    destroyed,
    everything,
    full_booklet,
    print_job,
    put_back,
    rows,
    tables_with_rows_of,
)
from tests.graphql_api.callers.tokens import signed
from tests.graphql_api.documents import ADD, WHOLE, added, entry, raw, whole
from tests.graphql_api.summaries.summaries import read, registered
from tests.processes import bytes_of_database

MINUTE = 60


def test_closing_leaves_no_row_of_a_full_booklet_but_a_tombstone(here: Here) -> None:
    here.clock.stop(here.clock())
    site, owner = registered(here), full_booklet(here)
    assert len(read(site)["nodes"]) == 1  # which keeps the summary
    booklet = whole(owner)["id"]
    before = tables_with_rows_of(here.deployment, booklet)
    tables = {model._meta.table_name for model in TABLES_OF_A_BOOKLET}
    assert before == tables - {"set_aside"} | {"booklet", "booklet_key"}
    receipt = close(owner)["receipt"]
    assert tables_with_rows_of(here.deployment, booklet) == {"tombstone", "closing"}
    assert destroyed(here.deployment, booklet)
    assert receipt["number"] == booklet
    assert receipt["entriesDeleted"] == 12
    assert datetime.fromisoformat(receipt["closedAt"]) == here.clock()


def test_the_tables_of_a_booklet_and_of_a_person_are_all_known(here: Here) -> None:
    """A table that is added later is either erased with the booklet, or decided upon here."""
    known = {model._meta.table_name: model for model in models()}
    erased = {model._meta.table_name for model in (*TABLES_OF_A_BOOKLET, *TABLES_OF_A_PERSON)}
    store = here.deployment.store
    theirs = {
        table
        for table in store.database.get_tables()
        if {column.name for column in store.database.get_columns(table)} & {"booklet", "person"}
    }
    assert theirs <= set(known)
    assert theirs == erased | {"booklet", "tombstone"}


def models() -> list[Any]:
    found = [each for each in vars(tables).values() if isinstance(each, type)]
    return [each for each in found if issubclass(each, tables.Model) and each is not tables.Model]


@pytest.mark.parametrize("here", ["sqlite"], indirect=True)
def test_what_was_deleted_is_in_no_file_of_the_databases(here: Here) -> None:
    site, owner = registered(here), full_booklet(here)
    assert len(read(site)["nodes"]) == 1
    booklet = whole(owner)["id"]
    keys = rows(here.deployment.key_store, "booklet_key")
    tables = ("booklet_section", "kept_summary")
    sealed = {bytes(row[-1]) for name in tables for row in rows(here.deployment.store, name)}
    needles = [bytes(key[-1]) for key in keys] + sorted(sealed)
    assert [name for name in files_with(here, needles[0]) if name.startswith("keys.db")]
    assert all(files_with(here, needle) for needle in needles)
    assert close(owner)["__typename"] == "BookletClosed"
    assert [files_with(here, needle) for needle in needles] == [[]] * len(needles)
    assert files_with(here, booklet.encode()), "the search finds the tombstone"


def files_with(here: Here, needle: bytes) -> list[str]:
    """The files of the two databases that hold these bytes."""
    folder = Path(here.deployment.store.database.database).parent
    return [file.name for file in folder.glob("*.db*") if needle in bytes_of_database(file)]


def test_a_backup_made_before_the_closing_does_not_open_afterwards(here: Here) -> None:
    owner, other = full_booklet(here), full_booklet(here, "other")
    booklet, theirs = whole(owner)["id"], whole(other)
    backup = everything(here.deployment)
    assert close(owner)["__typename"] == "BookletClosed"
    put_back(here.deployment, backup)
    assert booklet in {row[0] for row in rows(here.deployment.store, "booklet_section")}
    assert owner.ask(WHOLE) == {"booklet": None}
    assert owner.do(ADD, entry=entry("diploma"))["code"] == "WRONG_STATE"
    assert whole(other) == theirs
    assert close(owner)["receipt"]["number"] == booklet
    assert tables_with_rows_of(here.deployment, booklet) == {"tombstone", "closing"}


def test_a_booklet_may_be_closed_in_every_state(here: Here) -> None:
    code = here.code()
    steps: list[tuple[str, dict[str, Any]]] = [
        (OPEN, {"code": code}),
        (CHARTER, {}),
        (IDENTIFY, {"identity": IDENTITY, "version": 0}),
    ]
    for reached in (1, 2, 3):
        agent = here.caller(f"agent {reached}")
        steps[0] = (OPEN, {"code": here.code()})
        for document, variables in steps[:reached]:
            agent.do(document, **variables)
        booklet = whole(agent)
        assert booklet["state"] == ("CODE_GIVEN", "CHARTER_ACCEPTED", "OPEN")[reached - 1]
        assert close(agent)["receipt"]["number"] == booklet["id"]
        assert tables_with_rows_of(here.deployment, booklet["id"]) == {"tombstone", "closing"}
        assert whole(agent) is None


def test_closing_before_the_charter_leaves_the_code_for_somebody_else(here: Here) -> None:
    code, agent = here.code(), here.caller("agent")
    agent.do(OPEN, code=code)
    assert close(agent)["__typename"] == "BookletClosed"
    other = here.caller("other")
    assert other.do(OPEN, code=code)["__typename"] == "BookletOpened"
    assert other.do(CHARTER)["__typename"] == "CharterAccepted"


def test_closing_twice_says_that_there_is_nothing_left(here: Here, owner: Caller) -> None:
    assert close(owner)["__typename"] == "BookletClosed"
    before = everything(here.deployment)
    again = close(owner)
    assert (again["__typename"], again["state"]) == ("WrongState", "NONE")
    assert again == close(here.caller("never seen"))
    assert everything(here.deployment) == before


def test_after_closing_a_new_code_begins_anew(here: Here) -> None:
    owner = full_booklet(here)
    booklet = whole(owner)["id"]
    assert close(owner)["__typename"] == "BookletClosed"
    assert owner.do(ADD, entry=entry("diploma"))["state"] == "NONE"
    assert with_booklet(here, "owner").ask(WHOLE)["booklet"]["entries"] == []
    fresh = whole(owner)
    assert fresh["id"] != booklet
    assert added(owner, "diploma")["version"] == 1
    assert len(rows(here.deployment.store, "person")) == 1
    assert close(owner)["receipt"]["entriesDeleted"] == 1
    assert len(rows(here.deployment.store, "tombstone")) == 2


def test_the_booklets_of_others_are_untouched(here: Here) -> None:
    owner, other = full_booklet(here), full_booklet(here, "other")
    theirs, mine = whole(other), whole(owner)["id"]
    others = {
        table: [row for row in kept if mine not in row]
        for table, kept in everything(here.deployment).items()
    }
    assert close(owner)["__typename"] == "BookletClosed"
    check_untouched(here.deployment, others)
    assert whole(other) == theirs


@pytest.mark.parametrize(
    "words", [WORDS, WORDS.lower(), f"  {WORDS}\n", "Fermer mon livret", f"\u00a0{WORDS}\t"]
)
def test_case_and_outer_spaces_of_the_confirmation_are_forgiven(owner: Caller, words: str) -> None:
    assert close(owner, words)["__typename"] == "BookletClosed"


def test_without_the_exact_words_nothing_is_closed(here: Here, owner: Caller) -> None:
    before = everything(here.deployment)
    wrong = [
        "",
        "oui",
        "FERMER",
        f"{WORDS} !",
        "FERMER  MON LIVRET",
        "FERMERMONLIVRET",
        f"« {WORDS} »",
    ]
    wrong += ["SUPPRIMER MON COMPTE", "FЕRMER MON LIVRET", WORDS * 1000]
    answers = {raw(owner, CLOSE, words=words) for words in wrong}
    assert len(answers) == 1
    answer = close(owner, "oui")
    assert [(one["path"], one["code"]) for one in answer["problems"]] == [
        ("confirmation", "CONFIRMATION_MISMATCH")
    ]
    assert WORDS in answer["problems"][0]["message"]
    assert "rien n’a été supprimé" in answer["message"]
    assert WORDS in answer["message"]
    assert everything(here.deployment) == before


NOTICE = """{ booklet { closing {
  entries ties drafts dossiers shareLinks consents signInNeeded
} } }"""


def test_before_closing_an_owner_learns_what_goes_in_numbers(here: Here, owner: Caller) -> None:
    nothing = dict.fromkeys(("entries", "ties", "drafts", "dossiers", "shareLinks", "consents"), 0)
    assert owner.ask(NOTICE)["booklet"]["closing"] == nothing | {"signInNeeded": False}
    full = full_booklet(here, "full")
    told = full.ask(NOTICE)["booklet"]["closing"]
    assert told == {
        "entries": 12,
        "ties": 2,
        "drafts": 1,
        "dossiers": 0,
        "shareLinks": 1,
        "consents": 1,
        "signInNeeded": False,
    }
    assert close(full)["receipt"]["entriesDeleted"] == told["entries"]


def test_the_words_to_type_are_told_to_anybody(here: Here, owner: Caller) -> None:
    words = here.nobody().ask("{ closingWords { booklet account } }")["closingWords"]
    assert words == {"booklet": WORDS, "account": ACCOUNT_WORDS}


@pytest.mark.parametrize("ago", [0, 9.5 * MINUTE, -0.5 * MINUTE])
def test_a_sign_in_of_less_than_ten_minutes_is_recent(
    here: Here, owner: Caller, ago: float
) -> None:
    here.clock.stop(here.clock())
    recent = here.caller("owner", signed_in_at=int(here.clock.seconds - ago))
    assert not recent.ask(NOTICE)["booklet"]["closing"]["signInNeeded"]
    assert close(recent)["__typename"] == "BookletClosed"
    assert whole(owner) is None


@pytest.mark.parametrize("ago", [10.1 * MINUTE, 24 * 60 * MINUTE, -2 * MINUTE, 10**9])
def test_an_older_sign_in_or_one_to_come_closes_nothing(
    here: Here, owner: Caller, ago: float
) -> None:
    before = everything(here.deployment)
    here.clock.stop(here.clock())
    stale = here.caller("owner", signed_in_at=int(here.clock.seconds - ago))
    assert stale.ask(NOTICE)["booklet"]["closing"]["signInNeeded"]
    answer = close(stale)
    assert (answer["__typename"], answer["code"], answer["maxAge"]) == (
        "RecentSignInRequired",
        "RECENT_SIGN_IN_REQUIRED",
        600,
    )
    assert "identifiez-vous" in answer["message"]
    assert everything(here.deployment) == before
    assert added(stale, "diploma"), "only what is final asks for it"


def test_a_token_that_does_not_tell_of_the_sign_in_closes_nothing(
    here: Here, owner: Caller
) -> None:
    before = everything(here.deployment)
    silent = Caller(here.client, signed(here, sub="owner"), "owner")
    assert close(silent)["code"] == "RECENT_SIGN_IN_REQUIRED"
    assert close(silent, "oui")["code"] == "INVALID_ENTRY"
    assert everything(here.deployment) == before


@pytest.mark.parametrize("told", ["now", True, -1, 1e400, None, [], 10**300])
def test_a_token_that_tells_nonsense_of_the_sign_in_is_refused(
    here: Here, owner: Caller, told: object
) -> None:
    caller = Caller(here.client, signed(here, sub="owner", auth_time=told), "owner")
    answer = caller.post({"query": CLOSE, "variables": {"words": WORDS}})
    assert answer.status_code == 401
    assert whole(owner)


def test_nobody_else_closes_a_booklet(here: Here, owner: Caller) -> None:
    other, workshop = with_booklet(here, "other"), print_job(here, owner)
    mine = whole(owner)
    variables = {"words": WORDS}
    assert here.nobody().error(CLOSE, **variables) == "UNAUTHENTICATED"
    assert workshop.error(CLOSE, **variables) == "FORBIDDEN"
    assert here.caller("owner", "livret:read").error(CLOSE, **variables) == "INSUFFICIENT_SCOPE"
    assert close(here.caller("agent"))["state"] == "NONE"
    assert close(other)["__typename"] == "BookletClosed"
    assert whole(owner) == mine


def test_the_tokens_of_the_print_workshop_find_nothing_any_more(here: Here) -> None:
    owner = full_booklet(here)
    booklet, workshop = whole(owner), print_job(here, owner)
    dossier = booklet["dossiers"][0]["id"]
    assert close(owner)["__typename"] == "BookletClosed"
    assert raw(workshop, DOSSIER, id=dossier) == b'{"data":{"sharedDossier":null}}'
    headers = {"authorization": f"Bearer {owner.token}"}
    assert here.client.get(f"/dossiers/{dossier}.zip", headers=headers).status_code == 404
    assert tables_with_rows_of(here.deployment, booklet["id"]) == {"tombstone", "closing"}


def test_the_key_store_records_what_was_closed_by_an_id_and_a_time_alone(here: Here) -> None:
    """A restore of the data learns it there."""
    owner, other = full_booklet(here), full_booklet(here, "other")
    booklet, theirs = whole(owner)["id"], whole(other)["id"]
    close(owner)
    ((_, at, *_),) = rows(here.deployment.store, "tombstone")
    assert rows(here.deployment.key_store, "closing") == [("booklet", booklet, at)]
    close_account(other)
    recorded = [row[:2] for row in rows(here.deployment.key_store, "closing")]
    assert ("booklet", theirs) in recorded
    assert [kind for kind, _ in recorded] == ["booklet", "booklet", "person"]
