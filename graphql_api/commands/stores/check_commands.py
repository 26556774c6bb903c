"""`livret check`: the two stores compared and mended; `check settings`, `check backup`: what they say."""

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

from graphql_api.backup import mending
from graphql_api.backup.comparing import Comparison, compare_stores, look
from graphql_api.backup.mending import (
    erase_accounts,
    erase_closed,
    erase_set_aside,
    give_back,
    set_aside,
)
from graphql_api.backup.store_dump import unhurried
from graphql_api.backup.verifying import verify
from graphql_api.commands.common import add_demo, moment, ready_service
from graphql_api.commands.stores.backup_commands import (
    PARTS,
    add_identities,
    identities_of,
)
from graphql_api.configuration.unsafe_settings import unsafe_settings
from graphql_api.operations.service import Service
from graphql_api.storage.actors import Anonymous
from graphql_api.storage.cleanup import finish_interrupted_closings
from graphql_api.storage.keys.known_heads import accept_older
from graphql_api.terminal import CommandError, complain, say

TO_DECIDE = 4
_MENDED = {
    "closed_booklets": "Livrets fermés dont des lignes sont revenues",
    "closed_accounts": "Comptes fermés dont des lignes sont revenues",
    "closed_people": "Personnes parties dont des lignes sont revenues",
    "keys_of_closed": "Clés restées ou revenues après une fermeture",
    "booklets_without_key": "Livrets sans clé, que personne ne peut plus lire",
    "returned_booklets": "Livrets mis à part dont la clé est revenue",
}
_DECIDED = {
    "set_aside": "Livrets sans clé, mis à part (--erase)",
    "keys_without_booklet": "Clés sans livret (--destroy-keys)",
    "keys_without_account": "Clés sans compte (--destroy-keys)",
    "older_booklets": "Livrets plus anciens que la base des clés ne les a connus (--accept-older)",
    "accounts_without_key": "Comptes sans clé, où personne ne peut se connecter (--erase)",
}
_ERASABLE = ("set_aside", "accounts_without_key")
LISTED = 100  # --json has all
_CODES = """\
--mend efface seulement ce dont la fermeture est enregistrée, met à part les livrets sans clé
pour que leurs titulaires puissent en ouvrir un autre, et rend ceux dont la clé est revenue.
Rien d’autre n’est effacé : restaurez d’abord une sauvegarde plus récente, si elle existe.

codes de sortie :
  0  tout est en ordre
  1  impossible : base injoignable ou qui n’est pas à jour
  2  commande mal formée ou réglages
  3  bases ou clé maîtresse qui ne vont pas ensemble
  4  quelque chose est à réparer (--mend) ou à décider
"""
_BACKUP_CODES = """\
codes de sortie :
  0  tous les fichiers se lisent en entier
  1  l’un d’eux est coupé, abîmé, chiffré pour autrui ou d’un autre service ; base injoignable
  2  commande mal formée ou réglages
"""


def add_commands(commands: Any) -> None:
    """Add this command to those of `livret`."""
    parser = commands.add_parser(
        "check",
        description="Compare la base des données et celle des clés, sans rien changer.",
        epilog=_CODES,
    )
    add_demo(parser)
    parser.add_argument("--json", action="store_true", help="le résultat pour un programme")
    parser.add_argument("--mend", action="store_true", help="répare, après avoir dit quoi")
    parser.add_argument(
        "--erase",
        action="append",
        default=[],
        metavar="ID",
        help="efface un livret mis à part, ou un compte sans clé, par son identifiant ; répétable",
    )
    parser.add_argument(
        "--destroy-keys",
        action="store_true",
        help="détruit les clés sans livret ni compte ; jamais tant que des données plus récentes"
        " peuvent être restaurées",
    )
    parser.add_argument(
        "--accept-older",
        action="store_true",
        help="tient pour bons, tels qu’ils sont, les livrets qu’une sauvegarde a remis en arrière",
    )
    parser.set_defaults(run=check_stores)
    parts = parser.add_subparsers(title="autres vérifications", metavar="vérification")
    parts.add_parser(
        "settings", help="les réglages, comme au démarrage, sans démarrer"
    ).set_defaults(run=check_settings)
    verifying = parts.add_parser(
        "backup",
        help="des fichiers de sauvegarde, lus en entier comme pour les restaurer",
        description="Lit des fichiers de sauvegarde en entier, et note quand (livret status).",
        epilog=_BACKUP_CODES,
    )
    verifying.add_argument("files", nargs="+", type=Path, metavar="FICHIER")
    add_identities(verifying)
    verifying.set_defaults(run=check_backup)


def check_stores(options: argparse.Namespace) -> int:
    """Compare the stores, do what is asked for, and say what is left; 4 when something is."""
    with ready_service(options) as service:
        stores = (service.store, service.key_store)
        found = compare_stores(*stores)
        if unknown := set(options.erase) - found.set_aside - found.accounts_without_key:
            raise CommandError(
                f"ni livret mis à part, ni compte sans clé ; rien n’est fait : {min(unknown)}"
            )
        asked = options.mend or options.erase or options.destroy_keys or options.accept_older
        if asked and not found.is_in_order:
            if not options.json:
                _tell(found)
            _mend(service, found, options)
            found = look(*stores)
    if options.json:
        print(_json(found))
    else:
        _tell(found)
    return 0 if found.is_in_order else TO_DECIDE


def _mend(service: Service, found: Comparison, options: argparse.Namespace) -> None:
    """Do what the options ask for, of what was found."""
    op = service.operation(Anonymous())
    with op.after_commit, service.store.writing():
        if options.mend:
            erase_closed(op)
            set_aside(op, found.booklets_without_key)
            give_back(op, found.returned_booklets)
        erase_set_aside(op, found.set_aside & {*options.erase})
        erase_accounts(op, found.accounts_without_key & {*options.erase})
    finish_interrupted_closings(service.store, service.key_store)
    if options.destroy_keys:
        mending.destroy_orphan_keys(
            service.key_store, found.keys_without_booklet, found.keys_without_account
        )
    if options.accept_older:
        with service.key_store.writing(), service.store.reading(), unhurried(service.store):
            accept_older(service.store, service.key_store, found.older_booklets, op.now_us)
    left = look(service.store, service.key_store)
    if not any(left.found.values()):
        mending.settle_serials(service.store, service.key_store, left.lead)


def _tell(found: Comparison) -> None:
    say(f"Livrets : {found.booklets} ; clés : {found.keys}.")
    if found.lead.data:
        say(f"Les données sont en avance de {found.lead.data} sur les clés.")
    if found.lead.keys:
        say(f"Les clés sont en avance de {found.lead.keys} sur les données.")
    for title, names in (("À réparer (--mend) :", _MENDED), ("À décider :", _DECIDED)):
        lines = [
            f"  {label} : {len(found.found[name])}"
            for name, label in names.items()
            if found.found[name]
        ]
        if lines:
            say("\n".join((title, *lines)))
        for name in names:
            if name in _ERASABLE:
                sys.stdout.writelines(f"    {id}\n" for id in sorted(found.found[name])[:LISTED])
    if found.is_in_order:
        say("Tout est en ordre.")


def _json(found: Comparison) -> str:
    return json.dumps(found.to_json())


def check_settings(_options: argparse.Namespace) -> int:
    """Say what is wrong with the settings, one line each; 2 when the service would not start."""
    findings = unsafe_settings(os.environ)
    for one in findings:
        complain(one)
    if findings:
        return 2
    say("Réglages : rien à redire.")
    return 0


def check_backup(options: argparse.Namespace) -> int:
    """Read backups whole, say of each what it is, and record that it was read."""
    identities = identities_of(options)
    with ready_service(options) as service:
        for path in options.files:
            found = verify(service, path, identities)
            say(
                f"{path} : {PARTS[found.part]} du {moment(found.made_at)}, {found.rows} lignes,"
                " lisibles en entier."
            )
    return 0
