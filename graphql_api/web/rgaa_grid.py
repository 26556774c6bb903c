"""What the makers of Livret found by the grid of RGAA 4.1 (docs/rgaa.md), and the state that follows."""

from dataclasses import dataclass

NOT_COMPLIANT, PARTLY, FULLY = "non conforme", "partiellement conforme", "totalement conforme"


@dataclass(frozen=True, slots=True)
class Grid:
    """How many applicable criteria are met, are not, and were not judged; the day, and what is missing."""

    met: int
    not_met: int
    not_judged: int
    filled_in_on: str
    findings: tuple[str, ...]

    @property
    def applicable(self) -> int:
        """The criteria that apply."""
        return self.met + self.not_met + self.not_judged

    @property
    def rate(self) -> int:
        """The share that is met in percent, rounded down: what was not judged counts as not met."""
        return 100 * self.met // self.applicable

    @property
    def status(self) -> str:
        """The state of compliance (order of 20 September 2019): all, at least half, or less."""
        if self.met == self.applicable:
            return FULLY
        return PARTLY if 2 * self.met >= self.applicable else NOT_COMPLIANT


GRID = Grid(
    met=74,
    not_met=0,
    not_judged=1,
    filled_in_on="29 novembre 2026",
    findings=(
        "Critère 8.7, non jugé : la langue des intitulés étrangers que les agents saisissent n’est pas indiquée.",
    ),
)
