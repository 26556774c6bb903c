"""The collectivités that hand out codes, as the API shows them."""

from graphql_api.callers.local_authorities import name_of, offices_of
from graphql_api.codes.outcomes import LocalAuthority
from graphql_api.storage.operation import Operation
from schema.description.shared_fields import siret_in_french


def local_authority(op: Operation, siret: str) -> LocalAuthority:
    """The collectivité of a SIRET."""
    return local_authority_named(siret, name_of(op, siret))


def local_authorities(op: Operation) -> list[LocalAuthority]:
    """The collectivités for which the caller is an officer, by SIRET."""
    return [local_authority_named(siret, name) for siret, name in offices_of(op)]


def local_authority_named(siret: str, name: str | None) -> LocalAuthority:
    """The collectivité of a SIRET, by the name that the operator gave it or, without one, by its SIRET."""
    label = name or f"Collectivité de SIRET {siret_in_french(siret)}"
    return LocalAuthority(siret=siret, name=name, label=label)
