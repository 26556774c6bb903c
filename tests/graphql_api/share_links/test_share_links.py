"""Share links as their owner sees them: issued, listed, revoked, told once."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from graphql_api.storage.operation import digest, end_of_day
from tests.conftest import SERVICE, Caller, Here, with_booklet
from tests.graphql_api.booklets.closing import close
from tests.graphql_api.consents.consents import day, rows
from tests.graphql_api.documents import added, at_once, kinds, whole
from tests.graphql_api.dossiers.dossiers import REMOVE_DOSSIER, made_for
from tests.graphql_api.roles import absent
from tests.graphql_api.share_links.share_links import (
    ISSUE,
    REVOKE,
    issued,
    links,
    outcomes,
    reader,
    whole_dossier,
)


def problems(answer: Any) -> list[tuple[str, str]]:
    assert answer["__typename"] == "InvalidEntry", answer
    return [(one["path"], one["code"]) for one in answer["problems"]]


def test_a_link_is_issued_for_seven_days_unless_said(here: Here, owner: Caller) -> None:
    answer = issued(owner, name="  Jury\nde VAE ")
    link = answer["link"]
    assert answer["url"].startswith(f"{SERVICE}/s/{link['id']}#")
    assert answer["pin"] is None
    assert (link["name"], link["state"]) == ("Jury de VAE", "LIVE")
    assert (link["viewsLeft"], link["hasPin"], link["wrongPins"]) == (None, False, 0)
    assert (link["lastOpenedAt"], link["revokedAt"]) == (None, None)
    in_a_week = here.clock.today + timedelta(days=7)
    assert datetime.fromisoformat(link["expiresAt"]) == end_of_day(in_a_week)
    assert links(owner) == [link]


def test_a_link_lasts_thirty_days_at_most(here: Here, owner: Caller) -> None:
    link = issued(owner, expiresOn=day(here, 30))["link"]
    lasts = datetime.fromisoformat(link["expiresAt"]) - datetime.fromisoformat(link["issuedAt"])
    assert timedelta(days=29) < lasts <= timedelta(days=30)
    today = issued(owner, expiresOn=day(here, 0))["link"]
    assert datetime.fromisoformat(today["expiresAt"]) == end_of_day(here.clock.today)


def test_terms_that_do_not_do_are_all_named_at_once(here: Here, owner: Caller) -> None:
    dossier = whole_dossier(owner)
    answer = owner.do(ISSUE, dossier=dossier, name=" ", expiresOn=day(here, 31), views=0)
    assert problems(answer) == [
        ("name", "REQUIRED"),
        ("expiresOn", "DATE_OUT_OF_RANGE"),
        ("views", "OUT_OF_RANGE"),
    ]
    answer = owner.do(ISSUE, dossier=dossier, name="x" * 101, expiresOn=day(here, -1), views=101)
    assert [code for _, code in problems(answer)] == [
        "TOO_LONG",
        "DATE_OUT_OF_RANGE",
        "OUT_OF_RANGE",
    ]
    assert problems(owner.do(ISSUE, dossier=dossier, name="a\u0007")) == [
        ("name", "CONTROL_CHARACTER")
    ]
    assert links(owner) == []


def test_a_dossier_has_links_of_its_own(here: Here, owner: Caller) -> None:
    other = made_for(owner, "MUTATION")["id"]
    first, second = issued(owner), issued(owner, other, name="Mutation")
    found = {
        one["id"]: [link["id"] for link in one["shareLinks"]]
        for one in owner.ask("{ booklet { dossiers { id shareLinks { id } } } }")["booklet"][
            "dossiers"
        ]
    }
    assert found == {whole_dossier(owner): [first["link"]["id"]], other: [second["link"]["id"]]}


def test_a_dossier_that_is_not_there_or_not_theirs_has_the_same_answer(
    here: Here, owner: Caller
) -> None:
    other = with_booklet(here, "other")
    answers = [other.do(ISSUE, dossier=id) for id in (whole_dossier(owner), absent(), "x")]
    assert [one["__typename"] for one in answers] == ["NotFound"] * 3
    assert all(one == answers[0] for one in answers)
    assert links(owner) == links(other) == []


def test_nobody_revokes_the_link_of_another(here: Here, owner: Caller) -> None:
    other, link = with_booklet(here, "other"), issued(owner)
    answers = [other.do(REVOKE, id=id) for id in (link["link"]["id"], absent(), "x")]
    assert [one["__typename"] for one in answers] == ["NotFound"] * 3
    assert all(one == answers[0] for one in answers)
    assert links(owner) == [link["link"]]
    assert here.nobody().error(REVOKE, id=link["link"]["id"]) == "UNAUTHENTICATED"
    assert here.caller("owner", "livret:read").error(REVOKE, id="x") == "INSUFFICIENT_SCOPE"
    assert here.caller("newcomer").do(REVOKE, id="x")["__typename"] == "WrongState"
    assert here.caller("newcomer").do(ISSUE, dossier="x")["__typename"] == "WrongState"


def test_revoking_again_changes_nothing(here: Here, owner: Caller) -> None:
    link = issued(owner)["link"]
    first = owner.do(REVOKE, id=link["id"])["link"]
    here.clock.moved += timedelta(hours=1)
    assert first["state"] == "REVOKED"
    assert owner.do(REVOKE, id=link["id"])["link"] == first
    assert links(owner) == [first]


def test_twenty_links_of_a_dossier_are_live_at_most(here: Here, owner: Caller) -> None:
    dossier = whole_dossier(owner)
    for number in range(20):
        issued(owner, dossier, name=str(number))
    answer = owner.do(ISSUE, dossier=dossier)
    assert (answer["__typename"], answer["limit"]) == ("LimitReached", 20)
    issued(owner, made_for(owner, "MUTATION")["id"])
    assert owner.do(REVOKE, id=links(owner)[0]["id"])["__typename"] == "ShareLinkRevoked"
    issued(owner, dossier)


def test_of_links_that_ended_the_oldest_are_forgotten_beyond_forty(
    here: Here, owner: Caller
) -> None:
    dossier = whole_dossier(owner)
    for number in range(45):
        link = issued(owner, dossier, name=str(number))["link"]
        assert owner.do(REVOKE, id=link["id"])["__typename"] == "ShareLinkRevoked"
    assert [one["name"] for one in links(owner)] == [str(n) for n in range(44, 4, -1)]
    assert len(rows(here, "share_link")) == 40


def test_twenty_one_at_once_give_twenty_links(here: Here, owner: Caller) -> None:
    dossier = whole_dossier(owner)
    for number in range(15):
        issued(owner, dossier, name=str(number))
    answers = at_once(*[lambda: owner.do(ISSUE, dossier=dossier)] * 8)
    assert kinds(answers) == ["LimitReached"] * 3 + ["ShareLinkIssued"] * 5
    assert len(links(owner)) == 20


def test_neither_the_secret_nor_the_pin_nor_the_name_is_stored(here: Here, owner: Caller) -> None:
    answer = issued(owner, name="Jury Kermadec", withPin=True, key="k")
    secret = answer["url"].partition("#")[2]
    stored = " ".join(
        str(bytes(value) if isinstance(value, memoryview) else value)
        for table in ("share_link", "answer")
        for row in rows(here, table)
        for value in row
    )
    assert digest(secret) in stored
    for told in (secret, answer["pin"], "Kermadec", digest(answer["pin"])):
        assert told not in stored


def test_a_repeated_request_gives_the_link_again_without_its_secret(
    here: Here, owner: Caller
) -> None:
    sent: dict[str, Any] = {"dossier": whole_dossier(owner), "withPin": True, "key": "one"}
    first, again = owner.do(ISSUE, **sent), owner.do(ISSUE, **sent)
    assert len(first["pin"]) == 6
    assert again == first | {"url": None, "pin": None}
    assert len(links(owner)) == 1
    other = owner.do(ISSUE, **sent | {"name": "Autre"})
    assert other["__typename"] == "IdempotencyMismatch"


def test_equal_requests_at_once_issue_one_link_and_tell_it_once(here: Here, owner: Caller) -> None:
    sent = {"dossier": whole_dossier(owner), "key": "one"}
    answers = at_once(*[lambda: owner.do(ISSUE, **sent)] * 8)
    assert len({one["link"]["id"] for one in answers}) == 1
    assert len([one for one in answers if one["url"]]) == 1
    assert len(links(owner)) == 1


def test_a_secret_under_another_name_in_the_answer_is_not_kept_either(
    here: Here, owner: Caller
) -> None:
    document = """mutation($dossier: ID!) { a: shareLinkIssue(
      dossier: $dossier, name: "x", withPin: true, idempotencyKey: "k") {
      ... on ShareLinkIssued { b: url c: pin d: url } } }"""
    dossier = whole_dossier(owner)
    first = owner.ask(document, dossier=dossier)["a"]
    assert first["b"] == first["d"]
    assert owner.ask(document, dossier=dossier) == {"a": {"b": None, "c": None, "d": None}}


def test_removing_a_dossier_ends_its_links(here: Here, owner: Caller) -> None:
    dossier = made_for(owner, "MUTATION")
    kept, ended = issued(owner), issued(owner, dossier["id"])
    reading = reader(here, ended)
    assert reading.has_opened()
    sent = {"id": dossier["id"], "version": dossier["version"]}
    assert owner.do(REMOVE_DOSSIER, **sent)["__typename"] == "DossierRemoved"
    assert reading.get("/opened").status_code == 403
    assert not reading.has_opened()
    assert links(owner) == [kept["link"]]


def test_closing_the_booklet_ends_its_links(here: Here, owner: Caller) -> None:
    link = issued(owner)
    reading = reader(here, link)
    assert reading.has_opened()
    signed_in = here.caller("owner", signed_in_at=int(here.clock().timestamp()))
    assert close(signed_in)["__typename"] == "BookletClosed"
    assert rows(here, "share_link") == rows(here, "share_session") == []
    assert reading.get("/opened").status_code == 403
    assert not reading.has_opened()


def test_a_link_that_ended_a_year_ago_is_listed_no_more(here: Here, owner: Caller) -> None:
    issued(owner)
    here.clock.moved += timedelta(days=370)
    (link,) = links(owner)
    assert link["state"] == "EXPIRED"
    here.clock.moved += timedelta(days=4)
    assert links(owner) == []


def test_a_conflict_shows_the_links_of_the_dossier_too(here: Here, owner: Caller) -> None:
    dossier = made_for(owner, "MUTATION")["id"]
    link = issued(owner, dossier)["link"]
    document = """mutation($id: ID!) { dossierRemove(id: $id, version: 9) {
      ... on Conflict { currentDossier { shareLinks { id } } } } }"""
    answer = owner.do(document, id=dossier)
    assert answer["currentDossier"]["shareLinks"] == [{"id": link["id"]}]


@pytest.mark.parametrize("ended", ["REVOKED", "EXPIRED", "USED_UP", "LOCKED"])
def test_the_owner_sees_why_a_link_ended(here: Here, owner: Caller, ended: str) -> None:
    link = issued(owner, views=1, withPin=True)
    somebody = reader(here, link)
    if ended == "REVOKED":
        owner.do(REVOKE, id=link["link"]["id"])
    elif ended == "EXPIRED":
        here.clock.set(end_of_day(here.clock.today + timedelta(days=7)))
    elif ended == "USED_UP":
        assert somebody.has_opened(link["pin"])
    else:
        wrong = "000000" if link["pin"] != "000000" else "111111"
        assert [somebody.has_opened(wrong) for _ in range(5)] == [False] * 5
    assert links(owner)[0]["state"] == ended
    assert not somebody.has_opened(link["pin"])
    assert outcomes(owner)[-1] == "REFUSED"


def test_an_entry_added_later_is_in_the_same_dossier(here: Here, owner: Caller) -> None:
    """A link is to a dossier as it is when it is read, and says so of no version."""
    link = issued(owner)["link"]
    added(owner, "diploma")
    assert links(owner) == [link]
    assert whole(owner)["version"] > 1
