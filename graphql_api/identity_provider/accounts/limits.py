"""The rate limits of accounts, and what they mean for signing in with a password.

Every attempt counts before it is judged, in a transaction of its own, so that neither a refusal
nor a crowd of simultaneous attempts escapes; an attempt that succeeds is refunded.

A stranger must not lock somebody out. Wrong passwords count for an account and an address
together, ten an hour, and for all addresses together, fifty an hour; but this second limit does
not hold for a trusted address, from which the account was signed in to within thirty days. A
password reset clears the wrong passwords of its address, which becomes a trusted one; the e-mails
for that are counted apart, so that nobody uses them up with e-mails of another kind.

The keys of counters are keyed hashes: they name neither accounts nor addresses.
"""

from graphql_api.identity_provider.accounts.account_context import HOUR, AccountContext
from graphql_api.storage.rate_limits import Limit

_DAY = 24 * HOUR

PASSWORD_HERE = Limit("password-here", 10)
PASSWORD = Limit("password", 50)
PASSWORD_AGAIN = Limit("password-again", 10)
ADDRESS = Limit("address", 200)
REGISTRATIONS = Limit("registrations", 100)
EMAILS = Limit("letters", 5)
KEYS = Limit("keys", 50)
UPSTREAM_CALLBACKS = Limit("upstream", 200)
_TRUSTED = Limit("familiar", 0, 30 * _DAY)


def hit_password(context: AccountContext, mark: str, address: str) -> int:
    """Count an attempt to sign in, and return the seconds to wait, 0 when it is allowed."""
    limiter = context.limiter
    waits = [limiter.hit(PASSWORD_HERE, mark, address)]
    if not limiter.is_counting(_TRUSTED, mark, address):
        waits.append(limiter.hit(PASSWORD, mark))
    waits.append(limiter.hit(ADDRESS, address))
    return max(waits)


def refund_password(context: AccountContext, mark: str, address: str) -> None:
    """Refund an attempt to sign in that succeeded, and trust the address for the account."""
    limiter = context.limiter
    limiter.refund(PASSWORD_HERE, mark, address)
    if not limiter.is_counting(_TRUSTED, mark, address):
        limiter.refund(PASSWORD, mark)
    limiter.refund(ADDRESS, address)
    trust_address(context, mark, address)


def clear_password_limits(context: AccountContext, mark: str, address: str) -> None:
    """Forget the wrong passwords of an account at an address, and trust that address."""
    context.limiter.reset(PASSWORD_HERE, mark, address)
    trust_address(context, mark, address)


def trust_address(context: AccountContext, mark: str, address: str) -> None:
    """Trust an address for an account during thirty days."""
    context.limiter.restart_window(_TRUSTED, mark, address)
