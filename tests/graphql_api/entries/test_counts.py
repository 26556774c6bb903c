"""The counts of a head, which follow what is added, revised and removed."""

from graphql_api.serving import build_service
from graphql_api.storage.actors import Agent
from graphql_api.storage.content.booklet_repository import find
from graphql_api.storage.content.booklet_rows import row_of_caller
from graphql_api.storage.content.booklet_writer import sizes_of
from graphql_api.storage.content.sections import ENTRY_SECTIONS
from tests.conftest import Caller, Here, with_booklet
from tests.graphql_api.documents import ADD_ALL, LINK, MOVE, REMOVE, REVISE, added, entry


def are_counted(here: Here, owner: Caller) -> bool:
    """Whether the head counts the entries as they are when each is looked at."""
    settings = here.deployment.settings
    service = build_service(settings)
    op = service.operation(Agent(settings.identity_issuer, owner.name, frozenset()))
    with service.store.reading():
        row = row_of_caller(op)
        loaded = find(op, row) if row else None
        assert loaded is not None
        assert loaded.stored.head is not None
        kept = loaded.stored.head.sizes
        counted = {
            rubric: size
            for section in ENTRY_SECTIONS
            if (document := loaded.stored.document(section)) is not None
            for rubric, size in sizes_of(section, loaded.entries_in(section), document).items()
        }
    service.close()
    return kept == counted


def test_a_head_counts_its_entries_and_those_that_summaries_may_count(here: Here) -> None:
    owner = with_booklet(here, "owner")
    union = entry("extraProfessionalExperience", title="Section syndicale", kind="ACTION_SYNDICALE")
    steps = (
        lambda: added(owner, "diploma"),
        lambda: added(owner, "training", shareable=False),
        lambda: owner.do(ADD_ALL, entries=[union, entry("training"), entry("competence")]),
    )
    for step in steps:
        step()
        assert are_counted(here, owner)
    hidden = added(owner, "training", shareable=False)["id"]
    shown, attachment = added(owner, "training")["id"], added(owner, "attachment")["id"]
    competence = added(owner, "competence")["id"]
    tie = {"id": competence, "version": 1, "target": shown, "relation": "USED"}
    for document, variables in (
        (REVISE, {"id": hidden, "version": 1, "entry": {"training": {"shareable": True}}}),
        (REVISE, {"id": shown, "version": 1, "entry": {"training": {"shareable": False}}}),
        (LINK, tie),
        (MOVE, {"id": attachment, "version": 1}),
        (REMOVE, {"id": hidden, "version": 2}),
        (REMOVE, {"id": competence, "version": 2}),
    ):
        assert "code" not in owner.do(document, **variables)
        assert are_counted(here, owner)
