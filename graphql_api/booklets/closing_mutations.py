"""The mutations of the end: closing a booklet, ending an account."""

from typing import Annotated

import strawberry

from graphql_api.booklets import closing
from graphql_api.booklets.closing_outcomes import (
    AccountClosed,
    AccountCloseResult,
    BookletClosed,
    BookletCloseResult,
)
from graphql_api.operations.mutation_support import Info, argument, require_agent, run_mutation

_MINUTES = int(closing.RECENT_SIGN_IN.total_seconds()) // 60


@strawberry.type(description="Closing a booklet, ending an account: final, and at once.")
class ClosingMutations:
    """They take no idempotency key: nothing is left in which to keep an answer."""

    @strawberry.mutation(
        description=f"Close one's own booklet, in any state: everything entered is deleted at once and for ever. Needs a sign-in of less than {_MINUTES} minutes. The account stays; a new code is needed to begin again."
    )
    def booklet_close(
        self,
        info: Info,
        confirmation: Annotated[
            str, argument("« FERMER MON LIVRET », typed by hand, in capitals or not.")
        ],
    ) -> BookletCloseResult:
        return run_mutation(
            info,
            None,
            lambda op: BookletClosed(
                receipt=closing.close_booklet(op, require_agent(op), confirmation)
            ),
        )

    @strawberry.mutation(
        description=f"End one's own account and close one's booklet, if there is one, at once and for ever. Needs a sign-in of less than {_MINUTES} minutes. Whoever comes back is a new person."
    )
    def account_close(
        self,
        info: Info,
        confirmation: Annotated[
            str, argument("« SUPPRIMER MON COMPTE », typed by hand, in capitals or not.")
        ],
    ) -> AccountCloseResult:
        return run_mutation(
            info,
            None,
            lambda op: AccountClosed(
                closed_at=op.now,
                booklet_receipt=closing.close_account(op, require_agent(op), confirmation),
            ),
        )
