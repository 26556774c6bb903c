"""How large a document may be: every limit refuses with its own code, quickly."""

import sys
from collections.abc import Callable
from typing import Any

import pytest
from graphql import FieldNode, FragmentSpreadNode, build_schema, parse
from hypothesis import given, settings
from hypothesis import strategies as st

from graphql_api.engine.document_limits import (
    Complexity,
    DocumentLimits,
    LimitExceededError,
    compute_complexity,
)
from graphql_api.engine.documents import DocumentCache, PreparedOperation, RejectedDocument

SCHEMA = build_schema("""
  type Query {
    a(x: Int): Int
    b(y: [Int]): Int
    q: Query
    l: [Query!]!
    page(first: Int, after: String): ThingConnection!
    things(first: Int = 5): [Query]
  }
  type ThingConnection { nodes: [Query] total: Int }
  type Mutation { a: Int q: Query }
""")


def refusal(document: str, limits: DocumentLimits | None = None) -> str:
    refused = DocumentCache(SCHEMA, limits=limits).prepare(document)
    assert isinstance(refused, RejectedDocument)
    return str((refused.errors[0].extensions or {})["code"])


def weight(document: str) -> Complexity:
    return compute_complexity(SCHEMA, parse(document), DocumentLimits(depth=100))[0][1]


# --- each limit, at it and one above it

AT_THE_LIMIT = [
    ("DOCUMENT_TOO_LONG", {"document_bytes": 20}, "{ a } #ééééééa", "{ a } #ééééééé"),
    ("TOO_MANY_TOKENS", {"tokens": 5}, "{ q { a }", "{ q { a } }"),
    ("TOO_MANY_OPERATIONS", {"operations": 1}, "query A { a }", "query A { a } query B { a }"),
    ("TOO_DEEP", {"depth": 3}, "{ q { q { a } } }", "{ q { q { q { a } } } }"),
    (
        "TOO_DEEP",
        {"depth": 3},
        "{ q { ...F } } fragment F on Query { q { a } }",
        "{ q { ...F } } fragment F on Query { q { q { a } } }",
    ),
    ("TOO_MANY_FIELDS", {"fields": 3}, "{ a q { a } }", "{ a q { a b } }"),
    (
        "TOO_MANY_FIELDS",
        {"fields": 4},
        "{ q { ...F } ...F } fragment F on Query { a }",
        "{ q { ...F } ...F } fragment F on Query { a b }",
    ),
    ("TOO_MANY_ALIASES", {"aliases": 2}, "{ c: a d: b }", "{ c: a d: b e: a }"),
    (
        "TOO_MANY_DIRECTIVES",
        {"directives": 1},
        "{ a @skip(if: true) }",
        "{ a @skip(if: true) ... @skip(if: true) { b } }",
    ),
    (
        "TOO_MANY_FRAGMENTS",
        {"fragments": 1},
        "{ ...F } fragment F on Query { a }",
        "{ ...F ...G } fragment F on Query { a } fragment G on Query { b }",
    ),
    ("TOO_COSTLY", {"cost": 16}, "{ l { a b q } }", "{ l { a b q c: a } }"),
    ("TOO_MANY_OVERLAPS", {"comparisons": 5}, "{ a a }", "{ a a a a a }"),
]


@pytest.mark.parametrize(("code", "limit", "at", "above"), AT_THE_LIMIT)
def test_a_limit_refuses_what_is_above_it_and_nothing_at_it(
    code: str, limit: dict[str, int], at: str, above: str
) -> None:
    limits = DocumentLimits(**limit)
    accepted = DocumentCache(SCHEMA, limits=limits).prepare(at)
    if isinstance(accepted, RejectedDocument):
        assert (accepted.errors[0].extensions or {})["code"] != code
    assert refusal(above, limits) == code


def test_directives_are_counted_wherever_they_stand() -> None:
    document = "query ($v: Int @x) @x { ...F @x a @x ... @x { b } } fragment F on Query @x { a }"
    compute_complexity(SCHEMA, parse(document), DocumentLimits(directives=6))
    with pytest.raises(LimitExceededError) as caught:
        compute_complexity(SCHEMA, parse(document), DocumentLimits(directives=5))
    assert caught.value.code == "TOO_MANY_DIRECTIVES"


def test_comments_are_no_tokens_but_count_in_the_length() -> None:
    assert isinstance(DocumentCache(SCHEMA).prepare("{ a }" + "#\n" * 7_000), PreparedOperation)
    assert refusal("{ a }" + "#\n" * 8_000) == "DOCUMENT_TOO_LONG"


# --- what a document weighs


@pytest.mark.parametrize(
    ("document", "cost"),
    [
        ("{ a }", 1),
        ("{ q { a b } }", 3),
        ("{ l { a b } }", 11),
        ("{ l { l { a } } }", 31),
        ("{ things(first: 3) { a } }", 4),
        ("{ things { a } }", 101),
        ("query ($n: Int) { things(first: $n) { a } }", 101),
        ("{ page(first: 50) { nodes { a } total } }", 1 + 50 * 3),
        ("{ page(first: 99999999999) { total } }", 101),
        ("{ page(first: 0) { total } }", 2),
        ("{ l { ...F } } fragment F on Query { a }", 6),
        ("{ ... on Query { l { a } } }", 6),
        ("{ absent { a } }", 2),
        ("{ ...F } fragment F on Absent { l { a } }", 2),
        ("{ ...Absent }", 0),
        ("{ __schema { types { name fields { name } } } }", 5),
    ],
)
def test_the_cost_of_a_document(document: str, cost: int) -> None:
    assert weight(document).cost == cost


def test_introspection_counts_as_one_level() -> None:
    assert weight("{ __schema { types { fields { type { name } } } } }").depth == 1


def test_fragments_in_a_cycle_are_left_to_validation() -> None:
    assert refusal("{ ...F } fragment F on Query { q { ...G } } fragment G on Query { ...F }") == (
        "VALIDATION_FAILED"
    )


def test_unused_fragments_are_weighed_too() -> None:
    document = "{ a } fragment F on Query { x: a y: a }"
    with pytest.raises(LimitExceededError):
        compute_complexity(SCHEMA, parse(document), DocumentLimits(aliases=1))


# --- generated documents


@st.composite
def documents(draw: st.DrawFn) -> str:
    """DocumentCache whose fragments spread only later ones."""
    count = draw(st.integers(0, 4))
    texts = ["{ " + draw(selections(count, 0, 3)) + " }"]
    texts += [
        f"fragment F{number} on Query {{ {draw(selections(count, number + 1, 2))} }}"
        for number in range(count)
    ]
    return " ".join(texts)


@st.composite
def selections(draw: st.DrawFn, count: int, spread_from: int, depth: int) -> str:
    kinds = ["a", "b"] + (["q", "l", "..."] if depth else [])
    kinds += [f"...F{number}" for number in range(spread_from, count)]
    parts = []
    for kind in draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=4)):
        inner = kind in ("q", "l", "...")
        below = f" {{ {draw(selections(count, spread_from, depth - 1))} }}" if inner else ""
        parts.append(kind + below)
    return " ".join(parts)


def spread_out(document: Any) -> tuple[int, int]:
    """The fields and the depth of a document, by spreading every fragment out."""
    fragments = {node.name.value: node for node in document.definitions[1:]}

    def measure(selection_set: Any) -> tuple[int, int]:
        fields = depth = 0
        for node in selection_set.selections:
            if isinstance(node, FragmentSpreadNode):
                more, deep = measure(fragments[node.name.value].selection_set)
            elif isinstance(node, FieldNode):
                below = measure(node.selection_set) if node.selection_set else (0, 0)
                more, deep = 1 + below[0], 1 + below[1]
            else:
                more, deep = measure(node.selection_set)
            fields, depth = fields + more, max(depth, deep)
        return fields, depth

    return measure(document.definitions[0].selection_set)


@given(documents())
@settings(max_examples=150, deadline=None)
def test_fields_and_depth_are_those_of_the_document_spread_out(document: str) -> None:
    parsed = parse(document)
    weights = compute_complexity(
        SCHEMA, parsed, DocumentLimits(depth=100, fields=10**9, cost=10**12)
    )
    assert (weights[0][1].fields, weights[0][1].depth) == spread_out(parsed)


# --- a refusal is quick


def chain(length: int) -> str:
    links = "".join(
        f" fragment F{number} on Query {{ ...F{number + 1} q {{ ...F{number + 1} }} }}"
        for number in range(length)
    )
    return "{ ...F0 }" + links + f" fragment F{length} on Query {{ a }}"


def test_chained_fragments_are_weighed_once_each() -> None:
    loose = DocumentLimits(fragments=100, depth=100, fields=2**61, cost=2**61)
    assert compute_complexity(SCHEMA, parse(chain(60)), loose)[0][1].fields == 2**61 - 1


HOSTILE = {
    "one field many times": "{" + "a " * 1_900 + "}",
    "one object many times": "{" + "q{a} " * 580 + "}",
    "repeated at two levels": "{" + ("q{" + "q{a} " * 20 + "} ") * 20 + "}",
    "repeated in fragments": "{"
    + " ".join(f"...F{n}" for n in range(20))
    + "}"
    + "".join(f"fragment F{n} on Query {{" + "q{a} " * 33 + "}" for n in range(20)),
    "chained fragments": chain(60),
    "twenty chained fragments": chain(19),
    "unknown fields": "{" + " ".join(f"z{n}" for n in range(1_900)) + "}",
    "unknown arguments": "{ a(" + " ".join(f"z{n}: 1" for n in range(950)) + ") }",
    "many variables": "query (" + " ".join(f"$v{n}: Int" for n in range(700)) + ") { a }",
    "many aliases": "{" + " ".join(f"a{n}: a" for n in range(950)) + "}",
    "deep objects": "{" + "q{" * 150 + "a" + "}" * 151,
    "deep inline fragments": "{" + "...{" * 190 + "a" + "}" * 191,
    "deeper than the parser goes": "{" + "...{" * 600 + "a" + "}" * 601,
    "a long list": "{ a(x: [" + "1 " * 2_900 + "]) }",
    "a list of texts": "{ a(x: [" + '"é" ' * 2_900 + "]) }",
    "a small object many times": "{" + "q{__typename} " * 700 + "}",
    "a deep value": "{ a(x: " + "[" * 180 + "1" + "]" * 180 + ") }",
    "many spreads": "{" + "...F " * 1_450 + "} fragment F on Query { zz }",
    "many operations": " ".join(f"query A{n} {{ a }}" for n in range(580)),
    "an endless number": "{ a(x: " + "9" * 15_000 + ") }",
}


def calls(work: Callable[[], object]) -> int:
    """How many Python functions are called, which is the same on every machine at every load."""
    count = 0

    def note(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


@pytest.fixture(scope="module")
def most_parsing() -> int:
    """The calls that it takes to parse a document of as many tokens as there may be."""
    most = DocumentLimits().tokens
    return calls(lambda: parse("{" + "a " * (most - 2) + "}", max_lexical_tokens=most))


@pytest.mark.parametrize("document", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_document_is_refused_quickly(document: str, most_parsing: int) -> None:
    documents = DocumentCache(SCHEMA)
    refused: list[object] = []
    spent = calls(lambda: refused.append(documents.prepare(document)))
    (refusal,) = refused
    assert isinstance(refusal, RejectedDocument)
    assert len(refusal.errors) <= 11
    assert len(documents) == 0
    # Whatever is refused costs no more than reading the longest document three times: 30 ms.
    assert spent <= 3 * most_parsing


@pytest.mark.parametrize(
    "place", ["{ a(x: [%s]) }", "{ a @skip(if: [%s]) }", "query ($v: Int = [%s]) { a }"]
)
@pytest.mark.parametrize("written", ["1 ", '"" ', "{} ", "{k: 1} ", "[] "])
def test_a_document_writes_a_bounded_number_of_values(place: str, written: str) -> None:
    a_piece = 2 if ":" in written else 1
    few, many = (place % (written * (count // a_piece)) for count in (999, 1_000))
    assert refusal(few) == "VALIDATION_FAILED"
    assert refusal(many) == "TOO_MANY_VALUES"


@pytest.mark.parametrize("selected", ["a ", "q{a} ", "...F "])
def test_what_is_selected_again_and_again_never_reaches_validation(
    selected: str, most_parsing: int
) -> None:
    document = "{" + selected * 700 + "} fragment F on Query { a }"
    assert calls(lambda: DocumentCache(SCHEMA).prepare(document)) < 1.2 * most_parsing
    assert refusal(document) == "TOO_MANY_OVERLAPS"
