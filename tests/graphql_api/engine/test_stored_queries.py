"""Which documents are known by their hash, and for how long."""

from graphql_api.engine.stored_queries import StoredQueries, hash_of

FIRST, SECOND, THIRD = "{ first }", "{ second }", "{ third }"


def test_of_remembered_documents_those_not_asked_for_leave_first() -> None:
    queries = StoredQueries({}, capacity_bytes=len(FIRST) + len(SECOND))
    for text in (FIRST, SECOND):
        queries.remember(hash_of(text), text)
    assert queries.text(hash_of(FIRST)) == FIRST
    queries.remember(hash_of(THIRD), THIRD)
    assert queries.text(hash_of(SECOND)) is None
    assert queries.text(hash_of(FIRST)) == FIRST


def test_registered_documents_stay() -> None:
    queries = StoredQueries({hash_of(FIRST): FIRST}, capacity_bytes=len(SECOND))
    for text in (SECOND, FIRST, THIRD):
        queries.remember(hash_of(text), text)
    assert queries.text(hash_of(FIRST)) == FIRST


def test_a_document_larger_than_all_room_pushes_nothing_out() -> None:
    queries = StoredQueries({}, capacity_bytes=len(FIRST))
    queries.remember(hash_of(FIRST), FIRST)
    queries.remember(hash_of(SECOND), SECOND)
    assert queries.text(hash_of(FIRST)) == FIRST
    assert queries.text(hash_of(SECOND)) is None


def test_a_document_remembered_twice_takes_its_room_once() -> None:
    queries = StoredQueries({}, capacity_bytes=len(FIRST) + len(SECOND))
    for text in (FIRST, FIRST, SECOND):
        queries.remember(hash_of(text), text)
    assert queries.text(hash_of(FIRST)) == FIRST
