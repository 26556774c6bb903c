"""The verbs of opening: begin with a code, accept the charter or refuse it.

States (the guide's steps): none → CODE_GIVEN → CHARTER_ACCEPTED → OPEN, once the identity is
validated. Refusing the charter leaves nothing behind.
"""

import uuid
from dataclasses import replace

from peewee import IntegrityError

from graphql_api.booklets.booklets import get
from graphql_api.codes import codes
from graphql_api.storage import rate_limits
from graphql_api.storage.actors import Agent
from graphql_api.storage.content.booklet_repository import booklet_of, find
from graphql_api.storage.content.booklet_rows import BookletRow, row_of_caller
from graphql_api.storage.content.whole_booklet import begin_sections
from graphql_api.storage.erasing import destroy_key, erase_rows
from graphql_api.storage.keys.authenticated_rows import BOOKLETS
from graphql_api.storage.keys.encryption import Sealer, new_key
from graphql_api.storage.keys.store_checks import require_checked
from graphql_api.storage.keys.store_marks import count_changes
from graphql_api.storage.keys.wrapped_keys import insert_wrapped
from graphql_api.storage.operation import Operation
from graphql_api.storage.people import create_person, delete_if_unused, person_of
from graphql_api.storage.tables import (
    BookletKeyTable,
    BookletTable,
    CharterAcceptanceTable,
)
from schema import texts
from schema.booklet import Booklet
from schema.description.refusals import (
    BookletState,
    InvalidCode,
    NotFound,
    OutdatedCharter,
    Refused,
    WrongState,
)

_ALREADY_BEGUN = "Votre livret est déjà créé : un code d’autorisation n’y changerait rien."


def open_booklet(op: Operation, agent: Agent, code: str) -> Booklet:
    """Begin a booklet with a code that the collectivité handed out.

    The same code again gives the same answer. Refused with `InvalidCode` whatever the reason (what
    no code could be is told with its fault, and is no attempt), with
    `TooManyAttempts` after ten of those of a person within an hour, or a hundred of an address, and
    with `WrongState` once the charter was accepted.
    """
    row = row_of_caller(op)
    if row and (row.state is not BookletState.CODE_GIVEN):
        raise Refused(WrongState(state=row.state, message=_ALREADY_BEGUN))
    counters = rate_limits.counters_of_codes(op, agent.issuer, agent.subject)
    rate_limits.check(op, counters)
    if fault := codes.form_fault(code):
        raise Refused(InvalidCode(message=fault))
    hashed = codes.code_hash(code)
    if not codes.is_usable(op, hashed):
        raise Refused(InvalidCode(), counters)
    if row:
        op.store.write(
            BookletTable.update(code_hash=hashed, updated_at=op.now_us).where(
                BookletTable.id == row.id
            )
        )
        row = replace(row, code_hash=hashed, updated_at=op.now_us)
    else:
        row = _begin(op, op.person or create_person(op, agent), hashed)
    found = find(op, row) if row else None
    if found is None:
        raise Refused(WrongState(state=BookletState.NONE))
    return booklet_of(op, found)


def _begin(op: Operation, person: str, hashed: str) -> BookletRow | None:
    """Begin a booklet and return its row; that of another request of theirs which was quicker."""
    require_checked(op.store, op.key_store, op.master_key)
    booklet, key = str(uuid.uuid4()), new_key()
    insert_wrapped(
        op.key_store,
        op.master_key,
        booklet,
        key,
        lambda wrapped: BookletKeyTable.insert(booklet=booklet, wrapped=wrapped),
    )
    values = {
        "id": booklet,
        "person": person,
        "state": BookletState.CODE_GIVEN.value,
        "version": 1,
        "code_hash": hashed,
        "created_at": op.now_us,
        "updated_at": op.now_us,
    }
    sealer = Sealer(booklet, key)
    try:
        with op.store.savepoint():
            op.store.write(BookletTable.insert(BOOKLETS.signed(op.store, values)))
            begin_sections(op, sealer, booklet)  # which waits for the outcome of all
    except IntegrityError:
        with op.key_store.writing():
            op.key_store.run(BookletKeyTable.delete().where(BookletKeyTable.booklet == booklet))
        count_changes(op.store, 2)
        return row_of_caller(op)
    op.sealers[booklet] = sealer
    return BookletRow(
        id=booklet,
        state=BookletState.CODE_GIVEN,
        version=1,
        code_hash=hashed,
        charter_version=None,
        charter_accepted_at=None,
        created_at=op.now_us,
        updated_at=op.now_us,
        is_consented=False,
    )


def accept_charter(op: Operation, version: str) -> Booklet:
    """Accept the charter that was shown; the first time, this consumes the code.

    Refused with `OutdatedCharter` when it is not the charter in force, and with `InvalidCode` when
    somebody else used the code meanwhile. Accepting twice gives the same answer; a later
    version is added to those accepted before.
    """
    row = row_of_caller(op)
    if row is None:
        raise Refused(WrongState(state=BookletState.NONE))
    if version != texts.CHARTER.version:
        raise Refused(OutdatedCharter(version=texts.CHARTER.version))
    if row.state is BookletState.CODE_GIVEN and not codes.consume(op, row.code_hash):
        raise Refused(InvalidCode())
    if row.charter_version != version:
        accepted = CharterAcceptanceTable.insert(
            booklet=row.id, version=version, accepted_at=op.now_us
        )
        op.store.write(accepted.on_conflict_ignore())  # an earlier version that is in force again
        first = row.state is BookletState.CODE_GIVEN
        op.store.write(
            BookletTable.update(
                state=(BookletState.CHARTER_ACCEPTED if first else row.state).value,
                version=BookletTable.version + 1,
                charter_version=version,
                charter_accepted_at=op.now_us,
                updated_at=op.now_us,
            ).where(BookletTable.id == row.id)
        )
    found = get(op)
    if found is None:
        raise Refused(NotFound(path="version"))
    return found


def refuse_charter(op: Operation) -> None:
    """Refuse the charter: delete the booklet that was begun; the code may serve again.

    Refused with `WrongState` once it was accepted: a booklet is then closed, not refused.
    """
    row = row_of_caller(op)
    if row is None or row.state is not BookletState.CODE_GIVEN:
        raise Refused(WrongState(state=row.state if row else BookletState.NONE))
    erase_rows(op, row.id)
    if (person := person_of(op)) is not None:
        delete_if_unused(op, person)
    destroy_key(op, row.id)
