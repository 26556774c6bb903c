"""Stored documents: GraphQL in a file beside the view that sends it, run as HTTP would run it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import orjson
from starlette.requests import HTTPConnection

from graphql_api.engine.documents import DocumentCache, PreparedOperation, RejectedDocument
from graphql_api.engine.encoding import EncodedResponse
from graphql_api.engine.workers import WorkerPool


class Execute(Protocol):
    """Runs an operation for the caller of a request: see `execution.execute`."""

    def __call__(
        self,
        prepared: PreparedOperation,
        variables: dict[str, Any] | None,
        connection: HTTPConnection,
        /,
        *,
        is_trial: bool = False,
    ) -> EncodedResponse:
        """The encoded answer; a trial undoes what it wrote."""
        ...


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """The text of a document with one operation."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class DocumentAnswer:
    """What the service answered: data, errors, and the headers for the browser."""

    data: dict[str, Any]
    errors: tuple[dict[str, Any], ...]
    headers: tuple[tuple[str, str], ...]

    @property
    def code(self) -> str:
        """The stable code of the first error; empty when there is none."""
        return str(self.errors[0].get("extensions", {}).get("code", "")) if self.errors else ""


def stored(beside: str, name: str, *fragments: StoredDocument) -> StoredDocument:
    """The document in `name.graphql` beside a module (its `__file__`), with the fragments it spreads."""
    text = (Path(beside).parent / f"{name}.graphql").read_text(encoding="utf-8")
    return StoredDocument(name, "\n".join((text, *(one.text for one in fragments))))


@dataclass(frozen=True, slots=True)
class DocumentRunner:
    """Runs stored documents for the caller of a request: same limits, rights and masking as `/graphql`.

    `kept` holds what was read of documents that are the same for everybody: see `PageRequest.public`.
    """

    documents: DocumentCache
    workers: WorkerPool
    execute: Execute
    prepared: dict[str, PreparedOperation] = field(default_factory=dict)
    kept: dict[str, Any] = field(default_factory=dict)

    async def run(
        self,
        document: StoredDocument,
        variables: Mapping[str, Any],
        caller: HTTPConnection,
        *,
        is_trial: bool = False,
    ) -> DocumentAnswer:
        """The answer to a document; a trial writes nothing. Raises `BusyError` or `UnavailableError`."""
        work = partial(self._run, document, dict(variables), caller, is_trial=is_trial)
        answer = await self.workers.run(work)
        body = orjson.loads(answer.body)
        return DocumentAnswer(
            body.get("data") or {}, tuple(body.get("errors") or ()), answer.headers
        )

    def _run(
        self,
        document: StoredDocument,
        variables: dict[str, Any],
        caller: HTTPConnection,
        *,
        is_trial: bool,
    ) -> EncodedResponse:
        return self.execute(self._prepared(document), variables, caller, is_trial=is_trial)

    def _prepared(self, document: StoredDocument) -> PreparedOperation:
        known = self.prepared.get(document.text)
        if known is None:
            made = self.documents.prepare(document.text)
            if isinstance(made, RejectedDocument):
                raise ValueError(f"{document.name}.graphql: {made.errors[0].message}")
            known = self.prepared[document.text] = made
        return known
