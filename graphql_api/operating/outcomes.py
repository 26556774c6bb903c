"""What the queries and mutations of operators answer."""

from typing import Annotated

import strawberry

from schema.description.refusals import InvalidEntry, NotFound


@strawberry.type(description="A person whom an operator appointed, as operators see them.")
class AppointedPerson:
    """A login identity, with the address of its account where there is one."""

    id: strawberry.ID = strawberry.field(description="Names the person.")
    email: str | None = strawberry.field(
        description="The address of their account here; null when there is none."
    )
    subject: str = strawberry.field(description="Their identifier at the issuer (`sub`).")
    issuer: str = strawberry.field(description="Who signs them in (`iss`; `livret`: this service).")
    is_effective: bool = strawberry.field(
        description="Whether they can sign in: the issuer is the service's, and the account is there."
    )
    is_caller: bool = strawberry.field(description="Whether that is who is asking.")


@strawberry.type(description="A person who hands out the codes of a collectivité.")
class OfficerAppointment:
    """One right: a person who is officer of two collectivités has two."""

    siret: str = strawberry.field(description="The SIRET of the collectivité.")
    label: str = strawberry.field(description="How it is called, or its SIRET in words.")
    person: AppointedPerson = strawberry.field(description="Who.")


@strawberry.type(description="The person hands out the codes of the collectivité.")
class OfficerAppointed:
    """Appointing twice is appointing once."""

    siret: str = strawberry.field(description="The SIRET of the collectivité.")
    label: str = strawberry.field(description="How it is called, or its SIRET in words.")


@strawberry.type(description="The person no longer hands out codes of the collectivité.")
class OfficerDismissed:
    """The codes that they issued stay."""

    siret: str = strawberry.field(description="The SIRET of the collectivité.")


@strawberry.type(description="The person operates the service.")
class OperatorAppointed:
    """Appointing twice is appointing once."""

    is_caller: bool = strawberry.field(description="Whether that is who asked.")


@strawberry.type(description="The person no longer operates the service.")
class OperatorDismissed:
    """The last operator may go too: the command line appoints another."""

    is_caller: bool = strawberry.field(description="Whether that is who asked.")


OfficerAppointResult = Annotated[
    OfficerAppointed | InvalidEntry,
    strawberry.union("OfficerAppointResult", description="What officerAppoint answers."),
]
OfficerDismissResult = Annotated[
    OfficerDismissed | NotFound,
    strawberry.union("OfficerDismissResult", description="What officerDismiss answers."),
]
OperatorAppointResult = Annotated[
    OperatorAppointed | InvalidEntry,
    strawberry.union("OperatorAppointResult", description="What operatorAppoint answers."),
]
OperatorDismissResult = Annotated[
    OperatorDismissed | NotFound,
    strawberry.union("OperatorDismissResult", description="What operatorDismiss answers."),
]
