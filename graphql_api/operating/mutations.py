"""The mutations of operators."""

from typing import Annotated

import strawberry

from graphql_api.operating import appointments
from graphql_api.operating.outcomes import (
    OfficerAppointResult,
    OfficerDismissResult,
    OperatorAppointResult,
    OperatorDismissResult,
)
from graphql_api.operations.mutation_support import Info, argument, run_mutation

Email = Annotated[str, argument("The address that an account here has proven to be its own.")]
Person = Annotated[strawberry.ID, argument("The person.")]
Siret = Annotated[str, argument("The SIRET of the collectivité.")]


@strawberry.type(description="What those who operate the service do.")
class OperatingMutations:
    """Appoint and dismiss."""

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
