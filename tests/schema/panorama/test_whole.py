"""The panorama as a whole: every figure, on every content."""

import cProfile
import pstats
from datetime import date

import pytest
import strawberry
from graphql import GraphQLInterfaceType, GraphQLObjectType, get_named_type
from hypothesis import given, settings
from hypothesis import strategies as st
from strawberry.types.base import StrawberryList

from schema.description.bounds import MAX_ENTRIES, at_most
from schema.description.rubric import RubricName
from schema.entries.entries import (
    Accreditation,
    Competence,
    Diploma,
    Entry,
    LinkRelation,
    ProfessionalExperience,
    Training,
)
from schema.entries.links import LinkRecord
from schema.panorama.evidence_coverage import EvidenceCoverage
from schema.panorama.matrix import CompetenceMatrix, MatrixRow
from schema.panorama.panorama import Panorama, panorama_of
from schema.panorama.panorama_entry import itself
from tests.schema.panorama.panorama_sample import NOW, TODAY, entry, panorama

ENTRY_TYPES = Entry.__subclasses__()
FIGURES = [
    field.python_name
    for field in Panorama.__strawberry_definition__.fields
    if field.base_resolver is not None
]


def link(competence, target, relation=LinkRelation.ACQUIRED):
    return LinkRecord(competence=competence, target=target, relation=relation, note=None)


def everything_of(kind: GraphQLObjectType) -> str:
    """A selection of every field of a type, to the leaves."""
    selected = []
    for name, field in kind.fields.items():
        below = get_named_type(field.type)
        if isinstance(below, GraphQLInterfaceType):
            selected.append(f"{name} {{ id }}")
        else:
            selected.append(
                f"{name} {everything_of(below)}" if isinstance(below, GraphQLObjectType) else name
            )
    return "{ " + " ".join(selected) + " }"


def ask(shown, document=None):
    @strawberry.type
    class Query:
        @strawberry.field
        def panorama(self) -> Panorama[Entry]:
            return shown

    schema = strawberry.Schema(Query, types=ENTRY_TYPES)
    kind = schema._schema.type_map["EntryPanorama"]
    return schema.execute_sync(document or f"{{ panorama {everything_of(kind)} }}")


def test_a_client_can_select_everything():
    entries = [
        entry(Competence, "skill", kind="SAVOIR_FAIRE"),
        entry(ProfessionalExperience, "post", start="2015", ongoing=True),
        entry(Diploma, level="5", outcome="OBTENU"),
        entry(Training, start="2019", duration_value=2, duration_unit="DAY"),
        entry(Accreditation, valid_until="2020"),
    ]
    result = ask(panorama(entries, [link("skill", "post", LinkRelation.USED)]))
    assert result.errors is None
    shown = result.data["panorama"]
    assert shown["lastUpdate"].startswith("2024-06-01T08:30:00")
    assert shown["matrix"]["rows"][0]["cells"] == [
        {"entry": "post", "relation": "USED", "node": {"id": "post"}}
    ]
    assert shown["timeline"][0]["earliest"] == "2015-01-01"
    assert shown["validity"][0]["status"] == "EXPIRED"
    assert shown["experience"]["overThreeYears"] is True
    assert shown["trainingDays"] == [{"statutoryType": None, "fiveYears": "2015–2019", "days": 2.0}]


def test_what_is_not_selected_is_not_computed():
    class Untouchable(list):
        def __iter__(self):
            raise AssertionError("computed")

    shown = panorama_of(Untouchable(), TODAY, NOW, itself)
    assert ask(shown, "{ panorama { lastUpdate } }").errors is None
    assert ask(shown, "{ panorama { counters { count } } }").errors is not None


@pytest.mark.parametrize("shown", [Panorama, CompetenceMatrix, MatrixRow, EvidenceCoverage])
def test_every_list_says_its_bound_or_its_length(shown):
    lists = [
        field
        for field in shown.__strawberry_definition__.fields
        if isinstance(field.type, StrawberryList)
    ]
    assert lists
    for field in lists:
        assert field.description.endswith((f"{at_most(MAX_ENTRIES)}.", f"; {len(RubricName)}."))


def test_an_empty_booklet_has_a_panorama():
    result = ask(panorama([]))
    assert result.errors is None
    assert result.data["panorama"]["experience"] is None
    assert result.data["panorama"]["highestLevel"] is None


ANY_DATE = st.one_of(
    st.none(),
    st.sampled_from(["", "x", "0000", "2019-13", "9999", "9999-12-31", "0001-01-01", "2024-02-29"]),
    st.integers(1900, 2040).map(str),
    st.dates(date(1900, 1, 1), date(2040, 1, 1)).map(date.isoformat),
)
ANY_NUMBER = st.sampled_from(
    [None, 0, -1, 1, 50, 100, 10**400, 0.1, float("nan"), float("inf"), 1e308]
)
ANY_CODE = st.sampled_from([None, "", "x", "NONE", "7", "OBTENU", "DAY", "HOUR", "STAGIAIRE"])
BOUNDS = {"start": ANY_DATE, "end": ANY_DATE, "ongoing": st.sampled_from([None, False, True])}
ANY_CONTENT = st.one_of(
    st.tuples(st.just(ProfessionalExperience), st.fixed_dictionaries({}, optional=BOUNDS | {"work_quota": ANY_NUMBER})),
    st.tuples(
        st.just(Training),
        st.fixed_dictionaries(
            {},
            optional=BOUNDS
            | {"duration_value": ANY_NUMBER, "duration_unit": ANY_CODE, "statutory_type": ANY_CODE, "role": ANY_CODE},
        ),
    ),
    st.tuples(st.just(Diploma), st.fixed_dictionaries({}, optional={"awarded_on": ANY_DATE, "level": ANY_CODE, "outcome": ANY_CODE})),
    st.tuples(st.just(Accreditation), st.fixed_dictionaries({}, optional={"valid_until": ANY_DATE})),
    st.tuples(st.just(Competence), st.fixed_dictionaries({}, optional={"kind": ANY_CODE})),
    st.tuples(st.sampled_from(ENTRY_TYPES), st.just({})),
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.lists(ANY_CONTENT, max_size=6))
def test_no_content_however_absurd_makes_the_panorama_fail(contents):
    entries = [entry(kind, **content) for kind, content in contents]
    skills = [one.id for one in entries if isinstance(one, Competence)]
    links = [link(skill, one.id) for skill in skills for one in entries]
    shown = panorama(entries, links)
    assert "counters" in FIGURES
    for figure in FIGURES:
        getattr(shown, figure)()
    assert all(span.earliest <= span.latest for span in shown.timeline())


def full_booklet(size: int) -> list[Entry]:
    return [
        entry(
            (ProfessionalExperience, Training)[number % 2],
            f"e{number}",
            start=f"{1980 + number % 40}-{1 + number % 12:02d}",
            end=f"{1985 + number % 40}-{1 + number % 12:02d}",
        )
        for number in range(size * 7 // 10)
    ] + [entry(Competence, f"c{number}", kind="SAVOIR_FAIRE") for number in range(size * 3 // 10)]


def test_the_work_grows_with_the_entries_and_not_with_their_square():
    few, many = (calls(full_booklet(size)) for size in (100, 1_000))
    assert few > 1_000
    assert many < 15 * few


def calls(entries: list[Entry]) -> int:
    """How many functions run to compute every figure: a measure of work that no clock disturbs."""
    links = [link(f"c{number}", entries[number * 2].id) for number in range(len(entries) * 3 // 10)]
    shown = panorama(entries, links)
    profile = cProfile.Profile()
    profile.runcall(lambda: [getattr(shown, figure)() for figure in FIGURES])
    return pstats.Stats(profile).total_calls
