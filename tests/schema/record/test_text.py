"""A record as a file: read strictly, and every value found again on its line."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schema.record.text import RecordTextError, line_numbers, member_path, parse_json


def errors(text: str | bytes) -> list[tuple[str, str, int, int | None]]:
    """The (path, code, line, column) of each problem of a file."""
    with pytest.raises(RecordTextError) as caught:
        parse_json(text if isinstance(text, bytes) else text.encode())
    assert all(each.problem.message for each in caught.value.problems)
    return [
        (each.problem.path, each.problem.code, each.line, each.column)
        for each in caught.value.problems
    ]


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("", 1, 1),
        ("\n\n{", 3, 2),
        ('{"a": 1,\n "b": }', 2, 7),
        ('{"a": 1}\n{"b": 2}', 2, 1),
        ("{'a': 1}", 1, 2),
        ('{\n  "a": 01\n}', 2, 9),
        ('{"a": "un\ndeux"}', 1, 10),
        ('{"a": "\\x"}', 1, 8),
        ('{\n"a": NaN}', 2, 6),
        ('{"a": [1,\n  -Infinity]}', 2, 3),
        ("{\n\n/* */}", 3, 1),
    ],
)
def test_what_is_no_json_is_refused_with_line_and_column(text: str, line: int, column: int) -> None:
    assert errors(text) == [("", "NOT_JSON", line, column)]


def test_what_is_no_utf_8_is_refused_with_its_line() -> None:
    assert errors(b'{"a":\n"caf\xe9"}') == [("", "NOT_JSON", 2, None)]
    assert errors('{"a": 1}'.encode("utf-16")) == [("", "NOT_JSON", 1, None)]


def test_a_byte_order_mark_is_ignored() -> None:
    assert parse_json(b'\xef\xbb\xbf{"a": 1}') == ({"a": 1}, '{"a": 1}')


def test_nesting_without_end_is_refused() -> None:
    for text in ("[" * 100_000, "[" * 100_000 + "]" * 100_000, '{"a":' * 100_000):
        assert errors(text) == [("", "TOO_DEEP", 1, None)]


def test_keys_that_are_repeated_are_all_named() -> None:
    text = '{"a": 1,\n "b": [{"c": 1, "d": {"c": 2},\n "c": 3}],\n\n "a": {"x": 1}}'
    assert errors(text) == [
        ("b[0].c", "DUPLICATE_KEY", 3, None),
        ("a", "DUPLICATE_KEY", 5, None),
    ]
    assert errors('{"a": 1, "\\u0061": 2}') == [("a", "DUPLICATE_KEY", 1, None)]
    assert parse_json(b'[{"a": 1}, {"a": {"a": 2}}]')[0] == [{"a": 1}, {"a": {"a": 2}}]


def test_at_most_a_hundred_errors_are_named() -> None:
    repeated = "{" + ", ".join(['"a": 1'] * 500) + "}"
    assert len(errors(repeated)) == 100


def test_huge_numbers_are_read_without_their_digits() -> None:
    value, _ = parse_json(b"[1e999, -1e999, %s, 12345678901234567890, 0.1]" % (b"9" * 100_000))
    assert value == [float("inf"), float("-inf"), float("inf"), 12345678901234567890, 0.1]


def test_a_line_is_that_of_the_key_or_of_the_item() -> None:
    text = """{
      "format": "livret",
      "entries": [
        {"id": "1"}, {
          "content": {"title":
            "{\\"faux\\": [1, 2]}", "codes": ["a",
            "b"]}
        }
      ], "é è": {
         "a": 1}
    }"""
    assert line_numbers(
        text,
        [
            "",
            "format",
            "entries",
            "entries[0].id",
            "entries[1]",
            "entries[1].content.title",
            "entries[1].content.codes[0]",
            "entries[1].content.codes[1]",
            '["\\u00e9 \\u00e8"].a',
        ],
    ) == {
        "": 1,
        "format": 2,
        "entries": 3,
        "entries[0].id": 4,
        "entries[1]": 4,
        "entries[1].content.title": 5,
        "entries[1].content.codes[0]": 6,
        "entries[1].content.codes[1]": 7,
        '["\\u00e9 \\u00e8"].a': 10,
    }


def test_what_is_missing_has_the_line_of_what_it_is_missing_from() -> None:
    text = '{\n"entries": [\n{"id": 1},\n{"content": {}}\n]}'
    paths = ["format", "entries[1].content.title", "entries[1].rank", "entries[7].id", "links[0]"]
    assert list(line_numbers(text, paths).values()) == [1, 4, 4, 2, 1]


def test_a_path_shows_no_character_that_is_none() -> None:
    assert member_path("a", "b_1") == "a.b_1"
    assert member_path("", "b") == "b"
    assert member_path("a", "\u0007\ud800") == 'a["\\u0007\\ud800"]'
    assert member_path("a", "1") == 'a["1"]'
    assert member_path("a", "") == 'a[""]'
    assert len(member_path("a", "k" * 100_000)) < 60


WHOLE = st.integers(-(2**63), 2**64 - 1)  # beyond, the parser reads a float, as JavaScript does
JSON = st.recursive(
    st.none() | st.booleans() | WHOLE | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "b", "é", 'x"]', "\\"]), inner, max_size=3)
    ),
    max_leaves=12,
)


def paths_of(value: Any, path: str = "") -> list[str]:
    inner: list[str] = []
    if isinstance(value, dict):
        inner = [p for key, one in value.items() for p in paths_of(one, member_path(path, key))]
    elif isinstance(value, list):
        inner = [p for n, one in enumerate(value) for p in paths_of(one, f"{path}[{n}]")]
    return [path, *inner]


@given(JSON)
@settings(max_examples=200, deadline=None)
def test_every_value_of_any_json_is_found_on_its_line(value: Any) -> None:
    """Written with one item a line, values stand in the order of their lines."""
    text = json.dumps(value, indent=1)
    assert parse_json(text.encode()) == (value, text)
    paths = paths_of(value)
    assert list(line_numbers(text, paths).values()) == _lines(value)
    for path in paths:  # one at a time, the rest is skipped
        assert line_numbers(text, [path])[path] == line_numbers(text, paths)[path]


def _lines(value: Any) -> list[int]:
    """The line of each value, in the order of `paths_of`, as `json.dumps` lays them out."""
    lines: list[int] = []

    def lay(one: Any, line: int) -> int:
        """Give this value its line; the line on which it ends."""
        lines.append(line)
        if not isinstance(one, dict | list) or not one:
            return line
        for inner in one.values() if isinstance(one, dict) else one:
            line = lay(inner, line + 1)
        return line + 1

    lay(value, 1)
    return lines
