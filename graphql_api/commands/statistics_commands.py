"""The operator's command for statistics: publish the month, once."""

import argparse
from typing import Any

from graphql_api.commands.common import add_demo, on_operation
from graphql_api.statistics import statistics
from graphql_api.statistics.statistics import PublicationError
from graphql_api.terminal import CommandError, complain, say


def add_commands(commands: Any) -> None:
    """Add this command to those of `livret`."""
    parser = commands.add_parser("statistics")
    actions = parser.add_subparsers(title="actions", required=True, metavar="action")
    new = actions.add_parser("publish", help="publie le mois en cours, une seule fois")
    new.add_argument(
        "--month",
        metavar="AAAA-MM",
        help="le mois attendu : rien n’est publié si ce n’est pas le mois en cours",
    )
    add_demo(new)
    new.set_defaults(run=publish)


def publish(options: argparse.Namespace) -> int:
    """Publish the statistics of the current month; how many cells, never how many persons."""
    try:
        done = on_operation(options, lambda op: statistics.publish(op, options.month))
    except PublicationError as error:
        raise CommandError(str(error)) from error
    say(
        f"Statistiques de {done.month} publiées : {done.shown} cases affichées,"
        f" {done.hidden} masquées."
    )
    if done.unreadable:
        complain(f"Livrets illisibles, non comptés : {done.unreadable}.")
    return 0
