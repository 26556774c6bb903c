"""A command imports what it needs, so that it starts at once."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from graphql_api.commands.cli import MODULES, build_parser
from graphql_api.commands.dossier_command import NAME
from tests.graphql_api.roles import SIRET
from tests.real.service import prepared


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


# What serves, what shows pages, and the schema of the whole service.
HEAVY = {
    "argon2",
    "graphql_api.agent_space",
    "graphql_api.app",
    "graphql_api.demo.running",
    "graphql_api.execution",
    "graphql_api.graphql_schema",
    "graphql_api.identity_provider.pages",
    "graphql_api.mutations",
    "graphql_api.officer_space",
    "graphql_api.operator_space",
    "graphql_api.page_kit",
    "graphql_api.public_pages",
    "graphql_api.queries",
    "jinja2",
    "print_site",
    "uvicorn",
}
OF_THE_ISSUER = {"argon2", "graphql_api.identity_provider.pages", "graphql_api.page_kit", "jinja2"}


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The settings of a service that is ready."""
    with prepared(tmp_path_factory.mktemp("importing")) as service:
        yield dict(service.environment)


@pytest.mark.parametrize(
    ("words", "needed"),
    [
        (["keys", "list"], set[str]()),
        (["status"], set[str]()),
        (["officers", "list"], set[str]()),
        (["codes", "list", "--siret", SIRET], {"jinja2"}),  # by which it prints a list of codes
    ],
)
def test_a_command_that_serves_nothing_imports_no_server_no_page_and_no_whole_schema(
    environment: dict[str, str], words: list[str], needed: set[str]
) -> None:
    imported = imported_by(f"from graphql_api.commands.cli import main\nmain({words})", environment)
    assert "graphql_api.serving" in imported
    assert HEAVY & set(imported) == needed


def test_a_token_of_the_demo_is_given_by_the_issuer_alone() -> None:
    imported = imported_by("import graphql_api.demo.tokens")
    assert "graphql_api.embedded_issuer" in imported
    assert not (HEAVY - OF_THE_ISSUER) & set(imported)


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


def imported_by(code: str, environment: dict[str, str] | None = None) -> list[str]:
    """The modules that are there once a process has run this code."""
    ran = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}\nprint(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    return ran.stdout.split("\n")[-2].split()
