"""Beside the id of another thing stands the thing itself: `node`, or `…Nodes` of a list of ids."""

from collections.abc import Iterator
from typing import Any

from graphql import GraphQLInterfaceType, GraphQLObjectType, get_named_type, is_list_type
from graphql.type import get_nullable_type

from graphql_api.callers.permissions import CallerRole
from graphql_api.graphql_schema import GRAPHQL_SCHEMA
from tests.graphql_api.roles import Scene, document
from tests.graphql_api.roles import scene as scene
from tests.graphql_api.whole_booklet import WHOLE_BOOKLET

# What has no type of its own: a batch of codes, the number of a receipt; what is gone.
NOTHING_ELSE = {
    ("AccessRecord", "shareLink"),  # which may be gone; `Booklet.shareLink` has it
    ("AuthorizationCode", "batch"),
    ("CodesAlreadyIssued", "batch"),
    ("CodesIssued", "batch"),
    ("BookletSummaryConnection", "withheld"),  # of which nothing can be told
    ("ClosingReceipt", "number"),
    ("Problem", "entries"),  # a refusal tells no content; `Booklet.entry` has it
    ("SharedEntry", "entry"),  # the entry's own id, which only its owner can ask for
}
NODES = {
    "entries": "entryNodes",
    "selectedEntries": "selectedEntryNodes",
    "attachments": "attachmentNodes",
    "proves": "provesNodes",
    "supports": "supportsNodes",
    "unsupported": "unsupportedNodes",
    "unclaimed": "unclaimedNodes",
}


def ids_of_others() -> Iterator[tuple[str, str, bool]]:
    """The fields of outputs that hold ids of something else, and whether they are lists."""
    for kind in GRAPHQL_SCHEMA.type_map.values():
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for name, field in kind.fields.items():
                if name != "id" and get_named_type(field.type).name == "ID":
                    yield kind.name, name, is_list_type(get_nullable_type(field.type))


def pairs(value: Any) -> Iterator[tuple[Any, Any]]:
    """The ids in an answer, each with that of the thing beside it."""
    if isinstance(value, list):
        for one in value:
            yield from pairs(one)
    if isinstance(value, dict):
        if "node" in value:
            yield value.get("entry", value.get("competence")), entry_id(value["node"])
        for name, nodes in NODES.items():
            if nodes in value:
                yield value[name], [entry_id(one) for one in value[nodes]]
        for one in value.values():
            yield from pairs(one)


def entry_id(node: dict[str, Any]) -> str:
    """The id of the entry, of which a dossier shows another thing."""
    return str(node.get("entry") or node["id"].rpartition(".")[2])


def test_every_id_of_something_else_has_it_beside() -> None:
    found = {(kind, name) for kind, name, _ in ids_of_others()}
    assert len(found) > 15
    assert found >= NOTHING_ELSE
    for kind, name, is_list in ids_of_others():
        if (kind, name) not in NOTHING_ELSE:
            fields = GRAPHQL_SCHEMA.type_map[kind].fields  # type: ignore[attr-defined]  # it has fields
            assert (NODES[name] if is_list else "node") in fields, f"{kind}.{name}"


def test_the_thing_beside_an_id_is_that_of_the_id(scene: Scene) -> None:
    owner = scene.callers[CallerRole.OWNER]
    shared = document("Query.sharedDossier", ("id",))
    for answer in (
        owner.ask(WHOLE_BOOKLET),
        owner.ask(shared, id=scene.owners["dossier"]),
    ):
        found = [(id, node) for id, node in pairs(answer) if id]
        assert len(found) > 12
        assert any(isinstance(id, list) for id, _ in found)
        assert [pair for pair in found if pair[0] != pair[1]] == []
