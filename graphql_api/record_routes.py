"""The record as a file: downloaded, and posted into an empty booklet.

`/graphql` takes 256 kB, which a full booklet can exceed; here it is 8 MB. The refusals are those of
`bookletImport`, with the line of each problem.
"""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import orjson
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from graphql_api import idempotency, records
from graphql_api.access import Act, check_may
from graphql_api.actors import Actor
from graphql_api.credentials import InvalidToken
from graphql_api.encoding import PublicError, encode_fault
from graphql_api.http_request import BadRequest, check_content_type, check_may_call, read_body
from graphql_api.operation import Operation, digest
from graphql_api.people import person_of
from graphql_api.root import Service
from graphql_api.shelf import lock
from graphql_api.workers import Busy, Unavailable, Workers
from schema.record_text import BadText, Located, lines_of, parsed
from schema.refusals import InvalidEntry, Problem, Refusal, Refused

RECORD_BYTES = 8_000_000
_NEVER_KEPT = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
_NOT_READ = "Ce fichier ne peut pas être lu : rien n’a été importé."


@dataclass(frozen=True, slots=True)
class RecordRoutes:
    """GET and POST of /booklet.json. `origin` is the public one, as for GraphQL."""

    service: Service
    workers: Workers
    origin: str

    def routes(self) -> list[Route]:
        """The two routes."""
        return [
            Route("/booklet.json", partial(_answered, self._download), methods=["GET"]),
            Route("/booklet.json", partial(_answered, self._upload), methods=["POST"]),
        ]

    async def _download(self, request: Request) -> Response:
        actor = self._actor(request, Act.READ_OWN_BOOKLET)
        record = await self.workers.run(partial(self._export, actor))
        if record is None:
            return _refused(404, "NOT_FOUND", "Vous n’avez pas de livret.")
        headers = {"content-disposition": 'attachment; filename="livret.json"'}
        return _json(200, record, headers)

    async def _upload(self, request: Request) -> Response:
        check_content_type(request.headers)
        check_may_call(request.headers, self.origin)
        actor = self._actor(request, Act.WRITE_OWN_BOOKLET)  # before 8 MB are taken in
        body = await read_body(request.headers, request.receive, RECORD_BYTES)
        key = request.headers.get("idempotency-key")
        return await self.workers.run(partial(self._import, actor, body, key))

    def _actor(self, request: Request, act: Act) -> Actor:
        actor = self.service.credentials.actor(request.headers.get("authorization"))
        check_may(actor, act)
        return actor

    def _export(self, actor: Actor) -> dict[str, Any] | None:
        with self.service.store.reading():
            return records.export(self.service.operation(actor))

    def _import(self, actor: Actor, body: bytes, key: str | None) -> Response:
        try:
            record, text = parsed(body)
        except BadText as bad:
            return _refused(422, "INVALID_ENTRY", _NOT_READ, problems=_told(bad.found))
        op = self.service.operation(actor)
        op.request_hash = digest(f"POST /booklet.json|{hashlib.sha256(body).hexdigest()}")
        with op.after_commit, self.service.store.writing():
            if (person := person_of(op)) is not None:
                lock(op, person)
            outcome = _imported(op, record, key)
        if isinstance(outcome, InvalidEntry):
            problems = _told(_located(text, outcome.problems))
            return _refused(422, outcome.code, outcome.message, problems=problems)
        if isinstance(outcome, Refusal):
            return _refused(409, outcome.code, outcome.message)
        return _json(200, outcome)


def _imported(op: Operation, record: object, key: str | None) -> Any:
    """How much was imported, the same when it was before under this key; or the refusal."""
    try:
        if not idempotency.check(op, key):
            return op.replayed
        with op.store.savepoint():
            _, read = records.restore(op, record, "")
    except Refused as refused:
        return refused.refusal
    imported = {
        "entries": len(read.entries),
        "links": len(read.links),
        "evidence": len(read.evidence),
        "dossiers": len(read.dossiers),
    }
    idempotency.keep_answer(op, {"imported": imported})
    return {"imported": imported}


def _located(text: str, problems: list[Problem]) -> list[Located]:
    lines = lines_of(text, {each.path for each in problems})
    return [Located(each, lines[each.path]) for each in problems]


def _told(found: list[Located]) -> list[dict[str, Any]]:
    return [
        {
            "path": each.problem.path,
            "line": each.line,
            **({} if each.column is None else {"column": each.column}),
            "code": each.problem.code,
            "message": each.problem.message,
        }
        for each in found
    ]


async def _answered(answer: Callable[[Request], Awaitable[Response]], request: Request) -> Response:
    """What a route answers, or why it does not: JSON of the same form as GraphQL's errors."""
    try:
        return await answer(request)
    except BadRequest as bad:
        return _refused(bad.status, bad.code, bad.message)
    except ClientDisconnect:
        return Response(status_code=400)  # which nobody reads
    except InvalidToken:
        refused = {"www-authenticate": 'Bearer error="invalid_token"'}
        message = "Ce jeton d’accès n’est pas accepté."
        return _refused(401, "INVALID_TOKEN", message, headers=refused)
    except PublicError as error:
        if error.code == "UNAUTHENTICATED":
            bearer = {"www-authenticate": "Bearer"}
            return _refused(401, error.code, error.message, headers=bearer)
        return _refused(403, error.code, error.message)
    except Busy:
        message = "Le service est très demandé : réessayez dans un instant."
        return _refused(503, "BUSY", message, headers={"retry-after": "1"})
    except Unavailable:
        message = "Le service est momentanément indisponible : réessayez dans un instant."
        return _refused(503, "UNAVAILABLE", message, headers={"retry-after": "1"})
    except Exception as fault:  # noqa: BLE001 - the last place where it can be masked
        masked = encode_fault(fault)
        return Response(masked.body, masked.status, _NEVER_KEPT, "application/json")


def _refused(
    status: int,
    code: str,
    message: str,
    *,
    problems: list[dict[str, Any]] | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    extensions: dict[str, Any] = {"code": code}
    if problems is not None:
        extensions["problems"] = problems
    return _json(status, {"errors": [{"message": message, "extensions": extensions}]}, headers)


def _json(status: int, value: object, headers: dict[str, str] | None = None) -> Response:
    body = orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    return Response(body, status, _NEVER_KEPT | (headers or {}), "application/json")
