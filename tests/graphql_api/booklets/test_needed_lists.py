"""The lists of a booklet that a document asks for beside its sections, which are read together."""

import pytest
from graphql import OperationDefinitionNode, parse

from graphql_api.booklets.needed_lists import needed_lists
from graphql_api.engine.documents import PreparedOperation
from graphql_api.graphql_schema import GRAPHQL_SCHEMA
from tests.conftest import Caller, Here
from tests.graphql_api.consents.consents import given, registered
from tests.graphql_api.documents import SAVE_DRAFT, entry

ADD_OF_DRAFT = """mutation($entry: EntryInput!, $draft: DraftVersionInput) {
  entryAdd(entry: $entry, draft: $draft) { __typename ... on EntryAdded {
    booklet { drafts { id } consents { id } charterAcceptances { version } } } }
}"""


def test_the_answer_of_a_mutation_tells_the_lists_as_it_left_them(
    here: Here, owner: Caller
) -> None:
    drafts = [
        owner.do(SAVE_DRAFT, entry={"training": {"title": title}})["draft"]
        for title in ("Un début", "Un autre")
    ]
    registered(here)
    consent = given(here, owner)
    taken = {"id": drafts[0]["id"], "version": 1}
    answer = owner.do(ADD_OF_DRAFT, entry=entry("training"), draft=taken)
    assert answer["booklet"] == {
        "drafts": [{"id": drafts[1]["id"]}],
        "consents": [{"id": consent["id"]}],
        "charterAcceptances": [{"version": "1"}],
    }


JOURNAL = "newest access records"


@pytest.mark.parametrize(
    ("document", "lists"),
    [
        ("{ booklet { id identity { lastName } } }", []),
        ("{ booklet { a: drafts { id } b: drafts { version } } }", [("drafts", ())]),
        ("{ booklet { dossiers { shareLinks { id } } } }", [("share links", ())]),
        (
            "{ booklet { ...B } } fragment B on Booklet { reminder { enabled } consents { id } }",
            [("past consents", ()), ("present consents", ()), ("reminder", ())],
        ),
        ("{ booklet { accessRecords { edges { cursor } } } }", [(JOURNAL, (51,))]),
        ("{ booklet { accessRecords(first: 3) { edges { cursor } } } }", [(JOURNAL, (4,))]),
        ('{ booklet { accessRecords(after: "x") { edges { cursor } } } }', []),
        ("query($n: Int!) { booklet { accessRecords(first: $n) { edges { cursor } } } }", []),
    ],
)
def test_the_lists_that_a_document_asks_for_are_known_from_it(
    document: str, lists: list[tuple[str, tuple[int, ...]]]
) -> None:
    parsed = parse(document)
    operation = parsed.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    prepared = PreparedOperation(parsed, operation, "query", None, 0)
    found = needed_lists(GRAPHQL_SCHEMA, prepared)
    assert sorted((one.name, one.params) for one in found) == lists
