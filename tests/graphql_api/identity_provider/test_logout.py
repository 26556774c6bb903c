"""Sign-out that a front end begins: proven by an ID token, or confirmed by the person."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.graphql_api.identity_provider.issuer import LEFT, Place


def leave(
    place: Place, method: str = "GET", headers: dict[str, str] | None = None, **sent: str
) -> Any:
    where = {"params": sent} if method == "GET" else {"data": sent}
    return place.client.request(
        method, "/oauth/end-session", headers=headers, follow_redirects=False, **where
    )


def is_left(answer: Any) -> bool:
    return "Max-Age=0" in answer.headers.get("set-cookie", "")


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_front_end_signs_its_person_out(place: Place, method: str) -> None:
    tokens = place.tokens()
    answer = leave(
        place,
        method,
        id_token_hint=tokens["id_token"],
        post_logout_redirect_uri=LEFT,
        state='s "1"',
    )
    assert answer.status_code == 303
    assert is_left(answer)
    where = answer.headers["location"]
    assert where.startswith(f"{LEFT}?")
    assert dict(parse_qsl(urlsplit(where).query)) == {"state": 's "1"'}
    assert "storage" in answer.headers["clear-site-data"]
    assert place.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"
    assert place.userinfo(tokens["access_token"]).status_code == 401


def test_an_old_id_token_still_signs_out(place: Place) -> None:
    token = place.tokens()["id_token"]
    place.clock.moved = timedelta(days=2)
    assert is_left(leave(place, id_token_hint=token))


def test_without_proof_the_person_is_asked(place: Place) -> None:
    place.sign_in()
    asked = leave(place, client_id=place.front_end, post_logout_redirect_uri=LEFT)
    assert asked.status_code == 200
    assert not is_left(asked)
    assert "Se déconnecter" in asked.text
    assert 'lang="fr"' in asked.text
    foreign = leave(place, "POST", {"sec-fetch-site": "cross-site"}, confirm="1")
    assert not is_left(foreign)
    done = leave(place, "POST", {"sec-fetch-site": "same-origin"}, confirm="1")
    assert is_left(done)
    assert "location" not in done.headers
    assert not is_left(leave(place, confirm="1"))  # a link does not press the button


def test_the_token_of_somebody_else_does_not_sign_out_unasked(place: Place) -> None:
    token = place.tokens()["id_token"]
    place.sign_in("other")
    assert not is_left(leave(place, id_token_hint=token))


@pytest.mark.parametrize("uri", [f"{LEFT}/", "https://elsewhere.example/", "javascript:x"])
def test_nobody_is_sent_to_an_unregistered_address(place: Place, uri: str) -> None:
    token = place.tokens()["id_token"]
    answer = leave(place, id_token_hint=token, post_logout_redirect_uri=uri)
    assert answer.status_code == 200
    assert is_left(answer)
    assert "location" not in answer.headers


def test_a_hint_that_is_no_id_token_of_ours_is_refused(place: Place) -> None:
    tokens = place.tokens()
    for hint in (
        tokens["access_token"],
        "x",
        "a.b.c",
        tokens["id_token"][:-4] + "AAAA",
        "e30.e30.",
    ):
        answer = leave(place, id_token_hint=hint, post_logout_redirect_uri=LEFT)
        assert answer.status_code == 400
        assert not is_left(answer)
    other = place.register(name="Autre").client_id
    assert leave(place, id_token_hint=tokens["id_token"], client_id=other).status_code == 400


def test_what_is_sent_is_shown_escaped(place: Place) -> None:
    place.sign_in()
    asked = leave(place, state='"><script>alert(1)</script>')
    assert "<script>" not in asked.text
