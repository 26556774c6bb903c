"""The time of a job ends with it, whenever its signal comes. No test here waits for a timer."""

import signal
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from print_site import limits
from print_site.errors import PrintError, Reason

KINDS = (signal.SIGPROF, signal.SIGALRM)
TIMERS = (signal.ITIMER_PROF, signal.ITIMER_REAL)
HOURS = 36_000.0


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    """Check that a limit leaves the handlers as they were, and no timer."""
    before = [signal.getsignal(kind) for kind in KINDS]
    yield
    assert [signal.getsignal(kind) for kind in KINDS] == before
    assert [signal.getitimer(timer) for timer in TIMERS] == [(0.0, 0.0)] * 2


@pytest.mark.parametrize("kind", KINDS)
def test_work_whose_time_is_over_is_ended(kind: signal.Signals) -> None:
    with pytest.raises(PrintError) as raised, limits.time_limit(HOURS):
        signal.raise_signal(kind)
    assert raised.value.reason is Reason.TOO_LONG


@pytest.mark.parametrize("kind", KINDS)
def test_a_library_that_swallows_the_first_signal_is_ended_by_the_next(
    kind: signal.Signals,
) -> None:
    with pytest.raises(PrintError), limits.time_limit(HOURS):
        _swallow_one_of_two(kind)


def test_time_that_is_over_before_the_work_begins_leaves_no_timer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    setitimer = signal.setitimer

    def over_at_once(timer: int, seconds: float, *more: float) -> Any:
        set_before = setitimer(timer, seconds, *more)
        if seconds:
            signal.raise_signal(signal.SIGALRM)
        return set_before

    monkeypatch.setattr(signal, "setitimer", over_at_once)
    with pytest.raises(PrintError), limits.time_limit(HOURS):
        pytest.fail("the work has begun")


def test_a_signal_that_comes_when_the_work_is_done_says_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    setitimer = signal.setitimer

    def late(timer: int, seconds: float, *more: float) -> Any:
        if not seconds:
            signal.raise_signal(signal.SIGALRM if timer == signal.ITIMER_REAL else signal.SIGPROF)
        return setitimer(timer, seconds, *more)

    monkeypatch.setattr(signal, "setitimer", late)
    with limits.time_limit(HOURS):
        done = True
    assert done


def _swallow_one_of_two(kind: signal.Signals) -> None:
    with suppress(PrintError):
        signal.raise_signal(kind)
    signal.raise_signal(kind)
    pytest.fail("the work goes on")
