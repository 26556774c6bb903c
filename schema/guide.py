"""The guide: the rubrics, the parts and every form, for a front end that knows none of them."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import strawberry

from schema.description.bounds import MAX_LINES, at_most
from schema.description.field_guide import FieldGuide, field_guides, field_rule
from schema.description.rubric import Help, Part, Rubric, RubricName, always_hidden, never_hidden
from schema.dossiers.dispense import DispenseContent
from schema.dossiers.dossier import IDENTITY_FIELDS
from schema.dossiers.inputs import DossierContent, DossierLayoutContent
from schema.entries.identity import (
    CONFIRMATION_REQUIRED,
    EMAIL_AGAIN,
    EMAIL_CONFIRMATION,
    IdentityContent,
)
from schema.entries.inputs import CommonInput
from schema.entries.parts import MAX_RUBRICS_OF_PART, PARTS, rubrics_of
from schema.entries.situation import SituationContent
from schema.rubrics import RUBRICS
from schema.sharing.consent import ConsentContent
from schema.sharing.share_link import ShareLinkContent
from schema.typography import typeset

_EMAIL_AGAIN_HINT = "Saisissez une seconde fois la même adresse."


@strawberry.type(description="A rubric: its words, its help and its fields.")
class RubricGuide:
    """Everything that people see of a rubric before they type."""

    rubric: RubricName = strawberry.field(description="Which rubric.")
    key: str = strawberry.field(description="The name of its field in EntryInput.")
    code: str = strawberry.field(description="The prefix of its printed codes.")
    part: Part = strawberry.field(description="The part that it belongs to.")
    label: str = strawberry.field(description="Its French label, the guide's own.")
    one: str = strawberry.field(
        description="What an entry of it is called, with its article: « un concours »."
    )
    slug: str = strawberry.field(description="Its label as the address of a page spells it.")
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
    slug: str = strawberry.field(description="Its label as the address of a page spells it.")
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


def slug_of(label: str) -> str:
    """A French label as the address of a page spells it: `permis-de-conduire`."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall("[a-z0-9]+", plain))


def rubric_guide(rubric: Rubric) -> RubricGuide:
    """What people see of a rubric, from its description."""
    return RubricGuide(
        rubric=rubric.name,
        key=rubric.key,
        code=rubric.code,
        part=rubric.part,
        label=rubric.label,
        one=rubric.one,
        slug=slug_of(rubric.label),
        help=rubric.help,
        fields=field_guides(rubric.content) + _common_guides(rubric),
        owner_ordered=rubric.owner_ordered,
        supports_competences=rubric.supports_competences,
        evidence=rubric.evidence,
    )


@cache
def rubric_guides() -> list[RubricGuide]:
    """All rubrics, in the guide's order; made once, as the forms below, and never changed."""
    return [rubric_guide(rubric) for rubric in RUBRICS]


def part_guides() -> list[PartGuide]:
    """The parts, in the guide's order."""
    return [
        PartGuide(
            part=words.part,
            label=words.label,
            slug=slug_of(words.label.removeprefix("Mes ")),
            introduction=words.introduction,
            details=words.details,
            recap=words.recap,
            contents=words.contents,
            rubrics=[rubric.name for rubric in rubrics_of(words.part)],
        )
        for words in PARTS
    ]


@cache
def identity_guide() -> list[FieldGuide]:
    """The fields of the identity form, in the order of the guide's screen."""
    guides = field_guides(IdentityContent)
    (place,) = (place for place, guide in enumerate(guides) if guide.key == "email")
    again = replace(
        guides[place],
        key=EMAIL_CONFIRMATION,
        label=EMAIL_AGAIN,
        hint=_EMAIL_AGAIN_HINT,
        required=False,
        required_when=[field_rule(CONFIRMATION_REQUIRED, "")],
    )
    return [*guides[: place + 1], again, *guides[place + 1 :]]


@cache
def situation_guide() -> list[FieldGuide]:
    """The fields of the current situation, in the order in which they are shown."""
    return field_guides(SituationContent)


@cache
def dossier_guide() -> list[FieldGuide]:
    """The fields of a dossier beside its choice, in order: its cover, then what surrounds the entries."""
    return field_guides(DossierContent) + field_guides(DossierLayoutContent)


@cache
def dossier_identity_guide() -> list[FieldGuide]:
    """The fields of the identity that a dossier may communicate beside the names, in order; none has to be."""
    chosen = [one for one in field_guides(IdentityContent) if one.key in IDENTITY_FIELDS]
    return [replace(one, required=False, recommended=False) for one in chosen]


# What becomes of an entry whose owner does not say whether it may be communicated.
_UNSAID = typeset(
    "Sans réponse, il peut l’être, sauf ce qui touche à l’action syndicale, à la vie familiale ou à un"
    " bilan de compétences."
)


def _common_guides(rubric: Rubric) -> list[FieldGuide]:
    """The fields of every rubric; what the content of an entry decides is not suggested."""
    suggestions: dict[Callable[[Any], bool], str] = {never_hidden: "true", always_hidden: "false"}
    shareable = suggestions.get(rubric.hidden_by_default)
    return [
        replace(
            guide, suggested=shareable, hint=guide.hint if shareable else f"{guide.hint} {_UNSAID}"
        )
        if guide.key == "shareable"
        else guide
        for guide in field_guides(CommonInput)
    ]


@cache
def share_link_guide() -> list[FieldGuide]:
    """The fields by which a share link is asked for, in order."""
    return field_guides(ShareLinkContent)


@cache
def consent_guide() -> list[FieldGuide]:
    """The fields of a consent, in order."""
    return field_guides(ConsentContent)


@cache
def dispense_guide() -> list[FieldGuide]:
    """The fields of a request for exemption from training, in the order in which they are printed."""
    return field_guides(DispenseContent)
