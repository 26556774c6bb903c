"""When the keys of the issuer are read: once, again for a key that is not known, never in a hurry."""

from collections.abc import Callable

import pytest
from joserfc.jwk import ECKey, KeySet

from graphql_api.callers.token_keys import LIFETIME_SECONDS, PAUSE_SECONDS, TokenKeys
from graphql_api.engine.workers import UnavailableError


def test_made_up_key_ids_have_the_keys_read_again_only_after_a_pause() -> None:
    read, time = [KeySet([])], [0.0]
    keys = TokenKeys(lambda: read.append(KeySet([])) or read[-1], timer=lambda: time[0])
    for _ in range(100):
        keys.with_key_id("made-up")
    assert len(read) == 2
    time[0] = PAUSE_SECONDS
    keys.with_key_id("made-up")
    assert len(read) == 3


def test_keys_that_were_read_serve_while_the_issuer_is_down() -> None:
    key = ECKey.generate_key("P-256", auto_kid=True)
    answers: list[Callable[[], KeySet]] = [_down, lambda: KeySet([key]), _down]
    time = [0.0]
    keys = TokenKeys(lambda: answers.pop(0)(), timer=lambda: time[0])
    with pytest.raises(UnavailableError):
        keys.with_key_id(key.kid)
    assert keys.with_key_id(key.kid).keys == [key]
    time[0] = LIFETIME_SECONDS
    assert keys.with_key_id(key.kid).keys == [key]
    assert answers == []


def _down() -> KeySet:
    raise UnavailableError
