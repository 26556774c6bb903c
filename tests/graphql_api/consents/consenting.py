"""How tests of summaries have owners consent."""

from typing import Any

from tests.conftest import Caller, Here
from tests.graphql_api.consents.consents import day, given
from tests.graphql_api.summaries.summaries import SECTIONS


def consent(here: Here, owner: Caller, *sections: str, days: int = 90, **more: Any) -> str:
    """The id of a consent that an owner gives, after reading the notice; all sections unless said."""
    made = given(here, owner, *(sections or SECTIONS), expiresOn=day(here, days), **more)
    return str(made["id"])
