"""The master key from a file, the environment or a command; no error tells anything of it."""

import shlex
import sys
from pathlib import Path

import pytest

from graphql_api.configuration import key_sources
from graphql_api.configuration.key_sources import key_from_command
from graphql_api.configuration.settings import SettingError, from_environment
from tests.patience import until

KEY = "0f" * 32
CANARY = "canari" * 10
SOURCES = ("LIVRET_MASTER_KEY_FILE", "LIVRET_MASTER_KEY", "LIVRET_MASTER_KEY_COMMAND")


def python(program: str) -> str:
    """A command that runs a program."""
    return shlex.join([sys.executable, "-c", program])


@pytest.fixture
def sources(tmp_path: Path) -> dict[str, str]:
    """One way to give the key for each variable."""
    file = tmp_path / "master.key"
    file.write_text(f"{KEY}\n")
    return dict(zip(SOURCES, (str(file), KEY, python(f"print('{KEY}')")), strict=True))


def environment(**given: str) -> dict[str, str]:
    return {
        "LIVRET_DATABASE_URL": "sqlite:////tmp/livret.db",
        "LIVRET_KEY_STORE_URL": "sqlite:////tmp/keys.db",
        **given,
    }


@pytest.mark.parametrize("variable", SOURCES)
def test_each_source_gives_the_same_key(sources: dict[str, str], variable: str) -> None:
    settings = from_environment(environment(**{variable: sources[variable]}))
    assert settings.master_key == bytes.fromhex(KEY)
    assert settings.previous_master_key is None


@pytest.mark.parametrize("variable", SOURCES)
def test_each_source_gives_the_previous_key_too(sources: dict[str, str], variable: str) -> None:
    previous = variable.replace("MASTER", "PREVIOUS_MASTER")
    given = environment(LIVRET_MASTER_KEY="1e" * 32, **{previous: sources[variable]})
    assert from_environment(given).previous_master_key == bytes.fromhex(KEY)


def test_two_sources_at_once_are_refused(sources: dict[str, str]) -> None:
    given = {name: sources[name] for name in SOURCES[:2]}
    with pytest.raises(SettingError, match="donné aussi par LIVRET_MASTER_KEY"):
        from_environment(environment(**given))


def test_no_source_at_all_is_refused() -> None:
    with pytest.raises(SettingError, match="LIVRET_MASTER_KEY_FILE : ce réglage est obligatoire"):
        from_environment(environment())


FAILURES = {
    "not a key": (python(f"print('{CANARY}')"), "64 chiffres hexadécimaux attendus"),
    "no text": (python("import sys; sys.stdout.buffer.write(bytes(range(200)))"), "64 chiffres"),
    "too much": (python("print('0' * 10_000_000)"), "écrit bien plus qu’une clé"),
    "a failure": (
        python(f"import sys; print('{KEY}'); sys.exit('{CANARY}')"),
        r"a échoué \(code 1\)",
    ),
    "no such program": ("/nowhere/vault read", "introuvable"),
    "an open quote": ("vault 'read", "mal écrite"),
    "nothing": ("  ", "mal écrite"),
}


@pytest.mark.parametrize("name", FAILURES)
def test_a_command_that_gives_no_key_is_refused_and_nothing_of_it_is_told(
    name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    command, why = FAILURES[name]
    with pytest.raises(SettingError, match=why) as refused:
        from_environment(environment(LIVRET_MASTER_KEY_COMMAND=command))
    assert str(refused.value).startswith("LIVRET_MASTER_KEY_COMMAND : ")
    told = [str(refused.value), repr(refused.value.__cause__), *capfd.readouterr()]
    assert not any(secret in text for text in told for secret in ("canari", KEY))


def test_a_command_that_does_not_end_is_killed_with_what_it_started(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(key_sources, "COMMAND_SECONDS", 1.0)
    pid = tmp_path / "pid"
    program = (
        "import subprocess, sys, time;"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"
        f"open({str(pid)!r}, 'w').write(str(child.pid)); time.sleep(600)"
    )
    with pytest.raises(ValueError, match="n’a pas fini en 1 secondes"):
        key_from_command(python(program))
    if pid.exists():  # on a loaded machine it may have been killed before
        until(lambda: not runs(int(pid.read_text())))


def runs(pid: int) -> bool:
    """Whether a process is there, and not only waited for."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False
    return "State:\tZ" not in status


def test_a_command_runs_once_and_without_a_shell(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    program = f"import sys; open({str(runs)!r}, 'a').write(sys.argv[1] + '\\n'); print('{KEY}')"
    command = f"{python(program)} '$HOME; id'"
    from_environment(environment(LIVRET_MASTER_KEY_COMMAND=command))
    assert runs.read_text() == "$HOME; id\n"


@pytest.mark.parametrize("written", [CANARY, "", "0f" * 31, "zz" * 32])
def test_a_key_of_another_form_is_refused_and_not_told(written: str, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(written)
    for given in ({SOURCES[0]: str(file)}, {SOURCES[1]: written or " "}):
        with pytest.raises(SettingError) as refused:
            from_environment(environment(**given))
        assert written == "" or written not in str(refused.value)
