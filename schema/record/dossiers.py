"""The dossiers of a record: what was chosen, written and read back; the built-in one is in none.

A dossier that says nothing of its selection communicates nothing until its owner chooses.
"""

from collections.abc import Collection, Mapping
from enum import Enum
from typing import Any

from schema.description.fields import fields_of
from schema.description.rubric import Part, RubricName, ValidationContext
from schema.description.validation import field_faults, in_order
from schema.dossiers.dispense import DispenseContent
from schema.dossiers.dossier import IDENTITY_FIELDS, MOST_DOSSIERS, WHOLE_BOOKLET, Dossier
from schema.dossiers.dossier_input import DossierContent
from schema.dossiers.purposes import DISPENSE, Annex
from schema.entries.shapes import complete
from schema.record.values import Values

_COVER = "title purpose recipient"
_CHOICE = "parts rubrics entries identityFields situation annexes dispense"


def written_dossier(dossier: Dossier, known: Collection[str]) -> dict[str, Any]:
    """What the record says of a dossier; of the entries that it names, those that are `known`."""
    form = dossier.dispense
    told = {
        "id": dossier.id,
        "title": dossier.title,
        "purpose": dossier.purpose.code,
        "recipient": dossier.recipient,
        "parts": [part.value for part in dossier.parts],
        "rubrics": [rubric.value for rubric in dossier.rubrics],
        "entries": [id for id in dossier.named if id in known],
        "identityFields": list(dossier.identity_fields),
        "situation": dossier.situation,
        "annexes": [annex.value for annex in dossier.annexes],
        "dispense": form and _written_form(form),
    }
    return {key: value for key, value in told.items() if value}


def _written_form(form: DispenseContent) -> dict[str, Any]:
    values = {each.key: getattr(form, each.name) for each in fields_of(DispenseContent)}
    return {key: value for key, value in values.items() if value is not None}


def read_dossiers(
    values: Values,
    path: str,
    value: object,
    context: ValidationContext,
    rubrics: Mapping[str, object],
) -> dict[str, dict[str, Any]]:
    """What is to be stored of each dossier, by id; `rubrics` are those of the record's entries."""
    dossiers: dict[str, dict[str, Any]] = {}
    for at, item in values.items(path, value, MOST_DOSSIERS):
        found = values.fields(at, item, "id", f"{_COVER} {_CHOICE}")
        if found is None:
            continue
        id = values.id(f"{at}.id", found.get("id"))
        if id in dossiers:
            values.say(f"{at}.id", "DUPLICATE", "Cet identifiant a déjà servi.")
        cover = {key: found[key] for key in _COVER.split() if key in found}
        read = _form(values, at, cover, DossierContent, context)
        if read.get("purpose") == WHOLE_BOOKLET:
            values.say(f"{at}.purpose", "UNKNOWN_CODE", "Le livret complet ne s’importe pas.")
        read |= _choice(values, at, found, rubrics)
        if found.get("dispense") is not None:
            form = values.typed(f"{at}.dispense", found["dispense"], dict)
            if read.get("purpose") != DISPENSE:
                message = "Ce formulaire est celui d’une demande de dispense."
                values.say(f"{at}.dispense", "NOT_EXPECTED", message)
            if form is not None:
                read["dispense"] = _form(values, f"{at}.dispense", form, DispenseContent, context)
        if id is not None:
            dossiers[id] = read
    return dossiers


def _choice(
    values: Values, at: str, found: dict[str, Any], rubrics: Mapping[str, object]
) -> dict[str, Any]:
    read: dict[str, Any] = {
        name: _codes(values, f"{at}.{key}", found.get(key), known)
        for name, key, known in (
            ("parts", "parts", _names(Part)),
            ("rubrics", "rubrics", _names(RubricName)),
            ("identity_fields", "identityFields", IDENTITY_FIELDS),
            ("annexes", "annexes", _names(Annex)),
        )
    }
    read["entries"] = _named(values, f"{at}.entries", found.get("entries"), rubrics)
    if found.get("situation") is not None:
        read["situation"] = values.typed(f"{at}.situation", found["situation"], bool)
    return {name: chosen for name, chosen in read.items() if chosen}


def _codes(values: Values, path: str, value: object, known: Collection[str]) -> list[str]:
    codes: list[str] = []
    for at, item in values.items(path, value, len(known)):
        code = values.typed(at, item, str)
        if code is not None and code not in known:
            values.say(at, "UNKNOWN_CODE", "Ce choix n’existe pas.")
        elif code in codes:
            values.say(at, "DUPLICATE", "Cet élément est répété.")
        codes.append(code)
    return codes


def _named(
    values: Values, path: str, value: object, rubrics: Mapping[str, object]
) -> list[str | None]:
    named: list[str | None] = []
    for at, item in values.items(path, value, max(1, len(rubrics))):
        id = values.id(at, item)
        if id is not None and id not in rubrics:
            values.say(at, "NOT_FOUND", "Aucun élément du livret exporté n’a cet identifiant.")
        elif id is not None and id in named:
            values.say(at, "DUPLICATE", "Cet élément est répété.")
        named.append(id)
    return named


def _form(
    values: Values,
    path: str,
    found: dict[str, Any],
    content_class: type,
    context: ValidationContext,
) -> dict[str, Any]:
    """The described fields of a form, by Python name; what is wrong with them is said."""
    filled, wrong = values.content(path, found, content_class)
    content = content_class(**complete(content_class, filled))
    for each in in_order(content, list(field_faults(content, context.today))):
        if each.path not in wrong:
            values.add(each, path)
    return {name: value for name, value in filled.items() if value is not None}


def _names(enum: type[Enum]) -> tuple[str, ...]:
    return tuple(enum.__members__)
