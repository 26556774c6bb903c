"""What is read of a booklet is gone from memory once it is answered, and not when a collector comes."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from graphql_api.engine.completion import CompilingExecutor
from graphql_api.statistics import statistics
from graphql_api.storage.content.loaded_booklet import LoadedBooklet
from graphql_api.storage.operation import Operation
from schema.entries.entries import CompetenceLink, Entry
from tests.conftest import Caller, Here
from tests.graphql_api.documents import (
    ADD,
    LINK,
    PROVE,
    REMOVE,
    REVISE,
    added,
    entry,
    refused,
    whole,
)
from tests.graphql_api.statistics.crowd import BREST, crowd, published
from tests.graphql_api.whole_booklet import WHOLE_BOOKLET

_OF_A_REQUEST = (Entry, CompetenceLink, LoadedBooklet, Operation, CompilingExecutor)


@contextmanager
def _without_collector() -> Iterator[None]:
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _in_memory() -> list[str]:
    """The kinds of objects of a request that are still there."""
    return [type(one).__name__ for one in gc.get_objects() if isinstance(one, _OF_A_REQUEST)]


@pytest.fixture
def ids(owner: Caller) -> dict[str, str]:
    """A booklet with entries of a few rubrics that are tied: their ids."""
    rubrics = ("competence", "training", "attachment", "diploma")
    found = {rubric: added(owner, rubric)["id"] for rubric in rubrics}
    added(owner, "training", title="Finances locales")
    owner.do(LINK, id=found["competence"], version=1, target=found["training"], relation="USED")
    owner.do(PROVE, id=found["attachment"], version=1, target=found["diploma"])
    return found


READINGS: dict[str, Callable[[Caller], object]] = {
    "all of it": lambda owner: owner.ask(WHOLE_BOOKLET),
    "its entries": whole,
    "one rubric": lambda owner: owner.ask(
        "{ booklet { formations { trainings { title warnings { message } links { target { id } } } } } }"
    ),
}


@pytest.mark.parametrize("read", READINGS.values(), ids=READINGS)
@pytest.mark.usefixtures("ids")
def test_nothing_stays_in_memory_of_a_booklet_that_was_read(
    owner: Caller, read: Callable[[Caller], object]
) -> None:
    for _ in range(3):  # as it runs at first, and compiled
        with _without_collector():
            read(owner)
            assert _in_memory() == []


@pytest.mark.parametrize(
    "path", ["/booklet.json", "/dossiers/00000000-0000-4000-8000-000000000000.html"]
)
@pytest.mark.usefixtures("ids")
def test_nothing_stays_in_memory_of_a_booklet_that_was_downloaded(owner: Caller, path: str) -> None:
    with _without_collector():
        headers = {"authorization": f"Bearer {owner.token}"}
        assert owner.client.get(path, headers=headers).status_code in (200, 404)
        assert not {"LoadedBooklet", "Diploma", "Training"} & {*_in_memory()}


def test_statistics_have_few_booklets_in_memory_at_once(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd(here, 60, BREST, level="5", outcome="OBTENU")
    monkeypatch.setattr(statistics, "PAGE", 10)
    counted, held = statistics.cells_of, list[int]()

    def counting(*arguments: Any) -> Any:
        held.append(_in_memory().count("Diploma"))
        return counted(*arguments)

    monkeypatch.setattr(statistics, "cells_of", counting)
    with _without_collector():
        published(here)
    assert held
    assert max(held) <= 20


def test_nothing_stays_in_memory_of_a_booklet_that_was_written(
    owner: Caller, ids: dict[str, str]
) -> None:
    training = ids["training"]
    with _without_collector():
        added(owner, "training", title="Accueil du public")
        new = entry("training", title="Accueil")
        assert owner.do(REVISE, id=training, version=1, entry=new)["__typename"] == "EntryRevised"
        assert refused(owner.do(ADD, entry=entry("training", title="")))
        assert owner.do(REMOVE, id=training, version=2)["__typename"] == "EntryRemoved"
        assert _in_memory() == []
