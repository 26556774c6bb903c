"""Ending an account: the booklet, the sign-ins and the rights of a person, and of nobody else."""

import pytest

from graphql_api.callers.officers import add_officer, add_operator
from graphql_api.configuration.settings import OWN_ISSUER
from graphql_api.serving import build_service
from graphql_api.storage.actors import Agent
from graphql_api.storage.erasing import TABLES_OF_A_PERSON
from graphql_api.storage.operation import digest
from graphql_api.storage.tables import LoginIdentityTable
from tests.conftest import Caller, Here, with_booklet
from tests.graphql_api.booklets.closing import (
    ACCOUNT_WORDS,
    CLOSE_ACCOUNT,
    DOSSIER,
    WORDS,
    check_untouched,
    close,
    close_account,
    everything,
    full_booklet,
    print_job,
    rows,
    tables_with_rows_of,
)
from tests.graphql_api.documents import WHOLE, raw, whole
from tests.graphql_api.office import offices
from tests.graphql_api.signing_rows import sign_rows

SIRET = "21330063500017"


def appoint(here: Here, name: str) -> str:
    """Give a person every right, and a second way to sign in; the person's id."""
    service = build_service(here.deployment.settings)
    who = Agent(OWN_ISSUER, name, frozenset())
    op = service.operation(who)
    with service.store.writing():
        add_officer(op, who, SIRET)
        add_operator(op, who)
        second = {"issuer": "https://other.example", "subject": digest(name), "person": op.person}
        service.store.run(LoginIdentityTable.insert(**second))
    sign_rows(service.store)
    service.close()
    assert op.person is not None
    return op.person


def test_ending_an_account_leaves_no_row_of_the_person_nor_of_the_booklet(here: Here) -> None:
    owner, other = full_booklet(here), full_booklet(here, "other")
    person, theirs = appoint(here, "owner"), whole(other)
    booklet = whole(owner)["id"]
    tables = {model._meta.table_name for model in TABLES_OF_A_PERSON}
    before = tables_with_rows_of(here.deployment, person)
    assert before == tables - {"set_aside"} | {"person", "booklet"}
    others = {
        table: [row for row in kept if booklet not in row and person not in row]
        for table, kept in everything(here.deployment).items()
    }
    answer = close_account(owner)
    assert answer["bookletReceipt"]["number"] == booklet
    assert answer["bookletReceipt"]["entriesDeleted"] == 12
    assert answer["bookletReceipt"]["closedAt"] == answer["closedAt"]
    assert tables_with_rows_of(here.deployment, person) == {"closing"}
    assert tables_with_rows_of(here.deployment, booklet) == {"tombstone", "closing"}
    check_untouched(here.deployment, others)
    assert whole(other) == theirs


def test_whoever_comes_back_is_a_new_person_without_rights(here: Here) -> None:
    owner = with_booklet(here, "owner")
    person, booklet = appoint(here, "owner"), whole(owner)["id"]
    officer = here.caller("owner", "rh:codes")
    assert offices(officer) == [SIRET]
    assert close_account(owner)["__typename"] == "AccountClosed"
    assert offices(officer) == []
    assert owner.ask(WHOLE) == {"booklet": None}
    assert whole(with_booklet(here, "owner"))["id"] != booklet
    ((fresh, _),) = rows(here.deployment.store, "person")
    assert fresh != person


def test_an_account_without_a_booklet_is_ended_too(here: Here) -> None:
    owner = with_booklet(here, "owner")
    assert close(owner)["__typename"] == "BookletClosed"
    answer = close_account(owner)
    assert (answer["__typename"], answer["bookletReceipt"]) == ("AccountClosed", None)
    assert rows(here.deployment.store, "person") == []
    before = everything(here.deployment)
    for caller in (owner, here.caller("never seen")):
        assert close_account(caller)["bookletReceipt"] is None
    assert everything(here.deployment) == before


@pytest.mark.parametrize("words", ["", WORDS, "SUPPRIMER", f"{ACCOUNT_WORDS}.", "supprimer"])
def test_without_the_exact_words_no_account_is_ended(here: Here, owner: Caller, words: str) -> None:
    before = everything(here.deployment)
    answer = close_account(owner, words)
    assert [(one["path"], one["code"]) for one in answer["problems"]] == [
        ("confirmation", "CONFIRMATION_MISMATCH")
    ]
    assert ACCOUNT_WORDS in answer["problems"][0]["message"]
    assert everything(here.deployment) == before
    assert close_account(owner, " supprimer mon compte ")["__typename"] == "AccountClosed"


def test_an_account_is_ended_by_its_person_alone_and_after_a_recent_sign_in(
    here: Here, owner: Caller
) -> None:
    workshop, mine = print_job(here, owner), whole(owner)
    before = everything(here.deployment)
    said = {"words": ACCOUNT_WORDS}
    stale = here.caller("owner", signed_in_at=here.clock.seconds - 660)
    assert close_account(stale)["code"] == "RECENT_SIGN_IN_REQUIRED"
    assert here.nobody().error(CLOSE_ACCOUNT, **said) == "UNAUTHENTICATED"
    assert workshop.error(CLOSE_ACCOUNT, **said) == "FORBIDDEN"
    reader = here.caller("owner", "livret:read rh:codes")
    assert reader.error(CLOSE_ACCOUNT, **said) == "INSUFFICIENT_SCOPE"
    assert everything(here.deployment) == before
    assert close_account(with_booklet(here, "other"))["__typename"] == "AccountClosed"
    assert whole(owner) == mine
    assert close_account(owner)["bookletReceipt"]["number"] == mine["id"]
    assert (
        raw(workshop, DOSSIER, id=mine["dossiers"][0]["id"]) == b'{"data":{"sharedDossier":null}}'
    )
