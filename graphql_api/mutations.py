"""The mutations: guard, verb, answer. Refusals are data; nothing of a refused change stays."""

from collections.abc import Callable
from typing import Annotated, Any

import strawberry

from graphql_api import booklets, entries, idempotency, ties
from graphql_api.access import Act, check_may
from graphql_api.actors import Agent
from graphql_api.encoding import PublicError
from graphql_api.operation import Operation
from graphql_api.outcomes import (
    BookletOpened,
    BookletOpenResult,
    CharterAccepted,
    CharterAcceptResult,
    EntryAdded,
    EntryAddResult,
    EntryMoved,
    EntryMoveResult,
    EntryRemoved,
    EntryRemoveResult,
    EntryRevised,
    EntryReviseResult,
    IdentityRevised,
    IdentityReviseResult,
    TieResult,
    TieWritten,
)
from schema.booklet import Booklet
from schema.entries import Entry, LinkRelation
from schema.entry_inputs import EntryInput, chosen
from schema.identity import IdentityContent
from schema.refusals import IdempotencyMismatch, Refused

Info = strawberry.Info[Operation, None]


def _said(description: str) -> Any:
    return strawberry.argument(description=description)


EntryId = Annotated[strawberry.ID, _said("The entry.")]
Version = Annotated[int, _said("The version that the caller last saw.")]
CompetenceId = Annotated[strawberry.ID, _said("The competence, which owns the link.")]
AttachmentId = Annotated[strawberry.ID, _said("The attachment, which owns the tie.")]
Key = Annotated[
    str | None,
    _said("At most 100 characters: the same request under the same key is done once."),
]


@strawberry.input(
    description="The identity form. Absent: unchanged; null: erased. The e-mail is typed twice."
)
class IdentityInput(IdentityContent):
    """The guide's form, with the typed confirmation."""

    email_confirmation: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="« Confirmez votre email »: the same e-mail again, whenever one is sent; not kept.",
    )


def _answered(info: Info, key: str | None, verb: Callable[[Operation], Any]) -> Any:
    """What a verb answers, or its refusal, in which case all that it did is undone."""
    op = info.context
    check_may(op.actor, Act.WRITE_OWN_BOOKLET)
    try:
        if not idempotency.check(op, key):
            return IdempotencyMismatch()  # not seen: the earlier answer is given instead
        with op.store.savepoint():
            return verb(op)
    except Refused as refused:
        op.kept = None
        return refused.refusal


def _agent(op: Operation) -> Agent:
    if not isinstance(op.actor, Agent):
        raise PublicError("Vous ne pouvez pas faire cela.", "FORBIDDEN")
    return op.actor


def _seen(booklet: Booklet, id: str) -> Entry:
    return next(entry for entry in booklet.entry_list if entry.id == id)


@strawberry.type(
    description="What can be done to one's own booklet. One mutation field a document."
)
class Mutation:
    """The verbs, noun first."""

    @strawberry.mutation(
        description="Begin a booklet with the authorization code that the collectivité handed out; asked once."
    )
    def booklet_open(
        self,
        info: Info,
        code: Annotated[str, _said("The code, in any spelling of case and dashes.")],
    ) -> BookletOpenResult:
        return _answered(
            info,
            None,
            lambda op: BookletOpened(booklet=booklets.open_booklet(op, _agent(op), code)),
        )

    @strawberry.mutation(description="Accept the charter that was shown; consumes the code.")
    def charter_accept(
        self,
        info: Info,
        version: Annotated[str, _said("The version of the charter that was shown.")],
    ) -> CharterAcceptResult:
        return _answered(
            info, None, lambda op: CharterAccepted(booklet=booklets.accept_charter(op, version))
        )

    @strawberry.mutation(description="Write the identity; the first time, this opens the booklet.")
    def identity_revise(
        self,
        info: Info,
        identity: Annotated[IdentityInput, _said("The fields to write.")],
        version: Annotated[
            int, _said("The identity's version that the caller last saw; 0 at first.")
        ],
        idempotency_key: Key = None,
    ) -> IdentityReviseResult:
        confirmation = identity.email_confirmation
        return _answered(
            info,
            idempotency_key,
            lambda op: IdentityRevised(
                booklet=booklets.revise_identity(
                    op, identity, confirmation if isinstance(confirmation, str) else None, version
                )
            ),
        )

    @strawberry.mutation(description="Add an entry to one of the rubrics.")
    def entry_add(
        self,
        info: Info,
        entry: Annotated[EntryInput, _said("Exactly one rubric's content.")],
        idempotency_key: Key = None,
    ) -> EntryAddResult:
        def verb(op: Operation) -> EntryAdded:
            booklet, id = entries.add(op, *chosen(entry))
            return EntryAdded(entry=_seen(booklet, id), booklet=booklet)

        return _answered(info, idempotency_key, verb)

    @strawberry.mutation(
        description="Change the fields that are sent; absent ones stay, nulls are erased."
    )
    def entry_revise(
        self,
        info: Info,
        id: EntryId,
        version: Version,
        entry: Annotated[EntryInput, _said("The fields to change, under the entry's own rubric.")],
        idempotency_key: Key = None,
    ) -> EntryReviseResult:
        def verb(op: Operation) -> EntryRevised:
            booklet, same = entries.revise(op, id, version, *chosen(entry))
            return EntryRevised(entry=_seen(booklet, same), booklet=booklet)

        return _answered(info, idempotency_key, verb)

    @strawberry.mutation(description="Remove an entry with its ties; what it was tied to stays.")
    def entry_remove(
        self, info: Info, id: EntryId, version: Version, idempotency_key: Key = None
    ) -> EntryRemoveResult:
        return _answered(
            info,
            idempotency_key,
            lambda op: EntryRemoved(id=id, booklet=entries.remove(op, id, version)),
        )

    @strawberry.mutation(
        description="Give a competence or an attachment its place in the owner's order."
    )
    def entry_move(
        self,
        info: Info,
        id: EntryId,
        version: Version,
        before: Annotated[
            strawberry.ID | None, _said("The entry that will follow; last when absent.")
        ] = None,
        idempotency_key: Key = None,
    ) -> EntryMoveResult:
        def verb(op: Operation) -> EntryMoved:
            booklet, same = entries.move(op, id, version, before)
            return EntryMoved(entry=_seen(booklet, same), booklet=booklet)

        return _answered(info, idempotency_key, verb)

    @strawberry.mutation(
        description="Say where a competence was acquired or used; again, to change relation or note."
    )
    def competence_link(
        self,
        info: Info,
        competence: CompetenceId,
        version: Version,
        target: Annotated[strawberry.ID, _said("The formation or experience that supports it.")],
        relation: Annotated[LinkRelation, _said("Acquired there, or used there.")],
        note: Annotated[
            str | None, _said("How it was acquired or used; at most 500 characters.")
        ] = None,
        idempotency_key: Key = None,
    ) -> TieResult:
        return _tied(
            info,
            idempotency_key,
            lambda op: ties.link_competence(op, competence, version, target, relation, note),
        )

    @strawberry.mutation(description="Take back a link of a competence; both ends stay.")
    def competence_unlink(
        self,
        info: Info,
        competence: CompetenceId,
        version: Version,
        target: Annotated[strawberry.ID, _said("The entry at the other end.")],
        idempotency_key: Key = None,
    ) -> TieResult:
        return _tied(
            info,
            idempotency_key,
            lambda op: ties.unlink_competence(op, competence, version, target),
        )

    @strawberry.mutation(description="Say that a paper document proves an entry.")
    def evidence_link(
        self,
        info: Info,
        attachment: AttachmentId,
        version: Version,
        entry: Annotated[strawberry.ID, _said("The entry that it proves.")],
        idempotency_key: Key = None,
    ) -> TieResult:
        return _tied(
            info, idempotency_key, lambda op: ties.link_evidence(op, attachment, version, entry)
        )

    @strawberry.mutation(description="Take back what a paper document proves; both stay.")
    def evidence_unlink(
        self,
        info: Info,
        attachment: AttachmentId,
        version: Version,
        entry: Annotated[strawberry.ID, _said("The entry at the other end.")],
        idempotency_key: Key = None,
    ) -> TieResult:
        return _tied(
            info, idempotency_key, lambda op: ties.unlink_evidence(op, attachment, version, entry)
        )


def _tied(info: Info, key: str | None, verb: Callable[[Operation], tuple[Booklet, str]]) -> Any:
    def answer(op: Operation) -> TieWritten:
        booklet, id = verb(op)
        return TieWritten(entry=_seen(booklet, id), booklet=booklet)

    return _answered(info, key, answer)
