"""The names and the address in a provider's claims, cleaned."""

import unicodedata
from collections.abc import Mapping
from typing import Any

from graphql_api.identity_provider.accounts.form_validation import LONGEST_NAME
from graphql_api.web.email_addresses import normalize


def name_claim(claims: Mapping[str, Any], claim: str) -> str:
    """A name on one line, at most as long as one of ours; empty when there is none."""
    text = claims.get(claim)
    if not isinstance(text, str):
        return ""
    kept = "".join(
        character if unicodedata.category(character)[0] not in "CZ" else " "
        for character in text[: 4 * LONGEST_NAME]
    )
    return unicodedata.normalize("NFC", " ".join(kept.split()))[:LONGEST_NAME].strip()


def email_claim(claims: Mapping[str, Any]) -> str:
    """The e-mail address, normalized; empty when there is none.

    It is never taken as proven, whatever the provider says of it: an address of an employer
    outlives the job, and the readers of its e-mails must not reach the account by them.
    """
    text = claims.get("email")
    return (normalize(text) or "") if isinstance(text, str) else ""
