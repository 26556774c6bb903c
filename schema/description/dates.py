"""Dates as people know them: to the year, the month or the day; and periods between two of them."""

import calendar
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta

EARLIEST_YEAR = 1900
YEARS_AHEAD = 10
PARTIAL_DATE_PATTERN = r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"
DAY_PATTERN = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_SHAPE = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?)?", re.ASCII)
_FRENCH_SHAPE = re.compile(r"(?:(\d{1,2})\s?[/.\-\s]\s?)?(\d{1,2})\s?[/.\-\s]\s?(\d{4})", re.ASCII)
# « 15 juin 2009 », « 1er juin 2009 », « juin 2009 », « sept. 2009 »; three letters or more of a month.
_SHAPE_IN_WORDS = re.compile(
    r"(?:le\s+)?(?:(?:(0?1\s?er)|(\d{1,2}))[\s.-]+)?([a-z]{3,9})\.?[\s-]+(\d{4})", re.ASCII
)
_NUMBERS = re.compile(r"\d{4}(?:-\d{2}){0,2}", re.ASCII)
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip


def time_of_day(here: datetime) -> str:
    """A time as people write it in France, where it is that time: `9 h 05`."""
    return f"{here.hour}\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}{here:%M}"


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date known to the year, the month or the day.

    The written form is `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, as in JSON Resume and Europass.
    """

    year: int
    month: int | None = None
    day: int | None = None

    @classmethod
    def parse(cls, written: str) -> "PartialDate | None":
        """Parse a written date; None when its form is another or the day does not exist."""
        match = _SHAPE.fullmatch(written)
        if match is None:
            return None
        digits = match.groups()
        year = int(digits[0])
        month = int(digits[1]) if digits[1] else None
        day = int(digits[2]) if digits[2] else None
        if year == 0:
            return None
        if month and day and day > 28 and day > calendar.monthrange(year, month)[1]:
            return None
        return cls(year, month, day)

    @classmethod
    def from_date(cls, day: date) -> "PartialDate":
        """A date that is known to the day."""
        return cls(day.year, day.month, day.day)

    @property
    def earliest(self) -> date:
        """The first day that the date can mean."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> date:
        """The last day that the date can mean."""
        month = self.month or 12
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    @property
    def is_full(self) -> bool:
        """Whether the day is known."""
        return self.day is not None

    def in_french(self) -> str:
        """As people write it: `2019`, `mars 2019`, `12/03/2019`."""
        if self.month is None:
            return f"{self.year}"
        if self.day is None:
            return f"{MONTHS[self.month - 1]} {self.year}"
        return f"{self.day:02d}/{self.month:02d}/{self.year}"

    def plus_months(self, months: int) -> "PartialDate":
        """The date that many months later, to the same precision."""
        if self.month is None:
            return PartialDate(self.year + (months + 11) // 12)
        total = self.year * 12 + self.month - 1 + months
        year, month = divmod(total, 12)
        if self.day is None:
            return PartialDate(year, month + 1)
        return PartialDate(year, month + 1, min(self.day, calendar.monthrange(year, month + 1)[1]))


def iso_form(text: str) -> str:
    """The date as `PartialDate.parse` reads it, of what people type: `12/03/2019`, `mars 2019`.

    Months are read in words with or without accents, capitals or their last letters (`sept. 2019`).
    A text of another form stays as it is; `31/02/2019` becomes a day that does not exist.
    """
    match = _FRENCH_SHAPE.fullmatch(text)
    if match is not None:
        day, month, year = match.groups()
        return _written(year, int(month), day)
    match = _SHAPE_IN_WORDS.fullmatch(_plain(text))
    if match is not None:
        first, day, word, year = match.groups()
        found = [at for at, name in enumerate(_PLAIN_MONTHS, start=1) if name.startswith(word)]
        if len(found) == 1:
            return _written(year, found[0], "1" if first else day)
    return text


def date_fault(written: str, *, to_the_day: bool) -> str | None:
    """What is wrong with a date in the form of `iso_form`, for a sentence; None when it is one."""
    expected = "JJ/MM/AAAA" if to_the_day else "AAAA, MM/AAAA ou JJ/MM/AAAA"
    parsed = PartialDate.parse(written)
    if parsed is None:
        exists_not = _NUMBERS.fullmatch(written) is not None
        said = "cette date n’existe pas" if exists_not else "cette date n’a pas été comprise"
    elif to_the_day and not parsed.is_full:
        said = "il manque le jour" if parsed.month else "il manque le jour et le mois"
    else:
        return None
    return f"{said} (attendu : {expected})"


def _written(year: str, month: int, day: str | None) -> str:
    return f"{year}-{month:02d}" + (f"-{int(day):02d}" if day else "")


def _plain(text: str) -> str:
    """The text in lower case, without accents, superscripts as ordinary letters."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).casefold()


_PLAIN_MONTHS = tuple(_plain(name) for name in MONTHS)


def latest_today(today: date) -> date:
    """The latest date that is today somewhere: New Caledonia and Wallis are a day ahead of Paris at night."""
    return today + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """A span between two partial dates; ongoing when it has not ended.

    A period with neither is undated. A single date is a period whose two ends are that date.
    """

    start: PartialDate | None = None
    end: PartialDate | None = None
    ongoing: bool = False

    @property
    def is_dated(self) -> bool:
        """Whether its start or end is known, or it is ongoing."""
        return self.start is not None or self.end is not None or self.ongoing

    @property
    def ends_before_it_starts(self) -> bool:
        """Whether the end is before the start however both dates are read (not for 2019 to 2019-03)."""
        return (
            self.start is not None
            and self.end is not None
            and self.end.latest < self.start.earliest
        )

    def earliest(self) -> date | None:
        """The first day that it can cover, or None when unknown."""
        known = self.start or self.end
        return known.earliest if known else None

    def latest(self, today: date) -> date | None:
        """The last day that it can cover, `today` when ongoing, or None when unknown."""
        if self.ongoing:
            first = self.earliest()
            return max(today, first) if first else today
        known = self.end or self.start
        return known.latest if known else None

    def in_french(self) -> str:
        """`depuis mars 2019`, `2001 – 2004`, `mars 2019`; empty when undated."""
        if self.ongoing:
            return f"depuis {_since(self.start)}" if self.start else "en cours"
        if self.start and self.end and self.start != self.end:
            return f"{self.start.in_french()} – {self.end.in_french()}"
        known = self.start or self.end
        return known.in_french() if known else ""


def _since(start: PartialDate) -> str:
    return f"le {start.in_french()}" if start.is_full else start.in_french()


def newest_first(period: Period) -> tuple[int, int, int]:
    """A sort key: ongoing first, then the latest end, then the latest start, undated last."""
    if not period.is_dated:
        return (2, 0, 0)
    start = period.start.latest.toordinal() if period.start else 0
    if period.ongoing:
        return (0, -start, 0)
    end = period.end or period.start
    return (1, -(end.latest.toordinal() if end else 0), -start)
