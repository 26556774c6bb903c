"""The guide as pages read it: parts, rubrics, forms, code tables and screens, asked once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql_api.page_kit.guide_fields import FIELD
from graphql_api.page_kit.stored_documents import stored
from graphql_api.page_kit.views import PageRequest, require

GUIDE = stored(__file__, "guide", FIELD)


@dataclass(frozen=True, slots=True)
class Guide:
    """The guide: `tables` are the codes of each table, `screens` are by name.

    Parts and rubrics are by slug, and once more by their names in the schema.
    """

    parts: Mapping[str, Any]
    rubrics: Mapping[str, Any]
    parts_by_name: Mapping[str, Any]
    rubrics_by_name: Mapping[str, Any]
    identity: list[dict[str, Any]]
    situation: list[dict[str, Any]]
    tables: Mapping[str, list[dict[str, Any]]]
    screens: Mapping[str, Any]
    menu: list[dict[str, Any]]

    def part(self, slug: str) -> Any:
        """The part of that slug. Raises `PageNotFoundError`."""
        return require(self.parts.get(slug))

    def rubric(self, part: str, slug: str) -> Any:
        """The rubric of that slug in the part of that slug. Raises `PageNotFoundError`."""
        found = require(self.rubrics.get(slug))
        return require(found if found["part"] == self.part(part)["part"] else None)

    def rubric_named(self, name: str) -> Any:
        """The rubric by its name in the schema."""
        return self.rubrics_by_name[name]

    def rubrics_of(self, part: Mapping[str, Any]) -> list[Any]:
        """The rubrics of a part."""
        return [self.rubric_named(name) for name in part["rubrics"]]

    def part_of(self, rubric: Mapping[str, Any]) -> Any:
        """The part to which a rubric belongs."""
        return self.parts_by_name[rubric["part"]]

    def path_of(self, rubric: Mapping[str, Any]) -> str:
        """The address of a rubric's list."""
        return f"/livret/{self.part_of(rubric)['slug']}/{rubric['slug']}"

    def entry_path(self, rubric: str, id: str) -> str:
        """The address of an entry, by the name of its rubric."""
        return f"{self.path_of(self.rubric_named(rubric))}/{id}"

    def ties_path(self, rubric: str, id: str) -> str:
        """The address of the ties of an entry, by the name of its rubric."""
        return f"/livret/{self.part_of(self.rubric_named(rubric))['slug']}/{id}/liens"


async def guide_of(page: PageRequest) -> Guide:
    """The guide, which is the same for everybody."""
    return await page.public(GUIDE, read_guide)


def read_guide(data: Mapping[str, Any]) -> Guide:
    """The guide in the answer to its document."""
    screens = [
        {**screen, "labels": {label["key"]: label["text"] for label in screen["labels"]}}
        for screen in data["screens"]
    ]
    return Guide(
        parts={one["slug"]: one for one in data["parts"]},
        rubrics={one["slug"]: one for one in data["rubrics"]},
        parts_by_name={one["part"]: one for one in data["parts"]},
        rubrics_by_name={one["rubric"]: one for one in data["rubrics"]},
        identity=data["identityForm"],
        situation=data["situationForm"],
        tables=_tables(data["codeTables"]),
        screens={one["name"]: one for one in screens},
        menu=data["menu"],
    )


def _tables(tables: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """The codes by table; a code that belongs to a group has the group's label."""
    labels = {
        table["name"]: {code["code"]: code["label"] for code in table["codes"]} for table in tables
    }
    grouped: dict[str, list[dict[str, Any]]] = {}
    for table in tables:
        groups = {code["group"] for code in table["codes"]} - {None}
        named = next((known for known in labels.values() if groups and groups <= set(known)), {})
        grouped[table["name"]] = [
            {**code, "groupLabel": named.get(code["group"], "")} for code in table["codes"]
        ]
    return grouped
