"""A certified client (npm openid-client) signs a person in at the embedded provider, over real HTTP."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from graphql_api.identity_provider.oauth.clients import (
    FrontEnd,
    register_front_end,
    register_machine,
)
from graphql_api.storage.operation import to_microseconds
from tests.patience import PATIENCE_SECONDS

from .node import node_for
from .oidc_provider.provider import fresh_key
from .service import EMAIL, PASSWORD, RealService

HERE = Path(__file__).parent / "openid_client"
BACK, LEFT = "http://127.0.0.1:1/retour", "http://127.0.0.1:1/parti"

pytestmark = pytest.mark.real
Steps = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def steps(service: RealService) -> Steps:
    """What the client told of each step of one run, by the step's name."""
    node = node_for(HERE, "openid-client")
    account = service.add_account()
    clients = registered(service)
    told = {
        "issuer": service.url,
        "api": service.settings.token_audience,
        "person": {"email": EMAIL, "password": PASSWORD},
        **clients,
    }
    run = subprocess.run(
        [node, HERE / "front_end.mjs"],
        input=json.dumps(told),
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    found = {line.pop("step"): line for line in map(json.loads, run.stdout.splitlines())}
    known = {"account": {"id": account}, "issuer": {"url": service.url}}
    return {**found, **known, "front end": clients["frontEnd"]}


def registered(service: RealService) -> dict[str, dict[str, Any]]:
    """A front end and two machines."""
    store, key = service.deployment.store, fresh_key("machine")
    now = to_microseconds(service.deployment.clock())
    with store.writing():
        front_end = FrontEnd("Portail", (BACK,), post_logout_redirect_uris=(LEFT,))
        site = register_front_end(store, front_end, now)
        by_secret = register_machine(store, "Secret", now)
        keys = {"keys": [key.as_dict(private=False)]}
        by_key = register_machine(store, "Clé", now, keys=keys)
    return {
        "frontEnd": {"id": site.client_id, "back": BACK, "left": LEFT},
        "bySecret": {"id": by_secret.client_id, "secret": by_secret.secret},
        "byKey": {"id": by_key.client_id, "key": key.as_dict(private=True)},
    }


def test_the_client_finds_the_issuer_and_that_it_takes_pkce(steps: Steps) -> None:
    assert steps["discovery"] == {"pkce": True}


def test_a_person_comes_back_with_a_code_and_the_name_of_the_issuer(steps: Steps) -> None:
    assert steps["came back"] == {"iss": steps["issuer"]["url"], "has": ["code", "iss", "state"]}
    assert steps["another iss"] == {"refused": "OAUTH_INVALID_RESPONSE"}


def test_the_id_token_is_about_the_account_and_the_access_token_opens_the_api(
    steps: Steps,
) -> None:
    tokens = steps["tokens"]
    assert (tokens["sub"], tokens["nonce"], tokens["at"]) == (
        steps["account"]["id"],
        True,
        "number",
    )
    assert (tokens["aud"], tokens["type"], tokens["expires"]) == (
        steps["front end"]["id"],
        "bearer",
        600,
    )
    assert steps["api"] == {"data": {"booklet": None}}


def test_userinfo_tells_the_names_and_the_address(steps: Steps) -> None:
    assert steps["userinfo"] == {"email": EMAIL, "name": "Maëlle"}


def test_a_code_that_is_redeemed_twice_takes_its_tokens_away(steps: Steps) -> None:
    assert steps["code again"] == {"refused": "invalid_grant"}
    assert steps["revoked by it"] == {"refused": "invalid_grant"}


def test_a_refresh_token_is_good_once_and_twice_ends_its_family(steps: Steps) -> None:
    assert steps["refreshed"] == {"same": False, "data": {"booklet": None}}
    assert steps["reused"] == {"refused": "invalid_grant", "family": "invalid_grant"}


def test_a_refresh_token_that_was_revoked_is_good_for_nothing(steps: Steps) -> None:
    assert steps["revoked"] == {"refused": "invalid_grant"}


def test_signing_out_ends_the_session_and_what_it_granted(steps: Steps) -> None:
    left = {"left": f"{LEFT}?state=gone", "session": "login_required", "refused": "invalid_grant"}
    assert steps["left"] == left


@pytest.mark.parametrize("proof", ["secret", "key"])
def test_a_machine_gets_a_token_of_ten_minutes_and_nothing_more(steps: Steps, proof: str) -> None:
    given = {"scope": "livret:summary", "expires": 600, "refresh": False, "more": "invalid_scope"}
    assert steps[proof] == given


def test_a_machine_with_the_wrong_key_or_secret_gets_nothing(steps: Steps) -> None:
    assert steps["another key"] == {"refused": 401, "secret": 401}
