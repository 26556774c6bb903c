"""Queries that read the content of the caller's booklet only, and the tag of their answer.

Such an answer changes with the version of the booklet, with the day in France (validities, the
panorama) and with the edition of the code, and with nothing else.
"""

from graphql import FieldNode, GraphQLSchema, TypeInfo, TypeInfoVisitor, Visitor, visit
from graphql.language import VariableDefinitionNode

import graphql_api
import schema
from graphql_api.callers.permissions import Permission, check_permission
from graphql_api.edition import edition_of
from graphql_api.engine.documents import PreparedOperation
from graphql_api.engine.encoding import PublicError
from graphql_api.storage.actors import Agent
from graphql_api.storage.content.booklet_rows import row_of_caller
from graphql_api.storage.operation import Operation, digest

# What other people and times change, without a new version of the booklet.
UNVERSIONED = frozenset(
    {
        ("Booklet", "accessRecords"),
        ("Booklet", "consent"),
        ("Booklet", "consents"),
        ("Booklet", "closing"),
        ("Booklet", "damaged"),
        ("Booklet", "draft"),
        ("Booklet", "drafts"),
        ("Booklet", "reminder"),
        ("Booklet", "shareLink"),
        ("Dossier", "shareLinks"),
    }
)
_ROOT = ("booklet", "__typename")
EDITION = edition_of(graphql_api, schema)


def reads_content_only(schema: GraphQLSchema, prepared: PreparedOperation) -> bool:
    """Whether the only operation of a document reads the content of the caller's booklet only."""
    if prepared.kind != "query":
        return False
    types = TypeInfo(schema)
    looking = _ContentVisitor(types)
    visit(prepared.document, TypeInfoVisitor(types, looking))
    return looking.is_content


def content_tag(op: Operation, document: str) -> str | None:
    """The weak ETag (RFC 9110, section 8.8.3) of the answer to a document.

    `document` is its hash. The tag differs between callers and between their scopes. None for who
    has no booklet, or may not read it: the document is run for them, and answers so.
    """
    try:
        check_permission(op.actor, Permission.READ_OWN_BOOKLET)
    except PublicError:
        return None
    row = row_of_caller(op)
    if row is None or not isinstance(op.actor, Agent):
        return None
    caller = (op.person, *sorted(op.actor.scopes))
    said = (document, EDITION, row.id, row.version, op.today.isoformat(), *caller)
    return f'W/"{digest(repr(said))[:32]}"'


class _ContentVisitor(Visitor):
    """Looks for anything in a document that is not content of the caller's booklet."""

    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self._types = types
        self.is_content = True

    def enter_variable_definition(self, _node: VariableDefinitionNode, *_path: object) -> None:
        """Variables are not part of a stored query's address."""
        self.is_content = False

    def enter_field(self, node: FieldNode, *_path: object) -> None:
        """Each selected field must be content, and each root field the caller's booklet.

        A booklet named by its id may be another's, whose owner is told of each attempt.
        """
        parent, name = self._types.get_parent_type(), node.name.value
        of = parent.name if parent else ""
        is_other_root = of == "Query" and (name not in _ROOT or node.arguments)
        if is_other_root or (of, name) in UNVERSIONED:
            self.is_content = False
