"""Which regional sites were registered, and the machine that calls for each.

A site that is removed keeps its consents: they were given to a delegation, not to its machine, and
serve the next machine. Nobody reads by them meanwhile.
"""

from dataclasses import dataclass
from typing import Any

from graphql_api.identity_provider.oauth import clients
from graphql_api.identity_provider.oauth.clients import RegisteredClient
from graphql_api.storage.keys.authenticated_rows import REGISTERED_SITES
from graphql_api.storage.operation import Operation
from graphql_api.storage.store import Asked
from graphql_api.storage.tables import SiteTable
from schema.sharing.site import SITES, Site

_OF_CLIENT = (
    SiteTable.select(*REGISTERED_SITES.columns)
    .where(SiteTable.client == "client", SiteTable.disabled_at.is_null())
    .tuples()
)


class SiteError(Exception):
    """A site cannot be registered or removed; the message says why, in French."""


@dataclass(frozen=True, slots=True)
class SiteRegistration:
    """A site and the machine that calls for it; `client` is None unless it is registered."""

    site: Site
    client: str | None


def list_registered(op: Operation) -> list[Site]:
    """The sites that may be consented to, in the order of the table of regions."""
    return [line.site for line in list_sites(op) if line.client is not None]


def list_sites(op: Operation) -> list[SiteRegistration]:
    """Every site, registered or not."""
    found = op.store.rows(
        SiteTable.select(*REGISTERED_SITES.columns).where(SiteTable.disabled_at.is_null()).tuples()
    )
    clients_of: dict[str, str] = {
        one["id"]: one["client"] for one in REGISTERED_SITES.genuine(op.store, found)
    }
    return [SiteRegistration(site, clients_of.get(code)) for code, site in SITES.items()]


def site_of(op: Operation, client: str) -> str | None:
    """The code of the registered site for which a machine calls, or None."""
    return site_in(op, *op.store.rows_of_each(site_query(client)))


def site_query(client: str) -> Asked:
    """The query of the site for which a machine calls; `site_in` takes its rows."""
    return "site of a machine", _OF_CLIENT, (client,)


def site_in(op: Operation, rows: list[tuple[Any, ...]]) -> str | None:
    """The code of the site that is registered by one of these rows, or None."""
    found = REGISTERED_SITES.genuine(op.store, rows)
    return str(found[0]["id"]) if found else None


def register(op: Operation, code: str, keys: dict[str, Any] | None = None) -> RegisteredClient:
    """Register a site with a new machine, known by its public keys or by a secret.

    Raises `SiteError` when there is no such site or it is registered, `ClientRegistrationError` for bad keys.
    """
    site = SITES.get(code)
    if site is None:
        raise SiteError(f"Site inconnu : {', '.join(SITES)}.")
    if any(line.client for line in list_sites(op) if line.site is site):
        raise SiteError(f"{site.name} : déjà inscrit.")
    machine = clients.register_machine(op.store, site.name, op.now_us, keys=keys)
    values = {
        "id": code,
        "client": machine.client_id,
        "created_at": op.now_us,
        "disabled_at": None,
    }
    signed = REGISTERED_SITES.signed(op.store, values)
    row = SiteTable.insert(signed)  # it may have been registered before, and removed
    op.store.run(row.on_conflict(conflict_target=[SiteTable.id], update=signed))
    return machine


def unregister(op: Operation, code: str) -> Site:
    """Take the registration of a site back, so that its machine gets no token; return the site.

    Raises `SiteError` when it is not registered.
    """
    line = next((one for one in list_sites(op) if one.site.code == code), None)
    if line is None or line.client is None:
        raise SiteError("Ce site n’est pas inscrit.")
    clients.disable(op.store, line.client, op.now_us)
    REGISTERED_SITES.update(op.store, SiteTable.id == code, disabled_at=op.now_us)
    return line.site
