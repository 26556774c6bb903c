"""Settings with which the service does not start: a row of the table each, with its remedy."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from graphql_api.commands.cli import main
from graphql_api.configuration import setting_checks
from graphql_api.configuration import unsafe_settings as table
from graphql_api.configuration.settings import from_environment
from graphql_api.configuration.unsafe_settings import (
    UNSAFE,
    UnsafeSettingsError,
    safe_settings,
    unsafe_settings,
)

KEY = "6f1cf0a7b3e2295d84c61b0e57aa39d2f8035b9c7d46e1180c92bfe4a5731d6e"
SAFE_PATH = "/srv/livret"


@pytest.fixture
def given(tmp_path: Path) -> dict[str, str]:
    """Settings as an operator would write them for production."""
    key = tmp_path / "master.key"
    key.write_text(KEY)
    key.chmod(0o600)
    return {
        "LIVRET_DATABASE_URL": f"sqlite:///{tmp_path}/data/livret.db",
        "LIVRET_KEY_STORE_URL": f"sqlite:///{tmp_path}/keys/keys.db",
        "LIVRET_MASTER_KEY_FILE": str(key),
        "LIVRET_PUBLIC_URL": "https://livret.cnfpt.fr",
        "LIVRET_SMTP_URL": "smtps://courriel.cnfpt.fr",
        "LIVRET_MAIL_FROM": "livret@cnfpt.fr",
    }


def test_settings_of_production_are_accepted(given: dict[str, str]) -> None:
    assert unsafe_settings(given) == ()
    assert safe_settings(given) == from_environment(given)
    assert unsafe_settings(given | {"LIVRET_TRUSTED_PROXIES": "10.0.0.0/8, ::1"}) == ()
    postgresql = {
        "LIVRET_DATABASE_URL": "postgresql://livret:6f1cf0a7@data:5432/livret",
        "LIVRET_KEY_STORE_URL": "postgresql://livret:6f1cf0a7@keys:5432/livret",
    }
    assert unsafe_settings(given | postgresql) == ()
    listening = {"LIVRET_HOST": "10.0.0.5", "LIVRET_INTERNAL_URL": "http://10.0.0.5:8000"}
    assert unsafe_settings(given | listening) == ()


def test_a_developer_needs_three_settings_and_the_profile(given: dict[str, str]) -> None:
    least = {name: value for name, value in given.items() if "_URL" in name or "KEY" in name}
    least = {name: value for name, value in least.items() if name != "LIVRET_PUBLIC_URL"}
    relative = {"LIVRET_DATABASE_URL": "sqlite:///livret.db", "LIVRET_MAIL_FOLDER": "mail"}
    Path(given["LIVRET_MASTER_KEY_FILE"]).chmod(0o644)
    assert unsafe_settings(least | relative | {"LIVRET_PROFILE": "development"}) == ()


ROWS: dict[str, tuple[str, dict[str, str]]] = {
    "development at a public address": ("LIVRET_PROFILE", {"LIVRET_PROFILE": "development"}),
    "development on a public interface": (
        "LIVRET_PROFILE",
        {
            "LIVRET_PROFILE": "development",
            "LIVRET_PUBLIC_URL": "http://127.0.0.1:8000",
            "LIVRET_HOST": "8.8.8.8",
        },
    ),
    "debugging": ("PYTHONDEVMODE", {"PYTHONASYNCIODEBUG": "1"}),
    "data of no kind": ("LIVRET_DATABASE_URL", {"LIVRET_DATABASE_URL": "mysql://base/livret"}),
    "keys of no kind": ("LIVRET_KEY_STORE_URL", {"LIVRET_KEY_STORE_URL": "/srv/keys.db"}),
    "no database for a pooler": ("LIVRET_POOLED", {"LIVRET_POOLED": "on"}),
    "relative data": ("LIVRET_DATABASE_URL", {"LIVRET_DATABASE_URL": "sqlite:///livret.db"}),
    "data in no file": ("LIVRET_DATABASE_URL", {"LIVRET_DATABASE_URL": "sqlite:///:memory:"}),
    "relative keys": ("LIVRET_KEY_STORE_URL", {"LIVRET_KEY_STORE_URL": "sqlite:///keys.db"}),
    "one file": (
        "LIVRET_KEY_STORE_URL",
        {
            "LIVRET_DATABASE_URL": "sqlite:////srv/livret/one.db",
            "LIVRET_KEY_STORE_URL": "sqlite:////srv/livret/../livret/one.db",
        },
    ),
    "one database": (
        "LIVRET_KEY_STORE_URL",
        {
            "LIVRET_DATABASE_URL": "postgresql://livret@data/livret",
            "LIVRET_KEY_STORE_URL": "postgresql://keys:x@DATA:5432/livret",
        },
    ),
    "a known password of the data": (
        "LIVRET_DATABASE_URL",
        {"LIVRET_DATABASE_URL": "postgresql://livret:postgres@data/livret"},
    ),
    "a known password of the keys": (
        "LIVRET_KEY_STORE_URL",
        {"LIVRET_KEY_STORE_URL": "postgresql://livret:change%2Dme@keys/livret"},
    ),
    "no public address": ("LIVRET_PUBLIC_URL", {"LIVRET_PUBLIC_URL": ""}),
    "http inside": ("LIVRET_INTERNAL_URL", {"LIVRET_INTERNAL_URL": "http://api:8000"}),
    "ftp inside": ("LIVRET_INTERNAL_URL", {"LIVRET_INTERNAL_URL": "ftp://127.0.0.1"}),
    "http of the issuer": (
        "LIVRET_TOKEN_ISSUER",
        {"LIVRET_TOKEN_ISSUER": "http://connexion.cnfpt.fr/realms/livret"},
    ),
    "no address of the issuer": ("LIVRET_TOKEN_ISSUER", {"LIVRET_TOKEN_ISSUER": "connexion"}),
    "a script as source": ("LIVRET_SOURCE_URL", {"LIVRET_SOURCE_URL": "javascript:alert(1)"}),
    "a folder as source": ("LIVRET_SOURCE_URL", {"LIVRET_SOURCE_URL": "/srv/livret"}),
    "everybody is trusted": ("LIVRET_TRUSTED_PROXIES", {"LIVRET_TRUSTED_PROXIES": "*"}),
    "all of IPv4 is trusted": (
        "LIVRET_TRUSTED_PROXIES",
        {"LIVRET_TRUSTED_PROXIES": "127.0.0.1, 0.0.0.0/0"},
    ),
    "all of IPv6 is trusted": ("LIVRET_TRUSTED_PROXIES", {"LIVRET_TRUSTED_PROXIES": "::/0"}),
    "a name is trusted": ("LIVRET_TRUSTED_PROXIES", {"LIVRET_TRUSTED_PROXIES": "caddy"}),
    "a folder of letters": (
        "LIVRET_MAIL_FOLDER",
        {"LIVRET_MAIL_FOLDER": "/srv/mail", "LIVRET_SMTP_URL": ""},
    ),
    "no way for letters": ("LIVRET_SMTP_URL", {"LIVRET_SMTP_URL": ""}),
    "a sender of nowhere": ("LIVRET_MAIL_FROM", {"LIVRET_MAIL_FROM": ""}),
    "a sender of an example": ("LIVRET_MAIL_FROM", {"LIVRET_MAIL_FROM": "L <l@livret.example>"}),
    "providers that are not there": (
        "LIVRET_SIGN_IN_PROVIDERS",
        {"LIVRET_SIGN_IN_PROVIDERS": "/srv/none.toml"},
    ),
    "an operator who is not there": ("LIVRET_OPERATOR", {"LIVRET_OPERATOR": "/srv/none.toml"}),
    "a port at random": ("LIVRET_PORT", {"LIVRET_PORT": "0"}),
    "a word that is no number": ("LIVRET_PORT", {"LIVRET_PORT": "tcp://10.0.0.1:8000"}),
    "a key that cannot be read": ("LIVRET_MASTER_KEY_FILE", {"LIVRET_MASTER_KEY_FILE": "/none"}),
    "no database": ("LIVRET_DATABASE_URL", {"LIVRET_DATABASE_URL": ""}),
}


@pytest.mark.parametrize(("variable", "changed"), ROWS.values(), ids=ROWS)
def test_an_unsafe_setting_is_named_with_its_remedy(
    given: dict[str, str], variable: str, changed: dict[str, str]
) -> None:
    environment = {name: value for name, value in (given | changed).items() if value}
    (finding,) = unsafe_settings(environment)
    assert finding.variable == variable
    assert " : " in str(finding)
    assert "Remède : " in str(finding)
    with pytest.raises(UnsafeSettingsError, match=variable):
        safe_settings(environment)


WEAK_KEYS = {
    "zero": "00" * 32,
    "repeated": "0f" * 32,
    "two halves": "0123456789abcdef" * 4,
    "counted": bytes(range(32)).hex(),
    "counted down": bytes(range(250, 186, -2)).hex(),
    "written": b"correct horse battery staple 123".hex(),
}


@pytest.mark.parametrize("key", WEAK_KEYS.values(), ids=WEAK_KEYS)
def test_a_master_key_that_can_be_guessed_is_refused(given: dict[str, str], key: str) -> None:
    Path(given["LIVRET_MASTER_KEY_FILE"]).write_text(key)
    (finding,) = unsafe_settings(given)
    assert finding.variable == "LIVRET_MASTER_KEY_FILE"
    assert "devinable" in finding.fault
    assert key not in str(finding)


@pytest.mark.parametrize("mode", [0o604, 0o602, 0o640, 0o620, 0o644, 0o666, 0o601])
def test_a_master_key_that_others_read_or_write_is_refused(
    given: dict[str, str], mode: int
) -> None:
    Path(given["LIVRET_MASTER_KEY_FILE"]).chmod(mode)
    (finding,) = unsafe_settings(given)
    assert "chmod 600" in finding.remedy


def test_the_key_before_a_rotation_is_another_and_is_read_by_nobody_else(
    given: dict[str, str], tmp_path: Path
) -> None:
    previous = tmp_path / "previous.key"
    previous.write_text(KEY)
    previous.chmod(0o600)
    rotating = given | {"LIVRET_PREVIOUS_MASTER_KEY_FILE": str(previous)}
    (finding,) = unsafe_settings(rotating)
    assert "clé en service" in finding.fault
    previous.write_text(KEY[::-1])
    assert unsafe_settings(rotating) == ()
    previous.chmod(0o644)
    (finding,) = unsafe_settings(rotating)
    assert "chmod 600" in finding.remedy


def test_a_key_that_another_account_gives_to_our_group_is_accepted(
    given: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As Kubernetes does, where root owns the file."""
    Path(given["LIVRET_MASTER_KEY_FILE"]).chmod(0o440)
    assert len(unsafe_settings(given)) == 1
    ours = os.geteuid()
    monkeypatch.setattr("os.geteuid", lambda: ours + 1)
    assert unsafe_settings(given) == ()
    Path(given["LIVRET_MASTER_KEY_FILE"]).chmod(0o460)
    assert len(unsafe_settings(given)) == 1


@pytest.mark.parametrize(
    ("text", "mode", "remedy"),
    [
        ("", 0o664, "chmod 644"),
        ("", 0o646, "chmod 644"),
        ('[[provider]]\nclient_secret = "x"\n', 0o644, "client_secret_file"),
        ('[[provider]]\nclient_secret_file = "x"\n', 0o644, ""),
        ('[[provider]]\nclient_secret = "x"\n', 0o600, ""),
    ],
)
def test_the_file_of_providers_is_changed_by_nobody_else_and_its_secrets_are_not_read(
    given: dict[str, str], tmp_path: Path, text: str, mode: int, remedy: str
) -> None:
    file = tmp_path / "providers.toml"
    file.write_text(text)
    file.chmod(mode)
    found = unsafe_settings(given | {"LIVRET_SIGN_IN_PROVIDERS": str(file)})
    assert len(found) == (1 if remedy else 0)
    assert remedy in "".join(map(str, found))


def test_the_data_of_the_demo_are_not_served_in_production(
    given: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "machines.json").write_text("{}")
    (finding,) = unsafe_settings(given)
    assert "démonstration" in finding.fault


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("LIVRET_DATABSE_URL", "écrivez LIVRET_DATABASE_URL"),
        ("LIVRET_MASTER_KEYFILE", "écrivez LIVRET_MASTER_KEY_FILE"),
        ("livret_threads", "écrivez LIVRET_THREADS"),
        ("LIVRET_ZZZ", "supprimez-la"),
        ("LIVRET_WORKERS", "livret serve --workers"),
        ("LIVRET_SERVICE_HOST", "enableServiceLinks"),
        ("LIVRET_PORT_8000_TCP", "enableServiceLinks"),
    ],
)
def test_a_misspelt_variable_is_told_with_the_nearest_name(
    given: dict[str, str], name: str, remedy: str
) -> None:
    for profile in ("production", "development"):
        local = {"LIVRET_PROFILE": profile, "LIVRET_PUBLIC_URL": "http://127.0.0.1:8000"}
        (finding,) = unsafe_settings(given | local | {name: "x"})
        assert (finding.variable, remedy in finding.remedy) == (name, True)
    assert unsafe_settings(given | {"LIVRET_TOKEN": "x", "OTHER": "x"}) == ()


def test_all_that_is_wrong_is_told_at_once_by_start_and_by_check(
    given: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    serves: Callable[..., None] = lambda *_, **__: pytest.fail("it started")  # noqa: E731 - one line
    monkeypatch.setattr("uvicorn.Server.run", serves)
    wrong = {
        "LIVRET_TRUSTED_PROXIES": "*",
        "LIVRET_PORT": "many",
        "LIVRET_SOURCE_URL": "javascript:alert(1)",
        "LIVRET_SMPT_URL": "smtps://courriel.cnfpt.fr",
        "LIVRET_MAIL_FOLDER": "/srv/mail",
    }
    for name, value in (given | wrong).items():
        monkeypatch.setenv(name, value)
    said = []
    for words in (["serve"], ["check", "settings"]):
        assert main(words) == 2
        said.append(capsys.readouterr().err)
        assert [name for name in wrong if name not in said[-1]] == []
    for variable in wrong:
        lines = [
            {line.strip() for line in one.splitlines() if line.strip().startswith(variable)}
            for one in said
        ]
        assert lines[0] == lines[1]
        assert all("Remède" in line for line in lines[0])


def test_check_says_that_nothing_is_wrong(
    given: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert main(["check", "settings"]) == 0
    assert capsys.readouterr().out.strip().endswith("rien à redire.")


def test_a_previous_master_key_that_others_read_is_refused(
    given: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "previous.key"
    file.write_text(os.urandom(32).hex())
    for mode, wrong in ((0o600, []), (0o644, ["LIVRET_PREVIOUS_MASTER_KEY_FILE"])):
        file.chmod(mode)
        findings = unsafe_settings(given | {"LIVRET_PREVIOUS_MASTER_KEY_FILE": str(file)})
        assert [one.variable for one in findings] == wrong


def test_a_master_key_from_elsewhere_than_a_file_is_judged_as_well(given: dict[str, str]) -> None:
    del given["LIVRET_MASTER_KEY_FILE"]
    assert unsafe_settings(given | {"LIVRET_MASTER_KEY": os.urandom(32).hex()}) == ()
    for written in ("00" * 32, "no key"):
        (finding,) = unsafe_settings(given | {"LIVRET_MASTER_KEY": written})
        assert finding.variable.startswith("LIVRET_MASTER_KEY")


def test_every_row_of_the_table_is_shown_by_a_test(
    given: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [changed for _, changed in ROWS.values()]
    file = tmp_path / "providers.toml"
    file.write_text('client_secret = "x"')
    file.chmod(0o666)
    cases.append({"LIVRET_SIGN_IN_PROVIDERS": str(file)})
    cases.append({"LIVRET_PREVIOUS_MASTER_KEY_FILE": given["LIVRET_MASTER_KEY_FILE"]})
    fired: set[str] = set()
    monkeypatch.setattr(table, "is_in_demo", lambda _path: True)
    monkeypatch.setattr(setting_checks, "_is_replaceable", lambda _folder: True)
    Path(given["LIVRET_MASTER_KEY_FILE"]).write_text("00" * 32)
    Path(given["LIVRET_MASTER_KEY_FILE"]).chmod(0o644)
    previous = tmp_path / "previous.key"
    previous.write_text("00" * 32)
    previous.chmod(0o644)
    cases.append({"LIVRET_PREVIOUS_MASTER_KEY_FILE": str(previous)})
    for changed in cases:
        fired |= {str(one) for one in unsafe_settings(given | changed)}
    silent = [row.fault for row in UNSAFE if not any(row.fault in one for one in fired)]
    assert silent == []


@pytest.mark.parametrize(
    "words",
    [
        ["migrate"],
        ["sweep"],
        ["status"],
        ["check"],
        ["backup", "--data", "x"],
        ["keys", "list"],
        ["operators", "list"],
    ],
    ids=" ".join,
)
def test_a_command_opens_no_store_that_the_service_would_refuse(
    given: dict[str, str],
    words: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    """What only serving needs may be wrong: who runs a command in a shell has no mail server."""
    key = Path(given["LIVRET_MASTER_KEY_FILE"])
    wrong = {"LIVRET_TRUSTED_PROXIES": "*", "LIVRET_SMTP_URL": "", "LIVRET_SMPT_URL": "x"}
    for name, value in (given | wrong).items():
        monkeypatch.setenv(name, value)
    key.chmod(0o644)
    relative = {"LIVRET_DATABASE_URL": "sqlite:///livret.db"}
    monkeypatch.chdir(tmp_path)
    for changed, variable in (({}, "LIVRET_MASTER_KEY_FILE"), (relative, "LIVRET_DATABASE_URL")):
        for name, value in changed.items():
            monkeypatch.setenv(name, value)
        assert main(words) == 2
        said = capsys.readouterr()
        assert (said.out, variable in said.err, "Remède" in said.err) == ("", True, True)
        assert "LIVRET_SMTP_URL" not in said.err
        key.chmod(0o600)
    assert list(tmp_path.rglob("*.db")) == []
    monkeypatch.setenv("LIVRET_DATABASE_URL", given["LIVRET_DATABASE_URL"])
    assert main(words) != 2
