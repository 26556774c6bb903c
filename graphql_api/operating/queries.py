"""The queries of those who operate the service."""

from typing import Annotated

import strawberry

from graphql_api.callers import officers as rights
from graphql_api.operating import acts, appointments, service_state
from graphql_api.operating import api_clients as registered_clients
from graphql_api.operating import site_registrations as registered_sites
from graphql_api.operating.api_clients import MAX_CLIENTS
from graphql_api.operating.outcomes import (
    ApiClient,
    AppointedPerson,
    CharterVersion,
    OfficerAppointment,
    OperatorAct,
    ServiceState,
    SiteRegistration,
)
from graphql_api.operating.service_state import MAX_LISTED
from graphql_api.operations.mutation_support import Info, argument
from schema.description.bounds import MAX_PAGE, at_most
from schema.description.connection import Connection
from schema.sharing.site import SITES


@strawberry.type(description="Persons with rights, sites, clients, the state of the service.")
class OperatingQueries:
    """Persons with rights, sites, clients, the state of the service."""

    @strawberry.field(description="Whether the caller operates the service.")
    def is_operator(self, info: Info) -> bool:
        return rights.is_operator(info.context)

    @strawberry.field(
        description="The HR officers of all collectivités, by SIRET, for somebody who operates the service."
    )
    def officers(
        self,
        info: Info,
        first: Annotated[int, argument(f"How many; {at_most(MAX_PAGE)}.")] = 50,
        after: Annotated[str | None, argument("The `endCursor` of the page before.")] = None,
    ) -> Connection[OfficerAppointment]:
        return appointments.page_of_officers(info.context, first, after)

    @strawberry.field(
        description="One officer of a collectivité, for somebody who operates the service; null when the person is none."
    )
    def officer(
        self,
        info: Info,
        person: Annotated[strawberry.ID, argument("The person.")],
        siret: Annotated[str, argument("The collectivité.")],
    ) -> OfficerAppointment | None:
        return appointments.officer(info.context, person, siret)

    @strawberry.field(
        description=f"Those who operate the service, for one of them; {at_most(appointments.MAX_OPERATORS)}."
    )
    def operators(self, info: Info) -> list[AppointedPerson]:
        return appointments.operators(info.context)

    @strawberry.field(
        description="The state of the service, for somebody who operates it: numbers and versions, nothing of a person."
    )
    def service_state(self, info: Info) -> ServiceState:
        return service_state.service_state(info.context)

    @strawberry.field(
        description=f"The versions of the charter, the one in force first, for somebody who operates the service; {at_most(MAX_LISTED)}."
    )
    def charter_versions(self, info: Info) -> list[CharterVersion]:
        return service_state.charter_versions(info.context)

    @strawberry.field(
        description=f"The months whose statistics are published, the last one first, for somebody who operates the service; {at_most(MAX_LISTED)}."
    )
    def statistics_months(self, info: Info) -> list[str]:
        return service_state.statistics_months(info.context)

    @strawberry.field(
        description=f"The regional sites, registered or not, for somebody who operates the service; {at_most(len(SITES))}."
    )
    def site_registrations(self, info: Info) -> list[SiteRegistration]:
        return registered_sites.site_registrations(info.context)

    @strawberry.field(
        description=f"The front ends and machines that may ask for tokens, by name, for somebody who operates the service; {at_most(MAX_CLIENTS)}."
    )
    def api_clients(self, info: Info) -> list[ApiClient]:
        return registered_clients.api_clients(info.context)

    @strawberry.field(
        description="What operators did in the last year, the last act first, for somebody who operates the service; what the command line does is not there."
    )
    def operator_acts(
        self,
        info: Info,
        first: Annotated[int, argument(f"How many; {at_most(MAX_PAGE)}.")] = 50,
        after: Annotated[str | None, argument("The `endCursor` of the page before.")] = None,
    ) -> Connection[OperatorAct]:
        return acts.page_of_acts(info.context, first, after)
