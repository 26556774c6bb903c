"""The demo booklets: whole, accepted by validation, and fictitious where they must be."""

import json
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

import graphql_api
from schema.description.dates import PartialDate
from schema.description.fields import FieldKind, fields_of
from schema.description.rubric import RubricName, ValidationContext
from schema.description.validation import clean_value, content_errors, field_errors, note_errors
from schema.description.validity import Validity, validity
from schema.entries.entries import NOTE_LENGTH, LinkRelation
from schema.entries.identity import IdentityContent, email_confirmation_errors, identity_errors
from schema.entries.inputs import KIND_OF
from schema.entries.situation import SituationContent, situation_errors
from schema.rubrics import RUBRICS
from schema.rubrics.accreditations import held_accreditation
from tests.schema.problems import codes

FOLDER = Path(graphql_api.__file__).parent / "demo"
TODAY = date(2026, 11, 22)
RUBRIC_OF = {rubric.key: rubric for rubric in RUBRICS}
PHONES_OF_FICTION = re.compile(r"(01 99 00|06 39 98)( [0-9]{2}){2}")
SPACES_AND_QUOTES = re.compile(r"[\u00a0\u202f'\"]")


@pytest.fixture(params=("julliard", "teriitahi"))
def booklet(request):
    return json.loads((FOLDER / f"{request.param}.json").read_text(encoding="utf-8"))


def rubric_and_fields(line):
    """The rubric of an entry and its fields; @oneOf lets it have no other."""
    ((key, fields),) = line["entry"].items()
    return RUBRIC_OF[key], fields


def rubrics_by_ref(booklet):
    return {line["ref"]: rubric_and_fields(line)[0] for line in booklet["entries"]}


def content_of(rubric, fields):
    input_type = KIND_OF[rubric.name].input_type
    names = {field.key: field.name for field in fields_of(input_type)}
    return input_type(**{names[key]: value for key, value in fields.items()})


def contents(booklet):
    lines = (rubric_and_fields(line) for line in booklet["entries"])
    return [(rubric, content_of(rubric, fields)) for rubric, fields in lines]


def texts_in(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from texts_in(item)


def test_the_identity_is_accepted(booklet):
    given = dict(booklet["identity"])
    confirmation = given.pop("emailConfirmation")
    names = {field.key: field.name for field in fields_of(IdentityContent)}
    identity = IdentityContent(**{names[key]: value for key, value in given.items()})
    assert list(field_errors(identity, TODAY)) == []
    assert list(identity_errors(identity, ValidationContext(today=TODAY))) == []
    assert list(email_confirmation_errors(identity.email, confirmation)) == []


def test_the_situation_is_accepted_and_is_that_of_a_present_post(booklet):
    names = {field.key: field.name for field in fields_of(SituationContent)}
    given = booklet["situation"]
    situation = SituationContent(**{names[key]: value for key, value in given.items()})
    assert list(field_errors(situation, TODAY)) == []
    assert list(situation_errors(situation)) == []
    posts = [each["entry"].get("professionalExperience", {}) for each in booklet["entries"]]
    (post,) = (one for one in posts if one.get("ongoing") and one.get("permanentJob"))
    shared = set(given) & set(post)
    assert len(shared) >= 10
    assert {key: given[key] for key in shared} == {key: post[key] for key in shared}
    assert given["since"] == post["start"]


def test_every_entry_is_accepted_beside_the_others(booklet):
    birth_date = date.fromisoformat(booklet["identity"]["birthDate"])
    known = contents(booklet)
    refused = {}
    for line, (rubric, content) in zip(booklet["entries"], known, strict=True):
        others = tuple(other for same, other in known if same is rubric and other is not content)
        problems = content_errors(rubric, content, ValidationContext(TODAY, birth_date, others))
        if problems:
            refused[line["ref"]] = codes(problems)
    assert refused == {}


def test_every_rubric_is_filled(booklet):
    counts = Counter(rubric.name for rubric, _ in contents(booklet))
    assert set(counts) == set(RubricName)
    assert counts.total() >= 38
    assert counts[RubricName.COMPETENCE] == 15
    assert counts[RubricName.ATTACHMENT] == 12


def test_competences_of_all_three_kinds(booklet):
    kinds = {
        content.kind
        for rubric, content in contents(booklet)
        if rubric.name is RubricName.COMPETENCE
    }
    assert kinds == {"CONNAISSANCE_GENERALE", "SAVOIR_FAIRE", "COMPETENCE"}


def test_refs_are_unique(booklet):
    refs = [line["ref"] for line in booklet["entries"]]
    assert len(refs) == len(set(refs))


def test_links_tie_a_competence_to_what_may_support_it(booklet):
    known = rubrics_by_ref(booklet)
    for link in booklet["links"]:
        assert known[link["competence"]].name is RubricName.COMPETENCE, link
        assert known[link["target"]].supports_competences, link
        assert link["relation"] in LinkRelation.__members__, link
        assert note_errors("note", link["note"], NOTE_LENGTH) == [], link
    assert {link["relation"] for link in booklet["links"]} == set(LinkRelation.__members__)
    ends = [(link["competence"], link["target"]) for link in booklet["links"]]
    assert len(ends) == len(set(ends))


def test_one_competence_has_no_support_and_some_post_no_competence(booklet):
    known = rubrics_by_ref(booklet)
    supported = {link["competence"] for link in booklet["links"]}
    supporting = {link["target"] for link in booklet["links"]}

    def left(name, tied):
        return [ref for ref, rubric in known.items() if rubric.name is name and ref not in tied]

    assert len(left(RubricName.COMPETENCE, supported)) == 1
    assert left(RubricName.PROFESSIONAL_EXPERIENCE, supporting)


def test_evidence_ties_a_document_to_an_entry(booklet):
    known = rubrics_by_ref(booklet)
    for tie in booklet["evidence"]:
        assert known[tie["attachment"]].name is RubricName.ATTACHMENT, tie
        assert known[tie["entry"]].name is not RubricName.ATTACHMENT, tie
    ties = [(tie["attachment"], tie["entry"]) for tie in booklet["evidence"]]
    assert len(ties) == len(set(ties))


def test_each_document_proves_something_and_some_expected_ones_are_missing(booklet):
    known = rubrics_by_ref(booklet)
    attachments = {ref for ref, rubric in known.items() if rubric.name is RubricName.ATTACHMENT}
    assert {tie["attachment"] for tie in booklet["evidence"]} == attachments
    proved = {tie["entry"] for tie in booklet["evidence"]}
    asking = {ref for ref, rubric in known.items() if rubric.evidence}
    assert asking & proved
    assert asking - proved


def test_texts_are_kept_as_they_are_written(booklet):
    texts = list(texts_in(booklet))
    assert texts
    for text in texts:
        assert clean_value(text) == text
        assert SPACES_AND_QUOTES.search(text) is None, text


def test_dates_are_known_to_the_year_the_month_or_the_day(booklet):
    precisions = Counter()
    for rubric, content in contents(booklet):
        for field in fields_of(rubric.content):
            value = getattr(content, field.name)
            if field.spec.kind is FieldKind.PARTIAL_DATE and isinstance(value, str):
                written = PartialDate.parse(value)
                precisions[(written.month is not None) + (written.day is not None)] += 1
    assert all(precisions[known] for known in range(3)), precisions


def test_accreditations_stand_everywhere(booklet):
    held = [
        held_accreditation(content)
        for rubric, content in contents(booklet)
        if rubric.name is RubricName.ACCREDITATION
    ]
    assert {validity(one, held, TODAY) for one in held} == set(Validity)


def test_a_post_goes_on_and_a_training_is_to_come(booklet):
    known = contents(booklet)
    assert any(
        content.ongoing is True
        for rubric, content in known
        if rubric.name is RubricName.PROFESSIONAL_EXPERIENCE
    )
    assert any(
        PartialDate.parse(content.start).earliest > TODAY
        for rubric, content in known
        if rubric.name is RubricName.TRAINING
    )


def test_each_licence_is_there_once(booklet):
    categories = [
        content.licence_category
        for rubric, content in contents(booklet)
        if rubric.name is RubricName.DRIVING_LICENCE
    ]
    assert len(categories) == len(set(categories)) > 0


def test_nobody_can_be_reached(booklet):
    identity = booklet["identity"]
    assert identity["email"].rpartition("@")[2] in ("example.fr", "example.org")
    for key in ("phoneMobile", "phoneHome", "phoneWork"):
        assert PHONES_OF_FICTION.fullmatch(identity[key]), key


def test_what_is_sensitive_is_hidden_by_default(booklet):
    hidden = {
        rubric.name for rubric, content in contents(booklet) if rubric.hidden_by_default(content)
    }
    assert hidden == {
        RubricName.EXTRA_PROFESSIONAL_EXPERIENCE,
        RubricName.PRIOR_LEARNING_RECOGNITION,
        RubricName.RECOMMENDATION,
    }
