"""What the fixtures promise: stores that begin empty."""

from collections.abc import Callable

import peewee
import pytest

from tests.conftest import DATABASES, KEPT_TABLES, Deployment


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
