"""Regional sites: the 18 delegations of the CNFPT, by their region's INSEE code, and 5 institutes."""

from enum import Enum

import strawberry

from schema.codes import code_table
from schema.description.enums import member


@strawberry.enum(description="What kind of place a site is.")
class SiteKind(Enum):
    """Delegation or institute."""

    DELEGATION = member("DELEGATION", "A delegation of the CNFPT, one a region.")
    INSTITUTE = member("INSTITUTE", "An institute of the CNFPT: INSET or INET.")


@strawberry.type(
    description="A regional site of the CNFPT, which may read what a consent allows it to."
)
class Site:
    """A delegation or an institute."""

    code: str = strawberry.field(
        description="Its code in the table `region`: a region's INSEE code, or an institute's."
    )
    name: str = strawberry.field(description="Its name, in French.")
    kind: SiteKind = strawberry.field(description="What kind of place it is.")


def _site(code: str, label: str) -> Site:
    if code.startswith(("INSET_", "INET_")):
        return Site(code=code, name=label, kind=SiteKind.INSTITUTE)
    return Site(code=code, name=f"Délégation {label} du CNFPT", kind=SiteKind.DELEGATION)


SITES: dict[str, Site] = {
    each.code: _site(each.code, each.label) for each in code_table("region").codes
}
