"""Consents that change: narrowed, never widened; renewed after the notice; withdrawn at once."""

import pytest

from tests.conftest import Caller, Here
from tests.graphql_api.consents.consents import (
    NARROW,
    RENEW,
    WITHDRAW,
    consents,
    day,
    given,
    kinds_of_events,
    notice,
    registered,
    rows,
    terms,
)
from tests.graphql_api.summaries.summaries import gone, ids, read


@pytest.fixture(autouse=True)
def site(here: Here) -> Caller:
    return registered(here)


def test_a_consent_is_narrowed_and_keeps_its_id(here: Here, owner: Caller, site: Caller) -> None:
    first = given(here, owner, "HOLDER", "COUNTS", "COMPETENCES")
    answer = owner.do(NARROW, id=first["id"], version=1, sections=["COMPETENCES", "COUNTS"])
    assert answer["__typename"] == "ConsentNarrowed"
    assert answer["consent"] == first | {"version": 2, "sections": ["COUNTS", "COMPETENCES"]}
    (summary,) = read(site)["nodes"]
    assert (summary["id"], summary["holder"]) == (first["id"], None)
    assert kinds_of_events(here) == ["GIVEN", "NARROWED"]


def test_a_consent_is_never_widened(here: Here, owner: Caller) -> None:
    first = given(here, owner, "COUNTS", "COMPETENCES")
    for sections, code in (
        (["HOLDER"], "WIDENED"),
        (["COUNTS", "COMPETENCES", "HOLDER"], "WIDENED"),
        (["COMPETENCES", "COUNTS"], "UNCHANGED"),
        ([], "REQUIRED"),
        (["COUNTS", "COUNTS"], "DUPLICATE"),
    ):
        refused = owner.do(NARROW, id=first["id"], version=1, sections=sections)
        assert refused["__typename"] == "InvalidEntry", sections
        assert [(one["path"], one["code"]) for one in refused["problems"]] == [("sections", code)]
    assert consents(owner) == [first]


def test_a_consent_is_renewed_after_the_notice_of_its_new_end(here: Here, owner: Caller) -> None:
    first = given(here, owner, purposeText="Mon projet")
    longer = terms(here, purposeText="Mon projet", expiresOn=day(here, 200))
    hashed = notice(owner, longer)
    answer = owner.do(RENEW, id=first["id"], version=1, on=longer["expiresOn"], notice=hashed)
    renewed = answer["consent"]
    assert renewed["id"] == first["id"]
    assert (renewed["version"], renewed["noticeSha256"]) == (2, hashed)
    assert renewed["givenAt"] == first["givenAt"]
    assert renewed["expiresAt"] > first["expiresAt"]
    assert kinds_of_events(here) == ["GIVEN", "RENEWED"]


def test_a_consent_is_not_renewed_without_its_notice_nor_beyond_twelve_months(
    here: Here, owner: Caller
) -> None:
    first = given(here, owner)
    on, said = day(here, 200), {"id": first["id"], "version": 1}
    refused = owner.do(RENEW, **said, on=on, notice=first["noticeSha256"])
    assert refused["__typename"] == "OutdatedNotice"
    assert refused["notice"]["sha256"] == notice(owner, terms(here, expiresOn=on))
    for days, code in (
        (400, "DATE_OUT_OF_RANGE"),
        (0, "DATE_OUT_OF_RANGE"),
        (90, "NOT_LATER"),
        (1, "NOT_LATER"),
    ):
        refused = owner.do(RENEW, **said, on=day(here, days), notice="0" * 64)
        assert [(one["path"], one["code"]) for one in refused["problems"]] == [("expiresOn", code)]
    assert consents(owner) == [first]


def test_a_change_that_came_too_late_is_a_conflict_with_the_present_consent(
    here: Here, owner: Caller
) -> None:
    first = given(here, owner, "HOLDER", "COUNTS", "COMPETENCES")
    id = first["id"]
    now = owner.do(NARROW, id=id, version=1, sections=["COUNTS", "HOLDER"])["consent"]
    late = owner.do(NARROW, id=id, version=1, sections=["COMPETENCES", "HOLDER"])
    assert (late["__typename"], late["currentVersion"]) == ("Conflict", 2)
    assert late["currentConsent"] == now
    late = owner.do(RENEW, id=id, version=1, on=day(here, 200), notice="0" * 64)
    assert late["__typename"] == "Conflict"
    for version in (0, -1, 3):
        assert owner.do(NARROW, id=id, version=version, sections=["HOLDER"])["code"] == "CONFLICT"


def test_a_consent_is_withdrawn_at_once_whatever_its_version(
    here: Here, owner: Caller, site: Caller
) -> None:
    first = given(here, owner, "HOLDER", "COUNTS")
    owner.do(NARROW, id=first["id"], version=1, sections=["HOLDER"])
    as_of = read(site)["asOf"]
    answer = owner.do(WITHDRAW, id=first["id"])
    ended = answer["consent"]
    assert (answer["__typename"], ended["endedBy"]) == ("ConsentWithdrawn", "WITHDRAWN")
    page = read(site, since=as_of)
    assert (ids(page), gone(page)) == ([], [(first["id"], "WITHDRAWN")])
    assert rows(here, "consent") == []
    assert consents(owner) == [ended]
    assert kinds_of_events(here) == ["GIVEN", "NARROWED", "REVOKED"]


def test_withdrawing_twice_is_told_how_it_ended_and_done_once(here: Here, owner: Caller) -> None:
    first = given(here, owner)
    once, twice = (owner.do(WITHDRAW, id=first["id"]) for _ in range(2))
    assert once == twice
    assert kinds_of_events(here) == ["GIVEN", "REVOKED"]
    for document, more in (
        (NARROW, {"sections": ["COUNTS"]}),
        (RENEW, {"on": day(here, 99), "notice": ""}),
    ):
        refused = owner.do(document, id=first["id"], version=1, **more)
        assert (refused["__typename"], refused["path"]) == ("NotFound", "id")
