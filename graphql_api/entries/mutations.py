"""The mutations of entries and of the links between them."""

from collections.abc import Callable
from typing import Annotated, Any

import strawberry

from graphql_api.entries import entries as verbs
from graphql_api.entries import link_sets, links
from graphql_api.entries.outcomes import (
    EntriesAdded,
    EntriesAddResult,
    EntryAdded,
    EntryAddResult,
    EntryMoved,
    EntryMoveResult,
    EntryRemoved,
    EntryRemoveResult,
    EntryRevised,
    EntryReviseResult,
    LinkResult,
    LinkSaved,
)
from graphql_api.operations.mutation_support import (
    AttachmentId,
    CompetenceId,
    EntryId,
    IdempotencyKey,
    Info,
    Version,
    argument,
    run_mutation,
)
from graphql_api.storage.operation import Operation
from schema.booklet import Booklet
from schema.description.bounds import MAX_ADDED, MAX_ENTRIES, at_most
from schema.entries.entries import NOTE_LENGTH, Entry, LinkRelation
from schema.entries.inputs import CompetenceLinkInput, DraftVersionInput, EntryInput, chosen_content


def entry_in(booklet: Booklet, id: str) -> Entry:
    """The entry of that id in the booklet as it is after the verb."""
    entry = booklet.content.entry(id)
    if entry is None:
        raise LookupError(id)
    return entry


@strawberry.type(description="Entries, in all rubrics.")
class EntryMutations:
    """Add, revise, remove, move, link; also many at once."""

    @strawberry.mutation(description="Add an entry to one of the rubrics.")
    def entry_add(
        self,
        info: Info,
        entry: Annotated[EntryInput, argument("Exactly one rubric's content.")],
        draft: Annotated[
            DraftVersionInput | None,
            argument("The draft that becomes this entry: it is deleted when the entry is added."),
        ] = None,
        idempotency_key: IdempotencyKey = None,
    ) -> EntryAddResult:
        def verb(op: Operation) -> EntryAdded:
            booklet, id = verbs.add(op, *chosen_content(entry), draft)
            return EntryAdded(entry=entry_in(booklet, id), booklet=booklet)

        return run_mutation(info, idempotency_key, verb)

    @strawberry.mutation(
        description="Add several entries, of any rubrics: all of them, or none where one has faults."
    )
    def entries_add(
        self,
        info: Info,
        entries: Annotated[
            list[EntryInput],
            argument(f"Exactly one rubric's content each; {at_most(MAX_ADDED)}."),
        ],
        idempotency_key: IdempotencyKey = None,
    ) -> EntriesAddResult:
        def verb(op: Operation) -> EntriesAdded:
            booklet, ids = verbs.add_all(op, [chosen_content(one) for one in entries])
            return EntriesAdded(entries=[entry_in(booklet, id) for id in ids], booklet=booklet)

        return run_mutation(info, idempotency_key, verb)

    @strawberry.mutation(
        description="Change the fields that are sent; absent ones stay, nulls are erased."
    )
    def entry_revise(
        self,
        info: Info,
        id: EntryId,
        version: Version,
        entry: Annotated[
            EntryInput, argument("The fields to change, under the entry's own rubric.")
        ],
        idempotency_key: IdempotencyKey = None,
    ) -> EntryReviseResult:
        def verb(op: Operation) -> EntryRevised:
            booklet, same = verbs.revise(op, id, version, *chosen_content(entry))
            return EntryRevised(entry=entry_in(booklet, same), booklet=booklet)

        return run_mutation(info, idempotency_key, verb)

    @strawberry.mutation(description="Remove an entry with its ties; what it was tied to stays.")
    def entry_remove(
        self, info: Info, id: EntryId, version: Version, idempotency_key: IdempotencyKey = None
    ) -> EntryRemoveResult:
        return run_mutation(
            info,
            idempotency_key,
            lambda op: EntryRemoved(id=id, booklet=verbs.remove(op, id, version)),
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
            strawberry.ID | None, argument("The entry that will follow; last when absent.")
        ] = None,
        idempotency_key: IdempotencyKey = None,
    ) -> EntryMoveResult:
        def verb(op: Operation) -> EntryMoved:
            booklet, same = verbs.move(op, id, version, before)
            return EntryMoved(entry=entry_in(booklet, same), booklet=booklet)

        return run_mutation(info, idempotency_key, verb)

    @strawberry.mutation(
        description="Say where a competence was acquired or used; again, to change relation or note."
    )
    def competence_link(
        self,
        info: Info,
        competence: CompetenceId,
        version: Version,
        target: Annotated[strawberry.ID, argument("The formation or experience that supports it.")],
        relation: Annotated[LinkRelation, argument("Acquired there, or used there.")],
        note: Annotated[
            str | None,
            argument(
                f"How it was acquired or used; {at_most(NOTE_LENGTH)} characters; stays when absent."
            ),
        ] = strawberry.UNSET,
        idempotency_key: IdempotencyKey = None,
    ) -> LinkResult:
        return _run_link_mutation(
            info,
            idempotency_key,
            lambda op: links.link_competence(op, competence, version, target, relation, note),
        )

    @strawberry.mutation(description="Take back a link of a competence; both ends stay.")
    def competence_unlink(
        self,
        info: Info,
        competence: CompetenceId,
        version: Version,
        target: Annotated[strawberry.ID, argument("The entry at the other end.")],
        idempotency_key: IdempotencyKey = None,
    ) -> LinkResult:
        return _run_link_mutation(
            info,
            idempotency_key,
            lambda op: links.unlink_competence(op, competence, version, target),
        )

    @strawberry.mutation(
        description="Set all links of a competence, or of an entry that supports competences: what is not listed is taken back, what is new is written, and the rest stays. The versions of the competences whose links change rise too."
    )
    def competence_links_set(
        self,
        info: Info,
        entry: Annotated[
            strawberry.ID, argument("The competence, or the formation or experience.")
        ],
        version: Version,
        links: Annotated[
            list[CompetenceLinkInput],
            argument(f"All the links that it has afterwards; {at_most(MAX_ENTRIES)}."),
        ],
        evidence: Annotated[
            list[strawberry.ID] | None,
            argument(
                "In the same write, all the documents that prove the entry afterwards, as"
                f" evidenceLinksSet says it; they stay when absent; {at_most(MAX_ENTRIES)}."
            ),
        ] = None,
        idempotency_key: IdempotencyKey = None,
    ) -> LinkResult:
        return _run_link_mutation(
            info,
            idempotency_key,
            lambda op: link_sets.set_competence_links(op, entry, version, links, evidence),
        )

    @strawberry.mutation(description="Say that a paper document proves an entry.")
    def evidence_link(
        self,
        info: Info,
        attachment: AttachmentId,
        version: Version,
        entry: Annotated[strawberry.ID, argument("The entry that it proves.")],
        idempotency_key: IdempotencyKey = None,
    ) -> LinkResult:
        return _run_link_mutation(
            info, idempotency_key, lambda op: links.link_evidence(op, attachment, version, entry)
        )

    @strawberry.mutation(description="Take back what a paper document proves; both stay.")
    def evidence_unlink(
        self,
        info: Info,
        attachment: AttachmentId,
        version: Version,
        entry: Annotated[strawberry.ID, argument("The entry at the other end.")],
        idempotency_key: IdempotencyKey = None,
    ) -> LinkResult:
        return _run_link_mutation(
            info, idempotency_key, lambda op: links.unlink_evidence(op, attachment, version, entry)
        )

    @strawberry.mutation(
        description="Set all that a paper document proves, or all documents that prove an entry: what is not listed is taken back, what is new is written. The versions of the attachments whose ties change rise too."
    )
    def evidence_links_set(
        self,
        info: Info,
        entry: Annotated[strawberry.ID, argument("The attachment, or the entry that is proved.")],
        version: Version,
        others: Annotated[
            list[strawberry.ID],
            argument(f"All that is at the other end afterwards; {at_most(MAX_ENTRIES)}."),
        ],
        idempotency_key: IdempotencyKey = None,
    ) -> LinkResult:
        return _run_link_mutation(
            info,
            idempotency_key,
            lambda op: link_sets.set_evidence_links(op, entry, version, others),
        )


def _run_link_mutation(
    info: Info, key: str | None, verb: Callable[[Operation], tuple[Booklet, str]]
) -> Any:
    def answer(op: Operation) -> LinkSaved:
        booklet, id = verb(op)
        return LinkSaved(entry=entry_in(booklet, id), booklet=booklet)

    return run_mutation(info, key, answer)
