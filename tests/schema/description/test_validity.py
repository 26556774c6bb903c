"""How far the validity of something has run."""

from datetime import date

import pytest

from schema.description.validity import (
    Held,
    Validity,
    usual_validity_in_french,
    validity,
    validity_label,
)

TODAY = date(2025, 8, 31)


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("2025-08-30", Validity.EXPIRED),
        ("2025-08-31", Validity.EXPIRING),
        ("2026-02-28", Validity.EXPIRING),
        ("2026-03-01", Validity.VALID),
        ("2025-07", Validity.EXPIRED),
        ("2025-08", Validity.EXPIRING),
        ("2026-02", Validity.EXPIRING),
        ("2026-03", Validity.VALID),
        ("2024", Validity.EXPIRED),
        ("2025", Validity.EXPIRING),
        ("2026", Validity.VALID),
    ],
)
def test_validity_runs_to_the_last_day_that_the_date_can_mean(written, status):
    assert state(held("2000", written)) is status


def held(since, until=None, *covers, kind="SST", expires=True):
    return Held(kind=(kind,), covers=frozenset(covers), since=since, until=until, expires=expires)


def state(one, *others):
    return validity(one, [one, *others], TODAY)


def test_what_usually_has_an_end_and_gives_none_is_not_without_end():
    assert state(held("2012")) is Validity.EXPIRY_NOT_GIVEN
    assert state(held("2012", expires=False)) is Validity.NO_EXPIRY


def test_a_renewed_title_is_announced_as_renewed_and_the_newest_alone_counts():
    titles = [held("2019-03", "2022-03"), held("2022-03", "2025-02"), held("2025-02", "2028-02")]
    assert [validity(one, titles, TODAY) for one in titles] == [
        Validity.RENEWED,
        Validity.RENEWED,
        Validity.VALID,
    ]
    assert [validity(one, titles[:2], TODAY) for one in titles[:2]] == [
        Validity.RENEWED,
        Validity.EXPIRED,
    ]


@pytest.mark.parametrize(
    ("older", "newer", "status"),
    [
        (held("2019", "2022", "A", "B"), held("2023", "2028", "A", "B", "C"), Validity.RENEWED),
        (held("2019", "2022", "A", "B"), held("2023", "2028", "A"), Validity.EXPIRED),
        (held("2019", "2022", "A"), held("2023", "2028"), Validity.EXPIRED),
        (held("2019", "2022"), held("2023", "2028", "A"), Validity.RENEWED),
        (held("2019", "2022"), held("2023", "2028", kind="PSE1"), Validity.EXPIRED),
        (held("2019", "2022"), held("2023"), Validity.RENEWED),
        (held("2019"), held("2023", "2028"), Validity.RENEWED),
        (held("2019"), held("2023"), Validity.RENEWED),
        (held("2019", "2031"), held("2023", "2028"), Validity.VALID),
        (held("2019", "2022"), held("2018", "2028"), Validity.EXPIRED),
        (held("2019", "2022"), held("2019", "2024"), Validity.RENEWED),
        (held("2019-05", "2022"), held("2019", "2022"), Validity.EXPIRED),
        (held("2019", "2022"), held("2019", "2022"), Validity.EXPIRED),
        (held("2019", expires=False), held("2023", expires=False), Validity.NO_EXPIRY),
        (held("2019", "2022", expires=False), held("2023", expires=False), Validity.RENEWED),
    ],
)
def test_what_renews_is_newer_and_covers_as_much(older, newer, status):
    assert state(older, newer) is status
    assert state(newer, older) is not Validity.RENEWED


def test_every_state_is_said_in_french():
    assert [validity_label(status) for status in Validity] == [
        "Valide",
        "Expire bientôt",
        "Expirée",
        "Renouvelée",
        "Échéance non renseignée",
        "Sans échéance",
    ]


@pytest.mark.parametrize(
    ("months", "until_year_end", "said"),
    [
        (12, False, "en général 1 an"),
        (60, False, "en général 5 ans"),
        (12, True, "en général jusqu’au 31 décembre de l’année suivante"),
        (60, True, "en général jusqu’au 31 décembre de la 5e année suivante"),
    ],
)
def test_the_usual_validity_is_said_as_usual(months, until_year_end, said):
    assert usual_validity_in_french(months, until_year_end=until_year_end) == said
