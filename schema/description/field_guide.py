"""What a form needs to know of a described field, as the API tells it."""

import strawberry

from schema.codes import code_table
from schema.description import conditions
from schema.description.bounds import at_most
from schema.description.conditional_rules import not_filled
from schema.description.conditions import NO, Condition, ConditionTest, Rule
from schema.description.directives import TextFormat
from schema.description.fields import FieldKind as Kind
from schema.description.fields import FieldSpec, NamedField, camel, fields_of
from schema.description.groups import FieldGroup as Group
from schema.description.groups import groups_of
from schema.typography import typeset

MAX_RULES = 5
MAX_CODES = 500


@strawberry.type(description="Neighbouring fields of a form that stand together on the screen.")
class FieldGroup:
    """A group of fields, under a legend."""

    key: str = strawberry.field(description="Tells the groups of a form apart.")
    legend: str = strawberry.field(description="Its French legend.")


@strawberry.type(description="What is asked of another field of the same form.")
class FieldCondition:
    """A condition, as the API tells it."""

    field: str = strawberry.field(description="The key of the other field.")
    test: ConditionTest = strawberry.field(description="What is asked of it.")
    values: list[str] = strawberry.field(
        description=f"The codes of ONE_OF and NONE_OF; `true` and `false` for YES_NO; {at_most(MAX_CODES)}."
    )


@strawberry.type(description="What follows when all conditions hold.")
class FieldRule:
    """A rule between fields, as the API tells it."""

    conditions: list[FieldCondition] = strawberry.field(
        description=f"The rule applies when all of these hold; {at_most(MAX_RULES)}."
    )
    code: str = strawberry.field(description="The code of the problem that it makes.")
    message: str = strawberry.field(description="The French sentence of that problem.")


@strawberry.type(description="The codes that a field takes while another field holds a value.")
class DependentCodes:
    """A line of a dependent table."""

    value: str = strawberry.field(description="The code in the other field.")
    codes: list[str] = strawberry.field(
        description=f"The codes that then fit, the usual one first where there is one; none when the field then stays empty; {at_most(MAX_CODES)}."
    )
    strict: bool = strawberry.field(
        description="Whether any other code is refused; else it is unusual, and accepted."
    )


@strawberry.type(description="A table of codes that depend on the value of another field.")
class FieldDependency:
    """A dependent table, as the API tells it."""

    field: str = strawberry.field(description="The key of the other field.")
    choices: list[DependentCodes] = strawberry.field(
        description=f"The codes that fit, by value of the other field; all fit a value that is not here; {at_most(MAX_CODES)}."
    )


@strawberry.type(description="What is known of a field: everything that a form needs.")
class FieldGuide:
    """A described field, as the API tells it."""

    key: str = strawberry.field(description="The field's name in the type and in the input.")
    label: str = strawberry.field(description="Its French label.")
    hint: str = strawberry.field(description="A French hint, empty when none is needed.")
    kind: Kind = strawberry.field(description="How it is entered.")
    autofill: str = strawberry.field(
        description="The token by which browsers fill in what they know of a person (HTML's `autocomplete`); empty when none fits."
    )
    required: bool = strawberry.field(description="Whether an entry without it is refused.")
    recommended: bool = strawberry.field(
        description="Whether a complete dossier has it (else a warning)."
    )
    max_length: int | None = strawberry.field(
        description="The most characters of a text (of each, in a list)."
    )
    max_items: int | None = strawberry.field(description="The most items of a list.")
    minimum: float | None = strawberry.field(
        description="The least number; excluded for NUMBER, included for WHOLE_NUMBER."
    )
    maximum: float | None = strawberry.field(description="The greatest number, included.")
    pattern: str | None = strawberry.field(
        description="A regular expression that the whole text matches."
    )
    format: TextFormat | None = strawberry.field(
        description="The form of the text, by which a form chooses a keyboard and what a browser fills in; null when it has none."
    )
    pattern_message: str = strawberry.field(
        description="The French sentence to show when it does not match."
    )
    table: str | None = strawberry.field(description="The code table of a CODE or CODES field.")
    labels: str | None = strawberry.field(
        description="The code table with the labels of those codes of `dependsOn` that need one, for a CODES field without a table."
    )
    suggested: str | None = strawberry.field(description="What a form may start with.")
    unit: str = strawberry.field(
        description="The French unit of a number, empty when there is none."
    )
    future: bool = strawberry.field(description="Whether a date may be in the future.")
    group: FieldGroup | None = strawberry.field(
        description="What it stands together with on the screen; null when it stands alone."
    )
    required_when: list[FieldRule] = strawberry.field(
        description=f"When the field is required because of others: when one of these rules applies; {at_most(MAX_RULES)}."
    )
    refused_when: list[FieldRule] = strawberry.field(
        description=f"When a value of the field is refused because of others: when one of these rules applies; {at_most(MAX_RULES)}."
    )
    recommended_when: list[FieldRule] = strawberry.field(
        description=f"When a complete entry has the field: when one of these rules applies (else a warning); {at_most(MAX_RULES)}."
    )
    shown_when: list[FieldCondition] = strawberry.field(
        description=f"When the field makes sense: when all of these hold, always when there are none; {at_most(MAX_RULES)}. A form may hide it otherwise, unless it holds a value."
    )
    depends_on: FieldDependency | None = strawberry.field(
        description="Which codes the field takes, by the value of another field; null when it takes them all."
    )
    example: str = strawberry.field(
        description="A plausible value, as people type it and as the service takes it: a code for CODE, one item of a list, `true` or `false` for YES_NO. The examples of a form fit each other. That of the last day of a share link, a consent or codes shows its form only, since its bounds move with today."
    )
    refused_codes: list[str] = strawberry.field(
        description=f"Codes of its table that this form refuses; {at_most(MAX_CODES)}."
    )


def field_guides(content: type) -> list[FieldGuide]:
    """The fields of described content, in order."""
    groups = groups_of(content)
    return [_field_guide(field, groups.get(field.name)) for field in fields_of(content)]


def _field_guide(field: NamedField, group: Group | None) -> FieldGuide:
    spec = field.spec
    missing = not_filled(spec)
    return FieldGuide(
        key=field.key,
        label=spec.label,
        hint=spec.hint,
        kind=spec.kind,
        required=spec.required,
        recommended=spec.recommended,
        max_length=spec.max_length,
        max_items=spec.max_items,
        minimum=spec.minimum,
        maximum=spec.maximum,
        pattern=spec.pattern,
        format=spec.format,
        autofill=spec.autofill,
        pattern_message=spec.pattern_message,
        table=spec.table,
        labels=spec.labels,
        suggested=spec.suggested,
        unit=spec.unit,
        future=spec.future,
        group=FieldGroup(key=group.key, legend=group.legend) if group else None,
        required_when=[field_rule(rule, missing) for rule in spec.required_when],
        refused_when=[field_rule(rule, "") for rule in spec.refused_when],
        recommended_when=[field_rule(rule, missing) for rule in spec.recommended_when],
        shown_when=[_field_condition(condition) for condition in spec.shown_when],
        depends_on=_field_dependency(spec.depends_on) if spec.depends_on else None,
        example=_example_of(spec),
        refused_codes=list(spec.refused_codes),
    )


def _example_of(spec: FieldSpec) -> str:
    """The example of the declaration; else what a form starts with, or the first code, or no."""
    if spec.example or spec.suggested:
        return spec.example or spec.suggested or ""
    if spec.table is not None:
        return code_table(spec.table).codes[0].code
    return NO if spec.kind is Kind.YES_NO else ""


def field_rule(rule: Rule, standard: str) -> FieldRule:
    """A rule between fields; `standard` is what it says when it has no sentence of its own."""
    return FieldRule(
        conditions=[_field_condition(condition) for condition in rule.conditions],
        code=rule.code,
        message=rule.message or typeset(standard),
    )


def _field_condition(condition: Condition) -> FieldCondition:
    return FieldCondition(
        field=camel(condition.field), test=condition.test, values=list(condition.values)
    )


def _field_dependency(dependent: conditions.DependentCodes) -> FieldDependency:
    return FieldDependency(
        field=camel(dependent.field),
        choices=[
            DependentCodes(value=choice.value, codes=list(choice.codes), strict=choice.strict)
            for choice in dependent.choices
        ],
    )
