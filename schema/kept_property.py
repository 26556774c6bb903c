"""A property that is computed at its first use, and kept in its object.

`functools.cached_property` of Python 3.11 computes under one lock for all objects of the class: while
one thread reads its booklet from the database, the others wait for theirs. From 3.12 on it has no lock,
and takes the place of this module.
"""

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

T = TypeVar("T")


class kept_property(Generic[T]):  # noqa: N801 - it is written as `property` is
    """What the method returns, computed once an object. Not for objects that threads share."""

    def __init__(self, compute: Callable[[Any], T]) -> None:
        self._compute = compute
        self._name = compute.__name__
        self.__doc__ = compute.__doc__

    @overload
    def __get__(self, instance: None, owner: type | None = None) -> "kept_property[T]": ...

    @overload
    def __get__(self, instance: object, owner: type | None = None) -> T: ...

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        """The value, which stands in the object from now on and hides this property."""
        if instance is None:
            return self
        value = instance.__dict__[self._name] = self._compute(instance)
        return value
