"""Forms as templates show them, made from the guide's fields: one control for each.

Few choices are radio buttons, up to fifteen a list, more a text field with search; choices that
stand in groups are a list under the names of their groups. A partial date is one text field.
"""

import json
import secrets
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from graphql_api.web.forms.form_conditions import (
    conditions_for_script,
    when_required,
    with_required,
)
from graphql_api.web.forms.form_values import NO, YES, Field, read_code, shown_texts
from graphql_api.web.forms.posted_form import PostedForm
from schema.typography import typeset

MOST_RADIOS = 5
MOST_OPTIONS = 15
_SHORT = 20
_DATE_HINT = "Par exemple : 2019, 03/2019 ou 15/03/2019."
_DAY_HINT = "Sous la forme JJ/MM/AAAA."
_LINES_HINT = "Un par ligne."
_TYPES = {"EMAIL": "email", "PHONE": "tel"}
_INPUT_MODES = {"NUMBER": "decimal", "WHOLE_NUMBER": "numeric"}


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice: what is stored, and what people read."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class ChoiceGroup:
    """Choices under a name, which is empty when they have none."""

    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormField:
    """A field of a form: its control, its words and what it holds.

    `stored` is what somebody else wrote meanwhile; `shown_when` tells the script when the field
    makes sense, `required_when` when it must be filled in too: without the script every field is
    shown, and its hint or the service's refusal says what it needs.
    """

    name: str
    label: str
    control: str
    hint: str = ""
    unit: str = ""
    required: bool = False
    values: tuple[str, ...] = ()
    choices: tuple[ChoiceGroup, ...] = ()
    problem: str = ""
    type: str = "text"
    input_mode: str = ""
    autocomplete: str = "off"
    rows: int = 3
    is_short: bool = False
    stored: str = ""
    shown_when: str = ""
    required_when: str = ""

    @property
    def value(self) -> str:
        """What the control holds, if it holds one text."""
        return ("\n" if self.control == "textarea" else " ").join(self.values)

    @property
    def flat_choices(self) -> tuple[Choice, ...]:
        """All choices, without the names of their groups."""
        return tuple(choice for group in self.choices for choice in group.choices)

    @property
    def described_by(self) -> str:
        """The ids of the texts that describe the control."""
        hint = f"{self.name}-hint" if self.hint else ""
        problem = f"{self.name}-problem" if self.problem else ""
        stored = f"{self.name}-stored" if self.stored else ""
        return " ".join(id for id in (hint, stored, problem) if id)


@dataclass(frozen=True, slots=True)
class FieldGroup:
    """Fields that belong together; the title is empty when they have none."""

    title: str
    fields: tuple[FormField, ...]


@dataclass(frozen=True, slots=True)
class FormProblem:
    """A line of the summary; `field` is the id of the control, empty for a problem of the whole.

    `path` is a page that helps, `remedies` are links with their labels, to pages that complete
    what is missing elsewhere.
    """

    message: str
    field: str = ""
    path: str = ""
    remedies: tuple[Any, ...] = ()

    @property
    def href(self) -> str:
        """Where the line leads: its field, another page, or nowhere."""
        return f"#{self.field}" if self.field else self.path


@dataclass(frozen=True, slots=True)
class Form:
    """A form as a template shows it. `key` makes a second sending harmless; `version` is what was read."""

    groups: tuple[FieldGroup, ...]
    key: str
    version: int | None = None
    problems: tuple[FormProblem, ...] = ()

    @property
    def has_required(self) -> bool:
        """Whether a field must be filled in."""
        return any(field.required for group in self.groups for field in group.fields)


def build_form(
    fields: Iterable[Field],
    tables: Mapping[str, Any],
    texts: Callable[[Field], list[str]],
    *,
    key: str = "",
    version: int | None = None,
    problems: Mapping[str, str] | None = None,
    general: Iterable[FormProblem] = (),
    tick: Container[str] = (),
    stored: Mapping[str, str] | None = None,
) -> Form:
    """The form of these fields. `texts` gives what each holds; `problems` are by field.

    A problem of a field that the form does not have stands in the summary only, as do those of
    the whole form, `general`. `tick` names the yes/no fields that are one box to tick, `stored`
    has what was written meanwhile, by field.
    """
    fields = with_required(list(fields))
    told, written = dict(problems or {}), stored or {}
    tables_of = {field["key"]: field["table"] or "" for field in fields}
    labels = {field["key"]: field["label"] for field in fields}
    obligatory = {field["key"] for field in fields if field["required"]}

    def hint(made: FormField, field: Field) -> str:
        needs = when_required(field, obligatory, labels, tables_of, tables)
        return typeset(" ".join(text for text in (made.hint, needs) if text))

    plain = [
        (field, _form_field(field, tables, texts(field), is_box=field["key"] in tick))
        for field in fields
    ]
    made = [
        (
            (field.get("group") or {}).get("legend", ""),
            replace(
                one,
                hint=hint(one, field),
                problem=_beside(field["label"], told.get(field["key"], "")),
                stored=written.get(field["key"], ""),
                shown_when=_as_json(conditions_for_script(field["shownWhen"], tables_of, tables)),
                required_when=_as_json(
                    [
                        conditions_for_script(rule["conditions"], tables_of, tables)
                        for rule in field["requiredWhen"]
                    ]
                ),
            ),
        )
        for field, one in plain
    ]
    lines = (*general, *summary_of([field for _, field in made], told))
    return Form(_grouped(made), key or new_key(), version, lines)


def summary_of(fields: Iterable[FormField], problems: Mapping[str, str]) -> tuple[FormProblem, ...]:
    """The lines of the summary: each names its field, in the order of these; then what has none."""
    labels = {field.name: field.label for field in fields}
    ordered = [
        FormProblem(_naming(labels[name], problems[name]), name)
        for name in labels
        if name in problems
    ]
    others = [FormProblem(message) for name, message in problems.items() if name not in labels]
    return (*ordered, *others)


def _naming(label: str, message: str) -> str:
    """A message that names its field, which beside the field itself it need not."""
    if label.casefold() in message.casefold():
        return message
    is_word = len(message) > 1 and not message[1].isupper()
    return typeset(f"« {label} » : {message[:1].lower() if is_word else message[:1]}{message[1:]}")


def _beside(label: str, message: str) -> str:
    """A message beside its field, which need not begin with the name of the field."""
    rest = message.removeprefix(typeset(f"« {label} » : "))
    return message if rest == message else rest[:1].upper() + rest[1:]


def stored_texts(values: Mapping[str, Any] | None) -> Callable[[Field], list[str]]:
    """What fields hold that were stored; a form that begins has what the guide suggests."""

    def texts(field: Field) -> list[str]:
        if values is None:
            return _suggested_texts(field)
        return shown_texts(field, values.get(field["key"]))

    return texts


def _suggested_texts(field: Field) -> list[str]:
    suggested = field["suggested"]
    if not suggested:
        return []
    return shown_texts(field, suggested == "true") if field["kind"] == "YES_NO" else [suggested]


def posted_texts(form: PostedForm) -> Callable[[Field], list[str]]:
    """What fields hold that were typed."""
    return lambda field: form.all(field["key"])


def new_key() -> str:
    """A fresh idempotency key."""
    return secrets.token_urlsafe(16)


def _grouped(made: list[tuple[str, FormField]]) -> tuple[FieldGroup, ...]:
    groups: list[tuple[str, list[FormField]]] = []
    for title, field in made:
        if not groups or groups[-1][0] != title:
            groups.append((title, []))
        groups[-1][1].append(field)
    return tuple(FieldGroup(title, tuple(fields)) for title, fields in groups)


def _form_field(
    field: Field, tables: Mapping[str, Any], held: list[str], *, is_box: bool
) -> FormField:
    kind = field["kind"]
    codes = [
        code
        for code in tables.get(field["table"] or "", ())
        if code["code"] not in field["refusedCodes"] or code["code"] in held
    ]
    control, choices = ("check", ()) if is_box else _control(kind, codes, held)
    is_suggested = (
        kind == "YES_NO" and field["suggested"]
    )  # what is unsaid is stored as one of both
    if control == "radio" and not field["required"] and not is_suggested:
        choices = (*choices, ChoiceGroup("", (Choice("", "Non renseigné"),)))
        held = [text for text in held if text] or [""]
    if control == "search":
        labels = {code["code"]: code["label"] for code in codes}
        held = [labels.get(read_code(text, codes), text) for text in held]
    return FormField(
        name=field["key"],
        label=field["label"],
        control=control,
        hint=_hint(field, control),
        unit=field["unit"],
        required=field["required"],
        values=tuple(held),
        choices=choices,
        type=_TYPES.get(field["format"], "text"),
        input_mode=_INPUT_MODES.get(kind, ""),
        autocomplete=field["autofill"] or "off",
        rows=6 if kind == "LONG_TEXT" else 3,
        is_short=control == "text" and _is_short(field),
    )


def _as_json(told: list[Any]) -> str:
    return json.dumps(told, ensure_ascii=False) if told else ""


def _is_short(field: Field) -> bool:
    dates_and_numbers = ("NUMBER", "WHOLE_NUMBER", "PARTIAL_DATE", "DAY")
    return field["kind"] in dates_and_numbers or (field["maxLength"] or _SHORT + 1) <= _SHORT


def _control(
    kind: str, codes: Iterable[Field], held: list[str]
) -> tuple[str, tuple[ChoiceGroup, ...]]:
    """The control of a kind, with its choices: codes no longer chosen only where they were."""
    if kind == "YES_NO":
        yes_no = (Choice(YES, "Oui"), Choice(NO, "Non"))
        return "radio", (ChoiceGroup("", yes_no),)
    if kind in ("TEXTS", "LONG_TEXT") or (kind == "CODES" and not codes):
        return "textarea", ()
    if kind not in ("CODE", "CODES"):
        return "text", ()
    offered = [code for code in codes if not code["retired"] or code["code"] in held]
    groups = _groups(offered)
    if kind == "CODES":
        return "checks", groups
    if len(groups) > 1:
        return "select", groups
    if len(offered) <= MOST_RADIOS:
        return "radio", groups
    return ("select" if len(offered) <= MOST_OPTIONS else "search"), groups


def _groups(codes: Iterable[Field]) -> tuple[ChoiceGroup, ...]:
    groups: dict[str, list[Choice]] = {}
    for code in codes:
        name = code.get("groupLabel") or ""
        groups.setdefault(name, []).append(Choice(code["code"], code["label"]))
    return tuple(ChoiceGroup(name, tuple(choices)) for name, choices in groups.items())


def _hint(field: Field, control: str) -> str:
    added = {"PARTIAL_DATE": _DATE_HINT, "DAY": _DAY_HINT}.get(field["kind"], "")
    if field["kind"] == "PARTIAL_DATE" and field["pattern"]:
        added = f"Par exemple : {field['example']}."  # it takes one of the spellings only
    if control == "textarea" and field["kind"] != "LONG_TEXT":
        added = _LINES_HINT
    if control == "search":
        added = "Tapez les premières lettres, puis choisissez."
    if field["format"] not in (None, "EMAIL") and field["kind"] == "TEXT":
        added = f"Par exemple : {field['example']}."
    hint = field["hint"]
    if added == _LINES_HINT and "par ligne" in hint:
        added = ""
    if field["kind"] == "DAY" and hint.startswith("JJ/MM"):
        hint = ""
    return typeset(" ".join(text for text in (hint, added) if text))
