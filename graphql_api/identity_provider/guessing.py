"""What of a password can be guessed: words, names, rows of keys, dates, repetitions.

It is imported when somebody chooses a password, and not before: see `passwords`.
"""

import re
import unicodedata
from collections.abc import Iterable

from zxcvbn import matching, scoring  # type: ignore[import-untyped]  # it publishes no types

from graphql_api.identity_provider.common_words import COMMON_WORDS

_MIN_GUESSES = 10**9
_CHUNK = 32
_SHORTEST_WORD = 3
# The library tries every combination of substitutions, which takes seconds for a text of nothing
# but such signs: one reading is enough.
_SUBSTITUTES = str.maketrans("4@831!|05$7+", "aabeiiiosstt")
_REPETITIONS_DEEP = 3
_REPEATED = re.compile(r"(.)\1\1+|(.{2,}?)\2+")
_YEAR = re.compile(r"(?:19|20)\d\d")
# Taken one by one: its usual door keeps what is known of the person in a global, for everyone, and
# its matcher of repetitions calls the slow one.
_MATCHERS = (
    matching.dictionary_match,
    matching.reverse_dictionary_match,
    matching.sequence_match,
    matching.regex_match,
    matching.date_match,
)


def is_guessable(text: str, about: Iterable[str]) -> bool:
    """Whether little is left to guess once known words, years and repetitions are removed."""
    known = COMMON_WORDS | {word for told in about for word in _words(told)}
    longest_first = sorted(known, key=len, reverse=True)
    out = re.compile("|".join(map(re.escape, longest_first)))
    plain = _fold(text)
    return not all(
        _is_hard(_without_repetitions(out.sub("", _YEAR.sub("", reading))))
        for reading in (plain, plain.translate(_SUBSTITUTES))
    )


def _without_repetitions(text: str) -> str:
    """The text with each repetition written once; a repetition may hold another."""
    for _ in range(_REPETITIONS_DEEP):
        text = _REPEATED.sub(r"\1\2", text)
    return text


def _is_hard(text: str) -> bool:
    """Whether a part of the text, and so the whole, takes enough guesses; parts bound the time."""
    return any(
        _estimate_guesses(text[start : start + _CHUNK]) >= _MIN_GUESSES
        for start in range(0, len(text), _CHUNK)
    )


def _estimate_guesses(text: str) -> float:
    found = [
        match
        for matcher in _MATCHERS
        for match in matcher(text, _ranked_dictionaries=matching.RANKED_DICTIONARIES)
    ]
    found += matching.spatial_match(text, matching.GRAPHS)
    return float(scoring.most_guessable_match_sequence(text, found)["guesses"])


def _fold(text: str) -> str:
    """The text in lower case without accents."""
    split = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in split if not unicodedata.combining(character))


def _words(told: str) -> set[str]:
    parts = re.split(r"[\W_]+", _fold(told))
    return {word for word in parts if len(word) >= _SHORTEST_WORD}
