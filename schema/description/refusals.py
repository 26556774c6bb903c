"""Refusals: what a mutation answers when it does not do what was asked.

Every mutation answers a union of its success and of the refusals that it can give. All refusals
implement `Refusal`, so that a client selects `... on Refusal { code message }` once and still
receives those that are added later. Codes are stable; messages are French sentences for people.
"""

from collections.abc import Collection, Iterable
from enum import Enum

import strawberry

from schema.description.bounds import MAX_NAMED_ENTRIES, MAX_PROBLEMS, at_most
from schema.description.enums import member
from schema.description.rubric_names import RubricName
from schema.typography import typeset_attributes


@strawberry.type(
    description="One fault found in what was entered. Codes are stable, listed in the guide for front-end teams."
)
class Problem:
    """An error, or a warning, with the path of its field (`entry.diploma.awardedOn`)."""

    path: str = strawberry.field(
        description="Where: the path of the argument or field, as the client wrote it."
    )
    code: str = strawberry.field(description="What kind of fault: a stable code such as REQUIRED.")
    message: str = strawberry.field(description="A French sentence for the person who types.")
    entries: list[strawberry.ID] = strawberry.field(
        default_factory=list,
        description=f"The entries that have to be completed, where others than what is sent have; {at_most(MAX_NAMED_ENTRIES)}.",
    )
    rubric: RubricName | None = strawberry.field(
        default=None,
        description="The rubric in which an entry is missing, where one is.",
    )

    def __post_init__(self) -> None:
        typeset_attributes(self, "message")


def problem(
    path: str,
    code: str,
    message: str,
    *,
    entries: Iterable[str] = (),
    rubric: RubricName | None = None,
) -> Problem:
    """A problem, with the entries to complete, of which it tells the first, or the rubric to add to."""
    named = [strawberry.ID(id) for id in entries][:MAX_NAMED_ENTRIES]
    return Problem(path=path, code=code, message=message, entries=named, rubric=rubric)


@strawberry.enum(
    description="How far a booklet has come: nothing (yet, or again once it was closed), code given, charter accepted, open."
)
class BookletState(Enum):
    """The guide's steps."""

    NONE = member("NONE", "There is no booklet.")
    CODE_GIVEN = member("CODE_GIVEN", "A code was given; the charter comes next.")
    CHARTER_ACCEPTED = member("CHARTER_ACCEPTED", "The identity comes next, which opens it.")
    OPEN = member("OPEN", "It is filled in and communicated.")


@strawberry.interface(description="A reason why a mutation did nothing. Nothing was written.")
class Refusal:
    """The fields that all refusals have."""

    code: str = strawberry.field(description="A stable code.")
    message: str = strawberry.field(description="A French sentence for people.")

    def __post_init__(self) -> None:
        typeset_attributes(self, "message")


@strawberry.type(description="What was entered has faults; all of them are named at once.")
class InvalidEntry(Refusal):
    """The errors of an entry, an identity or any other content that was sent."""

    problems: list[Problem] = strawberry.field(
        description=f"Every fault, in the order of the fields; {at_most(MAX_PROBLEMS)}."
    )
    code: str = strawberry.field(default="INVALID_ENTRY", description="A stable code.")
    message: str = strawberry.field(
        default="La saisie comporte des erreurs : rien n’a été enregistré.",
        description="A French sentence for people.",
    )


@strawberry.type(
    description="Nothing of that id is within the caller's reach: it does not exist, or it is somebody else's (the answer is the same)."
)
class NotFound(Refusal):
    """The same answer for what does not exist and for what belongs to somebody else."""

    path: str = strawberry.field(description="The argument that names what was not found.")
    code: str = strawberry.field(default="NOT_FOUND", description="A stable code.")
    message: str = strawberry.field(
        default="Élément introuvable dans votre livret.",
        description="A French sentence for people.",
    )


@strawberry.type(description="The booklet is not in a state that allows this.")
class WrongState(Refusal):
    """The verb exists, but not in this state of the booklet (none, not yet open, closed)."""

    state: BookletState = strawberry.field(description="The state in which the booklet is.")
    code: str = strawberry.field(default="WRONG_STATE", description="A stable code.")
    message: str = strawberry.field(
        default="Votre livret n’est pas ouvert : cette action n’est pas possible.",
        description="A French sentence for people.",
    )


@strawberry.type(description="The booklet holds as much as it may.")
class LimitReached(Refusal):
    """A bound of the service was reached; `docs/limits.md` lists the bounds."""

    limit: int = strawberry.field(description="The bound.")
    code: str = strawberry.field(default="LIMIT_REACHED", description="A stable code.")
    message: str = strawberry.field(
        default="Votre livret ne peut pas contenir davantage d’éléments.",
        description="A French sentence for people.",
    )


@strawberry.type(description="A record is only brought into a booklet that holds nothing.")
class BookletNotEmpty(Refusal):
    """Importing adds to nothing and replaces nothing that was entered."""

    entries: int = strawberry.field(description="How many entries the booklet holds.")
    code: str = strawberry.field(default="BOOKLET_NOT_EMPTY", description="A stable code.")
    message: str = strawberry.field(
        default="Votre livret n’est pas vide : rien n’a été importé.",
        description="A French sentence for people.",
    )


@strawberry.type(description="The idempotency key was used before with another request.")
class IdempotencyMismatch(Refusal):
    """One key, two different requests: the second is refused, the first stays as it was."""

    code: str = strawberry.field(default="IDEMPOTENCY_MISMATCH", description="A stable code.")
    message: str = strawberry.field(
        default="Cette clé d’idempotence a déjà servi pour une autre demande.",
        description="A French sentence for people.",
    )


@strawberry.type(
    description="The authorization code does not open a booklet. Wrong, used, expired or revoked: the answer is the same."
)
class InvalidCode(Refusal):
    """The same answer for every code that is not valid."""

    code: str = strawberry.field(default="INVALID_CODE", description="A stable code.")
    message: str = strawberry.field(
        default="Ce code d’autorisation n’est pas valable. Vérifiez-le sur votre billet ; s’il est bien recopié, adressez-vous à votre collectivité.",
        description="A French sentence for people.",
    )


@strawberry.type(description="Another version of the charter is in force: show it and ask again.")
class OutdatedCharter(Refusal):
    """The charter that was accepted is not the one in force."""

    version: str = strawberry.field(description="The version in force.")
    code: str = strawberry.field(default="OUTDATED_CHARTER", description="A stable code.")
    message: str = strawberry.field(
        default="La charte d’engagement a changé : lisez la nouvelle version avant de l’accepter.",
        description="A French sentence for people.",
    )


@strawberry.type(
    description="No verified e-mail address of the caller is known here, so no letter can be sent."
)
class NoVerifiedAddress(Refusal):
    """The caller has no account here with an address that was proven to be theirs."""

    code: str = strawberry.field(default="NO_VERIFIED_ADDRESS", description="A stable code.")
    message: str = strawberry.field(
        default="Nous ne connaissons pas d’adresse électronique vérifiée à votre nom : aucun rappel ne peut vous être envoyé.",
        description="A French sentence for people.",
    )


@strawberry.type(description="A secret was tried in vain too often: wait.")
class TooManyAttempts(Refusal):
    """The counter of attempts is full: even the right secret is refused for a while."""

    retry_after: int = strawberry.field(description="After how many seconds to try again.")
    code: str = strawberry.field(default="TOO_MANY_ATTEMPTS", description="A stable code.")
    message: str = strawberry.field(
        default="Trop d’essais infructueux : réessayez plus tard.",
        description="A French sentence for people.",
    )


@strawberry.type(
    description="What cannot be undone asks for a recent sign-in: sign in again, then ask again."
)
class RecentSignInRequired(Refusal):
    """The time of sign-in that the token carries is too long ago, or missing."""

    max_age: int = strawberry.field(
        description="Within how many seconds one must have signed in: OpenID Connect's `max_age`."
    )
    code: str = strawberry.field(default="RECENT_SIGN_IN_REQUIRED", description="A stable code.")
    message: str = strawberry.field(
        default="Cette action est définitive : identifiez-vous de nouveau, puis recommencez.",
        description="A French sentence for people.",
    )


class Refused(Exception):  # noqa: N818 - an answer, not an error
    """Raised by a verb to undo what it began and answer with a refusal.

    `counters` name the counters of failed attempts that this refusal increases.
    """

    def __init__(self, refusal: Refusal, counters: Collection[str] = ()) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal
        self.counters = counters
