"""The table of who may do what is whole, agrees with itself, and is the page that people read."""

from pathlib import Path

import pytest
from graphql import (
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLType,
    GraphQLUnionType,
    get_named_type,
)

import graphql_api
from graphql_api.callers.permissions import (
    FIELDS,
    REFUSE_SCOPE,
    TABLE,
    TYPES,
    VIEW_OF,
    CallerRole,
    Effect,
    Permission,
    check_permission,
)
from graphql_api.commands.cli import main
from graphql_api.commands.documents.permissions_page import access_page
from graphql_api.engine.encoding import PublicError
from graphql_api.graphql_schema import GRAPHQL_SCHEMA
from graphql_api.storage.actors import Actor, Agent, Anonymous, Machine, PrintJob
from tests.graphql_api.roles import ROOT_FIELDS

ROOTS = {"Query", "Mutation"}
SHOWN = {
    name
    for name, kind in GRAPHQL_SCHEMA.type_map.items()
    if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) and not name.startswith("__")
}
PAGE = Path(graphql_api.__file__).parent.parent / "docs" / "access.md"


def reachable(start: GraphQLType) -> set[str]:
    """The object types that a value of that type can show, however deep."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        kind = get_named_type(waiting.pop())
        if isinstance(kind, GraphQLUnionType | GraphQLInterfaceType):
            waiting += GRAPHQL_SCHEMA.get_possible_types(kind)
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) and kind.name not in found:
            found.add(kind.name)
            waiting += [field.type for field in kind.fields.values()]
    return found


def actor(role: CallerRole) -> Actor:
    if role is CallerRole.ANONYMOUS:
        return Anonymous()
    if role is CallerRole.PRINT_JOB:
        return PrintJob("booklet", "dossier")
    if role is CallerRole.SITE:
        return Machine("client", role.scopes)
    return Agent("issuer", role.name, role.scopes)


def test_every_root_field_is_decided_once_and_none_that_is_gone() -> None:
    listed = [field for rule in TABLE.values() for field in rule.fields.split()]
    assert sorted(listed) == sorted(ROOT_FIELDS)
    assert set(TABLE) == set(Permission)


def test_every_row_decides_for_every_role() -> None:
    for permission, rule in TABLE.items():
        decisions = [rule.decision(role) for role in CallerRole]
        assert all(decision.why for decision in decisions), permission
        assert all(
            bool(decision.code) is (decision.effect is Effect.REFUSE) for decision in decisions
        ), permission


def test_every_type_belongs_to_one_view_and_none_that_is_gone() -> None:
    listed = [name for names in TYPES.values() for name in names.split()]
    assert sorted(listed) == sorted(SHOWN - ROOTS)


@pytest.mark.parametrize("field", sorted(FIELDS))
def test_a_root_field_shows_the_types_of_its_views_only(field: str) -> None:
    shows = TABLE[FIELDS[field]].shows
    below = reachable(ROOT_FIELDS[field].type)
    assert {name: VIEW_OF.get(name) for name in below if VIEW_OF.get(name) not in shows} == {}


def test_a_view_that_only_some_may_see_is_reached_by_their_fields_only() -> None:
    assert "Booklet" in reachable(ROOT_FIELDS["Query.booklet"].type)
    assert "SharedDossier" in reachable(ROOT_FIELDS["Query.sharedDossier"].type)
    for field, permission in FIELDS.items():
        if permission in (
            Permission.READ_PUBLIC,
            Permission.HAND_OUT_CODES,
            Permission.READ_DOSSIER,
        ):
            below = reachable(ROOT_FIELDS[field].type)
            assert not below & {"Booklet", "Identity", "Entry", "AccessRecord"}, field


def test_no_answer_leads_back_to_a_root() -> None:
    for field in ROOT_FIELDS.values():
        assert not reachable(field.type) & ROOTS


@pytest.mark.parametrize("role", CallerRole)
def test_the_one_check_says_what_the_table_says(role: CallerRole) -> None:
    for permission, rule in TABLE.items():
        decision, code = rule.decision(role), ""
        try:
            check_permission(actor(role), permission)
        except PublicError as error:
            code = error.code
        assert code == decision.code, (permission, role)


def test_a_role_lacks_a_scope_exactly_where_the_table_says_so() -> None:
    for permission, rule in TABLE.items():
        for role in set(CallerRole) - {CallerRole.ANONYMOUS, CallerRole.PRINT_JOB, CallerRole.SITE}:
            lacks = bool(rule.scope) and rule.scope not in role.scopes
            assert (rule.decision(role) == REFUSE_SCOPE) is lacks, (permission, role)


def test_nobody_but_the_owner_and_the_print_job_is_shown_a_booklet() -> None:
    for permission in (Permission.READ_OWN_BOOKLET, Permission.READ_DOSSIER):
        entitled = {
            role for role in CallerRole if TABLE[permission].decision(role).effect is Effect.ALLOW
        }
        assert entitled <= {CallerRole.OWNER, CallerRole.PRINT_JOB}


def test_what_is_sent_is_sent_by_those_whom_a_root_field_lets_in() -> None:
    """Arguments and input fields are decided with the field that takes them: none stands alone."""
    taken: set[str] = set()
    waiting = [argument.type for field in ROOT_FIELDS.values() for argument in field.args.values()]
    while waiting:
        kind = get_named_type(waiting.pop())
        if isinstance(kind, GraphQLInputObjectType) and kind.name not in taken:
            taken.add(kind.name)
            waiting += [field.type for field in kind.fields.values()]
    inputs = {
        name
        for name, kind in GRAPHQL_SCHEMA.type_map.items()
        if isinstance(kind, GraphQLInputObjectType)
    }
    assert inputs == taken


def test_the_page_is_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert PAGE.read_text(encoding="utf-8") == access_page(), "run make docs"
    assert main(["access"]) == 0
    assert capsys.readouterr().out == access_page()
    for field in ROOT_FIELDS:
        assert f"| `{field}` |" in access_page()
    for name in SHOWN - ROOTS:
        assert f"`{name}`" in access_page()
