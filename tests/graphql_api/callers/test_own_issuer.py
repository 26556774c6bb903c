"""What a process knows of its own issuer: a second old at most, the same object while nothing changed."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Event, current_thread

import pytest
from joserfc.jwk import ECKey, KeySet

from graphql_api.callers.own_issuer import LIFETIME, OwnIssuer
from graphql_api.engine.workers import UnavailableError
from graphql_api.identity_provider.validity import Validity, read_validity
from tests.conftest import Here
from tests.graphql_api.callers.test_token_keys import stopped_clock
from tests.patience import PATIENCE_SECONDS

KEY = ECKey.generate_key("P-256", auto_kid=True)
KNOWN = Validity(KeySet([KEY]), (KEY.kid,), frozenset({"portal"}), [], [])


def _down(_known: Validity | None) -> Validity:
    raise UnavailableError


def test_nothing_is_accepted_while_the_database_does_not_answer_and_all_is_after_it() -> None:
    answers: list[Callable[[Validity | None], Validity]] = [
        _down,
        lambda _: KNOWN,
        _down,
        _down,
        lambda known: known or pytest.fail("what was read before is forgotten"),
    ]
    clock = stopped_clock()
    issuer = OwnIssuer(lambda known: answers.pop(0)(known), "livret", clock)
    with pytest.raises(UnavailableError):
        issuer.with_key_id(KEY.kid)
    assert issuer.with_key_id(KEY.kid) is KNOWN.keys
    assert issuer.is_registered("portal")
    clock.moved = LIFETIME
    with pytest.raises(UnavailableError):
        issuer.with_key_id(KEY.kid)
    with pytest.raises(UnavailableError):
        issuer.is_registered("portal")
    assert issuer.with_key_id(KEY.kid) is KNOWN.keys
    assert issuer.is_registered("portal")
    assert answers == []


def test_requests_that_wait_for_a_reading_that_fails_fail_with_it() -> None:
    """Each would wait for the database in turn otherwise, as long as it takes to give up."""
    stopped, many, tried = stopped_clock(), 4, 0
    looked = [Event() for _ in range(many)]

    def clock() -> datetime:
        name = current_thread().name  # who looks at the clock has seen that nothing failed yet
        if name.startswith("asking"):
            looked[int(name.rpartition("_")[2])].set()
        return stopped()

    def read(known: Validity | None) -> Validity:
        nonlocal tried
        if known is None:
            return KNOWN
        tried += 1
        for one in looked:
            assert one.wait(PATIENCE_SECONDS)
        raise UnavailableError

    issuer = OwnIssuer(read, "livret", clock)
    issuer.with_key_id(KEY.kid)
    stopped.moved = LIFETIME
    with ThreadPoolExecutor(many, "asking") as pool:
        for one in [pool.submit(issuer.with_key_id, KEY.kid) for _ in range(many)]:
            with pytest.raises(UnavailableError):
                one.result(PATIENCE_SECONDS)
    assert tried == 1


def test_a_clock_that_was_set_back_has_keys_and_clients_read_again() -> None:
    read: list[Validity] = []
    clock = stopped_clock()
    issuer = OwnIssuer(lambda _: read.append(KNOWN) or KNOWN, "livret", clock)
    issuer.with_key_id(KEY.kid)
    clock.moved = -timedelta(hours=1)
    issuer.with_key_id(KEY.kid)
    issuer.is_registered("portal")
    assert len(read) == 2


def test_the_service_itself_is_a_client_that_needs_no_registration_and_no_reading() -> None:
    assert OwnIssuer(_down, "livret", stopped_clock()).is_registered("livret")


def test_a_reading_that_finds_the_same_rows_authenticates_none_and_keeps_the_key_set(
    here: Here,
) -> None:
    here.register("portal")
    store = here.deployment.store
    known, key = read_validity(store), store.row_key
    store.row_key = lambda name: pytest.fail(f"{name} are authenticated again")
    try:
        again = read_validity(store, known)
    finally:
        store.row_key = key
    assert again.keys is known.keys
    assert again.clients is known.clients
    here.register("another")
    more = read_validity(store, again)
    assert more.keys is known.keys
    assert more.clients == {"portal", "another"}
