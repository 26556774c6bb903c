"""How many documents a page sends: one, and one more to show a refused form again."""

from collections.abc import Iterator

import pytest

from graphql_api.page_kit.stored_documents import DocumentRunner
from tests.graphql_api.agent_space.entries.test_entries import DIPLOMA, FORM, LIST
from tests.graphql_api.agent_space.reader import Agent

PAGES = (
    "/",
    "/livret",
    "/livret/introduction",
    "/livret/charte",
    "/livret/identite",
    "/livret/situation",
    "/livret/formations",
    "/livret/formations/recapitulatif",
    LIST,
    FORM,
)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch, someone: Agent) -> Iterator[list[str]]:
    """The names of the documents that are sent, once the guide was asked for."""
    someone.read("/livret")
    names: list[str] = []
    run = DocumentRunner.run

    async def noting(self, document, variables, caller, **how):  # type: ignore[no-untyped-def]  # what it stands for has the types
        names.append(document.name)
        return await run(self, document, variables, caller, **how)

    with monkeypatch.context() as patched:
        patched.setattr(DocumentRunner, "run", noting)
        yield names


@pytest.mark.parametrize("path", PAGES)
def test_a_page_sends_one_document(someone: Agent, sent: list[str], path: str) -> None:
    someone.read(path)
    assert len(sent) == 1


def test_a_form_that_is_taken_sends_one_and_a_refused_one_two(
    someone: Agent, sent: list[str]
) -> None:
    fields = someone.read(FORM).form(FORM).fields
    sent.clear()
    assert someone.send(FORM, fields).status_code == 422
    assert sent == ["entry_add", "frame_only"]
    sent.clear()
    assert someone.send(FORM, fields | DIPLOMA).status_code == 303
    assert sent == ["entry_add"]
