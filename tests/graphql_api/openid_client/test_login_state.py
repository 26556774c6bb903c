"""The cookies of pending sign-ins: sealed, one for each tab of a browser."""

import base64
from http.cookies import SimpleCookie

import pytest
from starlette.requests import Request
from starlette.responses import Response

from graphql_api.openid_client.login_state import (
    LONGEST_RETURN_PATH,
    MOST_LOGINS,
    LoginState,
    LoginStateCookies,
)
from tests.keys import other_service_keys, service_keys

PENDING = LoginState("op", "s" * 43, "n" * 43, "v" * 43, 1_790_000_000, 60)


def request_with(*responses: Response) -> Request:
    """A request of the browser that received these answers."""
    jar: dict[str, str] = {}
    for response in responses:
        for name, value in response.raw_headers:
            if name == b"set-cookie":
                for key, morsel in SimpleCookie(value.decode()).items():
                    jar[key] = morsel.value
                    if morsel["max-age"] == "0":
                        del jar[key]
    cookie = "; ".join(f"{name}={value}" for name, value in jar.items())
    return Request({"type": "http", "headers": [(b"cookie", cookie.encode())]})


def put(
    cookies: LoginStateCookies, pending: LoginState = PENDING, back: str = "/livret"
) -> Response:
    response = Response()
    cookies.set(response, pending, back)
    return response


def test_what_was_put_is_found_again_by_its_state() -> None:
    cookies = LoginStateCookies(service_keys, "sign-in", secure=True)
    request = request_with(put(cookies))
    assert cookies.find(request, PENDING.state) == (PENDING, "/livret")


def test_the_cookie_tells_nothing_and_lasts_ten_minutes() -> None:
    header = put(LoginStateCookies(service_keys, "sign-in", secure=True)).headers["set-cookie"]
    assert header.startswith("__Host-livret-sign-in-")
    for attribute in ("Max-Age=600", "Path=/", "Secure", "HttpOnly", "SameSite=lax"):
        assert attribute in header
    value = header.partition("=")[2].partition(";")[0]
    for secret in (b"ssss", b"nnnn", b"vvvv", b"livret"):
        assert secret not in base64.urlsafe_b64decode(value)
        assert secret.decode() * 3 not in header
    assert len(header) < 1_000


def test_on_this_machine_without_https_the_name_is_plain() -> None:
    header = put(LoginStateCookies(service_keys, "sign-in", secure=False)).headers["set-cookie"]
    assert header.startswith("livret-sign-in-")
    assert "Secure" not in header


@pytest.mark.parametrize("state", [None, "", "t" * 43, "é", "s" * 300, "s" * 42])
def test_another_state_finds_nothing(state: str | None) -> None:
    cookies = LoginStateCookies(service_keys, "sign-in", secure=True)
    assert cookies.find(request_with(put(cookies)), state) is None


def test_another_purpose_or_key_opens_nothing() -> None:
    cookies = LoginStateCookies(service_keys, "sign-in", secure=True)
    header = put(cookies).headers["set-cookie"]
    name, _, value = header.partition(";")[0].partition("=")
    for other, purpose in (
        (LoginStateCookies(service_keys, "upstream", True), "upstream"),
        (LoginStateCookies(other_service_keys, "sign-in", True), "sign-in"),
    ):
        renamed = name.replace("sign-in", purpose)
        request = Request({"type": "http", "headers": [(b"cookie", f"{renamed}={value}".encode())]})
        assert other.find(request, PENDING.state) is None


@pytest.mark.parametrize("value", ["", "x", "AAAA", "é", "A" * 2_000, "=" * 9])
def test_a_cookie_that_is_not_ours_is_as_none(value: str) -> None:
    cookies = LoginStateCookies(service_keys, "sign-in", secure=True)
    name = put(cookies).headers["set-cookie"].partition("=")[0]
    header = f"{name}={value}".encode("latin-1")
    request = Request({"type": "http", "headers": [(b"cookie", header)]})
    assert cookies.find(request, PENDING.state) is None


def test_a_sign_in_that_came_back_is_forgotten() -> None:
    cookies = LoginStateCookies(service_keys, "sign-in", secure=True)
    gone = Response()
    cookies.delete(gone, PENDING.state)
    assert cookies.find(request_with(put(cookies), gone), PENDING.state) is None


def test_tabs_do_not_disturb_each_other_and_the_oldest_are_forgotten() -> None:
    cookies = LoginStateCookies(service_keys, "sign-in", secure=True)
    answers: list[Response] = []
    states = [f"{number}" * 43 for number in range(MOST_LOGINS + 2)]
    for number, state in enumerate(states):
        response = Response()
        begun = LoginState("op", state, "n" * 43, "v" * 43, 1_790_000_000 + number)
        cookies.set(response, begun, "/", request_with(*answers))
        answers.append(response)
    browser = request_with(*answers)
    found = [cookies.find(browser, state) is not None for state in states]
    assert found == [False, False] + [True] * MOST_LOGINS


def test_a_way_back_that_no_browser_would_keep_is_refused() -> None:
    cookies = LoginStateCookies(service_keys, "sign-in", secure=True)
    longest = put(cookies, back="/" + "a" * (LONGEST_RETURN_PATH - 1)).headers["set-cookie"]
    assert len(longest) < 4_096
    with pytest.raises(ValueError, match="back"):
        put(cookies, back="a" * (LONGEST_RETURN_PATH + 1))
