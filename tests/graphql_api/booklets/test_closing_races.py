"""Closing while something else is under way: wholly before, or refused; nothing is left between."""

import time

from tests.conftest import OPEN, Caller, Here, with_booklet
from tests.graphql_api.booklets.closing import (
    DOSSIER,
    close,
    close_account,
    destroyed,
    print_job,
    rows,
    tables_with_rows_of,
)
from tests.graphql_api.documents import ADD, at_once, entry, kinds, whole


def test_of_closings_at_once_one_gets_the_receipt(here: Here, owner: Caller) -> None:
    booklet = whole(owner)["id"]
    answers = at_once(*[lambda: close(owner)] * 8)
    assert kinds(answers) == ["BookletClosed"] + ["WrongState"] * 7
    assert {answer["state"] for answer in answers if "state" in answer} == {"NONE"}
    assert tables_with_rows_of(here.deployment, booklet) == {"tombstone", "closing"}
    assert destroyed(here.deployment, booklet)


def test_what_is_written_while_closing_is_deleted_or_refused(here: Here) -> None:
    for number in range(4):
        owner = with_booklet(here, f"agent {number}")
        booklet = whole(owner)["id"]
        diploma = entry("diploma")
        adding = [lambda o=owner, d=diploma: o.do(ADD, entry=d, key=str(time.monotonic_ns()))] * 6
        closed, *written = at_once(lambda o=owner: close(o), *adding)
        done = kinds(written).count("EntryAdded")
        assert kinds(written) == ["EntryAdded"] * done + ["WrongState"] * (6 - done)
        assert closed["receipt"]["entriesDeleted"] == done
        assert tables_with_rows_of(here.deployment, booklet) == {"tombstone", "closing"}


def test_what_is_read_while_closing_leaves_no_row_behind(here: Here) -> None:
    for number in range(3):
        owner = with_booklet(here, f"agent {number}")
        booklet, workshop = whole(owner), print_job(here, owner)
        dossier = booklet["dossiers"][0]["id"]
        reading = [lambda w=workshop, d=dossier: w.ask(DOSSIER, id=d)] * 5
        closed, *read = at_once(lambda o=owner: close(o), *reading)
        assert closed["__typename"] == "BookletClosed"
        titles = {str(one["sharedDossier"] and one["sharedDossier"]["title"]) for one in read}
        assert titles <= {"None", booklet["dossiers"][0]["title"]}
        assert tables_with_rows_of(here.deployment, booklet["id"]) == {"tombstone", "closing"}


def test_of_accounts_ended_at_once_one_gets_the_receipt_of_the_booklet(here: Here) -> None:
    owner = with_booklet(here, "owner")
    booklet = whole(owner)["id"]
    answers = at_once(*[lambda: close_account(owner)] * 6)
    assert kinds(answers) == ["AccountClosed"] * 6
    receipts = [one["bookletReceipt"] for one in answers if one["bookletReceipt"]]
    assert [one["number"] for one in receipts] == [booklet]
    assert tables_with_rows_of(here.deployment, booklet) == {"tombstone", "closing"}


def test_a_booklet_opened_while_the_account_ends_has_an_owner_or_is_none(here: Here) -> None:
    """Whoever waited for the end of their account is a new person, with a booklet of their own."""
    for number in range(6):
        agent = with_booklet(here, f"agent {number}")
        assert close(agent)["__typename"] == "BookletClosed"
        code = here.code()
        ended, opened = at_once(
            lambda a=agent: close_account(a), lambda a=agent, c=code: a.do(OPEN, code=c)
        )
        assert ended["__typename"] == "AccountClosed"
        assert opened["__typename"] == "BookletOpened"
        assert (whole(agent) is None) == bool(ended["bookletReceipt"])
    store = here.deployment.store
    known = {row[2] for row in rows(store, "identity")}
    assert {row[0] for row in rows(store, "person")} == known
    assert {row[1] for row in rows(store, "booklet")} <= known
