"""For how long a summary stays what it is, should nobody change the booklet.

Posts begin and end, and validities run out, from one day to the next; nothing else of a summary
depends on the day.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from schema.description.dates import Period
from schema.description.rubric import parse_date
from schema.description.validity import EXPIRING_MONTHS
from schema.entries.entries import Accreditation, DrivingLicence, Entry, ProfessionalExperience

_DAY = timedelta(days=1)
# The months before an end take between 181 and 184 days.
_SURELY_SOON = EXPIRING_MONTHS * timedelta(days=30)
_SURELY_NOT_SOON = EXPIRING_MONTHS * timedelta(days=31)


def last_day_of_summary(entries: Iterable[Entry], today: date) -> date:
    """The last day, from `today` on, on which a summary of these entries is surely what it is today.

    `date.max` when it does not depend on the day.
    """
    return min((_last_day(entry, today) for entry in entries), default=date.max)


def _last_day(entry: Entry, today: date) -> date:
    if isinstance(entry, ProfessionalExperience):
        return _last_day_of_post(entry.described_by.period(entry), today)
    if isinstance(entry, Accreditation | DrivingLicence):
        until = parse_date(entry.valid_until)
        return date.max if until is None else _last_day_of_validity(until.latest, today)
    return date.max


def _last_day_of_post(period: Period, today: date) -> date:
    """The day before it begins, or the last on which it has certainly not ended."""
    if period.start is not None and period.start.earliest > today:
        return period.start.earliest - _DAY
    if period.end is not None and period.end.earliest >= today:
        return period.end.earliest
    return date.max


def _last_day_of_validity(until: date, today: date) -> date:
    """The last day before its end is near, or before it has ended.

    On which day an end becomes near depends on the months between: around it, only today is sure.
    """
    if today > until:
        return date.max
    left = until - today
    if left > _SURELY_NOT_SOON:
        return until - _SURELY_NOT_SOON - _DAY
    return today if left > _SURELY_SOON else until
