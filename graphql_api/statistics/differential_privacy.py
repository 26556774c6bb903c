"""What makes counts of persons publishable: noise first, then rounding, thresholds, suppression.

Every cell of every table gets its own noise, drawn afresh each month from the discrete Gaussian
of Canonne, Kamath and Steinke (« The Discrete Gaussian for Differential Privacy », NeurIPS 2020).
One person stands in at most `MAX_CELLS` cells and changes each by one, so that a release is
ρ-concentrated differentially private with ρ = MAX_CELLS / (2 · DEVIATION²) = 0.025 (their
theorem 14), and n releases with n · ρ. All that follows the noise reads nothing but noisy figures,
which costs nothing: no exact count decides which cells are shown, since a cell that is hidden when it
falls from 11 to 10 would tell that somebody left.

The sampler computes with whole numbers only: floating-point noise gives itself away by its last
bits. It is our own because it is forty lines and tests can repeat it; OpenDP's, of the same law,
weighs 265 MB and takes no seed.
"""

import math
import secrets
from collections.abc import Callable, Mapping

from schema.statistics import MAX_CELLS, TABLES, Cell, TableDefinition

DEVIATION = 20
STEP = 5
SMALLEST_SHOWN = 60  # fewer than 11 persons reach it less than once in a hundred

RandBelow = Callable[[int], int]
Noise = Callable[[], int]


def advantage_bound(releases: int) -> float:
    """The most by which anybody beats chance in telling whether a person is in these releases.

    The difference between how often they say « there » of somebody who is and of somebody who is
    not, whatever else they know: at most √(n · ρ / 2), by Pinsker's inequality. Someone who says
    « there » or « gone » is then right at most (1 + bound) / 2 of the time.
    """
    return min(1.0, math.sqrt(releases * MAX_CELLS) / (2 * DEVIATION))


def discrete_gaussian(randbelow: RandBelow = secrets.randbelow) -> int:
    """Noise of mean 0 and standard deviation `DEVIATION`; `randbelow(n)` draws from 0 … n - 1."""
    scale, variance = DEVIATION + 1, DEVIATION**2
    while True:
        drawn = _discrete_laplace(scale, randbelow)
        if _bernoulli_exp((abs(drawn) * scale - variance) ** 2, 2 * variance * scale**2, randbelow):
            return drawn


def publish_counts(
    counts: Mapping[Cell, int], noise: Noise = discrete_gaussian
) -> dict[Cell, int | None]:
    """Every cell of every table, with the figure to publish or None where it is hidden."""
    published: dict[Cell, int | None] = {}
    for table in TABLES:
        noisy = {
            cell.code: _rounded(counts.get((table.name, cell.code), 0) + noise())
            for cell in table.cells
        }
        hidden = _cells_to_hide(table, noisy)
        for code, figure in noisy.items():
            published[table.name, code] = None if code in hidden else figure
    return published


def _rounded(figure: int) -> int:
    return (figure + STEP // 2) // STEP * STEP


def _cells_to_hide(table: TableDefinition, noisy: Mapping[str, int]) -> set[str]:
    """The small cells; in a partition, more of them until nothing follows from the total.

    What a partition hides is the total less what it shows: it must be of no fewer persons than a
    cell that is shown, and so of several cells.
    """
    upwards = sorted(noisy, key=lambda code: noisy[code])
    hidden = {code for code in upwards if noisy[code] < SMALLEST_SHOWN}
    if not table.is_partition or not hidden:
        return hidden
    for code in upwards:
        if sum(noisy[each] for each in hidden) >= SMALLEST_SHOWN:
            break
        hidden.add(code)
    return hidden


def _discrete_laplace(scale: int, randbelow: RandBelow) -> int:
    """Their algorithm 2: x with a probability proportional to exp(-|x| / scale)."""
    while True:
        rest = randbelow(scale)
        if not _bernoulli_exp(rest, scale, randbelow):
            continue
        wholes = 0
        while _bernoulli_exp(1, 1, randbelow):
            wholes += 1
        size, is_negative = rest + scale * wholes, randbelow(2) == 1
        if size or not is_negative:
            return -size if is_negative else size


def _bernoulli_exp(above: int, under: int, randbelow: RandBelow) -> bool:
    """True with probability exp(-above / under): their algorithm 1."""
    while above > under:
        if not _bernoulli_exp(1, 1, randbelow):
            return False
        above -= under
    turns = 1
    while randbelow(under * turns) < above:
        turns += 1
    return turns % 2 == 1
