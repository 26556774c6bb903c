"""The scope of operators gives nothing by itself: every field looks for the right."""

from graphql_api.callers.permissions import TABLE, CallerRole, Permission
from tests.graphql_api.roles import Scene, document, samples
from tests.graphql_api.roles import scene as scene


def test_the_scope_without_the_right_is_forbidden_everything(scene: Scene) -> None:
    caller = scene.with_every_scope(CallerRole.NEWCOMER)
    sent = samples(scene.owners, scene, caller)
    fields = TABLE[Permission.OPERATE_SERVICE].fields.split()
    assert len(fields) > 10
    for field in set(fields) - {"Query.isOperator"}:
        assert caller.error(document(field, sent[field]), **sent[field]) == "FORBIDDEN", field
    assert caller.ask("{ isOperator }") == {"isOperator": False}
