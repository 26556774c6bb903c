"""The ASGI application: routes and lifespan, nothing else; every part of the service is named here."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from graphql_api.agent_space.home import HomePage
from graphql_api.agent_space.routes import agent_routes
from graphql_api.api_routes import api_routes, document_cache
from graphql_api.clock import Clock, utc_now
from graphql_api.configuration.settings import Settings
from graphql_api.consents.routes import ConsentRoutes
from graphql_api.dossiers.branding import read_branding
from graphql_api.dossiers.fonts import read_fonts
from graphql_api.dossiers.printing import PrintProcessPool, PrintQueue
from graphql_api.dossiers.routes import DossierRoutes
from graphql_api.embedded_issuer import Deliver, EmbeddedIssuer, own_provider, providers_of
from graphql_api.engine.endpoint import without_limit
from graphql_api.engine.workers import BusyError, UnavailableError, WorkerPool
from graphql_api.execution import execute
from graphql_api.form_keeping import StoredForms
from graphql_api.identity_provider.accounts.sessions import account_cookie
from graphql_api.officer_space.routes import officer_routes
from graphql_api.openid_client.client import OpenIdClient
from graphql_api.openid_client.http import client_for
from graphql_api.openid_client.login_state import LoginStateCookies
from graphql_api.operations.head_telling import HeadTeller
from graphql_api.operations.readiness import is_internal, not_ready
from graphql_api.operations.service import Service
from graphql_api.operator_space.routes import operator_routes
from graphql_api.page_kit.kept_form import resume_route
from graphql_api.page_kit.stored_documents import DocumentRunner
from graphql_api.page_kit.views import SiteFacts
from graphql_api.public_pages.routes import public_routes
from graphql_api.records.routes import RecordRoutes
from graphql_api.reminders.routes import ReminderRoutes
from graphql_api.serving import build_service, recover_and_clean_up
from graphql_api.share_links.routes import ShareLinkRoutes
from graphql_api.sign_in import BACK_PATH, SignInRoutes
from graphql_api.storage.keys.store_marks import StoreMismatchError
from graphql_api.sweeping.daily import DailySweeper
from graphql_api.verification.checking import CheckQueue
from graphql_api.verification.routes import VerificationRoutes
from graphql_api.web.assets import asset_routes
from graphql_api.web.error_pages import ErrorPageMiddleware, http_error
from graphql_api.web.http.caller_limits import Allowances, CostLimit, DoorLimitsMiddleware
from graphql_api.web.http.cors import EXPOSED, HEADERS, CORSMiddleware, is_api_path
from graphql_api.web.http.http_server import Stopping
from graphql_api.web.http.one_credential import OneCredentialMiddleware
from graphql_api.web.http.security_headers import SecurityHeaders
from graphql_api.web.mail import deliver
from graphql_api.web.operator import read_operator
from graphql_api.web.outermost import OutermostMiddleware
from graphql_api.web.page_facts import PageFacts
from graphql_api.web.pages import after_sign_out

PDF_QUEUE = 8


def create_application(
    settings: Settings,
    clock: Clock = utc_now,
    send: Deliver = deliver,
    *,
    sweeps_daily: bool = False,
    stopping: Stopping | None = None,
) -> ASGIApp:
    """Build the ASGI application of the whole service, middleware included.

    `clock` gives operations their time, `send` delivers e-mails. With `sweeps_daily`, one of the
    processes that serve sweeps once a day. `stopping` says that the server stops. Raises
    `SettingError`.
    """
    application = Application(settings, build_service(settings, clock), send)
    if sweeps_daily:
        application.daily_sweeper = DailySweeper(application.service)
    if stopping is not None:
        application.stopping = stopping
    with_cors = CORSMiddleware(
        application.starlette(),
        application.is_known_origin,
        allow_headers=HEADERS,
        expose_headers=EXPOSED,
        is_shared=is_api_path,
    )
    return OutermostMiddleware(
        with_cors,
        SecurityHeaders(https=settings.public_url.startswith("https:")),
        PageFacts(application.operator, settings.source_url, application.branding.pages),
    )


def build_print_queues(settings: Settings, *look: str) -> dict[str, PrintQueue]:
    """Build the print queues, by form. PDFs take longer, so they have their own queue.

    `look` are the options of a worker: the branding and the fonts of dossiers.
    """
    pool = PrintProcessPool(settings.internal_url, *look, processes=settings.printers)
    queue = PrintQueue(pool, settings.print_queue, expected_seconds=0.5)
    pdf_pool = PrintProcessPool(settings.internal_url, "--pdf", *look)
    return {"html": queue, "zip": queue, "pdf": PrintQueue(pdf_pool, PDF_QUEUE, expected_seconds=1)}


class Application:
    """The parts of the application, its routes, and the start and end of its life."""

    def __init__(self, settings: Settings, service: Service, send: Deliver = deliver) -> None:
        """Raises `SettingError`."""
        self.settings = settings
        fonts = read_fonts(settings.fonts)
        self.service = replace(
            service, prints_under_way=self._prints_under_way, printable=fonts.printable
        )
        self.operator = read_operator(settings.operator)
        self.workers = WorkerPool(settings.threads, settings.queue)
        self.branding = read_branding(settings.branding)
        look = (*self.branding.options, *fonts.options)
        self.print_queues = build_print_queues(settings, *look)
        self.checks = CheckQueue(*look)
        self.issuer = (
            EmbeddedIssuer(settings, self.service, send) if settings.issues_tokens else None
        )
        self.http = client_for(settings.public_url, self._serve_itself)
        self.daily_sweeper: DailySweeper | None = None
        heads = self.service.heads
        self.head_teller = HeadTeller(heads, self.service.key_store) if heads else None
        self.stopping = Stopping()
        self.allowances = Allowances()
        self._app: Starlette | None = None

    def starlette(self) -> Starlette:
        """Build the Starlette application: its routes and its lifespan."""
        self._app = Starlette(
            routes=self._routes(),
            lifespan=self._lifespan,
            middleware=[
                Middleware(ErrorPageMiddleware),
                *(
                    [Middleware(DoorLimitsMiddleware, self.allowances)]
                    if self.settings.caller_limits
                    else []
                ),
                Middleware(OneCredentialMiddleware, self._session_cookies()),
            ],
            exception_handlers={HTTPException: http_error},
        )
        self._app.router.redirect_slashes = False  # the redirect would name the Host header
        return self._app

    async def is_known_origin(self, origin: str) -> bool:
        """Whether pages of an origin may call the API: those of the registered front ends."""
        return self.issuer is not None and await self.issuer.origins(origin)

    def _routes(self) -> list[BaseRoute]:
        settings, service = self.settings, self.service
        documents = document_cache(settings)
        spend = (
            CostLimit(service.cookie, self.allowances) if settings.caller_limits else without_limit
        )
        downloads = DossierRoutes(service, self.workers, self.print_queues)
        home = HomePage(
            public_url=settings.public_url,
            source_url=settings.source_url,
            local_accounts=self._has_local_accounts,
            graphiql=settings.is_development,
        )
        runner = DocumentRunner(documents, self.workers, partial(execute, service))
        keeper = StoredForms(service, self.workers)
        site = SiteFacts(
            origin=settings.public_url,
            neighbours=self.operator.neighbours,
            print_forms=tuple(self.print_queues),
            profile="/account" if self.issuer is not None else "",
            registration="/account/register" if self._has_local_accounts else "",
            after_sign_out=self._after_sign_out(),
            keeper=keeper,
        )
        routes: list[BaseRoute] = [
            # Of all routes these are asked most, and the first that matches is taken.
            *api_routes(settings, service, documents, self.workers, spend),
            *agent_routes(runner, site, home),
            resume_route(keeper),
            *officer_routes(runner, site),
            *operator_routes(runner, site),
            *asset_routes(),
            *(self.branding.pages.routes() if self.branding.pages else ()),
            *public_routes(
                settings.public_url,
                accounts=self._has_local_accounts,
                key_backup_days=settings.key_backup_days,
            ),
            *VerificationRoutes(self.checks, settings.public_url).routes(),
            Route("/healthz", _healthz),
            Route("/readyz", self._readyz),
            *downloads.routes(),
            *RecordRoutes(service, self.workers, settings.public_url).routes(),
            *ReminderRoutes(service, self.workers).routes(),
            *ConsentRoutes(service, self.workers, settings.public_url).routes(),
            *ShareLinkRoutes(
                service, self.workers, self.print_queues, settings.public_url
            ).routes(),
        ]
        if self.issuer is not None:
            routes += self.issuer.routes()
        if (sign_in := self._sign_in()) is not None:
            routes += sign_in.routes()
        return routes

    def _session_cookies(self) -> tuple[str, ...]:
        """The names of the cookies that carry sessions, here and at the embedded issuer."""
        return self.service.cookie.name, account_cookie(self.settings.public_url).name

    def _prints_under_way(self) -> int:
        return sum(queue.under_way for queue in set(self.print_queues.values()))

    @property
    def _has_local_accounts(self) -> bool:
        """Whether people can create an account here."""
        return self.issuer is not None and self.settings.local_accounts

    def _after_sign_out(self) -> tuple[str, ...]:
        """The targets of a sign-out: our own pages, unless another provider signs people in."""
        elsewhere = self.issuer is None or self.settings.sign_in_providers
        return after_sign_out(self.settings.public_url) if elsewhere else ()

    def _sign_in(self) -> SignInRoutes | None:
        """The routes of sign-in with a browser, if the token issuer is a configured provider."""
        settings = self.settings
        if self.issuer is not None:
            provider = own_provider(settings.public_url)
        else:
            known = {one.issuer: one for one in providers_of(settings)}
            if settings.token_issuer not in known:
                return None
            provider = known[settings.token_issuer]
        back = f"{settings.public_url}{BACK_PATH}"
        secure = settings.public_url.startswith("https:")
        return SignInRoutes(
            service=self.service,
            workers=self.workers,
            client=OpenIdClient(provider, back, self.http, self.service.clock),
            pending=LoginStateCookies(self.service.service_keys, "sign-in", secure),
            origin=settings.public_url,
            account_cookie=account_cookie(settings.public_url) if self.issuer is not None else None,
        )

    async def _serve_itself(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the requests of the service to itself in this process, without the network."""
        if self._app is not None:
            await self._app(scope, receive, send)

    async def _readyz(self, request: Request) -> Response:
        try:
            missing = await self.workers.run(partial(not_ready, self.service))
        except (BusyError, UnavailableError):
            missing = ("threads",)
        if self.stopping.has_begun:
            missing = (*missing, "stopping")
        if not missing:
            return JSONResponse({"ready": True})
        told = {"notReady": list(missing)} if is_internal(request) else {}
        return JSONResponse({"ready": False} | told, 503, headers={"retry-after": "5"})

    async def _start(self) -> None:
        """Raises `StoreMismatchError` when the stores do not belong together: nothing is served."""
        try:
            await self.workers.run(partial(recover_and_clean_up, self.service))
        except StoreMismatchError:
            raise
        except (BusyError, UnavailableError):
            pass  # /readyz says that the service is not ready yet
        if self.issuer is not None:
            await self.issuer.start()
        await self.print_queues["html"].start()
        if self.daily_sweeper is not None:
            self.daily_sweeper.start()
        if self.head_teller is not None:
            self.head_teller.start()

    @asynccontextmanager
    async def _lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        try:
            await self._start()
            yield
        finally:
            for thread in (self.daily_sweeper, self.head_teller):
                if thread is not None:
                    await asyncio.to_thread(thread.close)
            if self.issuer is not None:
                await self.issuer.close()
            await self.http.aclose()
            await self.checks.close()
            for queue in {id(one): one for one in self.print_queues.values()}.values():
                await queue.close()
            await self.workers.close()
            self.service.close()


async def _healthz(_request: Request) -> Response:
    return JSONResponse({"status": "up"})
