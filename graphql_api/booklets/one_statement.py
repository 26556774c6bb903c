"""Queries that one statement of the data store answers: they need no transaction to see one moment."""

from graphql import FieldNode, GraphQLSchema, TypeInfo, TypeInfoVisitor, Visitor, visit

from graphql_api.engine.documents import PreparedOperation

# What the row of a booklet tells; the key store, which says whether it can still be read, has
# transactions of its own.
OF_ROW = (
    "id",
    "state",
    "version",
    "createdAt",
    "updatedAt",
    "charterVersion",
    "charterAcceptedAt",
)
_FIELDS = {("Booklet", name) for name in (*OF_ROW, "__typename")} | {("Query", "__typename")}
_ROW = ("Query", "booklet")


def needs_one_statement(schema: GraphQLSchema, prepared: PreparedOperation) -> bool:
    """Whether an operation asks, once, for nothing but the row of the caller's booklet."""
    known = prepared.memo.get("one statement")
    if known is None:
        types = TypeInfo(schema)
        looking = _RowVisitor(types)
        visit(prepared.document, TypeInfoVisitor(types, looking))
        known = prepared.memo["one statement"] = looking.rows == 1 and looking.others == 0
    return bool(known)


class _RowVisitor(Visitor):
    """Counts the fields that read the row, and those that ask for anything else."""

    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self._types = types
        self.rows = 0
        self.others = 0

    def enter_field(self, node: FieldNode, *_path: object) -> None:
        """Count a field. A booklet named by its id may be another's: that is looked at otherwise."""
        parent = self._types.get_parent_type()
        field = (parent.name if parent else "", node.name.value)
        if field == _ROW and not node.arguments:
            self.rows += 1
        elif field not in _FIELDS:
            self.others += 1
