"""The operator's commands `livret backup` and `livret restore`."""

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from peewee import DatabaseError

from graphql_api.backup.backing_up import BackupJob, Progress, back_up
from graphql_api.backup.encrypted_files import read_identities, read_recipient
from graphql_api.backup.mending import Erased
from graphql_api.backup.restoring import Restored, restore
from graphql_api.commands.common import add_demo, moment, open_service
from graphql_api.operations.service import Service
from graphql_api.storage.backup_record import DATA, KEYS, record_finished
from graphql_api.storage.keys.store_checks import check_stores
from graphql_api.storage.operation import to_microseconds
from graphql_api.storage.store import StoreUnavailableError
from graphql_api.terminal import CommandError, complain, say

PARTS = {DATA: "Données", KEYS: "Clés"}
_CODES = """\
codes de sortie :
  0  terminé
  1  refusé ou impossible ; rien n’a été écrit
  2  commande mal formée ou réglages
  3  bases ou clé maîtresse qui ne vont pas ensemble ; rien n’a été écrit
"""


def add_commands(commands: Any) -> None:
    """Add these commands to those of `livret`."""
    backing_up = commands.add_parser(
        "backup",
        description="Sauvegarde les données, les clés, ou les deux. Conservez les fichiers de clés"
        "\npeu de temps, et ailleurs : avec eux, une ancienne sauvegarde des données se lit encore.",
        epilog=_CODES,
    )
    _add_files(backing_up, "à écrire")
    backing_up.add_argument(
        "--recipient",
        action="append",
        default=[],
        metavar="CLÉ",
        help="clé publique (age1… ou ssh-…) qui seule permettra de lire les fichiers ; répétable",
    )
    backing_up.set_defaults(run=backup)
    restoring = commands.add_parser(
        "restore",
        description="Restaure les données, les clés, ou les deux, dans des bases vides ; en entier,"
        "\nou pas du tout. Ce que la base des clés dit fermé ne revient pas.",
        epilog=_CODES,
    )
    _add_files(restoring, "à restaurer")
    add_identities(restoring)
    restoring.set_defaults(run=restore_files)


def backup(options: argparse.Namespace) -> int:
    """Back up the stores whose files are named."""
    _require_files(options)
    recipients = [read_recipient(one) for one in options.recipient]
    with open_service(options) as service, _bars() as progress:
        if options.data and options.keys:
            check_stores(service.store, service.key_store, service.master_key)
        jobs = [
            BackupJob(part, store, path)
            for part, store, path in (
                (DATA, service.store, options.data),
                (KEYS, service.key_store, options.keys),
            )
            if path is not None
        ]
        back_up(jobs, recipients, service.clock(), progress)
        _record(service, jobs)
    for job in jobs:
        say(f"{PARTS[job.part]} sauvegardées : {job.path}")
    if not recipients:
        complain("Ces fichiers ne sont pas chiffrés (--recipient).")
    return 0


def _record(service: Service, jobs: list[BackupJob]) -> None:
    """Record for `livret status` what was backed up; the files are there whether it works or not."""
    now = to_microseconds(service.clock())
    try:
        for job in jobs:
            record_finished(service.store, job.part, now)
    except (StoreUnavailableError, DatabaseError):  # down, full, or not migrated to this version
        complain("La sauvegarde est faite ; la base des données n’a pas pu noter quand.")


def restore_files(options: argparse.Namespace) -> int:
    """Restore the files that are named, and say what a restore cannot know."""
    _require_files(options)
    identities = identities_of(options)
    paths = {part: path for part, path in ((DATA, options.data), (KEYS, options.keys)) if path}
    with open_service(options) as service, _bars() as bars:
        restored = restore(service, paths, identities, lambda part, size: bars(part, lambda: size))
        now = service.clock()
    for part, path in paths.items():
        say(f"{PARTS[part]} restaurées : {path}")
    _tell(restored, now)
    return 0


def _tell(restored: Restored, now: datetime) -> None:
    """Say what was erased, which closings are known, and what is lost."""
    erased, data_from, keys_from = restored.erased, restored.data_from, restored.keys_from
    if erased != Erased():
        counts = (
            (erased.booklets, "livret"),
            (erased.accounts, "compte"),
            (erased.people, "personne"),
            (erased.keys, "clé"),
        )
        told = ", ".join(f"{n} {word}{'s' if n > 1 else ''}" for n, word in counts if n)
        say(f"Effacés, puisque leur fermeture est enregistrée : {told}.")
    if restored.unknown_tables:
        complain(f"Tables inconnues, laissées de côté : {', '.join(restored.unknown_tables)}")
    if keys_from is None:
        say("Toutes les fermetures sont connues : la base des clés est celle du service.")
    else:
        say(
            f"Les fermetures sont connues jusqu’au {moment(keys_from)}. Ce qui a été fermé depuis"
            " est de retour ; ce qui a été ouvert depuis n’a plus de clé."
        )
    if data_from is not None:
        say(
            f"Ce qui a été fait entre le {moment(data_from)} et le {moment(now)} est perdu :"
            " saisies, consentements retirés, liens supprimés, droits retirés."
            "\nToutes les sessions sont closes."
        )
    say("Lancez maintenant : livret migrate, puis livret check")


def _add_files(parser: argparse.ArgumentParser, purpose: str) -> None:
    parser.add_argument(
        "--data", type=Path, metavar="FICHIER", help=f"fichier des données {purpose}"
    )
    parser.add_argument("--keys", type=Path, metavar="FICHIER", help=f"fichier des clés {purpose}")
    add_demo(parser)


def add_identities(parser: argparse.ArgumentParser) -> None:
    """Add the option that names the secret keys of encrypted backups."""
    parser.add_argument(
        "--identity",
        action="append",
        default=[],
        type=Path,
        metavar="FICHIER",
        help="fichier de la clé secrète, si les sauvegardes sont chiffrées ; répétable",
    )


def identities_of(options: argparse.Namespace) -> list[Any]:
    """The secret keys that the options name. Raises `BackupError`."""
    return [key for path in options.identity for key in read_identities(path)]


def _require_files(options: argparse.Namespace) -> None:
    named = [path.resolve() for path in (options.data, options.keys) if path is not None]
    if not named:
        raise CommandError("nommez un fichier par --data, --keys, ou les deux.")
    if len(set(named)) < len(named):
        raise CommandError("--data et --keys nomment le même fichier.")


def is_terminal() -> bool:
    """Whether somebody sees the standard error."""
    return sys.stderr.isatty()


@contextmanager
def _bars() -> Iterator[Callable[[str, Callable[[], int]], Progress]]:
    """Bars with the time left, if the standard error is a terminal; what is counted is counted then."""
    if not is_terminal():
        yield lambda _part, _count: lambda _more: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Bars(*columns, console=Console(stderr=True)) as bars:

        def begin(part: str, count: Callable[[], int]) -> Progress:
            task = bars.add_task(PARTS[part], total=count())
            return lambda more: bars.advance(task, more)

        yield begin
