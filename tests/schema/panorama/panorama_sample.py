"""Entries of any rubric, and the panorama of a few of them, on a day in June."""

from datetime import UTC, date, datetime
from itertools import count

from schema.description.rubric import ValidationContext
from schema.entries.entries import ProfessionalExperience
from schema.entries.links import attach_links
from schema.panorama.panorama import panorama_of
from schema.panorama.panorama_entry import itself
from schema.rubrics import RUBRICS

TODAY = date(2024, 6, 15)
NOW = datetime(2024, 6, 1, 8, 30, tzinfo=UTC)
NUMBERS = count(1)


def entry(entry_type, id=None, /, **content):
    number = next(NUMBERS)
    return entry_type(
        id=id or f"e{number}",
        rubric=next(r.name for r in RUBRICS if issubclass(entry_type, r.content)),
        version=1,
        shareable=True,
        created_at=NOW,
        updated_at=NOW,
        rank=number,
        context=ValidationContext(today=TODAY),
        **content,
    )


def post(id=None, **content):
    return entry(ProfessionalExperience, id, **content)


def panorama(entries, links=(), evidence=()):
    return panorama_of(attach_links(entries, links, evidence), TODAY, NOW, itself)
