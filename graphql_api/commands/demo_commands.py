"""The demo: running it, and a token of one of its callers."""

import argparse
import os
from typing import Any

from graphql_api.configuration.settings import SETTINGS
from graphql_api.demo.callers import NAMES
from graphql_api.demo.folder import EXAMPLE_QUERIES, FOLDER, DemoFolder
from graphql_api.terminal import complain


def add_commands(commands: Any) -> None:
    """Add these commands to those of `livret`."""
    showing = commands.add_parser("demo")
    showing.add_argument("--once", action="store_true", help="imprime le dossier puis s’arrête")
    showing.add_argument("--fresh", action="store_true", help="repart de zéro")
    showing.set_defaults(run=demo)
    giving = commands.add_parser("token")
    giving.add_argument("name", choices=NAMES, help="qui est censé appeler")
    giving.set_defaults(run=token)


def demo(options: argparse.Namespace) -> int:
    """Run the demo."""
    # Not above: it imports the whole service, which other commands do not need.
    from graphql_api.demo.running import run_demo

    port = SETTINGS["port"].value(os.environ)
    queries = SETTINGS["queries"].value(os.environ) or EXAMPLE_QUERIES
    dossier = run_demo(once=options.once, fresh=options.fresh, port=port, queries=queries)
    if options.once:
        print(dossier)
    return 0


def token(options: argparse.Namespace) -> int:
    """Print a token for a caller of the demo, as the issuer gives it."""
    # As above.
    from graphql_api.demo.tokens import TokenRefusedError, token_named

    folder = DemoFolder(FOLDER.resolve())
    if not folder.is_loaded:
        complain("Lancez d’abord la démonstration : make demo")
        return 1
    try:
        print(token_named(options.name, folder))
    except TokenRefusedError:
        complain(
            f"« {options.name} » n’a plus accès à la démonstration. Pour repartir de zéro :"
            " make demo FRESH=1"
        )
        return 1
    return 0
