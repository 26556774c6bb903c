"""Cookies are of one host alone, and no script reads them."""

import pytest
from starlette.responses import Response

from graphql_api.web.http.cookies import HostCookie, session_cookie
from tests.cookies import parsed

ALWAYS = {"path=/", "httponly"}


def test_a_cookie_lasts_until_the_browser_closes_unless_it_has_an_age() -> None:
    _, header = HostCookie("livret").set_header("s")
    assert parsed(header) == ("__Host-livret", "s", ALWAYS | {"samesite=lax", "secure"})
    _, header = HostCookie("livret", max_age=60, same_site="strict").set_header("s")
    expected = ALWAYS | {"samesite=strict", "secure", "max-age=60"}
    assert parsed(header) == ("__Host-livret", "s", expected)


def test_a_cookie_is_deleted_by_the_attributes_with_which_it_was_set() -> None:
    cookie = HostCookie("livret", max_age=60)
    _, header = cookie.delete_header()
    expected = ALWAYS | {"samesite=lax", "secure", "max-age=0"}
    assert parsed(header) == ("__Host-livret", "", expected)


def test_a_response_may_set_one_cookie_and_delete_another() -> None:
    response = Response()
    HostCookie("one").set(response, "1")
    HostCookie("two").delete(response)
    names = [parsed(header)[0] for header in response.headers.getlist("set-cookie")]
    assert names == ["__Host-one", "__Host-two"]


@pytest.mark.parametrize(
    ("url", "name"),
    [("https://livret.example", "__Host-livret"), ("http://127.0.0.1:8000", "livret")],
)
def test_without_https_a_cookie_has_neither_prefix_nor_secure(url: str, name: str) -> None:
    _, header = session_cookie(url).set_header("s")
    assert parsed(header)[0] == name
    assert ("secure" in parsed(header)[2]) is url.startswith("https:")
