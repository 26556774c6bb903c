"""What a dossier takes of a booklet, as boxes to tick: parts, rubrics, entries, fields of the identity."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql_api.agent_space.guide import Guide
from graphql_api.web.forms.form_values import Field
from graphql_api.web.forms.posted_form import PostedForm

# The names of the boxes, and where the choice takes them in `DossierInput`.
BOXES = {
    "volet": "parts",
    "rubrique": "rubrics",
    "element": "entries",
    "identite": "identityFields",
}
_TICKED, _NOT_TICKED = "coché", "non coché"


@dataclass(frozen=True, slots=True)
class Choice:
    """The values of the boxes that are ticked, by the field of `DossierInput`."""

    ticked: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> "Choice":
        """The choice of a dossier or of a purpose; what it does not have, it does not take."""
        return cls({key: tuple(values.get(key, ())) for key in BOXES.values()})

    @classmethod
    def posted(cls, form: PostedForm) -> "Choice":
        """The choice in a form that was sent."""
        return cls({key: tuple(form.all(name)) for name, key in BOXES.items()})

    def known(self, guide: Guide, identity: Iterable[Field]) -> dict[str, list[str]]:
        """The choice as the mutation takes it, without what no form of ours offers."""
        offered = {
            "parts": {part["part"] for part in guide.parts.values()},
            "rubrics": {rubric["rubric"] for rubric in guide.rubrics.values()},
            "identityFields": {field["key"] for field in identity},
        }
        return {
            key: [one for one in values if key not in offered or one in offered[key]]
            for key, values in self.ticked.items()
        }


@dataclass(frozen=True, slots=True)
class ChoiceBox:
    """A box: its value and label, whether it is ticked, and what is stored where that differs."""

    value: str
    label: str
    is_ticked: bool
    stored: str = ""
    when: str = ""
    is_named_only: bool = False


@dataclass(frozen=True, slots=True)
class RubricBoxes:
    """A rubric, to take whole or entry by entry."""

    whole: ChoiceBox
    entries: tuple[ChoiceBox, ...]

    @property
    def is_open(self) -> bool:
        """Whether something is ticked, or was, among the entries."""
        return any(one.is_ticked or one.stored for one in self.entries)


@dataclass(frozen=True, slots=True)
class PartBoxes:
    """A part, to take whole or rubric by rubric; `key` colours it."""

    key: str
    whole: ChoiceBox
    rubrics: tuple[RubricBoxes, ...]


@dataclass(frozen=True, slots=True)
class ChoiceMaker:
    """Makes the boxes of a choice; `stored` is what is stored, where somebody wrote meanwhile."""

    choice: Choice
    stored: Choice | None = None

    def parts(self, guide: Guide, booklet: Mapping[str, Any]) -> list[PartBoxes]:
        """The parts with their rubrics and entries."""
        named_only = {one["id"] for one in booklet["namedOnly"]}
        return [
            PartBoxes(
                part["part"].lower(),
                self._box("parts", part["part"], part["label"]),
                tuple(
                    self._rubric(rubric, booklet["entries"], named_only)
                    for rubric in guide.rubrics_of(part)
                ),
            )
            for part in guide.parts.values()
        ]

    def identity(self, fields: Iterable[Field]) -> list[ChoiceBox]:
        """The fields of the identity."""
        return [self._box("identityFields", one["key"], one["label"]) for one in fields]

    def _rubric(
        self, rubric: Mapping[str, Any], entries: Iterable[Mapping[str, Any]], named_only: set[str]
    ) -> RubricBoxes:
        return RubricBoxes(
            self._box("rubrics", rubric["rubric"], rubric["label"]),
            tuple(
                self._box(
                    "entries",
                    one["id"],
                    one["headline"],
                    when=one["when"],
                    is_named_only=one["id"] in named_only,
                )
                for one in entries
                if one["rubric"] == rubric["rubric"]
            ),
        )

    def _box(self, key: str, value: str, label: str, **more: Any) -> ChoiceBox:
        is_ticked = value in self.choice.ticked[key]
        stored = ""
        if self.stored is not None and (value in self.stored.ticked[key]) != is_ticked:
            stored = _NOT_TICKED if is_ticked else _TICKED
        return ChoiceBox(value, label, is_ticked, stored, **more)
