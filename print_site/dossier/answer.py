"""The base of the structs that describe the API's answer; the same structs are printed.

msgspec refuses any other shape with the path of what is wrong, never with the data. A field's name
is that of the query in snake case, or given by `field(name=…)`. `parsing.py` turns the types that are
no JSON into values: `Title` here, and the references.
"""

from datetime import datetime
from typing import Annotated

import msgspec

LONGEST_TITLE = 400
LARGEST_NUMBER = 1_000_000_000
Count = Annotated[int, msgspec.Meta(ge=0, le=LARGEST_NUMBER)]
Amount = Annotated[float, msgspec.Meta(ge=0, le=LARGEST_NUMBER)]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class AnswerObject(msgspec.Struct, frozen=True, rename="camel"):
    """One object of the answer."""


class Title(str):
    """A title or a label, cut at `LONGEST_TITLE`: references repeat it on many pages."""

    __slots__ = ()


class LabelledCode(AnswerObject, frozen=True):
    """A code and its label."""

    code: str
    label: Title
