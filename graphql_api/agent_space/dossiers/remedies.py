"""Where something is completed or added that a dossier needs: links beside what refuses it or warns."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql_api.agent_space.guide import Guide
from schema.typography import typeset


@dataclass(frozen=True, slots=True)
class Remedy:
    """A link to the form of an entry that is not complete, or of one that is missing."""

    label: str
    path: str


def request_fields(fields: Iterable[Mapping[str, Any]], form_path: str) -> dict[str, Remedy]:
    """Links to the fields of a request for exemption in its form, by the paths of what warns of them."""
    return {
        f"dispense.{one['key']}": Remedy(
            typeset(f"Compléter « {one['label']} »"), f"{form_path}#{one['key']}"
        )
        for one in fields
    }


def remedies_of(
    guide: Guide, problem: Mapping[str, Any], entries: Iterable[Mapping[str, Any]]
) -> tuple[Remedy, ...]:
    """The remedies of a problem that names entries of these, or a rubric."""
    known = {one["id"]: one for one in entries}
    found = [known[id] for id in problem["entries"] if id in known]
    remedies = [
        Remedy(
            typeset(f"Compléter « {one['headline']} »"), guide.entry_path(one["rubric"], one["id"])
        )
        for one in found
    ]
    if problem["rubric"]:
        rubric = guide.rubric_named(problem["rubric"])
        label = typeset(f"Ajouter : {rubric['label']}")
        remedies.append(Remedy(label, f"{guide.path_of(rubric)}/ajouter"))
    return tuple(remedies)
