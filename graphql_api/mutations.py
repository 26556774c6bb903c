"""The mutations, noun first: guard, verb, answer. Refusals are data."""

import strawberry

from graphql_api.booklets.mutations import BookletMutations, ClosingMutations
from graphql_api.codes.mutations import CodeMutations
from graphql_api.consents.mutations import ConsentMutations
from graphql_api.dossiers.mutations import DossierMutations
from graphql_api.drafts.mutations import DraftMutations
from graphql_api.entries.mutations import EntryMutations
from graphql_api.operating.mutations import OperatingMutations
from graphql_api.records.mutations import RecordMutations
from graphql_api.reminders.mutations import ReminderMutations
from graphql_api.share_links.mutations import ShareLinkMutations


@strawberry.type(
    description="What can be done to one's own booklet. One mutation field a document."
)
class Mutation(
    BookletMutations,
    EntryMutations,
    DraftMutations,
    DossierMutations,
    CodeMutations,
    ConsentMutations,
    ShareLinkMutations,
    ReminderMutations,
    ClosingMutations,
    RecordMutations,
    OperatingMutations,
):
    """The mutations of all features."""
