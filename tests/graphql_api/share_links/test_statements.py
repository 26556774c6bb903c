"""How many statements share links cost: known, and the same however many there are."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.graphql_api.roles import absent
from tests.graphql_api.share_links.share_links import (
    ISSUE,
    LINKS,
    OURS,
    REVOKE,
    Reader,
    issued,
    reader_at,
    whole_dossier,
)
from tests.graphql_api.test_statements import READ, Counted, opened
from tests.graphql_api.test_statements import counted as counted

# Booklet and key are read, then the dossier and the links; one is written.
ISSUED = 2 + 2 + 1
REVOKED = 2 + 1 + 1 + 1
# The link, its booklet held, the link again, the booklet, its key; view, old sessions, session; the
# title of the dossier; the journal, pruned.
OPENED = 5 + 3 + 1 + 2
# Without the view and sessions; of refusals, those of the hour are counted first. An id that nothing
# has costs as much.
NOT_OPENED = 5 + 1 + 2 + 1


def costs(counted: Counted, number: int) -> dict[str, int]:
    caller = opened(counted, f"owner {number}")
    dossier = whole_dossier(caller)
    pinned = issued(caller, dossier, withPin=True)
    wrong = "000000" if pinned["pin"] != "000000" else "111111"
    for name in range(number):
        issued(caller, dossier, name=str(name))
    found: dict[str, int] = {}
    answers = []

    def note(name: str, ask: Callable[[], Any]) -> None:
        found[name] = counted.count(lambda: answers.append(ask()))

    note("list", lambda: caller.ask(LINKS))
    note("issue", lambda: caller.do(ISSUE, dossier=dossier))
    link = answers[-1]
    reading = reader_at(counted.client, link["url"])
    note("page", lambda: reading.get())
    note("mistyped", lambda: reading.open(secret="x"))
    note("wrong secret", lambda: reading.open(secret="x" * 43))
    note("no PIN", lambda: reader_at(counted.client, pinned["url"]).open(""))
    note("wrong PIN", lambda: reader_at(counted.client, pinned["url"]).open(wrong))
    note("open", lambda: _opens(reading))
    carried = {"cookie": answers[-1].headers["set-cookie"].partition(";")[0]}
    note("opened", lambda: counted.client.get(f"{reading.path}/opened", headers=carried))
    assert "Lefèvre" in answers[-1].text
    note("revoke", lambda: caller.do(REVOKE, id=link["link"]["id"]))
    unknown = Reader(counted.client, f"/s/{absent()}", "x" * 43)
    note("unknown", lambda: unknown.open())
    note("unknown, mistyped", lambda: unknown.open(secret="x"))
    note("nothing opened", lambda: unknown.get("/opened"))
    return found


def _opens(reading: Reader) -> Any:
    sent = {"secret": reading.secret}
    return reading.client.post(reading.path, data=sent, headers=OURS, follow_redirects=False)


def test_share_links_cost_the_statements_that_are_written_down(counted: Counted) -> None:
    few = costs(counted, 1)
    counted.here.clock.moved += timedelta(seconds=1)
    assert costs(counted, 12) == few
    assert few == {
        "list": 4,
        "issue": ISSUED,
        "page": 0,
        "mistyped": 5,
        "wrong secret": NOT_OPENED,
        "no PIN": 5,
        "wrong PIN": NOT_OPENED + 1,
        "open": OPENED,
        "opened": 2 + READ - 1,
        "revoke": REVOKED,
        "unknown": NOT_OPENED,
        "unknown, mistyped": 5,
        "nothing opened": 0,
    }
