"""The operator's commands for the stores: migrate, sweep."""

import argparse
import json
from typing import Any

from graphql_api.commands.common import NOT_MIGRATED
from graphql_api.configuration.unsafe_settings import settings_of_stores
from graphql_api.serving import build_service, is_ready, migrate_stores
from graphql_api.storage.former_content.carrying_over import CarryingOverError
from graphql_api.storage.former_content.former_tables import former_tables
from graphql_api.sweeping import sweep as sweeping
from graphql_api.sweeping.sweepers import SWEEPERS
from graphql_api.terminal import CommandError, complain, say


def add_commands(commands: Any) -> None:
    """Add these commands to those of `livret`."""
    commands.add_parser("migrate").set_defaults(run=migrate)
    sweeping_up = commands.add_parser(
        "sweep",
    )
    sweeping_up.add_argument(
        "--json", action="store_true", help="dit ce qui a été fait en JSON, pour un programme"
    )
    sweeping_up.set_defaults(run=sweep)


def migrate(_options: argparse.Namespace) -> int:
    """Bring both databases to the present shape."""
    service = build_service(settings_of_stores())
    try:
        applied = migrate_stores(service)
        with service.store.reading():
            former = former_tables(service.store)
    except CarryingOverError as error:
        told = "\n".join(f"  {one}" for one in error.args)
        raise CommandError(
            f"ces livrets se liraient autrement en sections ; ils restent en lignes :\n{told}"
        ) from error
    finally:
        service.close()
    say("\n".join(applied) if applied else "Rien à faire : les bases sont à jour.")
    if former:
        say(
            "Les livrets sont passés en sections ; leurs anciennes tables restent jusqu’à :"
            "\n  livret backup --data FICHIER, puis livret drop-former-tables --backup FICHIER"
        )
    return 0


def sweep(options: argparse.Namespace) -> int:
    """Delete what has an end, and say how much of each kind; 1 when a kind could not be swept."""
    service = build_service(settings_of_stores())
    try:
        if not is_ready(service):
            raise CommandError(NOT_MIGRATED)
        done = sweeping.sweep(service)
        _tell(done, as_json=options.json)
    finally:
        service.close()
    return 1 if done.failed else 0


def _tell(done: sweeping.SweepResult, *, as_json: bool) -> None:
    if as_json:
        told = {
            "beganAt": done.began_at.isoformat(),
            "endedAt": done.ended_at.isoformat(),
            "removed": done.removed,
            "failed": done.failed,
        }
        print(json.dumps(told))
        return
    for sweeper in SWEEPERS:
        if sweeper.kind in done.failed:
            complain(f"{sweeper.label} : la base ne répond pas ; ce sera pour la fois suivante.")
        elif done.removed[sweeper.kind]:
            say(f"{sweeper.label} : {done.removed[sweeper.kind]}")
    if not done.failed and not any(done.removed.values()):
        say("Rien à supprimer.")
