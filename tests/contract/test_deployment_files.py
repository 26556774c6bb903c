"""The files of docker/ and the units of systemd hold together, and with the service's own bounds.

No container engine runs here: what is written is compared, the image is not built.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from graphql_api.commands.cli import build_parser
from graphql_api.configuration.settings import SETTINGS, Settings
from graphql_api.configuration.unsafe_settings import unsafe_settings
from graphql_api.web.http.connection_limits import MAX_HEAD_BYTES

ROOT = Path(__file__).parents[2]
DOCKER, UNITS = ROOT / "docker", ROOT / "docs/examples/systemd"
COMPOSE, DOCKERFILE, CADDYFILE = (
    (DOCKER / name).read_text("utf-8") for name in ("compose.yaml", "Dockerfile", "Caddyfile")
)
DEFAULTS = Settings("sqlite:////a", "sqlite:////b", bytes(32))
OURS_ONLY = {"LIVRET_UPSTREAM"}  # of the proxy, which is no setting of the service
AFTER_THE_DEADLINE = 25  # seconds that a print or a letter may take at a stop


def seconds(pattern: str, text: str) -> int:
    found = re.search(pattern, text)
    assert found, pattern
    number, unit = re.fullmatch(r"(\d+)([sm]?)", found[1]).groups()  # type: ignore[union-attr]
    return int(number) * (60 if unit == "m" else 1)


def test_every_setting_that_a_file_names_is_one() -> None:
    known = {name for one in SETTINGS.values() for name in one.variables} | OURS_ONLY
    files = [*DOCKER.iterdir(), *UNITS.iterdir(), ROOT / "docs/operating.md"]
    for file in files:
        named = set(re.findall(r"LIVRET_[A-Z_]+", file.read_text("utf-8")))
        assert named <= known, file.name


def test_a_service_starts_with_the_settings_that_the_page_shows(tmp_path: Path) -> None:
    page = (ROOT / "docs/operating.md").read_text("utf-8")
    shown = re.search(r"```sh\n(LIVRET_DATABASE_URL.*?)```", page, re.DOTALL)
    assert shown
    key, operator = tmp_path / "master.key", tmp_path / "operator.toml"
    key.touch(0o600)
    key.write_text(hashlib.sha256(b"a key that nobody guesses").hexdigest())
    operator.write_text("")
    text = shown[1].replace("/etc/livret", str(tmp_path)).replace("example.org", "cdg-rivemont.fr")
    given = dict(line.split("=", 1) for line in text.splitlines())
    given = {name: value.replace("…", "Zk3vT9") for name, value in given.items()}
    assert unsafe_settings(given) == ()
    assert unsafe_settings(given | {"LIVRET_TRUSTED_PROXIES": "*"}) != ()


def test_the_settings_of_the_composition_are_safe(tmp_path: Path) -> None:
    """What stands in the file, with addresses and passwords as docker/README.md has them made."""
    key = tmp_path / "master_key"
    key.touch(0o400)
    key.chmod(0o600)
    key.write_text(hashlib.sha256(b"a key that nobody guesses").hexdigest())
    written = dict(
        re.findall(r"^    (LIVRET_\w+): (.+)$", COMPOSE.partition("\nservices:")[0], re.MULTILINE)
    )
    shell = dict(re.findall(r'export (LIVRET_\w+)="(.+)"', COMPOSE))
    values = {
        "LIVRET_PUBLIC_URL": "https://livret.cdg-rivemont.fr",
        "LIVRET_MAIL_FROM": "livret@cdg-rivemont.fr",
        "LIVRET_SMTP_URL": "smtp://livret:Zk3vT9@mail.cdg-rivemont.fr:587",
        "LIVRET_MASTER_KEY_FILE": str(key),
    }
    password = hashlib.sha256(b"a password").hexdigest()[:48]
    given = {
        name: values.get(name)
        or re.sub(r"\$\{\w+:-(\w*)\}", r"\1", re.sub(r"\$\$\w+", password, value))
        .removeprefix("&proxy ")
        .strip('"')
        for name, value in {**written, **shell}.items()
    }
    assert len(given) == 11
    assert unsafe_settings(given) == ()
    assert unsafe_settings(given | {"LIVRET_PUBLIC_URL": "http://livret.cdg-rivemont.fr"}) != ()


def test_what_is_locked_builds_the_package_wherever_it_is_installed() -> None:
    page = (ROOT / "docs/operating.md").read_text("utf-8")
    for text in (page, DOCKERFILE):
        assert "pip install --no-deps --no-build-isolation ." in text


def test_the_image_is_healthy_only_when_the_service_is_ready_and_runs_as_nobody() -> None:
    health = DOCKERFILE.partition("HEALTHCHECK")[2]
    assert "/readyz" in health
    assert re.search(r"^USER (?!0\b|root\b)\d+", DOCKERFILE, re.MULTILINE)
    assert 'CMD ["serve", "--sweep", "daily"]' in DOCKERFILE
    assert "--require-hashes" in DOCKERFILE
    assert "typst" in DOCKERFILE
    assert "/readyz" in (ROOT / "graphql_api/app.py").read_text("utf-8")


def test_what_the_image_is_made_of_is_there_and_locked() -> None:
    """No container engine builds it here: else a file that moved would be found by operators."""
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    sources = [source for line in copied for source in line.split()]
    assert {"requirements.lock", "pyproject.toml", "graphql_api/"} <= set(sources)
    assert [one for one in sources if not (ROOT / one).exists()] == []
    taken = (DOCKER / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    assert taken[1] == "*"
    assert {one.removeprefix("!") for one in taken if one.startswith("!")} == set(sources)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert project["project"]["readme"] in sources
    packages = project["tool"]["setuptools"]["packages"]["find"]["include"]
    assert {one.rstrip("*") for one in packages} <= {one.rstrip("/") for one in sources}
    locked = re.findall(
        r"^([a-z0-9-]+)==", (ROOT / "requirements.lock").read_text("utf-8"), re.MULTILINE
    )
    built = [re.split("[<>=]", one)[0] for one in project["build-system"]["requires"]]
    assert {*built, "typst"} <= set(locked), "it is built without a network for what builds it"
    (entry,) = re.findall(r'^ENTRYPOINT \["(\w+)"\]', DOCKERFILE, re.MULTILINE)
    assert entry in project["project"]["scripts"]
    mounted = re.findall(r"- (\./[^:]+):", COMPOSE)
    assert mounted
    assert all((DOCKER / one).exists() for one in mounted)


@pytest.mark.parametrize(
    "written", re.findall(r"(?:CMD|command:) (\[\"(?!python|caddy).*\])", f"{DOCKERFILE}{COMPOSE}")
)
def test_the_commands_of_containers_are_commands(written: str) -> None:
    words = json.loads(written)
    assert build_parser(words[0]).parse_args(words).run is not None


def test_the_service_is_reached_through_the_proxy_alone_and_believes_it_alone() -> None:
    address = re.search(r"LIVRET_TRUSTED_PROXIES: &proxy (\S+)", COMPOSE)
    assert address
    assert "ipv4_address: *proxy" in COMPOSE
    subnet = re.search(r"subnet: (\S+)", COMPOSE)
    assert subnet
    assert address[1].rpartition(".")[0] == subnet[1].rpartition(".")[0]
    api = COMPOSE.partition("\n  api:\n")[2].partition("\n  migrate:")[0].partition("\n  proxy:")[0]
    assert "ports:" not in api
    assert f"api:{DEFAULTS.port}" in CADDYFILE
    assert "read_only: true" in COMPOSE
    assert "internal: true" in COMPOSE


def test_every_secret_that_a_service_takes_is_declared_and_none_has_a_default() -> None:
    taken = set(re.findall(r"/run/secrets/(\w+)", COMPOSE))
    declared = set(re.findall(r"\}/(\w+)$", COMPOSE.partition("\nsecrets:")[2], re.MULTILINE))
    assert taken == declared
    assert not re.search(r"(?i)password: *[^$\s&*]", COMPOSE)


def test_the_proxy_has_the_bounds_of_the_service() -> None:
    limit = re.search(r"max_header_size (\d+)KB", CADDYFILE)
    assert limit
    assert int(limit[1]) * 1024 == MAX_HEAD_BYTES
    assert seconds(r"read_header (\w+)", CADDYFILE) == DEFAULTS.head_seconds
    assert seconds(r"keepalive (\w+)", CADDYFILE) < DEFAULTS.idle_seconds
    assert seconds(r"grace_period (\w+)", CADDYFILE) >= DEFAULTS.shutdown_seconds


def test_whoever_stops_the_service_waits_until_it_has_ended() -> None:
    needed = DEFAULTS.shutdown_seconds + AFTER_THE_DEADLINE
    assert seconds(r"stop_grace_period: (\w+)", COMPOSE) > needed
    assert seconds(r"TimeoutStopSec=(\w+)", (UNITS / "livret.service").read_text("utf-8")) > needed


def test_every_unit_has_its_timer_and_no_more_rights_than_it_needs() -> None:
    for unit in UNITS.glob("*.service"):
        text = unit.read_text("utf-8")
        for line in ("User=livret", "NoNewPrivileges=yes", "ProtectSystem=strict", "UMask=0077"):
            assert line in text, (unit.name, line)
        if unit.name != "livret.service":
            assert "OnCalendar=" in unit.with_suffix(".timer").read_text("utf-8")


@pytest.mark.skipif(not shutil.which("caddy"), reason="needs Caddy")
def test_caddy_reads_its_file() -> None:
    command = ["caddy", "validate", "--config", DOCKER / "Caddyfile"]
    environment = {**os.environ, "LIVRET_PUBLIC_URL": "https://livret.example.org"}
    read = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert read.returncode == 0, read.stderr


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd")
def test_systemd_reads_its_units() -> None:
    for unit in (*UNITS.glob("*.service"), *UNITS.glob("*.timer")):
        read = subprocess.run(
            ["systemd-analyze", "verify", "--man=no", unit], capture_output=True, text=True
        )
        told = [
            line
            for line in read.stderr.splitlines()
            if unit.name in line and "is not executable" not in line
        ]
        assert told == [], unit.name
