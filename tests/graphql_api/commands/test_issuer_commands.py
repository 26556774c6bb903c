"""The operator's commands for the embedded issuer: clients and keys, and what they change over HTTP."""

import json
import re
from pathlib import Path

import pytest
from joserfc.jwk import ECKey, KeySet

from schema.typography import typeset
from tests.conftest import Here
from tests.graphql_api.commands.commands import Livret

BACK = "https://portail.example/retour"
ORIGIN = "https://portail.example"


@pytest.fixture(autouse=True)
def _without_clients(here: Here) -> None:
    here.deployment.store.database.execute_sql("DELETE FROM idp_client")


def value(said: str, name: str) -> str:
    (found,) = re.findall(rf"^{name} +(\S+)$", said, re.MULTILINE)
    return str(found)


def test_a_front_end_is_registered_listed_and_disabled(here: Here, livret: Livret) -> None:
    code, said, wrong = livret(
        "clients", "front-end", "--name", "Portail RH", "--redirect-uri", BACK, "--origin", ORIGIN
    )
    assert (code, wrong) == (0, "")
    id = value(said, "client_id")
    assert "client_secret" not in said
    asked = {
        "response_type": "code",
        "client_id": id,
        "redirect_uri": BACK,
        "scope": "openid",
        "code_challenge": "a" * 43,
        "code_challenge_method": "S256",
    }
    there = here.client.get("/oauth/authorize", params=asked, follow_redirects=False)
    assert there.status_code == 303, there.text
    code, said, wrong = livret("clients", "list")
    assert said == f"{id}  site, sans secret  Portail RH  {BACK} {ORIGIN}\n"
    assert livret("clients", "disable", id)[0] == 0
    assert livret("clients", "list") == (0, "", "")
    assert here.client.get("/oauth/authorize", params=asked).status_code == 400
    assert livret("clients", "disable", id)[0] == 1


def test_the_machine_of_a_site_is_ended_with_the_site(livret: Livret) -> None:
    id = value(livret("sites", "add", "24")[1], "client_id")
    code, _, wrong = livret("clients", "disable", id)
    assert (code, "livret sites remove 24" in wrong) == (1, True)
    assert id in livret("sites", "list")[1]
    assert livret("sites", "remove", "24")[0] == 0
    assert id not in livret("clients", "list")[1]
    assert livret("sites", "add", "24")[0] == 0


def test_a_machine_gets_a_secret_once_and_a_token_with_it(here: Here, livret: Livret) -> None:
    code, said, wrong = livret("clients", "machine", "--name", "Délégation Bretagne")
    assert code == 0
    assert "n’est montré que cette fois" in wrong
    id, secret = value(said, "client_id"), value(said, "client_secret")
    assert secret not in livret("clients", "list")[1]
    form = {"grant_type": "client_credentials", "client_id": id, "client_secret": secret}
    answer = here.client.post("/oauth/token", data=form | {"scope": "livret:summary"})
    assert answer.status_code == 200, answer.text
    assert livret("clients", "disable", id)[0] == 0
    refused = here.client.post("/oauth/token", data=form)
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_client")


def test_a_machine_that_signs_needs_no_secret(here: Here, livret: Livret, tmp_path: Path) -> None:
    key = ECKey.generate_key("P-256", auto_kid=True)
    jwks = tmp_path / "jwks.json"
    jwks.write_text(json.dumps(KeySet([key]).as_dict(private=True)))
    code, said, wrong = livret("clients", "machine", "--name", "Région", "--jwks", str(jwks))
    assert (code, wrong) == (0, "")
    assert "client_secret" not in said
    rows = here.deployment.store.database.execute_sql("SELECT keys FROM idp_client").fetchall()
    assert str(key.as_dict(private=True)["d"]) not in str(rows)


@pytest.mark.parametrize(
    "words",
    [
        ("front-end", "--name", "Sans retour"),
        ("front-end", "--name", "En clair", "--redirect-uri", "http://portail.example/retour"),
        ("front-end", "--name", "Joker", "--redirect-uri", "https://*.example/retour"),
        ("front-end", "--name", "X", "--redirect-uri", BACK, "--origin", f"{ORIGIN}/chemin"),
        ("machine", "--name", "Sans fichier", "--jwks", "absent.json"),
    ],
)
def test_what_cannot_be_registered_is_said_in_french_and_leaves_nothing(
    livret: Livret, words: tuple[str, ...]
) -> None:
    code, said, wrong = livret("clients", *words)
    assert (code, said) == (1, "")
    assert wrong.startswith(typeset("Échec : "))
    assert livret("clients", "list") == (0, "", "")


def test_a_new_key_is_published_at_once_and_signs_after_a_while(here: Here, livret: Livret) -> None:
    before = {key["kid"] for key in here.client.get("/oauth/jwks").json()["keys"]}
    code, said, _ = livret("keys", "rotate", "--after", "60")
    kid = said.strip()
    assert code == 0
    try:
        published = {key["kid"] for key in here.client.get("/oauth/jwks").json()["keys"]}
        assert published == before | {kid}
        lines = livret("keys", "list")[1].splitlines()
        assert [line.rsplit("  ", 1)[1] for line in lines if line.startswith(kid)] == ["publiée"]
        (signs,) = [line.split("  ")[0] for line in lines if line.endswith("  signe")]
        assert signs in before
        code, _, wrong = livret("keys", "retire", signs)
        assert code == 1
        assert "cette clé signe encore" in wrong
        assert livret("keys", "retire", kid)[0] == 0
        assert {key["kid"] for key in here.client.get("/oauth/jwks").json()["keys"]} == before
        assert livret("keys", "retire", kid)[0] == 1
    finally:
        here.deployment.store.database.execute_sql(
            "DELETE FROM idp_signing_key WHERE retired_at IS NOT NULL"
        )


@pytest.mark.parametrize("delay", ["-1", "dix", "10081", "1.5"])
def test_a_delay_that_is_none_is_refused(livret: Livret, delay: str) -> None:
    code, _, wrong = livret("keys", "rotate", f"--after={delay}")
    assert code == 2
    assert "nombre de minutes entre 0 et 10080 attendu" in wrong
