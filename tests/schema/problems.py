"""Problems as tests compare them."""

from collections.abc import Iterable

from schema.description.refusals import Problem


def codes(problems: Iterable[Problem]) -> list[tuple[str, str]]:
    """The path and the code of each problem, in order."""
    return [(problem.path, problem.code) for problem in problems]
