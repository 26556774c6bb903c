"""What a session of a share link lets read, and what ends it."""

from datetime import timedelta
from uuid import uuid4

from tests.conftest import Caller, Here, with_booklet
from tests.graphql_api.consents.consents import change, rows
from tests.graphql_api.share_links.share_links import (
    OURS,
    REVOKE,
    SESSION_NAME,
    fresh,
    issued,
    outcomes,
    reader,
    told,
)
from tests.graphql_api.site import referrer_policy_of


def test_revoking_bites_at_the_next_request_and_is_told(here: Here, owner: Caller) -> None:
    link = issued(owner)
    reading = reader(here, link)
    assert reading.has_opened()
    assert reading.get("/opened").status_code == 200
    assert owner.do(REVOKE, id=link["link"]["id"])["__typename"] == "ShareLinkRevoked"
    for what in ("/opened", "/dossier", "/livret.html", "/livret.zip"):
        answer = reading.get(what)
        assert (answer.status_code, "Lefèvre" in answer.text) == (403, False)
    assert not reading.has_opened()
    assert outcomes(owner) == ["OPENED"] + ["REFUSED"] * 5


def test_an_expiry_ends_a_session_with_the_link(here: Here, owner: Caller) -> None:
    link = issued(owner)
    here.clock.moved += timedelta(days=7)
    left = timedelta(minutes=40)
    change(
        here, f"UPDATE share_link SET expires_at = {int((here.clock() + left).timestamp() * 1e6)}"
    )
    reading = reader(here, link)
    here.clock.moved += timedelta(minutes=30)
    assert reading.has_opened()
    assert reading.get("/opened").status_code == 200
    here.clock.moved += timedelta(minutes=11)
    assert reading.get("/opened").status_code == 403


def test_a_session_lasts_half_an_hour(here: Here, owner: Caller) -> None:
    reading = reader(here, issued(owner))
    assert reading.has_opened()
    here.clock.moved += timedelta(minutes=29)
    assert reading.get("/opened").status_code == 200
    here.clock.moved += timedelta(minutes=1)
    assert reading.get("/opened").status_code == 403
    assert reading.has_opened()
    assert len(rows(here, "share_session")) == 1


def test_a_session_opens_its_own_link_and_nothing_else(here: Here, owner: Caller) -> None:
    other = with_booklet(here, "other")
    reading, strange = reader(here, issued(owner)), reader(here, issued(other))
    assert reading.has_opened()
    secret = reading.client.cookies[f"{SESSION_NAME}{reading.path[3:]}"]
    unknown = f"/s/{uuid4()}"
    answers = []
    for path in (strange.path, unknown):
        for value in (secret, "x", "é" * 43, "A" * 43, ""):
            header = f"{SESSION_NAME}{path[3:]}={value}".encode()
            answers.append(fresh(here).get(f"{path}/opened", headers={b"cookie": header}))
    assert {one.status_code for one in answers} == {403}
    assert len({one.text.replace(strange.path, "").replace(unknown, "") for one in answers}) == 1
    session = f"__Host-livret={secret}"
    asked = {"cookie": session, **OURS, "graphql-require-preflight": "1"}
    body = fresh(here).post("/graphql", json={"query": "{ booklet { id } }"}, headers=asked).json()
    assert body["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert told(other) == []


def test_two_links_are_read_side_by_side_in_one_browser(here: Here, owner: Caller) -> None:
    other, browser = with_booklet(here, "other"), fresh(here)
    first, second = reader(here, issued(owner)), reader(here, issued(other))
    first.client = second.client = browser
    assert first.has_opened()
    assert second.has_opened()
    assert first.get("/opened").status_code == second.get("/opened").status_code == 200


def test_every_page_stays_out_of_caches_and_of_search_engines(here: Here, owner: Caller) -> None:
    reading = reader(here, issued(owner))
    answers = [reading.get("/dossier"), reading.get(), reading.open(secret="x"), reading.open()]
    answers += [reading.get("/opened"), reading.client.get("/s/share.js")]
    answers += [reading.client.post(reading.path, data={"secret": "x"})]
    for answer in answers:
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-robots-tag"] == "noindex, nofollow, noarchive"
        assert answer.headers.get_list("referrer-policy") == [referrer_policy_of(answer)]
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert "script-src 'self'" in reading.get().headers["content-security-policy"]


def test_a_booklet_that_is_not_open_shows_nothing_by_a_link(here: Here, owner: Caller) -> None:
    reading = reader(here, issued(owner))
    assert reading.has_opened()
    change(here, "UPDATE booklet SET state = 'CHARTER_ACCEPTED'")
    assert reading.get("/opened").status_code == 403
    assert not reading.has_opened()
