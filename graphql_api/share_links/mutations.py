"""The mutations of share links."""

from datetime import date
from typing import Annotated

import strawberry

from graphql_api.operations.mutation_support import IdempotencyKey, Info, argument, run_mutation
from graphql_api.share_links import share_links
from graphql_api.share_links.outcomes import (
    ShareLinkIssued,
    ShareLinkIssueResult,
    ShareLinkRevoked,
    ShareLinkRevokeResult,
)
from graphql_api.storage.operation import Operation
from schema.description.bounds import at_most, in_words
from schema.sharing.share_link import (
    MAX_LINK_DAYS,
    MAX_LIVE_LINKS,
    MAX_VIEWS,
    MAX_WRONG_PINS,
    SHARE_LINK_NAME_LENGTH,
    USUAL_LINK_DAYS,
    share_link_terms,
)


@strawberry.type(description="Share links; they are their owner's.")
class ShareLinkMutations:
    """Issue, revoke."""

    @strawberry.mutation(
        description=f"Issue a link by which somebody without an account reads a dossier as it is when they read it. At most {MAX_LIVE_LINKS} of a dossier are live."
    )
    def share_link_issue(
        self,
        info: Info,
        dossier: Annotated[strawberry.ID, argument("The dossier.")],
        name: Annotated[
            str,
            argument(
                f"To recognise the link by, {at_most(SHARE_LINK_NAME_LENGTH)} characters; readers do not see it."
            ),
        ],
        expires_on: Annotated[
            date | None,
            argument(
                f"The last day: within {MAX_LINK_DAYS} days; in {USUAL_LINK_DAYS} days unless said."
            ),
        ] = None,
        views: Annotated[
            int | None,
            argument(f"How often it may be opened, 1 to {MAX_VIEWS}; without a limit unless said."),
        ] = None,
        with_pin: Annotated[
            bool,
            argument(
                f"Whether a PIN is to be asked for, which {in_words(MAX_WRONG_PINS)} wrong ones lock."
            ),
        ] = False,
        idempotency_key: IdempotencyKey = None,
    ) -> ShareLinkIssueResult:
        def verb(op: Operation) -> ShareLinkIssued:
            terms = share_link_terms(name, expires_on, views, op.today, has_pin=with_pin)
            issued = share_links.issue(op, dossier, terms)
            return ShareLinkIssued(link=issued.link, url=issued.url, pin=issued.pin)

        answer: ShareLinkIssueResult = run_mutation(info, idempotency_key, verb)
        return answer

    @strawberry.mutation(
        description="Let a link open nothing any more, also for who is reading by it; the dossier stays."
    )
    def share_link_revoke(
        self,
        info: Info,
        id: Annotated[strawberry.ID, argument("The link.")],
        idempotency_key: IdempotencyKey = None,
    ) -> ShareLinkRevokeResult:
        def verb(op: Operation) -> ShareLinkRevoked:
            return ShareLinkRevoked(link=share_links.revoke(op, id))

        answer: ShareLinkRevokeResult = run_mutation(info, idempotency_key, verb)
        return answer
