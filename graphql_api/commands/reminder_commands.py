"""The operator's command for reminders, which a timer runs every day."""

import argparse
from functools import partial
from typing import Any

from graphql_api.commands.common import add_demo, on_operation
from graphql_api.reminders import reminders
from graphql_api.terminal import complain, say

MOST = 10_000


def add_commands(commands: Any) -> None:
    """Add this command to those of `livret`."""
    parser = commands.add_parser(
        "remind",
    )
    parser.add_argument(
        "--most",
        type=_number,
        default=MOST,
        metavar="N",
        help=f"livrets examinés au plus ; {MOST} par défaut. Les autres passent la fois suivante",
    )
    add_demo(parser)
    parser.set_defaults(run=remind)


def _number(written: str) -> int:
    if not (written.isascii() and written.isdigit() and int(written)):
        raise argparse.ArgumentTypeError("un nombre à partir de 1 est attendu.")
    return int(written)


def remind(options: argparse.Namespace) -> int:
    """Put the letters that are due into the outbox; say how many, never whose."""
    done = on_operation(options, partial(reminders.send_due, most=options.most))
    say(f"Livrets examinés : {done.looked_at} ; courriels confiés : {done.letters}.")
    if done.unreadable:
        complain(f"Livrets illisibles : {done.unreadable}.")
    return 0
