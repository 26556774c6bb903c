"""How tests of statistics make a crowd, publish what it is, and read it as an operator."""

import uuid
from datetime import timedelta
from typing import Any

from graphql_api.callers.officers import add_operator
from graphql_api.serving import build_service
from graphql_api.statistics.differential_privacy import Noise
from graphql_api.statistics.statistics import PublicationReport, publish
from graphql_api.storage.actors import Agent, Anonymous
from graphql_api.storage.keys.encryption import Sealer, new_key, wrap
from graphql_api.storage.operation import to_microseconds
from graphql_api.storage.tables import BookletKeyTable, BookletTable
from tests.conftest import Caller, Here
from tests.graphql_api.written_sections import entry_row, put

STATISTICS = """query($month: String) { statistics(month: $month) {
  month publishedAt standardDeviation smallestShown
  tables { name label explanation figures { code label persons whyHidden } }
} }"""
CELLS = 71
BREST, BORDEAUX, ABROAD = "29200", "33000", ""


def silence() -> int:
    return 0


def crowd(
    here: Here, many: int, postal_code: str, *, ticked: bool = True, days_old: int = 1, **entry: Any
) -> list[str]:
    """Booklets of so many people who live somewhere, with an entry if one is given."""
    at = to_microseconds(here.clock() - timedelta(days=days_old))
    master, times = here.deployment.settings.master_key, {"created_at": at, "updated_at": at}
    booklets, sealers, keys = [], [], []
    for _ in range(many):
        id, key = str(uuid.uuid4()), new_key()
        sealers.append(Sealer(id, key))
        booklets.append(
            {"id": id, "person": id, "state": "OPEN", "version": 1, "code_hash": ""} | times
        )
        keys.append({"booklet": id, "wrapped": wrap(master, id, key)})
    who = {"last_name": "Lefèvre", "postal_code": postal_code, "stats_consent": ticked}
    store, key_store = here.deployment.store, here.deployment.key_store
    op = here.deployment.service.operation(Anonymous())
    with store.writing(), key_store.writing():
        store.run(BookletTable.insert_many(booklets))
        key_store.run(BookletKeyTable.insert_many(keys))
        for sealer, booklet in zip(sealers, booklets, strict=True):
            id = booklet["id"]
            rows = [entry_row(op, id, "DIPLOMA", **entry)] if entry else []
            put(op, id, sealer, entries=rows, identity=who, new=True)
    return [one["id"] for one in booklets]


def published(here: Here, month: str | None = None, noise: Noise = silence) -> PublicationReport:
    """A publication with the noise that a test needs, at the time of the service."""
    service = build_service(here.deployment.settings, here.clock)
    try:
        return publish(service.operation(Anonymous()), month, noise)
    finally:
        service.close()


def operator(here: Here) -> Caller:
    """Somebody who operates the service, signed in to read."""
    service = build_service(here.deployment.settings)
    who = Agent(here.deployment.settings.identity_issuer, "operator", frozenset())
    with service.store.writing():
        add_operator(service.operation(who), who)
    service.close()
    return here.caller("operator", "livret:read")


def shown(here: Here, month: str | None = None) -> dict[tuple[str, str], int]:
    """The cells that an operator reads of a month, but for those that are hidden."""
    release = operator(here).ask(STATISTICS, month=month)["statistics"]
    return {
        (table["name"], figure["code"]): figure["persons"]
        for table in release["tables"]
        for figure in table["figures"]
        if figure["persons"] is not None
    }


def stored(here: Here) -> tuple[int, int]:
    """How many months and cells are stored."""
    count = here.deployment.store.database.execute_sql
    months, cells = (
        count(f"SELECT COUNT(*) FROM statistics_{name}").fetchone()[0] for name in ("month", "cell")
    )
    return months, cells
