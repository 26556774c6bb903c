"""docs/regional-sites.md says what the code does, and `livret pull` asks for all that there is."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from graphql import GraphQLObjectType, parse, validate

from graphql_api.commands.copies.pull_command import DOCUMENT
from graphql_api.commands.copies.summary_copy import FORMAT, FORMAT_VERSION
from graphql_api.engine.document_limits import DocumentLimits
from graphql_api.engine.documents import DocumentCache, PreparedOperation
from graphql_api.graphql_schema import GRAPHQL_SCHEMA
from graphql_api.storage.communicated.consent_repository import RETENTION
from graphql_api.summaries.summaries import BEHIND, OLDEST
from schema.description.bounds import MAX_PAGE
from schema.sharing.consent import SummarySection
from schema.sharing.site import SITES
from tests.conftest import Caller, Here
from tests.contract.test_schema_contract import selected_in
from tests.graphql_api.consents.consenting import consent
from tests.graphql_api.summaries.summaries import FIELDS, registered

PAGE = (Path(__file__).parents[2] / "docs/regional-sites.md").read_text("utf-8")
MARGIN = 0.75


def test_the_page_names_every_section_with_its_field() -> None:
    told = re.findall(r"^\| `([A-Z_]+)` \| `(\w+)` \|", PAGE, re.MULTILINE)
    assert told == list(zip([one.value for one in SummarySection], FIELDS, strict=True))
    assert f"{len(SITES)} codes" in PAGE


def test_the_page_gives_the_figures_of_the_code() -> None:
    assert (BEHIND.total_seconds() / 60, OLDEST.days, RETENTION.days // 30) == (2, 366, 13)
    for words in ("two minutes behind", "over 366 days old", "thirteen months"):
        assert words in PAGE
    assert f"pages of at most {MAX_PAGE}" in PAGE
    assert f"`{FORMAT}`, {FORMAT_VERSION}" in PAGE


def test_what_the_page_asks_by_hand_is_answered(here: Here, owner: Caller) -> None:
    site = registered(here)
    id = consent(here, owner, "HOLDER")
    (written,) = re.findall(r"<<'JSON'\n(.*?)\nJSON\n", PAGE, re.DOTALL)
    asked = json.loads(written)
    (summary,) = site.ask(asked["query"], **asked["variables"])["bookletSummaries"]["nodes"]
    assert summary["id"] == id


def test_the_command_asks_for_every_field_of_a_summary() -> None:
    assert validate(GRAPHQL_SCHEMA, parse(DOCUMENT)) == []
    selected = selected_in(DOCUMENT)
    kinds = [name for name in GRAPHQL_SCHEMA.type_map if re.fullmatch("(Booklet)?Summary.*", name)]
    fields = {
        (name, field)
        for name in kinds
        if isinstance(kind := GRAPHQL_SCHEMA.type_map[name], GraphQLObjectType)
        and name != "SummaryTombstone"
        for field in kind.fields
    }
    fields -= {("BookletSummaryConnection", "edges")}  # `nodes` without their cursors
    fields = {(kind, field) for kind, field in fields if kind != "BookletSummaryEdge"}
    assert len(fields) > 20
    assert fields <= selected


@pytest.mark.parametrize("limit", ["document_bytes", "tokens", "depth", "fields", "cost"])
def test_what_the_command_asks_is_accepted_with_a_margin(limit: str) -> None:
    smaller = replace(DocumentLimits(), **{limit: int(getattr(DocumentLimits(), limit) * MARGIN)})
    prepared = DocumentCache(GRAPHQL_SCHEMA, limits=smaller).prepare(DOCUMENT)
    assert isinstance(prepared, PreparedOperation), prepared.errors
