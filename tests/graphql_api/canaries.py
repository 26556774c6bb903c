"""Texts that must turn up nowhere but in their owner's answers, and the places where to look."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from schema.description.fields import FieldKind, fields_of
from schema.rubrics import RUBRICS
from tests.conftest import CHARTER, IDENTIFY, IDENTITY, OPEN, Caller, Deployment, Here
from tests.graphql_api.documents import ADD, LEAST, LINK, PROVE, SAVE_DRAFT
from tests.processes import bytes_of_database

MARK = "canari"
CANARY_IDENTITY = IDENTITY | {
    "lastName": "Canarinom",
    "firstName": "Canariprenom",
    "addressLine1": "12 rue canari",
    "addressLine2": "canari étage",
    "city": "Canariville",
    "email": "canari@example.org",
    "emailConfirmation": "canari@example.org",
    "phoneMobile": "0699887766",
    "birthDate": "1980-04-13",
}
PERSONAL = ("0699887766", "06 99 88 77 66", "1980-04-13", "13/04/1980", "13 avril 1980")


def entry_with_canaries(rubric: str) -> dict[str, Any]:
    """The content of a rubric with a canary in every text field that takes free words."""
    content: dict[str, Any] = dict(LEAST[rubric])
    described = next(each for each in RUBRICS if each.key == rubric)
    for field in fields_of(described.content):
        spec = field.spec
        word = f"{MARK} {rubric} {field.key}"
        if spec.pattern or spec.verify:
            continue
        if spec.kind in (FieldKind.TEXT, FieldKind.LONG_TEXT) and len(word) <= (
            spec.max_length or 0
        ):
            content[field.key] = word
        elif spec.kind is FieldKind.TEXTS:
            content[field.key] = [word, f"{word} encore"]
    return {rubric: content | {"comment": f"{MARK} {rubric} comment"}}


def sow(
    here: Here, name: str = "owner", rubrics: tuple[str, ...] = tuple(LEAST)
) -> tuple[Caller, dict[str, Any]]:
    """An agent whose booklet has canaries everywhere, and the entry of each rubric."""
    caller = here.caller(name)
    made = here.deployment.copies.of(
        ("sown", name, rubrics), here.clock(), lambda: _write_canaries(here, caller, rubrics)
    )
    return caller, made


def _write_canaries(here: Here, caller: Caller, rubrics: tuple[str, ...]) -> dict[str, Any]:
    assert caller.do(OPEN, code=here.code())["__typename"] == "BookletOpened"
    assert caller.do(CHARTER)["__typename"] == "CharterAccepted"
    answer = caller.do(IDENTIFY, identity=CANARY_IDENTITY, version=0)
    assert answer["__typename"] == "IdentityRevised", answer
    made: dict[str, Any] = {}
    for rubric in rubrics:
        answer = caller.do(ADD, entry=entry_with_canaries(rubric), key=f"{MARK} key {rubric}")
        assert answer["__typename"] == "EntryAdded", answer
        made[rubric] = answer["entry"]
    for document, first, second, more in (
        (LINK, "competence", "diploma", {"relation": "USED", "note": f"{MARK} note"}),
        (PROVE, "attachment", "diploma", {}),
    ):
        answer = caller.do(
            document,
            id=made[first]["id"],
            version=1,
            target=made[second]["id"],
            key=f"{MARK} tie of {first}",
            **more,
        )
        assert answer["__typename"] == "TieWritten", answer
    draft = {"training": {"title": f"{MARK} draft title", "content": f"{MARK} draft content"}}
    answer = caller.do(SAVE_DRAFT, entry=draft, key=f"{MARK} key of a draft")
    assert answer["__typename"] == "DraftSaved", answer
    return made


def canaries_in(content: bytes | str) -> list[str]:
    """The canaries that a content holds, whatever their case."""
    lower = (content.encode() if isinstance(content, str) else content).lower()
    return [word for word in (MARK, *PERSONAL) if word.lower().encode() in lower]


def stored(deployment: Deployment) -> Iterator[tuple[str, bytes]]:
    """Everything that a deployment keeps: the files of its databases, the values of its tables."""
    for store in (deployment.store, deployment.key_store):
        database = store.database
        if store.is_sqlite:
            path = Path(database.database)
            for file in sorted(path.parent.glob(f"{path.name}*")):
                yield file.name, bytes_of_database(file)
        else:
            database.execute_sql("CHECKPOINT")
            ((folder, own),) = database.execute_sql(
                "SELECT current_setting('data_directory'), oid::text FROM pg_database"
                " WHERE datname = current_database()"
            ).fetchall()
            for file in sorted(Path(folder).rglob("*")):
                place = file.relative_to(folder)
                if place.parts[0] == "base" and place.parts[1:2] != (own,):
                    continue  # another database, of other tests
                with suppress(FileNotFoundError):  # the server recycles files as it works
                    if file.is_file():
                        yield str(place), file.read_bytes()
        for table in database.get_tables():
            cursor = database.execute_sql(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                for column, value in zip(cursor.description, row, strict=True):
                    raw = value if isinstance(value, bytes) else str(value).encode()
                    yield f"{table}.{column[0]}", raw
