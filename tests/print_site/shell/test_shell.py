"""The command line as people use it: help, options, exit codes, errors."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from print_site.__main__ import main
from print_site.dossier.text import typeset_marks
from tests.print_site.shells import shell


@pytest.fixture
def typed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[int, str, str]]:
    """Parse a command in this process; its exit code, what it said and its complaints."""
    monkeypatch.setenv("COLUMNS", "80")  # as in a process without a terminal

    def parse(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return parse


@pytest.mark.parametrize(
    "command", [(), ("build",), ("verify",), ("branding",), ("preview",), ("worker",)]
)
def test_help_is_in_french(
    typed: Callable[..., tuple[int, str, str]], command: tuple[str, ...]
) -> None:
    code, said, wrong = typed(*command, "--help")
    assert (code, wrong) == (0, "")
    assert "affiche cette aide" in said
    assert "show this help" not in said
    assert "positional" not in said


def test_a_process_says_what_is_parsed(typed: Callable[..., tuple[int, str, str]]) -> None:
    for words in (("--help",), ("build", "--help"), ("verify",), ("print",)):
        done = shell(*words)
        assert (done.returncode, done.stdout, done.stderr) == typed(*words)


def test_the_whole_booklet_is_built_when_no_dossier_is_named(
    api: Any, token: str, tmp_path: Path
) -> None:
    done = shell("build", "--api", api.url, "--out", str(tmp_path / "d"), token=token)
    assert done.returncode == 0, done.stderr
    assert typeset_marks(f"Dossier écrit : {tmp_path}/d\n") in done.stdout
    assert typeset_marks("Empreinte SHA-256 : ") in done.stdout
    assert "* 0b6f3c1e" in done.stderr
    assert "mutation" in done.stderr
    assert (tmp_path / "d").read_bytes().startswith(b"<!doctype html>")


@pytest.mark.parametrize(("option", "name"), [("--zip", "d.zip"), ("--html", "d.html")])
def test_the_token_may_come_from_the_standard_input(
    api: Any, token: str, booklet: Any, tmp_path: Path, option: str, name: str
) -> None:
    done = shell(
        *("build", "--api", f"{api.url}/graphql", "--dossier", booklet["id"], option),
        *("--token-file", "-", "--out", str(tmp_path / name)),
        given=f"{token}\n",
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / name).stat().st_size > 10_000
    assert api.asked[0]["headers"]["Authorization"] == f"Bearer {token}"


def test_each_failure_has_its_exit_code_and_a_french_sentence(
    api: Any, token: str, booklet: Any, tmp_path: Path
) -> None:
    out = ("--out", str(tmp_path / "d"))

    def build(url: str, dossier: str, given: str | None = token) -> tuple[int, str]:
        done = shell("build", "--api", url, "--dossier", dossier, *out, token=given)
        assert done.stdout == ""
        assert "Traceback" not in done.stderr
        return done.returncode, done.stderr

    assert build("http://127.0.0.1:9", "x") == (3, "L’API ne répond pas à cette adresse.\n")
    assert build(api.url, "x", None)[0] == 4
    assert build(api.url, "x") == (5, "Ce dossier n’existe pas, ou il n’est pas le vôtre.\n")
    api.answer = {"data": {"sharedDossier": booklet}, "errors": [{"message": "secret"}]}
    code, sentence = build(api.url, "x")
    assert code == 6
    assert "incomplet" in sentence
    assert "secret" not in sentence
    api.answer = None
    (tmp_path / "d").mkdir()
    assert build(api.url, booklet["id"])[0] == 7


def test_a_folder_is_written_when_it_is_asked_for(
    api: Any, token: str, booklet: Any, tmp_path: Path
) -> None:
    done = shell(
        *("build", "--api", api.url, "--dossier", booklet["id"], "--folder"),
        *("--out", str(tmp_path / "d")),
        token=token,
    )
    assert typeset_marks(f"Dossier écrit : {tmp_path}/d/index.html") in done.stdout
    assert (tmp_path / "d" / "livret.json").is_file()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), typeset_marks("Il manque : commande.")),
        (("build",), typeset_marks("Il manque : --api, --out.")),
        (("build", "--api", "x", "--out", "x", "--token", "secret"), "Un argument est inconnu."),
        (("build", "--api"), typeset_marks("--api : il manque une valeur.")),
        (("build", "--api", "x", "--out", "x", "--html", "--pdf"), "--pdf ne va pas avec --html."),
        (
            ("build", "--api", "x", "--out", "x", "--dossier", "x", "--dossiers", "x"),
            "--dossiers ne va pas avec --dossier.",
        ),
        (("verify",), typeset_marks("Il manque : FICHIER.")),
        (("worker", "--jobs", "0"), typeset_marks("--jobs : cette valeur n’est pas possible.")),
        (
            ("worker", "--seconds", "0"),
            typeset_marks("--seconds : cette valeur n’est pas possible."),
        ),
        (("print",), "Cette commande n’existe pas."),
    ],
)
def test_a_wrong_command_is_said_in_french(
    typed: Callable[..., tuple[int, str, str]], arguments: tuple[str, ...], said: str
) -> None:
    code, told, wrong = typed(*arguments)
    known = arguments[0] if arguments[:1] in (("build",), ("verify",), ("worker",)) else ""
    if said == "Un argument est inconnu.":
        known = ""  # argparse finds it at the end
    program = f"python -m print_site {known}".rstrip()
    assert (code, told) == (2, "")
    assert wrong == typeset_marks(f"{said}\nVoir : {program} --help\n")


def test_a_booklet_that_is_not_open_yet_is_said_so(api: Any, token: str, tmp_path: Path) -> None:
    api.state = "CHARTER_ACCEPTED"
    done = shell("build", "--api", api.url, "--out", str(tmp_path / "d"), token=token)
    assert done.returncode == 5
    assert "pas encore ouvert" in done.stderr
    assert not (tmp_path / "d").exists()
