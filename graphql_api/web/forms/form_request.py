"""The fields of a form or of a query: each once, in UTF-8, bounded."""

from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.requests import Request

from graphql_api.web.forms.encoded_fields import MalformedRequestError, encoded_fields
from schema.description.text_cleaning import clean_line, refused_character

LONGEST = 4_096
_MOST_FIELDS = 40


@dataclass(frozen=True, slots=True)
class FormRequest:
    """A request whose fields were read; a field that was not sent is empty."""

    http: Request
    fields: dict[str, str]

    @property
    def is_submitted(self) -> bool:
        """Whether a form was sent; a link changes nothing."""
        return self.http.method == "POST"

    def text(self, name: str) -> str:
        """A field as it was typed."""
        return self.fields.get(name, "")

    def line(self, name: str) -> str:
        """A field as one clean line: see `text_cleaning`."""
        return clean_line(self.text(name))


async def read_form(request: Request) -> FormRequest:
    """Read the form of a POST or the query of a GET, or raise `MalformedRequestError`."""
    encoded = await encoded_fields(request)
    try:
        pairs = parse_qsl(
            encoded.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MOST_FIELDS,
        )
    except ValueError:
        raise MalformedRequestError("The fields cannot be decoded.") from None
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise MalformedRequestError("A field is there twice.")
    if any(len(value) > LONGEST or refused_character(value) for value in fields.values()):
        raise MalformedRequestError(
            "A field has characters that no key of a keyboard types, or too many."
        )
    return FormRequest(request, fields)
