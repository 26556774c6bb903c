"""People know one sign-in: account and service are signed in to, and out of, together."""

from datetime import timedelta

from graphql_api.identity_provider import passwords
from graphql_api.identity_provider.accounts import accounts
from tests.graphql_api.site import Browser, Site

PASSWORD = "Un livret bien rempli 7 fois"
OURS = {"sec-fetch-site": "same-origin"}


def arrive(browser: Browser, path: str) -> str:
    """Sign in by the form to which a path leads, and the path where that ends."""
    page = browser.client.get(path, headers={"accept": "text/html"})
    assert "<h1>Se connecter</h1>" in page.text
    back = page.text.partition('name="return" value="')[2].partition('"')[0].replace("&amp;", "&")
    fields = {"return": back, "email": "maelle@example.org", "password": PASSWORD}
    answer = browser.client.post(
        "/account/sign-in", data=fields, headers=OURS | {"accept": "text/html"}
    )
    assert answer.status_code == 200
    return str(answer.url.path)


def newcomer(site: Site) -> Browser:
    """Somebody whose account was just activated, in a browser that is signed in nowhere."""
    hashed = passwords.hash_password(PASSWORD)
    details = accounts.AccountDetails("Lefèvre", "Maëlle", "maelle@example.org", password=hashed)
    desk = site.desk()
    with desk.writing():
        accounts.create(desk, details, activated=True)
    return site.browser()


def test_after_activation_a_sign_in_leads_to_the_service(site: Site) -> None:
    browser = newcomer(site)
    assert 'href="/account/sign-in">Se connecter' in browser.get("/account/activated").text
    assert arrive(browser, "/account/sign-in") == "/"
    assert browser.is_signed_in
    assert "<h1>Espace Pro</h1>" in browser.get("/", accept="text/html").text
    assert browser.get("/account").status_code == 200


def test_a_sign_in_for_the_profile_signs_in_to_the_service_too(site: Site) -> None:
    browser = newcomer(site)
    assert arrive(browser, "/account") == "/account"
    assert browser.is_signed_in


def test_a_sign_in_for_a_page_of_the_booklet_leads_there(site: Site) -> None:
    assert arrive(newcomer(site), "/livret") == "/livret"


def test_the_profile_signs_out_of_both(site: Site) -> None:
    browser = newcomer(site)
    arrive(browser, "/account")
    assert 'action="/sign-out"' in browser.get("/account").text
    left = browser.client.post("/sign-out", headers=OURS | {"accept": "text/html"})
    assert left.url.path == "/"
    assert not browser.is_signed_in
    assert browser.get("/account").status_code == 303


def test_a_session_that_ended_at_the_service_alone_is_ended_at_the_issuer_when_asked(
    site: Site,
) -> None:
    browser = newcomer(site)
    arrive(browser, "/account")
    browser.client.cookies.delete("__Host-livret")
    asked = browser.client.post("/sign-out", headers=OURS | {"accept": "text/html"})
    assert "Voulez-vous vous déconnecter" in asked.text


def test_whoever_uses_the_service_stays_signed_in_to_their_account(site: Site) -> None:
    browser = newcomer(site)
    arrive(browser, "/livret")
    for _ in range(3):
        site.here.clock.moved += timedelta(minutes=20)
        assert browser.is_signed_in
    assert browser.get("/account").status_code == 200


def test_whoever_uses_their_account_stays_signed_in_to_the_service(site: Site) -> None:
    browser = newcomer(site)
    arrive(browser, "/account")
    for _ in range(3):
        site.here.clock.moved += timedelta(minutes=20)
        assert browser.get("/account").status_code == 200
    assert browser.is_signed_in


def test_half_an_hour_without_either_ends_both(site: Site) -> None:
    browser = newcomer(site)
    arrive(browser, "/account")
    site.here.clock.moved += timedelta(minutes=31)
    assert browser.get("/account").status_code == 303
    assert not browser.is_signed_in
