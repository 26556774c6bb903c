"""Addresses that the service answers at, and where its redirects lead."""

import pytest

from tests.graphql_api.site import Site

INNER = "interne.example:8000"


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "path",
    [
        "/graphql/",
        "/schema.graphql/",
        "/sign-in/",
        "/account/",
        "/oauth/token/",
        "/oauth/authorize/",
    ],
)
def test_an_address_with_a_slash_too_many_leads_nowhere(site: Site, method: str, path: str) -> None:
    answer = site.browser().client.request(
        method, path, headers={"host": INNER}, follow_redirects=False
    )
    assert answer.status_code == 404
    assert "location" not in answer.headers


def test_the_booklet_is_found_with_a_slash_too_many_and_nothing_else_is(site: Site) -> None:
    client = site.browser().client
    answer = client.get("/livret/", headers={"host": INNER}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/livret")
    assert client.post("/livret/", follow_redirects=False).status_code == 405
    for path in ("//livret/", "/livret//", "//evil.example/"):
        answer = client.get(f"http://testserver{path}", follow_redirects=False)
        assert "evil" not in answer.headers.get("location", "")
        assert answer.status_code == 404


@pytest.mark.parametrize("path", ["/sign-in", "/account", "/sign-in?next=/account"])
def test_no_redirect_names_the_host_header(site: Site, path: str) -> None:
    answer = site.browser().client.get(path, headers={"host": INNER}, follow_redirects=False)
    assert answer.status_code == 303
    assert "interne" not in answer.headers["location"]


def test_password_managers_are_led_to_the_page_of_the_password(site: Site) -> None:
    browser = site.browser()
    answer = browser.get("/.well-known/change-password")
    assert (answer.status_code, answer.headers["location"]) == (303, "/account/password")
    nothing = "/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200"
    assert browser.get(nothing).status_code == 404


def test_tools_that_post_for_the_schema_get_it(site: Site) -> None:
    client = site.browser().client
    read, posted = client.get("/schema.graphql"), client.post("/schema.graphql", json={})
    assert posted.status_code == read.status_code == 200
    assert posted.text == read.text
    assert client.put("/schema.graphql").status_code == 405
