"""The lists of a booklet beside its sections that an operation will ask for, to be read together.

A list that is missing here is still read when it is asked for, by a statement of its own.
"""

from graphql import (
    FieldNode,
    GraphQLSchema,
    IntValueNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    visit,
)

from graphql_api.engine.documents import PreparedOperation
from graphql_api.storage.booklet_lists import BookletList
from graphql_api.storage.communicated.access_record_repository import newest
from graphql_api.storage.communicated.consent_repository import PAST_CONSENTS, PRESENT_CONSENTS
from graphql_api.storage.communicated.reminder_repository import REMINDER
from graphql_api.storage.communicated.share_link_repository import SHARE_LINKS_OF
from graphql_api.storage.content.booklet_statements import CHARTERS
from graphql_api.storage.content.draft_repository import DRAFTS
from schema.description.bounds import MAX_PAGE

_CONSENTS = frozenset({PRESENT_CONSENTS, PAST_CONSENTS})
NEEDED: dict[tuple[str, str], frozenset[BookletList]] = {
    ("Booklet", "charterAcceptances"): frozenset({CHARTERS}),
    ("Booklet", "drafts"): frozenset({DRAFTS}),
    ("Booklet", "draft"): frozenset({DRAFTS}),
    ("Booklet", "consents"): _CONSENTS,
    ("Booklet", "consent"): _CONSENTS,
    ("Booklet", "shareLink"): frozenset({SHARE_LINKS_OF}),
    ("Dossier", "shareLinks"): frozenset({SHARE_LINKS_OF}),
    ("Booklet", "reminder"): frozenset({REMINDER}),
    ("Booklet", "closing"): frozenset({DRAFTS, SHARE_LINKS_OF, *_CONSENTS}),
    ("Booklet", "damaged"): frozenset({DRAFTS, SHARE_LINKS_OF, REMINDER, *_CONSENTS}),
}
ALL_LISTS = frozenset({CHARTERS, newest(MAX_PAGE)}).union(*NEEDED.values())
_JOURNAL = ("Booklet", "accessRecords")


def needed_lists(schema: GraphQLSchema, prepared: PreparedOperation) -> frozenset[BookletList]:
    """The lists that an operation asks for."""
    known = prepared.memo.get("lists")
    if known is None:
        types = TypeInfo(schema)
        looking = _ListVisitor(types)
        visit(prepared.document, TypeInfoVisitor(types, looking))
        known = prepared.memo["lists"] = frozenset(looking.lists)
    needed: frozenset[BookletList] = known
    return needed


class _ListVisitor(Visitor):
    """Collects the lists of all fields of a document."""

    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self._types = types
        self.lists: set[BookletList] = set()

    def enter_field(self, node: FieldNode, *_path: object) -> None:
        """Add what a field asks for."""
        parent, name = self._types.get_parent_type(), node.name.value
        of = (parent.name if parent else "", name)
        self.lists |= NEEDED.get(of, frozenset())
        if of == _JOURNAL and (first := self._first(node)) is not None:
            self.lists.add(newest(first))

    def _first(self, node: FieldNode) -> int | None:
        """How many records the first page has; None when variables decide, or another is asked for."""
        given = {argument.name.value: argument.value for argument in node.arguments or ()}
        if "after" in given:
            return None
        definition = self._types.get_field_def()
        if "first" not in given and definition is not None:
            return int(definition.args["first"].default_value)
        first = given.get("first")
        return int(first.value) if isinstance(first, IntValueNode) else None
