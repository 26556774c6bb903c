"""The verbs of the booklet itself: open, accept the charter, revise the identity.

States (the guide's steps): none → CODE_GIVEN → CHARTER_ACCEPTED → OPEN, once the identity is
validated. A booklet belongs to one person; whoever else asks is told that there is none.
"""

import uuid
from typing import Any

from peewee import IntegrityError

from graphql_api import codes
from graphql_api.actors import Agent
from graphql_api.operation import AnswerPlace, Operation
from graphql_api.people import person_of, welcome
from graphql_api.shelf import (
    Head,
    Held,
    birth_date_of,
    booklet_of,
    dossier_place,
    head_of_person,
    take,
)
from graphql_api.tables import Booklet as BookletRow
from graphql_api.tables import BookletKey
from graphql_api.tables import Dossier as DossierRow
from graphql_api.vault import BookletVault, Place, new_key, wrap
from schema.booklet import Booklet, Identity
from schema.dossier import WHOLE_BOOKLET, WHOLE_BOOKLET_TITLE
from schema.identity import (
    IdentityContent,
    email_confirmation_fault,
    identity_errors,
    identity_given,
)
from schema.refusals import (
    BookletState,
    Conflict,
    InvalidCode,
    InvalidEntry,
    NotFound,
    OutdatedCharter,
    Problem,
    Refused,
    WrongState,
)
from schema.rubric import Facts
from schema.shapes import complete
from schema.texts import CHARTER
from schema.validation import field_faults, in_order

_ALREADY_BEGUN = "Votre livret est déjà créé : un autre code d’autorisation n’y changerait rien."


def own(op: Operation) -> Held | None:
    """The caller's own booklet, or None."""
    head = own_head(op)
    return take(op, head) if head else None


def own_head(op: Operation) -> Head | None:
    """The row of the caller's own booklet, or None."""
    person = person_of(op)
    return head_of_person(op, person) if person else None


def own_open(op: Operation) -> Held:
    """The caller's open booklet; refused in any other state."""
    head = own_head(op)
    held = take(op, head) if head and head.state is BookletState.OPEN else None
    if held is None:
        raise Refused(WrongState(state=head.state if head else BookletState.NONE))
    op.kept = AnswerPlace(held.id, held.vault)
    return held


def read(op: Operation, id: str | None) -> Booklet | None:
    """The caller's booklet; None when there is none, or when `id` is another's."""
    held = own(op)
    if held is None or (id is not None and id != held.id):
        return None
    return booklet_of(op, held)


def touch(op: Operation, held: Held, **columns: Any) -> None:
    """Count a write to a booklet."""
    op.store.run(
        BookletRow.update(version=BookletRow.version + 1, updated_at=op.moment, **columns).where(
            BookletRow.id == held.id
        )
    )


def again(op: Operation, held: Held) -> Booklet:
    """The booklet as it is after what this operation wrote."""
    head = own_head(op)
    now = take(op, head) if head else None
    return booklet_of(op, now or held)


def open_booklet(op: Operation, agent: Agent, code: str) -> Booklet:
    """Begin a booklet with the code that the collectivité handed out.

    Asking again with the same code is the same answer. Refused with `InvalidCode`, one answer for
    every reason, and with `WrongState` once the charter was accepted.
    """
    hashed = codes.code_hash(code)
    head = own_head(op)
    if head and (head.state is not BookletState.CODE_GIVEN):
        raise Refused(WrongState(state=head.state, message=_ALREADY_BEGUN))
    if not codes.is_usable(op, hashed):
        raise Refused(InvalidCode())
    if head:
        op.store.run(BookletRow.update(code_hash=hashed).where(BookletRow.id == head.id))
    else:
        _begin(op, welcome(op, agent), hashed)
    found = read(op, None)
    if found is None:
        raise Refused(WrongState(state=BookletState.NONE))
    return found


def _begin(op: Operation, person: str, hashed: str) -> None:
    booklet, key = str(uuid.uuid4()), new_key()
    with op.key_store.writing():
        op.key_store.run(
            BookletKey.insert(booklet=booklet, wrapped=wrap(op.master_key, booklet, key))
        )
    try:
        with op.store.savepoint():
            op.store.run(
                BookletRow.insert(
                    id=booklet,
                    person=person,
                    state=BookletState.CODE_GIVEN.value,
                    version=1,
                    code_hash=hashed,
                    created_at=op.moment,
                    updated_at=op.moment,
                    identity_version=0,
                )
            )
            _insert_whole_booklet(op, BookletVault(booklet, key), booklet)
    except IntegrityError:
        with op.key_store.writing():  # someone with the same sign-in was quicker
            op.key_store.run(BookletKey.delete().where(BookletKey.booklet == booklet))


def _insert_whole_booklet(op: Operation, vault: BookletVault, booklet: str) -> None:
    dossier = str(uuid.uuid4())
    content = {"title": WHOLE_BOOKLET_TITLE, "purpose": WHOLE_BOOKLET}
    op.store.run(
        DossierRow.insert(
            booklet=booklet,
            id=dossier,
            version=1,
            built_in=True,
            sealed=vault.seal(dossier_place(dossier, 1), content),
        )
    )


def accept_charter(op: Operation, version: str) -> Booklet:
    """Accept the charter that was shown; consumes the code.

    Refused with `OutdatedCharter` when it is not the charter in force, and with `InvalidCode` when
    somebody else used the code meanwhile. Accepting twice is the same answer.
    """
    head = own_head(op)
    if head is None or head.state is BookletState.CLOSED:
        raise Refused(WrongState(state=head.state if head else BookletState.NONE))
    if version != CHARTER.version:
        raise Refused(OutdatedCharter(version=CHARTER.version))
    if head.state is BookletState.CODE_GIVEN:
        if not codes.consume(op, head.code_hash):
            raise Refused(InvalidCode())
        op.store.run(
            BookletRow.update(
                state=BookletState.CHARTER_ACCEPTED.value,
                version=BookletRow.version + 1,
                charter_version=version,
                charter_accepted_at=op.moment,
                updated_at=op.moment,
            ).where(BookletRow.id == head.id)
        )
    found = read(op, None)
    if found is None:
        raise Refused(NotFound(path="version"))
    return found


def revise_identity(
    op: Operation, identity: IdentityContent, confirmation: str | None, version: int
) -> Booklet:
    """Write the identity; the first time, this opens the booklet.

    `version` is 0 the first time. The e-mail is typed twice whenever it is sent. Refused with
    `InvalidEntry`, `Conflict`, or `WrongState` before the charter was accepted.
    """
    held = own(op)
    ready = (BookletState.CHARTER_ACCEPTED, BookletState.OPEN)
    if held is None or held.head.state not in ready:
        raise Refused(WrongState(state=held.head.state if held else BookletState.NONE))
    op.kept = AnswerPlace(held.id, held.vault)
    if version != held.head.identity_version:
        raise Refused(Conflict(current_version=held.head.identity_version, identity=held.identity))
    sent = identity_given(identity)
    merged = _values(held.identity) | sent
    content = IdentityContent(**complete(IdentityContent, merged))
    problems = _identity_problems(op, content, sent, confirmation)
    if problems:
        raise Refused(InvalidEntry(problems=problems))
    kept = {name: value for name, value in merged.items() if value is not None}
    sealed = held.vault.seal(Place("booklet", held.id, version + 1), kept)
    touch(op, held, identity=sealed, identity_version=version + 1, state=BookletState.OPEN.value)
    return again(op, held)


def _identity_problems(
    op: Operation, content: IdentityContent, sent: dict[str, object], confirmation: str | None
) -> list[Problem]:
    facts = Facts(op.today, birth_date_of(Identity(version=0, **vars(content))))
    found = list(field_faults(content, op.today))
    wrong = {problem.path for problem in found}
    found += [each for each in identity_errors(content, facts) if each.path not in wrong]
    found = in_order(content, found)
    email = sent.get("email")
    if isinstance(email, str):
        found += email_confirmation_fault(email, confirmation)
    return [
        Problem(path=f"identity.{each.path}", code=each.code, message=each.message)
        for each in found
    ]


def _values(identity: Identity | None) -> dict[str, object]:
    if identity is None:
        return {}
    return {name: value for name, value in vars(identity).items() if name != "version"}
