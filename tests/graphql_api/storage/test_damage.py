"""What does not open is set aside: the rest reads, nothing overwrites it, its owner removes it."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import peewee
import pytest

from graphql_api.callers.permissions import CallerRole
from graphql_api.dossiers.printing import PrintFailedError
from graphql_api.share_links.pages import error_page
from graphql_api.storage.actors import Anonymous
from graphql_api.storage.communicated import access_record_repository, reminder_repository
from graphql_api.storage.content import booklet_writer, documents
from graphql_api.storage.content.booklet_rows import sealer_of
from graphql_api.storage.content.sections import Section
from graphql_api.storage.content.stored_sections import StoredSections
from schema.sharing.access_record import Accessed, Accessor, AccessOutcome
from tests.conftest import Caller, with_booklet
from tests.graphql_api.canaries import canaries_in
from tests.graphql_api.consents.consents import given
from tests.graphql_api.documents import ADD, REVISE, added, entry, whole
from tests.graphql_api.dossiers.dossiers import SAVE, saved
from tests.graphql_api.records.records import IMPORT
from tests.graphql_api.roles import Scene, document, samples
from tests.graphql_api.roles import scene as scene
from tests.graphql_api.share_links.share_links import issued, reader
from tests.graphql_api.whole_booklet import WHOLE_BOOKLET

DAMAGED = (
    "{ booklet { state damaged { kind id rubric label } entries { id } identity { version } } }"
)
RECORD = "{ bookletRecord }"
REMOVE_DAMAGED = """mutation($kind: StoredKind!, $id: ID!) { damagedPartRemove(kind: $kind, id: $id) {
  __typename ... on Refusal { code }
  ... on DamagedPartRemoved { booklet { state damaged { kind id } dossiers { builtIn } } } } }"""
SHARED = "query($id: ID!) { sharedDossier(id: $id) { title holder { lastName } } }"
SITUATION = """mutation { situationRevise(situation: {employerName: "Ville"}, version: 0) {
  __typename } }"""


@dataclass(frozen=True)
class Sealed:
    """A kind of sealed value: its table, its column, the key of its rows, and of which section."""

    kind: str
    table: str
    key: tuple[str, ...]
    column: str = "sealed"

    @property
    def is_section(self) -> bool:
        return self.table == "booklet_section"

    def name(self, key: tuple[str, ...]) -> str:
        """How the part with that key is named."""
        return key[0] if self.is_section else ":".join(key[1:]) or key[0]


SECTIONS = (
    "HEAD",
    "IDENTITY",
    "SITUATION",
    "FORMATIONS",
    "EXPERIENCES",
    "COMPETENCES",
    "ATTACHMENTS",
    "DOSSIERS",
)
PARTS = (
    *(Sealed(name, "booklet_section", ("booklet", "section")) for name in SECTIONS),
    Sealed("DRAFT", "draft", ("booklet", "id")),
    Sealed("CONSENT", "consent", ("booklet", "id")),
    Sealed("SHARE_LINK", "share_link", ("booklet", "id")),
    Sealed("REMINDER", "reminder", ("booklet",)),
    Sealed("ACCESS_RECORD", "access_record", ("booklet", "id")),
)
RUBRICS_IN = {
    "FORMATIONS": ("DIPLOMA", "COMPETITIVE_EXAM", "TRAINING", "ACCREDITATION", "DRIVING_LICENCE"),
    "EXPERIENCES": (
        "PROFESSIONAL_EXPERIENCE",
        "EXTRA_PROFESSIONAL_EXPERIENCE",
        "TUTORING_EXPERIENCE",
    ),
    "COMPETENCES": ("COMPETENCE", "PRIOR_LEARNING_RECOGNITION"),
    "ATTACHMENTS": ("ATTACHMENT", "RECOMMENDATION"),
}
NOT_LISTED = ("ACCESS_RECORD",)


class Damaging:
    """The two booklets of the scene, of which the owner's is damaged by SQL."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.owner = scene.callers[CallerRole.OWNER]
        self.other = scene.callers[CallerRole.OTHER_AGENT]
        self.booklets = (scene.owners["booklet"], scene.others["booklet"])
        service = scene.here.deployment.service
        for caller in (self.owner, self.other):
            assert caller.do(SITUATION)["__typename"] == "SituationRevised"
        with service.store.writing():
            op = service.operation(Anonymous())
            for booklet in self.booklets:
                sealer = sealer_of(op, booklet)
                assert sealer is not None
                reminder_repository.enable(op, sealer, booklet)
                for _ in range(2):
                    access_record_repository.insert(
                        op,
                        sealer,
                        booklet,
                        Accessor.SOMEBODY_ELSE,
                        Accessed.BOOKLET,
                        AccessOutcome.REFUSED,
                        None,
                    )

    def run(self, sql: str, *params: object) -> list[Any]:
        store = self.scene.here.deployment.store
        marked = sql if self.scene.here.kind == "sqlite" else sql.replace("?", "%s")
        cursor = store.database.execute_sql(marked, params)
        return list(cursor.fetchall()) if cursor.description else []

    def values(self, part: Sealed, booklet: str) -> list[tuple[tuple[str, ...], Any]]:
        """The sealed values of a booklet, each with the key of its row, in order."""
        of = part.key[0]
        columns = ", ".join((*part.key, part.column))
        only = f" AND section = '{part.kind}'" if part.is_section else ""
        rows = self.run(
            f"SELECT {columns} FROM {part.table} WHERE {of} = ?{only} ORDER BY {columns}", booklet
        )
        return [(tuple(row[:-1]), row[-1] and bytes(row[-1])) for row in rows]

    def cut(self, section: str) -> None:
        """Cut a section of the owner's booklet."""
        (part,) = [one for one in PARTS if one.kind == section]
        self.put(part, (self.booklets[0], section), b"cut")

    def put(self, part: Sealed, key: tuple[str, ...], value: object) -> None:
        where = " AND ".join(f"{name} = ?" for name in part.key)
        self.run(f"UPDATE {part.table} SET {part.column} = ? WHERE {where}", value, *key)


@pytest.fixture
def damaging(scene: Scene) -> Damaging:
    return Damaging(scene)


def flipped(two: Damaging, part: Sealed) -> bool:
    (key, value), *_ = two.values(part, two.booklets[0])
    two.put(part, key, value[:-1] + bytes([value[-1] ^ 1]))
    return True


def cut(two: Damaging, part: Sealed) -> bool:
    (key, value), *_ = two.values(part, two.booklets[0])
    two.put(part, key, value[:20])
    return True


def emptied(two: Damaging, part: Sealed) -> bool:
    (key, _), *_ = two.values(part, two.booklets[0])
    two.put(part, key, b"")
    return True


def swapped_within(two: Damaging, part: Sealed) -> bool:
    rows = two.values(part, two.booklets[0])
    if len(rows) < 2:
        return False
    two.put(part, rows[0][0], rows[1][1])
    two.put(part, rows[1][0], rows[0][1])
    return True


def swapped_between(two: Damaging, part: Sealed) -> bool:
    mine, others = (two.values(part, booklet)[0] for booklet in two.booklets)
    two.put(part, mine[0], others[1])
    two.put(part, others[0], mine[1])
    return True


def missing(two: Damaging, part: Sealed) -> bool:
    (key, _), *_ = two.values(part, two.booklets[0])
    store = two.scene.here.deployment.store
    try:
        with store.savepoint() if store.database.in_transaction() else store.writing():
            two.put(part, key, None)
    except peewee.IntegrityError:
        return False
    return True


DAMAGES: tuple[Callable[[Damaging, Sealed], bool], ...] = (
    flipped,
    cut,
    emptied,
    swapped_within,
    swapped_between,
    missing,
)


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.kind)
def test_what_does_not_open_is_told_and_the_rest_reads(
    damaging: Damaging, part: Sealed, caplog: pytest.LogCaptureFixture
) -> None:
    before = {booklet: damaging.values(part, booklet) for booklet in damaging.booklets}
    whole = damaging.owner.ask(RECORD)["bookletRecord"]
    tried = 0
    for damage in DAMAGES:
        if not damage(damaging, part):
            continue
        tried += 1
        left = damaging.values(part, damaging.booklets[0])
        hurt = {
            key
            for (key, now), (_, was) in zip(left, before[damaging.booklets[0]], strict=True)
            if now != was
        }
        caplog.clear()
        seen = damaging.owner.ask(DAMAGED)["booklet"]
        listed = {one["id"] for one in seen["damaged"]}
        assert (
            {one["kind"] for one in seen["damaged"]} == set()
            if part.kind in NOT_LISTED
            else {part.kind}
        )
        names = {part.name(key) for key in hurt}
        assert listed == (set() if part.kind in NOT_LISTED else names), damage
        for name in listed:
            assert caplog.text.count(f"damaged: {part.kind} {name}") == 1
        damaging.owner.ask(WHOLE_BOOKLET)
        record = damaging.owner.ask(RECORD)["bookletRecord"]
        assert {one["id"] for one in record["damaged"]} == names
        assert canaries_in(caplog.text) == []
        gone = RUBRICS_IN.get(part.kind, ())
        kept = [one["id"] for one in whole["entries"] if one["rubric"] not in gone]
        assert [one["id"] for one in record["entries"]] == kept
        assert damaging.values(part, damaging.booklets[0]) == left, "reading changed it"
        for booklet in damaging.booklets:
            for key, value in before[booklet]:
                damaging.put(part, key, value)
        assert damaging.owner.ask(DAMAGED)["booklet"]["damaged"] == []
    assert tried >= 4


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.kind)
def test_no_mutation_overwrites_what_does_not_open(damaging: Damaging, part: Sealed) -> None:
    rows = damaging.values(part, damaging.booklets[0])
    asked = samples(damaging.scene.owners, damaging.scene, damaging.owner)
    for key, value in rows:
        damaging.put(part, key, value[:-1] + bytes([value[-1] ^ 1]))
    left = damaging.values(part, damaging.booklets[0])
    refused = 0
    for field, variables in asked.items():
        if not field.startswith("Mutation.") or field == "Mutation.damagedPartRemove":
            continue
        answer = damaging.owner.post({"query": document(field, variables), "variables": variables})
        assert answer.status_code == 200
        body = answer.json()
        codes = [error["extensions"]["code"] for error in body.get("errors", ())]
        assert set(codes) <= {"DAMAGED", "INSUFFICIENT_SCOPE"}, (field, answer.text)
        if not codes:
            ((only),) = body["data"].values()
            refused += only.get("__typename") == "Damaged"
        now = damaging.values(part, damaging.booklets[0])
        assert [row for row in now if row in left] == left, field  # others may be added
    if part.kind not in ("ACCESS_RECORD", "REMINDER", "EXPERIENCES"):  # of which none is about
        assert refused >= 1


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.kind)
def test_its_owner_removes_what_does_not_open_and_nothing_else(
    damaging: Damaging, part: Sealed
) -> None:
    (key, value), *others = damaging.values(part, damaging.booklets[0])
    name = part.name(key)
    intact = damaging.owner.do(REMOVE_DAMAGED, kind=part.kind, id=name)
    assert intact["code"] == "NOT_FOUND"
    damaging.put(part, key, value[:-1] + bytes([value[-1] ^ 1]))
    assert damaging.other.do(REMOVE_DAMAGED, kind=part.kind, id=name)["code"] == "NOT_FOUND"
    answer = damaging.owner.do(REMOVE_DAMAGED, kind=part.kind, id=name)
    if part.kind in NOT_LISTED:
        assert answer["code"] == "NOT_FOUND"
        return
    booklet = answer["booklet"]
    assert booklet["damaged"] == []
    assert sum(one["builtIn"] for one in booklet["dossiers"]) == 1
    assert booklet["state"] == ("CHARTER_ACCEPTED" if part.kind == "IDENTITY" else "OPEN")
    assert damaging.owner.do(REMOVE_DAMAGED, kind=part.kind, id=name)["code"] == "NOT_FOUND"
    kept = damaging.values(part, damaging.booklets[0])
    assert [row for row in kept if row in others] == others


def test_a_dossier_that_needs_what_does_not_open_is_withheld(damaging: Damaging) -> None:
    owners = damaging.scene.owners
    other = saved(damaging.owner, purpose="AUTRE", parts=["FORMATIONS"])["id"]
    named = saved(damaging.owner, purpose="AUTRE", entries=[owners["recommendation"]])["id"]
    before = damaging.owner.ask(SHARED, id=other)
    damaging.cut("ATTACHMENTS")
    for needing in (owners["dossier"], named):
        assert damaging.owner.error(SHARED, id=needing) == "DAMAGED"
    assert damaging.owner.ask(SHARED, id=other) == before, "it needs it not"
    damaging.cut("IDENTITY")
    assert damaging.owner.error(SHARED, id=other) == "DAMAGED"


def test_a_dossier_is_not_saved_without_what_it_names_and_cannot_be_read(
    damaging: Damaging,
) -> None:
    named = saved(damaging.owner, purpose="AUTRE", entries=[damaging.scene.owners["diploma"]])["id"]
    damaging.cut("FORMATIONS")
    renamed = damaging.owner.do(SAVE, dossier={"title": "Autre"}, id=named, version=1)
    assert renamed["code"] == "DAMAGED"


def test_no_record_is_brought_into_a_booklet_of_which_a_part_cannot_be_read(
    damaging: Damaging,
) -> None:
    here = damaging.scene.here
    emptied = with_booklet(here, "emptied")
    booklet = whole(emptied)["id"]
    added(emptied, "professionalExperience")
    damaging.run(
        "UPDATE booklet_section SET sealed = ? WHERE booklet = ? AND section = 'EXPERIENCES'",
        b"cut",
        booklet,
    )
    record = {"format": "livret", "formatVersion": 1, "entries": []}
    assert emptied.do(IMPORT, record=record)["code"] == "DAMAGED"


def test_a_damaged_head_is_removed_before_what_stands_under_it(damaging: Damaging) -> None:
    booklet = damaging.booklets[0]
    for section in ("HEAD", "FORMATIONS", "DOSSIERS"):
        damaging.cut(section)
    left = damaging.values(PARTS[SECTIONS.index("DOSSIERS")], booklet)
    for kind in ("FORMATIONS", "DOSSIERS"):
        assert damaging.owner.do(REMOVE_DAMAGED, kind=kind, id=booklet)["code"] == "DAMAGED"
    assert damaging.values(PARTS[SECTIONS.index("DOSSIERS")], booklet) == left
    for kind in ("HEAD", "FORMATIONS", "DOSSIERS"):
        answer = damaging.owner.do(REMOVE_DAMAGED, kind=kind, id=booklet)
        assert answer["__typename"] == "DamagedPartRemoved", kind
    assert answer["booklet"]["damaged"] == []
    assert damaging.owner.do(ADD, entry=entry("diploma"))["__typename"] == "EntryAdded"


def test_with_a_part_go_the_links_to_its_entries(damaging: Damaging) -> None:
    kept = (
        "{ booklet { closing { ties } competences { competences { links { target { id } } } } } }"
    )
    damaging.cut("FORMATIONS")
    answer = damaging.owner.do(REMOVE_DAMAGED, kind="FORMATIONS", id=damaging.booklets[0])
    assert answer["__typename"] == "DamagedPartRemoved"
    service = damaging.scene.here.deployment.service
    op = service.operation(Anonymous())
    with service.store.reading():
        sealer = sealer_of(op, damaging.booklets[0])
        assert sealer is not None
        stored = StoredSections(op, damaging.booklets[0], sealer)
        rows = [
            *(stored.document(Section.COMPETENCES) or {})["links"],
            *(stored.document(Section.ATTACHMENTS) or {})["evidence"],
        ]
    ids = {one["id"] for one in damaging.owner.ask(DAMAGED)["booklet"]["entries"]}
    assert [row for row in rows if not {row[0], row[1]} <= ids] == []
    assert damaging.owner.ask(kept)["booklet"]["closing"]["ties"] == len(rows)


@pytest.mark.parametrize(
    ("damaged", "counted"), [("FORMATIONS", True), ("COMPETENCES", True), ("HEAD", False)]
)
def test_the_counters_count_what_cannot_be_read_while_the_head_can(
    damaging: Damaging, damaged: str, counted: bool
) -> None:
    counters = "{ booklet { panorama { counters { rubric count } } } }"
    before = damaging.owner.ask(counters)
    damaging.cut(damaged)
    if counted:
        assert damaging.owner.ask(counters) == before
    else:  # and so do what can be read, without it
        entries = damaging.owner.ask(DAMAGED)["booklet"]["entries"]
        told = damaging.owner.ask(counters)["booklet"]["panorama"]["counters"]
        assert sum(one["count"] for one in told) == len(entries) > 0


def test_every_dossier_is_withheld_when_none_can_be_read(damaging: Damaging) -> None:
    damaging.cut("DOSSIERS")
    for name in ("dossier", "own dossier"):
        assert damaging.owner.error(SHARED, id=damaging.scene.owners[name]) == "DAMAGED"


def test_the_reader_of_a_share_link_is_told_in_a_plain_sentence(damaging: Damaging) -> None:
    browser = reader(damaging.scene.here, issued(damaging.owner))
    assert browser.has_opened()
    damaging.cut("FORMATIONS")
    page = browser.get("/opened")
    printed = error_page(PrintFailedError("DAMAGED", ""), str(uuid.uuid4()))
    for status, text in (
        (page.status_code, page.text),
        (printed.status_code, bytes(printed.body).decode()),
    ):
        assert status == 503
        assert "Une partie du livret est endommagée" in text
        assert canaries_in(text) == []


def test_a_summary_that_needs_what_does_not_open_is_withheld(damaging: Damaging) -> None:
    here, site = damaging.scene.here, damaging.scene.callers[CallerRole.SITE]
    page = "{ bookletSummaries(first: 50) { nodes { id } gone { id } withheld totalCount } }"
    mine = given(here, damaging.owner, "HOLDER", "COMPETENCES")["id"]
    others = given(here, damaging.other, "HOLDER")["id"]
    damaging.cut("FORMATIONS")
    assert site.ask(page)["bookletSummaries"]["withheld"] == [], "it needs it not"
    damaging.run("DELETE FROM kept_summary")
    journal = damaging.values(PARTS[-1], damaging.booklets[0])
    damaging.cut("COMPETENCES")
    told = site.ask(page)["bookletSummaries"]
    assert told == {
        "nodes": [{"id": others}],
        "gone": [],
        "withheld": [mine],
        "totalCount": 2,
    }
    assert damaging.values(PARTS[-1], damaging.booklets[0]) == journal, "nothing was read"


def test_an_entry_that_is_none_withholds_the_summaries_that_need_its_section(
    damaging: Damaging, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, site = damaging.scene.here, damaging.scene.callers[CallerRole.SITE]
    mine = given(here, damaging.owner, "TRAINING_TITLES")["id"]
    encode = booklet_writer.encode_document

    def spoilt(document: dict[str, Any]) -> bytes:
        for row in document.get("entries", ())[:1]:
            row[-1] = "no content"
        return encode(document)

    with monkeypatch.context() as spoiling:
        spoiling.setattr(booklet_writer, "encode_document", spoilt)
        assert damaging.owner.do(ADD, entry=entry("diploma"))["__typename"] == "EntryAdded"
    told = site.ask("{ bookletSummaries { nodes { id } withheld } }")["bookletSummaries"]
    assert told == {"nodes": [], "withheld": [mine]}


def test_a_section_of_a_newer_shape_is_no_damage_but_an_old_program(
    damaging: Damaging, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    booklet = damaging.booklets[0]
    with monkeypatch.context() as newer:
        newer.setattr(booklet_writer, "SHAPE", 99)
        assert damaging.owner.do(ADD, entry=entry("diploma"))["__typename"] == "EntryAdded"
    answer = damaging.owner.post({"query": DAMAGED})
    assert answer.status_code == 503
    assert f"FORMATIONS {booklet} has shape 99" in caplog.text
    assert "damaged" not in caplog.text
    monkeypatch.setattr(documents, "SHAPE", 99)
    assert damaging.owner.ask(DAMAGED)["booklet"]["damaged"] == []


def test_a_kept_answer_that_does_not_open_is_refused_and_nothing_done_again(
    damaging: Damaging,
) -> None:
    caller, asked = damaging.other, {"entry": entry("attachment"), "key": str(uuid.uuid4())}
    assert caller.do(ADD, **asked)["__typename"] == "EntryAdded"
    count = len(caller.ask(DAMAGED)["booklet"]["entries"])
    damaging.run("UPDATE answer SET sealed = ? WHERE booklet = ?", b"cut", damaging.booklets[1])
    answer = caller.do(ADD, **asked)
    assert (answer["__typename"], answer["code"]) == ("Damaged", "DAMAGED")
    assert len(caller.ask(DAMAGED)["booklet"]["entries"]) == count


def test_a_damaged_entry_is_refused_by_name_not_as_absent(damaging: Damaging) -> None:
    owner: Caller = damaging.owner
    id = damaging.scene.owners["diploma"]
    damaging.cut("FORMATIONS")
    answer = owner.do(REVISE, id=id, version=1, entry=entry("diploma"))
    assert (answer["__typename"], answer["code"]) == ("Damaged", "DAMAGED")
    assert "sauvegarde" in answer["message"]
