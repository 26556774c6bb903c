"""What commands share: the service that they work on, their error, addresses and secrets."""

import argparse
import json
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from graphql_api.configuration.unsafe_settings import settings_of_stores
from graphql_api.demo.folder import FOLDER, DemoFolder
from graphql_api.identity_provider.oauth.clients import ClientRegistrationError, RegisteredClient
from graphql_api.operations.service import Service
from graphql_api.serving import build_service, is_ready
from graphql_api.storage.actors import Agent, Anonymous
from graphql_api.storage.operation import PARIS, Operation
from graphql_api.storage.store import Store
from graphql_api.terminal import CommandError, complain
from schema.description.dates import time_of_day
from schema.description.shared_fields import siret_error

T = TypeVar("T")
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_NO_DEMO = "lancez d’abord la démonstration : make demo"
NOT_MIGRATED = "les bases ne sont pas à jour : livret migrate"


def moment(at: datetime) -> str:
    """A day and a time in France, as messages say them."""
    here = at.astimezone(PARIS)
    return f"{here:%d/%m/%Y} à {time_of_day(here)}"


def on_service(
    options: argparse.Namespace, verb: Callable[[Operation], T], who: Agent | None = None
) -> T:
    """Run a verb in one write transaction of the service that the options name.

    Raises `CommandError` when there is no such service, or its stores are not up to date.
    """
    with ready_service(options) as service, service.store.writing():
        return verb(service.operation(who or Anonymous()))


def on_whole_service(options: argparse.Namespace, verb: Callable[[Service], T]) -> T:
    """Run a verb that makes its operations itself, in one write transaction of the service.

    Raises `CommandError` as `on_service` does.
    """
    with ready_service(options) as service, service.store.writing():
        return verb(service)


def on_store(options: argparse.Namespace, verb: Callable[[Store], T]) -> T:
    """Run a verb that begins its own transactions on the data.

    Raises `CommandError` as `on_service` does.
    """
    with ready_service(options) as service:
        return verb(service.store)


def on_operation(options: argparse.Namespace, verb: Callable[[Operation], T]) -> T:
    """Run a verb that begins its own transactions, on both stores, as nobody in particular.

    Raises `CommandError` as `on_service` does.
    """
    with ready_service(options) as service:
        return verb(service.operation(Anonymous()))


def add_demo(parser: argparse.ArgumentParser) -> None:
    """Add the option by which a command works on the demo's data."""
    parser.add_argument(
        "--demo",
        action="store_true",
        help="sur les données de la démonstration (sans réglages LIVRET_…)",
    )


def add_siret(parser: argparse.ArgumentParser, *, help: str, required: bool = False) -> None:
    """Add the option that names a collectivité."""
    parser.add_argument("--siret", required=required, type=_siret, metavar="SIRET", help=help)


def add_action(
    actions: Any, name: str, help: str, run: Callable[[argparse.Namespace], int]
) -> argparse.ArgumentParser:
    """Add an action of an operator's command, with the option of the demo."""
    parser: argparse.ArgumentParser = actions.add_parser(name, help=help)
    add_demo(parser)
    parser.set_defaults(run=run)
    return parser


def read_jwks(path: Path | None) -> Any:
    """Read the public keys (JWKS) in a file; None without one. Raises `CommandError`."""
    try:
        return json.loads(path.read_text("utf-8-sig")) if path else None
    except (OSError, ValueError) as error:
        raise CommandError(f"{path} : fichier JWKS illisible.") from error


def register(options: argparse.Namespace, verb: Callable[[Operation], RegisteredClient]) -> None:
    """Register a client, and print its id and its secret, if it has one, which is shown this once.

    Raises `CommandError` for what the client may not have, and as `on_service` does.
    """
    try:
        client = on_service(options, verb)
    except ClientRegistrationError as error:
        raise CommandError(str(error)) from error
    print(f"client_id      {client.client_id}")
    if client.secret:
        print(f"client_secret  {client.secret}")
        complain("Le secret n’est montré que cette fois.")


def may_carry_secrets(address: str) -> bool:
    """Whether an address is https, or on this machine: a secret may be sent to it."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)


def replace_file(path: Path, content: bytes) -> None:
    """Write a file that its owner alone can read: whole, or as it was before. Raises `OSError`."""
    draft, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(draft, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)


def _siret(written: str) -> str:
    digits = re.sub(r"\s", "", written)
    if not re.fullmatch(r"[0-9]{14}", digits) or siret_error(digits):
        raise argparse.ArgumentTypeError("ce SIRET n’est pas valide")
    return digits


@contextmanager
def open_service(options: argparse.Namespace) -> Iterator[Service]:
    """The service that the options name, in whatever state its stores are.

    Raises `CommandError` when there is none.
    """
    service = _service(demo=options.demo)
    try:
        yield service
    finally:
        service.close()


@contextmanager
def ready_service(options: argparse.Namespace) -> Iterator[Service]:
    """The service that the options name.

    Raises `CommandError` when there is none, or its stores are not up to date.
    """
    with open_service(options) as service:
        if not is_ready(service):
            raise CommandError(NOT_MIGRATED)
        yield service


def _service(*, demo: bool) -> Service:
    if not demo:
        return build_service(settings_of_stores())
    folder = DemoFolder(FOLDER.resolve())
    if not folder.is_loaded:
        raise CommandError(_NO_DEMO)
    return build_service(folder.settings())
