"""Many booklets, each the copy of one, through the product's own writer: the one place that knows how.

The first is entered through the API, as by any front end. A copy has a person, a key, a row and a
consent of its own; its content goes through `booklet_writer.save`, which seals and stores it.
"""

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from rich.progress import track

from graphql_api.backup.store_dump import lift_time_limit
from graphql_api.configuration.settings import OWN_ISSUER
from graphql_api.demo.loading import load_booklet
from graphql_api.operations.service import Service
from graphql_api.storage.actors import Agent, Anonymous
from graphql_api.storage.content.booklet_repository import load
from graphql_api.storage.content.booklet_rows import BookletRow, row_of_caller
from graphql_api.storage.content.booklet_writer import save
from graphql_api.storage.content.head import Head
from graphql_api.storage.content.loaded_booklet import LoadedBooklet
from graphql_api.storage.content.sections import Section
from graphql_api.storage.keys.authenticated_rows import BOOKLETS, CONSENTS, LOGIN_IDENTITIES
from graphql_api.storage.keys.encryption import Sealer, new_key
from graphql_api.storage.operation import Operation
from graphql_api.storage.store import Store
from graphql_api.storage.tables import (
    BookletKeyTable,
    BookletTable,
    CharterAcceptanceTable,
    ConsentTable,
    LoginIdentityTable,
    PersonTable,
)
from schema.description.refusals import BookletState
from schema.sharing.consent import SummarySection
from schema.texts import CHARTER

ENTRIES, LINKS, EVIDENCE = 55, 26, 12
SITE = "75"
DELTA_SITE, DELTAS = "INSET_NANCY", 100  # so many consents of each load are for it too
FIRST_AGENT = "agent-first"
_AT_ONCE = 200
_YEAR = 365 * 86_400_000_000


@dataclass(frozen=True)
class Content:
    """What each copy holds: the parts of a loaded booklet, by name."""

    parts: dict[str, Any]

    def for_copy(self) -> dict[str, Any]:
        """The parts, with dossiers that have ids of their own."""
        dossiers = tuple(replace(one, id=str(uuid.uuid4())) for one in self.parts["dossiers"])
        return self.parts | {"dossiers": dossiers}

    def of_size(self, many: int) -> "Content":
        """So many entries: the first ones, then the same again under other ids; with their ties."""
        own = self.parts["entries"]
        ranks: Counter[str] = Counter(one.rubric.value for one in own)
        added = []
        for number in range(len(own), many):
            one = own[number % len(own)]
            added.append(replace(one, id=str(uuid.uuid4()), rank=ranks[one.rubric.value]))
            ranks[one.rubric.value] += 1
        return self._with((*own, *added)[:many])

    def _with(self, entries: Sequence[Any], links: int = -1, evidence: int = -1) -> "Content":
        """Those entries with so many of their ties."""
        ids = {one.id for one in entries}
        links_kept = [one for one in self.parts["links"] if {one.competence, one.target} <= ids]
        proofs = [one for one in self.parts["evidence"] if {one.attachment, one.entry} <= ids]
        kept = {
            "entries": tuple(entries),
            "links": tuple(links_kept if links < 0 else links_kept[:links]),
            "evidence": tuple(proofs if evidence < 0 else proofs[:evidence]),
        }
        return Content(self.parts | kept)


def enter_template(service: Service, token: str) -> None:
    """Enter the demo's booklet by the API, for the first agent, whose token that is."""
    load_booklet(service, token, "julliard")


def template(service: Service) -> Content:
    """What is copied of the booklet that the first agent entered."""
    op = service.operation(Agent(OWN_ISSUER, FIRST_AGENT, frozenset({"livret:read"})))
    with service.store.reading():
        row = row_of_caller(op)
        loaded = load(op, row) if row else None
    assert loaded is not None
    names = ("identity", "situation", "entries", "links", "evidence", "dossiers", "charters")
    whole = Content({name: getattr(loaded, name) for name in names})
    ties = Counter(end for one in loaded.links for end in (one.competence, one.target))
    ties.update(end for one in loaded.evidence for end in (one.attachment, one.entry))
    tied_first = sorted(loaded.entries, key=lambda one: (-ties[one.id], one.rubric.value, one.rank))
    picked = whole._with(tied_first[:ENTRIES], LINKS, EVIDENCE)
    counts = [len(picked.parts[name]) for name in ("entries", "links", "evidence")]
    assert counts == [ENTRIES, LINKS, EVIDENCE], counts
    return picked


def load_copies(service: Service, content: Content, many: int, what: str) -> list[str]:
    """Write so many copies, each with a consent for the site; the subjects of their owners.

    The first ones have a consent for the site of deltas besides.
    """
    subjects = [f"agent-{uuid.uuid4()}" for _ in range(many)]
    for start in track(range(0, many, _AT_ONCE), f"{many:,} booklets, {what}"):
        deltas = max(0, DELTAS - start)
        _write(service, content, subjects[start : start + _AT_ONCE], deltas)
    for store in (service.store, service.key_store):
        store.connect()
        store.database.execute_sql("ANALYZE")
    return subjects


def _write(service: Service, content: Content, subjects: Sequence[str], deltas: int) -> None:
    op = service.operation(Anonymous())
    made = [(subject, str(uuid.uuid4()), str(uuid.uuid4()), new_key()) for subject in subjects]
    with service.key_store.writing():
        lift_time_limit(service.key_store)  # however slow the machine is
        _insert(service.key_store, BookletKeyTable, [
            {"booklet": booklet, "wrapped": service.master_key.wrap(booklet, key)}
            for _, _, booklet, key in made
        ])  # fmt: skip
    with service.store.writing():
        lift_time_limit(service.store)
        _insert_people(op, made)
        for _, _, booklet, key in made:
            _save(op, content, booklet, key)
        consents = [_consent(op, booklet, SITE) for _, _, booklet, _ in made]
        consents += [_consent(op, booklet, DELTA_SITE) for _, _, booklet, _ in made[:deltas]]
        _insert(op.store, ConsentTable, consents)


def _insert_people(op: Operation, made: Sequence[tuple[str, str, str, bytes]]) -> None:
    store = op.store
    _insert(store, PersonTable, [{"id": one[1], "created_at": op.now_us} for one in made])
    _insert(store, LoginIdentityTable, [
        LOGIN_IDENTITIES.signed(store, {"issuer": OWN_ISSUER, "subject": subject, "person": person})
        for subject, person, _, _ in made
    ])  # fmt: skip
    times = {"created_at": op.now_us, "updated_at": op.now_us, "charter_accepted_at": op.now_us}
    empty = {"state": BookletState.OPEN.value, "version": 1, "code_hash": ""}
    about = empty | times | {"charter_version": CHARTER.version}
    _insert(store, BookletTable, [
        BOOKLETS.signed(store, {"id": booklet, "person": person} | about)
        for _, person, booklet, _ in made
    ])  # fmt: skip
    _insert(store, CharterAcceptanceTable, [
        {"booklet": booklet, "version": CHARTER.version, "accepted_at": op.now_us}
        for _, _, booklet, _ in made
    ])  # fmt: skip


def _save(op: Operation, content: Content, booklet: str, key: bytes) -> None:
    row = BookletRow(
        id=booklet,
        state=BookletState.OPEN,
        version=1,
        code_hash="",
        charter_version=CHARTER.version,
        charter_accepted_at=op.now_us,
        created_at=op.now_us,
        updated_at=op.now_us,
        is_consented=False,
    )
    nothing = dict.fromkeys(("entries", "links", "evidence", "dossiers", "charters"), ())
    empty = LoadedBooklet(op, row, Sealer(booklet, key))
    empty.stored.keep(Section, ())
    empty.stored.written(Head(), {}, {})
    empty = empty.changed(identity=None, situation=None, **nothing)
    save(op, empty, empty.changed(**content.for_copy()))


def _consent(op: Operation, booklet: str, site: str) -> dict[str, Any]:
    """A consent to all sections, as its MAC covers it; its text and history are nobody's here."""
    values = {
        "booklet": booklet,
        "id": str(uuid.uuid4()),
        "version": 1,
        "site": site,
        "sections": " ".join(section.value for section in SummarySection),
        "notice_version": "1",
        "notice_hash": "",
        "given_at": op.now_us,
        "expires_at": op.now_us + _YEAR,
        "changed_at": op.now_us,
        "digest": "",
        "event": 0,
        "sealed": b"",
    }
    return CONSENTS.signed(op.store, values)


def _insert(store: Store, table: Any, rows: list[dict[str, Any]]) -> None:
    store.run(table.insert_many(rows))
