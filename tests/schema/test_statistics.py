"""The cells of the statistics in which a person is counted: few, and none from what is never disclosed."""

from typing import Any

import pytest

from schema.description.rubric import RubricName
from schema.entries.entries import Entry
from schema.entries.identity import IdentityContent
from schema.entries.situation import SituationContent
from schema.rubrics import RUBRICS
from schema.sharing.site import SITES, SiteKind
from schema.statistics import MAX_CELLS, REGION, TABLES, Participant, cells_of, region_of
from tests.schema.entry_samples import TODAY, a_numbered_entry

IDENTITY = IdentityContent(last_name="Lefèvre", first_name="Maëlle")
TYPES = ("CPF", "STAGE", "INTEGRATION", "HORS_FPT", "HYGIENE_SECURITE", "PERFECTIONNEMENT")


def cells(
    *entries: Entry, identity: IdentityContent = IDENTITY, situation: SituationContent | None = None
) -> dict[str, set[str]]:
    """The codes of the cells in which a person is counted, by table."""
    found: dict[str, set[str]] = {table.name: set() for table in TABLES}
    for name, code in cells_of(Participant(identity, situation, list(entries)), TODAY):
        found[name].add(code)
    return found


def post(id: str = "1", **content: Any) -> Entry:
    held = {"job_title": "Jardinière", "employer_name": "Ville", "start": "2020", "ongoing": True}
    return a_numbered_entry(RubricName.PROFESSIONAL_EXPERIENCE, id=id, **held | content)


def training(id: str, **content: Any) -> Entry:
    return a_numbered_entry(
        RubricName.TRAINING, id=id, **{"title": "Stage", "role": "STAGIAIRE"} | content
    )


def test_an_empty_booklet_counts_as_one_person_of_whom_nothing_is_known() -> None:
    assert cells() == {
        "PERSONS": {"ALL"},
        "RUBRIC": set(),
        "TRAINING_TYPE": set(),
        "LEVEL": {"UNKNOWN"},
        "EMPLOYER_TYPE": {"UNKNOWN"},
        "REGION": {"UNKNOWN"},
    }


def test_nobody_stands_in_more_cells_than_the_noise_is_made_for() -> None:
    full = [
        a_numbered_entry(rubric.name, id=str(at)) for at, rubric in enumerate(RUBRICS, start=10)
    ]
    full += [training(str(at), statutory_type=code) for at, code in enumerate(TYPES, start=30)]
    full += [
        a_numbered_entry(RubricName.DIPLOMA, id="50", level="5", outcome="OBTENU"),
        a_numbered_entry(RubricName.DIPLOMA, id="51", level="7", outcome="OBTENU"),
        post("60", employer_type="COMMUNE", employer_insee_commune="33063"),
        post("61", employer_type="SDIS", employer_insee_commune="29232"),
    ]
    found = cells(*full, *full)
    assert sum(map(len, found.values())) == MAX_CELLS == 20
    for table in TABLES:
        assert len(found[table.name]) == table.most
        assert found[table.name] <= {cell.code for cell in table.cells}


def test_the_four_most_recent_types_of_training_count_each_once() -> None:
    followed = [
        training(str(at), statutory_type=code, start=f"20{at}")
        for at, code in enumerate((*TYPES, TYPES[-1]), start=10)
    ]
    assert cells(*followed)["TRAINING_TYPE"] == set(TYPES[2:])


def test_an_old_level_alone_counts_for_the_present_one() -> None:
    for legacy, level in (("III", "5"), ("I", "7"), ("VI", "NONE")):
        old = a_numbered_entry(RubricName.DIPLOMA, legacy_level=legacy, outcome="OBTENU")
        assert cells(old)["LEVEL"] == {level}


def test_a_training_given_is_not_one_followed() -> None:
    assert cells(training("1", statutory_type="CPF", role="FORMATEUR"))["TRAINING_TYPE"] == set()


def test_what_is_kept_from_being_communicated_or_tells_of_a_union_stands_in_no_cell() -> None:
    activity = RubricName.EXTRA_PROFESSIONAL_EXPERIENCE
    nothing = cells()
    for entry in (
        a_numbered_entry(activity, kind="ACTION_SYNDICALE", title="Déléguée"),
        a_numbered_entry(activity, kind="BENEVOLAT", title="Trésorière du syndicat"),
        training("1", title="Formation syndicale", statutory_type="CPF"),
        training("1", statutory_type="CPF", shareable=False),
        post(employer_type="COMMUNE", employer_insee_commune="33063", shareable=False),
        a_numbered_entry(RubricName.DIPLOMA, level="5", outcome="OBTENU", shareable=False),
    ):
        assert cells(entry) == nothing, entry
    assert cells(a_numbered_entry(activity, kind="BENEVOLAT", title="Trésorière"))["RUBRIC"] == {
        activity.value
    }


def test_only_a_present_post_says_where_somebody_works_and_the_latest_first() -> None:
    past = post("1", ongoing=None, end="2021", employer_type="REGION")
    older = post("2", start="2022", employer_type="EPCI")
    newer = post("3", start="2024", employer_type="COMMUNE")
    assert cells(past)["EMPLOYER_TYPE"] == {"UNKNOWN"}
    assert cells(past, older, newer)["EMPLOYER_TYPE"] == {"COMMUNE"}
    assert cells(newer, older, past)["EMPLOYER_TYPE"] == {"COMMUNE"}


def test_the_region_is_that_of_the_employer_before_that_of_the_home() -> None:
    home = IdentityContent(postal_code="29200")
    work = SituationContent(employer_insee_commune="33063")
    present = post(employer_insee_commune="2A004")
    assert cells(identity=home)["REGION"] == {"53"}
    assert cells(present, identity=home)["REGION"] == {"94"}
    assert cells(present, identity=home, situation=work)["REGION"] == {"75"}
    assert cells(present, identity=home, situation=SituationContent())["REGION"] == {"94"}
    abroad = IdentityContent(postal_code="29200", country_code="BE")
    assert cells(identity=abroad)["REGION"] == {"UNKNOWN"}


@pytest.mark.parametrize(
    ("place", "region"),
    [
        ("2B033", "94"),
        ("20200", "94"),
        ("97110", "01"),
        ("97411", "04"),
        ("97600", "06"),
        ("01053", "84"),
        ("97133", None),
        ("98713", None),
        ("97500", None),
        ("", None),
        ("x", None),
    ],
)
def test_a_place_has_the_region_of_its_departement(place: str, region: str | None) -> None:
    assert region_of(place) == region


def test_the_101_departements_belong_to_the_18_regions_that_have_a_delegation() -> None:
    metropole = [f"{number:02}" for number in range(1, 96) if number != 20]
    places = [*metropole, "2A", "2B", "971", "972", "973", "974", "976"]
    assert len(places) == 101
    regions = {region_of(place + "001") for place in places}
    delegations = {code for code, site in SITES.items() if site.kind is SiteKind.DELEGATION}
    assert regions == delegations == {cell.code for cell in REGION.cells} - {"UNKNOWN"}
