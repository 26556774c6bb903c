"""The operator's commands for regional sites, and for the chain of consent events."""

import argparse
import re
from pathlib import Path
from typing import Any

from graphql_api.callers import sites
from graphql_api.callers.sites import SiteError
from graphql_api.commands.common import (
    add_action,
    on_service,
    on_store,
    read_jwks,
    register,
)
from graphql_api.consents import receipts
from graphql_api.consents.receipts import ReceiptError
from graphql_api.storage.communicated import consent_events
from graphql_api.storage.communicated.consent_events import ChainLink
from graphql_api.terminal import CommandError, complain, say
from schema.sharing.site import SITES

_LINK = re.compile(r"(\d{1,18}):([0-9a-f]{64})", re.ASCII)


def add_commands(commands: Any) -> None:
    """Add these commands to those of `livret`."""
    site = commands.add_parser("sites")
    actions = site.add_subparsers(title="actions", required=True, metavar="action")
    add_action(actions, "list", "tous les sites, inscrits ou non", list_sites)
    new = add_action(actions, "add", "inscrit un site et sa machine", add_site)
    new.add_argument("code", choices=tuple(SITES), metavar="CODE", help="code du site")
    new.add_argument(
        "--jwks",
        type=Path,
        metavar="FICHIER",
        help="clés publiques (JWKS) de sa machine, au lieu d’un secret",
    )
    gone = add_action(actions, "remove", "ne laisse plus rien lire à un site", remove_site)
    gone.add_argument("code", choices=tuple(SITES), metavar="CODE", help="code du site")

    consent = commands.add_parser("consents")
    actions = consent.add_subparsers(title="actions", required=True, metavar="action")
    check = add_action(actions, "verify", "vérifie la chaîne des consentements", verify_consents)
    check.add_argument(
        "--head",
        type=_link,
        metavar="NUMÉRO:EMPREINTE",
        help="ce qu’une vérification a affiché avant, et que la chaîne doit encore contenir",
    )
    check.add_argument(
        "--receipt", type=Path, metavar="FICHIER", help="un récépissé, à retrouver dans la chaîne"
    )


def list_sites(options: argparse.Namespace) -> int:
    """List every site."""
    for line in on_service(options, sites.list_sites):
        say(f"{line.site.code:<17}  {line.site.name}  {line.client or 'non inscrit'}")
    return 0


def add_site(options: argparse.Namespace) -> int:
    """Register a site; the secret of its machine, if it has one, is shown this once."""
    jwks = read_jwks(options.jwks)
    try:
        register(options, lambda op: sites.register(op, options.code, jwks))
    except SiteError as error:
        raise CommandError(str(error)) from error
    return 0


def remove_site(options: argparse.Namespace) -> int:
    """Unregister a site: it reads nothing more, and the consents given to it stay."""
    try:
        site = on_service(options, lambda op: sites.unregister(op, options.code))
    except SiteError as error:
        raise CommandError(str(error)) from error
    say(f"{site.name} ne lit plus rien.")
    return 0


def verify_consents(options: argparse.Namespace) -> int:
    """Verify the chain, and a receipt against it."""
    verdict = on_store(options, lambda store: consent_events.verify(store, options.head))
    if verdict.error is not None:
        raise CommandError(verdict.error)
    count = verdict.head.number
    say(f"Chaîne intacte : {count} événement{'s' if count > 1 else ''}.")
    say(f"À conserver ailleurs, pour la fois suivante : --head {verdict.head}")
    return 0 if options.receipt is None else _verify_receipt(options)


def _verify_receipt(options: argparse.Namespace) -> int:
    try:
        text = options.receipt.read_text("ascii").strip()
        found = on_store(options, lambda store: receipts.verify_receipt(store, text))
    except (OSError, ValueError) as error:
        raise CommandError(f"{options.receipt} : fichier illisible.") from error
    except ReceiptError as error:
        raise CommandError(str(error)) from error
    say(f"Récépissé retrouvé dans la chaîne : événement {found.event.number}.")
    if found.is_signed:
        say("Signature vérifiée.")
    else:
        complain("Signature non vérifiée : la clé qui l’a signé n’est plus publiée.")
    return 0


def _link(written: str) -> ChainLink:
    read = _LINK.fullmatch(written)
    if read is None:
        raise argparse.ArgumentTypeError("NUMÉRO:EMPREINTE attendu")
    return ChainLink(int(read[1]), read[2])
