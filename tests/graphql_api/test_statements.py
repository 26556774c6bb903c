"""How many statements each operation costs: fixed, known, and the same however full the booklet is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest

from graphql_api import app
from graphql_api.app import create_application
from graphql_api.booklets.booklets import require_open
from graphql_api.identity_provider.outbox import MailSender
from graphql_api.operations.service import Service
from graphql_api.storage.actors import Agent
from graphql_api.storage.keys.authenticated_rows import RIGHTS
from graphql_api.storage.store import Store
from schema.dossiers.dossier import WHOLE_BOOKLET_TITLE
from tests.client import TestClient
from tests.conftest import CHARTER, IDENTIFY, IDENTITY, OPEN, Caller, Here
from tests.graphql_api.documents import (
    ADD,
    ADD_ALL,
    DELETE_DRAFT,
    DRAFTS,
    LINK,
    LINK_ALL,
    MOVE,
    PROVE,
    PROVE_ALL,
    REMOVE,
    REVISE,
    SAVE_DRAFT,
    UNLINK,
    UNPROVE,
    added,
    entry,
)
from tests.graphql_api.office import issued, officer, revoked
from tests.graphql_api.reminders.reminders import SET as SET_REMINDER
from tests.graphql_api.site import Site
from tests.graphql_api.whole_booklet import WHOLE_BOOKLET
from tests.graphql_api.written_sections import entry_row, put

# Statements of the two stores for each request; transactions, savepoints and the lock of who calls,
# which only PostgreSQL needs, are not counted.
# Reading is person and booklet, key, sections, charters; the whole document also turns a page of the
# journal of accesses, lists consents, live and past, share links and drafts, and asks for the setting
# of reminders and whether there is an address. What asks for no content reads the first two; a dossier
# shows no charters. A mutation reads the booklet, writes its row, then the sections that
# differ with the head, and answers from what it knows.
BARE = 2
READ = 4
STATEMENTS = {
    "whole booklet": READ + 8,
    "drafts": BARE + 1,
    "draftSave": 5,
    "draftSave again": 5,
    "draftDelete": 4,
    "reminderSet": 5,
    "entryAdd of a draft": 8,
    "version of the booklet": BARE,
    "shared dossier": READ - 1,
    "guide": 0,
    "bookletOpen": 9,
    "charterAccept": 7,
    "identityRevise": 5,
    "entryAdd": 5,
    "entryAdd that asks for its id": 5,
    "entryAdd with a key": 8,
    "entryAdd with a key, again": 3,
    "entryAdd refused": 3,
    "entryRevise": 5,
    "entryRevise in conflict": 3,
    "entryMove": 5,
    "entryRemove": 5,
    "competenceLink": 5,
    "competenceUnlink": 5,
    "evidenceLink": 5,
    "evidenceUnlink": 5,
    "entriesAdd of 2": 5,
    "entriesAdd of 20": 5,
    "competenceLinksSet to 2": 5,
    "competenceLinksSet to 20": 5,
    "competenceLinksSet to 20 others": 5,
    "competenceLinksSet to the same": 3,
    "competenceLinksSet to none": 5,
    "competenceLinksSet of what supports 2": 5,
    "competenceLinksSet of what supports 20": 5,
    "evidenceLinksSet to 2": 5,
    "evidenceLinksSet to 20": 5,
}
SHARED = """query($id: ID!) { sharedDossier(id: $id) {
  title holder { lines { text } } parts { rubrics { entries { headline links { note } } } }
  panorama { counters { count } matrix { rows { cells { relation } } } }
} }"""
ADD_LEAN = """mutation ($entry: EntryInput!) {
  entryAdd(entry: $entry) { __typename ... on EntryAdded { entry { id } } } }"""
GUIDE = "{ rubrics { label help { legal } fields { key } } }"


@dataclass
class Counted:
    """A service whose statements are counted."""

    here: Here
    client: TestClient
    stores: list[Store] = field(default_factory=list)

    def caller(self, name: str) -> Caller:
        return Caller(self.client, self.here.caller(name).token, name)

    def count(self, ask: Callable[[], Any]) -> int:
        before = sum(store.statements for store in self.stores)
        ask()
        return sum(store.statements for store in self.stores) - before


@pytest.fixture
def counted(here: Here, monkeypatch: pytest.MonkeyPatch) -> Iterator[Counted]:
    """The same service, with an eye on its two stores."""
    stores: list[Store] = []

    def opened(url: str, **options: Any) -> Store:
        stores.append(Store(url, **options))
        return stores[-1]

    monkeypatch.setattr("graphql_api.serving.Store", opened)
    monkeypatch.setattr(
        MailSender, "start", lambda _self: None
    )  # who looks for letters now and then
    here.clock.stop(here.clock())  # keys and clients are read once a second: here once
    with TestClient(create_application(here.deployment.settings, here.clock)) as client:
        counted = Counted(here, client, stores)
        counted.caller("first").ask("{ booklet { id } }")
        yield counted


def opened(counted: Counted, name: str) -> Caller:
    caller = counted.caller(name)
    caller.do(OPEN, code=counted.here.code())
    caller.do(CHARTER)
    caller.do(IDENTIFY, identity=IDENTITY, version=0)
    return caller


def fill(counted: Counted, caller: Caller, entries: int) -> None:
    """Write so many entries, of which a third are tied to others, straight into the sections."""
    settings = counted.here.deployment.settings
    service: Service = app.build_service(settings)
    del counted.stores[2:]
    op = service.operation(
        Agent(settings.identity_issuer, caller.name, frozenset({"livret:write"}))
    )
    with service.store.writing():
        loaded = require_open(op)
        ids = {
            rubric: [f"{rubric}-{number}" for number in range(entries // 4)]
            for rubric in ("COMPETENCE", "ATTACHMENT", "DIPLOMA", "TRAINING")
        }
        rows: list[list[Any]] = []
        for rubric, ones in ids.items():
            rows += [
                entry_row(op, id, rubric, rank, title=id, label=id) for rank, id in enumerate(ones)
            ]
        put(
            op,
            loaded.id,
            loaded.sealer,
            entries=rows,
            links=[
                [*ends, "USED", "Là"]
                for ends in zip(ids["COMPETENCE"], ids["DIPLOMA"], strict=True)
            ],
            evidence=[list(ends) for ends in zip(ids["ATTACHMENT"], ids["TRAINING"], strict=True)],
        )
    service.store.close()
    service.key_store.close()


@pytest.mark.parametrize("entries", [4, 40, 400])
def test_a_whole_booklet_loads_in_as_many_statements_however_full_it_is(
    counted: Counted, entries: int
) -> None:
    caller = opened(counted, "owner")
    fill(counted, caller, entries)
    answers: list[Any] = []
    assert (
        counted.count(lambda: answers.append(caller.ask(WHOLE_BOOKLET)))
        == STATEMENTS["whole booklet"]
    )
    (booklet,) = [answer["booklet"] for answer in answers]
    assert len(booklet["entries"]) == entries
    assert sum(len(one["links"]) for one in booklet["entries"]) == entries // 4 * 2
    assert sum(len(one["evidence"]) for one in booklet["entries"]) == entries // 4
    assert [dossier["title"] for dossier in booklet["dossiers"]] == [WHOLE_BOOKLET_TITLE]


def test_an_empty_booklet_costs_what_a_full_one_costs(counted: Counted) -> None:
    caller = opened(counted, "owner")
    assert counted.count(lambda: caller.ask(WHOLE_BOOKLET)) == STATEMENTS["whole booklet"]


def test_every_operation_costs_the_statements_that_are_written_down(counted: Counted) -> None:
    caller = counted.caller("owner")
    opening = Ledger(counted, caller)
    counted.stores[0].row_key(RIGHTS)  # which is read once
    opening.note("bookletOpen", "BookletOpened", OPEN, code=counted.here.code())
    opening.note("charterAccept", "CharterAccepted", CHARTER)
    opening.note("identityRevise", "IdentityRevised", IDENTIFY, identity=IDENTITY, version=0)
    empty = costs(counted, caller, "first")
    fill(counted, caller, 40)
    fuller = costs(counted, caller, "second")
    assert empty == fuller
    assert opening.costs | fuller == STATEMENTS


def test_a_cookie_costs_one_statement_more_than_a_token_unless_a_booklet_is_read(
    counted: Counted,
) -> None:
    site = Site(counted.here, counted.client)
    owner = opened(counted, site.account("owner"))
    browser = site.browser()
    browser.sign_in("owner")
    page, diploma = browser.caller(), entry("diploma")
    asked: tuple[tuple[Callable[[Caller], Any], int], ...] = (
        (lambda caller: caller.ask("{ booklet { version } }"), 0),
        (lambda caller: caller.ask(WHOLE_BOOKLET), 0),
        (lambda caller: caller.ask(GUIDE), 1),
        (lambda caller: caller.do(ADD, entry=diploma), 1),
    )
    for ask, more in asked:
        by_token = counted.count(partial(ask, owner))
        assert counted.count(partial(ask, page)) == by_token + more
    browser.secret = "no secret of ours"
    assert counted.count(partial(page.ask, GUIDE)) == 0


def test_revoking_costs_the_same_whether_the_code_was_used_or_not(counted: Counted) -> None:
    rh = officer(counted.here)
    made = issued(rh, 3)
    owner = counted.caller("owner")
    owner.do(OPEN, code=made["codes"][0])
    owner.do(CHARTER)
    asking = Caller(counted.client, rh.token, rh.name)
    names = [*made["references"][:2], made["references"][0], "0000-0000"]
    costs = {counted.count(partial(revoked, asking, name)) for name in names}
    assert costs == {5}  # person, right; the code as it is, changed, and after


@dataclass
class Ledger:
    """What each request cost."""

    counted: Counted
    caller: Caller
    costs: dict[str, int] = field(default_factory=dict)

    def note(self, name: str, expected: str, document: str, **variables: Any) -> Any:
        """Ask, count, and check the type of what is answered."""
        answers: list[Any] = []
        self.costs[name] = self.counted.count(
            lambda: answers.append(self.caller.do(document, **variables))
        )
        assert not expected or answers[0]["__typename"] == expected, answers
        return answers[0]


def costs(counted: Counted, caller: Caller, key: str) -> dict[str, int]:
    """What everything costs that can be done to an open booklet and read of it."""
    ledger = Ledger(counted, caller)
    note, diploma = ledger.note, entry("diploma")
    note("entryAdd", "EntryAdded", ADD, entry=diploma)
    note("entryAdd that asks for its id", "EntryAdded", ADD_LEAN, entry=diploma)
    note("entryAdd with a key", "EntryAdded", ADD, entry=diploma, key=key)
    note("entryAdd with a key, again", "EntryAdded", ADD, entry=diploma, key=key)
    note("entryAdd refused", "InvalidEntry", ADD, entry=entry("diploma", title=None))
    competence, attachment, target = (
        added(caller, rubric)["id"] for rubric in ("competence", "attachment", "diploma")
    )
    added(caller, "attachment")
    revise = {"id": target, "version": 1, "entry": diploma}
    note("entryRevise", "EntryRevised", REVISE, **revise)
    note("entryRevise in conflict", "Conflict", REVISE, **revise)
    note("entryMove", "EntryMoved", MOVE, id=attachment, version=1)
    tie = {"id": competence, "target": target}
    note("competenceLink", "TieWritten", LINK, version=1, relation="USED", **tie)
    note("competenceUnlink", "TieWritten", UNLINK, version=2, **tie)
    proof = {"id": attachment, "target": target}
    note("evidenceLink", "TieWritten", PROVE, version=2, **proof)
    note("evidenceUnlink", "TieWritten", UNPROVE, version=3, **proof)
    note("entryRemove", "EntryRemoved", REMOVE, id=target, version=2)
    of_drafts(ledger)
    of_many(ledger)
    booklet = note("whole booklet", "", WHOLE_BOOKLET)
    note("version of the booklet", "", "{ booklet { version } }")
    note("shared dossier", "", SHARED, id=booklet["dossiers"][0]["id"])
    note("guide", "", GUIDE)
    return ledger.costs


def of_drafts(ledger: Ledger) -> None:
    """What drafts cost."""
    note, partly = ledger.note, {"training": {"title": "Un début"}}
    draft = note("draftSave", "DraftSaved", SAVE_DRAFT, entry=partly)["draft"]
    note("draftSave again", "DraftSaved", SAVE_DRAFT, entry=partly, id=draft["id"], version=1)
    note("drafts", "", DRAFTS)
    taken = {"id": draft["id"], "version": 2}
    note("entryAdd of a draft", "EntryAdded", ADD, entry=entry("training"), draft=taken)
    note("reminderSet", "ReminderSet", SET_REMINDER, enabled=False)
    draft = ledger.caller.do(SAVE_DRAFT, entry=partly)["draft"]
    note("draftDelete", "DraftDeleted", DELETE_DRAFT, id=draft["id"], version=1)


def of_many(ledger: Ledger) -> None:
    """What it costs to write many things at once."""
    note, ask = ledger.note, ledger.caller.do
    note("entriesAdd of 2", "EntriesAdded", ADD_ALL, entries=[entry("diploma")] * 2)
    note("entriesAdd of 20", "EntriesAdded", ADD_ALL, entries=[entry("training")] * 20)
    supports, competences, documents = (
        [one["id"] for one in ask(ADD_ALL, entries=[entry(rubric)] * 40)["entries"]]
        for rubric in ("training", "competence", "attachment")
    )

    def links(others: list[str]) -> list[dict[str, str]]:
        return [{"other": other, "relation": "USED"} for other in others]

    few, many, rest = links(supports[:2]), links(supports[:20]), links(supports[20:])
    competence = competences[0]
    note("competenceLinksSet to 2", "TieWritten", LINK_ALL, id=competence, version=1, links=few)
    note("competenceLinksSet to 20", "TieWritten", LINK_ALL, id=competence, version=2, links=many)
    note(
        "competenceLinksSet to the same",
        "TieWritten",
        LINK_ALL,
        id=competence,
        version=3,
        links=many,
    )
    note(
        "competenceLinksSet to 20 others",
        "TieWritten",
        LINK_ALL,
        id=competence,
        version=3,
        links=rest,
    )
    note("competenceLinksSet to none", "TieWritten", LINK_ALL, id=competence, version=4, links=[])
    support, by_two, by_many = supports[0], links(competences[:2]), links(competences[2:22])
    note(
        "competenceLinksSet of what supports 2",
        "TieWritten",
        LINK_ALL,
        id=support,
        version=1,
        links=by_two,
    )
    note(
        "competenceLinksSet of what supports 20",
        "TieWritten",
        LINK_ALL,
        id=support,
        version=2,
        links=by_many,
    )
    first, second = documents[:2]
    note("evidenceLinksSet to 2", "TieWritten", PROVE_ALL, id=first, version=1, others=supports[:2])
    note(
        "evidenceLinksSet to 20",
        "TieWritten",
        PROVE_ALL,
        id=second,
        version=1,
        others=supports[:20],
    )
