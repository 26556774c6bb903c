"""The mutations, noun first: guard, verb, answer. Refusals are data."""

import strawberry

from graphql_api.booklet_mutations import BookletMutations
from graphql_api.closing_mutations import ClosingMutations
from graphql_api.code_mutations import CodeMutations
from graphql_api.consent_mutations import ConsentMutations
from graphql_api.dossier_mutations import DossierMutations
from graphql_api.entry_mutations import EntryMutations
from graphql_api.record_mutations import RecordMutations
from graphql_api.share_link_mutations import ShareLinkMutations


@strawberry.type(
    description="What can be done to one's own booklet. One mutation field a document."
)
class Mutation(
    BookletMutations,
    EntryMutations,
    DossierMutations,
    CodeMutations,
    ConsentMutations,
    ShareLinkMutations,
    ClosingMutations,
    RecordMutations,
):
    """All of them."""
