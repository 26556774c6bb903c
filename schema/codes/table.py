"""The shape of a code table."""

import strawberry

from schema.typography import typeset_attributes


@strawberry.type(description="A code with its French label, and what the table knows of it.")
class Code:
    """One line of a code table."""

    code: str = strawberry.field(description="The code that entries store.")
    label: str = strawberry.field(description="The French label that people see.")
    group: str | None = strawberry.field(
        default=None,
        description="The code that it belongs to in the table's `groupTable` (a filière, for instance); null when it has none.",
    )
    category: str | None = strawberry.field(
        default=None, description="The hierarchical category (A+, A, B, C, D) of a cadre d'emplois."
    )
    categories: list[str] = strawberry.field(
        default_factory=list,
        description="The symbols or categories that an accreditation of this type can carry; at most 30.",
    )
    usual_months: int | None = strawberry.field(
        default=None,
        description="Usual validity in months: a suggestion for forms, the document's date wins.",
    )
    until_year_end: bool = strawberry.field(
        default=False,
        description="The usual validity then runs on to 31 December of the year in which it ends.",
    )
    renewed_by: str | None = strawberry.field(
        default=None,
        description="What renews it, in French; null where no usual validity is known.",
    )
    validity_source: str | None = strawberry.field(
        default=None,
        description="The text that gives the usual validity, with its year, in French; null where none is known.",
    )
    employer_bound: bool = strawberry.field(
        default=False, description="Valid only with one employer, which issues it or asks for it."
    )
    retired: bool = strawberry.field(
        default=False, description="No longer chosen; kept so that old entries stay readable."
    )

    def __post_init__(self) -> None:
        typeset_attributes(self, "label", "renewed_by", "validity_source")


@strawberry.type(description="A closed list of codes.")
class CodeTable:
    """A named table."""

    name: str = strawberry.field(description="The name that fields refer to.")
    label: str = strawberry.field(description="The French title of the table.")
    group_table: str | None = strawberry.field(
        default=None,
        description="The table of the codes in `group`, by which forms may group these; null when nothing is grouped.",
    )
    codes: list[Code] = strawberry.field(
        description="The codes, in the order in which forms show them; at most 500."
    )

    def __post_init__(self) -> None:
        typeset_attributes(self, "label")


def simple_table(name: str, label: str, codes: dict[str, str]) -> CodeTable:
    """A table of codes that have nothing but a label."""
    return CodeTable(
        name=name, label=label, codes=[Code(code=code, label=text) for code, text in codes.items()]
    )


@strawberry.type(description="A code with the French label that people see.")
class CodeLabel:
    """A stored code, readable."""

    code: str = strawberry.field(description="The code.")
    label: str = strawberry.field(description="Its French label.")
