"""People sign in through a certified provider (npm oidc-provider), which behaves as ProConnect does."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from socket import create_server
from urllib.parse import urlencode

import httpx2
import pytest

from .node import node_for
from .oidc_provider.browser import Browser, query
from .oidc_provider.provider import HERE, Provider, fresh_key, key_set
from .service import EMAIL, PASSWORD, RealService, free_port, prepared

pytestmark = pytest.mark.real

NAME, SECRET = "proconnect", "a secret of the provider and us"
HOSTILE = {
    "impostor": "discovery_issuer",
    "detour": "discovery_address",
    "file": "discovery_address",
    "list": "discovery",
}
ENTRY = """
[[provider]]
preset = "{preset}"
name = "{name}"
label = "{name}"
issuer = "{issuer}"
client_id = "livret"
client_secret_file = "secret"
"""


MAELLE = {
    "sub": "4f1c",
    "given_name": "Maëlle",
    "usual_name": "Le Goff",
    "email": "maelle.legoff@example.org",
}


@dataclass
class Town:
    """The provider, and the service that sends people there."""

    provider: Provider
    service: RealService


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    node, folder = node_for(HERE, "oidc-provider"), tmp_path_factory.mktemp("town")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    said = {"jwks": key_set(fresh_key("first")), "acr": "eidas1", "person": MAELLE, "resource": ""}
    clients = [client(url, userinfo_signed_response_alg="ES256")]
    provider = Provider(node, free_port(), {**said, "clients": clients})
    with create_server(("127.0.0.1", 0)) as silent:
        silent_port = silent.getsockname()[1]
        entries = [(NAME, provider.issuer), ("silent", f"http://localhost:{silent_port}")]
        entries += [(name, f"{provider.issuer}/hostile/{name}") for name in HOSTILE]
        (folder / "secret").write_text(SECRET)
        (folder / "providers.toml").write_text(
            "".join(ENTRY.format(preset=NAME, name=name, issuer=at) for name, at in entries)
        )
        settings = {"LIVRET_SIGN_IN_PROVIDERS": str(folder / "providers.toml")}
        with prepared(folder, LIVRET_PORT=str(port), **settings) as service:
            service.add_account()
            try:
                yield Town(provider, service)
            finally:
                provider.stop()


def client(url: str, **changes: str) -> dict[str, object]:
    """The service as the provider knows it."""
    return {
        "client_id": "livret",
        "client_secret": SECRET,
        "token_endpoint_auth_method": "client_secret_post",
        "redirect_uris": [f"{url}/account/back/{NAME}"],
        "post_logout_redirect_uris": [f"{url}/account/left"],
        **changes,
    }


@dataclass
class Place:
    """The service that has just been started, where nobody came from the provider yet."""

    url: str
    provider: Provider
    browsers: ExitStack

    def browser(self) -> Browser:
        one = Browser(self.url)
        self.browsers.callback(one.close)
        return one

    def sign_in(self, browser: Browser, until: str = "") -> httpx2.Response:
        """Choose the provider on the page where people sign in, and end where that leads."""
        return browser.click(browser.open("/sign-in"), f"/account/with/{NAME}", until)

    def signed_in(self) -> Browser:
        """A browser in which somebody signed in through the provider, for the first time."""
        browser = self.browser()
        browser.press(self.sign_in(browser), "/account/ways/create")
        assert browser.is_signed_in
        return browser


@pytest.fixture
def place(town: Town) -> Iterator[Place]:
    if not town.provider.is_as_said:
        town.provider.start()
    store = town.service.deployment.store
    with store.writing():
        store.database.execute_sql("DELETE FROM idp_way_in")
    with town.service.running(), ExitStack() as browsers:
        yield Place(town.service.url, town.provider, browsers)


def test_a_person_signs_in_through_the_provider_and_out_of_both(place: Place) -> None:
    browser = place.browser()
    asked = place.sign_in(browser)
    assert "Maëlle Le Goff" in asked.text, "the names that only the signed userinfo tells"
    assert not browser.is_signed_in
    home = browser.press(asked, "/account/ways/create")
    assert str(home.url) == f"{place.url}/"
    assert browser.ask() == {"data": {"booklet": None}}
    assert "_session" in browser.http.cookies

    thief = place.browser()
    thief.http.cookies.update(browser.http.cookies)
    assert thief.is_signed_in
    leaving = browser.post("/sign-out")
    assert not browser.is_signed_in, "signed out here, wherever the browser goes next"
    assert not thief.is_signed_in
    left = browser.press(browser.click(leaving, place.provider.issuer), "", logout="yes")
    assert (left.url.host, left.url.path) == ("127.0.0.1", "/")
    assert "_session" not in browser.http.cookies
    for one in (browser, thief):
        assert one.open("/sign-in").url.path == "/account/sign-in"


def test_a_person_who_comes_again_is_asked_nothing(place: Place) -> None:
    place.signed_in()
    again = place.browser()
    assert str(place.sign_in(again).url) == f"{place.url}/"
    assert again.is_signed_in


def test_the_provider_refuses_a_short_state_and_takes_ours(place: Place) -> None:
    browser = place.browser()
    sent = place.sign_in(browser, until=place.provider.issuer).headers["location"]
    asked = query(sent)
    for name in ("state", "nonce"):
        short = asked | {name: asked[name][:31]}
        assert browser.open(f"{place.provider.issuer}/auth?{urlencode(short)}").status_code == 400
    assert browser.open(sent).status_code == 200


def test_userinfo_that_is_not_signed_is_refused(place: Place) -> None:
    place.provider.start(clients=[client(place.url)])
    browser = place.browser()
    answer = place.sign_in(browser)
    assert (answer.status_code, "userinfo" in answer.text) == (403, True)
    assert not browser.is_signed_in


def test_a_level_of_guarantee_that_does_not_do_is_refused(place: Place) -> None:
    place.provider.start(acr="eidas0")
    browser = place.browser()
    answer = place.sign_in(browser)
    assert (answer.status_code, "niveau de garantie" in answer.text) == (403, True)
    assert not browser.is_signed_in


def test_a_provider_that_changed_its_keys_is_believed_at_once(place: Place) -> None:
    place.signed_in()
    place.provider.start(jwks=key_set(fresh_key("second")))
    browser = place.browser()
    place.sign_in(browser)
    assert browser.is_signed_in


def test_another_key_under_a_known_name_is_not_believed(place: Place) -> None:
    place.signed_in()
    place.provider.start(
        jwks=key_set(fresh_key("first"))
    )  # another key under the name of the known one
    browser = place.browser()
    answer = place.sign_in(browser)
    assert (answer.status_code, "signature" in answer.text) == (403, True)
    assert not browser.is_signed_in


def test_when_the_provider_is_down_sessions_go_on_and_so_do_local_accounts(place: Place) -> None:
    running, coming = place.signed_in(), place.browser()
    back = place.sign_in(coming, until=f"{place.url}/account/back").headers["location"]
    place.provider.stop()
    assert running.is_signed_in
    answer = coming.open(back)
    assert (answer.status_code, "est indisponible" in answer.text) == (503, True)
    assert not coming.is_signed_in
    local = place.browser()
    local.press(local.open("/sign-in"), "/account/sign-in", email=EMAIL, password=PASSWORD)
    assert local.is_signed_in
    assert running.post("/sign-out").status_code == 200, "the sign-out here does not ask there"
    assert not running.is_signed_in


@pytest.mark.parametrize("name", [NAME, "silent"])
def test_a_provider_that_does_not_answer_gives_503(place: Place, name: str) -> None:
    place.provider.stop()
    answer = place.browser().open(f"/account/with/{name}")
    assert answer.status_code == 503
    assert answer.headers["retry-after"]


def test_a_hostile_discovery_document_leads_nobody_anywhere(place: Place) -> None:
    browser = place.browser()
    for name, code in HOSTILE.items():
        answer = browser.open(f"/account/with/{name}")
        assert (answer.status_code, code in answer.text) == (503, True), name
