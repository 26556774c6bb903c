"""How often each kind of request waits for PostgreSQL, as libpq itself tells what it exchanged."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from graphql_api.app import create_application
from graphql_api.engine.stored_queries import hash_of
from graphql_api.identity_provider.outbox import MailSender
from graphql_api.storage.postgresql import PipelinedDatabase
from tests.client import TestClient
from tests.conftest import CHARTER, IDENTIFY, IDENTITY, OPEN, Caller, Here, with_booklet
from tests.graphql_api.booklets.closing import ACCOUNT_WORDS, CLOSE, CLOSE_ACCOUNT, WORDS
from tests.graphql_api.consents.consents import (
    CONSENTS,
    GIVE,
    NARROW,
    RENEW,
    WITHDRAW,
    day,
    notice,
    registered,
    terms,
)
from tests.graphql_api.documents import (
    ADD,
    ADD_ALL,
    DELETE_DRAFT,
    DRAFTS,
    LINK,
    MOVE,
    REMOVE,
    REVISE,
    SAVE_DRAFT,
    added,
    entry,
)
from tests.graphql_api.dossiers.dossiers import REMOVE_DOSSIER, SAVE, saved
from tests.graphql_api.reminders.reminders import SET as SET_REMINDER
from tests.graphql_api.share_links.share_links import ISSUE, LINKS, REVOKE, whole_dossier
from tests.graphql_api.site import Site
from tests.graphql_api.summaries.summaries import PAGE
from tests.graphql_api.whole_booklet import (
    WHOLE_BOOKLET,
    fragments_without,
    whole_booklet_without,
)

SMALL = "{ booklet { id version } }"
CONTENT = "{ booklet { identity { lastName } entries { id headline } dossiers { title } } }"
SECOND_PAGE = """{ booklet { accessRecords(after: "1-00000000-0000-0000-0000-000000000000") {
  edges { node { what } } } } }"""
WITHOUT = frozenset({("Reminder", "available")})
ADD_AND_TELL = f"""mutation($entry: EntryInput!) {{ entryAdd(entry: $entry) {{ __typename
  ... on EntryAdded {{ booklet {{ ...Whole }} }} }} }} {fragments_without(WITHOUT)}"""
GUIDE = "{ rubrics { label } }"
WARM = 3  # a statement is prepared at its second use
numbers = count()
_ANSWERED = re.compile(r"[^\t]*\t([FB])\t.*\n", re.ASCII)  # a line of a trace, and who sent it
# BEGIN, COMMIT and the key store count. A booklet's row, its owner, who is locked with it, and the
# sections that will be asked for are read in one, its key in another, the lists beside the sections in
# a third; what is written goes with what is read next, or with the COMMIT. Nobody waits for the end of
# a transaction that only read. By token, and by the cookie of a browser, which is found by its session.
# Whether a reminder can be sent is asked of the account and its key, two more.
READS = {
    "guide": (0, 1),
    "unchanged": (1, 1),
    "small": (2, 2),
    "content": (2, 3),
    "drafts": (3, 3),
    "consents": (3, 3),
    "share links": (3, 3),
    "reminder": (3, 3),
    "reminder and whether it can be sent": (5, 5),
    "journal": (3, 3),
    "second page of the journal": (3, 3),
    "charters": (3, 3),
    "closing": (3, 4),
    "damaged": (3, 3),
    "record": (4, 4),
    "whole booklet": (5, 5),
    "whole booklet, but whether a reminder can be sent": (3, 3),
    "shared dossier": (2, 3),
    "consentNotice": (1, 2),
}
WRITES = {
    "entryAdd": (3, 4),
    "entryAdd with a key": (5, 6),
    "entryAdd with a consent": (3, 4),
    "entryAdd, answered by a whole booklet": (4, 5),
    "entriesAdd": (3, 4),
    "entryRevise": (4, 5),
    "entryMove": (4, 5),
    "entryRemove": (4, 5),
    "competenceLink": (4, 5),
    "draftSave": (5, 6),
    "draftDelete": (4, 5),
    "dossierSave": (4, 5),
    "dossierRemove": (4, 5),
    "consentGive": (6, 7),
    "consentGive, replacing": (7, 8),
    "consentNarrow": (5, 6),
    "consentRenew": (5, 6),
    "consentWithdraw": (5, 6),
    "shareLinkIssue": (5, 6),
    "shareLinkRevoke": (5, 6),
    "reminderSet": (6, 7),
}
# Without the number of all summaries, and with it.
SUMMARIES = {"a page that is kept": (4, 5), "a page of a booklet that changed": (5, 6)}
OPENING = {
    "bookletOpen": 8,
    "charterAccept": 6,
    "identityRevise": 4,
    "bookletClose": 12,
    "accountClose": 17,
}


@dataclass(frozen=True)
class Traced:
    """A service whose exchanges with PostgreSQL are traced, a file for each connection."""

    client: TestClient
    folder: Path

    def waits(self) -> int:
        """How often an answer of the server was read after something was sent to it."""
        return sum(
            _ANSWERED.sub(r"\1", one.read_text()).count("FB") for one in self.folder.iterdir()
        )

    def count(self, ask: Callable[..., Any], prepare: Callable[[], tuple[Any, ...]] = tuple) -> int:
        """The round trips of a request that was made before; `prepare` gives what it is made with."""
        for _ in range(WARM):
            ask(*prepare())
        prepared, before = prepare(), self.waits()
        ask(*prepared)
        return self.waits() - before


@pytest.fixture
def traced(here: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Traced]:
    connect = PipelinedDatabase._connect
    files: list[Any] = []
    traces = tmp_path / "traces"
    traces.mkdir()

    def traced(self: PipelinedDatabase) -> Any:
        connection = connect(self)
        files.append((traces / f"{len(files)}.trace").open("wb", buffering=0))
        connection.pgconn.trace(files[-1].fileno())
        return connection

    monkeypatch.setattr(PipelinedDatabase, "_connect", traced)
    monkeypatch.setattr(MailSender, "start", lambda _self: None)  # who looks for letters
    queries = tmp_path / "queries"
    queries.mkdir()
    (queries / "content.graphql").write_text(CONTENT)
    settings = replace(
        here.deployment.settings, threads=1, queries=queries
    )  # one connection a store
    here.clock.stop(here.clock())
    with TestClient(create_application(settings, here.clock)) as client:
        yield Traced(client, traces)
    for file in files:
        file.close()


def done(caller: Caller, kind: str, document: str, **variables: Any) -> Any:
    """The answer of a mutation that does what was asked."""
    answer = caller.do(document, **variables)
    assert answer["__typename"] == kind, answer
    return answer


def reads(here: Here, traced: Traced, caller: Caller) -> dict[str, int]:
    """What it costs to read."""
    token = {"authorization": f"Bearer {caller.token}"} if caller.token else {}
    headers, path = caller.headers | token, f"/q/{hash_of(CONTENT)}"
    tag = caller.client.get(path, headers=headers).headers["etag"]

    def unchanged() -> None:
        answer = caller.client.get(path, headers=headers | {"if-none-match": tag})
        assert answer.status_code == 304

    asked = {
        "guide": GUIDE,
        "small": SMALL,
        "content": CONTENT,
        "drafts": DRAFTS,
        "consents": CONSENTS,
        "share links": LINKS,
        "reminder": "{ booklet { reminder { enabled since lastLetterAt } } }",
        "reminder and whether it can be sent": "{ booklet { reminder { enabled available } } }",
        "journal": "{ booklet { accessRecords { edges { node { what } } } } }",
        "second page of the journal": SECOND_PAGE,
        "charters": "{ booklet { charterAcceptances { version } } }",
        "closing": "{ booklet { closing { entries drafts consents shareLinks } } }",
        "damaged": "{ booklet { damaged { kind } } }",
        "record": "{ bookletRecord }",
        "whole booklet": WHOLE_BOOKLET,
        "whole booklet, but whether a reminder can be sent": whole_booklet_without(WITHOUT),
    }
    costs = {name: traced.count(partial(caller.ask, one)) for name, one in asked.items()}
    dossier = whole_dossier(caller)
    shared = "query($id: ID!) { sharedDossier(id: $id) { title holder { lastName } } }"
    return costs | {
        "unchanged": traced.count(unchanged),
        "shared dossier": traced.count(lambda: caller.ask(shared, id=dossier)),
        "consentNotice": traced.count(lambda: notice(caller, terms(here))),
    }


def of_entries(traced: Traced, caller: Caller) -> dict[str, int]:
    """What it costs to write entries and drafts."""
    do = partial(partial, done, caller)
    cost: Any = traced.count

    def new() -> tuple[str]:
        return (added(caller, "diploma")["id"],)

    def competence() -> tuple[str, str]:
        return added(caller, "competence")["id"], *new()

    partly = {"training": {"title": "Un début"}}

    def draft() -> tuple[str]:
        return (done(caller, "DraftSaved", SAVE_DRAFT, entry=partly)["draft"]["id"],)

    return {
        "entryAdd": cost(do("EntryAdded", ADD, entry=entry("diploma"))),
        "entryAdd with a key": cost(
            lambda key: done(caller, "EntryAdded", ADD, entry=entry("diploma"), key=key),
            lambda: (str(next(numbers)),),
        ),
        "entryAdd, answered by a whole booklet": cost(
            do("EntryAdded", ADD_AND_TELL, entry=entry("diploma"))
        ),
        "entriesAdd": cost(do("EntriesAdded", ADD_ALL, entries=[entry("diploma")] * 2)),
        "entryRevise": cost(
            lambda which: done(
                caller, "EntryRevised", REVISE, id=which, version=1, entry=entry("diploma")
            ),
            new,
        ),
        "entryMove": cost(
            lambda which, _: done(caller, "EntryMoved", MOVE, id=which, version=1), competence
        ),
        "entryRemove": cost(
            lambda which: done(caller, "EntryRemoved", REMOVE, id=which, version=1), new
        ),
        "competenceLink": cost(
            lambda which, target: done(
                caller, "TieWritten", LINK, id=which, target=target, version=1, relation="USED"
            ),
            competence,
        ),
        "draftSave": cost(
            lambda which: done(caller, "DraftSaved", SAVE_DRAFT, entry=partly, id=which, version=1),
            draft,
        ),
        "draftDelete": cost(
            lambda which: done(caller, "DraftDeleted", DELETE_DRAFT, id=which, version=1), draft
        ),
    }


def of_sharing(here: Here, traced: Traced, caller: Caller) -> dict[str, int]:
    """What it costs to write dossiers, share links, consents and the reminder."""
    cost: Any = traced.count
    dossier = whole_dossier(caller)
    said, longer = terms(here), terms(here, expiresOn=day(here, 200))
    shown, shown_longer = notice(caller, said), notice(caller, longer)

    def give(replaces: str | None = None) -> Any:
        given = done(caller, "ConsentGiven", GIVE, consent=said, notice=shown, replaces=replaces)
        return given["consent"]["id"]

    def withdraw(which: str) -> Any:
        return done(caller, "ConsentWithdrawn", WITHDRAW, id=which)

    def withdrawn() -> tuple[()]:
        live = [
            one["id"]
            for one in caller.ask(CONSENTS)["booklet"]["consents"]
            if one["endedAt"] is None
        ]
        for one in live:
            withdraw(one)
        return ()

    def consent() -> tuple[str]:
        withdrawn()
        return (give(),)

    def issue(**more: Any) -> Any:
        return done(caller, "ShareLinkIssued", ISSUE, dossier=dossier, **more)

    def revoke(which: str) -> Any:
        return done(caller, "ShareLinkRevoked", REVOKE, id=which)

    return {
        "dossierSave": cost(
            lambda: done(caller, "DossierSaved", SAVE, dossier={"purpose": "MUTATION"})
        ),
        "dossierRemove": cost(
            lambda which: done(caller, "DossierRemoved", REMOVE_DOSSIER, id=which, version=1),
            lambda: (saved(caller, purpose="MUTATION")["id"],),
        ),
        "consentGive": cost(give, withdrawn),
        "consentGive, replacing": cost(give, consent),
        "consentNarrow": cost(
            lambda which: done(
                caller, "ConsentNarrowed", NARROW, id=which, version=1, sections=["COUNTS"]
            ),
            consent,
        ),
        "consentRenew": cost(
            lambda which: done(
                caller,
                "ConsentRenewed",
                RENEW,
                id=which,
                version=1,
                on=longer["expiresOn"],
                notice=shown_longer,
            ),
            consent,
        ),
        "entryAdd with a consent": cost(lambda _: added(caller, "diploma"), consent),
        "consentWithdraw": cost(withdraw, consent),
        "shareLinkIssue": cost(lambda: issue(name=str(next(numbers)))),
        "shareLinkRevoke": cost(revoke, lambda: (issue()["link"]["id"],)),
        "reminderSet": cost(lambda: done(caller, "ReminderSet", SET_REMINDER, enabled=False)),
    }


def of_booklets(here: Here, traced: Traced) -> dict[str, int]:
    """What it costs to open a booklet and to close it."""
    cost: Any = traced.count

    def somebody() -> Caller:
        at = int(here.clock().timestamp())
        who = here.caller(f"somebody {next(numbers)}", signed_in_at=at)
        return Caller(traced.client, who.token, who.name)

    def begun() -> Caller:
        who = somebody()
        done(who, "BookletOpened", OPEN, code=here.code())
        return who

    def accepted() -> Caller:
        who = begun()
        done(who, "CharterAccepted", CHARTER)
        return who

    def opened() -> Caller:
        who = accepted()
        done(who, "IdentityRevised", IDENTIFY, identity=IDENTITY, version=0)
        return who

    return {
        "bookletOpen": cost(
            lambda who, code: done(who, "BookletOpened", OPEN, code=code),
            lambda: (somebody(), here.code()),
        ),
        "charterAccept": cost(
            lambda who: done(who, "CharterAccepted", CHARTER), lambda: (begun(),)
        ),
        "identityRevise": cost(
            lambda who: done(who, "IdentityRevised", IDENTIFY, identity=IDENTITY, version=0),
            lambda: (accepted(),),
        ),
        "bookletClose": cost(
            lambda who: done(who, "BookletClosed", CLOSE, words=WORDS), lambda: (opened(),)
        ),
        "accountClose": cost(
            lambda who: done(who, "AccountClosed", CLOSE_ACCOUNT, words=ACCOUNT_WORDS),
            lambda: (opened(),),
        ),
    }


def of_summaries(traced: Traced, owner: Caller, site: Caller) -> dict[str, tuple[int, int]]:
    """What a page costs a site, to which the owner consented."""

    def twice(prepare: Callable[[], tuple[Any, ...]]) -> tuple[int, int]:
        pages = PAGE.replace("totalCount", ""), PAGE
        first, second = (
            traced.count(lambda *_, page=one: site.ask(page), prepare) for one in pages
        )
        return first, second

    return {
        "a page that is kept": twice(tuple),
        "a page of a booklet that changed": twice(lambda: (added(owner, "diploma"),)),
    }


@pytest.mark.parametrize("here", ["postgresql"], indirect=True)
def test_requests_wait_for_postgresql_as_often_as_is_written_down(
    here: Here, traced: Traced
) -> None:
    machine = registered(here)
    site = Site(here, traced.client)
    agent = with_booklet(here, site.account("owner"))
    owner = Caller(traced.client, agent.token, agent.name)
    browser = site.browser()
    browser.sign_in("owner")
    page = browser.caller()
    by_token, by_cookie = (
        reads(here, traced, caller) | of_entries(traced, caller) | of_sharing(here, traced, caller)
        for caller in (owner, page)
    )
    assert {name: (cost, by_cookie[name]) for name, cost in by_token.items()} == READS | WRITES
    assert of_booklets(here, traced) == OPENING
    reader = Caller(traced.client, machine.token, machine.name)
    done(owner, "ConsentGiven", GIVE, consent=terms(here), notice=notice(owner, terms(here)))
    assert of_summaries(traced, owner, reader) == SUMMARIES


@pytest.mark.parametrize("here", ["postgresql"], indirect=True)
def test_published_keys_and_registered_clients_are_read_in_one_round_trip_once_a_second(
    here: Here, traced: Traced
) -> None:
    agent = Caller(traced.client, here.caller("agent").token, "agent")

    def a_second_later() -> None:
        here.clock.moved += timedelta(seconds=1)
        agent.ask(GUIDE)

    assert traced.count(a_second_later) == 1
    assert traced.count(lambda: agent.ask(GUIDE)) == 0
