"""The published statistics: each table with a bar beside each figure, and how far it may be off."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from graphql_api.operator_space.frame import FRAME, STATISTICS_PATH, frame_of
from graphql_api.page_kit.page_errors import OperationError, PageNotFoundError
from graphql_api.page_kit.stored_documents import stored
from graphql_api.page_kit.views import PageRequest

STATISTICS = stored(__file__, "statistics", FRAME)
_NO_MONTH = "BAD_USER_INPUT"
_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
    "octobre", "novembre", "décembre",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bar:
    """A figure as it is drawn, in percents of the width; `low` to `high` holds the truth 95 times in 100."""

    label: str
    persons: int | None
    width: float = 0.0
    low: float = 0.0
    high: float = 0.0


@dataclass(frozen=True, slots=True)
class Plot:
    """A table with its bars; `hidden` is how many of its figures are not told."""

    name: str
    label: str
    explanation: str
    bars: tuple[Bar, ...]

    @property
    def hidden(self) -> int:
        """How many figures are hidden."""
        return sum(bar.persons is None for bar in self.bars)

    @property
    def is_hidden(self) -> bool:
        """Whether no figure is told."""
        return self.hidden == len(self.bars)


async def statistics(page: PageRequest) -> Response:
    """Show the statistics of the month of the path, or of the last one that was published."""
    month = str(page.http.path_params.get("month", ""))
    try:
        data = await page.ask(STATISTICS, month=month or None)
    except OperationError as error:
        if error.code == _NO_MONTH:
            raise PageNotFoundError from error
        raise
    release = data["statistics"]
    if release is None and month:
        raise PageNotFoundError
    return page.render(
        "statistics.html",
        frame=frame_of(page, data),
        path=STATISTICS_PATH,
        release=release,
        month=in_words(release["month"]) if release else "",
        error=2 * release["standardDeviation"] if release else 0,
        plots=[plot_of(table, release["standardDeviation"]) for table in release["tables"]]
        if release
        else (),
        others=[(one, in_words(one)) for one in data["statisticsMonths"] if one != release["month"]]
        if release
        else (),
    )


def plot_of(table: Mapping[str, Any], deviation: int) -> Plot:
    """The bars of a table, on one scale that begins at 0."""
    told = [one["persons"] for one in table["figures"] if one["persons"] is not None]
    scale = 100 / (max(told, default=0) + 2 * deviation)
    return Plot(
        table["name"].lower(),
        table["label"],
        table["explanation"],
        tuple(_bar(one, scale, 2 * deviation) for one in table["figures"]),
    )


def in_words(month: str) -> str:
    """A month as people read it: `novembre 2026`."""
    year, _, number = month.partition("-")
    return f"{_MONTHS[int(number) - 1]} {year}"


def _bar(figure: Mapping[str, Any], scale: float, error: int) -> Bar:
    persons = figure["persons"]
    if persons is None:
        return Bar(figure["label"], None)
    low, high = max(0, persons - error), persons + error
    return Bar(
        figure["label"],
        persons,
        round(persons * scale, 2),
        round(low * scale, 2),
        round(high * scale, 2),
    )
