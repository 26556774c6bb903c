"""The record as a file: downloaded, and posted into an empty booklet.

`/graphql` takes 256 kB, which a full booklet can exceed; here it is 8 MB. The refusals are those of
`bookletImport`, with the line of each problem.
"""

import hashlib
from dataclasses import dataclass
from functools import partial
from typing import Any

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from graphql_api.callers.permissions import Permission, check_permission
from graphql_api.callers.request_context import RequestContext
from graphql_api.engine.http_request import (
    check_content_type,
    check_csrf,
    check_csrf_of_link,
    read_body,
)
from graphql_api.engine.workers import WorkerPool
from graphql_api.operations import idempotency
from graphql_api.operations.file_endpoint import JSON_FILES, answer_file, json_file
from graphql_api.operations.service import Service
from graphql_api.records import records
from graphql_api.storage.operation import Operation, digest
from schema.description.refusals import InvalidEntry, Problem, Refusal, Refused
from schema.record.text import LocatedProblem, RecordTextError, line_numbers, parse_json

RECORD_BYTES = 8_000_000
_NOT_READ = "Ce fichier ne peut pas être lu : rien n’a été importé."


@dataclass(frozen=True, slots=True)
class RecordRoutes:
    """GET and POST of /booklet.json. `origin` is the public one, as for GraphQL."""

    service: Service
    workers: WorkerPool
    origin: str

    def routes(self) -> list[Route]:
        """Both routes."""
        return [
            Route("/booklet.json", self.download, methods=["GET"]),
            Route("/booklet.json", self.upload, methods=["POST"]),
        ]

    async def download(self, request: Request) -> Response:
        """The caller's complete record."""
        return await answer_file(
            self.service, self.workers, check_csrf_of_link, self._download, request
        )

    async def upload(self, request: Request) -> Response:
        """A record posted into the caller's empty booklet."""
        check = self._check_upload
        return await answer_file(self.service, self.workers, check, self._upload, request)

    async def _download(self, context: RequestContext, _request: Request) -> Response:
        record = await self.workers.run(partial(self._export, context))
        if record is None:
            return JSON_FILES.refuse(404, "NOT_FOUND", "Vous n’avez pas de livret.")
        headers = {"content-disposition": 'attachment; filename="livret.json"'}
        return json_file(200, record, headers)

    def _check_upload(self, headers: Headers) -> None:
        check_content_type(headers)
        check_csrf(headers, self.origin)

    async def _upload(self, context: RequestContext, request: Request) -> Response:
        await self.workers.run(
            partial(self._check_may_write, context)
        )  # before up to 8 MB are read
        body = await read_body(request.headers, request.receive, RECORD_BYTES)
        key = request.headers.get("idempotency-key")
        return await self.workers.run(partial(self._import, context, body, key))

    def _check_may_write(self, context: RequestContext) -> None:
        context.authenticate()
        check_permission(context.op.actor, Permission.WRITE_OWN_BOOKLET)

    def _export(self, context: RequestContext) -> dict[str, Any] | None:
        with context.reading():
            check_permission(context.op.actor, Permission.READ_OWN_BOOKLET)
            record = records.export(context.op)
        self.service.finish(context)
        return record

    def _import(self, context: RequestContext, body: bytes, key: str | None) -> Response:
        try:
            record, text = parse_json(body)
        except RecordTextError as bad:
            return JSON_FILES.refuse(
                422, "INVALID_ENTRY", _NOT_READ, problems=_problems(bad.problems)
            )
        op = context.op
        op.now = self.service.clock()  # the file may have been long in coming
        op.request_hash = partial(digest, f"POST /booklet.json|{hashlib.sha256(body).hexdigest()}")
        op.after_commit.push(op.note_written_heads)
        with op.after_commit, context.writing():
            check_permission(
                op.actor, Permission.WRITE_OWN_BOOKLET
            )  # the session may have ended meanwhile
            outcome = _imported(op, record, key)
        self.service.finish(context)
        if isinstance(outcome, InvalidEntry):
            problems = _problems(_located(text, outcome.problems))
            return JSON_FILES.refuse(422, outcome.code, outcome.message, problems=problems)
        if isinstance(outcome, Refusal):
            return JSON_FILES.refuse(409, outcome.code, outcome.message)
        return json_file(200, outcome)


def _imported(op: Operation, record: object, key: str | None) -> Any:
    """Import a record once for its key; return the counts of what was imported, or the refusal."""
    try:
        if not idempotency.is_first_request(op, key):
            return op.cached_answer
        with op.store.savepoint():
            _, read = records.restore(op, record, "")
    except Refused as refused:
        op.written_heads.clear()
        return refused.refusal
    imported = {
        "entries": len(read.entries),
        "links": len(read.links),
        "evidence": len(read.evidence),
        "dossiers": len(read.dossiers),
    }
    idempotency.store_answer(op, {"imported": imported})
    return {"imported": imported}


def _located(text: str, problems: list[Problem]) -> list[LocatedProblem]:
    lines = line_numbers(text, {each.path for each in problems})
    return [LocatedProblem(each, lines[each.path]) for each in problems]


def _problems(found: list[LocatedProblem]) -> list[dict[str, Any]]:
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
