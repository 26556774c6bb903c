"""The mutations of the booklet itself: opening it, its identity, closing it."""

from typing import Annotated

import strawberry

from graphql_api.booklets import closing, damaged_parts, opening
from graphql_api.booklets.identity import revise_identity, revise_situation
from graphql_api.booklets.outcomes import (
    AccountClosed,
    AccountCloseResult,
    BookletClosed,
    BookletCloseResult,
    BookletOpened,
    BookletOpenResult,
    CharterAccepted,
    CharterAcceptResult,
    CharterRefused,
    CharterRefuseResult,
    DamagedPartRemoved,
    DamagedPartRemoveResult,
    IdentityRevised,
    IdentityReviseResult,
    SituationRevised,
    SituationReviseResult,
)
from graphql_api.operations.mutation_support import (
    IdempotencyKey,
    Info,
    argument,
    require_agent,
    run_mutation,
)
from graphql_api.storage.operation import Operation
from schema.closing import CLOSE_ACCOUNT, CLOSE_BOOKLET, RECENT_MINUTES
from schema.damage import StoredKind
from schema.entries.identity import EMAIL_AGAIN, IdentityContent
from schema.entries.situation import SituationContent


@strawberry.input(
    description="The identity form. Absent: unchanged; null: erased. The e-mail is typed twice."
)
class IdentityInput(IdentityContent):
    """The guide's form, with the typed confirmation."""

    email_confirmation: str | None = strawberry.field(
        default=strawberry.UNSET,
        description=f"« {EMAIL_AGAIN} »: the same e-mail again, whenever one is sent; not kept.",
    )


@strawberry.input(
    description="The current situation. Absent: unchanged; null: erased. Everything is optional."
)
class SituationInput(SituationContent):
    """The present post."""


@strawberry.type(description="Opening a booklet and saying whose it is.")
class BookletMutations:
    """The guide's first steps."""

    @strawberry.mutation(
        description="Begin a booklet with the authorization code that the collectivité handed out; asked once."
    )
    def booklet_open(
        self,
        info: Info,
        code: Annotated[str, argument("The code, in any spelling of case and dashes.")],
    ) -> BookletOpenResult:
        return run_mutation(
            info,
            None,
            lambda op: BookletOpened(booklet=opening.open_booklet(op, require_agent(op), code)),
        )

    @strawberry.mutation(description="Accept the charter that was shown; consumes the code.")
    def charter_accept(
        self,
        info: Info,
        version: Annotated[str, argument("The version of the charter that was shown.")],
    ) -> CharterAcceptResult:
        return run_mutation(
            info, None, lambda op: CharterAccepted(booklet=opening.accept_charter(op, version))
        )

    @strawberry.mutation(
        description="Refuse the charter: nothing of the attempt is left, and the code may serve again."
    )
    def charter_refuse(self, info: Info) -> CharterRefuseResult:
        def verb(op: Operation) -> CharterRefused:
            opening.refuse_charter(op)
            return CharterRefused(code_unused=True)

        return run_mutation(info, None, verb)

    @strawberry.mutation(description="Write the identity; the first time, this opens the booklet.")
    def identity_revise(
        self,
        info: Info,
        identity: Annotated[IdentityInput, argument("The fields to write.")],
        version: Annotated[
            int, argument("The identity's version that the caller last saw; 0 at first.")
        ],
        idempotency_key: IdempotencyKey = None,
    ) -> IdentityReviseResult:
        confirmation = identity.email_confirmation
        return run_mutation(
            info,
            idempotency_key,
            lambda op: IdentityRevised(
                booklet=revise_identity(
                    op, identity, confirmation if isinstance(confirmation, str) else None, version
                )
            ),
        )

    @strawberry.mutation(
        description="Write the current situation: the present post, by the owner's own word."
    )
    def situation_revise(
        self,
        info: Info,
        situation: Annotated[SituationInput, argument("The fields to write.")],
        version: Annotated[
            int, argument("The situation's version that the caller last saw; 0 at first.")
        ],
        idempotency_key: IdempotencyKey = None,
    ) -> SituationReviseResult:
        return run_mutation(
            info,
            idempotency_key,
            lambda op: SituationRevised(booklet=revise_situation(op, situation, version)),
        )

    @strawberry.mutation(
        description="Remove for good a part that cannot be read (`Booklet.damaged`), with the links that it had. Nothing that reads is removed. Without its identity a booklet waits for a new one."
    )
    def damaged_part_remove(
        self,
        info: Info,
        kind: Annotated[StoredKind, argument("The kind of the part.")],
        id: Annotated[strawberry.ID, argument("Its id, as `Booklet.damaged` gives it.")],
    ) -> DamagedPartRemoveResult:
        return run_mutation(
            info,
            None,
            lambda op: DamagedPartRemoved(booklet=damaged_parts.remove(op, kind, id)),
        )


@strawberry.type(description="Closing a booklet, ending an account: final, and at once.")
class ClosingMutations:
    """They take no idempotency key: nothing is left in which to keep an answer."""

    @strawberry.mutation(
        description=f"Close one's own booklet, in any state: everything entered is deleted at once and for ever. Needs a sign-in of less than {RECENT_MINUTES} minutes. The account stays; a new code is needed to begin again."
    )
    def booklet_close(
        self,
        info: Info,
        confirmation: Annotated[
            str, argument(f"« {CLOSE_BOOKLET} », typed by hand, in capitals or not.")
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
        description=f"End one's own account and close one's booklet, if there is one, at once and for ever. Needs a sign-in of less than {RECENT_MINUTES} minutes. Whoever comes back is a new person."
    )
    def account_close(
        self,
        info: Info,
        confirmation: Annotated[
            str, argument(f"« {CLOSE_ACCOUNT} », typed by hand, in capitals or not.")
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
