"""From what people type to what the API takes, and back, by the kind of a field.

A value that cannot be read stays as it was typed: the API refuses it with its own sentence, beside
its field. Only what GraphQL itself could not take (a number that is none) is refused here.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from graphql_api.web.forms.posted_form import PostedForm
from schema.description.dates import date_fault, iso_form
from schema.description.text_cleaning import clean_line
from schema.typography import typeset

Field = Mapping[str, Any]
YES, NO = "oui", "non"
_WHOLE = re.compile(r"[+-]?\d{1,9}")
_NUMBER = re.compile(r"[+-]?\d{1,12}(?:[.,]\d{1,6})?|[+-]?[.,]\d{1,6}")
_LARGEST = 2**31


def posted_input(
    fields: Iterable[Field], tables: Mapping[str, Any], form: PostedForm, *, erase: bool
) -> tuple[dict[str, Any], dict[str, str]]:
    """The input that a form says, and the problems of what GraphQL cannot take, by field.

    `erase` sends null for what is left blank, as a revision needs; else it is left out.
    """
    content: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for field in fields:
        key = field["key"]
        if key not in form and field["kind"] not in ("CODES", "YES_NO"):
            continue
        value = posted_value(field, tables.get(field["table"] or "", ()), form)
        if isinstance(value, str) and value and field["kind"] in ("NUMBER", "WHOLE_NUMBER"):
            whole = field["kind"] == "WHOLE_NUMBER"
            asked = "indiquez un nombre entier" if whole else "indiquez un nombre"
            problems[key] = typeset(f"« {field['label']} » : {asked}.")
        elif value in (None, "", []):
            if erase:
                content[key] = None
        else:
            content[key] = value
    return content, problems


def without_unread_days(
    fields: Iterable[Field], content: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, str]]:
    """The content without the days that its `Date` could not take, and the problems of these."""
    problems = {
        field["key"]: typeset(f"« {field['label']} » : {fault}.")
        for field in fields
        if field["kind"] == "DAY"
        and (written := content.get(field["key"])) is not None
        and (fault := date_fault(written, to_the_day=True)) is not None
    }
    return {key: value for key, value in content.items() if key not in problems}, problems


def posted_value(field: Field, codes: Iterable[Field], form: PostedForm) -> Any:
    """The value of one field as the API takes it; a text where it cannot be read."""
    key, kind = field["key"], field["kind"]
    text = form.text(key).strip()
    match kind:
        case "CODES" if field["table"]:
            return [code for code in form.all(key) if code]
        case "TEXTS" | "CODES":
            return [line.strip() for line in form.text(key).splitlines() if line.strip()]
        case "LONG_TEXT":
            return form.text(key)
        case "PARTIAL_DATE" | "DAY":
            return iso_form(clean_line(text))
        case "CODE":
            return read_code(text, codes)
        case "WHOLE_NUMBER":
            plain = _plain_number(field, text)
            return int(plain) if _WHOLE.fullmatch(plain) and int(plain) < _LARGEST else text
        case "NUMBER":
            plain = _plain_number(field, text)
            return float(plain.replace(",", ".")) if _NUMBER.fullmatch(plain) else text
        case "YES_NO":
            return {YES: True, NO: False}.get(text)
        case _:
            return form.text(key)


def read_code(text: str, codes: Iterable[Field]) -> str:
    """The code whose label was typed, or the text, which may be a code itself."""
    wanted = _plain(text)
    for code in codes:
        if text == code["code"] or wanted == _plain(code["label"]):
            return str(code["code"])
    return text


def shown_texts(field: Field, value: Any) -> list[str]:
    """A stored value as a form shows it: the texts of its control, none when it is absent."""
    if value is None:
        return []
    if isinstance(value, bool):
        return [YES if value else NO]
    if isinstance(value, list):
        return [str(one) for one in value]
    if isinstance(value, float):
        return [f"{value:.2f}".rstrip("0").rstrip(".").replace(".", ",")]
    if field["kind"] in ("PARTIAL_DATE", "DAY"):
        return ["/".join(reversed(str(value).split("-")))]
    return [str(value)]


def _plain_number(field: Field, text: str) -> str:
    """A number without spaces, and without the « % » that its label already says."""
    plain = re.sub(r"\s", "", text)
    return plain.removesuffix("%") if "(%)" in field["label"] else plain


def _plain(text: str) -> str:
    return " ".join(text.replace("’", "'").split()).casefold()
