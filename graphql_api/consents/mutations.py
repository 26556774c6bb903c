"""The mutations of consents."""

from datetime import date
from typing import Annotated

import strawberry

from graphql_api.consents import consents
from graphql_api.consents.outcomes import (
    ConsentGiven,
    ConsentGiveResult,
    ConsentNarrowed,
    ConsentNarrowResult,
    ConsentRenewed,
    ConsentRenewResult,
    ConsentWithdrawn,
    ConsentWithdrawResult,
)
from graphql_api.operations.mutation_support import (
    IdempotencyKey,
    Info,
    Version,
    argument,
    run_mutation,
)
from graphql_api.storage.operation import Operation
from schema.description.bounds import at_most, in_words
from schema.sharing.consent import (
    MAX_CONSENT_MONTHS,
    ConsentInput,
    SummarySection,
    consent_terms,
)

ConsentId = Annotated[strawberry.ID, argument("The consent.")]
TermsArgument = Annotated[ConsentInput, argument("What is consented to.")]
NoticeShown = Annotated[
    str, argument("The `sha256` of the notice that was shown, by consentNotice.")
]


@strawberry.type(description="Consents for regional sites; they are their owner's.")
class ConsentMutations:
    """Give, narrow, renew, withdraw."""

    @strawberry.mutation(
        description="Let a regional site read sections of one's booklet, after showing the notice. Another consent for the same site is replaced only when it is named: it ends, and the site is told to forget its summary."
    )
    def consent_give(
        self,
        info: Info,
        consent: TermsArgument,
        notice: NoticeShown,
        replaces: Annotated[
            strawberry.ID | None,
            argument("The live consent for that site, which this one replaces."),
        ] = None,
        idempotency_key: IdempotencyKey = None,
    ) -> ConsentGiveResult:
        def verb(op: Operation) -> ConsentGiven:
            terms = consent_terms(consent)
            return ConsentGiven(consent=consents.give(op, terms, notice, replaces))

        return run_mutation(info, idempotency_key, verb)

    @strawberry.mutation(
        description="Let a site read fewer sections; to add one, give a new consent."
    )
    def consent_narrow(
        self,
        info: Info,
        id: ConsentId,
        version: Version,
        sections: Annotated[
            list[SummarySection],
            argument(
                f"Those that stay: at least one, fewer than now; {at_most(len(SummarySection))}."
            ),
        ],
        idempotency_key: IdempotencyKey = None,
    ) -> ConsentNarrowResult:
        def verb(op: Operation) -> ConsentNarrowed:
            return ConsentNarrowed(consent=consents.narrow(op, id, version, sections))

        return run_mutation(info, idempotency_key, verb)

    @strawberry.mutation(
        description="Let a consent last longer, after showing the notice of its terms with the new last day."
    )
    def consent_renew(
        self,
        info: Info,
        id: ConsentId,
        version: Version,
        expires_on: Annotated[
            date,
            argument(f"The new last day, within {in_words(MAX_CONSENT_MONTHS)} months from today."),
        ],
        notice: NoticeShown,
        idempotency_key: IdempotencyKey = None,
    ) -> ConsentRenewResult:
        def verb(op: Operation) -> ConsentRenewed:
            return ConsentRenewed(consent=consents.renew(op, id, version, expires_on, notice))

        return run_mutation(info, idempotency_key, verb)

    @strawberry.mutation(
        description="End a consent at once, whatever its version; of one that has ended, the answer says how."
    )
    def consent_withdraw(
        self, info: Info, id: ConsentId, idempotency_key: IdempotencyKey = None
    ) -> ConsentWithdrawResult:
        def verb(op: Operation) -> ConsentWithdrawn:
            return ConsentWithdrawn(consent=consents.withdraw(op, id))

        return run_mutation(info, idempotency_key, verb)
