"""Every cell of the table of who may do what, executed on two seeded booklets."""

from typing import Any

import pytest
from graphql import GraphQLInputObjectType, get_named_type

from graphql_api.callers.permissions import FIELDS, TABLE, CallerRole, Effect, Permission
from graphql_api.graphql_schema import GRAPHQL_SCHEMA
from tests.conftest import Caller
from tests.graphql_api.canaries import canaries_in
from tests.graphql_api.documents import whole
from tests.graphql_api.roles import (
    OTHER_SIRET,
    ROOT_FIELDS,
    SIRET,
    Scene,
    absent,
    document,
    samples,
)
from tests.graphql_api.roles import scene as scene

STRANGERS = [role for role in CallerRole if role not in (CallerRole.OWNER, CallerRole.PRINT_JOB)]
# What the samples ask for that even the owner of an open booklet is refused, as data.
NOT_NOW = {
    "Mutation.bookletOpen": "WrongState",
    "Mutation.charterRefuse": "WrongState",
    "Mutation.bookletClose": "InvalidEntry",
    "Mutation.accountClose": "InvalidEntry",
    "Mutation.bookletImport": "BookletNotEmpty",
    "Mutation.damagedPartRemove": "NotFound",
}
# Who may ask by an id, where it is not whoever has a booklet.
WHOSE = {
    Permission.HAND_OUT_CODES: CallerRole.OFFICER,
    Permission.READ_SUMMARIES: CallerRole.SITE,
    Permission.OPERATE_SERVICE: CallerRole.OPERATOR,
}
# The arguments of each root field that name something by its id.
NAMING = {
    field: [
        name
        for name, argument in asked.args.items()
        if get_named_type(argument.type).name == "ID" or name in ("after", "reference")
    ]
    for field, asked in ROOT_FIELDS.items()
}


def asked(caller: Caller, field: str, variables: dict[str, Any]) -> Any:
    """The response to a root field with everything selected."""
    response = caller.post({"query": document(field, variables), "variables": variables})
    assert response.status_code == 200, response.text
    return response


def check_cell(role: CallerRole, field: str, response: Any) -> Any:
    """Compare an answer with its cell; the data of the field."""
    decision, body = TABLE[FIELDS[field]].decision(role), response.json()
    where = (role.name, field, response.text[:500])
    if decision.effect is Effect.REFUSE:
        assert [error["extensions"]["code"] for error in body["errors"]] == [decision.code], where
        assert not body["data"] or set(body["data"].values()) == {None}, where
        return None
    assert "errors" not in body, where
    (data,) = body["data"].values()
    assert (data is None) is (decision.effect is Effect.NULL), where
    return data


def test_every_root_field_is_asked_for_with_all_its_arguments(scene: Scene) -> None:
    asked_for = samples(scene.owners, scene, scene.callers[CallerRole.OWNER])
    assert {field: set(variables) for field, variables in asked_for.items()} == {
        field: set(of.args) - {"idempotencyKey"} for field, of in ROOT_FIELDS.items()
    }


def test_every_cell_is_what_a_stranger_meets(scene: Scene) -> None:
    before = whole(scene.callers[CallerRole.OWNER])
    for role in (*STRANGERS, CallerRole.PRINT_JOB):
        caller = scene.callers[role]
        for field, variables in samples(scene.owners, scene, caller).items():
            response = asked(caller, field, variables)
            data = check_cell(role, field, response)
            shown = canaries_in(response.content)
            assert bool(shown) is ((role, field) == (CallerRole.PRINT_JOB, "Query.sharedDossier"))
            if field.startswith("Mutation") and data and FIELDS[field] is Permission.HAND_OUT_CODES:
                assert data["__typename"] in ("CodesIssued", "CodeRevoked", "CodeBatchRevoked")
    assert whole(scene.callers[CallerRole.OWNER]) == before


def test_every_cell_is_what_the_owner_meets(scene: Scene) -> None:
    owner, seen = scene.callers[CallerRole.OWNER], []
    for field in samples(scene.owners, scene, owner):
        variables = samples(scene.owners, scene, owner)[field]
        response = asked(owner, field, variables)
        data = check_cell(CallerRole.OWNER, field, response)
        if field.startswith("Mutation") and data is not None:
            kind = GRAPHQL_SCHEMA.type_map[data["__typename"]]
            is_refusal = "message" in kind.fields  # type: ignore[attr-defined]  # an object, as it answered
            assert (data["__typename"] if is_refusal else None) == NOT_NOW.get(field), data
        if canaries_in(response.content):
            seen.append(field)
    assert {"Query.booklet", "Query.sharedDossier"} <= set(seen)


def test_no_token_shows_a_stranger_anything_of_a_booklet(scene: Scene) -> None:
    """Officer, operator, site or other agent: with all scopes at once, still nobody's owner."""
    owner = scene.callers[CallerRole.OWNER]
    before = whole(owner)
    for role in set(STRANGERS) - {CallerRole.ANONYMOUS}:
        caller = scene.with_every_scope(role)
        for field, variables in samples(scene.owners, scene, caller).items():
            response = asked(caller, field, variables)
            assert canaries_in(response.content) == [], (field, response.text)
            if field in ("Query.booklet", "Query.bookletRecord", "Query.sharedDossier"):
                assert list(response.json()["data"].values()) == [None]
    assert whole(owner) == before


NOTHING_DAMAGED = ("Mutation.damagedPartRemove",)  # what reads is refused as what is not there
# The input fields that name something by its id: `test_saving`, `test_many_at_once`, `test_drafts` try them.
TRIED_ELSEWHERE = {
    "DossierInput": ["entries"],
    "CompetenceLinkInput": ["other"],
    "DraftVersionInput": ["id"],
}


def test_no_input_field_names_anything_by_its_id() -> None:
    """The arguments do; an input field that does has to be tried like them, below."""
    for name, kind in GRAPHQL_SCHEMA.type_map.items():
        if isinstance(kind, GraphQLInputObjectType):
            ids = [key for key, of in kind.fields.items() if get_named_type(of.type).name == "ID"]
            assert ids == TRIED_ELSEWHERE.get(name, []), name
    assert sum(map(len, NAMING.values())) >= 16


def test_what_is_not_yours_is_what_is_not_there(scene: Scene) -> None:
    owner = scene.callers[CallerRole.OWNER]
    before = whole(owner)
    kinds = ("booklet", "dossier", "draft", "consent", "competence", "attachment", "training")
    foreign = (scene.codes["foreign batch"], scene.codes["foreign reference"])
    real = [*(scene.owners[kind] for kind in kinds), *foreign]
    for field, arguments in NAMING.items():
        role = WHOSE.get(FIELDS[field], CallerRole.OTHER_AGENT)
        caller = scene.callers[role]
        mine = samples(scene.others, scene, caller)[field]
        absent_ones: set[bytes] = set()
        for argument in arguments:
            ids = (*real, absent(), absent(), "x", "")
            answers = {asked(caller, field, mine | {argument: id}).content for id in ids}
            assert len(answers) == 1, (field, argument, answers)
            absent_ones |= answers
        if arguments and field not in NOTHING_DAMAGED:  # and what is theirs is there
            assert asked(caller, field, mine).content not in absent_ones, field
    assert whole(owner) == before


def test_another_collectivite_is_what_no_collectivite_is(scene: Scene) -> None:
    officer = scene.callers[CallerRole.OFFICER]
    for field in (
        name
        for name, asked in ROOT_FIELDS.items()
        if "siret" in asked.args and FIELDS[name] is Permission.HAND_OUT_CODES
    ):
        mine = samples(scene.others, scene, officer)[field]
        answers = {
            asked(officer, field, mine | {"siret": siret}).content
            for siret in (OTHER_SIRET, "12345678901234", "", SIRET + "0")
        }
        assert len(answers) == 1, answers
        assert b"FORBIDDEN" in answers.pop()


def test_a_root_field_on_which_nothing_was_decided_is_answered_to_nobody(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    fields = ("Query.charter", "Query.booklet", "Mutation.entryAdd")
    for field in fields:
        monkeypatch.delitem(FIELDS, field)
    for role, caller in scene.callers.items():
        for field in fields:
            variables = samples(scene.owners, scene, scene.callers[CallerRole.SITE])[field]
            body = asked(caller, field, variables).json()
            assert body["errors"][0]["extensions"]["code"] == "INTERNAL_ERROR", (role, field)
            assert not any((body["data"] or {}).values())


def test_the_table_decides_whatever_the_resolver_would_say(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = scene.callers[CallerRole.OWNER]
    monkeypatch.setitem(FIELDS, "Query.charter", Permission.HAND_OUT_CODES)
    assert owner.error("{ charter { version } }") == "INSUFFICIENT_SCOPE"
    assert scene.here.nobody().error("{ c: charter { version } }") == "UNAUTHENTICATED"
    assert scene.callers[CallerRole.PRINT_JOB].error("{ charter { version } }") == "FORBIDDEN"
    assert scene.callers[CallerRole.OFFICER].ask("{ charter { version } }")["charter"]
