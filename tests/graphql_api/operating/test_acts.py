"""The log of operators: who, what, when, and of whom no more than the role."""

from datetime import timedelta

import pytest

from graphql_api.callers import operator_log
from graphql_api.storage.operation import to_microseconds
from tests.conftest import Caller, Here
from tests.graphql_api.office import BORDEAUX, stored
from tests.graphql_api.operating.operators import OPERATOR_SCOPE, operator
from tests.graphql_api.operating.test_appointments import APPOINT, APPOINT_OPERATOR, MUTATIONS
from tests.graphql_api.site import Site

ACTS = "{ operatorActs { nodes { operator isCaller kind label about at } } }"
CLOSE = """mutation { accountClose(confirmation: "fermer mon compte") {
  __typename ... on Refusal { message } } }"""


@pytest.fixture
def boss(site: Site) -> Caller:
    """An operator with an account, who has just signed in."""
    return operator(site.here, site.account("boss"))


def test_an_act_tells_who_did_what_and_when_and_not_about_whom(site: Site, boss: Caller) -> None:
    site.account("rh")
    boss.do(APPOINT, email="rh@example.org", siret=BORDEAUX)
    boss.do(APPOINT_OPERATOR, email="rh@example.org")
    acts = boss.ask(ACTS)["operatorActs"]["nodes"]
    assert {(one["operator"], one["isCaller"]) for one in acts} == {("boss@example.org", True)}
    assert {(one["kind"], one["label"], one["about"]) for one in acts} == {
        ("OPERATOR_APPOINTED", "Exploitant nommé", None),
        ("OFFICER_APPOINTED", "Agent RH nommé", BORDEAUX),
    }
    (log,) = [stored(site.here)["operator_act"]]
    for secret in ("rh@example.org", site.account("rh"), "Lefèvre"):
        assert secret not in str(log)


def test_what_was_refused_is_not_in_the_log(site: Site, boss: Caller) -> None:
    boss.do(APPOINT, email="nobody@example.org", siret=BORDEAUX)
    assert boss.ask(ACTS)["operatorActs"]["nodes"] == []


def test_rights_ask_for_a_sign_in_of_less_than_ten_minutes(site: Site, boss: Caller) -> None:
    here, account = site.here, site.account("boss")
    site.account("rh")
    now, before = int(here.clock().timestamp()), stored(here)
    for late in (
        here.caller(account, OPERATOR_SCOPE, now - 3600),
        here.caller(account, OPERATOR_SCOPE, now - 601),
    ):
        for document, variables in MUTATIONS.items():
            answer = late.do(document, **variables)
            assert answer["code"] == "RECENT_SIGN_IN_REQUIRED", document
    assert stored(here) == before
    soon = here.caller(account, OPERATOR_SCOPE, now - 540)
    assert soon.do(APPOINT_OPERATOR, email="rh@example.org")["__typename"] == "OperatorAppointed"


def test_the_log_keeps_a_year(here: Here) -> None:
    boss = operator(here)
    boss.do('mutation { accountLookUp(email: "x@example.org") { __typename } }')
    store, now = here.deployment.store, here.clock()
    year = timedelta(days=365)
    assert operator_log.delete_old(store, to_microseconds(now + year - timedelta(seconds=1))) == 0
    assert operator_log.delete_old(store, to_microseconds(now + year)) == 1


def test_whoever_closes_their_account_leaves_acts_without_a_name(site: Site, boss: Caller) -> None:
    second = operator(site.here, site.account("second"))
    boss.do(APPOINT_OPERATOR, email="second@example.org")
    signed_in = int(site.here.clock().timestamp())
    scopes = "livret:read livret:write"
    closing = site.here.caller(site.account("boss"), scopes, signed_in)
    words = closing.ask("{ closingWords { account } }")["closingWords"]["account"]
    answer = closing.do(CLOSE.replace("fermer mon compte", words))
    assert answer["__typename"] == "AccountClosed"
    (act,) = second.ask(ACTS)["operatorActs"]["nodes"]
    assert (act["operator"], act["kind"]) == (None, "OPERATOR_APPOINTED")
    assert site.account("boss") not in str(stored(site.here)["operator_act"])
