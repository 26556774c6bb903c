"""Conflicts: both versions of a form side by side, field by field.

What was typed stays in the form, which takes the present version; each field that somebody wrote
otherwise meanwhile (in another tab, on a telephone) says what is stored.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from graphql_api.web.forms.form_values import YES, Field, posted_value, shown_texts
from graphql_api.web.forms.posted_form import PostedForm

_EMPTY = "(vide)"


def changed_meanwhile(
    fields: Iterable[Field],
    tables: Mapping[str, Any],
    form: PostedForm,
    stored: Mapping[str, Any] | None,
) -> dict[str, str]:
    """What is stored in the fields whose typed value differs, as people read it."""
    changed = {}
    for field in fields:
        codes = tables.get(field["table"] or "", ())
        present = (stored or {}).get(field["key"])
        typed = posted_value(field, codes, form)
        if shown_texts(field, present) != shown_texts(field, typed or None):
            changed[field["key"]] = _readable(field, codes, present)
    return changed


def _readable(field: Field, codes: Iterable[Field], value: Any) -> str:
    labels = {code["code"]: code["label"] for code in codes}
    texts = [labels.get(text, text) for text in shown_texts(field, value)]
    if field["kind"] == "YES_NO":
        texts = ["Oui" if text == YES else "Non" for text in texts]
    return ", ".join(texts) or _EMPTY
