"""Access tokens (RFC 9068) and print tokens: which are accepted, and one answer for the others.

No token is looked up anywhere, so that one database will do; `test_withdrawals` has both.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from graphql_api.callers.credentials import InvalidTokenError
from graphql_api.identity_provider.signing_keys import rotate
from graphql_api.identity_provider.tables import SigningKeyTable
from graphql_api.serving import build_service
from graphql_api.storage.actors import Agent, PrintJob
from graphql_api.storage.operation import to_microseconds
from tests.conftest import Caller, Here
from tests.graphql_api.callers.tokens import (
    ASK,
    FORGERIES,
    PRINT,
    accepted,
    call,
    claims,
    encoded,
    signed,
    unsigned,
)
from tests.signing import access_token, signing_key

pytestmark = pytest.mark.parametrize("here", ["sqlite"], indirect=True)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"nbf": 0},
        {"jti": ...},
        {"aud": ["https://livret.test/graphql", "https://elsewhere.example"]},
        {"scope": "livret:read"},
        {"sub": "é – 漢"},
    ],
)
def test_a_token_of_the_issuer_for_this_service_is_accepted(
    here: Here, changes: dict[str, Any]
) -> None:
    assert accepted(call(here, f"Bearer {signed(here, **changes)}"))


@pytest.mark.parametrize("typ", ["at+jwt", "AT+JWT", "application/at+jwt"])
def test_the_type_of_a_token_is_read_as_a_media_type(here: Here, typ: str) -> None:
    assert accepted(call(here, f"Bearer {signed(here, header={'typ': typ})}"))


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "Bearer ", "bearer   "])
def test_the_case_of_the_scheme_does_not_count(here: Here, scheme: str) -> None:
    assert accepted(call(here, f"{scheme} {signed(here)}"))


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://elsewhere.example"},
        {"iss": "https://livret.test/"},
        {"iss": ["https://livret.test"]},
        {"iss": ...},
        {"aud": "https://elsewhere.example/graphql"},
        {"aud": "https://livret.test"},
        {"aud": "https://livret.test/graphql/more"},
        {"aud": ["https://elsewhere.example", "https://other.example"]},
        {"aud": []},
        {"aud": [["https://livret.test/graphql"]]},
        {"aud": {"https://livret.test/graphql": 1}},
        {"aud": ...},
        {"client_id": ...},
        {"client_id": "client-nobody"},
        {"client_id": ["livret"]},
        {"client_id": {"livret": 1}},
        {"sub": ...},
        {"sub": ""},
        {"sub": None},
        {"sub": 5},
        {"sub": ["agent"]},
        {"scope": ...},
        {"scope": ["livret:read"]},
        {"exp": ...},
        {"exp": None},
        {"exp": "4102444800"},
        {"exp": True},
        {"exp": float("nan")},
        {"exp": -1},
        {"iat": ...},
        {"iat": None},
        {"iat": "0"},
        {"iat": True},
        {"iat": 4_102_444_800},
        {"iat": float("nan")},
        {"nbf": 4_102_444_800},
        {"nbf": "soon"},
        {"nbf": None},
    ],
)
def test_a_claim_that_is_missing_or_wrong_refuses_the_token(
    here: Here, changes: dict[str, Any]
) -> None:
    assert not accepted(call(here, f"Bearer {signed(here, **changes)}"))


@pytest.mark.parametrize(
    "header",
    [
        {"typ": ...},
        {"typ": "JWT"},
        {"typ": ""},
        {"typ": "at+jwt+x"},
        {"typ": None},
        {"typ": 5},
        {"typ": "id_token"},
        {"kid": "unknown"},
        {"kid": ""},
    ],
)
def test_a_header_that_is_not_an_access_tokens_refuses_the_token(
    here: Here, header: dict[str, Any]
) -> None:
    if isinstance(header.get("typ", ""), str):
        token = signed(here, header=header)
    else:  # the library would not sign it
        token = unsigned({"alg": "ES256", "typ": "at+jwt"} | {**header, "typ": None}, claims(here))
    assert not accepted(call(here, f"Bearer {token}"))


@pytest.mark.parametrize("skew", [0, 59, 60])
def test_a_clock_may_be_a_minute_ahead_or_behind(here: Here, skew: int) -> None:
    now = stopped_clock(here)
    late = signed(here, iat=now - 600 - skew, exp=now - skew)
    early = signed(here, iat=now + skew, nbf=now + skew, exp=now + 600 + skew)
    assert accepted(call(here, f"Bearer {late}"))
    assert accepted(call(here, f"Bearer {early}"))


@pytest.mark.parametrize("skew", [61, 300])
def test_a_clock_may_not_be_further_off(here: Here, skew: int) -> None:
    now = stopped_clock(here)
    for changes in (
        {"iat": now - 900, "exp": now - skew},
        {"iat": now + skew, "exp": now + 900},
        {"nbf": now + skew},
    ):
        assert not accepted(call(here, f"Bearer {signed(here, **changes)}"))


def stopped_clock(here: Here) -> int:
    """Stop the service's clock nine tenths into a second, and return that second."""
    here.clock.stop(here.clock().replace(microsecond=900_000))
    return here.clock.seconds


def test_a_token_ends_by_the_clock_of_the_service(here: Here) -> None:
    token = signed(here)
    here.clock.moved = timedelta(minutes=10)
    assert accepted(call(here, f"Bearer {token}"))
    here.clock.moved = timedelta(minutes=11, seconds=2)
    assert not accepted(call(here, f"Bearer {token}"))
    assert accepted(call(here, f"Bearer {signed(here)}"))


def test_a_print_token_ends_two_minutes_after_it_was_made(here: Here) -> None:
    here.clock.set(datetime(2027, 1, 1, tzinfo=UTC))
    credentials = here.deployment.service.credentials
    token = f"Bearer {credentials.print_token('b', 'd')}"
    here.clock.moved += timedelta(minutes=2)
    assert credentials.actor(token) == PrintJob(booklet="b", dossier="d")
    here.clock.moved += timedelta(minutes=1, seconds=2)
    with pytest.raises(InvalidTokenError):
        credentials.actor(token)


@pytest.mark.parametrize("forge", FORGERIES)
@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")  # what is forged here
def test_a_forged_token_is_refused(here: Here, forge: Callable[[Here], str]) -> None:
    assert not accepted(call(here, f"Bearer {forge(here)}"))


HEADERS: list[str | bytes] = [
    "",
    " ",
    "Bearer",
    "Bearer ",
    "Bearer  ",
    "Bearer .",
    "Bearer ..",
    "Bearer a.b.c",
    "Bearer a.b.c.d.e",
    "Bearer {token} {token}",
    "Bearer\t{token}",
    "Basic YWdlbnQ6c2VjcmV0",
    "Basic {token}",
    "DPoP {token}",
    "{token}",
    "Bearer é{token}",
    b"Bearer \xff\xfe",
    "Bearer " + "x" * 200_000,
    "Bearer {token}" + "x" * 200_000,
    "Bearer " + encoded(b"[" * 100_000) + ".e30.eA",
    "Bearer " + encoded(b'{"alg":' + b"1" * 5_000 + b"}") + ".e30.eA",
    "Bearer " + encoded(["alg"]) + ".e30.eA",
    "Bearer " + encoded("alg") + ".e30.eA",
    "Bearer " + encoded({"alg": ["ES256"], "typ": "at+jwt"}) + ".e30.eA",
    "Bearer " + encoded({"alg": "ES256", "typ": "at+jwt", "kid": {}}) + ".e30.eA",
    "Bearer " + encoded(b"\xff\xfe") + ".e30.eA",
]


@pytest.mark.parametrize("header", HEADERS, ids=range(len(HEADERS)))
def test_a_header_that_holds_no_token_is_refused(here: Here, header: str | bytes) -> None:
    filled = header.replace("{token}", signed(here)) if isinstance(header, str) else header
    assert not accepted(call(here, filled))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=6,
    ),
    st.binary(max_size=40),
)
@example({"alg": "ES256", "typ": "at+jwt", "b64": False, "crit": ["b64"]}, b"{}")
@example({"alg": "HS256", "typ": PRINT}, b"{}")
def test_whatever_bytes_come_as_a_token_are_refused_the_same_way(
    here: Here, header: object, payload: bytes
) -> None:
    assert not accepted(call(here, f"Bearer {unsigned(header, payload, b'signature')}"))


def test_a_print_token_reads_no_booklet_and_writes_nothing(here: Here) -> None:
    token = here.deployment.service.credentials.print_token("b", "d")
    printer = Caller(here.client, token, "printer")
    assert printer.error(ASK["query"]) == "FORBIDDEN"
    assert printer.error('mutation { charterAccept(version: "1") { __typename } }') == "FORBIDDEN"


def test_a_token_of_narrow_scope_reads_but_does_not_write(here: Here) -> None:
    reader = here.caller("agent", scope="livret:read")
    assert reader.ask(ASK["query"]) == {"booklet": None}
    write = 'mutation { charterAccept(version: "1") { __typename } }'
    assert reader.error(write) == "INSUFFICIENT_SCOPE"
    writer = here.caller("agent", scope="livret:write")
    assert writer.error(ASK["query"]) == "INSUFFICIENT_SCOPE"
    assert here.caller("agent", scope="livret:read:more").error(write) == "INSUFFICIENT_SCOPE"


def test_no_token_is_nobody_and_not_a_bad_token(here: Here) -> None:
    assert here.nobody().error(ASK["query"]) == "UNAUTHENTICATED"
    assert here.nobody().ask("{ parts { label } }")["parts"]


def test_the_same_subject_of_another_issuer_is_somebody_else(here: Here, owner: Caller) -> None:
    assert owner.ask(ASK["query"])["booklet"]
    assert call(here, f"Bearer {signed(here, sub='owner')}").json()["data"]["booklet"]
    other = signed(here, sub="owner", iss="https://elsewhere.example")
    assert not accepted(call(here, f"Bearer {other}"))


def test_a_machine_is_nobody_who_could_own_a_booklet(here: Here) -> None:
    here.register("client-1")
    scope = "livret:read livret:write livret:summary"
    machine = signed(here, sub="client-1", client_id="client-1", scope=scope)
    answer = call(here, f"Bearer {machine}")
    assert answer.json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    write = 'mutation { charterAccept(version: "1") { __typename } }'
    assert Caller(here.client, machine, "machine").error(write) == "FORBIDDEN"
    assert Caller(here.client, machine, "machine").ask("{ parts { label } }")["parts"]


def test_a_new_key_of_the_issuer_is_believed_at_once(here: Here) -> None:
    deployment = here.deployment
    now = to_microseconds(here.clock())
    with deployment.store.writing():
        kid = rotate(deployment.store, deployment.service.service_keys, now)
    try:
        key = signing_key(deployment.service)
        assert key.kid == kid
        token = access_token(key, deployment.settings, subject="agent", scope="livret:read")
        keys = build_service(deployment.settings).credentials
        assert isinstance(keys.actor(f"Bearer {signed(here)}"), Agent)
        assert isinstance(keys.actor(f"Bearer {token}"), Agent)
    finally:
        with deployment.store.writing():
            deployment.store.run(SigningKeyTable.delete().where(SigningKeyTable.kid == kid))
