"""What fields of a form need because of others: told in a sentence, and to the script."""

from collections.abc import Container, Iterable, Mapping
from typing import Any

from graphql_api.web.forms.form_values import Field


def with_required(fields: list[Field]) -> list[Field]:
    """The fields, of which one that is required once an obligatory one is filled in is so always."""
    obligatory = {field["key"] for field in fields if field["required"]}
    return [
        {**field, "required": True}
        if any(
            rule["conditions"]
            and all(
                one["test"] == "FILLED" and one["field"] in obligatory for one in rule["conditions"]
            )
            for rule in field["requiredWhen"]
        )
        else field
        for field in fields
    ]


def when_required(
    field: Field,
    obligatory: Container[str],
    labels: Mapping[str, str],
    tables_of: Mapping[str, str],
    tables: Mapping[str, Any],
) -> str:
    """When the field is required because of others, where a short sentence can say it.

    That an obligatory field is filled in is no condition.
    """
    if field["required"] or len(field["requiredWhen"]) != 1:
        return ""
    (rule,) = field["requiredWhen"]
    needs, unless = [], []
    for one in rule["conditions"]:
        label, values = labels.get(one["field"], ""), one["values"]
        codes = {
            code["code"]: code["label"] for code in tables.get(tables_of.get(one["field"], ""), ())
        }
        if one["test"] == "FILLED" and one["field"] in obligatory:
            continue
        if one["test"] == "FILLED" and label:
            needs.append(f"si vous renseignez « {label} »")
        elif one["test"] == "ONE_OF" and len(values) == 1 and values[0] in codes and label:
            needs.append(f"si « {label} » est « {codes[values[0]]} »")
        elif one["test"] == "NONE_OF" and values == ["true"] and label:
            unless.append(f"sauf avec « {label} »")
        else:
            return ""
    if not needs and not unless:
        return ""
    told = f"Obligatoire {', '.join(needs)}" if needs else "Obligatoire"
    return f"{', '.join((told, *unless))}."


def conditions_for_script(
    conditions: Iterable[Field], tables_of: Mapping[str, str], tables: Mapping[str, Any]
) -> list[Field]:
    """Conditions with the labels of codes: a field with search holds these."""
    told: list[Field] = []
    for one in conditions:
        codes = tables.get(tables_of.get(one["field"], ""), ())
        labels = [code["label"] for code in codes if code["code"] in one["values"]]
        told.append({**one, "values": [*one["values"], *labels]})
    return told
