"""How much one caller may ask for in a minute: operations by cost, all other addresses by requests.

What guards secrets (passwords, codes, PINs) is counted in the database besides, for all processes
(`storage/rate_limits.py`); here a process counts for itself, in bounded memory and without a
statement. An allowance may be used at once and comes back evenly.

A caller is a credential, and an address (IPv6: a /64 network), so that neither many tokens at one
address nor one token at many addresses escape. This machine itself is not counted: it prints, and
a proxy on it says whom it speaks for (`X-Forwarded-For`).
"""

import hashlib
import re
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from math import ceil
from threading import Lock

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from graphql_api.web.error_pages import too_many_requests
from graphql_api.web.http.client_address import counted_address
from graphql_api.web.http.cookies import HostCookie

MINUTE = 60
MOST_CALLERS = 20_000  # whoever did not call for longest is forgotten first
LEAST_COST = 100  # of any operation
REFUSED_COST = 2_000  # of a document that is refused: it was parsed, at least

# A whole booklet costs about 10,000.
CALLER_COST = 3_000_000
ADDRESS_COST = 10 * CALLER_COST  # a local authority has one address


@dataclass(frozen=True, slots=True)
class Door:
    """What one address may ask for in a minute at the paths that a pattern matches.

    `name` is what the page of settings calls them, in French; no methods are all methods.
    """

    name: str
    pattern: re.Pattern[str]
    methods: frozenset[str]
    requests: int


_ANY = frozenset({"GET", "HEAD", "POST"})
_POST = frozenset({"POST"})
# The first that matches counts, so the last is that of every other address.
DOORS = (
    Door(
        "santé du service et fichiers de style",
        re.compile(r"/(?:healthz|readyz|assets/.*)"),
        _ANY,
        12_000,
    ),
    Door(
        "inscription, mot de passe oublié, activation : envois",
        re.compile(r"/account/(?:register|forgotten|reset|activate).*"),
        _POST,
        60,
    ),
    Door("connexion à un compte : envois", re.compile(r"/account/sign-in"), _POST, 120),
    Door("vérification d’un dossier : envois", re.compile(r"/verifier"), _POST, 30),
    Door("lien de partage : ouvertures, avec ou sans code", re.compile(r"/s/.*"), _POST, 60),
    Door("lien de partage : lectures", re.compile(r"/s/.*"), _ANY, 600),
    Door("arrêt des rappels", re.compile(r"/reminders/.*"), _ANY, 120),
    Door(
        "connexion par un fournisseur",
        re.compile(r"/(?:sign-in|account/with|account/back).*"),
        _ANY,
        600,
    ),
    Door("émetteur des jetons (/oauth/…)", re.compile(r"/oauth/.*"), _ANY, 1_200),
    Door("toute autre adresse", re.compile(r".*", re.DOTALL), frozenset(), 6_000),
)


@dataclass(slots=True)
class Allowances:
    """What callers have left, by kind and caller."""

    _left: OrderedDict[tuple[str, str], tuple[float, float]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def spend(self, kind: str, caller: str, amount: int, in_a_minute: int) -> int:
        """Spend an amount, and return 0; or the seconds until it can be spent.

        An amount of more than a minute's is that of a minute.
        """
        now = time.monotonic()  # a duration: how fast an allowance comes back
        amount = min(amount, in_a_minute)
        a_second = in_a_minute / MINUTE
        key = (kind, caller)
        with self._lock:
            left, then = self._left.pop(key, (float(in_a_minute), now))
            left = min(float(in_a_minute), left + (now - then) * a_second)
            wait = 0 if left >= amount else ceil((amount - left) / a_second)
            self._left[key] = (left if wait else left - amount, now)
            if len(self._left) > MOST_CALLERS:
                self._left.popitem(last=False)
        return wait


@dataclass(frozen=True, slots=True)
class CostLimit:
    """The limit of operations, by the estimated cost of documents (decision 0007)."""

    cookie: HostCookie
    allowances: Allowances

    def __call__(self, connection: HTTPConnection, cost: int | None) -> int:
        """Count an operation, or a refused document (None); return the seconds to wait, or 0."""
        address = counted_address(connection)
        if address is None:
            return 0
        amount = REFUSED_COST if cost is None else max(cost, LEAST_COST)
        credential = connection.headers.get("authorization") or self.cookie.read(connection)
        if credential is None:
            return self.allowances.spend("anonymous", address, amount, CALLER_COST)
        who = hashlib.sha256(credential.encode()).hexdigest()
        return max(
            self.allowances.spend("caller", who, amount, CALLER_COST),
            self.allowances.spend("address", address, amount, ADDRESS_COST),
        )


@dataclass(frozen=True, slots=True)
class DoorLimitsMiddleware:
    """An ASGI application that answers 429 to an address that asks for too much."""

    app: ASGIApp
    allowances: Allowances

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does, or refuse."""
        if scope["type"] == "http" and (wait := self._seconds_to_wait(HTTPConnection(scope))):
            await too_many_requests(HTTPConnection(scope), wait)(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _seconds_to_wait(self, connection: HTTPConnection) -> int:
        address = counted_address(connection)
        if address is None:
            return 0
        path, method = connection.scope["path"], connection.scope["method"]
        for door in DOORS:
            if method in (door.methods or {method}) and door.pattern.fullmatch(path):
                return self.allowances.spend(door.name, address, 1, door.requests)
        return 0
