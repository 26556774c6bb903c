"""Every `livret …` command that a page or a unit of systemd names is there, with its options."""

import re
import shlex
from pathlib import Path

import pytest

from graphql_api.commands import cli, dossier_command

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    [
        *(
            page for page in ROOT.glob("*.md") if page.name != "CHANGELOG.md"
        ),  # which tells what was
        *ROOT.glob("docs/*.md"),
        *ROOT.glob("docker/*"),
        *ROOT.glob("docs/examples/systemd/*"),
    ]
)
_SHELL = re.compile(
    r"(?:^|`|bin/|\$ |run --rm api |\|\| |&& )(?:livret|api) ((?:[^`\n|&;>]|\\\n)+)",
    re.MULTILINE,
)


def commands() -> list[tuple[str, list[str]]]:
    """The words of each command, and the page that names it."""
    found = []
    for page in PAGES:
        for written in _SHELL.findall(page.read_text("utf-8").replace("\\\n", " ")):
            try:
                words = shlex.split(written, comments=True)
            except ValueError:
                continue  # a sentence with an apostrophe
            if words and re.fullmatch(r"[a-z-]+", words[0]):
                found.append((page.name, words))
    return found


def help_of(words: list[str], capsys: pytest.CaptureFixture[str]) -> str | None:
    """What the help of a command says, or None if there is no such command."""
    with pytest.raises(SystemExit) as ended:
        cli.main([*words, "-h"])
    said = capsys.readouterr().out
    return said if ended.value.code == 0 else None


def test_every_command_that_a_page_names_is_there_with_its_options(
    capsys: pytest.CaptureFixture[str],
) -> None:
    wrong, seen = [], set()
    for page, words in commands():
        if words[0] == dossier_command.NAME:
            continue  # its help is print_site's
        path = [words[0]]
        if (said := help_of(path, capsys)) is None:
            wrong.append(f"{page}: livret {words[0]}")
            continue
        takes_an_action = re.search(r"^(?:actions|autres vérifications)\s*:", said, re.MULTILINE)
        if takes_an_action and len(words) > 1 and re.fullmatch(r"[a-z-]+", words[1]):
            path.append(words[1])
            if (said := help_of(path, capsys)) is None:
                wrong.append(f"{page}: livret {' '.join(path)}")
                continue
        options = [word.partition("=")[0] for word in words if re.match(r"--[a-z]", word)]
        options = [re.sub(r"[.,:]$", "", each) for each in options]
        wrong += [
            f"{page}: livret {' '.join(path)} {one}"
            for one in options
            if not re.search(rf"{re.escape(one)}\b", said)
        ]
        seen.add(words[0])
    assert wrong == []
    assert len(seen) > 8, "the search finds commands"
