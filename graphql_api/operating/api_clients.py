"""Front ends and machines that may ask for tokens, as operators list, register, change and disable them."""

import json
from collections.abc import Callable, Iterable
from typing import Any

from strawberry import ID

from graphql_api.callers import sites
from graphql_api.callers.officers import require_operator
from graphql_api.identity_provider.oauth import clients
from graphql_api.identity_provider.oauth.client import Client
from graphql_api.identity_provider.oauth.client_urls import check_origin, check_url
from graphql_api.identity_provider.oauth.clients import (
    ClientRegistrationError,
    FrontEnd,
    RegisteredClient,
)
from graphql_api.operating.acts import record, require_recent_operator
from graphql_api.operating.inputs import (
    MAX_ADDRESSES,
    MAX_NAME_LENGTH,
    FrontEndInput,
    MachineInput,
)
from graphql_api.operating.outcomes import (
    ApiClient,
    ClientDisabled,
    ClientRegistered,
    ClientRevised,
    OperatorActKind,
)
from graphql_api.storage.operation import Operation
from schema.description.refusals import (
    InvalidEntry,
    LimitReached,
    NotFound,
    Problem,
    Refused,
    problem,
)
from schema.description.text_cleaning import clean_line

MAX_CLIENTS = 1_000
MAX_ADDRESS_LENGTH = 2_000
_UNKNOWN = "Aucune application n’a cet identifiant, ou elle n’obtient déjà plus rien."
_NO_NAME = "Indiquez le nom de l’application."
_LONG_NAME = f"Écrivez ce nom en {MAX_NAME_LENGTH} caractères au plus."
_NO_REDIRECT = "Indiquez au moins une adresse de retour."
_NO_JSON = "Collez un jeu de clés publiques (JWKS), en JSON."
_FULL = f"{MAX_CLIENTS} applications sont inscrites : retirez-en une d’abord."


def api_clients(op: Operation) -> list[ApiClient]:
    """The clients that are not disabled, by name. Raises `PublicError` for no operator."""
    require_operator(op)
    site_of = _sites(op)
    return [
        _told(one, site_of.get(one.client_id))
        for one in clients.list_clients(op.store)[:MAX_CLIENTS]
    ]


def register_front_end(op: Operation, given: FrontEndInput) -> ClientRegistered:
    """Register a front end. Refused with `InvalidEntry` and `LimitReached`."""
    require_recent_operator(op)
    front_end = _front_end(given)
    _require_room(op)
    made = clients.register_front_end(op.store, front_end, op.now_us)
    return _registered(op, made)


def revise_front_end(op: Operation, id: str, given: FrontEndInput) -> ClientRevised:
    """Give a front end another name and other addresses. Refused with `InvalidEntry`, `NotFound`."""
    require_recent_operator(op)
    front_end = _front_end(given)
    if not clients.revise_front_end(op.store, id, front_end):
        raise Refused(NotFound(path="id", message=_UNKNOWN))
    record(op, OperatorActKind.CLIENT_REVISED, id)
    return ClientRevised(id=ID(id))


def register_machine(op: Operation, given: MachineInput) -> ClientRegistered:
    """Register a machine, by its keys or with a secret. Refused with `InvalidEntry`, `LimitReached`."""
    require_recent_operator(op)
    name, keys = _machine(given)
    _require_room(op)
    made = clients.register_machine(op.store, name, op.now_us, keys=keys)
    return _registered(op, made)


def revise_machine(op: Operation, id: str, given: MachineInput) -> ClientRevised:
    """Give a machine another name and, if it signs with keys, other keys.

    The machine of a regional site has the site's name. Refused with `InvalidEntry` and `NotFound`.
    """
    require_recent_operator(op)
    name, keys = _machine(given)
    if id in _sites(op) or not clients.revise_machine(op.store, id, name, keys):
        raise Refused(NotFound(path="id", message=_UNKNOWN))
    record(op, OperatorActKind.CLIENT_REVISED, id)
    return ClientRevised(id=ID(id))


def disable_client(op: Operation, id: str) -> ClientDisabled:
    """Grant a client nothing more. The machine of a regional site goes with its site.

    Refused with `NotFound`.
    """
    require_recent_operator(op)
    if id in _sites(op) or not clients.disable(op.store, id, op.now_us):
        raise Refused(NotFound(path="id", message=_UNKNOWN))
    record(op, OperatorActKind.CLIENT_DISABLED, id)
    return ClientDisabled(id=ID(id))


def _sites(op: Operation) -> dict[str, str]:
    """The code of the site of each machine that has one."""
    return {line.client: line.site.code for line in sites.list_sites(op) if line.client}


def _told(one: Client, site: str | None) -> ApiClient:
    return ApiClient(
        id=ID(one.client_id),
        name=one.name,
        is_front_end=bool(one.redirect_uris),
        authentication=one.authentication,
        redirect_uris=list(one.redirect_uris),
        post_logout_redirect_uris=list(one.post_logout_redirect_uris),
        origins=list(one.origins),
        site=site,
    )


def _registered(op: Operation, made: RegisteredClient) -> ClientRegistered:
    record(op, OperatorActKind.CLIENT_REGISTERED, made.client_id)
    return ClientRegistered(id=ID(made.client_id), secret=made.secret)


def _require_room(op: Operation) -> None:
    if len(clients.list_clients(op.store)) >= MAX_CLIENTS:
        raise Refused(LimitReached(limit=MAX_CLIENTS, message=_FULL))


def _front_end(given: FrontEndInput) -> FrontEnd:
    """The front end that was described. Refused with `InvalidEntry`, which tells every problem."""
    problems: list[Problem] = []
    name = _name(given.name, problems)
    redirects = _addresses("redirectUris", given.redirect_uris, check_url, problems)
    if not redirects and not any(one.path == "redirectUris" for one in problems):
        problems.append(problem("redirectUris", "REQUIRED", _NO_REDIRECT))
    after = _addresses(
        "postLogoutRedirectUris", given.post_logout_redirect_uris, check_url, problems
    )
    origins = _addresses("origins", given.origins, check_origin, problems)
    if problems:
        raise Refused(InvalidEntry(problems=problems))
    return FrontEnd(name, redirects, origins, after, confidential=given.has_secret)


def _machine(given: MachineInput) -> tuple[str, dict[str, Any] | None]:
    problems: list[Problem] = []
    name, keys = _name(given.name, problems), None
    if given.keys is not None and given.keys.strip():
        try:
            keys = clients.read_public_keys(json.loads(given.keys))
        except ClientRegistrationError as error:
            problems.append(problem("keys", "FORMAT", str(error)))
        except (ValueError, RecursionError):
            problems.append(problem("keys", "FORMAT", _NO_JSON))
    if problems:
        raise Refused(InvalidEntry(problems=problems))
    return name, keys


def _name(given: str, problems: list[Problem]) -> str:
    name = clean_line(given)
    if not name:
        problems.append(problem("name", "REQUIRED", _NO_NAME))
    elif len(name) > MAX_NAME_LENGTH:
        problems.append(problem("name", "TOO_LONG", _LONG_NAME))
    return name


def _addresses(
    path: str, given: Iterable[str], check: Callable[[str], None], problems: list[Problem]
) -> tuple[str, ...]:
    """The addresses, each once and in their order; the first problem of them is told."""
    kept = tuple(dict.fromkeys(text for text in (one.strip() for one in given) if text))
    try:
        if len(kept) > MAX_ADDRESSES:
            raise ValueError(f"Indiquez {MAX_ADDRESSES} adresses au plus.")
        for text in kept:
            if len(text) > MAX_ADDRESS_LENGTH:
                raise ValueError(f"Une adresse compte {MAX_ADDRESS_LENGTH} caractères au plus.")
            check(text)
    except ValueError as error:
        problems.append(problem(path, "FORMAT", str(error)))
    return kept
