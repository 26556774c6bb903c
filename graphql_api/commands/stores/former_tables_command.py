"""The operator's command `livret drop-former-tables`: what sections replaced, once it is backed up."""

import argparse
from pathlib import Path
from typing import Any

from graphql_api.backup.backup_header import BackupError
from graphql_api.backup.verifying import verify
from graphql_api.commands.common import add_demo, ready_service
from graphql_api.commands.stores.backup_commands import add_identities, identities_of
from graphql_api.operations.service import Service
from graphql_api.storage.backup_record import DATA
from graphql_api.storage.former_content.former_tables import (
    MIGRATION,
    drop_former_tables,
    former_tables,
    waiting,
)
from graphql_api.storage.migrating import locked
from graphql_api.terminal import CommandError, say

_ABOUT = """\
Supprime les tables que les sections des livrets ont remplacées, une fois lue en entier une
sauvegarde des données faite depuis « livret migrate ». Les livrets n’y perdent rien : ils se
lisent déjà dans leurs sections."""


def add_commands(commands: Any) -> None:
    """Add the command to those of `livret`."""
    command = commands.add_parser(
        "drop-former-tables",
        description=_ABOUT,
    )
    command.add_argument(
        "--backup",
        type=Path,
        required=True,
        metavar="FICHIER",
        help="sauvegarde des données à vérifier (livret backup --data)",
    )
    add_identities(command)
    add_demo(command)
    command.set_defaults(run=drop)


def drop(options: argparse.Namespace) -> int:
    """Check the backup, and drop the tables if no booklet is still to be carried over."""
    identities = identities_of(options)
    with ready_service(options) as service:
        with service.store.reading():
            names = former_tables(service.store)
            left = waiting(service.store, "", 1) if names else []
        if not names:
            say("Rien à faire : les anciennes tables n’existent plus.")
            return 0
        if left:
            raise CommandError(
                "des livrets ne sont pas encore en sections, leur clé manque peut-être :"
                " livret migrate, puis livret check"
            )
        _check_backup(service, options.backup, identities)
        try:
            with locked(service.store), service.store.writing():
                drop_former_tables(service.store)
        finally:
            service.store.disconnect()
    say(f"Tables supprimées : {', '.join(names)}.")
    return 0


def _check_backup(service: Service, path: Path, identities: list[Any]) -> None:
    """Raise `BackupError` unless the file is whole, of these data, and has their sections."""
    found = verify(service, path, identities)
    if found.part != DATA:
        raise BackupError("ce fichier n’est pas une sauvegarde des données.")
    if MIGRATION not in found.migrations:
        raise BackupError("cette sauvegarde date d’avant « livret migrate » : faites-en une autre.")
