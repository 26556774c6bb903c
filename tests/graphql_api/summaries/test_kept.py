"""Summaries that are kept: the same answer as one made anew, and gone with what they were made of."""

import importlib.util
import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from importlib.resources import files
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import schema
from graphql_api import summaries
from graphql_api.storage import content
from graphql_api.storage.communicated import consent_repository
from graphql_api.storage.operation import to_microseconds
from graphql_api.summaries import kept_summaries, making
from tests.conftest import Here, with_booklet
from tests.graphql_api.booklets.closing import close
from tests.graphql_api.callers.journals import rows as journal_rows
from tests.graphql_api.consents.consenting import consent
from tests.graphql_api.consents.consents import NARROW, WITHDRAW
from tests.graphql_api.documents import ADD, ADD_ALL, REMOVE, added, at_once, entry, whole
from tests.graphql_api.summaries.summaries import SECTIONS, SUMMARY, ids, read, registered

# Selections that are as what is kept, and others; a document is compiled from its second run on.
SELECTIONS = (
    SUMMARY,
    "id trainingTitles { title } competences { codes label }",
    "titles: trainingTitles { title rubric } competences { level: selfLevel __typename }",
    "counts { rubric label count } more: counts { count } authorisations { validity validUntil }",
)


SITUATE = """mutation($situation: SituationInput!) {
  situationRevise(situation: $situation, version: 0) { __typename } }"""


class Made(list[str]):
    """The consents of the summaries that were made from their sections."""

    def of(self, ask: Any) -> list[str]:
        """Those that are made while something is asked."""
        self.clear()
        ask()
        return sorted(self)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Iterator[Made]:
    noted, build = Made(), making.build_summary

    def building(consent: Any, *rest: Any) -> Any:
        noted.append(consent.id)
        return build(consent, *rest)

    monkeypatch.setattr(making, "build_summary", building)
    return noted


def run(here: Here, sql: str, *params: object) -> list[Any]:
    marked = sql if here.kind == "sqlite" else sql.replace("?", "%s")
    cursor = here.deployment.store.database.execute_sql(marked, params)
    return list(cursor.fetchall()) if cursor.description else []


def kept(here: Here) -> dict[str, bytes]:
    """What is kept, by consent."""
    found = run(here, "SELECT consent, sealed FROM kept_summary")
    return {consent: bytes(sealed) for consent, sealed in found}


def test_a_kept_summary_is_read_as_one_that_is_made_whatever_is_selected(
    here: Here, made: Made
) -> None:
    """The demo's booklets; a consent to everything, and one to each section alone."""
    site, institute = registered(here), registered(here, "INSET_NANCY")
    for name in ("julliard", "teriitahi"):
        data = json.loads(files("graphql_api.demo").joinpath(f"{name}.json").read_text("utf-8"))
        owner = with_booklet(here, name)
        assert owner.do(SITUATE, situation=data["situation"])["__typename"] == "SituationRevised"
        filled = [one["entry"] for one in data["entries"]]
        assert owner.do(ADD_ALL, entries=filled)["__typename"] == "EntriesAdded"
        consent(here, owner)
        consent(here, owner, SECTIONS[len(name) % len(SECTIONS)], site="INSET_NANCY")
    since = (here.clock() - timedelta(days=1)).isoformat()
    for reader in (site, institute):
        for selected in SELECTIONS:
            page = f"""query($since: DateTime) {{ bookletSummaries(changedSince: $since) {{
              nodes {{ {selected} }} edges {{ node {{ {selected} }} }} }} }}"""
            run(here, "DELETE FROM kept_summary")
            fresh = [nodes(reader.ask(page, since=since)) for _ in range(2)]
            assert kept(here) == {}, "a delta tells a change once: it keeps nothing"
            assert len(made.of(partial(reader.ask, page))) == len(kept(here)) == 2
            made.clear()
            answers = [
                nodes(reader.ask(page, **variables)) for variables in ({}, {"since": since}, {})
            ]
            assert made == []
            assert [*fresh, *answers] == [fresh[0]] * 5


def nodes(answer: Any) -> list[str]:
    """The summaries of a page as JSON, fields in the order of the answer, whatever their own order."""
    found = answer["bookletSummaries"]
    assert [one["node"] for one in found["edges"]] == found["nodes"]
    return sorted(map(json.dumps, found["nodes"]))


def test_a_summary_is_made_anew_once_its_booklet_has_changed_and_nothing_old_is_left(
    here: Here, made: Made
) -> None:
    site, owner = registered(here), with_booklet(here, "owner")
    removed = added(owner, "training")
    id = consent(here, owner)
    assert made.of(lambda: read(site)) == [id]
    assert made.of(lambda: read(site)) == []
    assert owner.do(REMOVE, id=removed["id"], version=removed["version"])["__typename"]
    assert kept(here) == {}, "what tells of an entry goes with it"
    (summary,) = read(site)["nodes"]
    assert summary["trainingTitles"] == []
    assert made.of(lambda: read(site)) == []


def test_what_changed_since_a_page_was_read_is_not_kept(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    site, owner = registered(here), with_booklet(here, "owner")
    consent(here, owner)
    keep = kept_summaries.seal_to_keep

    def adding(*arguments: Any) -> Any:
        at_once(lambda: owner.do(ADD, entry=entry("diploma")))
        return keep(*arguments)

    monkeypatch.setattr("graphql_api.summaries.summaries.seal_to_keep", adding)
    assert read(site)["nodes"][0]["trainingTitles"] == []
    assert kept(here) == {}


def test_a_kept_summary_goes_with_the_consent_in_whatever_way_it_ends(here: Here) -> None:
    site = registered(here)
    owners = [with_booklet(here, f"agent {number}") for number in range(4)]
    narrowed, withdrawn, closed, expired = (
        consent(here, owner, "HOLDER", "COUNTS", days=days)
        for owner, days in zip(owners, (90, 90, 90, 2), strict=True)
    )
    read(site)
    assert kept(here).keys() == {narrowed, withdrawn, closed, expired}
    answer = owners[0].do(NARROW, id=narrowed, version=1, sections=["COUNTS"])
    assert answer["__typename"] == "ConsentNarrowed"
    owners[1].do(WITHDRAW, id=withdrawn)
    close(owners[2])
    assert kept(here).keys() == {expired}
    here.clock.moved += timedelta(days=4)
    assert ids(read(site)) == [narrowed]
    consent_repository.end_expired(here.deployment.store, to_microseconds(here.clock()))
    assert kept(here).keys() == {narrowed}
    (summary,) = read(site)["nodes"]
    assert (summary["sections"], summary["holder"]) == (["COUNTS"], None)


def test_a_summary_is_made_anew_by_another_edition_of_the_code(
    here: Here, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = registered(here)
    id = consent(here, with_booklet(here, "owner"))
    read(site)
    monkeypatch.setattr(kept_summaries, "EDITION", "another")
    assert made.of(lambda: read(site)) == [id]
    assert made.of(lambda: read(site)) == []


@pytest.mark.parametrize("package", [schema, content, summaries])
def test_an_edition_is_of_all_the_code_that_summaries_are_made_by(
    monkeypatch: pytest.MonkeyPatch, package: ModuleType
) -> None:
    assert edition() == kept_summaries.EDITION, "the same code is the same edition"
    changed, read = max(Path(package.__path__[0]).rglob("*.py")), Path.read_bytes
    monkeypatch.setattr(
        Path, "read_bytes", lambda path: read(path) + b"#" * (path.name == changed.name)
    )
    assert edition() != kept_summaries.EDITION


def edition() -> str:
    """The edition that a process is of which starts now."""
    spec = importlib.util.spec_from_file_location("started_now", kept_summaries.__file__)
    assert spec is not None
    assert spec.loader is not None
    started = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(started)
    return str(started.EDITION)


def test_a_summary_is_made_anew_on_the_day_on_which_a_state_changes(here: Here, made: Made) -> None:
    site, owner = registered(here), with_booklet(here, "owner")
    last = here.clock.today + timedelta(days=20)
    added(owner, "drivingLicence", licenceCategory="C", validUntil=last.isoformat())
    consent(here, owner, days=300)

    def validity() -> str:
        (summary,) = read(site)["nodes"]
        return str(summary["authorisations"][0]["validity"])

    assert validity() == "EXPIRING"
    here.clock.moved += timedelta(days=19)
    assert made.of(validity) == []
    assert validity() == "EXPIRING"
    here.clock.moved += timedelta(days=2, hours=2)  # a day of autumn has 25 hours
    assert validity() == "EXPIRED"
    assert made.of(validity) == []
    here.clock.moved -= timedelta(days=2)
    assert validity() == "EXPIRING", "nor by who is a day behind"


def test_a_kept_summary_that_was_altered_or_exchanged_is_logged_and_made_anew(
    here: Here, made: Made, caplog: pytest.LogCaptureFixture
) -> None:
    site = registered(here)
    owners = [with_booklet(here, name) for name in ("owner", "other")]
    mine, others = (consent(here, owner) for owner in owners)
    before = read(site)["nodes"]
    for harm in ("altered", "exchanged", "cut"):
        sealed = kept(here)
        content = {
            "altered": sealed[mine][:-1] + bytes([sealed[mine][-1] ^ 1]),
            "exchanged": sealed[others],
            "cut": b"",
        }[harm]
        run(here, "UPDATE kept_summary SET sealed = ? WHERE consent = ?", content, mine)
        caplog.clear()
        with caplog.at_level(logging.ERROR):
            assert read(site)["nodes"] == before
        assert f"damaged: the kept summary of {mine}" in caplog.text
        assert "Lefèvre" not in caplog.text
        assert made.of(lambda: read(site)) == []


def test_a_kept_summary_that_was_put_back_is_not_read(
    here: Here, made: Made, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither as what it was made of, nor as what the booklet is now."""
    site, owner = registered(here), with_booklet(here, "owner")
    removed = added(owner, "training")
    id = consent(here, owner)
    read(site)
    (former,) = run(here, "SELECT booklet, consent, made_of, sealed FROM kept_summary")
    owner.do(REMOVE, id=removed["id"], version=removed["version"])
    run(here, "INSERT INTO kept_summary VALUES (?, ?, ?, ?)", *former)
    assert made.of(lambda: read(site)) == [id]
    ((present,),) = run(here, "SELECT made_of FROM kept_summary")
    changed = "UPDATE kept_summary SET made_of = ?, sealed = ?"
    run(here, changed, present, former[3])
    assert read(site)["nodes"][0]["trainingTitles"] == []
    assert f"damaged: the kept summary of {id}" in caplog.text


def test_a_section_that_is_damaged_later_withholds_no_summary_that_was_made_of_it(
    here: Here, made: Made
) -> None:
    """It was whole when the summary was made, and has not been written since."""
    site, owner = registered(here), with_booklet(here, "owner")
    added(owner, "training")
    id = consent(here, owner)
    before = read(site)["nodes"]
    cut = "UPDATE booklet_section SET sealed = ? WHERE booklet = ? AND section = 'FORMATIONS'"
    run(here, cut, b"cut", whole(owner)["id"])
    assert read(site)["nodes"] == before
    run(here, "DELETE FROM kept_summary")
    page = "{ bookletSummaries { nodes { id } withheld } }"
    assert site.ask(page)["bookletSummaries"] == {"nodes": [], "withheld": [id]}
    assert kept(here) == {}


def test_a_summary_that_cannot_be_kept_is_answered_and_told_to_its_owner(
    here: Here, made: Made
) -> None:
    site = registered(here)
    id = consent(here, with_booklet(here, "owner"))
    refuse, accept = REFUSING[here.kind]
    run(here, refuse)
    try:
        for told in (1, 2):
            assert made.of(lambda: read(site)) == [id]
            assert journal_rows(here) == told
    finally:
        run(here, accept)
    assert kept(here) == {}


REFUSING = {
    "sqlite": (
        "CREATE TRIGGER full BEFORE INSERT ON kept_summary BEGIN SELECT RAISE(ABORT, 'full'); END",
        "DROP TRIGGER full",
    ),
    "postgresql": (
        "ALTER TABLE kept_summary ADD CONSTRAINT full_up CHECK (made_of = '')",
        "ALTER TABLE kept_summary DROP CONSTRAINT full_up",
    ),
}


def test_a_page_keeps_no_more_than_its_bounds(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    site = registered(here)
    for name in ("one", "two", "three"):
        consent(here, with_booklet(here, name))
    with monkeypatch.context() as bounded:
        bounded.setattr(kept_summaries, "LONGEST", 100)
        assert len(read(site)["nodes"]) == 3
    assert kept(here) == {}
    read(site)
    most = 2 * max(map(len, kept(here).values())) + 1
    run(here, "DELETE FROM kept_summary")
    monkeypatch.setattr(kept_summaries, "MOST_AT_ONCE", most)
    assert len(read(site)["nodes"]) == 3
    assert len(kept(here)) == 2


def test_sites_that_pull_at_once_read_and_keep_the_same(here: Here, made: Made) -> None:
    sites = [registered(here, code) for code in ("75", "53")]
    for number in range(4):
        owner = with_booklet(here, f"agent {number}")
        for code in ("75", "53"):
            consent(here, owner, site=code)
    answers = at_once(*[partial(read, site) for site in sites * 3])
    for first, *others in (answers[0::2], answers[1::2]):
        assert all(one["nodes"] == first["nodes"] for one in others)
    assert len(kept(here)) == 8
    assert made.of(lambda: [read(site) for site in sites]) == []
