"""Forms whose session had ended, and forms that found the service busy: nothing typed is lost."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from graphql_api.callers import sessions
from graphql_api.callers.sessions import MAX_IDLE
from graphql_api.storage.store import StoreUnavailableError
from tests.graphql_api.agent_space.entries.test_entries import DIPLOMA, FORM, LIST
from tests.graphql_api.agent_space.reader import Agent, PageReader
from tests.graphql_api.booklets.closing import close
from tests.graphql_api.site import Site

COOKIE = "__Host-livret-form"
TYPED = DIPLOMA | {"content": "Deux\nlignes & <plus>"}


@pytest.fixture
def late(site: Site, someone: Agent) -> Iterator[Any]:
    """What is answered to a form that was sent half an hour after the page was opened."""
    fields = someone.read(FORM).form(FORM).fields | TYPED
    site.here.clock.moved += MAX_IDLE + timedelta(minutes=1)
    return someone.send(FORM, fields)


def kept(site: Site) -> int:
    store = site.here.deployment.store
    return int(store.database.execute_sql("SELECT count(*) FROM kept_form").fetchone()[0])


def test_a_late_form_is_given_back_after_the_sign_in_and_then_sent(
    site: Site, someone: Agent, late: Any
) -> None:
    assert (late.status_code, late.headers["location"]) == (303, "/sign-in?next=/reprise")
    assert "HttpOnly" in late.headers["set-cookie"]
    page = PageReader(someone.browser.sign_in("owner", "/sign-in?next=/reprise").text)
    assert "Votre saisie est retrouvée" in page.headings
    assert (
        someone.send(FORM, page.form(FORM).fields)
        .headers["location"]
        .startswith(f"{LIST}?fait=ajout")
    )
    assert "lignes & <plus>" in someone.read(LIST).text
    again = PageReader(someone.get("/reprise").text)  # reloaded: its key makes it harmless
    someone.send(FORM, again.form(FORM).fields)
    assert "Titres et diplômes (1)" in someone.read(LIST).links


def test_nobody_else_is_given_it_and_their_sign_in_destroys_it(
    site: Site, someone: Agent, late: Any
) -> None:
    site.with_booklet("other")
    page = someone.browser.sign_in("other", "/sign-in?next=/reprise")
    assert "BTS" not in page.text
    assert page.url.path == "/"
    assert kept(site) == 0
    assert someone.browser.sign_in("owner", "/sign-in?next=/reprise").url.path == "/"


def test_the_database_alone_reads_nothing_of_it(site: Site, late: Any) -> None:
    store = site.here.deployment.store
    (row,) = store.database.execute_sql("SELECT * FROM kept_form").fetchall()
    assert b"BTS" not in b"".join(bytes(one) for one in row if isinstance(one, bytes | memoryview))
    assert late.cookies[COOKIE] not in str(row)


def test_it_is_kept_for_half_an_hour(site: Site, someone: Agent, late: Any) -> None:
    site.here.clock.moved += timedelta(minutes=31)
    assert someone.browser.sign_in("owner", "/sign-in?next=/reprise").url.path == "/"


def test_a_sign_out_destroys_it(site: Site, someone: Agent, late: Any) -> None:
    someone.browser.sign_in("owner")
    assert kept(site) == 1
    someone.browser.post("/sign-out", sec_fetch_site="same-origin")
    assert kept(site) == 0
    assert COOKIE not in someone.browser.client.cookies


def test_closing_the_booklet_destroys_it(site: Site, someone: Agent, late: Any) -> None:
    assert close(
        site.here.caller(site.account("owner"), signed_in_at=int(site.here.clock().timestamp()))
    )
    assert kept(site) == 0


def test_without_a_session_that_is_known_nothing_is_kept(site: Site, someone: Agent) -> None:
    fields = someone.read(FORM).form(FORM).fields | TYPED
    for secret in ("x" * 43, "x"):
        someone.browser.secret = secret
        answer = someone.send(FORM, fields)
        assert answer.status_code == 401
        assert "set-cookie" not in answer.headers or COOKIE not in answer.headers["set-cookie"]
    assert kept(site) == 0


def test_who_signed_out_sends_the_same_form_again_after_a_sign_in_beside_it(
    someone: Agent,
) -> None:
    fields = someone.read(FORM).form(FORM).fields | TYPED
    someone.browser.post("/sign-out", sec_fetch_site="same-origin")
    page = PageReader(someone.send(FORM, fields).text)
    assert "rechargez-la" in page.text
    assert page.links["Se connecter (nouvel onglet)"] == "/sign-in"
    someone.browser.sign_in("owner")
    assert someone.send(FORM, fields).headers["location"].startswith(f"{LIST}?fait=ajout")
    assert "lignes & <plus>" in someone.read(LIST).text


def test_the_page_of_nobody_leads_to_the_sign_in(site: Site) -> None:
    answer = site.browser().get("/reprise")
    assert answer.headers["location"] == "/sign-in?next=%2Freprise"


def test_a_form_that_finds_the_service_unavailable_can_be_sent_again(
    someone: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: object) -> None:
        raise StoreUnavailableError

    fields = someone.read(FORM).form(FORM).fields | TYPED
    with monkeypatch.context() as patched:
        patched.setattr(sessions, "find_and_lock", down)
        answer = someone.send(FORM, fields)
    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    form = PageReader(answer.text).form(FORM)
    assert {name: form.fields[name] for name in TYPED} == {
        name: [value] for name, value in TYPED.items()
    }
    assert someone.send(FORM, form.fields).headers["location"].startswith(f"{LIST}?fait=ajout")
