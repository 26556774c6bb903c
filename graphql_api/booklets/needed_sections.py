"""The sections of a booklet that an operation will ask for, so that one statement reads them.

A section that is missing here is still read when it is asked for, by a statement of its own.
"""

from graphql import FieldNode, GraphQLSchema, TypeInfo, TypeInfoVisitor, Visitor, visit

from graphql_api.engine.documents import PreparedOperation
from graphql_api.storage.content.sections import ENTRY_SECTIONS, SECTION_OF, Section
from schema.description.rubric import Part, RubricName

_ALL = frozenset(Section)
_ENTRIES = frozenset({*ENTRY_SECTIONS, Section.IDENTITY})
# A dossier is made with whom it is about.
_OF_DOSSIERS = frozenset({Section.DOSSIERS, Section.IDENTITY, Section.SITUATION})

# The figures of a panorama that entries are read for; the counters stand in the head.
_COMPUTED = (
    "currentPosts",
    "timeline",
    "matrix",
    "highestLevel",
    "experience",
    "trainingDays",
    "validity",
    "evidence",
)
# What a dossier tells of the entries that it chooses.
_CHOSEN = ("entries", "entryNodes", "selectedEntries", "selectedEntryNodes", "emptyAnnexes")


def _with_entries(*sections: Section) -> frozenset[Section]:
    """Sections of entries, with the identity: rules compare dates with that of birth."""
    return frozenset({*sections, Section.IDENTITY})


NEEDED: dict[tuple[str, str], frozenset[Section]] = {
    ("Query", "sharedDossier"): _ALL,
    ("Query", "bookletRecord"): _ALL,
    # The verb reads the sections that it adds to. Every other mutation may ask for any.
    **dict.fromkeys([("Mutation", "entryAdd"), ("Mutation", "entriesAdd")], _with_entries()),
    ("Booklet", "identity"): frozenset({Section.IDENTITY}),
    ("Booklet", "situation"): frozenset({Section.SITUATION}),
    ("Booklet", "dossiers"): _OF_DOSSIERS,
    ("Booklet", "dossier"): _OF_DOSSIERS,
    ("Booklet", "dispenseStart"): _with_entries(Section.SITUATION, Section.EXPERIENCES),
    ("Booklet", "formations"): _with_entries(Section.FORMATIONS),
    ("Booklet", "experiences"): _with_entries(Section.EXPERIENCES),
    ("Booklet", "competences"): _with_entries(Section.COMPETENCES),
    ("Booklet", "attachments"): _with_entries(Section.ATTACHMENTS),
    ("Booklet", "recommendations"): _with_entries(Section.ATTACHMENTS),
    **dict.fromkeys(
        [("Booklet", name) for name in ("entry", "namedOnly", "hiddenEntries")],
        _ENTRIES,
    ),
    **dict.fromkeys([("Panorama", name) for name in _COMPUTED], _ENTRIES),
    ("Booklet", "closing"): _ALL,
    ("Booklet", "damaged"): _ALL,
    **dict.fromkeys([("Dossier", name) for name in _CHOSEN], _ENTRIES),
    ("Dossier", "warnings"): _ALL,
}
_OF_LINKS = frozenset({"links", "evidence", "assurance", "proves"})


def needed_sections(schema: GraphQLSchema, prepared: PreparedOperation) -> frozenset[str]:
    """The names of the sections that an operation asks for."""
    known = prepared.memo.get("sections")
    if known is None:
        known = prepared.memo["sections"] = _found(schema, prepared)
    needed: frozenset[str] = known
    return needed


def _found(schema: GraphQLSchema, prepared: PreparedOperation) -> frozenset[str]:
    types = TypeInfo(schema)
    looking = _SectionVisitor(types)
    visit(prepared.document, TypeInfoVisitor(types, looking))
    return frozenset(section.value for section in looking.sections)


class _SectionVisitor(Visitor):
    """Collects the sections of all fields of a document."""

    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self._types = types
        self.sections: set[Section] = set()

    def enter_field(self, node: FieldNode, *_path: object) -> None:
        """Add what a field asks for."""
        parent, name = self._types.get_parent_type(), node.name.value
        of = parent.name if parent else ""
        if of == "Booklet" and name in ("entries", "entriesConnection"):
            self.sections |= _of_entries(node)
        elif name in _OF_LINKS and of not in ("Booklet", "SharedDossier"):
            self.sections |= _ENTRIES
        else:
            self.sections |= NEEDED.get((of, name), _ALL if of == "Mutation" else frozenset())


def _of_entries(node: FieldNode) -> frozenset[Section]:
    """The sections of a list of entries: that of its rubric or part, where the document says which."""
    for argument in node.arguments or ():
        named = getattr(argument.value, "value", None)
        if isinstance(named, str) and named in RubricName.__members__:
            return _with_entries(SECTION_OF[RubricName[named]])
        if isinstance(named, str) and named in Part.__members__:
            return _with_entries(Section[named])
    return _ENTRIES
