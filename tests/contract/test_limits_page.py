"""docs/limits.md is written from the constants, and no other document types a limit."""

from datetime import timedelta
from pathlib import Path

import pytest

from graphql_api.storage.communicated import (
    access_record_repository,
    consent_repository,
    share_link_repository,
)
from schema.description.bounds import MAX_ENTRIES, at_most
from schema.limits import LIMITS, limits_page
from schema.sharing.access_record import ACCESS_RECORD_MONTHS
from schema.sharing.consent import ENDED_CONSENT_MONTHS
from schema.sharing.share_link import ENDED_LINK_MONTHS

ROOT = Path(__file__).parents[2]


def test_the_page_of_limits_is_the_one_of_the_code() -> None:
    assert (ROOT / "docs/limits.md").read_text("utf-8") == limits_page(), "run: make docs"


def test_each_limit_is_told_once() -> None:
    told = [what for what, _ in LIMITS]
    assert len(told) == len(set(told)) > 1


def test_no_other_document_types_the_number_of_entries() -> None:
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    others = [path for path in documents if path.name != "limits.md"]
    assert others
    typed = (f"{MAX_ENTRIES:,} entries", at_most(MAX_ENTRIES))
    for path in others:
        text = path.read_text("utf-8")
        assert not [words for words in typed if words in text], path.name


@pytest.mark.parametrize(
    ("months", "kept"),
    [
        (ENDED_LINK_MONTHS, share_link_repository.RETENTION),
        (ENDED_CONSENT_MONTHS, consent_repository.RETENTION),
        (ACCESS_RECORD_MONTHS, access_record_repository.RETENTION),
    ],
)
def test_what_ended_is_kept_for_the_months_that_are_stated(months: int, kept: timedelta) -> None:
    assert abs(kept.days - months * 365.25 / 12) <= 1
