"""Receipts of consents: signed, their owner's, found in the chain; and never good as a token."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet
from joserfc.jws import extract_compact

from graphql_api.consents.receipts import RECEIPT_TYPE
from schema.typography import typeset
from tests.conftest import SERVICE, Caller, Here, with_booklet
from tests.graphql_api.booklets.closing import close
from tests.graphql_api.commands.commands import Livret
from tests.graphql_api.consents.consents import NARROW, WITHDRAW, change, given, registered, rows
from tests.graphql_api.roles import absent

Verify = Callable[[str], tuple[int, str, str]]


@pytest.fixture(autouse=True)
def site(here: Here) -> Caller:
    return registered(here)


@pytest.fixture
def verify(livret: Livret, tmp_path: Path) -> Verify:
    """Verifies a receipt as the operator does."""

    def run(text: str) -> tuple[int, str, str]:
        file = tmp_path / "recu.jws"
        file.write_text(text)
        return livret("consents", "verify", "--receipt", str(file))

    return run


def download(caller: Caller, id: str) -> Any:
    headers = {} if caller.token is None else {"authorization": f"Bearer {caller.token}"}
    return caller.client.get(f"/consents/{id}.jws", headers=headers)


def claims(here: Here, text: str) -> dict[str, Any]:
    """What a receipt says, verified as anybody can: with the keys that the service publishes."""
    keys = KeySet.import_key_set(here.client.get("/oauth/jwks").json())
    return dict(jwt.decode(text, keys, algorithms=["ES256"]).claims)


def test_a_receipt_is_a_file_that_says_what_was_consented(here: Here, owner: Caller) -> None:
    consent = given(here, owner, "COUNTS", "HOLDER", purposeText="Mon projet")
    answer = download(owner, consent["id"])
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/jose"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    name = f'attachment; filename="consentement-{consent["id"]}.jws"'
    assert answer.headers["content-disposition"] == name
    assert extract_compact(answer.content).protected == {
        "alg": "ES256",
        "typ": RECEIPT_TYPE,
        "kid": here.deployment.key.kid,
    }
    said = claims(here, answer.text)
    assert set(said) == {"iss", "iat", "jti", "consent", "salt", "event"}
    assert (said["iss"], said["jti"]) == (SERVICE, consent["id"])
    assert said["consent"] == {
        "id": consent["id"],
        "version": 1,
        "site": "75",
        "sections": ["HOLDER", "COUNTS"],
        "purpose": "CONSEIL_PARCOURS",
        "purposeText": "Mon projet",
        "noticeVersion": "1",
        "noticeSha256": consent["noticeSha256"],
        "givenAt": consent["givenAt"],
        "expiresAt": consent["expiresAt"],
    }
    ((number, hashed),) = rows(here, "consent_event", "number", "hash")
    assert said["event"] == {"number": number, "hash": hashed}


def test_a_receipt_names_nobody(here: Here, owner: Caller) -> None:
    said = claims(here, download(owner, given(here, owner, "HOLDER")["id"]).text)
    stored = [
        row[0] for table in ("booklet", "person") for row in rows(here, table, "id", "created_at")
    ]
    for word in ("Lefèvre", "Maëlle", "maelle", "1980", "owner", *stored):
        assert word not in json.dumps(said, ensure_ascii=False)


def test_a_receipt_follows_the_consent(here: Here, owner: Caller, verify: Verify) -> None:
    id = given(here, owner, "COUNTS", "HOLDER")["id"]
    first = download(owner, id).text
    owner.do(NARROW, id=id, version=1, sections=["COUNTS"])
    second = download(owner, id).text
    ended = owner.do(WITHDRAW, id=id)["consent"]
    third = download(owner, id).text
    told = [claims(here, text) for text in (first, second, third)]
    assert [one["consent"]["sections"] for one in told] == [
        ["HOLDER", "COUNTS"],
        ["COUNTS"],
        ["COUNTS"],
    ]
    assert [one["event"]["number"] for one in told] == [1, 2, 2]
    assert [one.get("ended") for one in told] == [
        None,
        None,
        {"at": ended["endedAt"], "by": "WITHDRAWN"},
    ]
    for text in (first, second, third):
        code, said, wrong = verify(text)
        assert (code, wrong) == (0, "")
        assert said.endswith("Signature vérifiée.\n")


def test_a_receipt_is_its_owners_alone(here: Here, owner: Caller) -> None:
    id = given(here, owner)["id"]
    other = with_booklet(here, "other")
    given(here, other)
    answers = {download(other, one).content for one in (id, absent())}
    assert {download(other, one).status_code for one in (id, absent())} == {404}
    assert len(answers) == 1
    assert download(here.caller("newcomer"), id).content in answers
    assert download(here.nobody(), id).status_code == 401
    assert download(here.caller("owner", "livret:write"), id).status_code == 403
    assert download(here.machine("owner"), id).status_code == 403
    assert download(Caller(here.client, "x", "forger"), id).status_code == 401
    for bad in ("x", f"{id}x", "%00", "..%2f"):
        assert download(owner, bad).status_code == 404, bad
    assert here.client.post(f"/consents/{id}.jws").status_code == 405


def test_a_receipt_is_no_token(here: Here, owner: Caller) -> None:
    id = given(here, owner)["id"]
    text = download(owner, id).text
    thief = Caller(here.client, text, "thief")
    for ask in (lambda: thief.post({"query": "{ booklet { id } }"}), lambda: download(thief, id)):
        assert ask().status_code == 401
    bearer = {"authorization": f"Bearer {text}"}
    assert here.client.get("/oauth/userinfo", headers=bearer).status_code == 401
    form = {"token": text, "client_id": "livret"}
    assert "active" not in here.client.post("/oauth/revoke", data=form).text
    for kind, name in (("refresh_token", "refresh_token"), ("authorization_code", "code")):
        asked = {"grant_type": kind, name: text, "client_id": "livret", "redirect_uri": SERVICE}
        assert here.client.post("/oauth/token", data=asked).status_code == 400
    assertion = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    asked = {"grant_type": "client_credentials", "client_assertion": text}
    assert here.client.post(
        "/oauth/token", data=asked | {"client_assertion_type": assertion}
    ).status_code in (400, 401)
    leaving = [
        here.client.get("/oauth/end-session", params={"id_token_hint": hint})
        for hint in (text, "x.y.z")
    ]
    assert leaving[0].text == leaving[1].text
    assert leaving[0].status_code == leaving[1].status_code == 400


def test_whatever_a_receipt_would_claim_its_type_is_no_tokens(here: Here, owner: Caller) -> None:
    """All that makes an access token, signed by the right key: the type alone tells."""
    settings, key, now = here.deployment.settings, here.deployment.key, here.clock.seconds
    everything = {
        "iss": settings.token_issuer,
        "aud": settings.token_audience,
        "sub": "owner",
        "client_id": "livret",
        "scope": "livret:read livret:write",
        "iat": now,
        "exp": now + 600,
        "jti": "x",
        "sid": "x",
    }
    for typ, status in (("at+jwt", 200), (RECEIPT_TYPE, 401)):
        text = jwt.encode({"alg": "ES256", "typ": typ, "kid": key.kid}, everything, key)
        answer = Caller(here.client, text, typ).post({"query": "{ booklet { id } }"})
        assert answer.status_code == status, typ
    assert (
        here.client.get("/oauth/userinfo", headers={"authorization": f"Bearer {text}"}).status_code
        == 401
    )


def test_a_receipt_that_was_altered_or_forged_is_refused(
    here: Here, owner: Caller, verify: Verify
) -> None:
    text = download(owner, given(here, owner, "COUNTS")["id"]).text
    said, key = claims(here, text), here.deployment.key
    head, body, signature = text.split(".")
    wider = said | {"consent": said["consent"] | {"sections": ["HOLDER", "COUNTS"]}}
    header = {"alg": "ES256", "typ": RECEIPT_TYPE, "kid": key.kid}
    other = ECKey.generate_key("P-256")
    for forged in (
        "",
        "x",
        "a.b.c",
        "é.b.c",
        f"{head}.{body}.",
        f"{head}.{body}.{signature[:-4]}AAAA",
        f"{head}.{body[:-4]}AAAA.{signature}",
        jwt.encode(header, said, other),
        jwt.encode(header, wider, key),
        jwt.encode(header | {"kid": "unknown"}, wider, other),
        jwt.encode(header | {"typ": "at+jwt"}, said, key),
        jwt.encode(header, said | {"salt": "0" * 64}, key),
        jwt.encode(header, said | {"event": said["event"] | {"number": 2}}, key),
        jwt.encode(header, said | {"event": said["event"] | {"number": 10**30}}, key),
        jwt.encode(header, said | {"event": said["event"] | {"number": "x"}}, key),
        jwt.encode(header, said | {"event": []}, key),
        jwt.encode(header, said | {"consent": None}, key),
        jwt.encode(header, {"jti": "x"}, key),
        "." * 20_000,
    ):
        code, _, wrong = verify(forged)
        assert code == 1, forged
        assert wrong.startswith(typeset("Échec : ")), wrong


def test_a_receipt_is_found_in_the_chain_even_when_its_key_is_published_no_more(
    here: Here, owner: Caller, verify: Verify
) -> None:
    text = download(owner, given(here, owner)["id"]).text
    was = rows(here, "idp_signing_key", "kid", "retired_at")
    change(here, "UPDATE idp_signing_key SET retired_at = 1")
    try:
        code, said, wrong = verify(text)
    finally:
        change(here, "UPDATE idp_signing_key SET retired_at = NULL")
    assert rows(here, "idp_signing_key", "kid", "retired_at") == was
    assert code == 0
    assert typeset("Récépissé retrouvé dans la chaîne : événement 1.") in said
    assert "Signature non vérifiée" in wrong
    assert "Signature vérifiée" not in said


def test_a_receipt_outlives_the_booklet(here: Here, owner: Caller, verify: Verify) -> None:
    id = given(here, owner)["id"]
    text = download(owner, id).text
    closer = here.caller("owner", signed_in_at=int(here.clock().timestamp()))
    assert close(closer)["__typename"] == "BookletClosed"
    assert download(owner, id).status_code == 404
    assert verify(text)[0] == 0
    change(here, "DELETE FROM consent_event")
    assert verify(text)[2] == typeset(
        "Échec : La chaîne des consentements ne contient pas ce récépissé.\n"
    )
