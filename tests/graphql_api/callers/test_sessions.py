"""Sessions of browsers: how long they last, what is stored of them, what ends them."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from starlette.requests import HTTPConnection

from graphql_api.callers import sessions
from graphql_api.callers.request_context import RequestContext
from graphql_api.operations.service import Service
from graphql_api.storage.operation import digest, to_microseconds
from graphql_api.storage.store import Store, StoreUnavailableError
from graphql_api.storage.tables import LoginIdentityTable
from tests.conftest import OPEN
from tests.graphql_api.booklets.closing import close, close_account
from tests.graphql_api.documents import whole
from tests.graphql_api.office import BORDEAUX, officer, offices
from tests.graphql_api.signing_rows import sign_rows
from tests.graphql_api.site import Site, query

MINUTE = timedelta(minutes=1)


def seen_at(site: Site) -> int:
    ((seen,),) = site.here.deployment.store.database.execute_sql(
        "SELECT seen_at FROM session"
    ).fetchall()
    return int(seen)


def test_a_session_ends_after_half_an_hour_of_idleness(site: Site) -> None:
    browser = site.browser()
    browser.sign_in()
    site.here.clock.moved += 29 * MINUTE
    assert browser.is_signed_in
    site.here.clock.moved += 29 * MINUTE
    assert browser.is_signed_in
    site.here.clock.moved += 30 * MINUTE
    assert not browser.is_signed_in
    site.here.clock.moved -= 20 * MINUTE  # the cookie was taken away when the session was over
    assert not browser.is_signed_in


def test_a_session_ends_after_twelve_hours_however_busy(site: Site) -> None:
    browser = site.browser()
    browser.sign_in()
    for _ in range(35):
        site.here.clock.moved += 20 * MINUTE
        assert browser.is_signed_in
    site.here.clock.moved += 19 * MINUTE
    assert browser.is_signed_in
    site.here.clock.moved += MINUTE
    assert not browser.is_signed_in


def test_when_a_session_was_seen_is_written_once_a_minute_at_most(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    writes: list[Store] = []
    written = sessions.touch

    def noted(store: Store, session: sessions.BrowserSession, now: datetime) -> None:
        writes.append(store)
        written(store, session, now)

    monkeypatch.setattr(sessions, "touch", noted)
    browser = site.browser()
    browser.sign_in()
    begun = seen_at(site)
    for _ in range(3):
        assert browser.is_signed_in
    assert (seen_at(site), writes) == (begun, [])
    site.here.clock.moved += MINUTE
    for _ in range(3):
        assert browser.is_signed_in
    assert seen_at(site) - begun >= 60_000_000
    assert len(writes) == 1


@pytest.mark.parametrize("path", ["/", "/booklet.json", "/dossiers/{id}.zip"])
def test_every_door_keeps_a_session_alive(site: Site, path: str) -> None:
    browser = site.browser()
    browser.sign_in()
    begun = seen_at(site)
    site.here.clock.moved += 2 * MINUTE
    browser.get(path.format(id="6b0f2a54-8f5e-4c59-9f0c-0a6d3c1f2b11"), accept="text/html")
    assert seen_at(site) > begun


def test_what_cannot_be_written_of_a_session_keeps_nobody_from_reading(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StoreUnavailableError

    browser = site.browser()
    browser.sign_in()
    site.here.clock.moved += 5 * MINUTE
    monkeypatch.setattr(sessions, "touch", full)
    assert browser.is_signed_in


def test_a_session_that_ends_meanwhile_is_not_revived(site: Site) -> None:
    browser = site.browser()
    browser.sign_in()
    assert browser.secret
    store, clock = site.here.deployment.store, site.here.clock
    with store.reading():
        found = sessions.find(store, digest(browser.secret), clock())
    assert found
    browser.post("/sign-out", sec_fetch_site="same-origin")
    with store.writing():
        sessions.touch(store, found, clock() + 2 * MINUTE)
    assert site.rows() == []


def test_nothing_is_done_under_a_session_that_ended_before_the_transaction(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The request came in time, and waited for its turn while the session was ended elsewhere."""
    browser, code = site.browser(), site.here.code()
    browser.sign_in("agent")
    call = Service.request_context

    def late(service: Service, connection: HTTPConnection) -> RequestContext:
        begun = call(service, connection)
        with service.store.writing():
            service.store.database.execute_sql("DELETE FROM session")
        return begun

    monkeypatch.setattr(Service, "request_context", late)
    assert browser.caller().error(OPEN, code=code) == "UNAUTHENTICATED"
    monkeypatch.undo()
    people = site.here.deployment.store.database.execute_sql("SELECT * FROM person").fetchall()
    assert list(people) == []


def test_neither_the_secret_nor_the_id_token_can_be_read_from_the_database(site: Site) -> None:
    browser = site.browser()
    browser.sign_in()
    secret = browser.secret
    assert secret
    ((hashed, issuer, subject, *_, sealed, _),) = site.rows()
    assert (hashed, issuer, subject) == (digest(secret), "livret", site.account("owner"))
    assert secret not in str(site.rows())
    assert b"eyJ" not in bytes(sealed)
    store = site.here.deployment.store
    store.database.execute_sql("UPDATE session SET issuer = 'livret'")
    with store.writing():
        token = sessions.delete(store, secret)
    assert token
    assert token.count(".") == 2
    assert secret not in token


def test_an_id_token_that_was_moved_to_another_session_opens_nothing(site: Site) -> None:
    first, second = site.browser(), site.browser()
    first.sign_in("owner")
    second.sign_in("other")
    store = site.here.deployment.store.database
    (sealed,) = [row[-1] for row in site.rows() if site.account("other") in row]
    mark = "?" if site.here.kind == "sqlite" else "%s"
    store.execute_sql(f"UPDATE session SET sealed = {mark}", (bytes(sealed),))
    answer = first.post("/sign-out", sec_fetch_site="same-origin")
    assert answer.status_code == 303
    asked = query(answer.headers["location"])  # the issuer, which asks before it ends its session
    assert asked.keys() == {"client_id", "post_logout_redirect_uri", "state"}
    assert not first.is_signed_in


def test_twelve_browsers_sign_in_at_once_each_with_a_session(site: Site) -> None:
    names = [("owner", "other", "agent")[turn % 3] for turn in range(12)]
    mine = {name: whole(site.with_booklet(name))["id"] for name in set(names)}
    browsers = [site.browser() for _ in names]
    for browser, name in zip(browsers, names, strict=True):
        browser.be(name)
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda one: one.client.get("/sign-in"), browsers))
        read = list(pool.map(lambda one: whole(one.caller())["id"], browsers))
    assert [answer.status_code for answer in answers] == [200] * 12
    assert read == [mine[name] for name in names]
    assert len({browser.secret for browser in browsers}) == 12
    assert len(site.rows()) == 12


def test_ending_an_account_ends_its_sessions_everywhere_and_nobody_elses(site: Site) -> None:
    site.with_booklet("owner")
    here, there, other = site.browser(), site.browser(), site.browser()
    here.sign_in("owner")
    there.sign_in("owner")
    other.sign_in("other")
    assert close_account(here.caller())["__typename"] == "AccountClosed"
    assert [one.is_signed_in for one in (here, there, other)] == [False, False, True]
    assert len(site.rows()) == 1


def test_ending_an_account_ends_the_sessions_of_all_ways_to_sign_in(site: Site) -> None:
    owner = site.with_booklet("owner")
    browser = site.browser()
    browser.sign_in("agent")
    store = site.here.deployment.store
    with store.writing():
        ((person,),) = store.rows(LoginIdentityTable.select(LoginIdentityTable.person).tuples())
        store.run(
            LoginIdentityTable.insert(issuer="livret", subject=site.account("agent"), person=person)
        )
    sign_rows(store)
    assert whole(browser.caller()) == whole(owner)
    assert close_account(owner)["__typename"] == "AccountClosed"
    assert not browser.is_signed_in
    assert site.rows() == []


def test_whoever_never_wrote_anything_ends_their_sessions_too(site: Site) -> None:
    browser = site.browser()
    browser.sign_in("agent")
    assert close_account(browser.caller())["__typename"] == "AccountClosed"
    assert not browser.is_signed_in


def test_an_account_that_is_not_ended_keeps_its_sessions(site: Site) -> None:
    browser = site.browser()
    browser.sign_in("owner")
    assert close_account(browser.caller(), "non")["__typename"] == "InvalidEntry"
    assert browser.is_signed_in


def test_closing_a_booklet_keeps_the_session(site: Site) -> None:
    site.with_booklet("owner")
    browser = site.browser()
    browser.sign_in("owner")
    assert close(browser.caller())["__typename"] == "BookletClosed"
    assert browser.is_signed_in


def test_the_sweep_takes_the_sessions_that_are_over_and_no_other(site: Site) -> None:
    idle, old, running = site.browser(), site.browser(), site.browser()
    clock, store = site.here.clock, site.here.deployment.store
    old.sign_in("owner")
    for turn in range(35):
        clock.moved += 20 * MINUTE
        if turn == 33:
            idle.sign_in("other")
        if turn == 34:
            running.sign_in("agent")
        assert old.is_signed_in
    clock.moved += 20 * MINUTE
    assert sessions.delete_expired(store, to_microseconds(clock())) == 2
    assert sessions.delete_expired(store, to_microseconds(clock())) == 0
    assert running.is_signed_in
    assert len(site.rows()) == 1


def test_an_officer_hands_out_codes_with_the_cookie_alone(site: Site) -> None:
    browser = site.browser()
    browser.sign_in("agent")
    assert offices(browser.caller()) == []
    officer(site.here, site.account("agent"))
    assert offices(browser.caller()) == [BORDEAUX]


def test_no_secret_token_or_subject_is_logged(
    site: Site, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    browser = site.browser()
    browser.be("canary")
    back = browser.come_back()
    browser.get(back)
    browser.get(back)
    secret = browser.secret
    assert secret
    assert browser.is_signed_in
    stale = site.browser()
    stale.secret = "B" * 43
    assert not stale.is_signed_in
    leaving = browser.post("/sign-out", sec_fetch_site="same-origin").headers["location"]
    browser.get(leaving)
    token = leaving.split("id_token_hint=")[1].split("&")[0]
    canaries = (secret, digest(secret), token, token.split(".")[2], "B" * 43)
    canaries += (site.account("canary"), "canary@example.org")
    said = [
        f"{record.getMessage()} {vars(record)!r}"
        for record in caplog.records
        if "testclient" not in str(record.pathname) and not _is_the_browser(record)
    ]
    printed = capfd.readouterr()
    for told in (*said, printed.out, printed.err):
        assert not any(canary in told for canary in canaries), told


def _is_the_browser(record: logging.LogRecord) -> bool:
    """The tests' own client logs the addresses that it asks for; a synchronous one."""
    return (
        record.name.startswith("httpx2")
        and record.funcName == "_send_single_request"
        and (
            "/sign-" in record.getMessage()
            or "/oauth/authorize" in record.getMessage()
            or "/oauth/end-session" in record.getMessage()
        )
    )
