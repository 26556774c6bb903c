"""A share link in a real browser: the fragment is taken away, nothing is sent before the button."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from socket import socket
from typing import Any

import pytest
import uvicorn
from starlette.testclient import TestClient

from graphql_api.app import create_application
from graphql_api.codes.codes import issue
from graphql_api.serving import build_service, migrate_stores
from graphql_api.settings import Settings
from graphql_api.storage.actors import Anonymous
from tests.conftest import CHARTER, IDENTIFY, IDENTITY, OPEN, Caller
from tests.graphql_api.share_links.share_links import issued, links
from tests.signing import access_token, signing_key

from .chromium import CHROMIUM, Tab, browser

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]

TEXT = "(document.body?.innerText || '')"
BUTTON = "main button[type=submit]"
WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@dataclass
class Place:
    """A tab, and a service where Maëlle has a booklet."""

    tab: Tab
    url: str
    owner: Caller

    def follow(self, link: Any) -> None:
        """Follow a link up to the form."""
        self.tab.open(link["url"])
        self.tab.until(f"document.querySelector('{BUTTON}') && document.readyState == 'complete'")

    def press(self, selector: str) -> None:
        """Click on what may have to be scrolled to first."""
        self.tab.run(f"document.querySelector(\"{selector}\").scrollIntoView({{block: 'center'}})")
        self.tab.click(selector)

    def value(self, field: str) -> str:
        return str(self.tab.run(f"document.getElementById('{field}').value"))

    @property
    def complaints(self) -> list[str]:
        return [one for one in self.tab.complaints if "favicon" not in one]


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
        served = create_application(settings)
        owner = _owner(settings, TestClient(served, base_url=url))
        server = uvicorn.Server(uvicorn.Config(served, log_level="critical"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            while not server.started:
                time.sleep(0.01)
            with browser(tmp_path) as tab:
                yield Place(tab, url, owner)
        finally:
            server.should_exit = True
            thread.join(10)


def _owner(settings: Settings, client: TestClient) -> Caller:
    """An agent with an open booklet, made before the service runs."""
    service = build_service(settings)
    migrate_stores(service)
    with service.store.writing():
        (code,) = issue(service.operation(Anonymous()), "21330063500017", 1).codes
    key = signing_key(service.store, settings)
    service.close()
    token = access_token(key, settings, subject="owner", scope="livret:read livret:write")
    caller = Caller(client, token, "owner")
    assert caller.do(OPEN, code=code)["__typename"] == "BookletOpened"
    assert caller.do(CHARTER)["__typename"] == "CharterAccepted"
    assert caller.do(IDENTIFY, identity=IDENTITY, version=0)["__typename"] == "IdentityRevised"
    return caller


def test_a_reader_opens_reads_and_downloads(place: Place) -> None:
    link = issued(place.owner, withPin=True, views=1)
    address, _, secret = link["url"].partition("#")
    place.follow(link)
    place.tab.until(f"document.getElementById('secret').value == '{secret}'")
    assert place.tab.run("location.href") == address
    assert links(place.owner)[0]["viewsLeft"] == 1
    place.tab.run(f"document.getElementById('pin').value = '{link['pin']}'")
    place.press(BUTTON)
    place.tab.until(f"location.pathname.endsWith('/opened') && {TEXT}.includes('Maëlle Lefèvre')")
    assert place.tab.run("document.cookie") == ""
    place.press("a[href$='/dossier']")
    place.tab.until(f"location.pathname.endsWith('/dossier') && {TEXT}.includes('Lefèvre')")
    assert place.complaints == []
    assert [one for one in place.tab.requests if not one.startswith((place.url, "data:"))] == []
    assert [one for one in place.tab.requests if secret in one.partition("#")[0]] == []


def test_after_a_wrong_pin_the_secret_is_still_in_the_form(place: Place) -> None:
    link = issued(place.owner, withPin=True)
    secret = link["url"].partition("#")[2]
    place.follow(link)
    wrong = "000000" if link["pin"] != "000000" else "111111"
    place.tab.run(f"document.getElementById('pin').value = '{wrong}'")
    place.press(BUTTON)
    place.tab.until("document.querySelector('[role=alert]')")
    assert (place.value("secret"), place.value("pin")) == (secret, "")
    place.tab.run(f"document.getElementById('pin').value = '{link['pin']}'")
    place.press(BUTTON)
    place.tab.until("location.pathname.endsWith('/opened')")


def test_without_scripts_the_address_is_pasted(place: Place) -> None:
    link = issued(place.owner)
    place.tab.send("Emulation.setScriptExecutionDisabled", value=True)
    place.follow(link)
    assert place.value("secret") == ""
    place.tab.run(f"document.getElementById('secret').value = '{link['url']}'")
    place.press(BUTTON)
    place.tab.until("location.pathname.endsWith('/opened')")
    assert place.complaints == []


def test_no_page_is_wider_than_a_telephone(place: Place) -> None:
    link = issued(place.owner)
    place.tab.send(
        "Emulation.setDeviceMetricsOverride",
        width=320,
        height=640,
        deviceScaleFactor=1,
        mobile=True,
    )
    place.follow(link)
    assert place.tab.run(WIDE) is False
    place.press(BUTTON)
    place.tab.until(f"location.pathname.endsWith('/opened') && {TEXT}.includes('Lefèvre')")
    assert place.tab.run(WIDE) is False
