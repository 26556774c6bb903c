"""Properties that are computed once: `schema.kept_property`."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from schema.kept_property import kept_property

_PATIENCE_SECONDS = 20


class _Computing:
    def __init__(self, compute: Callable[[], object]) -> None:
        self._compute = compute

    @kept_property
    def value(self) -> object:
        """What is computed."""
        return self._compute()


def test_a_property_is_computed_once_for_each_object() -> None:
    numbers = iter(range(10))
    one, other = _Computing(lambda: next(numbers)), _Computing(lambda: next(numbers))

    assert [one.value, one.value, other.value, one.value] == [0, 0, 1, 0]


def test_a_value_that_stands_in_the_object_is_not_computed() -> None:
    one = _Computing(lambda: 1 / 0)

    vars(one)["value"] = 5

    assert one.value == 5


def test_a_property_that_failed_is_computed_again() -> None:
    texts = iter(["three", "3"])
    one = _Computing(lambda: int(next(texts)))

    with pytest.raises(ValueError, match="three"):
        _ = one.value
    assert one.value == 3


def test_two_threads_compute_for_two_objects_at_once() -> None:
    both_compute = Barrier(2, timeout=_PATIENCE_SECONDS)

    with ThreadPoolExecutor(2) as threads:
        arrived = list(threads.map(lambda _: _Computing(both_compute.wait).value, range(2)))

    assert sorted(map(str, arrived)) == ["0", "1"]


def test_the_class_shows_the_property_and_what_it_is() -> None:
    assert _Computing.value.__doc__ == "What is computed."
