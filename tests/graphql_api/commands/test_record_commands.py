"""`livret export` and `livret import`: the owner's commands, against a service that listens."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import uvicorn

from graphql_api.app import create_application
from graphql_api.commands.cli import main
from schema.typography import typeset
from tests.conftest import Caller, Deployment, Here, with_booklet
from tests.graphql_api.records.records import exported, portable, upload
from tests.schema.record.record_sample import RECORD, changed

API = "--api"
pytestmark = pytest.mark.parametrize("here", ["sqlite"], indirect=True)  # they see HTTP only
Command = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def url(deploy: Callable[[str], Deployment]) -> Iterator[str]:
    """The address of a service on SQLite."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        settings = deploy("sqlite").settings
        config = uvicorn.Config(create_application(settings), log_config=None, lifespan="on")
        server = uvicorn.Server(config)
        serving = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        serving.start()
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        serving.join()


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """Runs a command as somebody: its exit code, its output, its errors."""
    monkeypatch.delenv("LIVRET_TOKEN", raising=False)

    def command(caller: Caller | None, *arguments: object) -> tuple[int, str, str]:
        if caller is not None:
            monkeypatch.setenv("LIVRET_TOKEN", caller.token or "")
        capsys.readouterr()
        code = main([str(each) for each in arguments])
        return code, *capsys.readouterr()

    return command


def test_what_is_exported_is_imported(
    here: Here, owner: Caller, url: str, run: Command, tmp_path: Path
) -> None:
    upload(owner, RECORD)
    file, other = tmp_path / "livret.json", with_booklet(here, "other")
    said = typeset(f"Livret exporté : {file}\n")
    assert run(owner, "export", API, url, "--out", file) == (0, said, "")
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [file]
    assert run(other, "import", file, API, f"{url}/") == (
        0,
        typeset("Livret importé : 4 éléments.\n"),
        "",
    )
    assert portable(exported(other)) == portable(json.loads(file.read_text("utf-8")))
    code, out, _ = run(owner, "export", API, url)
    assert code == 0
    assert portable(json.loads(out)) == portable(exported(owner))


def test_every_problem_is_one_line_with_its_place(
    owner: Caller, url: str, run: Command, tmp_path: Path
) -> None:
    record = changed("entries.0.content.awardedOn", "2999-99")
    record["entries"][1]["content"]["titre"] = "BTS"
    file = tmp_path / "livret.json"
    file.write_text(json.dumps(record, indent=1), "utf-8")
    lines = file.read_text("utf-8").splitlines()
    at = [next(n for n, line in enumerate(lines, 1) if key in line) for key in ("2999", "titre")]
    code, out, errors = run(owner, "import", file, API, url)
    assert (code, out) == (1, "")
    first, awarded, titre = errors.splitlines()
    assert first == typeset("Ce livret exporté comporte des erreurs : rien n’a été importé.")
    assert awarded.startswith(
        typeset(f"ligne {at[0]}, entries[0].content.awardedOn : « Date d’obtention »")
    )
    assert titre == typeset(
        f"ligne {at[1]}, entries[1].content.titre : Cette clé n’est pas prévue ici."
    )
    file.write_text("{\n  nom: 1}", "utf-8")
    code, _, errors = run(owner, "import", file, API, url)
    assert (code, errors.splitlines()[1]) == (
        1,
        typeset("ligne 2 : Ce fichier n’est pas du JSON : erreur de syntaxe, ligne 2, colonne 3."),
    )
    assert exported(owner)["entries"] == []


def test_a_refusal_is_told_in_french_and_by_the_exit_code(
    here: Here, owner: Caller, url: str, run: Command, tmp_path: Path
) -> None:
    file = tmp_path / "livret.json"
    file.write_text(json.dumps(RECORD), "utf-8")
    upload(owner, RECORD)
    refused = typeset("Votre livret n’est pas vide : rien n’a été importé.\n")
    assert run(owner, "import", file, API, url) == (1, "", refused)
    nobody = here.caller("nobody")
    out = tmp_path / "rien.json"
    none = "Vous n’avez pas de livret.\n"
    assert run(nobody, "export", API, url, "--out", out) == (1, "", none)
    reader = here.caller("owner", "livret:read")
    code, _, errors = run(reader, "import", file, API, url)
    assert (code, errors) == (1, "Ce jeton ne permet pas cela (livret:write manque).\n")
    assert not out.exists()


def test_the_token_comes_from_a_file_or_the_environment(
    owner: Caller, url: str, run: Command, tmp_path: Path
) -> None:
    kept = tmp_path / "jeton"
    kept.write_text(f"{owner.token}\n")
    code, out, _ = run(None, "export", API, url, "--token-file", kept)
    assert (code, json.loads(out)["format"]) == (0, "livret")
    missing = "Donnez le jeton d’accès par LIVRET_TOKEN ou par --token-file.\n"
    assert run(None, "export", API, url) == (2, "", missing)
    kept.write_text("é\n")
    assert run(None, "export", API, url, "--token-file", kept)[0] == 2
    assert run(owner, "export", API, url, "--token-file", tmp_path / "absent")[0] == 2


def test_a_token_never_leaves_unprotected(owner: Caller, run: Command) -> None:
    for address in ("http://livret.example.org", "ftp://127.0.0.1", "livret.example.org", ""):
        code, _, errors = run(owner, "export", API, address)
        assert (code, errors.startswith(typeset("--api : une adresse en https"))) == (2, True)


def test_files_that_cannot_be_read_or_written_are_said(
    owner: Caller, url: str, run: Command, tmp_path: Path
) -> None:
    code, _, errors = run(owner, "import", tmp_path / "absent.json", API, url)
    assert (code, errors.endswith("ce fichier ne peut pas être lu.\n")) == (2, True)
    code, _, errors = run(owner, "export", API, url, "--out", tmp_path / "nulle" / "part.json")
    assert (code, errors.endswith("ce fichier ne peut pas être écrit.\n")) == (2, True)
    code, _, errors = run(owner, "export", API, url, "--out", tmp_path)
    assert code == 2
    assert list(tmp_path.iterdir()) == []


def test_a_service_that_does_not_answer_is_another_exit_code(owner: Caller, run: Command) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        closed = f"http://127.0.0.1:{unused.getsockname()[1]}"
        answer = run(owner, "export", API, closed)
    assert answer == (3, "", "Le service ne répond pas à cette adresse.\n")


def test_the_help_says_what_the_exit_codes_mean(
    here: Here, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in ("export", "import"):
        with pytest.raises(SystemExit) as ended:
            main([command, "--help"])
        assert ended.value.code == 0
        said = capsys.readouterr().out
        assert "codes de sortie" in said
        assert "LIVRET_TOKEN" in said
