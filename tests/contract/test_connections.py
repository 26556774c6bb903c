"""Whatever is read page by page is a connection of one form (Relay's specification, and `nodes`)."""

from datetime import timedelta
from typing import Any

import pytest
from graphql import GraphQLInterfaceType, GraphQLObjectType, get_named_type

from graphql_api.graphql_schema import GRAPHQL_SCHEMA
from tests.conftest import Caller, Here
from tests.graphql_api.callers.test_access_log_kept import filled
from tests.graphql_api.documents import ADD_ALL, entry
from tests.graphql_api.office import BORDEAUX, TOURS, issued, officer
from tests.graphql_api.operating.operators import operator
from tests.graphql_api.summaries.summaries import registered
from tests.graphql_api.summaries.test_pages import consenting

PAGE = """edges { cursor node { id } } nodes { id }
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"""
OFFICERS = PAGE.replace("{ id }", "{ localAuthority { siret } person { id } }")
LOOK_UP = 'mutation { accountLookUp(email: "nobody@example.org") { __typename } }'
VARIABLES = "query($first: Int!, $after: String)"
OFFICE = f'siret: "{TOURS}", first: $first, after: $after'
CONNECTIONS = {
    "entriesConnection": f"{{ booklet {{ entriesConnection(first: $first, after: $after) {{ {PAGE} }} }} }}",
    "accessRecords": f"{{ booklet {{ accessRecords(first: $first, after: $after) {{ {PAGE} }} }} }}",
    "authorizationCodes": f"{{ authorizationCodes({OFFICE}) {{ {PAGE} }} }}",
    "codeBatches": f"{{ codeBatches({OFFICE}) {{ {PAGE} }} }}",
    "officers": f"{{ officers(first: $first, after: $after) {{ {OFFICERS} }} }}",
    "operatorActs": f"{{ operatorActs(first: $first, after: $after) {{ {PAGE} }} }}",
    "bookletSummaries": f"{{ bookletSummaries(first: $first, after: $after) {{ {PAGE} }} }}",
}


def paged() -> dict[str, GraphQLObjectType]:
    """The type of each field that takes `first`."""
    return {
        name: get_named_type(field.type)
        for kind in GRAPHQL_SCHEMA.type_map.values()
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType)
        for name, field in kind.fields.items()
        if "first" in field.args
    }


def five(here: Here, owner: Caller, name: str) -> Caller:
    """Somebody who reads five items of a connection."""
    if name == "accessRecords":
        filled(here, owner, [timedelta(hours=number) for number in range(5)])
        return owner
    if name == "entriesConnection":
        owner.do(ADD_ALL, entries=[entry("training", title=f"Stage {n}") for n in range(5)])
        return owner
    if name == "bookletSummaries":
        site = registered(here)
        consenting(here, 5)
        return site
    if name == "officers":
        for number in range(5):
            officer(here, f"officer-{number // 2}", (BORDEAUX, TOURS)[number % 2])
        return operator(here)
    if name == "operatorActs":
        boss = operator(here)
        for _ in range(5):
            boss.do(LOOK_UP)
        return boss
    hr = officer(here, siret=TOURS)
    for _ in range(5 if name == "codeBatches" else 1):
        issued(hr, 1 if name == "codeBatches" else 5, siret=TOURS)
    return hr


def page(caller: Caller, name: str, first: int, after: str | None = None) -> Any:
    answer = caller.ask(VARIABLES + CONNECTIONS[name], first=first, after=after)
    return answer.get("booklet", answer)[name]


def test_every_field_that_is_paged_is_a_connection_of_the_one_form() -> None:
    found = paged()
    assert set(found) == set(CONNECTIONS)
    for kind in found.values():
        node = kind.name.removesuffix("Connection")
        assert kind.name == f"{node}Connection"
        told = {name: str(kind.fields[name].type) for name in ("edges", "nodes", "pageInfo")}
        assert told == {
            "edges": f"[{node}Edge!]!",
            "nodes": f"[{node}!]!",
            "pageInfo": "PageInfo!",
        }
        (edge,) = [GRAPHQL_SCHEMA.type_map[f"{node}Edge"]]
        assert isinstance(edge, GraphQLObjectType)
        assert {name: str(field.type) for name, field in edge.fields.items()} == {
            "cursor": "String!",
            "node": f"{node}!",
        }
        assert "endCursor" not in kind.fields


@pytest.mark.parametrize("name", CONNECTIONS)
def test_pages_say_what_comes_before_and_after(here: Here, owner: Caller, name: str) -> None:
    caller = five(here, owner, name)
    whole = page(caller, name, 100)
    assert [edge["node"] for edge in whole["edges"]] == whole["nodes"]
    assert len(whole["nodes"]) == 5
    after, seen = None, []
    for size, more in ((2, True), (2, True), (1, False)):
        read = page(caller, name, 2, after)
        assert [edge["node"] for edge in read["edges"]] == read["nodes"]
        assert len(read["nodes"]) == size
        assert read["pageInfo"] == {
            "hasNextPage": more,
            "hasPreviousPage": after is not None,
            "startCursor": read["edges"][0]["cursor"],
            "endCursor": read["edges"][-1]["cursor"],
        }
        seen += read["nodes"]
        after = read["pageInfo"]["endCursor"]
    assert seen == whole["nodes"]
    nothing = page(caller, name, 2, after)
    assert (nothing["edges"], nothing["nodes"]) == ([], [])
    assert nothing["pageInfo"]["hasNextPage"] is False


@pytest.mark.parametrize("name", CONNECTIONS)
def test_the_cursor_of_any_item_leads_to_what_follows_it(
    here: Here, owner: Caller, name: str
) -> None:
    caller = five(here, owner, name)
    whole = page(caller, name, 100)
    for at, edge in enumerate(whole["edges"]):
        assert page(caller, name, 100, edge["cursor"])["nodes"] == whole["nodes"][at + 1 :]
