"""Consents: given after the notice of their very terms, by the owner of an open booklet alone."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from graphql_api.storage.operation import end_of_day
from tests.conftest import CHARTER, OPEN, Caller, Here, with_booklet
from tests.graphql_api.consents.consents import (
    GIVE,
    NARROW,
    NOTICE,
    RENEW,
    WITHDRAW,
    change,
    consents,
    day,
    give,
    given,
    kinds_of_events,
    notice,
    registered,
    rows,
    terms,
)
from tests.graphql_api.documents import ADD, REVISE, SAY_WHO, added, entry
from tests.graphql_api.roles import absent
from tests.graphql_api.summaries.summaries import ids, read


@pytest.fixture(autouse=True)
def site(here: Here) -> Caller:
    return registered(here)


def test_a_consent_says_who_may_read_what_and_until_when(here: Here, owner: Caller) -> None:
    here.clock.stop(here.clock())
    assert consents(owner) == []
    answer = give(owner, terms(here, "COMPETENCES", "HOLDER", purposeText=" Un\r\nbilan "))
    consent = answer["consent"]
    assert answer["__typename"] == "ConsentGiven"
    assert consent["site"]["name"] == "Délégation Nouvelle-Aquitaine du CNFPT"
    assert consent["sections"] == ["HOLDER", "COMPETENCES"]
    assert consent["purpose"]["label"] == "Être conseillé sur votre parcours de formation"
    assert consent["purposeText"] == "Un\nbilan"
    assert (consent["version"], consent["noticeVersion"]) == (1, "1")
    assert (consent["endedAt"], consent["endedBy"]) == (None, None)
    assert datetime.fromisoformat(consent["givenAt"]) == here.clock()
    until = datetime.fromisoformat(consent["expiresAt"])
    assert until.tzinfo is not None
    assert until == end_of_day(here.clock.today + timedelta(days=90))
    assert consents(owner) == [consent]


def test_what_a_consent_is_for_is_sealed(here: Here, owner: Caller) -> None:
    given(here, owner, purposeText="canari de l’objet")
    for table in ("consent", "consent_event"):
        assert not any("canari" in str(row) for row in rows(here, table))
        assert not any(b"canari" in bytes(row[-1]) for row in rows(here, "consent"))


def test_nothing_is_consented_without_the_notice_of_the_very_terms(
    here: Here, owner: Caller
) -> None:
    said = terms(here)
    right = notice(owner, said)
    wider = notice(owner, terms(here, "COUNTS", "COMPETENCES", "HOLDER"))
    for shown in ("", "0" * 64, right.upper(), right[:-1], wider, "x" * 10_000):
        refused = owner.do(GIVE, consent=said, notice=shown)
        assert (refused["__typename"], refused["code"]) == ("OutdatedNotice", "OUTDATED_NOTICE")
        assert refused["notice"]["sha256"] == right
    assert consents(owner) == []
    assert kinds_of_events(here) == []


def test_the_notice_needs_no_booklet_and_names_every_fault(here: Here) -> None:
    wrong = terms(here, expiresOn=day(here, 0), purpose="?", sections=[])
    refused = here.nobody().ask(NOTICE, consent=wrong)["consentNotice"]
    assert [(one["path"], one["code"]) for one in refused["problems"]] == [
        ("consent.sections", "REQUIRED"),
        ("consent.purpose", "UNKNOWN_CODE"),
        ("consent.expiresOn", "DATE_OUT_OF_RANGE"),
    ]
    shown = here.nobody().ask(NOTICE, consent=terms(here))["consentNotice"]
    assert "Délégation Nouvelle-Aquitaine" in shown["written"]


def test_terms_with_faults_are_refused_with_their_paths(here: Here, owner: Caller) -> None:
    hashed = notice(owner, terms(here))
    for wrong, path in (
        (terms(here, sections=[]), "consent.sections"),
        (terms(here, expiresOn=day(here, 0)), "consent.expiresOn"),
        (terms(here, expiresOn="9999-12-31"), "consent.expiresOn"),
        (terms(here, purpose="AUTRE"), "consent.purposeText"),
        (terms(here, purposeText="\ufffd"), "consent.purposeText"),
    ):
        refused = owner.do(GIVE, consent=wrong, notice=hashed)
        assert refused["__typename"] == "InvalidEntry"
        assert [one["path"] for one in refused["problems"]] == [path]
    assert consents(owner) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"expiresOn": None},
        {"expiresOn": "demain"},
        {"expiresOn": 20270101},
        {"sections": None},
        {"sections": ["ALL"]},
        {"purpose": None},
        {"site": 75},
        {"level": "DETAIL"},
    ],
)
def test_terms_of_another_form_are_a_bad_request(
    here: Here, owner: Caller, wrong: dict[str, Any]
) -> None:
    answer = owner.post(
        {"query": GIVE, "variables": {"consent": terms(here) | wrong, "notice": "0" * 64}}
    )
    assert answer.status_code in (200, 400), answer.text
    assert answer.json()["errors"], answer.text
    assert consents(owner) == []


def test_another_consent_for_the_same_site_replaces_the_one_that_it_names(
    here: Here, owner: Caller, site: Caller
) -> None:
    first = given(here, owner)
    refused = give(owner, terms(here, "HOLDER"))
    assert (refused["__typename"], refused["code"]) == (
        "ConsentAlreadyGiven",
        "CONSENT_ALREADY_GIVEN",
    )
    assert refused["message"].startswith("Ce site a déjà votre consentement")
    assert refused["consent"] == first
    refused = give(owner, terms(here, "HOLDER"), replaces=absent())
    assert (refused["__typename"], refused["currentConsent"]) == ("Conflict", first)
    second = given(here, owner, "HOLDER", replaces=first["id"])
    now = consents(owner)
    assert [one["id"] for one in now] == [second["id"], first["id"]]
    assert [one["endedBy"] for one in now] == [None, "WITHDRAWN"]
    assert ids(read(site)) == [second["id"]]
    assert kinds_of_events(here) == ["GIVEN", "REVOKED", "GIVEN"]
    assert rows(here, "summary_stone", "site", "id", "reason") == [("75", first["id"], "WITHDRAWN")]
    again = give(owner, terms(here, "HOLDER"), replaces=first["id"])
    assert again["__typename"] == "Conflict", "it names one that has ended"


def test_what_is_replaced_is_a_live_consent_for_that_site(here: Here, owner: Caller) -> None:
    registered(here, "53")
    other = given(here, owner, site="53")
    for id in (other["id"], absent(), "x", ""):
        refused = give(owner, terms(here), replaces=id)
        assert (refused["__typename"], refused["path"]) == ("NotFound", "replaces")
    assert [one["id"] for one in consents(owner)] == [other["id"]]


def test_each_site_has_a_consent_of_its_own(here: Here, owner: Caller, site: Caller) -> None:
    elsewhere = registered(here, "INSET_NANCY")
    one, two = given(here, owner), given(here, owner, site="INSET_NANCY")
    assert ids(read(site)) == [one["id"]]
    assert ids(read(elsewhere)) == [two["id"]]


def test_somebody_elses_consent_is_one_that_is_not_there(here: Here, owner: Caller) -> None:
    other = with_booklet(here, "other")
    theirs = given(here, other)
    given(here, owner)
    for document, more in (
        (NARROW, {"version": 1, "sections": ["COUNTS"]}),
        (RENEW, {"version": 1, "on": day(here, 200), "notice": "0" * 64}),
        (WITHDRAW, {}),
    ):
        answers = {
            owner.post({"query": document, "variables": {"id": id, **more}}).content
            for id in (theirs["id"], absent(), "x", "", "\u2028", "x" * 5_000)
        }
        assert len(answers) == 1, answers
        assert b"NotFound" in answers.pop()
    assert consents(other) == [theirs]


def test_whoever_has_no_open_booklet_gives_no_consent(here: Here, owner: Caller) -> None:
    newcomer = here.caller("newcomer")
    said = terms(here)
    hashed = notice(owner, said)
    refused = newcomer.do(GIVE, consent=said, notice=hashed)
    assert (refused["__typename"], refused["state"]) == ("WrongState", "NONE")
    assert newcomer.do(WITHDRAW, id=absent())["__typename"] == "WrongState"
    assert here.nobody().error(GIVE, consent=said, notice=hashed) == "UNAUTHENTICATED"
    reader = here.caller("owner", "livret:read")
    assert reader.error(GIVE, consent=said, notice=hashed) == "INSUFFICIENT_SCOPE"
    assert here.machine("owner").error(GIVE, consent=said, notice=hashed) == "FORBIDDEN"
    assert kinds_of_events(here) == []


def test_a_booklet_that_is_not_open_yet_gives_no_consent(here: Here) -> None:
    beginner, said = here.caller("beginner"), terms(here)
    hashed = notice(beginner, said)
    for step, state in (
        ((OPEN, {"code": here.code()}), "CODE_GIVEN"),
        ((CHARTER, {}), "CHARTER_ACCEPTED"),
    ):
        document, variables = step
        beginner.do(document, **variables)
        refused = beginner.do(GIVE, consent=said, notice=hashed)
        assert (refused["__typename"], refused["state"]) == ("WrongState", state)


def test_a_new_charter_is_accepted_before_one_consents_but_not_before_one_withdraws(
    here: Here, owner: Caller
) -> None:
    first = given(here, owner, "HOLDER", "COUNTS")
    change(here, "UPDATE booklet SET charter_version = '0'")
    refused = give(owner, terms(here, "COUNTS"), replaces=first["id"])
    assert refused["__typename"] == "OutdatedCharter"
    refused = owner.do(RENEW, id=first["id"], version=1, on=day(here, 200), notice="")
    assert refused["__typename"] == "OutdatedCharter"
    answer = owner.do(NARROW, id=first["id"], version=1, sections=["COUNTS"])
    assert answer["__typename"] == "ConsentNarrowed"
    assert owner.do(WITHDRAW, id=first["id"])["__typename"] == "ConsentWithdrawn"


def test_the_same_request_under_one_key_is_done_once(here: Here, owner: Caller) -> None:
    said = terms(here)
    hashed = notice(owner, said)
    first, again = (owner.do(GIVE, consent=said, notice=hashed, key="k") for _ in range(2))
    assert first == again
    assert len(consents(owner)) == 1
    other = terms(here, "HOLDER")
    refused = owner.do(GIVE, consent=other, notice=notice(owner, other), key="k")
    assert refused["__typename"] == "IdempotencyMismatch"
    withdrawn, again = (owner.do(WITHDRAW, id=first["consent"]["id"], key="w") for _ in range(2))
    assert withdrawn == again
    assert kinds_of_events(here) == ["GIVEN", "REVOKED"]


def test_what_a_booklet_holds_moves_its_consents_and_nobody_elses(
    here: Here, owner: Caller, site: Caller
) -> None:
    other = with_booklet(here, "other")
    given(here, other)
    mine = given(here, owner)
    before = dict(rows(here, "consent", "id", "changed_at"))
    training = added(owner, "training")
    for ask in (
        lambda: owner.do(ADD, entry=entry("diploma")),
        lambda: owner.do(REVISE, id=training["id"], version=1, entry=entry("training")),
        lambda: owner.do(SAY_WHO, identity={"city": "Brest"}, version=1),
    ):
        assert ask()["__typename"].endswith(("Added", "Revised"))
        now = dict(rows(here, "consent", "id", "changed_at"))
        assert now.pop(mine["id"]) > before.pop(mine["id"])
        assert now == before
        before = dict(rows(here, "consent", "id", "changed_at"))
    refused = owner.do(ADD, entry=entry("diploma", title=None))
    assert refused["__typename"] == "InvalidEntry"
    assert dict(rows(here, "consent", "id", "changed_at")) == before
