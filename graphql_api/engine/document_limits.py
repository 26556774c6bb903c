"""How large a document may be, and how complex it is: one pass, each fragment computed once.

The pass runs between parsing and validation, so that the validation rules only ever see documents
of a bounded size. It therefore meets fields, fragments and types that do not exist, and fragments
that form cycles: it counts them as nothing and leaves it to validation to refuse them.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLCompositeType,
    GraphQLField,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    ValueNode,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_list_type,
)

_INTROSPECTION = frozenset({"__schema", "__type"})
_PAGE_ARGUMENTS = frozenset({"first", "last"})


@dataclass(frozen=True, slots=True)
class DocumentLimits:
    """The most that one document may hold; each limit has its own error code.

    `document_bytes` is counted in UTF-8. `operations`, `aliases`, `directives` and `fragments` are
    counted as written. `fields` counts what an operation selects once its fragments are spread;
    `depth` is the longest chain of fields in it (introspection counts as one level, since
    validation bounds it in its own way). `cost` estimates the values to complete: a field costs
    one, and what stands below a list is multiplied by `list_size`, or by the page that is asked
    for, or by `page_size` when a variable asks. `comparisons` bounds the work of the rule that
    fields with one name must agree, which otherwise grows with the square of the document: pairs of
    one name in one selection are counted here, what fragments add by the rule. `values` counts the
    values written in arguments, each of which every rule of validation visits.
    `errors` is how many errors of a document are reported at once.
    """

    document_bytes: int = 16_000
    tokens: int = 3_000
    operations: int = 20
    depth: int = 12
    fields: int = 2_500
    aliases: int = 20
    directives: int = 10
    fragments: int = 20
    cost: int = 100_000
    list_size: int = 5
    page_size: int = 100
    comparisons: int = 4_000
    values: int = 1_000
    errors: int = 10


class LimitExceededError(Exception):
    """The document holds more than it may: a stable code and an English message for developers."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Complexity:
    """The figures of a selection set with its fragments spread; `breadth` is its first level."""

    breadth: int = 0
    depth: int = 0
    fields: int = 0
    cost: int = 0


def compute_complexity(
    schema: GraphQLSchema,
    document: DocumentNode,
    limits: DocumentLimits,
    *,
    introspection: bool = True,
) -> list[tuple[OperationDefinitionNode, Complexity]]:
    """The complexity of each operation of the document, in its order.

    Raises `LimitExceededError` as soon as one limit is passed, and when a document asks for the
    schema without `introspection`. Takes time in proportion to the document as written, whatever
    its fragments would expand to.
    """
    complexity_pass = _ComplexityPass(schema, document, limits, introspection)
    complexities: list[tuple[OperationDefinitionNode, Complexity]] = []
    for definition in document.definitions:
        complexity_pass.count_directives(definition)
        if isinstance(definition, OperationDefinitionNode):
            for variable in definition.variable_definitions or ():
                complexity_pass.count_directives(variable)
                if variable.default_value is not None:
                    complexity_pass.count_values(variable.default_value)
            root = schema.get_root_type(definition.operation)
            complexity = complexity_pass.of_selections(definition.selection_set, root, 1)
            _check(complexity, limits)
            complexities.append((definition, complexity))
            if len(complexities) > limits.operations:
                raise LimitExceededError(
                    "TOO_MANY_OPERATIONS",
                    f"A document may hold at most {limits.operations} operations.",
                )
        elif isinstance(definition, FragmentDefinitionNode):
            complexity_pass.of_fragment(definition.name.value, 1)
    return complexities


def _check(complexity: Complexity, limits: DocumentLimits) -> None:
    if complexity.depth > limits.depth:
        raise _too_deep(limits)
    if complexity.fields > limits.fields:
        raise LimitExceededError(
            "TOO_MANY_FIELDS", f"An operation may select at most {limits.fields} fields."
        )
    if complexity.cost > limits.cost:
        raise LimitExceededError(
            "TOO_COSTLY",
            f"This operation is estimated at more than {limits.cost} values. Ask for smaller pages.",
        )


def _name_of(selection: SelectionNode) -> str | None:
    """The name in the answer of a field, or that of a spread; inline fragments have none."""
    if isinstance(selection, FieldNode):
        return (selection.alias or selection.name).value
    return f"...{selection.name.value}" if isinstance(selection, FragmentSpreadNode) else None


def too_many_overlaps() -> LimitExceededError:
    """The refusal of a document that would need too many comparisons of fields."""
    return LimitExceededError(
        "TOO_MANY_OVERLAPS", "Too many fields of the same name would have to be merged."
    )


def _too_deep(limits: DocumentLimits) -> LimitExceededError:
    return LimitExceededError("TOO_DEEP", f"An operation may nest at most {limits.depth} fields.")


class _ComplexityPass:
    """The state of one pass over a document."""

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        limits: DocumentLimits,
        introspection: bool,
    ) -> None:
        self._schema = schema
        self._introspection = introspection
        self._limits = limits
        self._fragments = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        if len(self._fragments) > limits.fragments:
            raise LimitExceededError(
                "TOO_MANY_FRAGMENTS", f"A document may define at most {limits.fragments} fragments."
            )
        self._fragment_complexities: dict[str, Complexity] = {}
        self._aliases = 0
        self._directives = 0
        self._values = 0
        self._pairs = 0
        # Inline fragments and spreads nest without adding depth: this bounds the recursion.
        self._nesting = 4 * limits.depth

    def of_fragment(self, name: str, nesting: int) -> Complexity:
        complexity = self._fragment_complexities.get(name)
        if complexity is None:
            definition = self._fragments.get(name)
            if definition is None:
                return Complexity()
            self._fragment_complexities[name] = Complexity()  # of a fragment inside itself
            condition = self._schema.get_type(definition.type_condition.name.value)
            parent = condition if is_composite_type(condition) else None
            complexity = self.of_selections(definition.selection_set, parent, nesting)
            self._fragment_complexities[name] = complexity
        return complexity

    def of_selections(
        self, selections: SelectionSetNode, parent: GraphQLCompositeType | None, nesting: int
    ) -> Complexity:
        if nesting > self._nesting:
            raise _too_deep(self._limits)
        self._count_pairs(selections)
        breadth = depth = fields = cost = 0
        for selection in selections.selections:
            self.count_directives(selection)
            complexity = self._of_selection(selection, parent, nesting)
            breadth += complexity.breadth
            depth = max(depth, complexity.depth)
            fields += complexity.fields
            cost += complexity.cost
        return Complexity(breadth, depth, fields, cost)

    def count_directives(self, node: object) -> None:
        directives: Sequence[object] = getattr(node, "directives", None) or ()
        self._directives += len(directives)
        if self._directives > self._limits.directives:
            raise LimitExceededError(
                "TOO_MANY_DIRECTIVES",
                f"A document may use at most {self._limits.directives} directives.",
            )
        for directive in directives:
            for argument in getattr(directive, "arguments", None) or ():
                self.count_values(argument.value)

    def count_values(self, value: ValueNode) -> None:
        waiting = [value]  # not recursive: the caller chooses the depth
        while waiting:
            node = waiting.pop()
            self._values += 1
            if self._values > self._limits.values:
                raise LimitExceededError(
                    "TOO_MANY_VALUES",
                    f"A document may write at most {self._limits.values} values."
                    " Send them as variables.",
                )
            if isinstance(node, ListValueNode):
                waiting += node.values
            elif isinstance(node, ObjectValueNode):
                waiting += [field.value for field in node.fields]

    def _count_pairs(self, selections: SelectionSetNode) -> None:
        """Count the pairs of selections of one name, which would have to be compared."""
        names = Counter(map(_name_of, selections.selections))
        names.pop(None, None)
        self._pairs += sum(count * (count - 1) // 2 for count in names.values())
        if self._pairs > self._limits.comparisons:
            raise too_many_overlaps()

    def _of_selection(
        self, selection: SelectionNode, parent: GraphQLCompositeType | None, nesting: int
    ) -> Complexity:
        if isinstance(selection, FieldNode):
            return self._of_field(selection, parent, nesting)
        if isinstance(selection, FragmentSpreadNode):
            return self.of_fragment(selection.name.value, nesting + 1)
        if isinstance(selection, InlineFragmentNode):
            if selection.type_condition:
                condition = self._schema.get_type(selection.type_condition.name.value)
                parent = condition if is_composite_type(condition) else None
            return self.of_selections(selection.selection_set, parent, nesting + 1)
        return Complexity()

    def _of_field(
        self, node: FieldNode, parent: GraphQLCompositeType | None, nesting: int
    ) -> Complexity:
        if node.alias:
            self._aliases += 1
            if self._aliases > self._limits.aliases:
                raise LimitExceededError(
                    "TOO_MANY_ALIASES",
                    f"A document may use at most {self._limits.aliases} aliases.",
                )
        for argument in node.arguments or ():
            self.count_values(argument.value)
        name = node.name.value
        if name in _INTROSPECTION and not self._introspection:
            raise LimitExceededError(
                "INTROSPECTION_DISABLED",
                "Introspection is switched off here: read /schema.graphql.",
            )
        if not node.selection_set:
            return Complexity(1, 1, 1, 1)
        field = self._schema.get_field(parent, name) if parent else None
        below = get_named_type(field.type) if field else None
        complexity = self.of_selections(
            node.selection_set, below if is_composite_type(below) else None, nesting + 1
        )
        if name in _INTROSPECTION:
            return Complexity(1, 1, 1 + complexity.fields, 1 + complexity.fields)
        size = self._size(node, field, parent)
        return Complexity(
            1, 1 + complexity.depth, 1 + complexity.fields, 1 + size * complexity.cost
        )

    def _size(
        self, node: FieldNode, field: GraphQLField | None, parent: GraphQLCompositeType | None
    ) -> int:
        """How many values the field is assumed to return."""
        for argument in node.arguments or ():
            if argument.name.value in _PAGE_ARGUMENTS:
                asked = argument.value
                if isinstance(asked, IntValueNode) and len(asked.value) < 10:
                    return max(1, int(asked.value))
                return self._limits.page_size
        if field is None:
            return 1
        if not _PAGE_ARGUMENTS.isdisjoint(field.args):
            return self._limits.page_size
        # The list inside a connection is the page that the connection was asked for.
        in_connection = parent is not None and parent.name.endswith("Connection")
        is_list = is_list_type(get_nullable_type(field.type))
        return self._limits.list_size if is_list and not in_connection else 1
