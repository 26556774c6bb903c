"""Signing in and out in a real browser: its cookies, its word on where requests come from, its policy."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from socket import socket

import pytest
import uvicorn

from graphql_api.app import create_application
from graphql_api.identity_provider.accounts import accounts
from graphql_api.identity_provider.accounts.account_context import AccountContext
from graphql_api.identity_provider.passwords import hash_password
from graphql_api.serving import build_service, migrate_stores
from graphql_api.settings import Settings
from graphql_api.storage.operation import to_microseconds

from .chromium import CHROMIUM, Tab, browser

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]

PASSWORD = "quatre mots sans aucun rapport"
TEXT = "(document.body?.innerText || '')"
ASK = """fetch('%s/graphql', {method: 'POST', credentials: 'include', body: '{"query":"{ booklet { id } }"}',
  headers: {'content-type': 'application/json', 'graphql-require-preflight': '1'}})
  .then(answer => answer.json()).then(JSON.stringify, () => 'refused')"""
FORM = """(form => { form.method = 'post'; form.action = '%s/sign-out';
  document.body.append(form); form.submit(); })(document.createElement('form'))"""


@dataclass
class Place:
    """A tab, and the address of a service where Maëlle has an account."""

    tab: Tab
    url: str

    @property
    def elsewhere(self) -> str:
        """The same service at another name, which for a browser is another site."""
        return self.url.replace("127.0.0.1", "localhost")

    def sign_in(self) -> None:
        self.tab.open(f"{self.url}/")
        self.tab.until("document.querySelector('a[href=\\'/sign-in\\']')")
        self.tab.click("a[href='/sign-in']")
        self.tab.until("document.querySelector('input[name=password]')")
        for name, value in (("email", "maelle@example.org"), ("password", PASSWORD)):
            self.tab.run(f"document.querySelector('[name={name}]').value = '{value}'")
        self.tab.click("main button[type=submit]")
        self.tab.until(f"location.pathname == '/' && {TEXT}.includes('Vous êtes connecté.')")


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with socket() as listening:
        listening.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        settings = Settings(
            database_url=f"sqlite:///{tmp_path}/livret.db",
            key_store_url=f"sqlite:///{tmp_path}/keys.db",
            master_key=bytes(range(32)),
            public_url=url,
            internal_url=url,
            token_issuer=url,
            mail_folder=tmp_path,
        )
        _prepare(settings)
        server = uvicorn.Server(uvicorn.Config(create_application(settings), log_level="critical"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            while not server.started:
                time.sleep(0.01)
            with browser(tmp_path) as tab:
                yield Place(tab, url)
        finally:
            server.should_exit = True
            thread.join(10)


def _prepare(settings: Settings) -> None:
    service = build_service(settings)
    migrate_stores(service)
    desk = AccountContext(
        store=service.store,
        key_store=service.key_store,
        master_key=settings.master_key,
        public_url=settings.public_url,
        now=to_microseconds(service.clock()),
    )
    details = accounts.AccountDetails(
        "Lefèvre", "Maëlle", "maelle@example.org", "MME", hash_password(PASSWORD)
    )
    with desk.writing():
        accounts.create(desk, details, activated=True)
    service.close()


def test_a_person_signs_in_and_out_without_a_word_of_complaint(place: Place) -> None:
    place.sign_in()
    place.tab.click("form[action='/sign-out'] button")
    place.tab.until(f"location.pathname == '/' && {TEXT}.includes('Vous n’êtes pas connecté.')")
    place.tab.click("a[href='/sign-in']")
    place.tab.until("document.querySelector('input[name=password]')")  # the issuer asks again
    said = [one for one in place.tab.complaints if "favicon" not in one]
    assert said, "the browser tells that it cleared what it kept"
    assert [one for one in said if "Clear-Site-Data header" not in one] == []


def test_our_own_page_asks_with_the_cookie_and_another_site_does_not(place: Place) -> None:
    place.sign_in()
    place.tab.send("Page.setBypassCSP", enabled=True)
    place.tab.open(f"{place.url}/sign-out")
    place.tab.until("location.pathname == '/sign-out'")
    assert place.tab.run(ASK % place.url) == '{"data":{"booklet":null}}'
    assert place.tab.run("document.cookie") == ""
    place.tab.open(f"{place.elsewhere}/sign-out")
    place.tab.until("location.hostname == 'localhost' && document.body")
    assert place.tab.run(ASK % place.url) == "refused"


def test_a_form_of_another_site_signs_nobody_out(place: Place) -> None:
    place.sign_in()
    place.tab.send("Page.setBypassCSP", enabled=True)
    place.tab.open(f"{place.elsewhere}/sign-out")
    place.tab.until("location.hostname == 'localhost' && document.body")
    place.tab.run(FORM % place.url)
    place.tab.until(f"{TEXT}.includes('Déconnexion refusée')")
    place.tab.open(f"{place.url}/")
    place.tab.until(f"location.pathname == '/' && {TEXT}.includes('Vous êtes connecté.')")
