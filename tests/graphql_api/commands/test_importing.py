"""A command imports what it needs, so that it starts at once."""

import subprocess
import sys

import pytest

from graphql_api.commands.cli import MODULES, build_parser
from graphql_api.commands.dossier_command import NAME


def test_each_command_is_listed_with_the_module_that_holds_it() -> None:
    for names in MODULES.values():
        for name in names:
            assert set(commands_of(name)) == {*names, NAME}
    assert commands_of("no such command") == commands_of("")
    assert set(commands_of("")) == {NAME, *(one for names in MODULES.values() for one in names)}


def commands_of(command: str) -> list[str]:
    actions = build_parser(command)._subparsers
    assert actions is not None
    return list(actions._group_actions[0].choices or ())


@pytest.mark.parametrize("words", [["keys", "list"], ["codes", "list"], ["officers", "list"]])
def test_a_command_that_serves_nothing_imports_no_server_and_no_page(words: list[str]) -> None:
    looking = (
        "import sys; from graphql_api.commands.cli import main\n"
        f"try: main({[*words, '--help']})\n"
        "except SystemExit: print(*sys.modules)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", looking], capture_output=True, text=True, check=True
    )
    imported = ran.stdout.split("\n")[-2].split()
    assert "graphql_api.commands.cli" in imported
    for module in (
        "uvicorn",
        "graphql_api.app",
        "graphql_api.agent_space",
        "graphql_api.demo.running",
    ):
        assert module not in imported
