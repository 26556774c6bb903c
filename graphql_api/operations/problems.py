"""Refusing what was sent: every problem at once."""

from collections.abc import Iterable

from schema.description.refusals import InvalidEntry, Problem, Refused


def refuse_if_any(problems: Iterable[Problem], under: str = "") -> None:
    """Refuse with `InvalidEntry` if there is any problem.

    `under` is where in the arguments the paths of the problems begin.
    """
    found = [
        Problem(
            path=f"{under}.{each.path}" if under else each.path,
            code=each.code,
            message=each.message,
        )
        for each in problems
    ]
    if found:
        raise Refused(InvalidEntry(problems=found))
