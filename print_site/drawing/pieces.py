"""Cuts a long drawing into pieces that fit pages."""

from collections.abc import Sequence
from itertools import pairwise
from typing import TypeVar

T = TypeVar("T")


def split_evenly(items: Sequence[T], most: int) -> list[Sequence[T]]:
    """Split items into as few pieces as possible, of nearly equal length and at most `most` items."""
    pieces = -(-len(items) // most)
    bounds = [len(items) * piece // pieces for piece in range(pieces + 1)] if pieces else [0]
    return [items[start:end] for start, end in pairwise(bounds)]
