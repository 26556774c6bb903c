"""Accounts as the provider mounts them: routes, and the sign-in step."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from graphql_api.clock import Clock, utc_now
from graphql_api.engine.workers import WorkerPool
from graphql_api.identity_provider.accounts import (
    accounts,
    credential_pages,
    password_reset_pages,
    profile_pages,
    registration_pages,
    sessions,
    sign_in_pages,
)
from graphql_api.identity_provider.accounts.account_context import (
    AccountContext,
    no_mailer,
    no_other_sessions,
    no_service_session,
    no_upstream_logout,
)
from graphql_api.identity_provider.accounts.page_endpoints import PageEndpoints
from graphql_api.identity_provider.accounts.signed_in_pages import SESSION_PATH, session
from graphql_api.identity_provider.sign_in_step import SignInStep
from graphql_api.storage.keys.master_keys import MasterKeys
from graphql_api.storage.keys.service_keys import ServiceKeys
from graphql_api.storage.operation import to_microseconds
from graphql_api.storage.store import Store
from graphql_api.web.forms.form_request import FormRequest
from graphql_api.web.rendering import see_other


@dataclass(frozen=True, slots=True)
class Accounts:
    """Accounts and their pages. The caller migrates and closes the stores.

    `local` says whether people may register and sign in with a password of ours; `providers` are
    the others, by name and label, `issuers` their labels by issuer. `wake_mailer` is told of
    e-mails in the outbox, `signed_out`, within the transaction, of an account whose sessions all
    end.
    """

    store: Store
    key_store: Store
    master_key: MasterKeys
    service_keys: ServiceKeys
    public_url: str
    workers: WorkerPool
    local: bool = True
    providers: tuple[tuple[str, str], ...] = ()
    issuers: tuple[tuple[str, str], ...] = ()
    wake_mailer: Callable[[], None] = no_mailer
    upstream_logout: Callable[[AccountContext, Request, str | None], Response | None] = (
        no_upstream_logout
    )
    signed_out: Callable[[AccountContext, str], None] = no_other_sessions
    is_at_service: Callable[[AccountContext, Request, str], bool] = no_service_session
    clock: Clock = utc_now

    def new_context(self) -> AccountContext:
        """Make the context of a request that begins now."""
        return AccountContext(
            store=self.store,
            key_store=self.key_store,
            master_key=self.master_key,
            service_keys=self.service_keys,
            public_url=self.public_url,
            now=to_microseconds(self.clock()),
            local=self.local,
            providers=self.providers,
            issuers=self.issuers,
            wake_mailer=self.wake_mailer,
            upstream_logout=self.upstream_logout,
            signed_out=self.signed_out,
            is_at_service=self.is_at_service,
        )

    def endpoints(self) -> PageEndpoints:
        """The maker of endpoints for pages of these accounts."""
        return PageEndpoints(self.workers, self.new_context)

    def sign_in_step(self) -> SignInStep:
        """The sign-in step of the provider, within its own transaction on the same store."""
        return SignInStep(
            current_user=lambda request: sessions.signed_in_user(self.new_context(), request),
            sign_in_url=sign_in_pages.sign_in_url,
            sign_out=lambda request: sessions.end(self.new_context(), request),
            claims=self._claims,
            upstream_logout=lambda request, to: self.upstream_logout(
                self.new_context(), request, to
            ),
        )

    def routes(self) -> list[Route]:
        """The routes of accounts, all under /account."""
        to = self.endpoints()
        return [
            Route("/.well-known/change-password", to.local_page(_to_change_password)),
            Route("/account", to.page(profile_pages.profile)),
            Route(SESSION_PATH, to.page(session)),
            Route("/account/names", to.page(profile_pages.change_names), methods=_FORM),
            Route("/account/sign-in", to.page(sign_in_pages.sign_in), methods=_FORM),
            Route("/account/sign-out", to.page(sign_in_pages.sign_out), methods=["POST"]),
            Route(
                "/account/sign-out-everywhere",
                to.page(profile_pages.sign_out_everywhere),
                methods=["POST"],
            ),
            Route("/account/register", to.local_page(registration_pages.register), methods=_FORM),
            Route("/account/registered", to.local_page(registration_pages.registered)),
            Route("/account/activate", to.local_page(registration_pages.activate), methods=_FORM),
            Route("/account/activated", to.local_page(registration_pages.activated)),
            Route(
                "/account/forgotten",
                to.local_page(password_reset_pages.request_reset),
                methods=_FORM,
            ),
            Route("/account/forgotten/sent", to.local_page(password_reset_pages.email_sent)),
            Route(
                "/account/reset", to.local_page(password_reset_pages.reset_password), methods=_FORM
            ),
            Route(
                "/account/password", to.local_page(credential_pages.change_password), methods=_FORM
            ),
            Route("/account/email", to.local_page(credential_pages.change_email), methods=_FORM),
            Route(
                "/account/email/confirm",
                to.local_page(credential_pages.confirm_email),
                methods=_FORM,
            ),
        ]

    def _claims(self, subject: str) -> Mapping[str, object] | None:
        return accounts.claims(self.new_context(), subject)


_FORM = ["GET", "POST"]


def _to_change_password(_context: AccountContext, _form: FormRequest) -> Response:
    """Lead a password manager to the page where the password is changed (W3C)."""
    return see_other("/account/password")
