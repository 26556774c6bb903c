"""The mutations of operators."""

from typing import Annotated

import strawberry

from graphql_api.operating import api_clients, appointments, site_registrations
from graphql_api.operating.outcomes import (
    ClientDisableResult,
    OfficerAppointResult,
    OfficerDismissResult,
    OperatorAppointResult,
    OperatorDismissResult,
    SiteRegisterResult,
    SiteUnregisterResult,
)
from graphql_api.operations.mutation_support import Info, argument, run_mutation

Email = Annotated[str, argument("The address that an account here has proven to be its own.")]
Person = Annotated[strawberry.ID, argument("The person.")]
Site = Annotated[str, argument("The code of the site.")]
Siret = Annotated[str, argument("The SIRET of the collectivité.")]


@strawberry.type(description="What those who operate the service do.")
class OperatingMutations:
    """Appoint and dismiss; register and unregister."""

    @strawberry.mutation(description="Let a person hand out the codes of a collectivité.")
    def officer_appoint(self, info: Info, email: Email, siret: Siret) -> OfficerAppointResult:
        return run_mutation(info, None, lambda op: appointments.appoint_officer(op, email, siret))

    @strawberry.mutation(
        description="Let a person hand out codes of a collectivité no longer; the codes they issued stay."
    )
    def officer_dismiss(self, info: Info, person: Person, siret: Siret) -> OfficerDismissResult:
        return run_mutation(info, None, lambda op: appointments.dismiss_officer(op, person, siret))

    @strawberry.mutation(description="Let a person operate the service.")
    def operator_appoint(self, info: Info, email: Email) -> OperatorAppointResult:
        return run_mutation(info, None, lambda op: appointments.appoint_operator(op, email))

    @strawberry.mutation(description="Let a person operate the service no longer.")
    def operator_dismiss(self, info: Info, person: Person) -> OperatorDismissResult:
        return run_mutation(info, None, lambda op: appointments.dismiss_operator(op, person))

    @strawberry.mutation(
        description="Register a regional site, so that a machine of its own reads by consents; the secret is shown once."
    )
    def site_register(self, info: Info, site: Site) -> SiteRegisterResult:
        return run_mutation(info, None, lambda op: site_registrations.register_site(op, site))

    @strawberry.mutation(
        description="Let a regional site read nothing more; the consents given to it stay, and serve its next machine."
    )
    def site_unregister(self, info: Info, site: Site) -> SiteUnregisterResult:
        return run_mutation(info, None, lambda op: site_registrations.unregister_site(op, site))

    @strawberry.mutation(description="Let a front end or a machine ask for no token any more.")
    def client_disable(
        self, info: Info, id: Annotated[strawberry.ID, argument("Its `client_id`.")]
    ) -> ClientDisableResult:
        return run_mutation(info, None, lambda op: api_clients.disable_client(op, id))
