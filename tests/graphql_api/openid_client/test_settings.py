"""The TOML file that names the providers, and what it refuses."""

import json
from pathlib import Path

import pytest

from graphql_api.configuration.settings import SettingError
from graphql_api.openid_client.settings import OpenIdProvider, read_providers
from tests.graphql_api.openid_client.provider import EC

PROCONNECT = """
[[provider]]
preset = "proconnect"
client_id = "id"
client_secret = "CANARY"
"""


def read(folder: Path, text: str) -> tuple[OpenIdProvider, ...]:
    path = folder / "providers.toml"
    path.write_text(text, encoding="utf-8")
    return read_providers(path)


def test_proconnect_is_asked_as_it_wants_to_be(tmp_path: Path) -> None:
    (one,) = read(tmp_path, PROCONNECT)
    assert one.issuer == "https://proconnect.gouv.fr/api/v2"
    assert (one.name, one.label, one.userinfo) == ("proconnect", "ProConnect", "signed")
    assert one.acr_values == ("eidas1",)
    assert one.claim_map == {"family_name": "usual_name"}
    assert one.pkce
    assert "siret" not in one.scopes


def test_franceconnect_gets_no_pkce(tmp_path: Path) -> None:
    (one,) = read(tmp_path, PROCONNECT.replace('"proconnect"', '"franceconnect"'))
    assert one.issuer == "https://oidc.franceconnect.gouv.fr/api/v2"
    assert not one.pkce


def test_what_is_written_goes_before_the_preset(tmp_path: Path) -> None:
    integration = "https://fca.integ01.dev-agentconnect.fr/api/v2"
    lines = f'issuer = "{integration}"\naccepted_acr = ["eidas2"]\nlabel = "Agents"\n'
    (one,) = read(tmp_path, PROCONNECT + lines + '[provider.extra]\nidp_hint = "x"\n')
    assert (one.issuer, one.accepted_acr, one.label) == (integration, ("eidas2",), "Agents")
    assert one.extra == {"idp_hint": "x"}


def test_several_providers_and_secrets_in_files(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("CANARY\n")
    (tmp_path / "key.json").write_text(json.dumps(EC.as_dict(private=True)))
    text = (
        PROCONNECT.replace('client_secret = "CANARY"', 'client_secret_file = "secret"')
        + '[[provider]]\npreset = "keycloak"\nissuer = "https://id.example/realms/agents"\n'
        + 'client_id = "livret"\nauth_method = "private_key_jwt"\nprivate_key_file = "key.json"\n'
    )
    first, second = read(tmp_path, text)
    assert first.client_secret == "CANARY"
    assert second.private_key is not None
    assert second.private_key["kty"] == "EC"
    assert "CANARY" not in repr(first)
    assert str(EC.as_dict(private=True)["d"]) not in repr(second)


def test_a_file_without_providers_names_none(tmp_path: Path) -> None:
    assert read(tmp_path, "") == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[provider", "illisible"),
        ("provider = 5", "[[provider]]"),
        ("provider = [5]", "[[provider]]"),
        ('[[provider]]\npreset = "google"', "preset"),
        ('[[provider]]\npreset = "keycloak"\nclient_id = "x"', "issuer"),
        (PROCONNECT + 'secret = "x"', "clé inconnue : secret"),
        (PROCONNECT + PROCONNECT, "même nom"),
        (PROCONNECT + 'pkce = "yes"', "pkce"),
        (PROCONNECT + "leeway_seconds = true", "leeway_seconds"),
        (PROCONNECT + "leeway_seconds = 9999", "leeway_seconds"),
        (PROCONNECT + 'scopes = "openid"', "scopes"),
        (PROCONNECT + 'scopes = ["email"]', "openid"),
        (PROCONNECT + "scopes = [5]", "scopes"),
        (PROCONNECT + 'issuer = "http://id.example"', "issuer"),
        (PROCONNECT + 'issuer = "https://[id"', "issuer"),
        (PROCONNECT + 'name = "../x"', "name"),
        (PROCONNECT + 'id_token_algorithms = ["none"]', "id_token_algorithms"),
        (PROCONNECT + 'id_token_algorithms = ["HS256"]', "id_token_algorithms"),
        (PROCONNECT + "id_token_algorithms = []", "id_token_algorithms"),
        (PROCONNECT + 'auth_method = "tls"', "auth_method"),
        (PROCONNECT + 'auth_method = "private_key_jwt"', "private_key"),
        (PROCONNECT + 'userinfo = "maybe"', "userinfo"),
        (PROCONNECT + 'extra = { max_age = "soon" }', "max_age"),
        (PROCONNECT + "extra = { max_age = 5 }", "extra"),
        (PROCONNECT + 'client_secret_file = "not-there"', "client_secret_file"),
        ('[[provider]]\npreset = "proconnect"\nclient_id = "x"', "client_secret"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SettingError, match="LIVRET_SIGN_IN_PROVIDERS") as bad:
        read(tmp_path, text)
    assert said in str(bad.value)
    assert "CANARY" not in str(bad.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="illisible"):
        read_providers(tmp_path / "none.toml")
