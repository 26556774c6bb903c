"""One description: a field added in one line is in the type, the input and everything computed."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import strawberry
from graphql import get_named_type
from strawberry import UNSET

from schema.description.fields import is_filled, whole_number
from schema.description.refusals import Problem
from schema.description.rubric import Rubric, RubricName, ValidationContext
from schema.description.validation import content_errors, content_warnings, submitted_fields
from schema.entries.entries import Attachment, Entry, entry_lines
from schema.entries.inputs import CommonInput
from schema.entries.shapes import fill_missing
from schema.guide import RubricGuide, rubric_guide
from schema.rubrics.attachments import ATTACHMENT, AttachmentContent
from tests.schema.problems import codes

TODAY = date(2026, 6, 1)


@dataclass(kw_only=True)
class WithPages(AttachmentContent):
    """A rubric's content with one field more, which is one line."""

    pages: int | None = whole_number(
        "Nombre de pages", "How many pages it has.", minimum=1, maximum=99, required=True,
        unit="pages", hint="Recto et verso.",
    )  # fmt: skip


WITH_PAGES = replace(ATTACHMENT, content=WithPages)


@strawberry.type(description="An attachment with its pages.")
class PagedAttachment(WithPages, Entry):
    """The type inherits the content."""

    @property
    def described_by(self) -> Rubric:
        """The rubric of this test."""
        return WITH_PAGES


@strawberry.input(description="The content of an attachment with its pages.")
class PagedAttachmentInput(CommonInput, WithPages):
    """The input inherits the same content."""


@strawberry.type(description="What this test asks.")
class Query:
    """Says an input back as an entry."""

    @strawberry.field(description="The entry that a content makes.")
    def told(self, content: PagedAttachmentInput) -> PagedAttachment:
        return entry_of(submitted_fields(content))

    @strawberry.field(description="What is wrong with a content.")
    def checked(self, content: PagedAttachmentInput) -> list[Problem]:
        return content_errors(WITH_PAGES, content, ValidationContext(TODAY))

    @strawberry.field(description="The guide of the rubric.")
    def guide(self) -> RubricGuide:
        return rubric_guide(WITH_PAGES)


SCHEMA = strawberry.Schema(Query)
GOOD = {"title": "Copie du BTS", "kind": "COPIE_DIPLOME", "pages": 3}


def entry_of(values: dict[str, Any]) -> PagedAttachment:
    content = fill_missing(WithPages, values) | {"comment": None, "shareable": True}
    return PagedAttachment(
        id=strawberry.ID("a"),
        rubric=RubricName.ATTACHMENT,
        version=1,
        created_at=None,  # type: ignore[arg-type]  # not asked for
        updated_at=None,  # type: ignore[arg-type]  # nor is this
        rank=1,
        context=ValidationContext(TODAY),
        **content,
    )


def ask(document: str, **content: Any) -> Any:
    answer = SCHEMA.execute_sync(document, variable_values={"content": content})
    assert answer.errors is None, answer.errors
    assert answer.data
    return next(iter(answer.data.values()))


def problems(**content: Any) -> list[tuple[str, str]]:
    document = "query($content: PagedAttachmentInput!) { checked(content: $content) { path code } }"
    return [(each["path"], each["code"]) for each in ask(document, **content)]


def test_the_field_is_in_the_type_and_in_the_input() -> None:
    types = SCHEMA._schema.type_map
    for name in ("PagedAttachment", "PagedAttachmentInput"):
        field = types[name].fields["pages"]
        assert str(field.type) == "Int"
        assert field.description == "How many pages it has."
        assert get_named_type(field.type).name == "Int"
    document = "query($content: PagedAttachmentInput!) { told(content: $content) { pages title } }"
    assert ask(document, **GOOD) == {"pages": 3, "title": "Copie du BTS"}


def test_the_field_is_validated() -> None:
    assert problems(**GOOD) == []
    assert problems(**GOOD | {"pages": None}) == [("pages", "REQUIRED")]
    assert problems(**GOOD | {"pages": 0}) == [("pages", "OUT_OF_RANGE")]
    assert problems(**GOOD | {"pages": 100}) == [("pages", "OUT_OF_RANGE")]
    assert problems(**GOOD | {"pages": 99}) == []
    assert problems(pages=0) == [
        ("title", "REQUIRED"),
        ("kind", "REQUIRED"),
        ("pages", "OUT_OF_RANGE"),
    ]


def test_the_field_is_in_the_guide() -> None:
    guide = ask("{ guide { fields { key label hint kind required minimum maximum unit } } }")
    keys = [field["key"] for field in guide["fields"]]
    assert keys.index("pages") == len(keys) - 3, "after the rubric's fields, before the common ones"
    assert guide["fields"][-3] == {
        "key": "pages",
        "label": "Nombre de pages",
        "hint": "Recto et verso.",
        "kind": "WHOLE_NUMBER",
        "required": True,
        "minimum": 1,
        "maximum": 99,
        "unit": "pages",
    }


def test_the_field_is_displayed() -> None:
    document = (
        "query($content: PagedAttachmentInput!) {"
        " told(content: $content) { lines { key label text } } }"
    )
    lines = ask(document, **GOOD)["lines"]
    assert lines[-1] == {"key": "pages", "label": "Nombre de pages", "text": "3 pages"}
    assert [line.key for line in entry_lines(entry_of(GOOD))] == ["title", "kind", "pages"]
    assert "pages" not in [line.key for line in entry_lines(entry_of(GOOD | {"pages": None}))]


def test_a_recommended_field_is_warned_about_until_it_is_filled() -> None:
    @dataclass(kw_only=True)
    class Recommended(AttachmentContent):
        pages: int | None = whole_number(
            "Nombre de pages", "How many pages it has.", minimum=1, maximum=99, recommended=True
        )

    rubric = replace(ATTACHMENT, content=Recommended)
    without = Recommended(title="Copie", kind="COPIE_DIPLOME", pages=None)
    found = codes(content_warnings(rubric, without, ValidationContext(TODAY)))
    assert ("pages", "RECOMMENDED") in found
    assert content_errors(rubric, without, ValidationContext(TODAY)) == []
    filled = replace(without, pages=2)
    found = codes(content_warnings(rubric, filled, ValidationContext(TODAY)))
    assert ("pages", "RECOMMENDED") not in found


def test_a_front_end_that_does_not_know_the_field_does_not_wipe_it() -> None:
    old = PagedAttachmentInput(title="Copie", kind="COPIE_DIPLOME")
    assert old.pages is UNSET
    assert "pages" not in submitted_fields(old)
    assert not is_filled(old.pages)
    assert submitted_fields(PagedAttachmentInput(pages=None)) == {"pages": None}


def test_an_entry_stored_before_the_field_existed_is_still_read() -> None:
    old = fill_missing(WithPages, {"title": "Copie", "kind": "COPIE_DIPLOME", "gone": "x"})
    assert old["pages"] is None
    assert "gone" not in old


def test_the_real_rubric_is_left_as_it_was() -> None:
    assert "pages" not in [field.key for field in rubric_guide(ATTACHMENT).fields]
    assert not hasattr(Attachment, "pages")
