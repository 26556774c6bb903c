"""The accounts over HTTP on one database, browsers that visit them, and the e-mails that are sent."""

import re
import uuid
from dataclasses import dataclass, field
from typing import Any

from argon2 import PasswordHasher
from starlette.applications import Starlette

from graphql_api.identity_provider.accounts.accounts import AccountDetails, create
from graphql_api.identity_provider.accounts.routes import Accounts
from graphql_api.identity_provider.outbox import MailSender
from graphql_api.identity_provider.tables import GrantTable
from graphql_api.storage.store import Store
from graphql_api.web.mail import Email
from tests.client import TestClient
from tests.clock import Clock
from tests.keys import service_keys

SITE = "https://livret.example"
PASSWORD = "Tournesol-46-givre"
OTHER_PASSWORD = "7 lampes Mouillent au grenier"
EMAIL = "maelle.kerjean@mairie-brest.example"
# The real parameters would take most of the time of these tests.
HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
HASH = HASHER.hash(PASSWORD)
FORM = {
    "civility": "MME",
    "family_name": "Kerjean",
    "given_name": "Maëlle",
    "email": EMAIL,
    "email_again": EMAIL,
    "password": PASSWORD,
    "password_again": PASSWORD,
}
TABLES = (
    "idp_account",
    "idp_way_in",
    "idp_session",
    "idp_registration",
    "idp_letter_key",
    "idp_attempt",
    "idp_letter",
    "idp_grant",
    "idp_client",
)
_LINK = re.compile(rf"^{re.escape(SITE)}(\S+)$", re.MULTILINE)


@dataclass
class AccountsSite:
    """Accounts over HTTP."""

    accounts: Accounts
    application: Starlette
    clock: Clock
    letters: list[Email] = field(default_factory=list)
    signed_out: list[str] = field(default_factory=list)

    @property
    def store(self) -> Store:
        return self.accounts.store

    @property
    def key_store(self) -> Store:
        return self.accounts.key_store

    def browser(self, address: str = "192.0.2.1") -> "Browser":
        """A browser that knows nothing of this site yet."""
        client = TestClient(
            self.application,
            base_url=SITE,
            client=(address, 50_000),
            follow_redirects=False,
            raise_server_exceptions=True,
        )
        return Browser(client)

    def post(self) -> list[Email]:
        """Deliver the e-mails enqueued since the last time, and return them."""
        before = len(self.letters)
        mail_sender = MailSender(
            self.store, service_keys, lambda letter, _at: self.letters.append(letter), self.clock
        )
        mail_sender._send_all()
        return self.letters[before:]

    def letter(self, to: str = EMAIL) -> Email:
        """The only e-mail enqueued since the last time."""
        (only,) = self.post()
        assert only.to == to
        return only

    def account(self, email: str = EMAIL, password: str | None = HASH, **more: Any) -> str:
        """An account that is activated."""
        details = AccountDetails("Kerjean", "Maëlle", email, "MME", password)
        context = self.accounts.new_context()
        with context.writing():
            return create(context, details, activated=more.get("activated", True))

    def grant(self, account: str) -> str:
        """Something that the account granted to a front end."""
        id, now = str(uuid.uuid4()), self.accounts.new_context().now
        row = GrantTable.insert(
            id=id,
            client="site",
            subject=account,
            scope="openid",
            signed_in_at=0,
            created_at=now,
            expires_at=now + 1_000_000_000,
        )
        with self.store.writing():
            self.store.run(row)
        return id

    def rows(self, sql: str) -> list[Any]:
        return list(self.store.database.execute_sql(sql).fetchall())

    def count(self, table: str) -> int:
        return int(self.rows(f"SELECT COUNT(*) FROM {table}")[0][0])


@dataclass
class Browser:
    """A browser as it behaves since 2023: it says from which site a form is sent."""

    client: TestClient
    site: str | None = "same-origin"

    def get(self, path: str) -> Any:
        return self.client.get(path)

    def post(self, path: str, /, **form: str) -> Any:
        headers = {} if self.site is None else {"sec-fetch-site": self.site}
        return self.client.post(path, data=form, headers=headers)

    def register(self, **changes: str) -> Any:
        return self.post("/account/register", **FORM | changes)

    def sign_in(self, email: str = EMAIL, password: str = PASSWORD, **more: str) -> Any:
        return self.post("/account/sign-in", email=email, password=password, **more)

    def signed_in(self, **more: str) -> "Browser":
        answer = self.sign_in(**more)
        assert answer.status_code == 303, answer.text
        return self

    def is_signed_in(self) -> bool:
        answer = self.get("/account")
        assert answer.status_code in (200, 303)
        return bool(answer.status_code == 200)


def link(letter: Email) -> str:
    """The path of the only link with a key."""
    (only,) = [one for one in _LINK.findall(letter.text) if "?key=" in one]
    return str(only)


def key(letter: Email) -> str:
    return link(letter).partition("?key=")[2]


# A sign-in that began nowhere else goes on to that of the service.
SIGNED_IN = ("/sign-in", "/sign-in?next=%2Faccount")


def went_to(answer: Any) -> str:
    """The path to which a redirect sends the browser."""
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])
