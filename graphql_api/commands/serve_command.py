"""`livret serve`: the service in this process, or in workers of which this process is the parent.

The parent of workers serves nothing: it imports no application, which takes a hundred megabytes.
"""

import argparse
import asyncio
import socket
import sys
from importlib import import_module
from typing import Any

from graphql_api.commands.importing import no_garbage_collected
from graphql_api.configuration.settings import SETTINGS, Settings
from graphql_api.configuration.unsafe_settings import safe_settings
from graphql_api.terminal import CommandError
from graphql_api.web.http.worker_processes import WorkerLink, WorkerProcesses
from graphql_api.web.logs import configure_logs

_MOST_WORKERS = 64
_WAITING = 2_048  # connections that no worker has taken yet


def add_commands(commands: Any) -> None:
    """Add this command to those of `livret`."""
    serving = commands.add_parser(
        "serve",
        description="Sert l’API. Réglages, par variables d’environnement :",
        epilog=_settings_help(),
    )
    serving.add_argument(
        "--sweep",
        choices=["daily"],
        help="supprime chaque jour ce qui est périmé, là où aucune minuterie ne lance livret sweep",
    )
    serving.add_argument(
        "--workers",
        type=int,
        choices=range(1, _MOST_WORKERS + 1),
        metavar="N",
        help="sert par N processus, un par cœur ; SIGHUP les renouvelle sans refuser de requête",
    )
    serving.add_argument("--as-worker", help=argparse.SUPPRESS)
    serving.set_defaults(run=serve)


def serve(options: argparse.Namespace) -> int:
    """Serve the API until interrupted. Stores that do not belong together are refused at once."""
    sweeps_daily = options.sweep == "daily"
    if options.workers is not None and options.as_worker is None:
        return _serve_by_workers(options.workers, sweeps_daily=sweeps_daily)
    worker = None
    if options.as_worker is not None:
        worker = WorkerLink.inherited(*map(int, options.as_worker.split(",")))
    with no_garbage_collected():
        process = import_module("graphql_api.serving_process")
    return int(process.serve(sweeps_daily=sweeps_daily, worker=worker))


def _serve_by_workers(number: int, *, sweeps_daily: bool) -> int:
    settings = safe_settings()
    configure_logs(settings.log)
    command = [sys.executable, "-m", "graphql_api.commands", "serve"]
    command += [*(["--sweep", "daily"] if sweeps_daily else []), "--as-worker"]
    with _listening(settings) as listening:
        return asyncio.run(WorkerProcesses(command, listening, number).run())


def _listening(settings: Settings) -> socket.socket:
    """The socket of all workers."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    address = (settings.host, settings.port)
    try:
        return socket.create_server(address, family=family, backlog=_WAITING)
    except OSError as error:
        raise CommandError(
            f"le port {settings.port} de {settings.host} ne peut pas être ouvert ({error.strerror})."
        ) from error


def _settings_help() -> str:
    rows = [row for setting in SETTINGS.values() for row in setting.explained]
    width = max(len(variable) for variable, _, _ in rows)
    return "\n".join(
        f"  {variable:<{width}}  {meaning} ({default})" for variable, meaning, default in rows
    )
