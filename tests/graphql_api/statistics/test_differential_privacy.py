"""What a release lets anybody find out: nobody, beyond the bound that it states."""

import math
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from graphql_api.statistics import differential_privacy
from graphql_api.statistics.differential_privacy import (
    DEVIATION,
    SMALLEST_SHOWN,
    STEP,
    Noise,
    advantage_bound,
    discrete_gaussian,
    publish_counts,
)
from schema.statistics import MAX_CELLS, TABLES, Cell

CLOSINGS = 1_000
PARTITIONS = [table for table in TABLES if table.is_partition]
LAW = {x: math.exp(-(x**2) / (2 * DEVIATION**2)) for x in range(-300, 301)}
TOTAL = sum(LAW.values())


def noise_from(seed: int) -> Noise:
    """The noise of the service, from a source that a test can repeat."""
    below = random.Random(seed).randrange
    return lambda: discrete_gaussian(below)


def silence() -> int:
    return 0


def person(chance: random.Random) -> frozenset[Cell]:
    """Somebody who stands in as many cells as anybody can."""
    return frozenset(
        (table.name, cell.code)
        for table in TABLES
        for cell in chance.sample(table.cells, table.most)
    )


@dataclass(frozen=True)
class Guesses:
    """How often an attacker said « gone » of those who had left, and of those who had not."""

    of_the_gone: float
    of_the_others: float

    @property
    def advantage(self) -> float:
        return self.of_the_gone - self.of_the_others


Attacker = Callable[
    [frozenset[Cell], Counter[Cell], dict[Cell, int | None], dict[Cell, int | None]], bool
]


def by_difference(
    who: frozenset[Cell],
    _others: Counter[Cell],
    before: dict[Cell, int | None],
    after: dict[Cell, int | None],
) -> bool:
    """Takes one release from the other in the cells of a person."""
    fallen = [
        was - now
        for cell in who
        if (was := before[cell]) is not None and (now := after[cell]) is not None
    ]
    return sum(fallen) > len(fallen) / 2


def knowing_all_others(
    who: frozenset[Cell],
    others: Counter[Cell],
    _before: dict[Cell, int | None],
    after: dict[Cell, int | None],
) -> bool:
    """Knows in which cells everybody else stands: the most that anybody can know."""
    more = [now - others[cell] for cell in who if (now := after[cell]) is not None]
    return sum(more) < len(more) / 2


def attacked(attacker: Attacker, noise: Noise) -> Guesses:
    """What an attacker makes of 1,000 closings between two releases, and of as many who stay."""
    chance = random.Random(2026)
    crowd: Counter[Cell] = Counter()
    for _ in range(20_000):
        crowd.update(person(chance))
    gone = others = 0
    for _ in range(CLOSINGS):
        who = person(chance)
        with_them = crowd + Counter(who)
        before = publish_counts(with_them, noise)
        gone += attacker(who, crowd, before, publish_counts(crowd, noise))
        others += attacker(who, crowd, before, publish_counts(with_them, noise))
    return Guesses(gone / CLOSINGS, others / CLOSINGS)


@pytest.mark.parametrize("attacker", [by_difference, knowing_all_others])
def test_a_thousand_closings_tell_nobody_who_left_beyond_the_bound(attacker: Attacker) -> None:
    found = attacked(attacker, noise_from(11))
    # Two rates of 1,000 draws each: three standard errors of chance.
    chance = 3 * math.sqrt(0.5 / CLOSINGS)
    assert advantage_bound(1) == pytest.approx(0.1118, abs=1e-4)
    assert found.advantage <= advantage_bound(1) + chance, found
    assert (found.of_the_gone + 1 - found.of_the_others) / 2 < 0.6


@pytest.mark.parametrize("attacker", [by_difference, knowing_all_others])
def test_the_same_attackers_name_everybody_who_left_from_exact_counts(
    attacker: Attacker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(differential_privacy, "STEP", 1)
    assert attacked(attacker, silence) == Guesses(1.0, 0.0)


def test_the_bound_is_that_of_the_noise_and_grows_with_the_square_root_of_the_releases() -> None:
    rho = MAX_CELLS / (2 * DEVIATION**2)
    for releases in (1, 2, 12):
        assert advantage_bound(releases) == pytest.approx(math.sqrt(releases * rho / 2))
    assert advantage_bound(12) == pytest.approx(0.3873, abs=1e-4)
    assert advantage_bound(10_000) == 1


def test_the_noise_follows_its_law() -> None:
    drawn, noise = 20_000, noise_from(7)
    found = Counter(noise() for _ in range(drawn))
    farthest = expected = seen = 0.0
    for x, weight in LAW.items():
        expected += weight / TOTAL
        seen += found[x] / drawn
        farthest = max(farthest, abs(expected - seen))
    assert farthest < 1.63 / math.sqrt(drawn)  # Kolmogorov and Smirnov, at 1 %
    assert sum(found.values()) == drawn
    assert set(found) <= set(LAW)


def test_the_noise_of_the_service_is_never_the_same() -> None:
    counts = Counter({(table.name, cell.code): 900 for table in TABLES for cell in table.cells})
    first, second = publish_counts(counts), publish_counts(counts)
    assert first.keys() == second.keys() == counts.keys()
    assert sum(first[cell] != second[cell] for cell in counts) > len(counts) / 2


def test_a_cell_of_ten_persons_is_shown_less_than_once_in_a_hundred() -> None:
    reaches = SMALLEST_SHOWN - STEP // 2
    assert sum(LAW[x] for x in LAW if 10 + x >= reaches) / TOTAL < 0.01


def test_every_cell_of_every_table_is_published_or_hidden_whatever_was_counted() -> None:
    everything = {(table.name, cell.code) for table in TABLES for cell in table.cells}
    assert publish_counts({}, silence) == dict.fromkeys(everything)
    assert set(publish_counts({("REGION", "75"): 5_000}, noise_from(1))) == everything


def test_what_a_partition_hides_does_not_follow_from_what_it_shows() -> None:
    chance = random.Random(3)
    partly = 0
    for _ in range(300):
        high = chance.choice((60, 90, 200, 1_000))
        counts = {
            (table.name, cell.code): STEP * chance.randrange(high // STEP)
            for table in PARTITIONS
            for cell in table.cells
        }
        published = publish_counts(counts, silence)
        for table in PARTITIONS:
            cells = [(table.name, cell.code) for cell in table.cells]
            hidden = [cell for cell in cells if published[cell] is None]
            assert all(published[cell] is None for cell in cells if counts[cell] < SMALLEST_SHOWN)
            if hidden and len(hidden) < len(cells):
                partly += 1
                assert len(hidden) > 1
                assert sum(counts[cell] for cell in hidden) >= SMALLEST_SHOWN
    assert partly > 100


def test_a_single_small_cell_hides_the_next_smallest_and_not_the_others() -> None:
    counts = {
        ("EMPLOYER_TYPE", cell.code): 100 + 10 * place
        for table in PARTITIONS
        for place, cell in enumerate(table.cells)
        if table.name == "EMPLOYER_TYPE"
    }
    assert all(publish_counts(counts, silence)[cell] == counts[cell] for cell in counts)
    counts["EMPLOYER_TYPE", "SDIS"] = 5
    published = publish_counts(counts, silence)
    hidden = {code for (_, code) in counts if published["EMPLOYER_TYPE", code] is None}
    assert hidden == {"SDIS", "COMMUNE"}


def test_a_table_whose_cells_do_not_add_up_hides_its_small_cells_alone() -> None:
    counts = {("RUBRIC", "DIPLOMA"): 5, ("RUBRIC", "TRAINING"): 75, ("RUBRIC", "COMPETENCE"): 100}
    published = publish_counts(counts, silence)
    assert published["RUBRIC", "DIPLOMA"] is None
    assert published["RUBRIC", "TRAINING"] == 75
    assert published["RUBRIC", "COMPETENCE"] == 100
