"""Operators register and change front ends and machines."""

import json
from typing import Any

import pytest
from joserfc.jwk import ECKey

from graphql_api.identity_provider.oauth import clients
from tests.conftest import Caller, Here
from tests.graphql_api.office import stored
from tests.graphql_api.operating.operators import OPERATOR_SCOPE, operator

REFUSALS = "... on Refusal { code } ... on InvalidEntry { problems { path code } }"
REGISTER = f"""mutation($frontEnd: FrontEndInput!) {{ frontEndRegister(frontEnd: $frontEnd) {{
  __typename ... on ClientRegistered {{ id secret }} {REFUSALS} }} }}"""
REVISE = f"""mutation($id: ID!, $frontEnd: FrontEndInput!) {{
  frontEndRevise(id: $id, frontEnd: $frontEnd) {{ __typename {REFUSALS} }} }}"""
MACHINE = f"""mutation($machine: MachineInput!) {{ machineRegister(machine: $machine) {{
  __typename ... on ClientRegistered {{ id secret }} {REFUSALS} }} }}"""
REVISE_MACHINE = f"""mutation($id: ID!, $machine: MachineInput!) {{
  machineRevise(id: $id, machine: $machine) {{ __typename {REFUSALS} }} }}"""
DISABLE = """mutation($id: ID!) { clientDisable(id: $id) { __typename ... on Refusal { code } } }"""
CLIENTS = """{ apiClients { id name isFrontEnd authentication redirectUris
  postLogoutRedirectUris origins } }"""
PORTAL = {
    "name": "  Portail ",
    "redirectUris": ["https://portail.example/retour", "", "https://portail.example/retour"],
    "postLogoutRedirectUris": ["https://portail.example/"],
    "origins": ["https://portail.example"],
}


@pytest.fixture
def boss(here: Here) -> Caller:
    """An operator who has just signed in."""
    return operator(here)


def keys() -> dict[str, Any]:
    return {"keys": [ECKey.generate_key("P-256", {"kid": "1"}).as_dict(private=True)]}


def found(here: Here, client: str) -> Any:
    store = here.deployment.store
    with store.reading():
        return clients.find(store, client)


def test_a_front_end_is_registered_and_its_secret_is_shown_once(here: Here, boss: Caller) -> None:
    public = boss.do(REGISTER, frontEnd=PORTAL)
    assert public["secret"] is None
    private = boss.do(REGISTER, frontEnd=PORTAL | {"hasSecret": True})
    assert found(here, private["id"]).check_client_secret(private["secret"])
    told = boss.ask(CLIENTS)["apiClients"]
    assert private["secret"] not in json.dumps(told) + str(stored(here))
    assert told[0] | {"id": "", "authentication": ""} == {
        "id": "",
        "name": "Portail",
        "isFrontEnd": True,
        "authentication": "",
        "redirectUris": ["https://portail.example/retour"],
        "postLogoutRedirectUris": ["https://portail.example/"],
        "origins": ["https://portail.example"],
    }


def test_a_front_end_is_given_other_addresses_and_keeps_its_secret(
    here: Here, boss: Caller
) -> None:
    made = boss.do(REGISTER, frontEnd=PORTAL | {"hasSecret": True})
    changed = {"name": "Autre", "redirectUris": ["http://localhost:3000/"]}
    assert boss.do(REVISE, id=made["id"], frontEnd=changed)["__typename"] == "ClientRevised"
    client = found(here, made["id"])
    assert client.check_client_secret(made["secret"])
    assert (client.name, client.redirect_uris, client.origins) == (
        "Autre",
        ("http://localhost:3000/",),
        (),
    )


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"name": " "}, [("name", "REQUIRED")]),
        ({"name": "x" * 121}, [("name", "TOO_LONG")]),
        ({"redirectUris": []}, [("redirectUris", "REQUIRED")]),
        ({"redirectUris": ["http://portail.example/"]}, [("redirectUris", "FORMAT")]),
        ({"redirectUris": ["https://x.example/#a"]}, [("redirectUris", "FORMAT")]),
        ({"redirectUris": [f"https://x.example/{n}" for n in range(21)]}, [("redirectUris", "FORMAT")]),
        ({"redirectUris": ["https://x.example/" + "a" * 2000]}, [("redirectUris", "FORMAT")]),
        ({"origins": ["https://x.example/path"]}, [("origins", "FORMAT")]),
        ({"name": "", "redirectUris": [], "postLogoutRedirectUris": ["x"], "origins": ["*"]},
         [("name", "REQUIRED"), ("redirectUris", "REQUIRED"),
          ("postLogoutRedirectUris", "FORMAT"), ("origins", "FORMAT")]),
    ],
)  # fmt: skip
def test_what_is_wrong_of_a_front_end_is_said_at_once(
    here: Here, boss: Caller, changes: dict[str, Any], wrong: list[tuple[str, str]]
) -> None:
    made = boss.do(REGISTER, frontEnd=PORTAL)["id"]
    before = stored(here)
    for document, variables in ((REGISTER, {}), (REVISE, {"id": made})):
        answer = boss.do(document, frontEnd=PORTAL | changes, **variables)
        assert [(one["path"], one["code"]) for one in answer["problems"]] == wrong
    assert stored(here) == before


def test_a_machine_has_a_secret_or_signs_with_its_keys(here: Here, boss: Caller) -> None:
    made = boss.do(MACHINE, machine={"name": "Copie", "keys": " "})
    assert found(here, made["id"]).check_client_secret(made["secret"])
    signing = boss.do(MACHINE, machine={"name": "Copie", "keys": json.dumps(keys())})
    assert signing["secret"] is None
    client = found(here, signing["id"])
    assert client.authentication == "private_key_jwt"
    assert '"d"' not in json.dumps(client.keys)
    other = json.dumps(keys())
    revised = boss.do(REVISE_MACHINE, id=signing["id"], machine={"name": "B", "keys": other})
    assert revised["__typename"] == "ClientRevised"
    assert found(here, signing["id"]).keys != client.keys
    refused = boss.do(REVISE_MACHINE, id=made["id"], machine={"name": "B", "keys": other})
    assert refused == {"__typename": "NotFound", "code": "NOT_FOUND"}
    assert boss.do(REVISE_MACHINE, id=made["id"], machine={"name": "B"})["__typename"] == (
        "ClientRevised"
    )


@pytest.mark.parametrize(
    "wrong", ["x", "[]", "{}", '{"keys": []}', '{"keys": [{"kty": "oct"}]}', "[" * 9999]
)
def test_keys_that_sign_nothing_are_refused(here: Here, boss: Caller, wrong: str) -> None:
    before = stored(here)
    answer = boss.do(MACHINE, machine={"name": "Copie", "keys": wrong})
    assert [(one["path"], one["code"]) for one in answer["problems"]] == [("keys", "FORMAT")]
    assert stored(here) == before


def test_a_site_s_machine_and_one_of_the_other_kind_are_not_there(boss: Caller) -> None:
    made = boss.do('mutation { siteRegister(site: "24") { ... on SiteRegistered { client } } }')
    portal = boss.do(REGISTER, frontEnd=PORTAL)["id"]
    for id in (made["client"], portal, "x", ""):
        answer = boss.do(REVISE_MACHINE, id=id, machine={"name": "B"})
        assert answer == {"__typename": "NotFound", "code": "NOT_FOUND"}, id
    for id in (made["client"], "x", ""):
        answer = boss.do(REVISE, id=id, frontEnd=PORTAL)
        assert answer == {"__typename": "NotFound", "code": "NOT_FOUND"}, id
        answer = boss.do(DISABLE, id=id)
        assert answer == {"__typename": "NotFound", "code": "NOT_FOUND"}, id
    assert boss.do(DISABLE, id=portal)["__typename"] == "ClientDisabled"


def test_registering_asks_for_a_recent_sign_in(here: Here, boss: Caller) -> None:
    before = stored(here)
    late = here.caller("operator", OPERATOR_SCOPE, int(here.clock().timestamp()) - 601)
    answers = [
        late.do(REGISTER, frontEnd=PORTAL),
        late.do(REVISE, id="x", frontEnd=PORTAL),
        late.do(MACHINE, machine={"name": "x"}),
        late.do(REVISE_MACHINE, id="x", machine={"name": "x"}),
    ]
    assert {one["code"] for one in answers} == {"RECENT_SIGN_IN_REQUIRED"}
    assert stored(here) == before
