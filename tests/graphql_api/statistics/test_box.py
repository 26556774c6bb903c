"""The box for anonymous statistics: unticked until it is ticked, dated by its last change."""

from datetime import datetime, timedelta
from typing import Any

from tests.conftest import Here, with_booklet
from tests.graphql_api.documents import SAY_WHO

STATS = "{ booklet { identity { version statsConsent statsConsentAt } } }"


def test_the_statistics_box_is_unticked_and_undated_until_somebody_ticks_it(here: Here) -> None:
    owner = with_booklet(here, "owner")
    assert owner.ask(STATS)["booklet"]["identity"] == {
        "version": 1,
        "statsConsent": None,
        "statsConsentAt": None,
    }
    owner.do(SAY_WHO, identity={"statsConsent": False}, version=1)
    found = owner.ask(STATS)["booklet"]["identity"]
    assert (found["statsConsent"], found["statsConsentAt"]) == (False, None)


def test_the_date_of_the_statistics_box_is_that_of_its_last_change(here: Here) -> None:
    here.clock.stop(here.clock())
    owner = with_booklet(here, "owner")
    steps: list[tuple[Any, bool]] = [
        ({"statsConsent": True}, True),
        ({"statsConsent": True}, False),
        ({"city": "Pessac"}, False),
        ({"statsConsent": False}, True),
        ({"statsConsent": None}, False),
        ({"statsConsent": True}, True),
        ({"statsConsent": None}, True),
    ]
    before = None
    for version, (fields, changes) in enumerate(steps, start=1):
        here.clock.moved += timedelta(days=1)
        answer = owner.do(SAY_WHO, identity=fields, version=version)
        assert answer["__typename"] == "IdentityRevised"
        now = owner.ask(STATS)["booklet"]["identity"]["statsConsentAt"]
        assert (now != before) == changes, fields
        if changes:
            assert datetime.fromisoformat(now) == here.clock()
        before = now


def test_a_refused_form_does_not_touch_the_statistics_box(here: Here) -> None:
    owner = with_booklet(here, "owner")
    owner.do(SAY_WHO, identity={"statsConsent": True, "lastName": "4"}, version=1)
    owner.do(SAY_WHO, identity={"statsConsent": True}, version=7)
    assert owner.ask(STATS)["booklet"]["identity"]["statsConsentAt"] is None
