"""The log of what operators do, as they read it; and the rule of those acts that give or take rights."""

from strawberry import ID

from graphql_api.callers import operator_log
from graphql_api.callers.account_lookup import account_of
from graphql_api.callers.officers import require_operator
from graphql_api.callers.operator_log import ActRow
from graphql_api.callers.recent_sign_in import require_recent_sign_in
from graphql_api.configuration.settings import OWN_ISSUER
from graphql_api.operating.outcomes import OperatorAct, OperatorActKind
from graphql_api.storage.actors import Agent
from graphql_api.storage.operation import Operation, from_microseconds, to_microseconds
from schema.description.connection import Connection, page_of, page_size
from schema.sharing.site import SITES
from schema.typography import typeset

_LABELS = {
    OperatorActKind.OFFICER_APPOINTED: "Agent RH nommé",
    OperatorActKind.OFFICER_DISMISSED: "Droit d’agent RH retiré",
    OperatorActKind.OPERATOR_APPOINTED: "Exploitant nommé",
    OperatorActKind.OPERATOR_DISMISSED: "Droit d’exploitant retiré",
    OperatorActKind.SITE_REGISTERED: "Site régional inscrit",
    OperatorActKind.SITE_UNREGISTERED: "Site régional retiré",
    OperatorActKind.CLIENT_REGISTERED: "Application inscrite",
    OperatorActKind.CLIENT_REVISED: "Application modifiée",
    OperatorActKind.CLIENT_DISABLED: "Application retirée",
    OperatorActKind.ACCOUNT_LOOKED_UP: "Compte recherché",
    OperatorActKind.ACTIVATION_RESENT: "Courriel d’activation renvoyé",
    OperatorActKind.ACCOUNT_DISABLED: "Compte désactivé",
    OperatorActKind.ACCOUNT_ENABLED: "Compte réactivé",
}
_SIGN_IN_AGAIN = (
    "Cet acte demande une connexion récente : identifiez-vous de nouveau, puis recommencez."
)


def require_recent_operator(op: Operation) -> None:
    """Refuse whoever does not operate the service, or signed in too long ago to give or take rights.

    Raises `PublicError`, or `Refused` with `RecentSignInRequired`.
    """
    require_operator(op)
    require_recent_sign_in(op, _SIGN_IN_AGAIN)


def record(op: Operation, kind: OperatorActKind, about: str | None = None) -> None:
    """Write what the caller does; `about` is a SIRET, a site or an application, never a person."""
    operator_log.record(op, kind.value, about)


def page_of_acts(op: Operation, first: int, after: str | None) -> Connection[OperatorAct]:
    """A page of the log, the last act first. Raises `PublicError` for whoever is no operator."""
    require_operator(op)
    most = page_size(first)
    at, _, id = (after or "").partition(".")
    is_place = at.isascii() and at.isdigit() and len(at) < 19
    if after is not None and not is_place:
        return page_of([], most, after, _cursor)
    rows = operator_log.list_acts(op, most + 1, (int(at), id) if after is not None else None)
    authors = {(row.issuer, row.subject): None for row in rows}
    names = {author: _name(op, *author) for author in authors}
    found = [_act(op, row, names[row.issuer, row.subject]) for row in rows]
    return page_of(found, most, after, _cursor)


def _name(op: Operation, issuer: str, subject: str) -> str | None:
    """The address of an operator's account, else their identifier; None once they are gone."""
    record = account_of(op, subject) if issuer == OWN_ISSUER and subject else None
    return record.details.email if record else subject or None


def _act(op: Operation, row: ActRow, name: str | None) -> OperatorAct:
    kind, actor = OperatorActKind(row.act), op.actor
    return OperatorAct(
        id=ID(row.id),
        at=from_microseconds(row.at),
        operator=name,
        is_caller=isinstance(actor, Agent)
        and (actor.issuer, actor.subject) == (row.issuer, row.subject),
        kind=kind,
        label=_label(kind, row.about),
        about=row.about,
    )


def _label(kind: OperatorActKind, about: str | None) -> str:
    """What was done; of a regional site, with its name: its code says little."""
    site = SITES.get(about or "")
    is_of_a_site = kind in (OperatorActKind.SITE_REGISTERED, OperatorActKind.SITE_UNREGISTERED)
    return typeset(f"{_LABELS[kind]} : {site.name}") if is_of_a_site and site else _LABELS[kind]


def _cursor(act: OperatorAct) -> str:
    return f"{to_microseconds(act.at)}.{act.id}"
