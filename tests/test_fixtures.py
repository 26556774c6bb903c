"""What the fixtures promise: stores that begin empty, and booklets like those that are opened."""

import logging
from collections.abc import Callable
from datetime import timedelta

import peewee
import pytest

from tests.conftest import DATABASES, KEPT_TABLES, Caller, Deployment, Here, with_booklet
from tests.graphql_api.booklets.closing import close_account, everything
from tests.graphql_api.documents import whole

READ = "{ booklet { id } }"


def models(base: type[peewee.Model] = peewee.Model) -> set[str]:
    """The tables of all models of the service; the migrations have copies of their own."""
    found = set[str]()
    for model in base.__subclasses__():
        if model.__module__.startswith("graphql_api.") and "migrations" not in model.__module__:
            found.add(model._meta.table_name)
        found |= models(model)
    return found


@pytest.mark.parametrize("kind", DATABASES)
def test_every_table_of_the_service_is_emptied_between_tests(
    deploy: Callable[[str], Deployment], kind: str
) -> None:
    deployment = deploy(kind)
    emptied = {*deployment.tables, *deployment.key_tables}
    assert len(models()) > 30
    assert emptied | KEPT_TABLES == models() | {"schema_migration"}


def test_a_copied_booklet_is_the_one_that_was_opened(here: Here) -> None:
    opened = with_booklet(here, "somebody")
    rows, booklet = everything(here.deployment), whole(opened)
    here.deployment.empty()
    assert opened.ask(READ)["booklet"] is None
    copied = with_booklet(here, "somebody")
    assert everything(here.deployment) == rows
    assert whole(copied) == booklet


def test_a_booklet_is_not_copied_where_it_would_be_another(here: Here, owner: Caller) -> None:
    first = owner.ask(READ)["booklet"]["id"]
    assert close_account(owner)["__typename"] == "AccountClosed"
    second = with_booklet(here, "owner").ask(READ)["booklet"]["id"]
    assert second != first
    here.deployment.empty()
    here.clock.moved = timedelta(days=-400)
    assert with_booklet(here, "owner").ask(READ)["booklet"]["id"] not in (first, second)


def test_no_logger_writes_to_a_file_that_a_test_has_closed() -> None:
    """Handlers that a test left behind would complain of each later line."""
    named = [
        one for one in logging.root.manager.loggerDict.values() if isinstance(one, logging.Logger)
    ]
    streams = [
        handler.stream
        for logger in (logging.getLogger(), *named)
        for handler in logger.handlers
        if isinstance(handler, logging.StreamHandler)
    ]
    assert [stream for stream in streams if getattr(stream, "closed", False)] == []
