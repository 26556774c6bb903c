"""Which entries may be in summaries and statistics: shareable ones that are not about a union."""

import re

from schema.description.rubric import text_or_empty
from schema.entries.entries import Entry, ExtraProfessionalExperience

UNION_ACTIVITY = "ACTION_SYNDICALE"
# « Syndicat » alone may be an employer, the syndicat intercommunal: it tells of an activity only.
# Where its first letter is written out, with all that `re` takes for a small « s », a word is found four
# times faster.
_UNION_ADJECTIVE = re.compile(r"[sSſ](?i:yndica(?:l|ux))")
_UNION_WORD = re.compile(r"[sSſ](?i:yndica(?:l|ux|t))")


def is_disclosable(entry: Entry) -> bool:
    """Whether an entry may be in a summary at all: shareable, and not about a union.

    Belonging to a union is among the data that the law protects most (GDPR, article 9). Words are
    free, so that an entry that is about a union by its words is left out as well.
    """
    if not entry.shareable:
        return False
    if isinstance(entry, ExtraProfessionalExperience):
        words = " ".join(map(text_or_empty, (entry.title, entry.organisation_name, entry.role)))
        return entry.kind != UNION_ACTIVITY and not _UNION_WORD.search(words)
    return not mentions_union(entry.described_by.headline(entry))


def mentions_union(words: str) -> bool:
    """Whether words are about a union; « syndicat » alone may be an employer."""
    return _UNION_ADJECTIVE.search(words) is not None
