"""No French text leaves the service with an ordinary space before `; : ! ?` or inside « »."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLInterfaceType, GraphQLObjectType, get_named_type

import graphql_api
import print_site
from graphql_api.commands.cli import build_parser as build_livret_parser
from graphql_api.engine.encoding import PublicError, encode_refusal
from graphql_api.graphql_schema import GRAPHQL_SCHEMA
from graphql_api.web.mail import Email
from graphql_api.web.rendering import message_page
from print_site.shell.command_line import build_parser
from schema.description.refusals import (
    BookletNotEmpty,
    IdempotencyMismatch,
    InvalidEntry,
    Problem,
    Refusal,
)
from schema.statistics import TABLES
from schema.typography import NARROW, quoted, typeset
from tests.conftest import Caller, Here
from tests.graphql_api.documents import LEAST, added
from tests.graphql_api.whole_booklet import WHOLE_BOOKLET

PUBLIC = (
    *(
        "screens",
        "menu",
        "parts",
        "rubrics",
        "identityForm",
        "situationForm",
        "dispenseForm",
        "dossierForm",
        "dossierIdentityForm",
        "shareLinkForm",
        "consentForm",
    ),
    *("dossierPurposes", "codeTables", "charter", "decree"),
)
ROOMS = [Path(room.__file__).parent for room in (graphql_api, print_site)]
# Regular expressions and values that programs read, by the name of their field.
NOT_FRENCH = {"pattern", "key", "name", "code", "table"}


def selection(name: str, depth: int = 6) -> str:
    """Every field below a type that takes no arguments."""
    kind = GRAPHQL_SCHEMA.type_map[name]
    if not isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
        return ""
    if depth == 0:
        return "{ __typename }"
    fields = [key for key, field in kind.fields.items() if not field.args]
    inner = (
        f"{key} {selection(get_named_type(kind.fields[key].type).name, depth - 1)}"
        for key in fields
    )
    return f"{{ {' '.join(inner)} }}"


def badly_spaced(answer: Any, key: str = "") -> Iterator[str]:
    """The texts of an answer that are not typeset."""
    if isinstance(answer, dict):
        for name, value in answer.items():
            yield from badly_spaced(value, name)
    elif isinstance(answer, list):
        for one in answer:
            yield from badly_spaced(one, key)
    elif isinstance(answer, str) and key not in NOT_FRENCH and typeset(answer) != answer:
        yield f"{key}: {answer}"


def spaced(answer: Any) -> int:
    """How many narrow spaces an answer has."""
    return str(answer).count(NARROW) + str(answer).count(r"\u202f")


@pytest.mark.parametrize("name", PUBLIC)
def test_everything_that_anybody_may_read_is_typeset(here: Here, name: str) -> None:
    query = GRAPHQL_SCHEMA.query_type
    assert query is not None
    kind = get_named_type(query.fields[name].type).name
    answer = here.nobody().ask(f"{{ {name} {selection(kind)} }}")
    assert list(badly_spaced(answer)) == []
    assert len(str(answer)) > 200


def test_the_guide_has_narrow_spaces(here: Here) -> None:
    assert spaced(here.nobody().ask("{ screens { title instruction } }")) > 5


def test_what_is_told_of_a_booklet_is_typeset(owner: Caller) -> None:
    for rubric in LEAST:
        added(owner, rubric)
    answer = owner.ask(WHOLE_BOOKLET)
    assert list(badly_spaced(answer)) == []
    assert spaced(answer) > 5


def test_the_tables_of_the_statistics_are_typeset() -> None:
    texts = [text for table in TABLES for text in (table.label, table.explanation)]
    assert list(badly_spaced(texts)) == []
    assert spaced(texts) > 1


def test_words_that_somebody_typed_are_quoted_as_they_are() -> None:
    assert quoted("Jury « VAE » ?") == f"«{NARROW}Jury « VAE » ?{NARROW}»"


def test_refusals_problems_and_errors_are_typeset_when_they_are_made() -> None:
    kinds = _subclasses(Refusal)
    assert len(kinds) > 12
    for kind in kinds:
        assert kind.__post_init__ is Refusal.__post_init__
    for refusal in (InvalidEntry(problems=[]), IdempotencyMismatch(), BookletNotEmpty(entries=1)):
        assert typeset(refusal.message) == refusal.message
        assert (NARROW in refusal.message) == (":" in refusal.message)
    said = "Rien n’a été fait : « recommencez » !"
    assert Problem(path="a", code="B", message=said).message == typeset(said) != said
    assert PublicError(said, "BAD").message == typeset(said)
    assert typeset(said) in encode_refusal(400, "BAD", said).body.decode()
    email = Email("a@b.example", said, said)
    assert email.subject == email.text == typeset(said)


def _subclasses(kind: type[Refusal]) -> list[type[Refusal]]:
    return [each for one in kind.__subclasses__() for each in (one, *_subclasses(one))]


def test_pages_are_typeset(here: Here) -> None:
    said = "Est-ce fait ? « Oui »"
    answer = bytes(message_page(said, said, links=(("/", said),)).body).decode()
    assert said not in answer
    assert answer.count(typeset(said)) == 4  # title, heading, line, link
    browser = {"accept": "text/html"}
    for path in ("/", "/nowhere", "/s/0f5e6f4e-6f0b-4d0e-9b34-7a6f0a1b2c3d", "/dossiers/none.pdf"):
        page = here.client.get(path, headers=browser).text
        assert "<h1>" in page
        assert typeset(page) == page, path


def test_what_people_typed_stays_as_it_is_in_a_page() -> None:
    typed = "Bilan : « oui »"
    link = bytes(message_page("Titre", links=((f"/?q={typed}", "a"),)).body).decode()
    assert f'href="/?q={typed}"' in link


def test_help_and_errors_of_the_command_line_are_typeset(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for parser in (build_livret_parser(), build_parser("")):
        assert typeset(parser.format_help()) == parser.format_help()
        with pytest.raises(SystemExit):
            parser.parse_args(["nothing-of-this-name"])
        wrong = capsys.readouterr().err
        assert typeset(wrong) == wrong
        assert NARROW in wrong


def printed_literals(path: Path) -> Iterator[tuple[int, str]]:
    """The literals that a module prints or writes itself, with their lines."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and re.fullmatch(
            r"print|sys\.std(out|err)\.(write|writelines)", ast.unparse(node.func)
        ):
            inner = [one for each in node.args for one in _untypeset(each)]
            yield from ((one.lineno, str(one.value)) for one in inner)


def _untypeset(node: ast.AST) -> Iterator[ast.Constant]:
    if isinstance(node, ast.Call) and ast.unparse(node.func) in ("typeset", "typeset_marks"):
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node
    for child in ast.iter_child_nodes(node):
        yield from _untypeset(child)


def test_no_command_prints_french_as_it_was_typed() -> None:
    found = 0
    for room in ROOMS:
        for path in room.rglob("*.py"):
            for line, text in printed_literals(path):
                found += 1
                assert typeset(text) == text, f"{path}:{line}"
    assert found > 5
