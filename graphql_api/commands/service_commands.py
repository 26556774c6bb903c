"""The operator's commands for the service itself: serve, migrate, sweep."""

import argparse
import json
from typing import Any

from graphql_api.app import create_application
from graphql_api.commands.common import NOT_MIGRATED
from graphql_api.configuration.settings import SETTINGS
from graphql_api.configuration.unsafe_settings import safe_settings, settings_of_stores
from graphql_api.serving import (
    build_service,
    check_before_serving,
    is_ready,
    migrate_stores,
)
from graphql_api.sweeping import sweep as sweeping
from graphql_api.sweeping.sweepers import SWEEPERS
from graphql_api.terminal import CommandError, complain, say
from graphql_api.web.http.http_server import Stopping, http_server, run_server
from graphql_api.web.logs import configure_logs


def add_commands(commands: Any) -> None:
    """Add these commands to those of `livret`."""
    serving = commands.add_parser(
        "serve",
        help="sert l’API",
        description="Sert l’API. Réglages, par variables d’environnement :",
        epilog=_settings_help(),
    )
    serving.add_argument(
        "--sweep",
        choices=["daily"],
        help="supprime chaque jour ce qui est périmé, là où aucune minuterie ne lance livret sweep",
    )
    serving.set_defaults(run=serve)
    commands.add_parser("migrate", help="met les bases à jour").set_defaults(run=migrate)
    sweeping_up = commands.add_parser(
        "sweep",
        help="supprime ce qui est périmé, achève les fermetures interrompues ; à lancer chaque jour",
    )
    sweeping_up.add_argument(
        "--json", action="store_true", help="dit ce qui a été fait en JSON, pour un programme"
    )
    sweeping_up.set_defaults(run=sweep)


def serve(options: argparse.Namespace) -> int:
    """Serve the API until interrupted. Stores that do not belong together are refused at once."""
    settings = safe_settings()
    check_before_serving(settings)
    configure_logs(settings.log)
    stopping = Stopping()
    application = create_application(
        settings, sweeps_daily=options.sweep == "daily", stopping=stopping
    )
    return run_server(http_server(application, settings, stopping.begin))


def migrate(_options: argparse.Namespace) -> int:
    """Bring both databases to the present shape."""
    service = build_service(settings_of_stores())
    try:
        applied = migrate_stores(service)
    finally:
        service.close()
    say("\n".join(applied) if applied else "Rien à faire : les bases sont à jour.")
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


def _settings_help() -> str:
    rows = [row for setting in SETTINGS.values() for row in setting.explained]
    width = max(len(variable) for variable, _, _ in rows)
    return "\n".join(
        f"  {variable:<{width}}  {meaning} ({default})" for variable, meaning, default in rows
    )
