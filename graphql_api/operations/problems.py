"""Refusing what was sent: every problem at once."""

from collections.abc import Iterable
from dataclasses import replace

from schema.description.bounds import MAX_PROBLEMS
from schema.description.refusals import InvalidEntry, Problem, Refused


def refuse_if_any(problems: Iterable[Problem], under: str = "") -> None:
    """Refuse with `InvalidEntry` if there is any problem, naming `MAX_PROBLEMS` at most.

    `under` is where in the arguments the paths of the problems begin.
    """
    found = paths_under(under, problems)[:MAX_PROBLEMS]
    if found:
        raise Refused(InvalidEntry(problems=found))


def paths_under(path: str, problems: Iterable[Problem]) -> list[Problem]:
    """The problems, whose paths are relative to this one; empty when they are not."""
    start = f"{path}." if path else ""
    return [replace(each, path=start + each.path) for each in problems]
