"""Front ends and machines that may ask for tokens, as operators list and disable them."""

from strawberry import ID

from graphql_api.callers import sites
from graphql_api.callers.officers import require_operator
from graphql_api.identity_provider.oauth import clients
from graphql_api.operating.outcomes import ApiClient, ClientDisabled
from graphql_api.storage.operation import Operation
from schema.description.refusals import NotFound, Refused

MAX_CLIENTS = 1_000
_UNKNOWN = "Aucune application n’a cet identifiant, ou elle n’obtient déjà plus rien."


def api_clients(op: Operation) -> list[ApiClient]:
    """The clients that are not disabled, by name. Raises `PublicError` for no operator."""
    require_operator(op)
    site_of = {line.client: line.site.code for line in sites.list_sites(op) if line.client}
    return [
        ApiClient(
            id=ID(one.client_id),
            name=one.name,
            is_front_end=bool(one.redirect_uris),
            authentication=one.authentication,
            redirect_uris=list(one.redirect_uris),
            origins=list(one.origins),
            site=site_of.get(one.client_id),
        )
        for one in clients.list_clients(op.store)[:MAX_CLIENTS]
    ]


def disable_client(op: Operation, id: str) -> ClientDisabled:
    """Grant a client nothing more. Refused with `NotFound`."""
    require_operator(op)
    if not clients.disable(op.store, id, op.now_us):
        raise Refused(NotFound(path="id", message=_UNKNOWN))
    return ClientDisabled(id=ID(id))
