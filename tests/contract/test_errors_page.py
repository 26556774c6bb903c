"""docs/errors.md names every code and every refusal that the service can answer, and no other."""

import re
from pathlib import Path

from graphql import GraphQLObjectType, GraphQLUnionType, get_named_type

from graphql_api.graphql_schema import GRAPHQL_SCHEMA

ROOT = Path(__file__).parents[2]
SOURCES = [*ROOT.glob("schema/**/*.py"), *ROOT.glob("graphql_api/**/*.py")]
GIVEN = re.compile(
    r"""(?:problem\(\s*[^,()]+(?:\([^()]*\))?,\s*
        | code:\ str\ =\ strawberry\.field\(\s*default=
        | because\(\s*
        | (?:BadRequestError|encode_refusal|\.refuse)\(\s*\d+,\s*
        | PublicError\([^"]*"[^"]*",\s*)
        "([A-Z][A-Z_0-9]+)\"""",
    re.VERBOSE,
)


def test_every_code_that_the_service_gives_is_on_the_page() -> None:
    page = (ROOT / "docs/errors.md").read_text("utf-8")
    given = {code for source in SOURCES for code in GIVEN.findall(source.read_text("utf-8"))}
    assert len(given) > 40
    assert {code for code in given if f"`{code}`" not in page} == set()


def test_every_code_on_the_page_is_one_that_the_service_gives() -> None:
    page = (ROOT / "docs/errors.md").read_text("utf-8")
    listed = set(re.findall(r"^\|\s*`([A-Z][A-Z_0-9]{3,})`", page, re.MULTILINE))
    assert len(listed) > 40
    written = "\n".join(source.read_text("utf-8") for source in SOURCES)
    assert {code for code in listed if code not in written} == set()


def test_each_mutation_is_refused_as_the_page_says() -> None:
    mutations = GRAPHQL_SCHEMA.mutation_type
    assert mutations is not None
    told: dict[str, set[str]] = {}
    for line in (ROOT / "docs/errors.md").read_text("utf-8").splitlines():
        cells = line.split("|")[1:3]
        names = re.findall(r"`([a-zA-Z]+)`", cells[0]) if len(cells) == 2 else []
        for name in set(names) & mutations.fields.keys():
            told.setdefault(name, set()).update(re.findall(r"`([A-Z]\w+)`", cells[1]))
    found = {
        name: {one.name for one in answer.types if _is_refusal(one)}
        for name, field in mutations.fields.items()
        if isinstance(answer := get_named_type(field.type), GraphQLUnionType)
    }
    assert len(found) > 40
    assert told == found


def _is_refusal(kind: GraphQLObjectType) -> bool:
    return "Refusal" in {interface.name for interface in kind.interfaces}
