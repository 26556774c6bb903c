"""What operators give to describe front ends and machines."""

import strawberry

from schema.description.bounds import at_most

MAX_ADDRESSES = 20
MAX_NAME_LENGTH = 120


@strawberry.input(description="A front end, where people sign in.")
class FrontEndInput:
    """What a form asks for; absent lists are empty."""

    name: str = strawberry.field(
        description=f"Its name, for people; {at_most(MAX_NAME_LENGTH)} characters."
    )
    redirect_uris: list[str] = strawberry.field(
        description=f"The exact addresses to which browsers may be sent back; at least one, {at_most(MAX_ADDRESSES)}."
    )
    post_logout_redirect_uris: list[str] = strawberry.field(
        default_factory=list,
        description=f"Where browsers may be sent once signed out; {at_most(MAX_ADDRESSES)}.",
    )
    origins: list[str] = strawberry.field(
        default_factory=list,
        description=f"From where its pages call the API (CORS); {at_most(MAX_ADDRESSES)}.",
    )
    has_secret: bool = strawberry.field(
        default=False,
        description="Whether it has a server that keeps a secret. Only registering asks: what was registered stays as it is.",
    )


@strawberry.input(description="A machine, which calls on its own behalf.")
class MachineInput:
    """What a form asks for."""

    name: str = strawberry.field(
        description=f"Its name, for people; {at_most(MAX_NAME_LENGTH)} characters."
    )
    keys: str | None = strawberry.field(
        default=None,
        description="Its public keys (a JWK set, as JSON), with which it signs instead of having a secret. In a revision, absent keys stay, and a machine with a secret takes none.",
    )
