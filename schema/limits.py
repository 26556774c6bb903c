"""The limits that clients and owners meet, for `docs/limits.md`, which `make docs` writes.

Other documents send there, so that a bound is changed in one line of code.
"""

from collections.abc import Iterator

from schema.description.bounds import (
    ANSWER_DAYS,
    BEGUN_BOOKLET_DAYS,
    MAX_ADDED,
    MAX_ENTRIES,
    MAX_PAGE,
    MAX_PROBLEMS,
    MAX_SECTION_BYTES,
)
from schema.description.fields import LIST_LENGTH, LONG_TEXT_LENGTH, TITLE_LENGTH
from schema.dossiers.dossier import MAX_DOSSIERS
from schema.entries.draft import DRAFT_DAYS, MAX_DRAFT_CHARACTERS, MAX_DRAFTS
from schema.entries.entries import COMMENT_LENGTH, NOTE_LENGTH
from schema.record.text import MAX_RECORD_PROBLEMS
from schema.sharing.access_record import (
    ACCESS_RECORD_MONTHS,
    MAX_REFUSAL_RECORDS,
    REFUSALS_OF_AN_HOUR,
)
from schema.sharing.consent import ENDED_CONSENT_MONTHS, MAX_CONSENT_MONTHS, MAX_CONSENTS
from schema.sharing.share_link import (
    ENDED_LINK_MONTHS,
    MAX_LINK_DAYS,
    MAX_LISTED_LINKS,
    MAX_LIVE_LINKS,
    MAX_VIEWS,
    MAX_WRONG_PINS,
)

LIMITS: tuple[tuple[str, int], ...] = (
    ("entries of a booklet", MAX_ENTRIES),
    ("bytes of what a part of a booklet says, as JSON", MAX_SECTION_BYTES),
    ("entries added at once", MAX_ADDED),
    ("drafts of a booklet", MAX_DRAFTS),
    ("days for which a draft is kept after it was last saved", DRAFT_DAYS),
    ("characters of a draft, all its texts together", MAX_DRAFT_CHARACTERS),
    ("dossiers of a booklet, beside the built-in one", MAX_DOSSIERS),
    ("consents of a booklet, ended ones included", MAX_CONSENTS),
    ("months for which a consent is given", MAX_CONSENT_MONTHS),
    ("months for which an ended consent is listed", ENDED_CONSENT_MONTHS),
    ("live share links of a dossier", MAX_LIVE_LINKS),
    ("share links of a dossier that are listed, ended ones included", MAX_LISTED_LINKS),
    ("months for which an ended share link is listed", ENDED_LINK_MONTHS),
    ("days for which a share link is issued", MAX_LINK_DAYS),
    ("openings of a share link, where they are counted", MAX_VIEWS),
    ("wrong PINs that lock a share link", MAX_WRONG_PINS),
    ("refused accesses of a booklet that have a record each, in an hour", REFUSALS_OF_AN_HOUR),
    ("records of refused accesses of a booklet", MAX_REFUSAL_RECORDS),
    ("months for which an access record is kept", ACCESS_RECORD_MONTHS),
    ("days for which a booklet is kept whose charter nobody accepted", BEGUN_BOOKLET_DAYS),
    ("days for which an answer is kept for its idempotency key, at least", ANSWER_DAYS),
    ("items of a page of a connection", MAX_PAGE),
    ("problems that a refusal names", MAX_PROBLEMS),
    ("problems that the refusal of a record names", MAX_RECORD_PROBLEMS),
    ("characters of a one-line text, unless its field says otherwise", TITLE_LENGTH),
    ("characters of a long text, unless its field says otherwise", LONG_TEXT_LENGTH),
    ("characters of a comment", COMMENT_LENGTH),
    ("characters of the note of a link", NOTE_LENGTH),
    ("items of a list of texts or codes, unless its field says otherwise", LIST_LENGTH),
)


def limits_page() -> str:
    """The page `docs/limits.md`."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# Limits"
    yield ""
    yield (
        "Written by `make docs` from the constants of the code; do not edit. Descriptions in the"
        " schema state the same bounds, and the rubrics' guide those of each field."
    )
    yield ""
    yield "| What | At most |"
    yield "| --- | --- |"
    for what, bound in LIMITS:
        yield f"| {what} | {bound:,} |"


if __name__ == "__main__":
    print(limits_page(), end="")  # noqa: T201 - this is what `make docs` runs
