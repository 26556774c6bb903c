"""Reading a record: its content, or all its errors."""

from copy import deepcopy
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schema.description.bounds import MAX_ENTRIES
from schema.description.fields import LIST_LENGTH, TITLE_LENGTH
from schema.description.refusals import InvalidEntry, Refused
from schema.dossiers.dossier import MAX_DOSSIERS
from schema.entries.entries import COMMENT_LENGTH, NOTE_LENGTH
from schema.record.reading import INFORMATIONAL, ReadRecord, read_record
from schema.record.text import MAX_RECORD_PROBLEMS
from tests.schema.problems import codes
from tests.schema.record.record_sample import (
    ABSENT,
    ATTACHMENT,
    COMPETENCE,
    DIPLOMA,
    IDS,
    RECORD,
    TRAINING,
    changed,
)

NOW = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)


def read(record: object, at: str = "") -> ReadRecord:
    return read_record(record, now=NOW, today=date(2026, 11, 22), birth_date=None, at=at)


def refused(record: object, at: str = "") -> list[tuple[str, str]]:
    """The (path, code) of each problem."""
    with pytest.raises(Refused) as caught:
        read(record, at)
    refusal = caught.value.refusal
    assert isinstance(refusal, InvalidEntry)
    assert all(each.message for each in refusal.problems)
    return codes(refusal.problems)


def test_a_record_is_read_as_it_would_be_typed() -> None:
    found = read(RECORD)
    assert found.identity is not None
    assert found.identity["phone_mobile"] == "0639981475"
    assert found.stats_consent_at == datetime(2025, 1, 2, 3, 4, 5, 6, tzinfo=UTC)
    assert found.situation == {"employer_name": "Ville de Bordeaux", "since": "2019-03"}
    diploma, training, competence, _ = found.entries
    assert diploma.created_at == datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert diploma.updated_at == datetime(2021, 1, 2, 3, 4, 5, 500_000, tzinfo=UTC)
    assert diploma.content["comment"] == "Une remarque."
    assert diploma.content["shareable"] is False
    assert training.created_at == training.updated_at == NOW
    assert training.content["shareable"] is True
    assert repr(training.content["duration_value"]) == "2.0"
    assert competence.content["contexts"] == ["Ici"]
    assert [link.note for link in found.links] == ["Là", None]
    assert found.dossiers == {IDS[9]: {"title": "Mutation", "purpose": "MUTATION"}}


def test_what_is_not_said_stays() -> None:
    found = read({"format": "livret", "formatVersion": 1})
    assert found == ReadRecord()
    assert read(changed("situation", None)).situation == {}
    assert read(changed("identity", None)).identity is None
    for key in INFORMATIONAL:
        assert read(changed(key, ...)) == read(RECORD)


def test_what_a_rubric_hides_is_hidden_unless_the_record_says_otherwise() -> None:
    content = {"origin": "ENTRETIEN_PROFESSIONNEL", "madeOn": "2023-11", "text": "Un concours."}
    entry = {"id": IDS[5], "rubric": "RECOMMENDATION", "content": content}
    assert read(changed("entries.4", entry)).entries[4].content["shareable"] is False
    said = changed("entries.4", entry | {"shareable": True})
    assert read(said).entries[4].content["shareable"] is True


def test_ranks_are_places_and_what_has_none_comes_last() -> None:
    record = deepcopy(RECORD)
    content = record["entries"][3]["content"]
    for id, rank in zip(IDS[5:8], (7, None, 2), strict=True):
        record["entries"].append(
            {"id": id, "rubric": "ATTACHMENT", "content": content, "rank": rank}
        )
    ranks = {one.id: one.rank for one in read(record).entries}
    assert [ranks[id] for id in (IDS[7], IDS[5], ATTACHMENT, IDS[6])] == [1, 2, 3, 4]
    assert ranks[DIPLOMA] == ranks[TRAINING] == ranks[COMPETENCE] == 1


WRONG: list[tuple[str, object, list[tuple[str, str]]]] = [
    ("format", ..., [("format", "REQUIRED")]),
    ("format", "europass", [("format", "UNKNOWN_FORMAT")]),
    ("formatVersion", 2, [("formatVersion", "UNKNOWN_FORMAT")]),
    ("formatVersion", "1", [("formatVersion", "UNKNOWN_FORMAT")]),
    ("formatVersion", True, [("formatVersion", "UNKNOWN_FORMAT")]),
    ("formatVersion", float("inf"), [("formatVersion", "UNKNOWN_FORMAT")]),
    ("notes", [], [("notes", "UNKNOWN_KEY")]),
    ("a b\0", [], [('["a b\\u0000"]', "UNKNOWN_KEY")]),
    ("account", [], [("account", "WRONG_TYPE")]),
    ("accesses", {}, [("accesses", "WRONG_TYPE")]),
    ("exportedAt", None, [("exportedAt", "WRONG_TYPE")]),
    ("account", {"a": [[[[[[[]]]]]]]}, [("", "TOO_DEEP")]),
    ("identity", [], [("identity", "WRONG_TYPE")]),
    ("identity", {}, [(f"identity.{key}", "REQUIRED") for key in ("civility", "lastName", "email")]),
    ("identity.emailConfirmation", "maelle@example.org", [("identity.emailConfirmation", "UNKNOWN_KEY")]),
    ("identity.email", "maelle", [("identity.email", "FORMAT")]),
    ("identity.lastName", 5, [("identity.lastName", "WRONG_TYPE")]),
    ("identity.birthDate", "2020-01-01", [("identity.birthDate", "TOO_YOUNG")]),
    ("identity.statsConsent", "oui", [("identity.statsConsent", "WRONG_TYPE")]),
    ("identity.statsConsentAt", "hier", [("identity.statsConsentAt", "INVALID_DATE")]),
    ("situation", "Ville", [("situation", "WRONG_TYPE")]),
    ("situation", {"employerCity": "Pau"}, [("situation.employerName", "REQUIRED")]),
    ("situation.version", 1, [("situation.version", "UNKNOWN_KEY")]),
    ("entries", {}, [("entries", "WRONG_TYPE"), ("links[0].competence", "NOT_FOUND"), ("links[0].target", "NOT_FOUND"), ("links[1].competence", "NOT_FOUND"), ("links[1].target", "NOT_FOUND"), ("evidence[0].attachment", "NOT_FOUND"), ("evidence[0].entry", "NOT_FOUND")]),
    ("entries.1", None, [("entries[1]", "WRONG_TYPE"), ("links[0].target", "NOT_FOUND")]),
    ("entries.1.id", ..., [("entries[1].id", "REQUIRED"), ("links[0].target", "NOT_FOUND")]),
    ("entries.3.id", "1", [("entries[3].id", "FORMAT"), ("evidence[0].attachment", "NOT_FOUND")]),
    ("entries.3.id", ATTACHMENT.replace("4000", "A000"), [("entries[3].id", "FORMAT"), ("evidence[0].attachment", "NOT_FOUND")]),
    ("entries.1.id", 5, [("entries[1].id", "WRONG_TYPE"), ("links[0].target", "NOT_FOUND")]),
    ("entries.1.id", DIPLOMA, [("entries[1].id", "DUPLICATE"), ("links[0].target", "NOT_FOUND")]),
    ("entries.1.rubric", "HOBBY", [("entries[1].rubric", "UNKNOWN_CODE")]),
    ("entries.1.rubric", "training", [("entries[1].rubric", "UNKNOWN_CODE")]),
    ("entries.1.rubric", ["TRAINING"], [("entries[1].rubric", "WRONG_TYPE")]),
    ("entries.1.rubric", None, [("entries[1].rubric", "REQUIRED")]),
    ("entries.1.version", 3, [("entries[1].version", "UNKNOWN_KEY")]),
    ("entries.1.content", ..., [("entries[1].content", "REQUIRED")]),
    ("entries.1.content", [], [("entries[1].content", "WRONG_TYPE")]),
    ("entries.0.content.awardedOn", "2027", [("entries[0].content.awardedOn", "DATE_IN_FUTURE")]),
    ("entries.0.content.awardedOn", ..., [("entries[0].content.awardedOn", "REQUIRED")]),
    ("entries.0.content.awardedOn", 2008, [("entries[0].content.awardedOn", "WRONG_TYPE")]),
    ("entries.0.content.title", "BTS\0", [("entries[0].content.title", "CONTROL_CHARACTER")]),
    ("entries.0.content.title", "\ud800", [("entries[0].content.title", "CONTROL_CHARACTER")]),
    ("entries.0.content.title", "é" * (TITLE_LENGTH + 1), [("entries[0].content.title", "TOO_LONG")]),
    ("entries.0.content.kind", "PERMIS", [("entries[0].content.kind", "UNKNOWN_CODE")]),
    ("entries.0.content.titre", "BTS", [("entries[0].content.titre", "UNKNOWN_KEY")]),
    ("entries.0.content.comment", "Là", [("entries[0].content.comment", "UNKNOWN_KEY")]),
    ("entries.0.content.licenceCategory", "B", [("entries[0].content.licenceCategory", "UNKNOWN_KEY")]),
    ("entries.0.comment", "x" * (COMMENT_LENGTH + 1), [("entries[0].comment", "TOO_LONG")]),
    ("entries.0.comment", 5, [("entries[0].comment", "WRONG_TYPE")]),
    ("entries.0.shareable", "non", [("entries[0].shareable", "WRONG_TYPE")]),
    ("entries.1.content.durationValue", "2", [("entries[1].content.durationValue", "WRONG_TYPE")]),
    ("entries.1.content.durationValue", True, [("entries[1].content.durationValue", "WRONG_TYPE")]),
    ("entries.1.content.durationValue", 10**400, [("entries[1].content.durationValue", "FORMAT")]),
    ("entries.1.content.durationValue", float("inf"), [("entries[1].content.durationValue", "FORMAT")]),
    ("entries.1.content.durationValue", 1e300, [("entries[1].content.durationValue", "OUT_OF_RANGE")]),
    ("entries.2.content.contexts", "Ici", [("entries[2].content.contexts", "WRONG_TYPE")]),
    ("entries.2.content.contexts", ["Ici", 5, None], [("entries[2].content.contexts[1]", "WRONG_TYPE"), ("entries[2].content.contexts[2]", "WRONG_TYPE")]),
    ("entries.2.content.contexts", ["x"] * (LIST_LENGTH + 1), [("entries[2].content.contexts", "TOO_MANY")]),
    ("entries.0.rank", 1, [("entries[0].rank", "CHRONOLOGICAL")]),
    ("entries.2.rank", 0, [("entries[2].rank", "OUT_OF_RANGE")]),
    ("entries.2.rank", 10**30, [("entries[2].rank", "OUT_OF_RANGE")]),
    ("entries.2.rank", 1.5, [("entries[2].rank", "WRONG_TYPE")]),
    ("entries.2.rank", True, [("entries[2].rank", "WRONG_TYPE")]),
    ("entries.4", RECORD["entries"][2] | {"id": IDS[5]}, [("entries[4].rank", "DUPLICATE")]),
    ("entries.0.createdAt", "2020-01-02", [("entries[0].createdAt", "INVALID_DATE")]),
    ("entries.0.createdAt", "2020-01-02T03:04:05", [("entries[0].createdAt", "INVALID_DATE")]),
    ("entries.0.createdAt", "2020-02-30T03:04:05Z", [("entries[0].createdAt", "INVALID_DATE")]),
    ("entries.0.createdAt", "20200102T030405Z", [("entries[0].createdAt", "INVALID_DATE")]),
    ("entries.0.updatedAt", "9999-12-31T23:59:59-23:59", [("entries[0].updatedAt", "INVALID_DATE")]),
    ("entries.0.createdAt", 1577934245, [("entries[0].createdAt", "WRONG_TYPE")]),
    ("entries.0.createdAt", "1969-12-31T23:59:59Z", [("entries[0].createdAt", "DATE_OUT_OF_RANGE")]),
    ("entries.0.updatedAt", "2026-11-22T08:31:01Z", [("entries[0].updatedAt", "DATE_IN_FUTURE")]),
    ("entries.0.updatedAt", "2020-01-02T03:04:04Z", [("entries[0].updatedAt", "DATES_OUT_OF_ORDER")]),
    ("links", {}, [("links", "WRONG_TYPE")]),
    ("links.0", [], [("links[0]", "WRONG_TYPE")]),
    ("links.0", {}, [("links[0].competence", "REQUIRED"), ("links[0].target", "REQUIRED"), ("links[0].relation", "REQUIRED")]),
    ("links.0.target", ABSENT, [("links[0].target", "NOT_FOUND")]),
    ("links.0.target", "ailleurs", [("links[0].target", "FORMAT")]),
    ("links.0.target", ATTACHMENT, [("links[0].target", "NOT_LINKABLE")]),
    ("links.0.target", COMPETENCE, [("links[0].target", "NOT_LINKABLE")]),
    ("links.0.competence", DIPLOMA, [("links[0].competence", "NOT_LINKABLE")]),
    ("links.1.target", TRAINING, [("links[1]", "DUPLICATE")]),
    ("links.0.relation", "LEARNT", [("links[0].relation", "UNKNOWN_CODE")]),
    ("links.0.relation", 1, [("links[0].relation", "WRONG_TYPE")]),
    ("links.0.note", "x" * (NOTE_LENGTH + 1), [("links[0].note", "TOO_LONG")]),
    ("links.0.note", "\ufffd", [("links[0].note", "CONTROL_CHARACTER")]),
    ("links.0.note", {}, [("links[0].note", "WRONG_TYPE")]),
    ("links.0.id", "x", [("links[0].id", "UNKNOWN_KEY")]),
    ("evidence.0.attachment", DIPLOMA, [("evidence[0].attachment", "NOT_LINKABLE")]),
    ("evidence.0.entry", ATTACHMENT, [("evidence[0].entry", "NOT_LINKABLE")]),
    ("evidence.0.entry", ABSENT, [("evidence[0].entry", "NOT_FOUND")]),
    ("evidence.1", RECORD["evidence"][0], [("evidence[1]", "DUPLICATE")]),
    ("evidence.0.note", "x", [("evidence[0].note", "UNKNOWN_KEY")]),
    ("dossiers.0.purpose", "CADEAU", [("dossiers[0].purpose", "UNKNOWN_CODE")]),
    ("dossiers.0.title", "", [("dossiers[0].title", "REQUIRED")]),
    ("dossiers.0.title", "x" * (TITLE_LENGTH + 1), [("dossiers[0].title", "TOO_LONG")]),
    ("dossiers.0.id", "x", [("dossiers[0].id", "FORMAT")]),
    ("dossiers.0.builtIn", True, [("dossiers[0].builtIn", "UNKNOWN_KEY")]),
    ("dossiers.1", RECORD["dossiers"][0], [("dossiers[1].id", "DUPLICATE")]),
    ("dossiers", [{}] * (MAX_DOSSIERS + 1), [("dossiers", "TOO_MANY")]),
    ("entries", [{}] * (MAX_ENTRIES + 1), [("entries", "TOO_MANY"), ("links[0].competence", "NOT_FOUND"), ("links[0].target", "NOT_FOUND"), ("links[1].competence", "NOT_FOUND"), ("links[1].target", "NOT_FOUND"), ("evidence[0].attachment", "NOT_FOUND"), ("evidence[0].entry", "NOT_FOUND")]),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "problems"), WRONG)
def test_what_is_wrong_is_named(path: str, value: object, problems: list[tuple[str, str]]) -> None:
    assert refused(changed(path, value)) == problems
    inside = [(f"record.{p}" if p[:1] not in ("", "[") else f"record{p}", c) for p, c in problems]
    assert refused(changed(path, value), "record") == inside


@pytest.mark.parametrize("value", [None, [], "livret", 1, True, [RECORD]])
def test_what_is_no_object_is_no_record(value: object) -> None:
    assert refused(value) == [("", "WRONG_TYPE")]
    assert refused(value, "record") == [("record", "WRONG_TYPE")]


def test_everything_is_named_at_once_in_the_order_of_the_record() -> None:
    record = changed("identity.email", "x")
    record["entries"][0]["content"] |= {"title": "", "kind": 5, "titre": "BTS"}
    record["entries"][2]["rank"] = "1"
    record["links"][1]["relation"] = None
    record["plus"] = 1
    assert refused(record) == [
        ("plus", "UNKNOWN_KEY"),
        ("identity.email", "FORMAT"),
        ("entries[0].content.kind", "WRONG_TYPE"),
        ("entries[0].content.titre", "UNKNOWN_KEY"),
        ("entries[0].content.title", "REQUIRED"),
        ("entries[2].rank", "WRONG_TYPE"),
        ("links[1].relation", "REQUIRED"),
    ]


def test_at_most_a_hundred_problems_are_named() -> None:
    for record in (
        changed("entries", [{}] * MAX_ENTRIES),
        changed("entries.2.content.contexts", [5] * 100_000),
        RECORD | {f"k{number}": 1 for number in range(100_000)},
    ):
        assert len(refused(record)) == MAX_RECORD_PROBLEMS


def test_a_licence_category_is_there_once() -> None:
    content = {"licenceCategory": "B", "obtainedOn": "1999"}
    for id in IDS[5:7]:
        entry = {"id": id, "rubric": "DRIVING_LICENCE", "content": content}
        record = changed("entries.4", entry)
        record["entries"].append(entry | {"id": IDS[8]})
        assert refused(record) == [("entries[5].content.licenceCategory", "DUPLICATE")]


ODD = (
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats()
    | st.text(max_size=3)
    | st.sampled_from([[], {}, [[]], [{}], [None], {"a": 1}, DIPLOMA, "DIPLOMA", "2020"])
)


def places(value: object, path: str = "") -> list[str]:
    """The paths of everything in a value."""
    inner: list[str] = []
    if isinstance(value, dict):
        inner = [p for key, one in value.items() for p in places(one, f"{path}.{key}")]
    elif isinstance(value, list):
        inner = [p for n, one in enumerate(value) for p in places(one, f"{path}.{n}")]
    return [path[1:], *inner]


@given(st.sampled_from(places(RECORD)[1:]), ODD)
@settings(max_examples=400, deadline=None)
def test_whatever_stands_anywhere_is_read_or_refused(path: str, value: object) -> None:
    record = changed(path, value)
    try:
        assert read(record).entries is not None
    except Refused:
        assert 1 <= len(refused(record)) <= 100
