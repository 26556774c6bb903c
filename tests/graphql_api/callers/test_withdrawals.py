"""A key that is retired, a client that is removed: tokens end with them, in every process, within a second."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from joserfc import jwt

from graphql_api.callers.credentials import InvalidTokenError
from graphql_api.clock import utc_now
from graphql_api.identity_provider.oauth.clients import FrontEnd, disable, register_front_end
from graphql_api.identity_provider.signing_keys import retire, rotate
from graphql_api.operations.service import Service
from graphql_api.serving import build_service
from graphql_api.storage.operation import to_microseconds
from tests.conftest import DATABASES, Here
from tests.graphql_api.callers.tokens import REFUSAL, accepted, call, signed, unsigned
from tests.patience import PATIENCE_SECONDS, until
from tests.real.service import RealService, free_port, prepared
from tests.signing import access_token, signing_key

PORTAL = FrontEnd(name="Portail", redirect_uris=("https://portail.example/retour",))
SECOND = timedelta(seconds=1)
QUERY = {"query": "{ booklet { id } }"}


def registered(service: Service) -> str:
    """The id of a front end that was registered now."""
    with service.store.writing():
        return register_front_end(service.store, PORTAL, to_microseconds(utc_now())).client_id


def remove(service: Service, client: str) -> None:
    with service.store.writing():
        assert disable(service.store, client, to_microseconds(utc_now()))


def test_the_tokens_of_a_removed_client_end_within_a_second(here: Here) -> None:
    service = here.deployment.service
    here.clock.stop(here.clock())
    client = registered(service)
    token, other = signed(here, client_id=client), signed(here)
    assert accepted(call(here, f"Bearer {token}"))
    remove(service, client)
    here.clock.moved += SECOND
    assert not accepted(call(here, f"Bearer {token}"))
    assert accepted(call(here, f"Bearer {other}"))


def test_a_client_that_was_registered_just_now_is_known_at_once(here: Here) -> None:
    here.clock.stop(here.clock())
    assert accepted(call(here, f"Bearer {signed(here)}"))
    for client in (registered(here.deployment.service) for _ in range(3)):
        assert accepted(call(here, f"Bearer {signed(here, client_id=client)}"))


def test_a_client_that_somebody_wrote_to_the_database_is_not_known(here: Here) -> None:
    store = here.deployment.store
    client = registered(here.deployment.service)
    with store.writing():
        store.database.execute_sql(f"UPDATE idp_client SET id = 'forged' WHERE id = '{client}'")
    assert not accepted(call(here, f"Bearer {signed(here, client_id='forged')}"))


@contextmanager
def another(here: Here) -> Iterator[Service]:
    """The same service, whose statements are counted."""
    service = build_service(here.deployment.settings, here.clock)
    try:
        yield service
    finally:
        service.close()


def test_a_signature_is_not_checked_again_after_a_reading_that_changed_nothing(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str] = []
    check = jwt.decode

    def counted(token: str, *rest: Any, **named: Any) -> Any:
        checked.append(token)
        return check(token, *rest, **named)

    monkeypatch.setattr(jwt, "decode", counted)
    here.clock.stop(here.clock())
    token = signed(here)
    with another(here) as service:
        for reading in range(1, 4):
            for _ in range(2):
                service.credentials.actor(f"Bearer {token}")
            assert service.store.statements == 2 * reading
            registered(here.deployment.service)  # which changes no key
            here.clock.moved += SECOND
    assert checked == [token]


def test_made_up_key_ids_and_a_client_that_is_gone_cost_one_reading_a_second_each(
    here: Here,
) -> None:
    here.clock.stop(here.clock())
    gone = signed(here, client_id="gone")
    made_up = [
        unsigned({"alg": "ES256", "typ": "at+jwt", "kid": f"kid-{number}"}, {}, b"x" * 64)
        for number in range(20)
    ]
    with another(here) as service:
        for second in range(1, 3):
            for token in (*made_up, *[gone] * 20):
                with pytest.raises(InvalidTokenError):
                    service.credentials.actor(f"Bearer {token}")
            assert service.store.statements == 2 * 2 * second
            here.clock.moved += SECOND


@dataclass(frozen=True)
class Process:
    """A process of the service, asked over HTTP."""

    client: httpx2.Client

    def ask(self, token: str) -> httpx2.Response:
        return self.client.post(
            "/graphql", json=QUERY, headers={"authorization": f"Bearer {token}"}
        )

    def accepts(self, token: str) -> bool:
        answer = self.ask(token)
        if answer.status_code == 200:
            return True
        assert (answer.status_code, answer.json()) == (401, REFUSAL)
        assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'
        return False

    def accepts_after_a_second(self, token: str, since: datetime) -> bool:
        """Whether a request that began a second after that instant is accepted."""
        asked: list[tuple[bool, bool]] = []

        def ask() -> bool:
            is_over = utc_now() >= since + SECOND
            asked.append((is_over, self.accepts(token)))
            return is_over

        until(ask)
        return asked[-1][1]


@pytest.fixture(params=DATABASES)
def service(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RealService]:
    """A service that two processes can run, on each database in turn."""
    urls = {}
    if request.param == "postgresql":
        create = request.getfixturevalue("postgresql")
        names = ("LIVRET_DATABASE_URL", "LIVRET_KEY_STORE_URL")
        urls = {name: create(f"two_{number}") for number, name in enumerate(names)}
    url = f"http://127.0.0.1:{free_port()}"  # one address for both, as behind a proxy
    with prepared(tmp_path, LIVRET_PUBLIC_URL=url, LIVRET_CALLER_LIMITS="off", **urls) as one:
        yield one


@pytest.mark.real_time("it asks processes of their own, which read the machine's clock")
def test_what_is_withdrawn_is_refused_by_two_processes_within_a_second(
    service: RealService,
) -> None:
    built, store = service.deployment.service, service.deployment.store
    client, old = registered(built), signing_key(built)

    def token(key: Any, **named: str) -> str:
        settings = service.settings
        return access_token(key, settings, subject="agent", scope="livret:read", **named)

    with ExitStack() as stack:
        processes = []
        for port in (free_port(), free_port()):
            stack.enter_context(service.on_port(port).running())
            url = f"http://127.0.0.1:{port}"
            opened = httpx2.Client(base_url=url, trust_env=False, timeout=PATIENCE_SECONDS)
            processes.append(Process(stack.enter_context(opened)))
        of_client, of_old = token(old, client=client), token(old)
        for process in processes:
            assert process.accepts(of_client)
            assert process.accepts(of_old)

        remove(built, client)
        removed = utc_now()
        for process in processes:
            assert not process.accepts_after_a_second(of_client, removed)
            assert process.accepts(of_old)

        now = to_microseconds(utc_now())
        with store.writing():
            rotate(store, built.service_keys, now)
            assert retire(store, str(old.kid), now)
        retired = utc_now()
        of_new = token(signing_key(built))
        for process in processes:
            assert process.accepts(of_new)
            assert not process.accepts_after_a_second(of_old, retired)
