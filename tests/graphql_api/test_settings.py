"""Settings: what the environment gives, and the page that lists them."""

from dataclasses import replace
from pathlib import Path

import pytest
import uvicorn

from graphql_api.app import create_application
from graphql_api.commands.cli import main
from graphql_api.commands.documents.settings_page import settings_page
from graphql_api.configuration.settings import SETTINGS, SettingError, from_environment
from tests.client import TestClient

PROVIDERS = """[[provider]]
name = "keycloak"
label = "Keycloak"
issuer = "https://keycloak.example/realms/livret"
client_id = "livret"
auth_method = "none"
"""
ROOT = Path(__file__).parents[2]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The least that the service needs."""
    key = tmp_path / "master.key"
    key.write_text("0f" * 32)
    return {
        "LIVRET_DATABASE_URL": "sqlite:///livret.db",
        "LIVRET_KEY_STORE_URL": "sqlite:///keys.db",
        "LIVRET_MASTER_KEY_FILE": str(key),
    }


def test_the_committed_page_lists_the_settings_as_they_are() -> None:
    assert (ROOT / "docs/settings.md").read_text("utf-8") == settings_page(), "run: make docs"


def test_the_defaults_that_are_shown_are_those_that_are_taken(
    environment: dict[str, str],
) -> None:
    shown = {
        each.variable: each.default_in_french.replace("PORT", "8000")
        for each in SETTINGS.values()
        if each.default is not None and not each.default_in_french.startswith(("aucun", "LIVRET_"))
    }
    assert len(shown) > 10
    assert from_environment(environment | shown) == from_environment(environment)


def test_addresses_that_are_not_given_follow_from_port_and_public_address(
    environment: dict[str, str],
) -> None:
    local = from_environment(environment | {"LIVRET_PORT": "8123"})
    assert local.public_url == local.internal_url == local.token_issuer == "http://127.0.0.1:8123"
    public = from_environment(environment | {"LIVRET_PUBLIC_URL": "https://livret.example/"})
    assert public.token_issuer == public.public_url == "https://livret.example"
    assert public.issues_tokens
    assert public.internal_url == "http://127.0.0.1:8000"


@pytest.mark.parametrize(
    ("written", "origin"),
    [
        ("https://Livret.Example/", "https://livret.example"),
        ("HTTPS://livret.example:443", "https://livret.example"),
        ("https://livret.example.:8443", "https://livret.example:8443"),
        ("https://mairie-Évry.example", "https://xn--mairie-vry-h7a.example"),
        ("https://straße.example", "https://xn--strae-oqa.example"),
        ("https://my_host.example", "https://my_host.example"),
        ("http://LOCALHOST:80", "http://localhost"),
        ("http://[0:0::1]:8000/", "http://[::1]:8000"),
    ],
)
def test_the_public_address_is_the_origin_that_browsers_write(
    environment: dict[str, str], tmp_path: Path, written: str, origin: str
) -> None:
    same = {"LIVRET_PUBLIC_URL": written, "LIVRET_TOKEN_ISSUER": written}
    settings = from_environment(environment | same)
    assert settings.public_url == settings.token_issuer == origin
    assert settings.issues_tokens
    urls = {
        "LIVRET_DATABASE_URL": f"sqlite:///{tmp_path}/livret.db",
        "LIVRET_KEY_STORE_URL": f"sqlite:///{tmp_path}/keys.db",
        "LIVRET_MAIL_FOLDER": str(tmp_path),
    }
    with TestClient(create_application(from_environment(environment | same | urls))) as client:
        issuer = client.get("/.well-known/openid-configuration").json()["issuer"]
        sent = client.post("/sign-out", headers={"origin": origin}, follow_redirects=False)
    assert issuer == origin
    assert sent.status_code == 303


@pytest.mark.parametrize(
    "written",
    [
        "https://livret.example/livret",
        "https://livret.example/?x",
        "https://livret.example#x",
        "https://agent@livret.example",
        "https://livret.example:99999",
        "https://livret.example:0",
        "https://livret..example",
        "https://999.1.1.1",
        "https://[::x]",
        "https://li vret.example",
        "https://",
        "livret.example",
        "http://livret.example",
        "ftp://livret.example",
    ],
)
def test_an_address_that_cannot_be_public_stops_the_service_with_a_sentence(
    environment: dict[str, str], written: str
) -> None:
    with pytest.raises(SettingError, match=r"LIVRET_PUBLIC_URL : [^.]+\.$"):
        from_environment(environment | {"LIVRET_PUBLIC_URL": written})


def test_the_issuer_of_another_service_stays_as_it_is_written(
    environment: dict[str, str],
) -> None:
    issuer = "https://Connexion.example/realms/Livret/"
    assert from_environment(environment | {"LIVRET_TOKEN_ISSUER": issuer}).token_issuer == issuer


@pytest.mark.parametrize(
    ("given", "host", "internal"),
    [
        ({}, "0.0.0.0", "http://127.0.0.1:8000"),
        ({"LIVRET_PROFILE": "development"}, "127.0.0.1", "http://127.0.0.1:8000"),
        ({"LIVRET_HOST": "127.0.0.1"}, "127.0.0.1", "http://127.0.0.1:8000"),
        ({"LIVRET_HOST": "::"}, "::", "http://[::1]:8000"),
        ({"LIVRET_HOST": "10.0.0.5", "LIVRET_PORT": "81"}, "10.0.0.5", "http://10.0.0.5:81"),
        ({"LIVRET_HOST": "0.0.0.0", "LIVRET_PROFILE": "development"}, "0.0.0.0", None),
    ],
)
def test_the_service_listens_where_it_is_told(
    environment: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    given: dict[str, str],
    host: str,
    internal: str | None,
) -> None:
    served: list[uvicorn.Config] = []

    def run(server: uvicorn.Server, sockets: object = None) -> None:
        served.append(server.config)
        server.started = True

    monkeypatch.setattr("uvicorn.Server.run", run)
    key = tmp_path / "master.key"
    key.write_text("6f1cf0a7b3e2295d84c61b0e57aa39d2f8035b9c7d46e1180c92bfe4a5731d6e")
    key.chmod(0o600)
    safe = {
        "LIVRET_DATABASE_URL": f"sqlite:///{tmp_path}/livret.db",
        "LIVRET_KEY_STORE_URL": f"sqlite:///{tmp_path}/keys.db",
        "LIVRET_PUBLIC_URL": "http://127.0.0.1:8000",
        "LIVRET_SMTP_URL": "smtps://mail.example",
    }
    for name, value in (environment | safe | given).items():
        monkeypatch.setenv(name, value)
    assert main(["serve"]) == 0
    assert served[0].host == host
    assert served[0].timeout_keep_alive > 60  # the idle time of balancers
    assert internal in (None, from_environment().internal_url)


def test_files_of_settings_may_begin_with_a_byte_order_mark(
    environment: dict[str, str], tmp_path: Path
) -> None:
    for name, text in (("marked.key", "0f" * 32), ("providers.toml", PROVIDERS)):
        (tmp_path / name).write_text(text, encoding="utf-8-sig")
    files = {
        "LIVRET_DATABASE_URL": f"sqlite:///{tmp_path}/livret.db",
        "LIVRET_KEY_STORE_URL": f"sqlite:///{tmp_path}/keys.db",
        "LIVRET_MASTER_KEY_FILE": str(tmp_path / "marked.key"),
        "LIVRET_SIGN_IN_PROVIDERS": str(tmp_path / "providers.toml"),
        "LIVRET_MAIL_FOLDER": str(tmp_path),
    }
    settings = from_environment(environment | files)
    assert settings.master_key == from_environment(environment).master_key
    with TestClient(create_application(settings)) as client:
        assert client.get("/healthz").status_code == 200


def test_three_settings_are_enough(environment: dict[str, str]) -> None:
    settings = from_environment(environment)
    assert settings.profile == "production"
    assert settings.token_audience == "http://127.0.0.1:8000/graphql"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LIVRET_DATABASE_URL", ""),
        ("LIVRET_MASTER_KEY_FILE", "/nowhere"),
        ("LIVRET_PORT", "70000"),
        ("LIVRET_THREADS", "0"),
        ("LIVRET_PROFILE", "staging"),
        ("LIVRET_HOST", "partout"),
    ],
)
def test_a_setting_that_cannot_be_is_named(
    environment: dict[str, str], name: str, value: str
) -> None:
    with pytest.raises(SettingError, match=name):
        from_environment(environment | {name: value})


@pytest.mark.parametrize("source", ["", "https://source.example/livret"])
def test_the_address_of_the_service_tells_where_its_source_is(
    environment: dict[str, str], tmp_path: Path, source: str
) -> None:
    urls = {
        "LIVRET_DATABASE_URL": f"sqlite:///{tmp_path}/livret.db",
        "LIVRET_KEY_STORE_URL": f"sqlite:///{tmp_path}/keys.db",
        "LIVRET_MAIL_FOLDER": str(tmp_path),
        "LIVRET_SOURCE_URL": source,
    }
    with TestClient(create_application(from_environment(environment | urls))) as client:
        answer = client.get("/")
    assert answer.status_code == 200
    assert "http://127.0.0.1:8000/schema.graphql" in answer.text
    assert ("Code source en service" in answer.text) is bool(source)
    assert source in answer.text


def test_letters_that_could_not_leave_stop_the_service(
    environment: dict[str, str], tmp_path: Path
) -> None:
    settings = from_environment(environment)
    with pytest.raises(SettingError, match="LIVRET_SMTP_URL"):
        create_application(settings)
    with pytest.raises(SettingError, match="LIVRET_SMTP_URL"):
        create_application(replace(settings, smtp_url="http://mail.example"))
    with pytest.raises(SettingError, match="LIVRET_PUBLIC_URL"):
        create_application(
            replace(
                settings,
                mail_folder=tmp_path,
                public_url="http://livret.example",
                token_issuer="http://livret.example",
            )
        )
