"""The dossiers of a record, written and read back; the built-in dossier is in no record.

A dossier without a selection communicates nothing until its owner chooses.
"""

from collections.abc import Collection, Mapping
from enum import Enum
from typing import Any

from schema.description.fields import fields_of
from schema.description.rubric import Part, RubricName, ValidationContext
from schema.description.validation import field_errors, sort_by_field
from schema.dossiers.dispense import DispenseContent
from schema.dossiers.dossier import IDENTITY_FIELDS, MAX_DOSSIERS, WHOLE_BOOKLET, Dossier
from schema.dossiers.inputs import DossierContent
from schema.dossiers.purposes import DISPENSE, Annex, DossierForm
from schema.entries.shapes import fill_missing
from schema.record.values import ValueReader

_COVER = "title purpose soughtPost recipient"
_SELECTION = "parts rubrics entries identityFields situation annexes form dispense"


def dossier_record(dossier: Dossier, known: Collection[str]) -> dict[str, Any]:
    """A dossier as the record writes it; of the entries that it names, those that are `known`."""
    form = dossier.dispense
    values = {
        "id": dossier.id,
        "title": dossier.title,
        "purpose": dossier.purpose.code,
        "soughtPost": dossier.sought_post,
        "recipient": dossier.recipient,
        "parts": [part.value for part in dossier.parts],
        "rubrics": [rubric.value for rubric in dossier.rubrics],
        "entries": [id for id in dossier.named_entries if id in known],
        "identityFields": list(dossier.identity_fields),
        "situation": dossier.situation,
        "annexes": [annex.value for annex in dossier.annexes],
        "form": dossier.form.value,
        "dispense": form and _form_record(form),
    }
    return {key: value for key, value in values.items() if value}


def _form_record(form: DispenseContent) -> dict[str, Any]:
    values = {each.key: getattr(form, each.name) for each in fields_of(DispenseContent)}
    return {key: value for key, value in values.items() if value is not None}


def read_dossiers(
    reader: ValueReader,
    path: str,
    value: object,
    context: ValidationContext,
    rubrics: Mapping[str, object],
) -> dict[str, dict[str, Any]]:
    """The content to store of each dossier, by id; `rubrics` are those of the record's entries."""
    dossiers: dict[str, dict[str, Any]] = {}
    for at, item in reader.read_list(path, value, MAX_DOSSIERS):
        data = reader.read_object(at, item, "id", f"{_COVER} {_SELECTION}")
        if data is None:
            continue
        id = reader.read_id(f"{at}.id", data.get("id"))
        if id in dossiers:
            reader.add_error(f"{at}.id", "DUPLICATE", "Cet identifiant a déjà servi.")
        cover = {key: data[key] for key in _COVER.split() if key in data}
        read = _read_form(reader, at, cover, DossierContent, context)
        if read.get("purpose") == WHOLE_BOOKLET:
            reader.add_error(f"{at}.purpose", "UNKNOWN_CODE", "Le livret complet ne s’importe pas.")
        read |= _read_selection(reader, at, data, rubrics)
        if data.get("dispense") is not None:
            form = reader.read_type(f"{at}.dispense", data["dispense"], dict)
            if read.get("purpose") != DISPENSE:
                message = "Ce formulaire est celui d’une demande de dispense."
                reader.add_error(f"{at}.dispense", "NOT_EXPECTED", message)
            if form is not None:
                read["dispense"] = _read_form(
                    reader, f"{at}.dispense", form, DispenseContent, context
                )
        if id is not None:
            dossiers[id] = read
    return dossiers


def _read_selection(
    reader: ValueReader, at: str, data: dict[str, Any], rubrics: Mapping[str, object]
) -> dict[str, Any]:
    read: dict[str, Any] = {
        name: _read_choices(reader, f"{at}.{key}", data.get(key), known)
        for name, key, known in (
            ("parts", "parts", _names(Part)),
            ("rubrics", "rubrics", _names(RubricName)),
            ("identity_fields", "identityFields", IDENTITY_FIELDS),
            ("annexes", "annexes", _names(Annex)),
        )
    }
    read["entries"] = _read_entry_ids(reader, f"{at}.entries", data.get("entries"), rubrics)
    if data.get("situation") is not None:
        read["situation"] = reader.read_type(f"{at}.situation", data["situation"], bool)
    if data.get("form") is not None:
        form = reader.read_type(f"{at}.form", data["form"], str)
        if form is not None and form not in _names(DossierForm):
            reader.add_error(f"{at}.form", "UNKNOWN_CODE", "Cette forme n’existe pas.")
        read["form"] = form
    return {name: chosen for name, chosen in read.items() if chosen}


def _read_choices(
    reader: ValueReader, path: str, value: object, known: Collection[str]
) -> list[str]:
    codes: list[str] = []
    for at, item in reader.read_list(path, value, len(known)):
        code = reader.read_type(at, item, str)
        if code is not None and code not in known:
            reader.add_error(at, "UNKNOWN_CODE", "Ce choix n’existe pas.")
        elif code in codes:
            reader.add_error(at, "DUPLICATE", "Cet élément est répété.")
        codes.append(code)
    return codes


def _read_entry_ids(
    reader: ValueReader, path: str, value: object, rubrics: Mapping[str, object]
) -> list[str | None]:
    named: list[str | None] = []
    for at, item in reader.read_list(path, value, max(1, len(rubrics))):
        id = reader.read_id(at, item)
        if id is not None and id not in rubrics:
            reader.add_error(
                at, "NOT_FOUND", "Aucun élément du livret exporté n’a cet identifiant."
            )
        elif id is not None and id in named:
            reader.add_error(at, "DUPLICATE", "Cet élément est répété.")
        named.append(id)
    return named


def _read_form(
    reader: ValueReader,
    path: str,
    data: dict[str, Any],
    content_class: type,
    context: ValidationContext,
) -> dict[str, Any]:
    """Read a form: its filled fields, by Python name; its errors are added to the reader's."""
    filled, unreadable = reader.read_fields(path, data, content_class)
    content = content_class(**fill_missing(content_class, filled))
    for each in sort_by_field(content, list(field_errors(content, context.today))):
        if each.path not in unreadable:
            reader.add_problem(each, path)
    return {name: value for name, value in filled.items() if value is not None}


def _names(enum: type[Enum]) -> tuple[str, ...]:
    return tuple(enum.__members__)
