"""The service on which the operator's commands work, and their error."""

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from graphql_api.demo.folder import FOLDER, DemoFolder
from graphql_api.operations.service import Service
from graphql_api.serving import build_service, is_ready
from graphql_api.settings import from_environment
from graphql_api.storage.actors import Agent, Anonymous
from graphql_api.storage.operation import Operation
from graphql_api.storage.store import Store

T = TypeVar("T")
_NO_DEMO = "lancez d’abord la démonstration : make demo"
_NOT_MIGRATED = "les bases ne sont pas à jour : livret migrate"


class CommandError(Exception):
    """The command did nothing."""


def on_service(
    options: argparse.Namespace, verb: Callable[[Operation], T], who: Agent | None = None
) -> T:
    """Run a verb in one write transaction of the service that the options name.

    Raises `CommandError` when there is no such service, or its stores are not up to date.
    """
    with _ready(options) as service, service.store.writing():
        return verb(service.operation(who or Anonymous()))


def on_store(options: argparse.Namespace, verb: Callable[[Store], T]) -> T:
    """Run a verb that begins its own transactions on the data.

    Raises `CommandError` as `on_service` does.
    """
    with _ready(options) as service:
        return verb(service.store)


def on_operation(options: argparse.Namespace, verb: Callable[[Operation], T]) -> T:
    """Run a verb that begins its own transactions, on both stores, as nobody in particular.

    Raises `CommandError` as `on_service` does.
    """
    with _ready(options) as service:
        return verb(service.operation(Anonymous()))


def add_demo(parser: argparse.ArgumentParser) -> None:
    """Add the option by which a command works on the demo's data."""
    parser.add_argument(
        "--demo",
        action="store_true",
        help="sur les données de la démonstration (sans réglages LIVRET_…)",
    )


@contextmanager
def _ready(options: argparse.Namespace) -> Iterator[Service]:
    service = _service(demo=options.demo)
    try:
        if not is_ready(service):
            raise CommandError(_NOT_MIGRATED)
        yield service
    finally:
        service.close()


def _service(*, demo: bool) -> Service:
    if not demo:
        return build_service(from_environment())
    folder = DemoFolder(FOLDER.resolve())
    if not folder.is_loaded:
        raise CommandError(_NO_DEMO)
    return build_service(folder.settings())
