"""When the keys of the issuer are read: once, again for a key that is not known, never in a hurry."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from joserfc.jwk import ECKey, KeySet

from graphql_api.callers.token_keys import LIFETIME, PAUSE, TokenKeys
from graphql_api.engine.workers import UnavailableError
from tests.clock import Clock


def test_made_up_key_ids_have_the_keys_read_again_only_after_a_pause() -> None:
    read, clock = [KeySet([])], stopped_clock()
    keys = TokenKeys(lambda: read.append(KeySet([])) or read[-1], clock)
    for _ in range(100):
        keys.with_key_id("made-up")
    assert len(read) == 2
    clock.moved = PAUSE
    keys.with_key_id("made-up")
    assert len(read) == 3


def test_keys_that_were_read_serve_while_the_issuer_is_down() -> None:
    key = ECKey.generate_key("P-256", auto_kid=True)
    answers: list[Callable[[], KeySet]] = [_down, lambda: KeySet([key]), _down]
    clock = stopped_clock()
    keys = TokenKeys(lambda: answers.pop(0)(), clock)
    with pytest.raises(UnavailableError):
        keys.with_key_id(key.kid)
    assert keys.with_key_id(key.kid).keys == [key]
    clock.moved = LIFETIME
    assert keys.with_key_id(key.kid).keys == [key]
    assert answers == []


def test_keys_are_read_again_once_the_clock_was_set_back() -> None:
    key = ECKey.generate_key("P-256", auto_kid=True)
    read: list[KeySet] = []
    clock = stopped_clock()
    keys = TokenKeys(lambda: read.append(KeySet([key])) or read[-1], clock)
    keys.with_key_id(key.kid)
    clock.moved = -timedelta(hours=1)
    keys.with_key_id(key.kid)
    keys.with_key_id(key.kid)
    assert len(read) == 2


def stopped_clock() -> Clock:
    clock = Clock()
    clock.stop(datetime(2026, 10, 25, tzinfo=UTC))
    return clock


def _down() -> KeySet:
    raise UnavailableError
