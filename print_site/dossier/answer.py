"""The types of the API's answer: its structs say what it must hold, and are what is printed.

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


class Answer(msgspec.Struct, frozen=True, rename="camel"):
    """One object of the answer."""


class Title(str):
    """A text that names something, cut where it cannot be a name any more.

    Such texts are repeated wherever the thing is referred to, which no text without end may be.
    """

    __slots__ = ()


class Code(Answer, frozen=True):
    """A code and its label."""

    code: str
    label: Title
