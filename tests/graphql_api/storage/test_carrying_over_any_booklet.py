"""Whatever a booklet of an earlier version holds reads in its sections as it did in its rows."""

import uuid
from datetime import date
from operator import itemgetter
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from graphql_api.serving import migrate_stores
from graphql_api.storage.former_content.former_tables import drop_former_tables, make_former_tables
from tests.conftest import Caller, Here, with_booklet
from tests.graphql_api.documents import LEAST, SAVE_DRAFT
from tests.graphql_api.records.records import IMPORT, exported
from tests.graphql_api.storage.former_rows import put_into_rows
from tests.graphql_api.whole_booklet import WHOLE_BOOKLET

WORDS = {"title", "label", "jobTitle", "employerName", "text"}
RANKED = {"COMPETENCE", "ATTACHMENT"}
PROVED = {"DIPLOMA", "TRAINING", "ACCREDITATION", "PROFESSIONAL_EXPERIENCE"}
DATES = {"awardedOn", "issuedOn", "obtainedOn", "madeOn"}

# An accent by itself, two letters in one, from right to left, two code units, quotes, a line's end.
odd = st.text('aé’ «»<&\\"\u0301\u202f\ufb01\u05d0\U0001f642', max_size=12)
names = st.text("aéÉœ’- \u0301", max_size=6)
dates = st.builds(
    lambda day, length: day.isoformat()[:length],
    st.dates(date(1990, 1, 1), date(2020, 12, 31)),
    st.sampled_from([len("2020"), len("2020-12"), len("2020-12-31")]),
)


def entries(*rubrics: str) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Entries of these rubrics."""
    one = st.builds(
        lambda rubric, micros, later, shareable, comment, word, when, rank: {
            "rank": rank,
            "rubric": "".join(f"_{each}" if each.isupper() else each for each in rubric).upper(),
            "createdAt": f"2000-01-01T00:00:{micros % 50:02d}.{micros:06d}Z",
            "updatedAt": f"2001-01-01T00:00:00.{later:06d}Z",
            "shareable": shareable,
            "comment": comment,
            "content": {
                key: f"x{word}x" if key in WORDS else when if key in DATES else value
                for key, value in LEAST[rubric].items()
            },
        },
        st.sampled_from(rubrics),
        st.integers(0, 999_999),
        st.integers(0, 999_999),
        st.booleans(),
        st.none() | odd,
        odd,
        dates,
        st.integers(1, 9),
    )
    return st.lists(one, max_size=5)


ties = st.sets(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=8)
dossiers = st.lists(
    st.fixed_dictionaries(
        {
            "title": odd.map("x{}x".format),
            "purpose": st.sampled_from(["MUTATION", "AUTRE"]),
            "parts": st.sets(st.sampled_from(["FORMATIONS", "COMPETENCES"])).map(sorted),
            "entries": st.sets(st.integers(0, 11), max_size=3),
        }
    ),
    max_size=2,
)
booklets = st.fixed_dictionaries(
    {
        "identity": st.none()
        | st.tuples(names, st.none() | st.dates(date(1950, 1, 1), date(1989, 1, 1))),
        "situation": st.none() | odd,
        "entries": st.tuples(
            entries(*LEAST), entries("competence", "diploma"), entries("attachment", "training")
        ).map(lambda parts: [one for part in parts for one in part]),
        "links": ties,
        "evidence": ties,
        "dossiers": dossiers,
        "drafts": st.lists(odd, max_size=2),
    }
)


@given(booklets)
@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],  # to shrink one takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_booklet_reads_in_its_sections_as_it_did_in_its_rows(
    here: Here, drawn: dict[str, Any]
) -> None:
    here.deployment.empty()
    owner, store = with_booklet(here, "owner"), here.deployment.store
    record = record_of(drawn)
    answer = owner.do(IMPORT, record=record)
    assert answer["__typename"] == "BookletImported", answer
    for word in drawn["drafts"]:
        saved = owner.do(SAVE_DRAFT, entry={"training": {"title": f"x{word}x"}})
        assert saved["__typename"] == "DraftSaved"
    before = told(owner)
    assert before[0].keys() == {one["id"] for one in record["entries"]}
    with store.writing():
        make_former_tables(store)
    try:
        put_into_rows(here, [answer["booklet"]["id"]])
        migrate_stores(here.deployment.service)
        for was, now in zip(before, told(owner), strict=True):
            assert was == now
    finally:
        with store.writing():
            drop_former_tables(store)


def told(owner: Caller) -> tuple[dict[str, Any], list[Any], Any, Any]:
    """Each entry by its id, their order, the rest of the record, and what the booklet tells."""
    record = exported(owner)
    record.pop("exportedAt")
    listed = record.pop("entries")
    by_id = {one["id"]: one for one in listed}
    return by_id, [one["id"] for one in listed], record, owner.ask(WHOLE_BOOKLET)


def record_of(drawn: dict[str, Any]) -> dict[str, Any]:
    """The record of what was drawn: one driving licence, and ties of entries that may have them."""
    listed: list[dict[str, Any]] = []
    for one in drawn["entries"]:
        is_licence = one["rubric"] == "DRIVING_LICENCE"
        if not (is_licence and any(one["rubric"] == other["rubric"] for other in listed)):
            listed.append(one | {"id": str(uuid.UUID(int=len(listed) + (4 << 76) + (8 << 60)))})

    for rubric in {one["rubric"] for one in listed}:
        same = sorted((one for one in listed if one["rubric"] == rubric), key=itemgetter("rank"))
        for number, one in enumerate(same, start=1):
            one["rank"] = number
            if rubric not in RANKED:
                del one["rank"]

    def tied(name: str, rubric: str) -> list[tuple[str, str]]:
        ends = [one["id"] for one in listed if one["rubric"] == rubric]
        others = [one["id"] for one in listed if one["rubric"] in PROVED]
        if not ends or not others:
            return []
        return sorted({(ends[a % len(ends)], others[b % len(others)]) for a, b in drawn[name]})

    record = {
        "format": "livret",
        "formatVersion": 1,
        "entries": listed,
        "links": [
            {"competence": a, "target": b, "relation": "USED", "note": f"x{b[-1]}\U0001f642"}
            for a, b in tied("links", "COMPETENCE")
        ],
        "evidence": [{"attachment": a, "entry": b} for a, b in tied("evidence", "ATTACHMENT")],
        "dossiers": [
            one
            | {
                "id": str(uuid.UUID(int=number + (4 << 76) + (9 << 60))),
                "entries": [listed[at]["id"] for at in sorted(one["entries"]) if at < len(listed)],
            }
            for number, one in enumerate(drawn["dossiers"])
        ],
    }
    if drawn["identity"] is not None:
        name, born = drawn["identity"]
        record["identity"] = {
            "civility": "MME",
            "lastName": f"x{name}x",
            "firstName": "Maëlle",
            "email": "maelle@example.org",
            "birthDate": born and born.isoformat(),
        }
    if drawn["situation"] is not None:
        record["situation"] = {"employerName": f"x{drawn['situation']}x"}
    return record
