"""How often something may be tried, counted in the database for all processes at once.

Every attempt counts before it is judged, in a transaction of its own, so that neither a refusal
nor a crowd of simultaneous attempts escapes; what succeeds is given back. A counter begins anew
when its hour is over.

A stranger must not lock somebody out. Wrong passwords count for an account and an address
together, ten an hour, and for all addresses together, fifty an hour; but this second limit does
not hold for an address from which the account was signed in to within thirty days. Whoever resets
their password by letter is forgiven at their address, which becomes one of those; the letters for
that are counted apart, so that nobody uses them up with letters of another kind.

Counters are keyed hashes: they name neither accounts nor addresses.
"""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Network, ip_address

from peewee import Case
from starlette.requests import Request

from graphql_api.identity_provider.accounts.account_context import HOUR, SECOND, AccountContext
from graphql_api.identity_provider.accounts.tables import Attempt

_DAY = 24 * HOUR


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many attempts of a kind in a time, in microseconds."""

    kind: str
    most: int
    within: int = HOUR


PASSWORD_HERE = Limit("password-here", 10)
PASSWORD = Limit("password", 50)
PASSWORD_AGAIN = Limit("password-again", 10)
ADDRESS = Limit("address", 200)
REGISTRATIONS = Limit("registrations", 100)
LETTERS = Limit("letters", 5)
KEYS = Limit("keys", 50)
_FAMILIAR = Limit("familiar", 0, 30 * _DAY)


def take(context: AccountContext, limit: Limit, *who: str) -> int:
    """Count an attempt; 0 when it may be made, otherwise in how many seconds one may.

    Within a write transaction that is committed whatever becomes of the attempt.
    """
    counter = context.blind_index(limit.kind, *who)
    running = Attempt.expires_at > context.now
    until = context.now + limit.within
    first = Attempt.insert(counter=counter, count=1, expires_at=until)
    context.store.run(
        first.on_conflict(
            conflict_target=[Attempt.counter],
            update={
                Attempt.count: Case(None, [(running, Attempt.count + 1)], 1),
                Attempt.expires_at: Case(None, [(running, Attempt.expires_at)], until),
            },
        )
    )
    columns = (Attempt.count, Attempt.expires_at)
    row = context.store.row(Attempt.select(*columns).where(Attempt.counter == counter).tuples())
    count, expires_at = row or (1, until)
    return 0 if count <= limit.most else (expires_at - context.now) // SECOND + 1


def give_back(context: AccountContext, limit: Limit, *who: str) -> None:
    """Uncount an attempt that succeeded."""
    counted = (Attempt.counter == context.blind_index(limit.kind, *who)) & (Attempt.count > 0)
    context.store.run(Attempt.update(count=Attempt.count - 1).where(counted))


def take_password(context: AccountContext, mark: str, address: str) -> int:
    """Count an attempt to sign in; see `take`."""
    waits = [take(context, PASSWORD_HERE, mark, address)]
    if not _is_familiar(context, mark, address):
        waits.append(take(context, PASSWORD, mark))
    waits.append(take(context, ADDRESS, address))
    return max(waits)


def succeed(context: AccountContext, mark: str, address: str) -> None:
    """Give back an attempt to sign in, and remember that the account is at home at the address."""
    give_back(context, PASSWORD_HERE, mark, address)
    if not _is_familiar(context, mark, address):
        give_back(context, PASSWORD, mark)
    give_back(context, ADDRESS, address)
    be_familiar(context, mark, address)


def be_familiar(context: AccountContext, mark: str, address: str) -> None:
    """Remember for thirty days that the account is at home at the address."""
    take(context, _FAMILIAR, mark, address)
    counter = context.blind_index(_FAMILIAR.kind, mark, address)
    later = Attempt.update(expires_at=context.now + _FAMILIAR.within)
    context.store.run(later.where(Attempt.counter == counter))


def forgive(context: AccountContext, mark: str, address: str) -> None:
    """Forget the wrong passwords of an account at the address, which is its home from now on."""
    here = Attempt.counter == context.blind_index(PASSWORD_HERE.kind, mark, address)
    context.store.run(Attempt.delete().where(here))
    be_familiar(context, mark, address)


def address_of(request: Request) -> str:
    """Where a request comes from: an IPv4 address, or the /64 network of an IPv6 one."""
    host = request.client.host if request.client else ""
    try:
        known = ip_address(host)
    except ValueError:
        return host
    if isinstance(known, IPv4Address):
        return host
    if known.ipv4_mapped:
        return str(known.ipv4_mapped)
    return str(IPv6Network((known, 64), strict=False))


def delete_expired(context: AccountContext) -> None:
    """Delete the counters whose time is over."""
    context.store.run(Attempt.delete().where(Attempt.expires_at <= context.now))


def _is_familiar(context: AccountContext, mark: str, address: str) -> bool:
    counter = context.blind_index(_FAMILIAR.kind, mark, address)
    here = (Attempt.counter == counter) & (Attempt.expires_at > context.now)
    return context.store.row(Attempt.select(Attempt.count).where(here).tuples()) is not None
