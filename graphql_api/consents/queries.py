"""The queries before a consent: to whom, and what is to be shown."""

import strawberry

from graphql_api.callers import sites as site_register
from graphql_api.consents import consents
from graphql_api.consents.mutations import TermsArgument
from graphql_api.consents.outcomes import ConsentNoticeResult
from graphql_api.operations.mutation_support import Info
from schema.description.bounds import at_most
from schema.description.refusals import InvalidEntry, Refused
from schema.sharing.consent import consent_terms
from schema.sharing.site import SITES, Site


@strawberry.type(description="To whom one may consent, and the notice.")
class ConsentQueries:
    """To whom one may consent, and the notice."""

    @strawberry.field(
        description=f"The regional sites to which a consent may be given: those that are registered; {at_most(len(SITES))}."
    )
    def sites(self, info: Info) -> list[Site]:
        return site_register.list_registered(info.context)

    @strawberry.field(
        description="What is to be shown before somebody consents to these terms, or renews such a consent."
    )
    def consent_notice(self, info: Info, consent: TermsArgument) -> ConsentNoticeResult:
        try:
            return consents.notice(info.context, consent_terms(consent))
        except Refused as refused:
            if isinstance(refused.refusal, InvalidEntry):
                return refused.refusal
            raise
