"""The chain of events: gapless whoever writes at once, and broken by whoever changes it behind us."""

import re
from functools import partial

import pytest

from graphql_api.storage.communicated.consent_events import _hash as link_of
from graphql_api.storage.communicated.consent_repository import end_expired
from graphql_api.storage.store import Store
from schema.typography import typeset
from tests.conftest import Caller, Here, with_booklet
from tests.graphql_api.commands.commands import Livret
from tests.graphql_api.consents.consents import (
    GIVE,
    NARROW,
    WITHDRAW,
    change,
    consents,
    given,
    kinds_of_events,
    notice,
    registered,
    rows,
    terms,
)
from tests.graphql_api.documents import ADD, at_once, entry, kinds


@pytest.fixture(autouse=True)
def site(here: Here) -> Caller:
    return registered(here)


@pytest.fixture
def history(here: Here, owner: Caller) -> str:
    """Five events, of which the last two are of a consent that is live; its id."""
    owner.do(WITHDRAW, id=given(here, owner, "COUNTS", "HOLDER")["id"])
    first = given(here, owner, "COUNTS", "HOLDER")["id"]
    second = given(here, owner, "COUNTS", "HOLDER", replaces=first)["id"]
    assert owner.do(NARROW, id=second, version=1, sections=["COUNTS"])["consent"]["version"] == 2
    assert kinds_of_events(here) == ["GIVEN", "REVOKED", "GIVEN", "REVOKED", "GIVEN", "NARROWED"]
    return str(second)


def head(livret: Livret) -> str:
    code, said, wrong = livret("consents", "verify")
    assert (code, wrong) == (0, ""), wrong
    (found,) = re.findall(r"--head (\S+)$", said, re.MULTILINE)
    return str(found)


def test_an_empty_chain_is_whole(livret: Livret) -> None:
    assert head(livret) == f"0:{'0' * 64}"
    assert livret("consents", "verify", "--head", f"0:{'0' * 64}")[0] == 0


def test_a_chain_that_nobody_touched_is_whole(livret: Livret, history: str) -> None:
    code, said, wrong = livret("consents", "verify")
    assert (code, wrong) == (0, "")
    assert said.startswith(typeset("Chaîne intacte : 6 événements.\n"))


@pytest.mark.parametrize(
    ("sql", "behind"),
    [
        ("UPDATE consent_event SET kind = 'RENEWED' WHERE number = 3", 2),
        ("UPDATE consent_event SET at = at - 86400000000 WHERE number = 1", 0),
        ("UPDATE consent_event SET digest = hash WHERE number = 6", 5),
        ("UPDATE consent_event SET hash = digest WHERE number = 2", 1),
        ("DELETE FROM consent_event WHERE number = 1", 0),
        ("DELETE FROM consent_event WHERE number = 4", 3),
        ("UPDATE consent_event SET number = number + 10 WHERE number = 6", 5),
        ("UPDATE consent_event SET number = -number WHERE number = 2", 0),
        ("INSERT INTO consent_event SELECT 7, at, kind, digest, hash FROM consent_event WHERE number = 3", 6),
        ("INSERT INTO consent_event SELECT 0, at, kind, digest, hash FROM consent_event WHERE number = 3", 0),
    ],
)  # fmt: skip
def test_an_event_that_was_altered_removed_or_inserted_breaks_the_chain(
    here: Here, livret: Livret, history: str, sql: str, behind: int
) -> None:
    assert change(here, sql) == 1
    code, said, wrong = livret("consents", "verify")
    assert (code, said) == (1, "")
    assert wrong == typeset(f"Échec : La chaîne est rompue après l’événement {behind}.\n")


def test_events_that_changed_places_break_the_chain(
    here: Here, livret: Livret, history: str
) -> None:
    for old, new in ((2, 99), (3, 2), (99, 3)):
        assert change(here, f"UPDATE consent_event SET number = {new} WHERE number = {old}") == 1
    assert livret("consents", "verify")[0] == 1


def test_a_number_that_was_left_out_breaks_the_chain(
    here: Here, livret: Livret, history: str
) -> None:
    number, last = head(livret).split(":")
    (at, digest), *_ = rows(here, "consent_event", "at", "digest")
    for following, code in ((int(number) + 2, 1), (int(number) + 1, 0)):
        hashed = link_of(last, following, at, "GIVEN", digest)
        change(
            here,
            f"INSERT INTO consent_event VALUES ({following}, {at}, 'GIVEN', '{digest}', '{hashed}')",
        )
        assert livret("consents", "verify")[0] == code
        change(here, f"DELETE FROM consent_event WHERE number = {following}")


def test_a_chain_that_was_cut_off_lacks_a_consent_that_is_kept(
    here: Here, livret: Livret, history: str
) -> None:
    assert change(here, "DELETE FROM consent_event WHERE number = 6") == 1
    code, _, wrong = livret("consents", "verify")
    assert (code, wrong) == (1, typeset("Échec : Un consentement n’est pas dans la chaîne.\n"))


def test_a_consent_that_was_altered_is_not_in_the_chain(
    here: Here, livret: Livret, history: str
) -> None:
    change(here, "UPDATE consent SET event = 1")
    assert livret("consents", "verify")[0] == 1
    change(here, "UPDATE consent SET event = 6, digest = notice_hash")
    assert livret("consents", "verify")[0] == 1


def test_a_chain_that_was_cut_off_with_its_consents_lacks_the_head_that_was_noted(
    here: Here, livret: Livret, owner: Caller, history: str
) -> None:
    owner.do(WITHDRAW, id=history)
    noted = head(livret)
    change(here, "DELETE FROM past_consent")
    assert change(here, "DELETE FROM consent_event WHERE number > 5") == 2
    assert livret("consents", "verify")[0] == 0, "the chain alone does not tell"
    code, _, wrong = livret("consents", "verify", "--head", noted)
    assert (code, wrong) == (1, typeset("Échec : La chaîne ne contient pas l’événement attendu.\n"))


def test_a_chain_that_was_written_anew_lacks_the_head_that_was_noted(
    here: Here, livret: Livret, history: str
) -> None:
    noted = head(livret)
    change(here, "DELETE FROM past_consent")
    change(here, "DELETE FROM consent")
    last = "0" * 64
    for number, at, _, digest, _ in rows(here, "consent_event"):
        last = link_of(last, number, at, "GIVEN", digest)
        change(
            here,
            f"UPDATE consent_event SET kind = 'GIVEN', hash = '{last}' WHERE number = {number}",
        )
    assert livret("consents", "verify")[0] == 0, "the chain alone does not tell"
    assert livret("consents", "verify", "--head", noted)[0] == 1


def test_an_earlier_head_is_still_in_a_chain_that_grew(
    here: Here, livret: Livret, owner: Caller, history: str
) -> None:
    noted = head(livret)
    owner.do(WITHDRAW, id=history)
    assert livret("consents", "verify", "--head", noted)[0] == 0
    number, _, hashed = noted.partition(":")
    assert livret("consents", "verify", "--head", f"{number}:{'0' * 64}")[0] == 1
    assert livret("consents", "verify", "--head", f"99:{hashed}")[0] == 1
    for bad in (
        "",
        "6",
        hashed,
        f"{number}:{hashed.upper()}",
        f"-1:{hashed}",
        f"{number}:{hashed}0",
    ):
        assert livret("consents", "verify", f"--head={bad}")[0] == 2, bad


def test_a_long_chain_is_verified_in_batches(
    here: Here, livret: Livret, history: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graphql_api.storage.communicated.consent_events._BATCH", 2)
    assert "6 événements" in livret("consents", "verify")[1]
    change(here, "DELETE FROM consent_event WHERE number = 3")
    assert "après l’événement 2" in livret("consents", "verify")[2]


def test_numbers_have_no_gap_whoever_consents_at_once(here: Here, livret: Livret) -> None:
    owners = [with_booklet(here, f"agent {number}") for number in range(8)]
    at_once(*(partial(given, here, owner) for owner in owners))
    mine = rows(here, "consent", "id", "event")
    assert sorted(event for _, event in mine) == list(range(1, 9))
    assert "8 événements" in livret("consents", "verify")[1]


def test_a_consent_that_is_undone_leaves_no_gap(
    here: Here, owner: Caller, livret: Livret, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What fails once the event was written takes the event along."""
    with monkeypatch.context() as patched:
        patched.setattr(
            "graphql_api.storage.communicated.consent_repository.to_graphql", lambda consent: 1 / 0
        )
        said = terms(here)
        assert owner.error(GIVE, consent=said, notice=notice(owner, said)) == "INTERNAL_ERROR"
    assert rows(here, "consent_event") == rows(here, "consent") == []
    given(here, owner)
    assert "1 événement." in livret("consents", "verify")[1]


def test_of_consents_given_at_once_for_one_site_one_is_given(here: Here, owner: Caller) -> None:
    said = terms(here)
    hashed = notice(owner, said)
    answers = at_once(*[lambda: owner.do(GIVE, consent=said, notice=hashed)] * 8)
    assert kinds(answers) == ["ConsentAlreadyGiven"] * 7 + ["ConsentGiven"]
    assert len(consents(owner)) == 1
    assert kinds_of_events(here) == ["GIVEN"]


def test_of_changes_at_once_one_is_done(here: Here, owner: Caller, livret: Livret) -> None:
    id = given(here, owner, "HOLDER", "COUNTS", "COMPETENCES")["id"]
    choices = (["HOLDER"], ["COUNTS"], ["COMPETENCES"]) * 2
    answers = at_once(
        *(partial(owner.do, NARROW, id=id, version=1, sections=one) for one in choices)
    )
    assert kinds(answers) == ["Conflict"] * 5 + ["ConsentNarrowed"]
    assert kinds_of_events(here) == ["GIVEN", "NARROWED"]
    answers = at_once(*[lambda: owner.do(WITHDRAW, id=id)] * 6)
    assert kinds(answers) == ["ConsentWithdrawn"] * 6
    assert kinds_of_events(here) == ["GIVEN", "NARROWED", "REVOKED"]
    assert livret("consents", "verify")[0] == 0


def test_withdrawing_expiring_and_writing_at_once_end_each_consent_once(
    here: Here, livret: Livret
) -> None:
    for number in range(4):
        owner = with_booklet(here, f"agent {number}")
        id = given(here, owner)["id"]
        change(here, "UPDATE consent SET expires_at = changed_at + 1")

        def sweep() -> int:
            store = Store(here.deployment.settings.database_url)
            try:
                return end_expired(store, 2**62)
            finally:
                store.close()

        withdrawn, written, *_ = at_once(
            partial(owner.do, WITHDRAW, id=id),
            partial(owner.do, ADD, entry=entry("diploma")),
            sweep,
            sweep,
        )
        assert withdrawn["consent"]["endedBy"] == "EXPIRED"
        assert written["__typename"] == "EntryAdded"
    assert kinds_of_events(here) == ["GIVEN", "EXPIRED"] * 4
    assert livret("consents", "verify")[0] == 0
