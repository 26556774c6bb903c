"""Loading whole booklets: rows and sealed values on one side, `Booklet` on the other.

A booklet is read by a statement a part, whatever it holds, and only the parts that are asked for:
its row, its key; its entries, its two kinds of links, its dossiers, the charters that its owner
accepted.
"""

from collections.abc import Callable
from datetime import date
from functools import cache, cached_property, partial
from typing import Any

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
from graphql_api.storage.content.booklet_statements import (
    CHARTERS,
    EVIDENCE,
)
from graphql_api.storage.content.damage import (
    parts_of,
)
from graphql_api.storage.content.sealed_content import (
    birth_date_of,
    charter_of,
    open_dossiers,
    open_entries,
    open_identity,
    open_links,
    open_situation,
    set_siblings,
)
from graphql_api.storage.keys.encryption import Sealer
from graphql_api.storage.operation import Operation, from_microseconds
from schema.booklet import Booklet
from schema.booklet_content import CharterAcceptance
from schema.damage import DamagedPart
from schema.description.rubric import ValidationContext
from schema.dossiers.dossier import Dossier, sort_dossiers, with_booklet
from schema.entries.entries import Entry
from schema.entries.identity import Identity
from schema.entries.links import EvidenceRecord, LinkRecord, attach_links
from schema.entries.situation import Situation
from schema.sharing.share_link import ShareLink


class LoadedBooklet:
    """A booklet as it is stored, whose parts are read and opened when they are first asked for.

    What does not open is left out: `parts_of` tells it, once the part was read.
    """

    def __init__(self, op: Operation, row: BookletRow, sealer: Sealer) -> None:
        self._op = op
        self.row = row
        self.sealer = sealer

    @property
    def id(self) -> str:
        """The booklet's id."""
        return self.row.id

    @cached_property
    def identity(self) -> Identity | None:
        """The identity; None until there is one."""
        return open_identity(self._op, self.sealer, self.row)

    @cached_property
    def situation(self) -> Situation | None:
        """The current situation; None until there is one."""
        return open_situation(self._op, self.sealer, self.row)

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """The entries, in no order."""
        context = ValidationContext(self._op.today, self.birth_date())
        entries = open_entries(self._op, self.sealer, self.id, context)
        set_siblings(entries)
        return tuple(entries)

    @cached_property
    def links(self) -> tuple[LinkRecord, ...]:
        """The links of competences."""
        return tuple(open_links(self._op, self.sealer, self.id))

    @cached_property
    def evidence(self) -> tuple[EvidenceRecord, ...]:
        """The links of attachments."""
        rows = self._op.store.rows_of("evidence", EVIDENCE, self.id)
        return tuple(EvidenceRecord(*row) for row in rows)

    @cached_property
    def dossiers(self) -> tuple[Dossier, ...]:
        """The dossiers, in no order."""
        return tuple(open_dossiers(self._op, self.sealer, self.id))

    @cached_property
    def charters(self) -> tuple[CharterAcceptance, ...]:
        """The accepted versions of the charter, the oldest first."""
        rows = self._op.store.rows_of("charters", CHARTERS, self.id)
        return tuple(charter_of(*row) for row in rows)

    def read_all(self) -> "LoadedBooklet":
        """The same, all that is sealed of it read, so that all that is damaged is known."""
        for part in SEALED_PARTS:
            getattr(self, part)
        return self

    def changed(self, row: BookletRow | None = None, /, **parts: Any) -> "LoadedBooklet":
        """A booklet with these parts in place of its own; nothing is written."""
        changed = LoadedBooklet(self._op, row or self.row, self.sealer)
        vars(changed).update({name: vars(self)[name] for name in PARTS if name in vars(self)})
        vars(changed).update(parts)
        if "entries" in parts or "identity" in parts:
            context = ValidationContext(self._op.today, changed.birth_date())
            for entry in changed.entries:
                entry.context = context
            set_siblings(changed.entries)
        return changed

    def entry(self, id: str) -> Entry | None:
        """The entry of that id, or None."""
        return next((entry for entry in self.entries if entry.id == id), None)

    def birth_date(self) -> date | None:
        """The holder's birth date, when given."""
        return birth_date_of(self.identity)


SEALED_PARTS = ("identity", "situation", "entries", "links", "evidence", "dossiers")
PARTS = (*SEALED_PARTS, "charters")


def find(op: Operation, row: BookletRow) -> LoadedBooklet | None:
    """The booklet of a row, of which nothing is read yet; None when its key was destroyed.

    Raises `DamagedKeyError`.
    """
    sealer = sealer_of(op, row.id)
    return None if sealer is None else LoadedBooklet(op, row, sealer)


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
        reminder_setting=cache(partial(reminder_repository.setting_of, op, loaded.sealer, row.id)),
        draft_list=cache(partial(draft_repository.list_live, op, loaded.sealer, row.id)),
        consent_list=cache(partial(consent_repository.list_for_owner, op, loaded.sealer, row.id)),
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
        self.share_links = share_links_of(op, loaded)

    @property
    def identity(self) -> Identity | None:
        return self._loaded.identity

    @property
    def situation(self) -> Situation | None:
        return self._loaded.situation

    @property
    def charters(self) -> list[CharterAcceptance]:
        return list(self._loaded.charters)

    @cached_property
    def entries(self) -> list[Entry]:
        loaded = self._loaded
        return attach_links(loaded.entries, loaded.links, loaded.evidence)

    @cached_property
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
    return cache(partial(share_link_repository.list_by_dossier, op, loaded.sealer, loaded.id))
