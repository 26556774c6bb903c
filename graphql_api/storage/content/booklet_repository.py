"""Loading booklets: sealed sections on one side, `Booklet` on the other.

A booklet is read in few statements, whatever it holds, and only what is asked for: its row, its
key, its sections, the charters that its owner accepted.
"""

from collections.abc import Callable, Mapping
from functools import partial

from strawberry import ID

from graphql_api.storage.actors import Agent
from graphql_api.storage.communicated import (
    access_record_repository,
    consent_repository,
    reminder_repository,
    share_link_repository,
)
from graphql_api.storage.content import draft_repository
from graphql_api.storage.content.booklet_rows import BookletRow, sealer_of
from graphql_api.storage.content.damage import parts_of
from graphql_api.storage.content.loaded_booklet import LoadedBooklet
from graphql_api.storage.content.sections import ENTRY_SECTIONS, SECTION_OF, Section
from graphql_api.storage.once import Once
from graphql_api.storage.operation import Operation, from_microseconds
from schema.booklet import Booklet
from schema.booklet_content import CharterAcceptance
from schema.damage import DamagedPart
from schema.description.rubric import Part, RubricName
from schema.dossiers.dossier import Dossier, sort_dossiers, with_booklet
from schema.entries.entries import Entry
from schema.entries.identity import Identity
from schema.entries.links import attach_links, number_attachments
from schema.entries.situation import Situation
from schema.entries.sorting import sort_entries
from schema.kept_property import kept_property
from schema.sharing.share_link import ShareLink


def find(op: Operation, row: BookletRow) -> LoadedBooklet | None:
    """The booklet of a row, of which no more is read yet; None when its key was destroyed.

    Raises `DamagedKeyError`.
    """
    sealer = sealer_of(op, row.id)
    if sealer is None:
        return None
    loaded, ahead = LoadedBooklet(op, row, sealer), op.read_ahead
    if ahead is not None and (ahead.booklet, ahead.version) == (row.id, row.version):
        loaded.stored.keep(map(Section, ahead.sections), ahead.rows)
        op.read_ahead = None
    return loaded


def load(op: Operation, row: BookletRow) -> LoadedBooklet | None:
    """The whole booklet of a row, so that all that is damaged is known; None when its key was destroyed.

    Raises `DamagedKeyError`.
    """
    found = find(op, row)
    return None if found is None else found.read_all()


def booklet_of(op: Operation, loaded: LoadedBooklet) -> Booklet:
    """The booklet as its owner sees it."""
    row = loaded.row
    accepted = row.charter_accepted_at
    content = _OwnerContent(op, loaded)
    return Booklet(
        id=ID(row.id),
        state=row.state,
        version=row.version,
        created_at=from_microseconds(row.created_at),
        updated_at=from_microseconds(row.updated_at),
        charter_version=row.charter_version,
        charter_accepted_at=None if accepted is None else from_microseconds(accepted),
        content=content,
        today=op.today,
        access_page=partial(access_record_repository.page, op, row.id, loaded.sealer),
        reminder_setting=Once(partial(reminder_repository.setting_of, op, loaded.sealer, row.id)),
        draft_list=Once(partial(draft_repository.list_live, op, loaded.sealer, row.id)),
        consent_list=Once(partial(consent_repository.list_for_owner, op, loaded.sealer, row.id)),
        link_lists=content.share_links,
        has_recent_sign_in=partial(_has_recent_sign_in, op),
        damaged_list=partial(damaged_parts, op, loaded),
    )


def dossier_with_booklet(
    op: Operation,
    loaded: LoadedBooklet,
    dossier: Dossier,
    entries: Callable[[], list[Entry]],
    links: Callable[[], dict[str, list[ShareLink]]],
) -> Dossier:
    """A dossier with what its owner reads beside its choice; `entries` have their links."""
    return with_booklet(
        dossier,
        entries,
        op.today,
        links,
        holder=loaded.identity,
        situation=loaded.situation,
        printable=op.printable,
    )


class _OwnerContent:
    """The content of a booklet to its owner: sorted, linked, each part read when it is asked for."""

    def __init__(self, op: Operation, loaded: LoadedBooklet) -> None:
        self._op = op
        self._loaded = loaded
        self._sections: dict[Section, list[Entry]] = {}
        self.share_links = share_links_of(op, loaded)
        op.content.append(self)

    @property
    def identity(self) -> Identity | None:
        return self._loaded.identity

    @property
    def situation(self) -> Situation | None:
        return self._loaded.situation

    @property
    def charters(self) -> list[CharterAcceptance]:
        return list(self._loaded.charters)

    @kept_property
    def entries(self) -> list[Entry]:
        loaded = self._loaded
        are_sorted = all(loaded.is_sorted(section) for section in ENTRY_SECTIONS)
        return attach_links(loaded.entries, loaded.links, loaded.evidence, are_sorted=are_sorted)

    @property
    def counts(self) -> Mapping[RubricName, int]:
        return self._loaded.counts

    def of_rubric(self, rubric: RubricName) -> list[Entry]:
        return [one for one in self._in_section(SECTION_OF[rubric]) if one.rubric is rubric]

    def of_part(self, part: Part) -> list[Entry]:
        return self._in_section(Section[part.name])

    def entry(self, id: str) -> Entry | None:
        found = self._loaded.entry(id)
        if found is None:
            return None
        entries = self._in_section(SECTION_OF[found.rubric])
        return next(one for one in entries if one.id == id)

    def _in_section(self, section: Section) -> list[Entry]:
        """The entries of a section, sorted; their links are attached when they are asked for."""
        if "entries" in vars(self):
            return [one for one in self.entries if SECTION_OF[one.rubric] is section]
        found = self._sections.get(section)
        if found is None:
            held = self._loaded.entries_in(section)
            found = list(held) if self._loaded.is_sorted(section) else sort_entries(held)
            number_attachments(found)
            for entry in found:
                entry.attach = self._attach
            self._sections[section] = found
        return found

    def _attach(self) -> None:
        """Attach the links of all entries, of which any was asked for."""
        _ = self.entries

    @kept_property
    def dossiers(self) -> list[Dossier]:
        return [
            dossier_with_booklet(
                self._op, self._loaded, one, lambda: self.entries, self.share_links
            )
            for one in sort_dossiers(self._loaded.dossiers)
        ]


def damaged_parts(op: Operation, loaded: LoadedBooklet, booklet: Booklet) -> list[DamagedPart]:
    """What of a booklet does not open, its drafts, consents, links and reminders included."""
    loaded.read_all()
    booklet.draft_list()
    booklet.consent_list()
    booklet.link_lists()
    booklet.reminder_setting()
    return parts_of(op, booklet.id)


def _has_recent_sign_in(op: Operation) -> bool:
    return isinstance(op.actor, Agent) and op.actor.signed_in_recently(op.now)


def share_links_of(
    op: Operation, loaded: LoadedBooklet
) -> Callable[[], dict[str, list[ShareLink]]]:
    """A function that reads the share links of a booklet, by dossier, at most once."""
    return Once(partial(share_link_repository.list_by_dossier, op, loaded.sealer, loaded.id))
