"""The context of a request about accounts: its stores, its keys, its time."""

import hmac
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from starlette.requests import Request
from starlette.responses import Response

from graphql_api.identity_provider import outbox
from graphql_api.identity_provider.accounts.tables import AccountAttemptTable
from graphql_api.storage.keys.master_keys import MasterKeys
from graphql_api.storage.keys.service_keys import ACCOUNTS, ServiceKeys
from graphql_api.storage.rate_limits import CounterTable, RateLimiter
from graphql_api.storage.store import Store
from graphql_api.web.email_addresses import normalize
from graphql_api.web.mail import Email

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
ACCOUNT_COUNTERS = CounterTable(AccountAttemptTable, AccountAttemptTable.expires_at, holds_end=True)


def no_other_sessions(_desk: "AccountContext", _account: str) -> None:
    """Do nothing: no other application has sessions of accounts."""


def no_service_session(_context: "AccountContext", _request: Request, _account: str) -> bool:
    """False: no service keeps sessions beside those of accounts."""
    return False


def no_upstream_logout(
    _desk: "AccountContext", _request: Request, _to: str | None
) -> Response | None:
    """None: no upstream provider signed the browser in."""
    return None


def no_mailer() -> None:
    """Do nothing: no thread sends e-mails."""


@dataclass(frozen=True, slots=True)
class AccountContext:
    """The context of one request.

    `now` is in microseconds since 1970, `public_url` has no slash at its end. `local` says whether
    people may have accounts with a password of ours, `providers` are the upstream providers, by
    name and label, `issuers` their labels by issuer. `after_commit` holds what follows the commit
    of the data: it is left normally then, and with the exception when anything failed before.

    `signed_out` is called within the transaction with an account whose sessions all end,
    `wake_mailer` when there are e-mails to send. `upstream_logout` is called before a browser's
    session ends: it returns the page that leads the browser through the logout of the provider that
    signed it in, and on to an address. `is_at_service` says whether this browser is signed in to
    the service as an account, and keeps that so: people know one sign-in.
    """

    store: Store
    key_store: Store
    master_key: MasterKeys
    service_keys: ServiceKeys
    public_url: str
    now: int
    local: bool = True
    providers: tuple[tuple[str, str], ...] = ()
    issuers: tuple[tuple[str, str], ...] = ()
    signed_out: Callable[["AccountContext", str], None] = no_other_sessions
    wake_mailer: Callable[[], None] = no_mailer
    upstream_logout: Callable[["AccountContext", Request, str | None], Response | None] = (
        no_upstream_logout
    )
    is_at_service: Callable[["AccountContext", Request, str], bool] = no_service_session
    after_commit: ExitStack = field(default_factory=ExitStack)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Run a write transaction, then what follows its commit."""
        with self.after_commit, self.store.writing():
            yield

    def send_mail(self, email: Email) -> None:
        """Have an e-mail sent once the transaction is committed."""
        outbox.enqueue(self.store, self.service_keys, email, self.now)
        self.after_commit.callback(self.wake_mailer)

    def email_index(self, email: str) -> str:
        """The blind index of an e-mail address; the same for two ways to write it.

        Small and capital letters are the same on both sides of the @: servers that tell them apart
        before it are allowed by RFC 5321 and do not exist, people who type « Maelle@ » do.
        """
        address = normalize(email) or unicodedata.normalize("NFC", email).strip()
        return self.blind_index("e-mail", address.casefold())

    @property
    def limiter(self) -> RateLimiter:
        """The rate limiter of accounts."""
        return RateLimiter(self.store, self.now, ACCOUNT_COUNTERS, self.blind_index)

    def url(self, path: str) -> str:
        """The address of a path of ours, for an e-mail."""
        return f"{self.public_url}{path}"

    def sealing_key(self, secret: str, purpose: str) -> bytes:
        """The key of what somebody outside opens by a secret, and only the service could seal."""
        return derive_key(self.service_keys(ACCOUNTS) + secret.encode(), purpose)

    def blind_index(self, kind: str, *texts: str) -> str:
        """The keyed hash of texts, for a table: without its key nobody can check a guess."""
        message = "\0".join(texts).encode()
        key = derive_key(self.service_keys(ACCOUNTS), f"mark|{kind}")
        return hmac.digest(key, message, "sha256").hex()


def derive_key(secret: bytes, purpose: str) -> bytes:
    """Derive a key for one purpose from a secret (HKDF, RFC 5869)."""
    return HKDF(SHA256(), 32, salt=None, info=f"livret accounts|{purpose}".encode()).derive(secret)
