"""The raw values of a content: what a form starts with, and what its input takes back."""

from typing import Any

from strawberry import UNSET

from schema.description.fields import fields_of


def input_values(content: Any, content_class: type) -> dict[str, Any]:
    """The value of each field by its key, as its input takes it; None for a field without a value.

    The keys are those of the guide of the form, in its order.
    """
    values = {field.key: getattr(content, field.name) for field in fields_of(content_class)}
    return {key: None if value is UNSET else value for key, value in values.items()}
