"""The service's clock jumps by seconds, hours and days, forwards and back, between writes."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from graphql_api.serving import recover_and_clean_up
from tests.conftest import Here, with_booklet
from tests.graphql_api.callers.tokens import accepted, call, signed
from tests.graphql_api.documents import ADD, REVISE, entry, whole
from tests.torture.figures import Figures

pytestmark = pytest.mark.torture

JUMPS = (0, 60, -60, 300, -300, 3600, -3600, 86_400, -86_400, -86_400, 2 * 86_400, -3 * 86_400)
SKEWS = {60: True, -60: True, 300: False, -300: False, 86_400: False, -86_400: False}


def test_writes_go_on_while_the_clock_jumps_and_none_is_lost(
    here: Here, figures: Figures, times: Callable[[int, int], int]
) -> None:
    with_booklet(here, "owner")
    faults, acknowledged, versions = 0, set(), []
    for round_ in range(times(1, 4)):
        for number, jump in enumerate(JUMPS):
            here.clock.moved += timedelta(seconds=jump)
            owner = here.caller("owner")  # whose token was made just now
            sent = {"entry": entry("attachment", title="x"), "key": f"{round_} {number}"}
            answers = [owner.post({"query": ADD, "variables": sent}) for _ in range(2)]
            faults += sum(one.status_code >= 500 for one in answers)
            first, again = (one.json()["data"]["entryAdd"]["entry"]["id"] for one in answers)
            faults += first != again
            revised = owner.do(REVISE, id=first, version=1, entry=entry("attachment", title="y"))
            acknowledged.add((revised["entry"]["id"], revised["entry"]["version"]))
            recover_and_clean_up(
                here.deployment.service
            )  # a sweep, at whatever hour it takes it to be
            versions.append(whole(owner)["version"])
    there = {(one["id"], one["version"]) for one in whole(here.caller("owner"))["entries"]}
    figures.size("jumps", len(versions))
    figures.exactly("faults, or writes done twice under one key", faults, 0)
    figures.exactly("acknowledged writes lost", len(acknowledged - there), 0)
    figures.exactly("versions that went back", int(versions != sorted(set(versions))), 0)


def test_a_token_is_believed_within_a_minute_of_the_clock_and_not_beyond(
    here: Here, figures: Figures
) -> None:
    here.clock.stop(here.clock().replace(microsecond=900_000))
    now, wrong = here.clock.seconds, 0
    for skew, good in SKEWS.items():
        times = {"iat": now + skew, "exp": now + skew + 600} if skew > 0 else {"exp": now + skew}
        times |= {"iat": now + skew - 600} if skew < 0 else {}
        wrong += accepted(call(here, f"Bearer {signed(here, **times)}")) != good
    figures.exactly("tokens of ±60 s refused, or of ±300 s and ±1 day accepted", wrong, 0)
