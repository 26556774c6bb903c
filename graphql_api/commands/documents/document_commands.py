"""What documents and clients take from the code: the pages of settings and access, the schema."""

import argparse
import sys
from typing import Any

from graphql_api.commands.documents.permissions_page import access_page
from graphql_api.commands.documents.settings_page import settings_page
from graphql_api.graphql_schema import sdl


def add_commands(commands: Any) -> None:
    """Add these commands to those of `livret`."""
    commands.add_parser("settings").set_defaults(run=print_settings_page)
    commands.add_parser("access").set_defaults(run=print_access_page)
    commands.add_parser("sdl").set_defaults(run=print_sdl)


def print_settings_page(_options: argparse.Namespace) -> int:
    """Print docs/settings.md."""
    sys.stdout.write(settings_page())
    return 0


def print_access_page(_options: argparse.Namespace) -> int:
    """Print docs/access.md."""
    sys.stdout.write(access_page())
    return 0


def print_sdl(_options: argparse.Namespace) -> int:
    """Print the schema of the API."""
    sys.stdout.write(sdl())
    return 0
