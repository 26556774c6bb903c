"""What the torture cases share: their figures, how often they try, and a service on each database.

Cases run by `make torture` and not with `make test`. Each module is a case, marked `torture`; its
name is the case's name in docs/trust.md.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from graphql_api.app import create_application
from tests.client import TestClient
from tests.conftest import DATABASES, SERVICE, Here
from tests.graphql_api.backup.conftest import elsewhere, place  # noqa: F401 - fixtures
from tests.graphql_api.openid_client.test_bounds import network  # noqa: F401 - a fixture
from tests.graphql_api.roles import scene  # noqa: F401 - a fixture
from tests.real.service import RealService, prepared
from tests.torture.figures import PROPERTY, SHORT, Figures


@pytest.fixture
def times() -> Callable[[int, int], int]:
    """Chooses how often a case tries: the first number in the short form, the second in the long."""
    return lambda short, long: short if os.environ.get(SHORT) else long


@pytest.fixture
def figures(request: pytest.FixtureRequest) -> Figures:
    """Notes the figures of this test."""
    parameters = getattr(request.node, "callspec", None)
    chosen = parameters.params if parameters is not None else {}
    database = str(chosen.get("database") or chosen.get("here") or "–")
    case = request.node.path.stem.removeprefix("test_")
    properties = request.node.user_properties
    return Figures(case, database, lambda figure: properties.append((PROPERTY, figure.written())))


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest) -> str:
    """Each kind of database in turn."""
    return str(request.param)


@pytest.fixture
def store_settings(database: str, tmp_path: Path, request: pytest.FixtureRequest) -> dict[str, str]:
    """The settings that name two empty stores on a kind of database."""
    if database == "sqlite":
        return {}  # what `prepared` names lies in its folder
    create: Callable[[str], str] = request.getfixturevalue("postgresql")
    return {
        "LIVRET_DATABASE_URL": create(f"{tmp_path.name}-data"),
        "LIVRET_KEY_STORE_URL": create(f"{tmp_path.name}-keys"),
    }


@pytest.fixture
def real_service(tmp_path: Path, store_settings: dict[str, str]) -> Iterator[RealService]:
    """A service that is migrated and ready to be started as a process."""
    with prepared(tmp_path, **store_settings) as service:
        yield service


@pytest.fixture
def unlimited(here: Here) -> Iterator[TestClient]:
    """The same service without limits by caller, under which most of many requests would be 429."""
    settings = replace(here.deployment.settings, caller_limits=False)
    with TestClient(create_application(settings, here.clock), base_url=SERVICE) as client:
        yield client
