"""A command imports what it needs, so that it starts at once."""

import subprocess
import sys

import pytest

from graphql_api.commands.cli import MODULES, build_parser
from graphql_api.commands.dossier_command import NAME


def test_each_command_is_listed_with_the_module_that_holds_it() -> None:
    for names in MODULES.values():
        for name in names:
            assert set(commands_of(name)) == set(names)
    listed = commands_of("")
    assert listed == commands_of("no such command")
    assert listed == [*(one for names in MODULES.values() for one in names), NAME]


def commands_of(command: str) -> list[str]:
    actions = build_parser(command)._subparsers
    assert actions is not None
    return list(actions._group_actions[0].choices or ())


@pytest.mark.parametrize("words", [["keys", "list"], ["codes", "list"], ["officers", "list"]])
def test_a_command_that_serves_nothing_imports_no_server_and_no_page(words: list[str]) -> None:
    imported = imported_by(
        "from graphql_api.commands.cli import main\n"
        f"try: main({[*words, '--help']})\n"
        "except SystemExit: pass"
    )
    assert "graphql_api.commands.cli" in imported
    for module in (
        "uvicorn",
        "graphql_api.app",
        "graphql_api.agent_space",
        "graphql_api.demo.running",
    ):
        assert module not in imported


def test_the_general_help_imports_no_command() -> None:
    imported = imported_by(
        "from graphql_api.commands.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass"
    )
    names = {f"graphql_api.commands.{module}" for module in MODULES}
    assert not names & set(imported)


def test_a_server_starts_without_the_dictionaries_of_passwords() -> None:
    imported = imported_by("import graphql_api.serving_process")
    assert "graphql_api.identity_provider.passwords" in imported
    assert "zxcvbn" not in imported


def imported_by(code: str) -> list[str]:
    """The modules that are there once a process has run this code."""
    ran = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}\nprint(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    return ran.stdout.split("\n")[-2].split()
