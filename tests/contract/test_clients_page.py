"""docs/clients.md names fields that the schema has, is right about ids, and copies the page that works."""

import json
import re
from pathlib import Path

from graphql import (
    FieldNode,
    GraphQLObjectType,
    SelectionSetNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    is_interface_type,
    is_object_type,
    parse,
    visit,
)

from graphql_api.graphql_schema import GRAPHQL_SCHEMA

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "clients.md").read_text("utf-8")
OPERATIONS = (DOCS / "examples/typescript/src/operations.graphql").read_text("utf-8")
EXAMPLE = DOCS / "examples" / "page"
SNIPPETS = re.findall(r"^```(?:ts|js)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def fields(name: str) -> set[str]:
    kind = GRAPHQL_SCHEMA.type_map[name]
    assert isinstance(kind, GraphQLObjectType)
    return set(kind.fields)


def test_the_page_names_fields_of_the_schema() -> None:
    (changed,) = re.findall(r"Mutation: \{ (.*) \}", PAGE)
    assert set(re.findall(r"(\w+): changed", changed)) <= fields("Mutation")
    assert {"accessRecords", "panorama"} <= fields("Booklet")
    assert {"authorizationCodes", "booklet"} <= fields("Query")
    assert "siret" in GRAPHQL_SCHEMA.query_type.fields["authorizationCodes"].args  # type: ignore[union-attr]  # there is one


def test_the_types_that_the_page_gives_as_without_id_have_none() -> None:
    (told,) = re.findall(r"\*\*Types without `id`\*\* \((.*?)\)", PAGE)
    for name in re.findall(r"`(\w+)`", told):
        assert "id" not in fields(name)
    assert "id" in fields("SharedEntry")


class _Ids(Visitor):
    """Collects the selections of a type with an id, and whether the id is among them."""

    def __init__(self, info: TypeInfo) -> None:
        super().__init__()
        self.info, self.seen = info, list[tuple[str, bool]]()

    def enter_selection_set(self, node: SelectionSetNode, *_: object) -> None:
        kind = self.info.get_parent_type()
        if kind is not None and (is_object_type(kind) or is_interface_type(kind)):
            names = {one.name.value for one in node.selections if isinstance(one, FieldNode)}
            if "id" in kind.fields:
                self.seen.append((kind.name, "id" in names))


def test_the_example_selects_the_id_of_whatever_has_one() -> None:
    info = TypeInfo(GRAPHQL_SCHEMA)
    ids = _Ids(info)
    visit(parse(OPERATIONS), TypeInfoVisitor(info, ids))
    assert {name for name, _ in ids.seen} >= {"Booklet", "Dossier", "ShareLink", "AccessRecord"}
    assert [name for name, selected in ids.seen if not selected] == []


def test_every_snippet_is_copied_from_the_page_that_works() -> None:
    """But for the type by which that page takes either client."""
    sources = [
        (EXAMPLE / one).read_text("utf-8").replace('import type { Api } from "./api.js";\n', "")
        for one in ("generate.mjs", "src/session.ts", "src/apollo.ts", "src/urql.ts")
    ]
    assert len(SNIPPETS) == len(sources)
    assert [one for one in SNIPPETS if not any(one in source for source in sources)] == []


def test_the_versions_of_the_page_are_pinned_and_no_lock_names_an_address() -> None:
    package = json.loads((EXAMPLE / "package.json").read_text("utf-8"))
    versions = [*package["dependencies"].values(), *package["devDependencies"].values()]
    assert [one for one in versions if not re.fullmatch(r"\d+\.\d+\.\d+", one)] == []
    assert not (EXAMPLE / "package-lock.json").exists()
