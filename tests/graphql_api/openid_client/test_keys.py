"""A provider's metadata and keys are cached, and read again when a key is new."""

import asyncio
from typing import Any

import pytest
from starlette.responses import JSONResponse

from graphql_api.openid_client.errors import ProviderUnavailableError, SignInRefusedError
from tests.graphql_api.openid_client.provider import (
    EC,
    OTHER_EC,
    RSA,
    SUBJECT,
    OpenIdProviderOfTests,
    fault,
    signed_in,
    visit,
)


def test_metadata_and_keys_are_read_once_an_hour() -> None:
    async def sign_ins() -> None:
        op = OpenIdProviderOfTests()
        us = visit(op)
        for moved in (0, 1_800, 3_500):
            us.clock.moved = 0  # tokens are of the real time
            await us.sign_in()
            us.clock.moved = moved
            await us.begin()
        assert op.asked.count("/jwks") == op.asked.count("/.well-known/openid-configuration") == 1
        us.clock.moved = 3_700
        await us.begin()
        assert op.asked.count("/.well-known/openid-configuration") == 2

    asyncio.run(sign_ins())


def test_a_new_key_is_believed_at_once() -> None:
    async def sign_ins() -> None:
        op = OpenIdProviderOfTests()
        us = visit(op)
        await us.sign_in()
        op.published, op.key = [OTHER_EC], OTHER_EC
        assert (await us.sign_in()).subject == SUBJECT
        assert op.asked.count("/jwks") == 2

    asyncio.run(sign_ins())


def test_made_up_key_ids_cost_the_provider_one_reading_a_minute() -> None:
    async def sign_ins() -> None:
        op = OpenIdProviderOfTests()
        us = visit(op)
        await us.sign_in()
        op.key = OTHER_EC  # not published
        for _ in range(5):
            with pytest.raises(SignInRefusedError, match="signature"):
                await us.sign_in()
        assert op.asked.count("/jwks") == 2
        us.clock.moved = 61
        op.published = [OTHER_EC]
        op.claims = lambda said: said | {"iat": said["iat"] + 61, "exp": said["exp"] + 61}
        assert (await us.sign_in()).subject == SUBJECT
        assert op.asked.count("/jwks") == 3

    asyncio.run(sign_ins())


def test_sign_ins_at_once_read_a_new_key_once() -> None:
    async def sign_ins() -> None:
        op = OpenIdProviderOfTests()
        us = visit(op)
        begun = [await us.begin() for _ in range(8)]
        op.claims = lambda said: said | {"nonce": begun[0].login_state.nonce}
        op.began = {}
        answers = [{"code": "c", "state": one.login_state.state} for one in begun]
        both = zip(begun, answers, strict=True)
        found = await asyncio.gather(
            *(us.client.finish(one.login_state, answer) for one, answer in both),
            return_exceptions=True,
        )
        codes = [one.code if isinstance(one, SignInRefusedError) else "signed in" for one in found]
        assert codes == ["signed in"] + ["nonce"] * 7
        assert op.asked.count("/jwks") == 1

    asyncio.run(sign_ins())


def test_keys_that_do_not_sign_are_passed_over() -> None:
    public: Any = EC.as_dict(private=False)
    odd: list[Any] = [
        {"kty": "oct", "k": "AAAA", "kid": "shared"},
        {"kty": "EC", "crv": "P-999", "x": "AA", "y": "AA", "kid": "odd"},
        {"kty": "AKP", "kid": "of-tomorrow"},
        {"kty": "RSA", "kid": "nothing-else"},
        RSA.as_dict(private=False) | {"use": "enc"},
    ]
    assert signed_in(OpenIdProviderOfTests(published=[*odd, public])).subject == SUBJECT
    assert fault(OpenIdProviderOfTests(published=odd)) == "keys"


@pytest.mark.parametrize("keys", [[], {}, {"keys": {}}, {"keys": []}, {"keys": [5, "x", None]}])
def test_what_is_no_key_set_is_a_provider_down(keys: Any) -> None:
    op = OpenIdProviderOfTests(
        answers=lambda request, response: (
            JSONResponse(keys) if request.url.path == "/jwks" else response
        )
    )
    assert fault(op) == "keys"


def test_a_provider_that_comes_back_is_used_again() -> None:
    async def sign_ins() -> None:
        op = OpenIdProviderOfTests(answers=lambda _request, _response: JSONResponse({}, 500))
        us = visit(op)
        for _ in range(2):
            with pytest.raises(ProviderUnavailableError, match="status"):
                await us.begin()
        op.answers = lambda _request, response: response
        assert (await us.sign_in()).subject == SUBJECT

    asyncio.run(sign_ins())
