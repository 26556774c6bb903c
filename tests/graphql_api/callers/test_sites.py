"""Regional sites: registered by the operator with a machine of their own, offered to owners."""

import json
import re
from pathlib import Path

import pytest
from joserfc.jwk import ECKey, KeySet

from schema.typography import typeset
from tests.conftest import Caller, Here
from tests.graphql_api.commands.commands import Livret
from tests.graphql_api.consents.consents import (
    GIVE,
    consents,
    give,
    given,
    notice,
    registered,
    rows,
    terms,
)

SITES = "{ sites { code name kind } }"


@pytest.fixture(autouse=True)
def _without_clients(here: Here) -> None:
    here.deployment.store.database.execute_sql("DELETE FROM idp_client")


def value(said: str, name: str) -> str:
    (found,) = re.findall(rf"^{name} +(\S+)$", said, re.MULTILINE)
    return str(found)


def test_no_site_is_offered_before_one_is_registered(here: Here) -> None:
    assert here.nobody().ask(SITES) == {"sites": []}
    registered(here, "INSET_NANCY")
    registered(here, "75")
    assert here.nobody().ask(SITES)["sites"] == [
        {"code": "75", "name": "Délégation Nouvelle-Aquitaine du CNFPT", "kind": "DELEGATION"},
        {"code": "INSET_NANCY", "name": "INSET de Nancy", "kind": "INSTITUTE"},
    ]


def test_a_site_is_registered_with_a_machine_whose_secret_is_shown_once(
    here: Here, livret: Livret
) -> None:
    code, said, wrong = livret("sites", "add", "53")
    assert (code, wrong) == (0, "Le secret n’est montré que cette fois.\n")
    client, secret = value(said, "client_id"), value(said, "client_secret")
    assert [row[:2] for row in rows(here, "site")] == [("53", client)]
    assert not any(secret in str(row) for row in rows(here, "idp_client"))
    form = {"grant_type": "client_credentials", "client_id": client, "client_secret": secret}
    answer = here.client.post("/oauth/token", data=form | {"scope": "livret:summary"})
    assert answer.status_code == 200, answer.text
    listed = livret("sites", "list")[1]
    assert secret not in listed
    assert len(listed.splitlines()) == 23
    assert f"53                 Délégation Bretagne du CNFPT  {client}\n" in listed
    assert listed.count("non inscrit") == 22


def test_a_site_that_signs_gets_no_secret(here: Here, livret: Livret, tmp_path: Path) -> None:
    key = ECKey.generate_key("P-256", auto_kid=True)
    jwks = tmp_path / "jwks.json"
    jwks.write_text(json.dumps(KeySet([key]).as_dict(private=False)))
    code, said, wrong = livret("sites", "add", "93", "--jwks", str(jwks))
    assert (code, wrong) == (0, "")
    assert "client_secret" not in said


@pytest.mark.parametrize("text", ['{"keys": []}', "[]", "not json", '{"keys": [{"kty": "oct"}]}'])
def test_bad_keys_register_neither_site_nor_machine(
    here: Here, livret: Livret, tmp_path: Path, text: str
) -> None:
    jwks = tmp_path / "jwks.json"
    jwks.write_text(text)
    code, said, wrong = livret("sites", "add", "93", "--jwks", str(jwks))
    assert (code, said) == (1, "")
    assert wrong.startswith(typeset("Échec : "))
    assert rows(here, "site") == rows(here, "idp_client") == []


def test_a_site_is_registered_once_and_no_other_than_those_there_are(
    here: Here, livret: Livret
) -> None:
    assert livret("sites", "add", "53")[0] == 0
    code, said, wrong = livret("sites", "add", "53")
    assert (code, said) == (1, "")
    assert wrong == typeset("Échec : Délégation Bretagne du CNFPT : déjà inscrit.\n")
    assert len(rows(here, "idp_client")) == 1
    assert livret("sites", "add", "99")[0] == 2
    assert livret("sites", "remove", "93")[:2] == (1, "")


def test_a_site_that_is_removed_gets_no_token_and_is_offered_no_more(
    here: Here, livret: Livret
) -> None:
    said = livret("sites", "add", "53")[1]
    form = {
        "grant_type": "client_credentials",
        "client_id": value(said, "client_id"),
        "client_secret": value(said, "client_secret"),
        "scope": "livret:summary",
    }
    assert here.client.post("/oauth/token", data=form).status_code == 200
    assert livret("sites", "remove", "53")[0] == 0
    assert here.client.post("/oauth/token", data=form).json()["error"] == "invalid_client"
    assert here.nobody().ask(SITES) == {"sites": []}
    again = livret("sites", "add", "53")[1]
    assert value(again, "client_id") != form["client_id"]
    assert [one["code"] for one in here.nobody().ask(SITES)["sites"]] == ["53"]
    assert len(rows(here, "site")) == 1


def test_nobody_consents_to_a_site_that_is_not_registered(
    here: Here, owner: Caller, livret: Livret
) -> None:
    registered(here)
    said = terms(here)
    hashed = notice(owner, said)
    first = given(here, owner)
    assert livret("sites", "remove", "75")[0] == 0
    for code in ("75", "76", "99", "", "75 ", "x" * 10_000):
        refused = owner.do(GIVE, consent=said | {"site": code}, notice=hashed)
        assert refused["__typename"] == "InvalidEntry", code
        assert [(one["path"], one["code"]) for one in refused["problems"]] == [
            ("consent.site", "UNKNOWN_CODE" if code else "REQUIRED")
        ]
    assert consents(owner) == [first], "the consent is to the delegation, not to its machine"
    assert livret("sites", "add", "75")[0] == 0
    assert give(owner, terms(here, "COUNTS"), replaces=first["id"])["__typename"] == "ConsentGiven"
