"""Acts that give or take a right: they ask for a recent sign-in, and are taken up again after it."""

from typing import Any

from graphql_api.page_kit.page_errors import SignInAgainError
from graphql_api.page_kit.stored_documents import StoredDocument
from graphql_api.page_kit.views import PageRequest

_SIGN_IN_AGAIN = "RECENT_SIGN_IN_REQUIRED"


async def do_recently(
    page: PageRequest, document: StoredDocument, **variables: Any
) -> dict[str, Any]:
    """What a mutation answers, as `page.do` tells it.

    Raises `SignInAgainError` when it asks for a recent sign-in: the form is then kept meanwhile.
    """
    answer = await page.do(document, **variables)
    if answer.get("code") == _SIGN_IN_AGAIN:
        raise SignInAgainError
    return answer
