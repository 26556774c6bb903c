"""The operator's commands for the embedded issuer: who may ask for tokens, and which keys sign them."""

import argparse
from datetime import timedelta
from pathlib import Path
from typing import Any

from graphql_api.callers import sites
from graphql_api.commands.common import (
    add_action,
    moment,
    on_service,
    read_jwks,
    register,
)
from graphql_api.commands.issuer.rotation_command import add_rotation
from graphql_api.identity_provider import signing_keys
from graphql_api.identity_provider.oauth import clients
from graphql_api.identity_provider.oauth.client import KEYS, PUBLIC, Client
from graphql_api.storage.operation import Operation, from_microseconds, to_microseconds
from graphql_api.terminal import CommandError, complain, say

_PROOFS = {PUBLIC: "sans secret", KEYS: "clé"}


def add_commands(commands: Any) -> None:
    """Add these commands to those of `livret`."""
    client = commands.add_parser("clients")
    actions = client.add_subparsers(title="actions", required=True, metavar="action")
    add_action(actions, "list", "ceux qui sont inscrits", list_clients)
    site = add_action(
        actions, "front-end", "inscrit un site où des personnes se connectent", add_site
    )
    site.add_argument("--name", required=True, metavar="NOM", help="nom du site")
    for option, help in (
        ("--redirect-uri", "adresse de retour, exacte ; au moins une"),
        ("--origin", "origine d’où ses pages appellent l’API (CORS)"),
        ("--post-logout-uri", "adresse de retour après la déconnexion"),
    ):
        site.add_argument(option, action="append", default=[], metavar="ADRESSE", help=help)
    site.add_argument(
        "--confidential", action="store_true", help="le site a un serveur qui garde un secret"
    )
    machine = add_action(
        actions, "machine", "inscrit une machine, comme un site régional", add_machine
    )
    machine.add_argument("--name", required=True, metavar="NOM", help="nom de la machine")
    machine.add_argument(
        "--jwks",
        type=Path,
        metavar="FICHIER",
        help="ses clés publiques (JWKS), au lieu d’un secret",
    )
    gone = add_action(actions, "disable", "n’accorde plus rien à un client", disable_client)
    gone.add_argument("id", help="son identifiant (client_id)")

    key = commands.add_parser("keys")
    actions = key.add_subparsers(title="actions", required=True, metavar="action")
    add_action(actions, "list", "toutes les clés, la plus récente d’abord", list_keys)
    turn = add_action(actions, "rotate", "publie une clé nouvelle, qui signe ensuite", rotate_keys)
    turn.add_argument(
        "--after", type=_minutes, default=timedelta(minutes=10), metavar="MINUTES",
        help="délai avant qu’elle signe (10 par défaut ; 0 si l’ancienne est compromise :"
        " retirez-la ensuite)",
    )  # fmt: skip
    old = add_action(actions, "retire", "ne publie plus une clé et l’oublie", retire_key)
    old.add_argument("kid", help="son identifiant (kid)")
    add_rotation(actions)


def list_clients(options: argparse.Namespace) -> int:
    """List the clients that are not disabled."""
    for client in on_service(options, lambda op: clients.list_clients(op.store)):
        print(_line(client))
    return 0


def add_site(options: argparse.Namespace) -> int:
    """Register a front end; its secret, if it has one, is shown this once."""
    front_end = clients.FrontEnd(
        name=options.name,
        redirect_uris=tuple(options.redirect_uri),
        origins=tuple(options.origin),
        post_logout_redirect_uris=tuple(options.post_logout_uri),
        confidential=options.confidential,
    )
    register(options, lambda op: clients.register_front_end(op.store, front_end, op.now_us))
    return 0


def add_machine(options: argparse.Namespace) -> int:
    """Register a machine by its public keys, or with a secret that is shown this once."""
    jwks = read_jwks(options.jwks)
    register(
        options,
        lambda op: clients.register_machine(op.store, options.name, op.now_us, keys=jwks),
    )
    return 0


def disable_client(options: argparse.Namespace) -> int:
    """Disable a client: no token any more, and those that it has are refused within a second.

    Raises `CommandError` for the machine of a site, whose registration would stay.
    """

    def disable(op: Operation) -> bool:
        for line in sites.list_sites(op):
            if line.client == options.id:
                code = line.site.code
                raise CommandError(f"c’est la machine d’un site : livret sites remove {code}")
        return clients.disable(op.store, options.id, op.now_us)

    if on_service(options, disable):
        say("C’est fait : ses jetons sont refusés d’ici une seconde.")
        return 0
    complain("Aucun client n’a cet identifiant.")
    return 1


def list_keys(options: argparse.Namespace) -> int:
    """List the keys, retired ones included."""
    for line in on_service(options, lambda op: signing_keys.list_keys(op.store, op.now_us)):
        state = "signe" if line.signs else "publiée"
        if line.retired_at is not None:
            state = f"retirée le {moment(from_microseconds(line.retired_at))}"
        say(f"{line.kid}  depuis le {moment(from_microseconds(line.signs_from))}  {state}")
    return 0


def rotate_keys(options: argparse.Namespace) -> int:
    """Publish a new key, which signs after a delay in which everybody can read it."""

    def verb(op: Operation) -> str:
        signs_from = to_microseconds(op.now + options.after)
        return signing_keys.rotate(op.store, op.service_keys, op.now_us, signs_from=signs_from)

    print(on_service(options, verb))
    return 0


def retire_key(options: argparse.Namespace) -> int:
    """Publish a key no longer: tokens that it signed are refused within a second."""
    try:
        found = on_service(
            options, lambda op: signing_keys.retire(op.store, options.kid, op.now_us)
        )
    except signing_keys.KeyInUseError as error:
        message = "cette clé signe encore : livret keys rotate, puis attendez que l’autre signe."
        raise CommandError(message) from error
    if found:
        say("C’est fait : les jetons qu’elle a signés sont refusés d’ici une seconde.")
        return 0
    complain("Aucune clé publiée n’a cet identifiant.")
    return 1


def _line(client: Client) -> str:
    proof = _PROOFS.get(client.authentication, "secret")
    kind = "site" if client.redirect_uris else "machine"
    addresses = " ".join((*client.redirect_uris, *client.origins))
    return f"{client.client_id}  {kind}, {proof}  {client.name}  {addresses}".rstrip()


def _minutes(written: str) -> timedelta:
    if not written.isdecimal() or not 0 <= int(written) <= 10_080:
        raise argparse.ArgumentTypeError("nombre de minutes entre 0 et 10080 attendu")
    return timedelta(minutes=int(written))
