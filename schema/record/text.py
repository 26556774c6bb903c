"""A record as a file: JSON read strictly, and the line on which each value stands.

The standard library reads the values. Lines are only looked for when there are problems, by walking
over a text that is known to be JSON. Paths are those of the problems:
`entries[3].content.awardedOn`, and `["…"]` for a key that is no name.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from schema.description.refusals import Problem, problem

MAX_RECORD_PROBLEMS = 100
_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],]|[^\s{}\[\],:"]+')
_STEP = re.compile(r'\.?[A-Za-z_]\w*|\[\d+\]|\["(?:[^"\\]|\\.)*"\]', re.ASCII)
_NAME = re.compile(r"[A-Za-z_]\w{0,59}", re.ASCII)
_NO_NUMBERS = ("NaN", "Infinity", "-Infinity")
_LONGEST_INTEGER = 20


class LocatedProblem(NamedTuple):
    """A problem with its line and, for a syntax error, its column; both from 1."""

    problem: Problem
    line: int
    column: int | None = None


class RecordTextError(Exception):
    """The text is not JSON, or repeats a key; `problems` says where, up to `MAX_RECORD_PROBLEMS` times."""

    def __init__(self, problems: list[LocatedProblem]) -> None:
        super().__init__("not a record")
        self.problems = problems


def member_path(path: str, key: str) -> str:
    """The path of a member of an object."""
    if _NAME.fullmatch(key):
        return f"{path}.{key}" if path else key
    return f"{path}[{json.dumps(key if len(key) <= 40 else key[:40] + '…')}]"


def parse_json(body: bytes) -> tuple[object, str]:
    """The value that a file holds, and its text. Raises `RecordTextError`.

    A repeated key is refused, since readers differ on which of the two counts, and so are numbers
    that JSON does not have.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        encoding_error = problem("", "NOT_JSON", "Ce fichier n’est pas du texte en UTF-8.")
        raise RecordTextError([LocatedProblem(encoding_error, line)]) from None
    odd: list[str] = []
    try:
        value = json.loads(
            text,
            object_pairs_hook=lambda pairs: _object_of(pairs, odd),
            parse_constant=odd.append,
            parse_int=lambda digits: (
                int(digits) if len(digits) <= _LONGEST_INTEGER else float(digits)
            ),
        )
    except json.JSONDecodeError as error:
        raise RecordTextError([_syntax_error(error.lineno, error.colno)]) from None
    except RecursionError:
        raise RecordTextError([LocatedProblem(too_deep_problem(""), 1)]) from None
    if odd:
        raise RecordTextError(_oddities(text))
    return value, text


def too_deep_problem(path: str) -> Problem:
    """The problem of objects and lists that are nested too deep."""
    return problem(path, "TOO_DEEP", "Les objets et les listes sont trop imbriqués.")


def line_numbers(text: str, paths: Iterable[str]) -> dict[str, int]:
    """The line of each path in a JSON text, or of the nearest value around what is not there."""
    around = {path: _prefixes(path) for path in paths}
    wanted = {prefix for prefixes in around.values() for prefix in prefixes}
    lines: dict[str, int] = {}
    line, last = 1, 0
    for seen in _walk(text, wanted):
        if seen.path in wanted and seen.path not in lines:
            line, last = line + text.count("\n", last, seen.at), seen.at
            lines[seen.path] = line
            if len(lines) == len(wanted):
                break
    return {
        path: next((lines[prefix] for prefix in reversed(prefixes) if prefix in lines), 1)
        for path, prefixes in around.items()
    }


class _Seen(NamedTuple):
    """A key or a value, in the order of the text."""

    path: str
    at: int
    written: str
    repeated: bool = False


@dataclass(slots=True)
class _Open:
    """An object or a list that has begun and not ended; skipped ones have no path."""

    path: str | None
    is_object: bool
    keys: set[str] = field(default_factory=set)
    items: int = 0


def _walk(text: str, wanted: set[str] | None = None) -> Iterator[_Seen]:
    """The keys and values of a JSON text, or those only that are in something wanted."""
    path: str | None = ""
    named = False
    inside: list[_Open] = []
    for token in _TOKEN.finditer(text):
        written, at = token[0], token.start()
        if written in ",]}":
            if written != ",":
                inside.pop()
            continue
        around = inside[-1] if inside else None
        if around is not None and around.path is None:
            path = None
        elif around is not None and around.is_object and not named:
            key = json.loads(written)
            path, named = member_path(around.path or "", key), True
            yield _Seen(path, at, written, key in around.keys)
            around.keys.add(key)
            continue
        else:
            if around is not None and not named:
                path = f"{around.path}[{around.items}]"
                around.items += 1
            yield _Seen(path or "", at, written)
        named = False
        if written in "[{":
            skipped = path is None or (wanted is not None and path not in wanted)
            inside.append(_Open(None if skipped else path, written == "{"))


def _object_of(pairs: list[tuple[str, object]], odd: list[str]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) < len(pairs):
        odd.append("a key that is repeated")
    return made


def _oddities(text: str) -> list[LocatedProblem]:
    located: list[LocatedProblem] = []
    for seen in _walk(text):
        line = (
            text.count("\n", 0, seen.at) + 1 if seen.repeated or seen.written in _NO_NUMBERS else 0
        )
        if seen.repeated:
            error = problem(seen.path, "DUPLICATE_KEY", "Cette clé est répétée dans le même objet.")
            located.append(LocatedProblem(error, line))
        elif line:
            located.append(_syntax_error(line, seen.at - text.rfind("\n", 0, seen.at)))
        if len(located) == MAX_RECORD_PROBLEMS:
            break
    return located


def _syntax_error(line: int, column: int) -> LocatedProblem:
    message = f"Ce fichier n’est pas du JSON : erreur de syntaxe, ligne {line}, colonne {column}."
    return LocatedProblem(problem("", "NOT_JSON", message), line, column)


def _prefixes(path: str) -> list[str]:
    prefixes = [""]
    for step in _STEP.findall(path):
        prefixes.append(prefixes[-1] + step)
    return prefixes
