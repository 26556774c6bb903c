"""The embedded token issuer, built from the settings, with its accounts and upstream providers."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from functools import partial

from authlib.oauth2.rfc6749 import InsecureTransportError
from starlette.requests import Request
from starlette.routing import BaseRoute

from graphql_api.callers import sessions
from graphql_api.callers.account_lookup import sign_out_here
from graphql_api.configuration.settings import OWN_CLIENT, OWN_ISSUER, SettingError, Settings
from graphql_api.engine.workers import WorkerPool
from graphql_api.identity_provider.accounts.account_context import AccountContext
from graphql_api.identity_provider.accounts.routes import Accounts
from graphql_api.identity_provider.app import IdentityProvider
from graphql_api.identity_provider.oauth.client import PUBLIC, Client
from graphql_api.identity_provider.oauth.provider_context import IssuerSettings
from graphql_api.identity_provider.oauth.scopes import FRONT_END_SCOPES
from graphql_api.identity_provider.outbox import MailSender
from graphql_api.identity_provider.signing_keys import ALGORITHM
from graphql_api.identity_provider.upstream.routes import (
    clients_for,
    upstream_logins_for,
    upstream_logout_of,
)
from graphql_api.openid_client.http import client_for
from graphql_api.openid_client.settings import OpenIdProvider, read_providers
from graphql_api.operations.service import Service
from graphql_api.sign_in import BACK_PATH, HOME
from graphql_api.storage.keys.service_keys import ServiceKeys
from graphql_api.storage.operation import digest
from graphql_api.web.http.cookies import is_secret
from graphql_api.web.mail import Email, MailSettings, deliver

THREADS, QUEUE = 4, 64
Deliver = Callable[[MailSettings, Email, datetime], None]


class EmbeddedIssuer:
    """Issues the tokens of the service, at the same address, in threads apart."""

    def __init__(self, settings: Settings, service: Service, send: Deliver = deliver) -> None:
        """Raises `SettingError` for an address or a mail setting that cannot serve."""
        store, keys, clock = service.store, service.service_keys, service.clock
        self._workers = WorkerPool(THREADS, QUEUE)
        self._mail_sender = MailSender(store, keys, partial(send, mail_settings(settings)), clock)
        self._http = client_for(settings.public_url)
        providers, url = providers_of(settings), settings.public_url
        clients = clients_for(providers, url, self._http, clock)
        self._accounts = Accounts(
            store=store,
            key_store=service.key_store,
            master_key=service.master_key,
            service_keys=keys,
            public_url=url,
            workers=self._workers,
            local=settings.local_accounts,
            providers=tuple((one.name, one.label) for one in providers),
            issuers=tuple((one.issuer, one.label) for one in providers),
            wake_mailer=self._mail_sender.wake_mailer,
            upstream_logout=upstream_logout_of(clients, keys, url),
            signed_out=sign_out_here,
            is_at_service=partial(_is_at_service, service),
            clock=clock,
        )
        self._upstream = upstream_logins_for(clients, self._accounts.endpoints(), keys, url)
        step = self._accounts.sign_in_step()
        self._provider = IdentityProvider(
            issuer_settings(settings, keys), store, step, self._workers, clock
        )
        self.origins = self._provider.origins

    def routes(self) -> list[BaseRoute]:
        """All routes of the issuer."""
        return [
            *self._provider.routes(),
            *self._accounts.routes(),
            *self._upstream.routes(),
        ]

    async def start(self) -> None:
        """Read the origins of front ends, and start to send e-mails."""
        await self.origins.refresh()
        self._mail_sender.start()

    async def close(self) -> None:
        """Finish the work under way."""
        await self._http.aclose()
        await self._workers.close()
        await asyncio.to_thread(self._mail_sender.close)


def issuer_settings(settings: Settings, service_keys: ServiceKeys) -> IssuerSettings:
    """The settings of the provider. Raises `SettingError`."""
    try:
        return IssuerSettings(
            issuer=settings.public_url,
            audience=settings.token_audience,
            service_keys=service_keys,
            own_client=own_client(settings.public_url),
        )
    except InsecureTransportError as error:
        raise SettingError(
            "LIVRET_PUBLIC_URL : https attendu, ou http sur cette machine."
        ) from error


def own_client(public_url: str) -> Client:
    """The service as a client, for browsers: public, since PKCE is required of all."""
    return Client(
        client_id=OWN_CLIENT,
        name="Livret individuel de formation",
        authentication=PUBLIC,
        secret_hash=None,
        keys=None,
        redirect_uris=(f"{public_url}{BACK_PATH}",),
        post_logout_redirect_uris=(f"{public_url}{HOME}",),
        origins=(),
        scopes=FRONT_END_SCOPES,
    )


def own_provider(public_url: str) -> OpenIdProvider:
    """The embedded issuer as a provider, for the service's own sign-in."""
    return OpenIdProvider(
        name="livret",
        label="Livret",
        issuer=public_url,
        client_id=OWN_CLIENT,
        auth_method="none",
        id_token_algorithms=(ALGORITHM,),
        userinfo="none",
        post_logout_uri=f"{public_url}{HOME}",
    )


def providers_of(settings: Settings) -> tuple[OpenIdProvider, ...]:
    """The providers where people may sign in. Raises `SettingError`."""
    return read_providers(settings.sign_in_providers) if settings.sign_in_providers else ()


def mail_settings(settings: Settings) -> MailSettings:
    """The settings of mail: by SMTP, or into a folder. Raises `SettingError`."""
    return MailSettings(settings.mail_from, settings.smtp_url, settings.mail_folder)


def _is_at_service(
    service: Service, context: AccountContext, request: Request, account: str
) -> bool:
    """Whether a browser has a live session of the service as that account, which is used now."""
    secret = service.cookie.read(request)
    if secret is None or not is_secret(secret):
        return False
    now = service.clock()
    session = sessions.find(context.store, digest(secret), now)
    if session is None or (session.agent.issuer, session.agent.subject) != (OWN_ISSUER, account):
        return False
    if sessions.needs_touch(session, now):
        sessions.touch(context.store, session, now)
    return True
