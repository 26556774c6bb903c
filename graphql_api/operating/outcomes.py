"""What the queries and mutations of operators answer."""

from datetime import date, datetime
from enum import Enum
from typing import Annotated

import strawberry

from graphql_api.codes.outcomes import LocalAuthority
from graphql_api.operations.mutation_support import union_of
from schema.description.enums import member
from schema.description.refusals import (
    InvalidEntry,
    LimitReached,
    NotFound,
    RecentSignInRequired,
)


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
        description="Whether they can sign in: the issuer is the service's, and the account is there and not disabled."
    )
    is_caller: bool = strawberry.field(description="Whether that is who is asking.")


@strawberry.type(description="A person who hands out the codes of a collectivité.")
class OfficerAppointment:
    """One right: a person who is officer of two collectivités has two."""

    local_authority: LocalAuthority = strawberry.field(description="The collectivité.")
    person: AppointedPerson = strawberry.field(description="Who.")


@strawberry.type(description="The person hands out the codes of the collectivité.")
class OfficerAppointed:
    """Appointing twice is appointing once."""

    local_authority: LocalAuthority = strawberry.field(description="The collectivité.")


@strawberry.type(description="The person no longer hands out codes of the collectivité.")
class OfficerDismissed:
    """The codes that they issued stay."""

    local_authority: LocalAuthority = strawberry.field(description="The collectivité.")


@strawberry.type(description="The person operates the service.")
class OperatorAppointed:
    """Appointing twice is appointing once."""

    is_caller: bool = strawberry.field(description="Whether that is who asked.")


@strawberry.type(description="The person no longer operates the service.")
class OperatorDismissed:
    """The last operator may go too: the command line appoints another."""

    is_caller: bool = strawberry.field(description="Whether that is who asked.")


@strawberry.type(description="A store, and how far it was brought to the present shape.")
class MigratedStore:
    """The data, the tables of the token issuer, or the keys."""

    name: str = strawberry.field(description="Its French name.")
    is_reachable: bool = strawberry.field(description="Whether it answers.")
    last_migration: str | None = strawberry.field(
        description="The last migration that was applied."
    )
    pending: list[str] = strawberry.field(
        description="The migrations that `livret migrate` would apply; at most 1,000."
    )


@strawberry.type(description="The letters that wait to be sent: how many, never to whom.")
class LetterQueue:
    """A letter is deleted once it was handed over, or after a day."""

    waiting: int = strawberry.field(description="Those that were not tried yet.")
    failing: int = strawberry.field(description="Those that were tried in vain, and will be again.")
    oldest: datetime | None = strawberry.field(
        description="Since when the oldest waits (UTC); null when none does."
    )


@strawberry.type(description="The last time that what has an end was deleted: `livret sweep`.")
class Sweep:
    """How much, never what."""

    began_at: datetime = strawberry.field(description="When it began (UTC).")
    ended_at: datetime | None = strawberry.field(
        description="When it ended (UTC); null while it runs, or when it broke off."
    )
    removed: int = strawberry.field(description="How many things it deleted.")
    failed: int = strawberry.field(description="How many kinds of things it could not delete.")


@strawberry.type(description="The last backup of the data, or of the keys: `livret backup`.")
class Backup:
    """When, never where."""

    name: str = strawberry.field(description="What is backed up, in French.")
    finished_at: datetime | None = strawberry.field(
        description="When the last one ended (UTC); null when there was none."
    )
    verified_at: datetime | None = strawberry.field(
        description="When one was last read whole (UTC), by `livret check backup`; null for never."
    )
    verified_from: datetime | None = strawberry.field(
        description="When the one that was read had been made (UTC)."
    )
    is_overdue: bool = strawberry.field(
        description="Whether the last one ended more than two days ago, or there was none."
    )


@strawberry.type(description="The state of the service: versions, stores, queues.")
class ServiceState:
    """Nothing of a person."""

    program_version: str = strawberry.field(description="The version of the program that answers.")
    reference_version: str = strawberry.field(
        description="The version of the guide, the code tables and the texts, as `referenceVersion`."
    )
    charter_version: str = strawberry.field(description="The version of the charter in force.")
    at: datetime = strawberry.field(description="When this was read (UTC).")
    stores: list[MigratedStore] = strawberry.field(
        description="The data, the token issuer, the keys; at most 3."
    )
    letters: LetterQueue = strawberry.field(description="What waits in the outbox.")
    last_sweep: Sweep | None = strawberry.field(
        description="The last sweep; null when there was none."
    )
    backups: list[Backup] = strawberry.field(
        description="The last backups, of the data and of the keys; at most 2."
    )
    prints_under_way: int = strawberry.field(
        description="Dossiers that the process which answers prints, or that wait there."
    )


@strawberry.type(description="A version of the charter.")
class CharterVersion:
    """The one in force, or one that a booklet still holds."""

    version: str = strawberry.field(description="Its number.")
    is_current: bool = strawberry.field(description="Whether it is in force.")
    first_accepted_on: date | None = strawberry.field(
        description="The day in France on which it was first accepted here, of the booklets there are; null when never."
    )


@strawberry.type(description="A regional site, and whether a machine may read for it.")
class SiteRegistration:
    """A line of the table of regions."""

    code: str = strawberry.field(description="Its code.")
    name: str = strawberry.field(description="Its French name.")
    client: str | None = strawberry.field(
        description="The `client_id` of its machine; null while it is not registered."
    )


@strawberry.type(description="A site was registered: its machine's secret is shown this once.")
class SiteRegistered:
    """The service keeps no more than a hash of the secret."""

    code: str = strawberry.field(description="The code of the site.")
    client: str = strawberry.field(description="The `client_id` of its machine.")
    secret: str = strawberry.field(description="The `client_secret` of its machine.")


@strawberry.type(description="The site reads nothing more; the consents given to it stay.")
class SiteUnregistered:
    """Tokens that its machine has are refused within a second."""

    name: str = strawberry.field(description="The French name of the site.")


@strawberry.type(description="A front end or a machine that may ask for tokens.")
class ApiClient:
    """Registered, and not disabled."""

    id: strawberry.ID = strawberry.field(description="Its `client_id`.")
    name: str = strawberry.field(description="Its name, for people.")
    is_front_end: bool = strawberry.field(description="Whether people sign in there.")
    authentication: str = strawberry.field(
        description="How it proves who it is: `none`, `client_secret` or `private_key_jwt`."
    )
    redirect_uris: list[str] = strawberry.field(
        description="Where browsers may be sent back to; at most 1,000."
    )
    post_logout_redirect_uris: list[str] = strawberry.field(
        description="Where browsers may be sent once signed out; at most 1,000."
    )
    origins: list[str] = strawberry.field(
        description="From where its pages may call the API (CORS); at most 1,000."
    )
    site: str | None = strawberry.field(
        description="The code of the regional site whose machine it is; null for any other."
    )


@strawberry.type(description="The client gets no token any more.")
class ClientDisabled:
    """Those that it has are refused within a second."""

    id: strawberry.ID = strawberry.field(description="Its `client_id`.")


@strawberry.type(
    description="The client may ask for tokens: its secret, if it has one, is shown this once."
)
class ClientRegistered:
    """The service keeps no more than a hash of the secret."""

    id: strawberry.ID = strawberry.field(description="Its `client_id`.")
    secret: str | None = strawberry.field(description="Its `client_secret`; null when it has none.")


@strawberry.type(description="The front end goes by its new name and addresses.")
class ClientRevised:
    """Its id and its secret stay."""

    id: strawberry.ID = strawberry.field(description="Its `client_id`.")


@strawberry.enum(description="The kinds of acts of operators.")
class OperatorActKind(Enum):
    """Reading a page is none, but for looking for an account."""

    OFFICER_APPOINTED = member("OFFICER_APPOINTED", "An HR officer was appointed.")
    OFFICER_DISMISSED = member("OFFICER_DISMISSED", "An HR officer was dismissed.")
    OPERATOR_APPOINTED = member("OPERATOR_APPOINTED", "An operator was appointed.")
    OPERATOR_DISMISSED = member("OPERATOR_DISMISSED", "An operator was dismissed.")
    SITE_REGISTERED = member("SITE_REGISTERED", "A regional site was registered.")
    SITE_UNREGISTERED = member("SITE_UNREGISTERED", "A regional site was unregistered.")
    CLIENT_REGISTERED = member("CLIENT_REGISTERED", "A front end or a machine was registered.")
    CLIENT_REVISED = member("CLIENT_REVISED", "A front end or a machine was changed.")
    CLIENT_DISABLED = member("CLIENT_DISABLED", "A front end or a machine was disabled.")
    ACCOUNT_LOOKED_UP = member("ACCOUNT_LOOKED_UP", "An account was looked for.")
    ACTIVATION_RESENT = member("ACTIVATION_RESENT", "The letter of a registration was sent again.")
    ACCOUNT_DISABLED = member("ACCOUNT_DISABLED", "An account was disabled.")
    ACCOUNT_ENABLED = member("ACCOUNT_ENABLED", "An account was enabled again.")


@strawberry.type(description="What an operator did, for the operators.")
class OperatorAct:
    """Who, what and when. About whom is not said, but for the role."""

    id: strawberry.ID = strawberry.field(description="Names the act.")
    at: datetime = strawberry.field(description="When (UTC).")
    operator: str | None = strawberry.field(
        description="The address of their account, else their identifier (`sub`); null once they closed their account."
    )
    is_caller: bool = strawberry.field(description="Whether that is who is asking.")
    kind: OperatorActKind = strawberry.field(description="What.")
    label: str = strawberry.field(description="What, in French.")
    about: str | None = strawberry.field(
        description="The SIRET of the collectivité, the code of the site or the `client_id` of the application; null for what is about an account or an operator."
    )


ClientDisableResult = Annotated[
    ClientDisabled | NotFound | RecentSignInRequired, union_of("clientDisable")
]
FrontEndRegisterResult = Annotated[
    ClientRegistered | InvalidEntry | LimitReached | RecentSignInRequired,
    union_of("frontEndRegister"),
]
MachineRegisterResult = Annotated[
    ClientRegistered | InvalidEntry | LimitReached | RecentSignInRequired,
    union_of("machineRegister"),
]
FrontEndReviseResult = Annotated[
    ClientRevised | InvalidEntry | NotFound | RecentSignInRequired, union_of("frontEndRevise")
]
MachineReviseResult = Annotated[
    ClientRevised | InvalidEntry | NotFound | RecentSignInRequired, union_of("machineRevise")
]
SiteRegisterResult = Annotated[
    SiteRegistered | InvalidEntry | RecentSignInRequired, union_of("siteRegister")
]
SiteUnregisterResult = Annotated[
    SiteUnregistered | NotFound | RecentSignInRequired, union_of("siteUnregister")
]
OfficerAppointResult = Annotated[
    OfficerAppointed | InvalidEntry | RecentSignInRequired, union_of("officerAppoint")
]
OfficerDismissResult = Annotated[
    OfficerDismissed | NotFound | RecentSignInRequired, union_of("officerDismiss")
]
OperatorAppointResult = Annotated[
    OperatorAppointed | InvalidEntry | RecentSignInRequired, union_of("operatorAppoint")
]
OperatorDismissResult = Annotated[
    OperatorDismissed | NotFound | RecentSignInRequired, union_of("operatorDismiss")
]
