"""Two processes of the service behind a proxy, on PostgreSQL with a synchronous replica that takes over."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

import httpx2
import pytest

from tests.conftest import Caller, Here, open_booklet
from tests.graphql_api.documents import ADD, entry
from tests.patience import PATIENCE_SECONDS, until
from tests.real.replicas import replicated
from tests.real.service import RealService, free_port, prepared
from tests.real.turns import Turns, taking_turns

pytestmark = pytest.mark.real

ENOUGH = 6
IDS = "{ booklet { version entries { id } } }"


@dataclass
class Writer:
    """Adds entries one after the other, and notes those that the service acknowledged."""

    caller: Caller
    acknowledged: list[str] = field(default_factory=list)
    refused: int = 0
    over: Event = field(default_factory=Event)

    def write(self) -> None:
        """Add entries until told to end; what is not acknowledged is not tried again."""
        while not self.over.is_set():
            try:
                answer = self.caller.post({"query": ADD, "variables": {"entry": entry("training")}})
            except httpx2.TransportError:
                self.refused += 1
                continue
            if answer.status_code == 503:
                self.refused += 1
                continue
            assert answer.status_code == 200, answer.text
            self.acknowledged.append(answer.json()["data"]["entryAdd"]["entry"]["id"])


def ids(caller: Caller) -> list[str]:
    return [one["id"] for one in caller.ask(IDS)["booklet"]["entries"]]


@contextmanager
def owner(service: RealService) -> Iterator[Caller]:
    """An agent with an open booklet, each of whose requests has a connection of its own."""
    limits = httpx2.Limits(max_keepalive_connections=0)
    with httpx2.Client(
        base_url=service.url, trust_env=False, timeout=PATIENCE_SECONDS, limits=limits
    ) as client:
        here = Here("postgresql", service.deployment, client)
        caller = here.caller("owner")
        open_booklet(caller, here)
        yield caller


def test_nothing_acknowledged_is_lost_when_the_replica_takes_over_and_each_process_reads_what_the_other_wrote(
    tmp_path: Path,
) -> None:
    ports, address = (free_port(), free_port()), free_port()
    with ExitStack() as stack:
        databases = stack.enter_context(replicated(tmp_path, "livret", "keys"))
        service = stack.enter_context(
            prepared(
                tmp_path,
                LIVRET_DATABASE_URL=databases.url("livret"),
                LIVRET_KEY_STORE_URL=databases.url("keys"),
                LIVRET_PUBLIC_URL=f"http://127.0.0.1:{address}",
                LIVRET_CALLER_LIMITS="off",
            )
        )
        for port in ports:
            stack.enter_context(service.on_port(port).running())
        proxy = stack.enter_context(taking_turns(address, ports))
        caller = stack.enter_context(owner(service))
        writer = Writer(caller)
        for _ in range(ENOUGH):
            read_after_write(caller, proxy, writer)

        thread = Thread(target=writer.write, daemon=True)
        thread.start()
        until(lambda: len(writer.acknowledged) >= 2 * ENOUGH)
        databases.stop_primary()
        until(lambda: writer.refused > 0)
        before = len(writer.acknowledged)
        databases.promote()
        until(lambda: len(writer.acknowledged) >= before + ENOUGH or not thread.is_alive())
        writer.over.set()
        thread.join()

        for _ in ports:
            found = ids(caller)
            assert set(writer.acknowledged) <= set(found)
            assert len(found) <= len(writer.acknowledged) + writer.refused
        for _ in range(ENOUGH):
            read_after_write(caller, proxy, writer)


def read_after_write(caller: Caller, proxy: Turns, writer: Writer) -> None:
    """What one process wrote is read by the other at once."""
    made = caller.do(ADD, entry=entry("diploma"))["entry"]["id"]
    writer.acknowledged.append(made)
    assert made in ids(caller)
    assert proxy.served[-1] != proxy.served[-2], "one process answered both"
