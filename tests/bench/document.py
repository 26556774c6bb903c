"""The whole stored booklet as one document."""

from typing import Any

from schema.description.fields import fields_of
from schema.entries.identity import IdentityContent
from schema.entries.inputs import ENTRY_KINDS
from schema.rubrics import rubric_named


def whole_booklet() -> str:
    """A query for everything that a booklet stores."""
    contents = "\n".join(
        f"... on {kind.entry_type.__name__} {{ {_keys(rubric_named(kind.rubric).content)} }}"
        for kind in ENTRY_KINDS
    )
    return f"""{{ booklet {{ id version identity {{ version {_keys(IdentityContent)} }}
      dossiers {{ id title }}
      entries {{ __typename id version shareable comment
        links {{ competence {{ id }} target {{ id }} relation note }} evidence {{ id }}
        {contents} }} }} }}"""


def as_set(data: Any) -> Any:
    """The data with its lists sorted by ids, to compare two answers that order them otherwise."""
    booklet = data["booklet"]
    booklet["entries"].sort(key=lambda entry: entry["id"])
    for entry in booklet["entries"]:
        entry["links"].sort(key=lambda tie: (tie["competence"]["id"], tie["target"]["id"]))
        entry["evidence"].sort(key=lambda one: one["id"])
    return data


def _keys(content: type) -> str:
    return " ".join(field.key for field in fields_of(content))
