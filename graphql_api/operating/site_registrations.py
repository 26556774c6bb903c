"""Regional sites, as operators register and unregister them; the verbs are those of the command line."""

from graphql_api.callers import sites
from graphql_api.callers.officers import require_operator
from graphql_api.callers.sites import SiteError
from graphql_api.operating.acts import record, require_recent_operator
from graphql_api.operating.outcomes import (
    OperatorActKind,
    SiteRegistered,
    SiteRegistration,
    SiteUnregistered,
)
from graphql_api.storage.operation import Operation
from schema.description.refusals import InvalidEntry, NotFound, Refused, problem


def site_registrations(op: Operation) -> list[SiteRegistration]:
    """Every site, registered or not. Raises `PublicError` for whoever operates nothing."""
    require_operator(op)
    return [
        SiteRegistration(code=line.site.code, name=line.site.name, client=line.client)
        for line in sites.list_sites(op)
    ]


def register_site(op: Operation, code: str) -> SiteRegistered:
    """Register a site with a machine that has a secret. Refused with `InvalidEntry`."""
    require_recent_operator(op)
    try:
        machine = sites.register(op, code)
    except SiteError as error:
        wrong = problem("site", "NOT_REGISTRABLE", str(error))
        raise Refused(InvalidEntry(problems=[wrong])) from error
    record(op, OperatorActKind.SITE_REGISTERED, code)
    return SiteRegistered(code=code, client=machine.client_id, secret=str(machine.secret))


def unregister_site(op: Operation, code: str) -> SiteUnregistered:
    """Take the registration of a site back. Refused with `NotFound`."""
    require_recent_operator(op)
    try:
        site = sites.unregister(op, code)
    except SiteError as error:
        raise Refused(NotFound(path="site", message=str(error))) from error
    record(op, OperatorActKind.SITE_UNREGISTERED, code)
    return SiteUnregistered(name=site.name)
