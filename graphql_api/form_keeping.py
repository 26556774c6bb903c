"""Keeping the forms of pages for people whose session had ended, in the service's own stores."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from starlette.requests import Request

from graphql_api.callers import kept_forms
from graphql_api.callers.kept_forms import KEPT_FOR, KeptForm
from graphql_api.engine.workers import WorkerPool
from graphql_api.operations.service import Service
from graphql_api.page_kit.page_errors import NotSignedInError
from graphql_api.storage.actors import Agent
from graphql_api.web.forms.posted_form import PostedForm
from graphql_api.web.http.cookies import HostCookie, is_secret


def kept_form_cookie(service: Service) -> HostCookie:
    """The cookie that holds the secret of a kept form."""
    return HostCookie("livret-form", service.cookie.secure, int(KEPT_FOR.total_seconds()))


@dataclass(frozen=True, slots=True)
class StoredForms:
    """Keeps forms in the database, sealed: see `callers.kept_forms`."""

    service: Service
    workers: WorkerPool

    async def keep(self, request: Request, form: PostedForm) -> Mapping[str, str] | None:
        """Keep a form; the headers for the browser, or None when it is not known whose it is."""
        session = self.service.cookie.read(request)
        if session is None:
            return None
        kept = KeptForm(request.url.path, {name: list(form.values[name]) for name in form.values})
        secret = await self.workers.run(partial(self._keep, session, kept))
        if secret is None:
            return None
        name, value = kept_form_cookie(self.service).set_header(secret)
        return {name: value}

    async def find(self, request: Request) -> tuple[str, Mapping[str, list[str]]] | None:
        """The path and the fields of the form that whoever is signed in had sent.

        Raises `NotSignedInError`.
        """
        secret = kept_form_cookie(self.service).read(request)
        found = await self.workers.run(partial(self._find, request, secret))
        return (found.path, found.fields) if found else None

    def _keep(self, session: str, form: KeptForm) -> str | None:
        with self.service.store.writing():
            return kept_forms.keep(self.service.store, session, form, self.service.clock())

    def _find(self, request: Request, secret: str | None) -> KeptForm | None:
        context = self.service.request_context(request)
        with context.writing():
            actor = context.op.actor
            if not isinstance(actor, Agent):
                raise NotSignedInError
            if secret is None or not is_secret(secret):
                return None
            now = self.service.clock()
            return kept_forms.find(self.service.store, secret, actor.issuer, actor.subject, now)
