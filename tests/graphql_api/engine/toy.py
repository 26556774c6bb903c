"""A small schema that has everything the HTTP side of the service must cope with.

Authors and their works: an interface, a union, lists, nulls, enums, custom scalars, methods,
arguments, and fields that fail.
"""

from collections.abc import Callable
from datetime import date
from enum import Enum
from threading import Event
from typing import Annotated, Any

import strawberry
from starlette.requests import HTTPConnection

from graphql_api.engine.completion import run_document
from graphql_api.engine.document_limits import DocumentLimits
from graphql_api.engine.documents import DocumentCache, PreparedOperation
from graphql_api.engine.encoding import EncodedResponse, PublicError, encode
from graphql_api.engine.endpoint import GraphQLEndpoint
from graphql_api.engine.heavy_operations import HeavyOperations
from graphql_api.engine.workers import UnavailableError, WorkerPool
from tests.patience import PATIENCE_SECONDS


@strawberry.enum
class Tone(Enum):
    GRAVE = "grave"
    LIGHT = strawberry.enum_value("light", name="MERRY")


@strawberry.interface
class Work:
    id: strawberry.ID
    title: str
    year: int | None = None
    tones: list[Tone] = strawberry.field(default_factory=list)


@strawberry.type
class Novel(Work):
    pages: int = 100
    published: date | None = None
    author: Annotated["Author", strawberry.lazy(__name__)] | None = None

    @strawberry.field
    def spine(self) -> str:
        return f"{self.title} ({self.pages})"

    @strawberry.field
    def fragile(self) -> str:
        if self.pages == 13:
            raise ValueError(f"canary of {self.title}")
        return "solid"


@strawberry.type
class Poem(Work):
    verses: list[list[str | None]] = strawberry.field(default_factory=list)
    rating: float | None = None

    @strawberry.field
    def greeting(self, info: strawberry.Info) -> str:
        return f"{info.context}: {self.title}"

    @strawberry.field
    def fragile(self) -> str:
        return None if self.year == 13 else "solid"  # type: ignore[return-value]  # the fault that is meant


Favourite = Annotated[
    Novel | Poem | Annotated["Author", strawberry.lazy(__name__)], strawberry.union("Favourite")
]


@strawberry.type
class Author:
    name: str
    alive: bool = True
    nickname: str | None = None
    tone: Tone | None = None
    works: list[Work] = strawberry.field(default_factory=list)
    drafts: list[Work | None] | None = None
    favourites: list[Favourite] = strawberry.field(default_factory=list)

    @strawberry.field
    def initials(self) -> str | None:
        return "".join(word[0] for word in self.name.split()) or None

    @strawberry.field
    def titled(self, start: str = "") -> list[Work]:
        return [work for work in self.works if work.title.startswith(start)]


@strawberry.input
class Wish:
    title: str
    year: int | None = None
    tone: Tone | None = None
    day: date | None = None


@strawberry.input(one_of=True)
class Choice:
    novel: Wish | None = strawberry.UNSET
    poem: Wish | None = strawberry.UNSET


def _authors() -> list[Author]:
    sand = Author(name="George Sand", tone=Tone.GRAVE, alive=False)
    mare = Novel(id=strawberry.ID("1"), title="La Mare au diable", year=1846, author=sand)
    fadette = Novel(
        id=strawberry.ID("2"), title="La Petite Fadette", pages=13, published=date(1849, 9, 1)
    )
    ballad = Poem(
        id=strawberry.ID("3"),
        title="Ballade",
        year=13,
        tones=[Tone.GRAVE, Tone.LIGHT],
        verses=[["Dictes moy", None], []],
        rating=4.5,
    )
    elegy = Poem(id=strawberry.ID("4"), title="Élégie", year=1558, verses=[["Ô longs désirs"]])
    sand.works = [mare, fadette]
    sand.drafts = [None, elegy]
    sand.favourites = [mare, ballad, sand]
    villon = Author(
        name="François Villon", nickname="Frère", works=[ballad, elegy], tone=Tone.LIGHT
    )
    broken = Author(name=None, works=[elegy, None], favourites=[elegy])  # type: ignore[arg-type, list-item]  # broken on purpose
    odd = Author(name="", nickname=3, alive=2, works=(mare, elegy))  # type: ignore[arg-type]  # as odd
    return [sand, villon, broken, odd]


AUTHORS = _authors()


@strawberry.type
class Query:
    @strawberry.field
    def authors(self) -> list[Author | None]:
        return [*AUTHORS]

    @strawberry.field
    def author(self, name: str) -> Author | None:
        return next((author for author in AUTHORS if author.name == name), None)

    @strawberry.field
    def works(self, first: int = 2) -> list[Work]:
        return [work for author in AUTHORS[:2] for work in author.works][:first]

    @strawberry.field
    def favourite(self) -> Favourite | None:
        return AUTHORS[1].works[0]

    @strawberry.field
    def context(self, info: strawberry.Info) -> str:
        return f"{info.context} {info.variable_values}"

    @strawberry.field
    def choose(self, choice: Choice) -> str:
        return "novel" if choice.novel else "poem"

    @strawberry.field
    def dates(self, days: list[date | None]) -> int:
        return len(days)

    @strawberry.field
    def number(self, value: int) -> int:
        return value

    @strawberry.field
    def failing(self) -> str | None:
        raise ValueError("canary in an exception")

    @strawberry.field
    def refusing(self) -> str | None:
        raise PublicError("You may not read this.", "NOT_ENTITLED")

    @strawberry.field
    def certain(self) -> str:
        raise ValueError("canary in an exception")

    @strawberry.field
    def offline(self) -> str:
        return "never reached"


@strawberry.type
class Mutation:
    @strawberry.mutation
    def add(self, wish: Wish) -> Work:
        return Novel(id=strawberry.ID("9"), title=wish.title, year=wish.year)

    @strawberry.mutation
    def remove(self, id: strawberry.ID) -> bool:
        return id == "1"


SCHEMA = strawberry.Schema(Query, Mutation, types=[Novel, Poem])
GRAPHQL_SCHEMA = SCHEMA._schema


def execute(
    prepared: PreparedOperation, variables: dict[str, Any] | None, connection: HTTPConnection
) -> EncodedResponse:
    """Runs the operation, with the caller's X-Name header as its context."""
    if prepared.name == "Offline":
        raise UnavailableError
    if prepared.name == "Crash":
        raise RuntimeError("canary in an exception")
    name = connection.headers.get("x-name", "nobody")
    return encode(run_document(GRAPHQL_SCHEMA, prepared, variables, name))


def documents(limits: DocumentLimits | None = None, **options: Any) -> DocumentCache:
    """A new cache of the documents of the toy schema."""
    return DocumentCache(GRAPHQL_SCHEMA, limits=limits, **options)


def endpoint(
    workers: WorkerPool,
    run: Callable[
        [PreparedOperation, dict[str, Any] | None, HTTPConnection], EncodedResponse
    ] = execute,
    **options: Any,
) -> GraphQLEndpoint:
    """The toy schema over HTTP."""
    heavy = HeavyOperations(workers)
    return GraphQLEndpoint(documents(**options), workers, heavy, run, origin="https://livret.test")


def blocking(gate: Event) -> Callable[..., EncodedResponse]:
    """An `execute` that waits for the gate before it answers."""

    def wait_and_execute(*arguments: Any) -> EncodedResponse:
        gate.wait(PATIENCE_SECONDS)
        return execute(*arguments)

    return wait_and_execute
