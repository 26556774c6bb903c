"""Publishing the statistics of a month: once, of those who ticked the box; the operator reads tables."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from graphql_api.serving import build_service
from graphql_api.statistics import statistics
from graphql_api.statistics.statistics import PublicationError, publish
from graphql_api.storage.actors import Anonymous
from graphql_api.storage.content.sections import Section
from graphql_api.storage.tables import BookletKeyTable
from schema.typography import typeset
from tests.conftest import Here, with_booklet
from tests.graphql_api.commands.commands import Livret
from tests.graphql_api.documents import SAY_WHO, added
from tests.graphql_api.statistics.crowd import (
    ABROAD,
    BORDEAUX,
    BREST,
    CELLS,
    STATISTICS,
    crowd,
    operator,
    published,
    shown,
    silence,
    stored,
)
from tests.graphql_api.written_sections import replace_section
from tests.patience import PATIENCE_SECONDS


def test_an_operator_reads_what_the_command_published(here: Here, livret: Livret) -> None:
    crowd(here, 300, BREST, level="5", outcome="OBTENU")
    month = f"{here.clock.today:%Y-%m}"
    code, said, wrong = livret("statistics", "publish")
    assert (code, wrong) == (0, "")
    release = operator(here).ask(STATISTICS)["statistics"]
    assert release["month"] == month
    assert (release["standardDeviation"], release["smallestShown"]) == (20, 60)
    figures = [figure for table in release["tables"] for figure in table["figures"]]
    assert len(figures) == CELLS
    seen = [figure for figure in figures if figure["persons"] is not None]
    assert all(figure["persons"] % 5 == 0 and figure["persons"] >= 60 for figure in seen)
    assert all((figure["persons"] is None) is bool(figure["whyHidden"]) for figure in figures)
    hidden = CELLS - len(seen)
    assert said == (
        typeset(
            f"Statistiques de {month} publiées : {len(seen)} cases affichées, {hidden} masquées.\n"
        )
    )
    assert abs(release["tables"][0]["figures"][0]["persons"] - 300) < 140  # seven deviations


def test_the_tables_are_in_french_and_in_their_order(here: Here) -> None:
    published(here)
    tables = operator(here).ask(STATISTICS)["statistics"]["tables"]
    assert [table["label"] for table in tables] == [
        "Titulaires",
        "Rubriques remplies",
        "Formations suivies, par catégorie statutaire",
        "Niveau de diplôme le plus élevé",
        "Type de collectivité",
        "Région",
    ]
    assert tables[1]["figures"][0] == {
        "code": "DIPLOMA",
        "label": "Titres et diplômes",
        "persons": None,
        "whyHidden": "Effectif trop petit, ou masqué pour qu’un autre ne se déduise pas.",
    }


def test_only_those_who_ticked_the_box_are_counted(here: Here) -> None:
    crowd(here, 200, BREST, level="5", outcome="OBTENU")
    crowd(here, 100, ABROAD)
    crowd(here, 80, BREST, ticked=False, level="5", outcome="OBTENU")
    published(here)
    found = shown(here)
    assert found["PERSONS", "ALL"] == 300
    assert found["RUBRIC", "DIPLOMA"] == 200


def test_a_month_counts_booklets_as_they_are_at_that_moment(here: Here) -> None:
    owner = with_booklet(here, "owner")
    added(owner, "diploma")
    crowd(here, 57, BREST, level="5", outcome="OBTENU")
    here.clock.moved = timedelta(days=1)
    steps = ((True, 60), (False, None), (True, 60))  # 58 are rounded to 60, 57 to 55
    for version, (ticked, counted) in enumerate(steps, start=1):
        change = {"statsConsent": ticked}
        assert (
            owner.do(SAY_WHO, identity=change, version=version)["__typename"] == "IdentityRevised"
        )
        published(here)
        assert shown(here).get(("RUBRIC", "DIPLOMA")) == counted, version
        here.clock.moved += timedelta(days=31)


def test_small_cells_are_hidden_and_nothing_follows_from_the_total(here: Here) -> None:
    crowd(here, 200, BREST)
    crowd(here, 70, BORDEAUX)
    crowd(here, 3, "20000")
    published(here)
    found = shown(here)
    assert found["PERSONS", "ALL"] == 275
    assert {cell: found[cell] for cell in found if cell[0] == "REGION"} == {("REGION", "53"): 200}


def test_a_month_is_published_once_and_stays_as_it_was(here: Here, livret: Livret) -> None:
    crowd(here, 100, BREST)
    published(here)
    before, rows = shown(here), stored(here)
    crowd(here, 100, BREST)
    with pytest.raises(PublicationError, match="déjà publiées"):
        published(here)
    code, said, wrong = livret("statistics", "publish")
    assert (code, said) == (1, "")
    assert wrong == typeset(
        f"Échec : Les statistiques de {here.clock.today:%Y-%m} sont déjà publiées.\n"
    )
    assert (shown(here), stored(here)) == (before, rows) == (before, (1, CELLS))


def test_each_month_has_its_own_and_the_last_is_read_unless_named(here: Here) -> None:
    crowd(here, 100, BREST)
    first = published(here).month
    here.clock.moved += timedelta(days=32)
    crowd(here, 100, BREST)
    second = published(here).month
    assert first < second
    assert shown(here, first)["PERSONS", "ALL"] == 100
    assert shown(here, second)["PERSONS", "ALL"] == shown(here)["PERSONS", "ALL"] == 200


@pytest.mark.parametrize("month", ["2020-01", "2099-12", "hier", "", "2026-11-22"])
def test_no_month_but_the_present_one_is_published(here: Here, livret: Livret, month: str) -> None:
    code, said, wrong = livret("statistics", "publish", "--month", month)
    assert (code, said) == (1, "")
    assert wrong == typeset(
        f"Échec : Seul le mois en cours se publie : {here.clock.today:%Y-%m}.\n"
    )
    assert stored(here) == (0, 0)


def test_the_month_is_that_of_the_day_in_france(here: Here) -> None:
    here.clock.set(datetime(2026, 12, 31, 23, 30, tzinfo=UTC))
    with pytest.raises(PublicationError):
        published(here, "2026-12")
    assert published(here, "2027-01").month == "2027-01"


def test_two_publications_at_once_publish_one(here: Here) -> None:
    crowd(here, 100, BREST)
    together, ends = threading.Barrier(2), []

    def run() -> None:
        waited = False

        def noise() -> int:  # both have counted before either writes
            nonlocal waited
            if not waited:
                waited = True
                together.wait(PATIENCE_SECONDS)
            return 0

        try:
            ends.append(published(here, noise=noise).month)
        except PublicationError:
            ends.append("refused")

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ends) == [f"{here.clock.today:%Y-%m}", "refused"]
    assert stored(here) == (1, CELLS)


def test_a_publication_that_fails_midway_leaves_nothing_and_may_begin_again(here: Here) -> None:
    left = iter(range(CELLS - 1))
    with pytest.raises(StopIteration):
        published(here, noise=lambda: 0 * next(left))
    assert stored(here) == (0, 0)
    published(here)
    assert stored(here) == (1, CELLS)


def test_a_booklet_that_began_after_the_reading_did_is_left_to_the_next_month(here: Here) -> None:
    crowd(here, 100, BREST)
    crowd(here, 100, BREST, days_old=-1)
    published(here)
    assert shown(here)["PERSONS", "ALL"] == 100


def test_booklets_are_read_in_pages_of_a_few_statements(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statistics, "PAGE", 30)
    crowd(here, 75, BREST, level="5", outcome="OBTENU")
    service = build_service(here.deployment.settings, here.clock)
    publish(service.operation(Anonymous()), noise=silence)
    counted = service.store.statements + service.key_store.statements
    service.close()
    # Whether it was published; booklets, keys, identities, the rest of three pages; no more; month
    # and cells.
    assert counted == 1 + 3 * 4 + 1 + 2
    assert shown(here)["RUBRIC", "DIPLOMA"] == 75


def test_a_booklet_that_does_not_open_is_not_counted_and_is_told(
    here: Here, livret: Livret
) -> None:
    ids = crowd(here, 100, BREST, level="5", outcome="OBTENU")
    store, key_store = here.deployment.store, here.deployment.key_store
    with store.writing(), key_store.writing():
        replace_section(store, ids[0], Section.IDENTITY, b"x" * 40)
        replace_section(store, ids[1], Section.FORMATIONS, b"x" * 40)
        key_store.run(BookletKeyTable.delete().where(BookletKeyTable.booklet == ids[2]))
    assert livret("statistics", "publish")[::2] == (
        0,
        typeset("Livrets illisibles, non comptés : 2.\n"),
    )
    here.clock.moved = timedelta(days=32)
    assert published(here).unreadable == 2
    assert shown(here)["PERSONS", "ALL"] == 95  # 97, rounded


def test_nobody_but_an_operator_reads_statistics(here: Here) -> None:
    crowd(here, 100, BREST)
    published(here)
    assert with_booklet(here, "owner").ask(STATISTICS) == {"statistics": None}
    assert here.caller("newcomer").ask(STATISTICS) == {"statistics": None}
    assert here.caller("officer", "rh:codes").error(STATISTICS) == "INSUFFICIENT_SCOPE"
    assert here.machine("site").error(STATISTICS) == "FORBIDDEN"
    assert here.nobody().error(STATISTICS) == "UNAUTHENTICATED"
    operator(here)
    assert here.caller("operator", "livret:write").error(STATISTICS) == "INSUFFICIENT_SCOPE"


def test_a_stranger_is_answered_alike_whether_a_month_is_published_or_not(here: Here) -> None:
    stranger = here.caller("newcomer")
    sent = {"query": STATISTICS, "variables": {"month": f"{here.clock.today:%Y-%m}"}}
    before = stranger.post(sent).content
    published(here)
    assert stranger.post(sent).content == before
    assert stranger.post(sent | {"variables": {"month": "x"}}).content == before


def test_a_month_without_statistics_is_null_and_a_bad_one_is_refused(here: Here) -> None:
    reader = operator(here)
    assert reader.ask(STATISTICS) == {"statistics": None}
    published(here)
    assert reader.ask(STATISTICS, month="2020-01") == {"statistics": None}
    for month in ("2026-13", "2026", "", "２０２６-11", "2026-11\n", "x" * 5_000):
        assert reader.error(STATISTICS, month=month) == "BAD_USER_INPUT", month


def test_an_operator_reads_no_booklet_all_the_same(here: Here) -> None:
    crowd(here, 1, BREST)
    assert operator(here).ask("{ booklet { id } }") == {"booklet": None}
