"""A reading that is made when somebody first asks for it, and kept."""

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Once(Generic[T]):
    """What `read` returns, read at the first call. Not for several threads.

    `functools.cache` would do, and takes twenty times as long to make: each booklet that is read has
    four of them, most of which nobody calls.
    """

    __slots__ = ("_is_read", "_read", "_value")

    def __init__(self, read: Callable[[], T]) -> None:
        self._read = read
        self._is_read = False
        self._value: T

    def __call__(self) -> T:
        """What was read."""
        if not self._is_read:
            self._value, self._is_read = self._read(), True
        return self._value
