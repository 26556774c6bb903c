"""How many statements consents cost: fixed, whatever the booklet holds and however many there are."""

from tests.conftest import Caller
from tests.graphql_api.consents.consents import (
    CONSENTS,
    GIVE,
    NARROW,
    RENEW,
    WITHDRAW,
    day,
    given,
    notice,
    registered,
    terms,
)
from tests.graphql_api.documents import ADD, added, entry
from tests.graphql_api.test_statements import STATEMENTS, Counted, Ledger, opened
from tests.graphql_api.test_statements import counted as counted

# Sites with consents find the booklet changed, and no summary of it is kept: for each write.
WRITE_MORE = 2
COSTS = {
    "consentNotice": 1,
    "consentGive": 8,
    "consentGive, replacing": 14,
    "consentNarrow": 8,
    "consentRenew": 8,
    "consentWithdraw": 10,
    "consentWithdraw, again": 4,
    "consents": 4,
}


def costs(counted: Counted, caller: Caller) -> dict[str, int]:
    here, ledger = counted.here, Ledger(counted, caller)
    note, said, more = ledger.note, terms(here), terms(here, "HOLDER", "COUNTS")
    longer = terms(here, "COUNTS", expiresOn=day(here, 200))
    ledger.costs["consentNotice"] = counted.count(lambda: notice(caller, said))
    first = note("consentGive", "ConsentGiven", GIVE, consent=said, notice=notice(caller, said))
    replaced = {"consent": more, "notice": notice(caller, more), "replaces": first["consent"]["id"]}
    id = note("consentGive, replacing", "ConsentGiven", GIVE, **replaced)["consent"]["id"]
    note("consentNarrow", "ConsentNarrowed", NARROW, id=id, version=1, sections=["COUNTS"])
    renewed = {"id": id, "version": 2, "on": longer["expiresOn"], "notice": notice(caller, longer)}
    note("consentRenew", "ConsentRenewed", RENEW, **renewed)
    note("consentWithdraw", "ConsentWithdrawn", WITHDRAW, id=id)
    note("consentWithdraw, again", "ConsentWithdrawn", WITHDRAW, id=id)
    note("consents", "", CONSENTS)
    return ledger.costs


def test_consents_cost_the_statements_that_are_written_down(counted: Counted) -> None:
    here = counted.here
    registered(here)
    caller = opened(counted, "owner")
    empty = costs(counted, caller)
    for rubric in ("diploma", "training", "competence"):
        added(caller, rubric)
    assert costs(counted, caller) == empty
    assert empty == COSTS


def test_a_write_to_a_booklet_costs_two_statements_more_however_many_consents_it_has(
    counted: Counted,
) -> None:
    here, caller = counted.here, opened(counted, "owner")
    for code in ("75", "53"):
        registered(here, code)
    for site, expected in (("75", 0), ("53", WRITE_MORE), ("", WRITE_MORE)):
        cost = counted.count(lambda: caller.do(ADD, entry=entry("diploma")))
        assert cost == STATEMENTS["entryAdd"] + expected
        if site:
            given(here, caller, site=site)
