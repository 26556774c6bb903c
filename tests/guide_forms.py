"""Forms as a front end builds them: from what the guide queries say, and from nothing else.

A field is what the API tells of it, a content what a form holds, both by the field's key.
"""

from typing import Any

FIELDS = """
  key label hint kind required recommended maxLength maxItems minimum maximum
  pattern format patternMessage table labels suggested unit future
  group { key legend }
  requiredWhen { ...R } refusedWhen { ...R } recommendedWhen { ...R }
  shownWhen { field test values }
  dependsOn { field choices { value codes strict } }
  refusedCodes example
"""
RULE = "fragment R on FieldRule { conditions { field test values } code message }"


def is_filled(value: Any) -> bool:
    """Whether a form's field holds something."""
    return value not in (None, "", [])


def holds(condition: Any, content: dict[str, Any]) -> bool:
    """Whether a content meets a condition of the guide."""
    value = content.get(condition["field"])
    if condition["test"] == "FILLED":
        return is_filled(value)
    told = {True: "true", False: "false"}.get(value, value) if isinstance(value, bool) else value
    found = told in condition["values"]
    return found if condition["test"] == "ONE_OF" else not found


def applying(rules: Any, content: dict[str, Any]) -> Any:
    """The first rule that applies to a content; None when none does."""
    return next(
        (rule for rule in rules if all(holds(each, content) for each in rule["conditions"])), None
    )


def is_required(field: Any, content: dict[str, Any]) -> bool:
    """Whether a form has to ask for the field."""
    return field["required"] or applying(field["requiredWhen"], content) is not None


def is_shown(field: Any, content: dict[str, Any]) -> bool:
    """Whether a form shows the field."""
    return all(holds(condition, content) for condition in field["shownWhen"])


def choice_for(field: Any, content: dict[str, Any]) -> Any:
    """The line of the field's dependent table that a content calls for; None when there is none."""
    dependent = field["dependsOn"]
    if dependent is None:
        return None
    value = content.get(dependent["field"])
    return next((each for each in dependent["choices"] if each["value"] == value), None)


def offered_codes(field: Any, table: list[str], content: dict[str, Any]) -> list[str]:
    """The codes that a form offers in a field."""
    chosen = choice_for(field, content)
    fitting = table if chosen is None else chosen["codes"]
    return [code for code in fitting if code not in field["refusedCodes"]]


def example_of(field: Any) -> Any:
    """The example of a field, as its input takes it."""
    text = field["example"]
    if field["kind"] in ("TEXTS", "CODES"):
        return [text]
    if field["kind"] in ("NUMBER", "WHOLE_NUMBER"):
        return int(text) if field["kind"] == "WHOLE_NUMBER" else float(text)
    return text == "true" if field["kind"] == "YES_NO" else text


def filled_in(fields: list[Any]) -> dict[str, Any]:
    """A form whose fields hold their examples; those that it then does not show stay empty."""
    content = {field["key"]: example_of(field) for field in fields}
    while hidden := [
        field["key"] for field in fields if field["key"] in content and not is_shown(field, content)
    ]:
        content.pop(hidden[0])
    return content


def expected_warnings(fields: list[Any], content: dict[str, Any]) -> set[str]:
    """The keys of the empty fields that the guide recommends for a content."""
    return {
        field["key"]
        for field in fields
        if not is_filled(content.get(field["key"]))
        and (field["recommended"] or applying(field["recommendedWhen"], content) is not None)
    }


def expected_errors(fields: list[Any], content: dict[str, Any]) -> set[tuple[str, str]]:
    """The key and the code of each refusal that the guide tells of a content."""
    found = set()
    for field in fields:
        value = content.get(field["key"])
        if not is_filled(value):
            if is_required(field, content):
                found.add((field["key"], "REQUIRED"))
        elif (rule := applying(field["refusedWhen"], content)) is not None:
            found.add((field["key"], rule["code"]))
    return found
