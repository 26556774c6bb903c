"""A form as a page receives it: fields that may come several times, bounded as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from starlette.requests import Request

from graphql_api.web.forms.encoded_fields import MalformedRequestError, form_bytes

MAX_FORM_BYTES = 65_536
MAX_FORM_FIELDS = 2_000


@dataclass(frozen=True, slots=True)
class PostedForm:
    """The fields that were sent, each with its values in order."""

    values: Mapping[str, list[str]] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The last value of a field; empty when it was not sent."""
        return self.values.get(name, [""])[-1]

    def all(self, name: str) -> list[str]:
        """All values of a field."""
        return list(self.values.get(name, ()))

    def __contains__(self, name: str) -> bool:
        return name in self.values


async def read_posted_form(request: Request) -> PostedForm:
    """The form in the body of a request. Raises `MalformedRequestError`."""
    return parse_form(await form_bytes(request, MAX_FORM_BYTES))


def parse_form(body: bytes) -> PostedForm:
    """The form that is written in these bytes. Raises `MalformedRequestError`."""
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, max_num_fields=MAX_FORM_FIELDS
        )
    except ValueError:
        raise MalformedRequestError("The fields cannot be decoded.") from None
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        # No text may hold NUL, which PostgreSQL cannot store and no keyboard types.
        values.setdefault(name, []).append(value.replace("\0", ""))
    return PostedForm(values)
