"""Cuts a long drawing into the pieces that pages hold."""

from collections.abc import Sequence
from itertools import pairwise
from typing import TypeVar

T = TypeVar("T")


def split_evenly(items: Sequence[T], most: int) -> list[Sequence[T]]:
    """As few pieces as fit, of nearly equal length: no page ends with a matrix of one column."""
    pieces = -(-len(items) // most)
    bounds = [len(items) * piece // pieces for piece in range(pieces + 1)] if pieces else [0]
    return [items[start:end] for start, end in pairwise(bounds)]
