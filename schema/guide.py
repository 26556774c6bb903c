"""The guide: what a front end needs to build every form without knowing the rubrics."""

from dataclasses import replace

import strawberry

from schema.description.bounds import MAX_LINES, at_most
from schema.description.fields import FieldKind as Kind
from schema.description.fields import NamedField, fields_of
from schema.description.rubric import Help, Part, Rubric, RubricName
from schema.dossiers.dispense import DispenseContent
from schema.entries.identity import EMAIL_AGAIN, EMAIL_CONFIRMATION, IdentityContent
from schema.entries.inputs import CommonInput
from schema.entries.parts import MAX_RUBRICS_OF_PART, PARTS, rubrics_of
from schema.entries.situation import SituationContent
from schema.rubrics import RUBRICS

_EMAIL_AGAIN_HINT = "Saisissez une seconde fois la même adresse."


@strawberry.type(description="What is known of a field: everything that a form needs.")
class FieldGuide:
    """A described field, as the API tells it."""

    key: str = strawberry.field(description="The field's name in the type and in the input.")
    label: str = strawberry.field(description="Its French label.")
    hint: str = strawberry.field(description="A French hint, empty when none is needed.")
    kind: Kind = strawberry.field(description="How it is entered.")
    required: bool = strawberry.field(description="Whether an entry without it is refused.")
    recommended: bool = strawberry.field(
        description="Whether a complete dossier has it (else a warning)."
    )
    max_length: int | None = strawberry.field(
        description="The most characters of a text (of each, in a list)."
    )
    max_items: int | None = strawberry.field(description="The most items of a list.")
    minimum: float | None = strawberry.field(
        description="The least number; excluded for NUMBER, included for WHOLE_NUMBER."
    )
    maximum: float | None = strawberry.field(description="The greatest number, included.")
    pattern: str | None = strawberry.field(
        description="A regular expression that the whole text matches."
    )
    pattern_message: str = strawberry.field(
        description="The French sentence to show when it does not match."
    )
    table: str | None = strawberry.field(description="The code table of a CODE or CODES field.")
    suggested: str | None = strawberry.field(description="What a form may start with.")
    unit: str = strawberry.field(
        description="The French unit of a number, empty when there is none."
    )
    future: bool = strawberry.field(description="Whether a date may be in the future.")


@strawberry.type(description="A rubric: its words, its help and its fields.")
class RubricGuide:
    """Everything that people see of a rubric before they type."""

    rubric: RubricName = strawberry.field(description="Which rubric.")
    key: str = strawberry.field(description="The name of its field in EntryInput.")
    code: str = strawberry.field(description="The prefix of its printed codes.")
    part: Part = strawberry.field(description="The part that it belongs to.")
    label: str = strawberry.field(description="Its French label, the guide's own.")
    help: Help = strawberry.field(description="The guide's « rubrique d'aide ».")
    fields: list[FieldGuide] = strawberry.field(
        description=f"Its fields, in the order of the screen; {at_most(MAX_LINES)}."
    )
    owner_ordered: bool = strawberry.field(
        description="Whether entryMove orders it; else it is chronological."
    )
    supports_competences: bool = strawberry.field(
        description="Whether competences link to its entries."
    )
    evidence: str = strawberry.field(
        description="The document that article 5 expects, in French; empty when none."
    )


@strawberry.type(description="A part: its words and its rubrics.")
class PartGuide:
    """A tab of the guide's navigation."""

    part: Part = strawberry.field(description="Which part.")
    label: str = strawberry.field(description="Its French label.")
    introduction: str = strawberry.field(description="The guide's words for it.")
    details: str = strawberry.field(
        description="What the guide adds, of its tabs or with examples."
    )
    recap: str = strawberry.field(
        description="What its « Récapitulatif » holds; empty for a part without one in the guide."
    )
    contents: str = strawberry.field(
        description="What it holds in half a sentence, after its label; empty for attachments."
    )
    rubrics: list[RubricName] = strawberry.field(
        description=f"Its rubrics, in order; {at_most(MAX_RUBRICS_OF_PART)}."
    )


def rubric_guide(rubric: Rubric) -> RubricGuide:
    """What people see of a rubric, from its description."""
    return RubricGuide(
        rubric=rubric.name,
        key=rubric.key,
        code=rubric.code,
        part=rubric.part,
        label=rubric.label,
        help=rubric.help,
        fields=[
            _field_guide(field) for field in (*fields_of(rubric.content), *fields_of(CommonInput))
        ],
        owner_ordered=rubric.owner_ordered,
        supports_competences=rubric.supports_competences,
        evidence=rubric.evidence,
    )


def rubric_guides() -> list[RubricGuide]:
    """All rubrics, in the guide's order."""
    return [rubric_guide(rubric) for rubric in RUBRICS]


def part_guides() -> list[PartGuide]:
    """The parts, in the guide's order."""
    return [
        PartGuide(
            part=words.part,
            label=words.label,
            introduction=words.introduction,
            details=words.details,
            recap=words.recap,
            contents=words.contents,
            rubrics=[rubric.name for rubric in rubrics_of(words.part)],
        )
        for words in PARTS
    ]


def identity_guide() -> list[FieldGuide]:
    """The fields of the identity form, in the order of the guide's screen."""
    guides = [_field_guide(field) for field in fields_of(IdentityContent)]
    (place,) = (place for place, guide in enumerate(guides) if guide.key == "email")
    again = replace(
        guides[place], key=EMAIL_CONFIRMATION, label=EMAIL_AGAIN, hint=_EMAIL_AGAIN_HINT
    )
    return [*guides[: place + 1], again, *guides[place + 1 :]]


def situation_guide() -> list[FieldGuide]:
    """The fields of the current situation, in the order in which they are shown."""
    return [_field_guide(field) for field in fields_of(SituationContent)]


def dispense_guide() -> list[FieldGuide]:
    """The fields of a request for exemption from training, in the order in which they are printed."""
    return [_field_guide(field) for field in fields_of(DispenseContent)]


def _field_guide(field: NamedField) -> FieldGuide:
    spec = field.spec
    return FieldGuide(
        key=field.key,
        label=spec.label,
        hint=spec.hint,
        kind=spec.kind,
        required=spec.required,
        recommended=spec.recommended,
        max_length=spec.max_length,
        max_items=spec.max_items,
        minimum=spec.minimum,
        maximum=spec.maximum,
        pattern=spec.pattern,
        pattern_message=spec.pattern_message,
        table=spec.table,
        suggested=spec.suggested,
        unit=spec.unit,
        future=spec.future,
    )
