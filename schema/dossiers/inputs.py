"""The input of a dossier: merging it into what is stored, and validating the result.

Absent means unchanged and null erases. A new dossier starts with the defaults of its purpose:
its title, identity fields, situation, annexes and form where they are absent, and its rubrics where
parts, rubrics and entries all are.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import strawberry
from strawberry import ID, UNSET

from schema.description.bounds import MAX_ENTRIES, MAX_FORM_LINES, MAX_PROBLEMS, at_most
from schema.description.conditions import one_of
from schema.description.fields import choice, choices, text, yes_no
from schema.description.refusals import Problem, problem
from schema.description.rubric import Part, RubricName
from schema.description.validation import field_errors, submitted_fields
from schema.dossiers.dispense import DispenseContent
from schema.dossiers.dossier import (
    IDENTITY_FIELDS,
    WHOLE_BOOKLET,
    Dossier,
    dossier_errors,
)
from schema.dossiers.purposes import DISPENSE, FOR_A_POST, Annex, DossierForm, purpose_of
from schema.dossiers.stored_dossier import content_of, dossier_of
from schema.entries.entries import Entry
from schema.entries.shapes import fill_missing

_NEVER = "Cet élément ne figure pas dans votre livret."


@dataclass(kw_only=True)
class DossierContent:
    """The fields of the cover."""

    title: str | None = text(
        "Titre", "The title on the cover.", required=True, example="Dossier de mutation"
    )
    purpose: str | None = choice(
        "Objet",
        "What it is for.",
        "purpose",
        required=True,
        refused_codes=(WHOLE_BOOKLET,),
        example="MUTATION",
    )
    sought_post: str | None = text(
        "Poste recherché",
        "The post that its owner applies for.",
        hint="Tel que l’annonce le nomme. Pour une mutation, un détachement ou une candidature.",
        shown_when=(one_of("purpose", FOR_A_POST),),
        example="Responsable du service population",
    )
    recipient: str | None = text(
        "Destinataire",
        "Whom it is addressed to.",
        hint="Un service, un jury, un employeur…",
        example="Direction des ressources humaines de Bordeaux",
    )


@dataclass(kw_only=True)
class DossierLayoutContent:
    """What surrounds the entries, as a form asks for it; `DossierInput` takes it."""

    situation: bool | None = yes_no(
        "Situation actuelle",
        "Whether to communicate the current situation.",
        hint="Votre employeur et votre poste, en couverture.",
    )
    form: str | None = choice(
        "Forme",
        "How to lay it out.",
        "dossierForm",
        required=True,
        suggested=DossierForm.COMPACT.value,
    )
    annexes: list[str] | None = choices(
        "Annexes", "What to print besides the entries.", "annex", example=Annex.PANORAMA.value
    )


@strawberry.input(
    description="The request for an exemption from statutory training. Absent: unchanged; null: erased."
)
class DispenseInput(DispenseContent):
    """The form of a dossier whose purpose is an exemption."""


@strawberry.input(
    description="A dossier. Absent: unchanged, or in a new one what its purpose starts with; null: erased. It communicates what `Dossier` says: the entries that are named, and the parts and rubrics that are chosen whole."
)
class DossierInput(DossierContent):
    """The cover and the selection."""

    parts: list[Part] | None = strawberry.field(
        default=UNSET,
        description=f"The parts to choose whole, with what is added to them later; {at_most(len(Part))}.",
    )
    rubrics: list[RubricName] | None = strawberry.field(
        default=UNSET,
        description=f"The rubrics to choose whole, with what is added to them later; {at_most(len(RubricName))}.",
    )
    entries: list[ID] | None = strawberry.field(
        default=UNSET, description=f"The entries to name, shareable or not; {at_most(MAX_ENTRIES)}."
    )
    identity_fields: list[str] | None = strawberry.field(
        default=UNSET,
        description=f"The identity fields to communicate beside the names, by their key in the identity form; {at_most(MAX_FORM_LINES)}.",
    )
    situation: bool | None = strawberry.field(
        default=UNSET, description="Whether to communicate the current situation."
    )
    annexes: list[Annex] | None = strawberry.field(
        default=UNSET, description=f"What to print besides the entries; {at_most(len(Annex))}."
    )
    form: DossierForm | None = strawberry.field(
        default=UNSET, description="How to lay it out; COMPACT in a new dossier, and when erased."
    )
    dispense: DispenseInput | None = strawberry.field(
        default=UNSET,
        description="The request for an exemption, only where that is the purpose, which needs it.",
    )


def merge_input(
    before: Dossier | None, sent: DossierInput, entries: Sequence[Entry]
) -> dict[str, Any]:
    """The content of a dossier after an input; `before` is None for a new dossier.

    Named entries that were removed since are left out, and so is the form of a request for
    exemption when the purpose is another one.
    """
    cover = submitted_fields(sent)
    values = _purpose_defaults(cover.get("purpose"), sent) if before is None else content_of(before)
    known = {entry.id for entry in entries}
    values["entries"] = [id for id in values.get("entries", ()) if id in known]
    values |= cover
    for name, value in _lists(sent).items():
        values[name] = [getattr(one, "value", one) for one in value or ()]
    if sent.situation is not UNSET:
        values["situation"] = bool(sent.situation)
    if sent.form is not UNSET:
        values["form"] = (sent.form or DossierForm.COMPACT).value
    if sent.dispense is None or values.get("purpose") != DISPENSE:
        values.pop("dispense", None)
    elif sent.dispense is not UNSET:
        form = values.get("dispense", {}) | submitted_fields(sent.dispense)
        values["dispense"] = {name: value for name, value in form.items() if value is not None}
    return {name: value for name, value in values.items() if value is not None}


def dossier_input_errors(
    values: dict[str, Any], sent: DossierInput, entries: list[Entry], today: date
) -> list[Problem]:
    """Everything that refuses a merged content; paths are relative to the dossier."""
    cover = DossierContent(**fill_missing(DossierContent, values))
    errors = list(field_errors(cover, today))
    if cover.purpose == WHOLE_BOOKLET:
        message = "« Objet » : le livret complet existe déjà, choisissez un autre usage."
        errors.append(problem("purpose", "UNKNOWN_CODE", message))
    known = {entry.id for entry in entries}
    errors += _list_errors("parts", sent.parts, len(Part))
    errors += _list_errors("rubrics", sent.rubrics, len(RubricName))
    errors += _list_errors("entries", sent.entries, MAX_ENTRIES)
    errors += _unknown_item_errors("entries", sent.entries, known, "NOT_FOUND", _NEVER)
    errors += _list_errors("identityFields", sent.identity_fields, len(IDENTITY_FIELDS))
    message = "Ce champ de l’identité ne se choisit pas."
    errors += _unknown_item_errors(
        "identityFields", sent.identity_fields, IDENTITY_FIELDS, "UNKNOWN_CODE", message
    )
    errors += _list_errors("annexes", sent.annexes, len(Annex))
    errors += _dispense_errors(values, sent, entries, today, is_valid=not errors)
    return errors[:MAX_PROBLEMS]


def _purpose_defaults(code: object, sent: DossierInput) -> dict[str, Any]:
    """The content that a new dossier starts with; empty when its purpose is absent or unknown."""
    purpose = purpose_of(code) if isinstance(code, str) else None
    if purpose is None:
        return {}
    nothing_chosen = all(each is UNSET for each in (sent.parts, sent.rubrics, sent.entries))
    return {
        "title": purpose.title,
        "rubrics": [one.value for one in purpose.rubrics] if nothing_chosen else [],
        "identity_fields": list(purpose.identity_fields),
        "situation": purpose.situation,
        "annexes": [one.value for one in purpose.annexes],
        "form": purpose.form.value,
    }


def _lists(sent: DossierInput) -> dict[str, Any]:
    """The lists that were sent, by Python name."""
    lists = {
        "parts": sent.parts,
        "rubrics": sent.rubrics,
        "entries": sent.entries,
        "identity_fields": sent.identity_fields,
        "annexes": sent.annexes,
    }
    return {name: value for name, value in lists.items() if value is not UNSET}


def _sequence(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _list_errors(key: str, value: Any, most: int) -> Iterator[Problem]:
    items = _sequence(value)
    if len(items) > most:
        yield problem(key, "TOO_MANY", f"{most} éléments au plus.")
        return
    seen: set[Any] = set()
    for at, item in enumerate(items):
        if item in seen:
            yield problem(f"{key}[{at}]", "DUPLICATE", "Cet élément est répété.")
        seen.add(item)


def _unknown_item_errors(
    key: str, value: Any, known: Collection[str], code: str, message: str
) -> Iterator[Problem]:
    items = _sequence(value)
    if len(items) <= MAX_ENTRIES:
        for at, item in enumerate(items):
            if item not in known:
                yield problem(f"{key}[{at}]", code, message)


def _dispense_errors(
    values: dict[str, Any],
    sent: DossierInput,
    entries: list[Entry],
    today: date,
    *,
    is_valid: bool,
) -> Iterator[Problem]:
    """The errors of the form's fields; then, when the rest `is_valid`, what the law refuses."""
    if isinstance(sent.dispense, DispenseInput) and values.get("purpose") != DISPENSE:
        message = "Ce formulaire est celui d’une demande de dispense : changez l’objet du dossier."
        yield problem("dispense", "NOT_EXPECTED", message)
    invalid_paths: set[str] = set()
    if "dispense" in values:
        form = DispenseContent(**fill_missing(DispenseContent, values["dispense"]))
        for each in field_errors(form, today):
            invalid_paths.add(f"dispense.{each.path}")
            yield problem(f"dispense.{each.path}", each.code, each.message)
    if is_valid:
        dossier = dossier_of("", 0, built_in=False, content=values)
        for each in dossier_errors(dossier, entries, today):
            if each.path not in invalid_paths:
                yield each
