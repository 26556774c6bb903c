"""What mutations answer: a success that carries the new state, or one of their refusals."""

from typing import Annotated

import strawberry

from schema.booklet import Booklet
from schema.conflict import Conflict
from schema.description.refusals import (
    IdempotencyMismatch,
    InvalidCode,
    InvalidEntry,
    LimitReached,
    NotFound,
    OutdatedCharter,
    TooManyAttempts,
    WrongState,
)
from schema.entries.entries import Entry


def _booklet() -> Booklet:
    field: Booklet = strawberry.field(description="The whole booklet as it is now.")
    return field


def _entry() -> Entry:
    field: Entry = strawberry.field(description="The entry as it is now, with its warnings.")
    return field


@strawberry.type(description="The code was right: the charter comes next.")
class BookletOpened:
    """The booklet waits for its owner to accept the charter."""

    booklet: Booklet = _booklet()


@strawberry.type(
    description="The charter was accepted and the code used up: the identity comes next."
)
class CharterAccepted:
    """The booklet waits for the identity."""

    booklet: Booklet = _booklet()


@strawberry.type(description="The charter was refused; nothing of the attempt is left.")
class CharterRefused:
    """There is no booklet, as before."""

    code_unused: bool = strawberry.field(
        description="True: the authorization code was not used up, and may serve again."
    )


@strawberry.type(description="The current situation was written.")
class SituationRevised:
    """The situation as it is now."""

    booklet: Booklet = _booklet()


@strawberry.type(description="The identity was written; the booklet is open.")
class IdentityRevised:
    """The identity as it is now."""

    booklet: Booklet = _booklet()


@strawberry.type(description="The entry was added.")
class EntryAdded:
    """The new entry."""

    entry: Entry = _entry()
    booklet: Booklet = _booklet()


@strawberry.type(description="The entry was revised.")
class EntryRevised:
    """The entry at its new version."""

    entry: Entry = _entry()
    booklet: Booklet = _booklet()


@strawberry.type(description="The entry was removed, with its ties.")
class EntryRemoved:
    """What is left."""

    id: strawberry.ID = strawberry.field(description="The id that no longer exists.")
    booklet: Booklet = _booklet()


@strawberry.type(description="The entry has its new place.")
class EntryMoved:
    """The entry at its new place."""

    entry: Entry = _entry()
    booklet: Booklet = _booklet()


@strawberry.type(
    description="The tie is as was asked; the entry is the competence or the attachment."
)
class TieWritten:
    """The owner of the tie, at its new version."""

    entry: Entry = _entry()
    booklet: Booklet = _booklet()


BookletOpenResult = Annotated[
    BookletOpened | InvalidCode | TooManyAttempts | WrongState,
    strawberry.union("BookletOpenResult", description="What bookletOpen answers."),
]
CharterAcceptResult = Annotated[
    CharterAccepted | OutdatedCharter | InvalidCode | WrongState | NotFound,
    strawberry.union("CharterAcceptResult", description="What charterAccept answers."),
]
CharterRefuseResult = Annotated[
    CharterRefused | WrongState,
    strawberry.union("CharterRefuseResult", description="What charterRefuse answers."),
]
SituationReviseResult = Annotated[
    SituationRevised | InvalidEntry | Conflict | OutdatedCharter | WrongState | IdempotencyMismatch,
    strawberry.union("SituationReviseResult", description="What situationRevise answers."),
]
IdentityReviseResult = Annotated[
    IdentityRevised | InvalidEntry | OutdatedCharter | Conflict | WrongState | IdempotencyMismatch,
    strawberry.union("IdentityReviseResult", description="What identityRevise answers."),
]
EntryAddResult = Annotated[
    EntryAdded | InvalidEntry | OutdatedCharter | LimitReached | WrongState | IdempotencyMismatch,
    strawberry.union("EntryAddResult", description="What entryAdd answers."),
]
EntryReviseResult = Annotated[
    EntryRevised
    | InvalidEntry
    | OutdatedCharter
    | Conflict
    | NotFound
    | WrongState
    | IdempotencyMismatch,
    strawberry.union("EntryReviseResult", description="What entryRevise answers."),
]
EntryRemoveResult = Annotated[
    EntryRemoved
    | InvalidEntry
    | OutdatedCharter
    | Conflict
    | NotFound
    | WrongState
    | IdempotencyMismatch,
    strawberry.union("EntryRemoveResult", description="What entryRemove answers."),
]
EntryMoveResult = Annotated[
    EntryMoved
    | InvalidEntry
    | OutdatedCharter
    | Conflict
    | NotFound
    | WrongState
    | IdempotencyMismatch,
    strawberry.union("EntryMoveResult", description="What entryMove answers."),
]
TieResult = Annotated[
    TieWritten
    | InvalidEntry
    | OutdatedCharter
    | Conflict
    | NotFound
    | WrongState
    | IdempotencyMismatch,
    strawberry.union("TieResult", description="What linking and unlinking answer."),
]
