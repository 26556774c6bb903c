"""The collectivités that hand out codes, as the API shows them."""

from graphql_api.callers.local_authorities import name_of, offices_of
from graphql_api.codes.outcomes import LocalAuthority
from graphql_api.storage.operation import Operation
from schema.description.shared_fields import siret_in_french


def local_authority(op: Operation, siret: str) -> LocalAuthority:
    """The collectivité of a SIRET."""
    return _to_graphql(siret, name_of(op, siret))


def local_authorities(op: Operation) -> list[LocalAuthority]:
    """The collectivités for which the caller is an officer, by SIRET."""
    return [_to_graphql(siret, name) for siret, name in offices_of(op)]


def label_of(siret: str, name: str | None) -> str:
    """How a collectivité is called where people read: by its name or, without one, by its SIRET."""
    return name or f"Collectivité de SIRET {siret_in_french(siret)}"


def _to_graphql(siret: str, name: str | None) -> LocalAuthority:
    return LocalAuthority(siret=siret, name=name, label=label_of(siret, name))
