"""The normalised caches of Apollo Client and of urql tell what the service told, and mix nothing."""

import json
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from graphql_api.graphql_schema import sdl
from tests.conftest import Caller, Here
from tests.contract.test_identity import DOSSIERS, demo_agent, documents
from tests.graphql_api.callers.test_access_log_kept import filled
from tests.patience import PATIENCE_SECONDS

from .node import node_for

CACHES = Path(__file__).parent / "normalised_caches"
JOURNAL = """query($after: String) { booklet { __typename id accessRecords(first: 3, after: $after) {
  __typename edges { __typename cursor node { __typename id sentence } }
  pageInfo { __typename hasNextPage hasPreviousPage startCursor endCursor }
} } }"""

SHARED = """query($id: ID!) { sharedDossier(id: $id) { __typename id parts { __typename part rubrics {
  __typename rubric entries { __typename id entry headline links { __typename entry note } }
} } } }"""

pytestmark = pytest.mark.real
Answer = dict[str, Any]


def asked(caller: Caller, query: str, **variables: Any) -> Answer:
    """A question with its answer."""
    return {"query": query, "variables": variables, "data": caller.ask(query, **variables)}


def read_back(answers: list[Answer]) -> dict[str, list[Any]]:
    """What each cache tells, once all answers were written to it."""
    run = subprocess.run(
        [node_for(CACHES, "@apollo/client"), "caches.mjs"],
        cwd=CACHES,
        input=json.dumps({"sdl": sdl(), "answers": answers}),
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, ""), run.stderr
    told: dict[str, list[Any]] = json.loads(run.stdout)
    return told


def test_the_dossiers_and_the_booklet_that_share_entries_stay_apart(here: Here) -> None:
    caller = demo_agent(here)
    asked_first = [one for one in documents("booklet") if "accessRecords" not in one]
    answers = [asked(caller, document) for document in asked_first]
    for dossier in caller.ask(DOSSIERS)["booklet"]["dossiers"]:
        read = documents("sharedDossier", "($id: ID!)", "(id: $id)")
        answers += [asked(caller, document, id=dossier["id"]) for document in read]
    for cache, told in read_back(answers).items():
        # Apollo replaces a list of objects without id, so it asks again for what the last lacked.
        asks_again = [answer for answer, back in zip(answers, told, strict=True) if back is None]
        assert all("{ booklet " in answer["query"] for answer in asks_again), cache
        assert len(asks_again) <= 1, cache
        for answer, back in zip(answers, told, strict=True):
            assert back is None or back == answer["data"], (cache, answer["query"][:80])


def test_one_entry_of_two_dossiers_under_one_id_would_be_mixed(here: Here) -> None:
    """What the caches were given before entries had an id per dossier: the check sees it."""
    caller = demo_agent(here)
    answers = []
    for dossier in caller.ask(DOSSIERS)["booklet"]["dossiers"]:
        answer = asked(caller, SHARED, id=dossier["id"])
        for part in answer["data"]["sharedDossier"]["parts"]:
            for rubric in part["rubrics"]:
                for entry in rubric["entries"]:
                    entry["id"] = entry["entry"]
        answers.append(answer)
    for cache, told in read_back(answers).items():
        mixed = [back != answer["data"] for answer, back in zip(answers, told, strict=True)]
        assert any(mixed), cache


def test_the_pages_of_a_list_add_up(here: Here, owner: Caller) -> None:
    empty = asked(owner, JOURNAL, after=None)
    for cache, (told,) in read_back([empty]).items():
        assert told["booklet"]["accessRecords"]["edges"] == [], cache
    filled(here, owner, [timedelta(hours=number) for number in range(7)])
    answers: list[Answer] = []
    after = None
    for _ in range(3):
        answers.append(asked(owner, JOURNAL, after=after))
        after = answers[-1]["data"]["booklet"]["accessRecords"]["pageInfo"]["endCursor"]
    every = [
        edge["node"]["id"]
        for answer in answers
        for edge in answer["data"]["booklet"]["accessRecords"]["edges"]
    ]
    assert len(every) == 7
    for cache, told in read_back(answers).items():
        page = told[0]["booklet"]["accessRecords"]
        assert [edge["node"]["id"] for edge in page["edges"]] == every, cache
        assert page["pageInfo"]["hasNextPage"] is False
