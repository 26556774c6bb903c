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


@pytest.mark.parametrize("path", ["/sign-in", "/account", "/sign-in?next=/account"])
def test_no_redirect_names_the_host_header(site: Site, path: str) -> None:
    answer = site.browser().client.get(path, headers={"host": INNER}, follow_redirects=False)
    assert answer.status_code == 303
    assert "interne" not in answer.headers["location"]
