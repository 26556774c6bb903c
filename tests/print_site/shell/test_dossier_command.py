"""`livret dossier …`: the same as `python -m print_site`, under the name that people type."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from print_site import build, generator_tag
from print_site.__main__ import main
from print_site.dossier.fingerprints import packed_data, split_data
from print_site.dossier.parsing import parse_dossier
from print_site.dossier.text import typeset_marks
from tests.patience import until
from tests.processes import interruptible

LIVRET = Path(sys.executable).with_name("livret")
NO_FILE = "Ce fichier n’existe pas ou n’est pas lisible.\n"
NOT_OURS = "Ce n’est pas un dossier de Livret, ou il ne porte pas de données.\n"
PAGES_CHANGED = "Dossier altéré. Les pages ne sont pas celles que Livret tire de ces données.\n"


def dossier(
    *words: str, folder: Path, given: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run `livret dossier` from a folder."""
    return subprocess.run(
        [LIVRET, "dossier", *words],
        cwd=folder,
        env={**os.environ, "NO_PROXY": "127.0.0.1", **environment},
        input=given,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def printed(tmp_path: Path, short: dict[str, Any]) -> Path:
    """A dossier in a single HTML file."""
    target = tmp_path / "livret.html"
    build.build_html(parse_dossier(short), target)
    return target


def test_a_file_that_nobody_touched_is_said_to_be_so(printed: Path) -> None:
    done = dossier("verify", printed.name, folder=printed.parent)
    assert (done.returncode, done.stderr) == (0, "")
    assert "L’empreinte imprimée est celle des données." in done.stdout
    assert "octet pour octet" in done.stdout


def of_another_day(page: str) -> str:
    """The same page, whose data are of another day."""
    split = split_data(page)
    assert split
    data = split[1].replace('"asOf":"2', '"asOf":"3')
    return split[0].replace("</template>", f"{packed_data(data)}</template>")


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        (lambda page: page.replace("Julliard", "Martin", 1), 11, PAGES_CHANGED),
        (lambda page: page.replace("&", "&amp;", 1) + " ", 11, PAGES_CHANGED),
        (lambda page: of_another_day(page), 11, "Dossier altéré. L’empreinte"),
        (lambda page: page.replace(generator_tag.GENERATOR_TAG, "Livret, édition 0"), 12, ""),
        (lambda page: page.replace('<template id="donnees"', "<template"), 6, NOT_OURS),
        (lambda _: "", 6, NOT_OURS),
    ],
)
def test_what_was_done_to_a_file_has_its_exit_code(
    printed: Path,
    change: Callable[[str], str],
    code: int,
    said: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = printed.read_text(encoding="utf-8")
    printed.write_text(change(before), encoding="utf-8")
    assert printed.read_text(encoding="utf-8") != before
    assert main(["--called", "livret dossier", "verify", str(printed)]) == code
    told = capsys.readouterr()
    assert told.err.startswith(said)
    assert bool(told.out) is (code == 12)


def test_a_fingerprint_that_came_by_another_way_is_compared(printed: Path) -> None:
    done = dossier("verify", "--fingerprint", "0" * 64, printed.name, folder=printed.parent)
    assert done.returncode == 15
    assert "n’est pas celle de ce dossier" in done.stdout


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    done = dossier("verify", "livret.pdf", folder=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (6, "", NO_FILE)


def test_a_dossier_is_built_with_the_token_of_the_standard_input(
    api: Any, token: str, booklet: Any, tmp_path: Path
) -> None:
    done = dossier(
        *("build", "--api", api.url, "--dossier", booklet["id"]),
        *("--token-file", "-", "--out", "mine.html"),
        folder=tmp_path,
        given=f"{token}\n",
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(typeset_marks("Dossier écrit : mine.html\nEmpreinte SHA-256 : "))
    assert dossier("verify", "mine.html", folder=tmp_path).returncode == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("verify",), typeset_marks("Il manque : FICHIER.\nVoir : livret dossier verify --help\n")),
        (
            ("worker",),
            typeset_marks("Cette commande n’existe pas.\nVoir : livret dossier --help\n"),
        ),
    ],
)
def test_wrong_usage_names_the_command_that_was_typed(
    tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    done = dossier(*words, folder=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", said)


@pytest.mark.parametrize("words", [(), ("verify",)])
def test_help_names_the_command_that_was_typed(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = dossier(*words, "--help", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"usage\u202f: {' '.join(('livret dossier', *words))} ")
    assert "print_site" not in done.stdout
    assert "worker" not in done.stdout


def test_nothing_is_run_that_lies_beside_a_file_to_verify(printed: Path) -> None:
    for name in ("print_site", "argparse", "graphql_api"):
        printed.with_name(f"{name}.py").write_text("raise SystemExit('hostile')")
    done = dossier("verify", printed.name, folder=printed.parent)
    assert (done.returncode, done.stderr) == (0, "")


def test_an_interruption_is_said_and_leaves_nothing(
    api: Any, token: str, booklet: Any, tmp_path: Path
) -> None:
    api.held = True
    words = ("build", "--api", api.url, "--dossier", booklet["id"], "--out", "mine.html")
    with subprocess.Popen(
        interruptible(LIVRET, "dossier", *words),
        cwd=tmp_path,
        env={**os.environ, "NO_PROXY": "127.0.0.1", "LIVRET_TOKEN": token},
        stderr=subprocess.PIPE,
    ) as process:
        until(lambda: api.asked or process.poll() is not None)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=120)
    assert (process.returncode, said.decode()) == (130, "Interrompu.\n")
    assert list(tmp_path.iterdir()) == []
