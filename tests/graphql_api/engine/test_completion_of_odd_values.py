"""Where a value is not what a compiled function was written for, graphql-core completes it."""

import gc
from datetime import date
from types import SimpleNamespace
from typing import Annotated, Any

import pytest
import strawberry
from strawberry.extensions import FieldExtension

from graphql_api.engine.completion import run_document
from graphql_api.engine.documents import DocumentCache
from tests.graphql_api.engine import toy
from tests.graphql_api.engine.toy_completion import check_same, prepare


@strawberry.enum
class Size(toy.Enum):
    SMALL = 1


class Blocked(FieldExtension):
    def resolve(self, next_: Any, source: Any, info: strawberry.Info, **arguments: Any) -> Any:
        return "extended " + next_(source, info, **arguments)


@strawberry.interface
class Shape:
    name: str


@strawberry.type
class Square(Shape):
    side: float = 1.0


@strawberry.type
class Circle(Shape):
    radius: float = 1.0


@strawberry.type
class Plain:
    text: str
    number: int | None = None
    big: float | None = None
    flag: bool | None = None
    size: Size | None = None
    day: date | None = None
    items: list[int | None] | None = None
    self_: Annotated["Plain", strawberry.lazy(__name__)] | None = strawberry.field(
        name="self", default=None
    )
    extended: str = strawberry.field(default="", extensions=[Blocked()])

    @strawberry.field
    def method(self) -> str:
        return getattr(self, "answer", "method")

    @strawberry.field
    @staticmethod
    def fixed() -> str:
        return "fixed"

    @strawberry.field
    def of_root(root) -> str:  # noqa: N805 - Strawberry passes the root by this name
        return f"root of {root.text}"


@strawberry.type
class Odd:
    plain: Plain
    plains: list[Plain | None]
    shape: Shape | None
    either: Annotated[Square | Circle, strawberry.union("Either")] | None


VALUES: dict[str, Any] = {}


@strawberry.type
class OddQuery:
    @strawberry.field
    def odd(self) -> Odd | None:
        return Odd(**({"plains": [], "shape": None, "either": None} | VALUES))


ODD = strawberry.Schema(OddQuery, types=[Square, Circle])._schema
ODD_DOCUMENTS = DocumentCache(ODD)
FIELDS = "text number big flag size day items method fixed ofRoot"
ODD_DOCUMENT = f"""{{ odd {{
  plain {{ {FIELDS} self {{ text }} }}
  plains {{ {FIELDS} extended }}
  shape {{ __typename name ... on Square {{ side }} ... on Circle {{ radius }} }}
  either {{ __typename ... on Square {{ side }} }}
}} }}"""


class Derived(Square):
    """A class that is not itself a type of the schema."""


def cast_to_circle() -> Square:
    return strawberry.cast(Circle, Square(name="cast"))  # type: ignore[no-any-return]  # as Strawberry types it


@pytest.mark.parametrize(
    "values",
    [  # each `type: ignore` here: a value of another type is what the test is about
        {},
        {"plain": None},
        {"plain": ValueError("an exception as a value")},
        {"plain": {"text": "a mapping"}},
        {"plain": SimpleNamespace(text="no method", number=1)},
        {"plain": Plain(text=None)},  # type: ignore[arg-type]
        {"plain": Plain(text=ValueError("as a text"))},  # type: ignore[arg-type]
        {"plain": Plain(text=5)},  # type: ignore[arg-type]
        {"plain": Plain(text="x", number=2**31)},
        {"plain": Plain(text="x", number=2**31 - 1)},
        {"plain": Plain(text="x", number=True)},
        {"plain": Plain(text="x", number=1.0)},  # type: ignore[arg-type]
        {"plain": Plain(text="x", number="12")},  # type: ignore[arg-type]
        {"plain": Plain(text="x", number="twelve")},  # type: ignore[arg-type]
        {"plain": Plain(text="x", big=float("nan"))},
        {"plain": Plain(text="x", big=float("inf"))},
        {"plain": Plain(text="x", big=3)},
        {"plain": Plain(text="x", flag=2)},  # type: ignore[arg-type]
        {"plain": Plain(text="x", flag="no")},  # type: ignore[arg-type]
        {"plain": Plain(text="x", size=Size.SMALL, day=date(2024, 2, 29))},
        {"plain": Plain(text="x", size="SMALL")},  # type: ignore[arg-type]
        {"plain": Plain(text="x", size=1)},  # type: ignore[arg-type]
        {"plain": Plain(text="x", day="2024-02-29")},  # type: ignore[arg-type]
        {"plain": Plain(text="x", items=[1, None, 3])},
        {"plain": Plain(text="x", items=(1, 2))},  # type: ignore[arg-type]
        {"plain": Plain(text="x", items={1})},  # type: ignore[arg-type]
        {"plain": Plain(text="x", items=[1, "x", 3])},  # type: ignore[list-item]
        {"plain": Plain(text="x", items="12")},  # type: ignore[arg-type]
        {"plain": Plain(text="x", items=5)},  # type: ignore[arg-type]
        {"plain": Plain(text="x", self_=Plain(text="y"))},
        {"plains": [Plain(text="a"), None, Plain(text=None)]},  # type: ignore[arg-type]
        {"plains": [Plain(text="a"), KeyError("as an item")]},
        {"plains": {"a": Plain(text="a")}.values()},
        {"shape": Square(name="s")},
        {"shape": Circle(name="c", radius=2)},
        {"shape": Derived(name="d")},
        {"shape": Shape(name="bare")},
        {"shape": Plain(text="not a shape")},
        {"shape": cast_to_circle()},
        {"either": Square(name="s")},
        {"either": Circle(name="c")},
        {"either": cast_to_circle()},
        {"either": Derived(name="d")},
        {"either": 5},
    ],
    ids=lambda values: repr(values)[:60],
)
def test_an_odd_value_gives_the_same_data_and_errors(values: dict[str, Any]) -> None:
    VALUES.clear()
    VALUES.update({"plain": Plain(text="x")} | values)
    check_same(prepare(ODD_DOCUMENT, ODD_DOCUMENTS), schema=ODD)
    only_names = "{ odd { plain { __typename } shape { __typename } plains { __typename } } }"
    check_same(prepare(only_names, ODD_DOCUMENTS), schema=ODD)


def test_an_extension_of_a_field_is_not_skipped() -> None:
    VALUES.clear()
    VALUES.update(plain=Plain(text="x"), plains=[Plain(text="x", extended="y")])
    data, _ = check_same(prepare("{ odd { plains { extended } } }", ODD_DOCUMENTS), schema=ODD)
    assert data == b'{"odd":{"plains":[{"extended":"extended y"}]}}'


@pytest.mark.parametrize("field", ["text", "method", "items", "self"])
def test_an_asynchronous_field_fails_as_without_compilation(field: str) -> None:
    async def answer() -> str:
        return "late"

    class Late(Plain):
        def __getattribute__(self, name: str) -> Any:
            watched = {"self": "self_", "method": "answer"}.get(field, field)
            return answer() if name == watched else object.__getattribute__(self, name)

    VALUES.clear()
    VALUES.update(plain=Late(text="x"))
    selected = "self { text }" if field == "self" else field
    prepared = prepare(f"{{ odd {{ plain {{ {selected} }} }} }}", ODD_DOCUMENTS)
    _, errors = check_same(prepared, schema=ODD)
    assert [error["message"] for error in errors] == ["a resolver is asynchronous"]
    gc.collect()  # a coroutine that was not closed would warn here


def test_a_function_that_always_gives_up_is_dropped() -> None:
    VALUES.clear()
    VALUES.update(plain=Plain(text=None))  # type: ignore[arg-type]  # on purpose
    prepared = prepare("{ odd { plain { text } } } #", ODD_DOCUMENTS)
    for _ in range(30):
        run_document(ODD, prepared, None, None)
    functions = prepared.compiled["cache"]._variants[()]
    assert set(functions.values()) == {None}
    VALUES.update(plain=Plain(text="x"))
    assert run_document(ODD, prepared, None, None).data == {"odd": {"plain": {"text": "x"}}}
