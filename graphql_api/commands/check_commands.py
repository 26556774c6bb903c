"""`livret check settings`: whether the service would start with the settings that it is given."""

import argparse
import os
from typing import Any

from graphql_api.terminal import complain, say
from graphql_api.unsafe_settings import unsafe_settings


def add_commands(commands: Any) -> None:
    """Add this command to those of `livret`."""
    parser = commands.add_parser("check", help="vérifie, sans rien changer")
    parts = parser.add_subparsers(title="vérifications", required=True, metavar="vérification")
    parts.add_parser(
        "settings", help="les réglages, comme au démarrage, sans démarrer"
    ).set_defaults(run=check_settings)


def check_settings(_options: argparse.Namespace) -> int:
    """Say what is wrong with the settings, one line each; 2 when the service would not start."""
    findings = unsafe_settings(os.environ)
    for one in findings:
        complain(one)
    if findings:
        return 2
    say("Réglages : rien à redire.")
    return 0
