"""What a regional site reads: the sections that were consented, of whoever consented to it."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from graphql_api.serving import build_service
from graphql_api.storage.communicated.consent_repository import end_expired
from graphql_api.storage.operation import end_of_day, to_microseconds
from graphql_api.summaries import making
from tests.conftest import Caller, Here, with_booklet
from tests.graphql_api.booklets.closing import close
from tests.graphql_api.canaries import sow
from tests.graphql_api.consents.consenting import consent
from tests.graphql_api.consents.consents import NARROW, RENEW, WITHDRAW, day, notice, terms
from tests.graphql_api.documents import (
    ADD,
    LEAST,
    LINK,
    MOVE,
    REMOVE,
    REVISE,
    SAY_WHO,
    added,
    entry,
)
from tests.graphql_api.summaries.summaries import (
    FIELDS,
    PAGE,
    SECTIONS,
    gone,
    ids,
    read,
    registered,
)

SITUATION = """mutation($situation: SituationInput!, $version: Int!) {
  situationRevise(situation: $situation, version: $version) { __typename } }"""


def test_a_summary_has_the_sections_that_were_consented_and_null_for_the_others(
    here: Here, owner: Caller
) -> None:
    site = registered(here)
    for rubric in LEAST:
        added(owner, rubric)
    id = consent(here, owner, "TRAINING_TITLES", "HOLDER")
    page = read(site)
    (summary,) = page["nodes"]
    assert summary["id"] == id
    assert summary["sections"] == ["HOLDER", "TRAINING_TITLES"]
    assert summary["holder"] == {
        "civility": {"code": "MME", "label": "Madame"},
        "lastName": "Lefèvre",
        "firstName": "Maëlle",
    }
    assert [one["rubric"] for one in summary["trainingTitles"]] == [
        "DIPLOMA",
        "COMPETITIVE_EXAM",
        "TRAINING",
    ]
    assert {field for field in FIELDS if summary[field] is not None} == {"holder", "trainingTitles"}
    assert (page["totalCount"], page["gone"]) == (1, [])
    assert page["pageInfo"]["hasNextPage"] is False


def test_each_section_opens_its_own_field_and_no_other(here: Here) -> None:
    site = registered(here)
    for number, (section, field) in enumerate(zip(SECTIONS, FIELDS, strict=True)):
        owner = with_booklet(here, f"agent {number}")
        added(owner, "professionalExperience")
        id = consent(here, owner, section)
        (summary,) = [one for one in read(site)["nodes"] if one["id"] == id]
        assert [name for name in FIELDS if summary[name] is not None] == [field]


def test_an_empty_booklet_has_empty_lists_and_not_null(here: Here, owner: Caller) -> None:
    site = registered(here)
    consent(here, owner)
    (summary,) = read(site)["nodes"]
    assert [summary[field] for field in FIELDS[2:]] == [[]] * 5
    assert [one["count"] for one in summary["counts"]] == [0] * 12


def test_only_what_the_sections_name_leaves_a_booklet(here: Here) -> None:
    """Of a booklet with a canary in every text, these and no others are told under all sections."""
    site = registered(here)
    owner, _ = sow(here)
    situation = {"jobTitle": "canari situation jobTitle", "department": "canari situation dept"}
    employer = {"employerName": "canari situation employerName", "employerCity": "canari city"}
    assert owner.do(SITUATION, situation=situation | employer, version=0)["__typename"] == (
        "SituationRevised"
    )
    consent(here, owner)
    body = site.post({"query": PAGE}).text
    assert set(re.findall(r"canari[^\"\\]*", body, re.IGNORECASE)) == {
        "Canarinom",
        "Canariprenom",
        "canari diploma title",
        "canari competitiveExam title",
        "canari training title",
        "canari accreditation title",
        "canari professionalExperience jobTitle",
        "canari professionalExperience employerName",
        "canari professionalExperience department",
        "canari professionalExperience grade",
        "canari extraProfessionalExperience title",
        "canari competence label",
        "canari competence domain",
        *situation.values(),
        "canari situation employerName",
    }


def test_what_the_owner_keeps_and_what_is_of_a_union_is_neither_told_nor_counted(
    here: Here, owner: Caller
) -> None:
    site = registered(here)
    for rubric in LEAST:
        added(owner, rubric, shareable=False)
    extra: dict[str, Any] = {"shareable": True}
    added(owner, "extraProfessionalExperience", kind="ACTION_SYNDICALE", **extra)
    added(owner, "extraProfessionalExperience", title="Secrétaire du syndicat", **extra)
    added(owner, "training", title="Stage de formation SYNDICALE", **extra)
    added(owner, "professionalExperience", jobTitle="Permanente syndicale", **extra)
    consent(here, owner)
    (summary,) = read(site)["nodes"]
    assert [summary[field] for field in FIELDS[2:]] == [[]] * 5
    assert [one["count"] for one in summary["counts"]] == [0] * 12
    employer = "Syndicat intercommunal des eaux"
    added(owner, "professionalExperience", employerName=employer, **extra)
    (summary,) = read(site)["nodes"]
    assert [one["employerName"] for one in summary["currentPosts"]] == [employer]
    assert sum(one["count"] for one in summary["counts"]) == 1


def test_a_consent_opens_a_booklet_to_its_site_only(here: Here, owner: Caller) -> None:
    site, other = registered(here, "75"), registered(here, "53")
    id = consent(here, owner, site="75")
    assert ids(read(site)) == [id]
    assert (ids(read(other)), read(other)["totalCount"]) == ([], 0)
    theirs = consent(here, owner, "COUNTS", site="53")
    assert theirs != id
    assert (ids(read(other)), ids(read(site))) == ([theirs], [id])
    assert read(other)["nodes"][0]["holder"] is None


def test_a_withdrawn_consent_hides_the_summary_and_is_told_as_gone(
    here: Here, owner: Caller
) -> None:
    site = registered(here)
    id = consent(here, owner)
    since = read(site)["asOf"]
    assert owner.do(WITHDRAW, id=id)["__typename"] == "ConsentWithdrawn"
    page = read(site)
    assert (ids(page), page["totalCount"]) == ([], 0)
    changes = read(site, since=since)
    assert (ids(changes), gone(changes), changes["totalCount"]) == ([], [(id, "WITHDRAWN")], 0)


def test_a_consent_that_expires_hides_the_summary_at_that_moment(here: Here, owner: Caller) -> None:
    site = registered(here)
    id = consent(here, owner, days=3)
    since = read(site)["asOf"]
    assert ids(read(site)) == [id]
    here.clock.set(end_of_day(here.clock.today + timedelta(days=3)))
    page = read(site)
    assert (ids(page), page["totalCount"]) == ([], 0)
    assert gone(read(site, since=since)) == [(id, "EXPIRED")]
    service = build_service(here.deployment.settings, here.clock)
    assert end_expired(service.store, to_microseconds(here.clock())) == 1
    service.close()
    assert gone(read(site, since=since)) == [(id, "EXPIRED")]
    assert ids(read(site)) == []


def test_a_closed_booklet_is_told_as_gone(here: Here, owner: Caller) -> None:
    site = registered(here)
    id = consent(here, owner)
    since = read(site)["asOf"]
    assert close(owner)["__typename"] == "BookletClosed"
    changes = read(site, since=since)
    assert (ids(changes), gone(changes), changes["totalCount"]) == ([], [(id, "CLOSED")], 0)
    assert ids(read(site)) == []


def test_narrowing_takes_a_section_away_and_keeps_the_id(here: Here, owner: Caller) -> None:
    site = registered(here)
    id = consent(here, owner, "HOLDER", "COUNTS")
    since = read(site)["asOf"]
    assert owner.do(NARROW, id=id, version=1, sections=["COUNTS"])["__typename"] == (
        "ConsentNarrowed"
    )
    for page in (read(site), read(site, since=since)):
        (summary,) = page["nodes"]
        assert (summary["id"], summary["sections"]) == (id, ["COUNTS"])
        assert summary["holder"] is None
        assert page["gone"] == []


def test_widening_is_another_summary_and_the_first_is_gone(here: Here, owner: Caller) -> None:
    site = registered(here)
    first = consent(here, owner, "COUNTS")
    since = read(site)["asOf"]
    second = consent(here, owner, "COUNTS", "HOLDER", replaces=first)
    changes = read(site, since=since)
    assert (ids(changes), gone(changes)) == ([second], [(first, "WITHDRAWN")])
    assert (ids(read(site)), read(site)["totalCount"]) == ([second], 1)


def test_renewing_tells_the_later_end(here: Here, owner: Caller) -> None:
    site = registered(here)
    id = consent(here, owner, "COUNTS", days=10)
    (before,) = read(site)["nodes"]
    later = terms(here, "COUNTS", expiresOn=day(here, 60))
    shown = notice(owner, later)
    renewed = owner.do(RENEW, id=id, version=1, on=later["expiresOn"], notice=shown)
    assert renewed["__typename"] == "ConsentRenewed"
    (after,) = read(site)["nodes"]
    assert after["id"] == id
    assert after["expiresAt"] > before["expiresAt"]


def test_whatever_is_written_to_a_booklet_is_told_as_a_change(here: Here, owner: Caller) -> None:
    site = registered(here)
    made = {rubric: added(owner, rubric) for rubric in ("training", "competence", "attachment")}
    added(owner, "attachment")
    id = consent(here, owner)
    training = made["training"]["id"]
    writes: list[Callable[[], Any]] = [
        lambda: owner.do(ADD, entry=entry("diploma")),
        lambda: owner.do(REVISE, id=training, version=1, entry=entry("training", title="Autre")),
        lambda: owner.do(
            LINK, id=made["competence"]["id"], version=1, target=training, relation="USED"
        ),
        lambda: owner.do(MOVE, id=made["attachment"]["id"], version=1),
        lambda: owner.do(REMOVE, id=training, version=2),
        lambda: owner.do(SAY_WHO, identity={"lastName": "Autre"}, version=1),
        lambda: owner.do(SITUATION, situation={"employerName": "Ville"}, version=0),
    ]
    for write in writes:
        (before,) = read(site)["nodes"]
        answer = write()
        assert answer["__typename"] not in ("Conflict", "InvalidEntry", "NotFound"), answer
        (after,) = read(site, since=before["changedAt"])["nodes"]
        assert after["id"] == id
        assert after["changedAt"] > before["changedAt"], answer
    assert after["holder"]["lastName"] == "Autre"
    assert [one["employerName"] for one in after["currentPosts"]] == ["Ville"]
    assert [one["title"] for one in after["trainingTitles"]] == [LEAST["diploma"]["title"]]


def test_the_sections_say_what_the_booklet_says(here: Here, owner: Caller) -> None:
    site = registered(here)
    for rubric in LEAST:
        added(owner, rubric)
    added(owner, "professionalExperience", jobTitle="Passé", start="2001", end="2004", ongoing=None)
    consent(here, owner)
    (summary,) = read(site)["nodes"]
    assert {one["rubric"]: one["count"] for one in summary["counts"]} == {
        one.upper(): 1
        for one in [
            "diploma",
            "competitive_exam",
            "training",
            "accreditation",
            "driving_licence",
            "extra_professional_experience",
            "tutoring_experience",
            "competence",
            "prior_learning_recognition",
            "attachment",
        ]
    } | {"PROFESSIONAL_EXPERIENCE": 2, "RECOMMENDATION": 0}
    (post,) = summary["currentPosts"]
    assert (post["jobTitle"], post["since"], post["fromSituation"]) == (
        "Responsable du service état civil",
        "2015-09",
        False,
    )
    assert [(one["accreditationType"], one["licenceCategory"]) for one in summary["authorisations"]] == [
        ("HAB_ELEC", None),
        (None, "B"),
    ]  # fmt: skip
    assert [one["title"] for one in summary["experienceTitles"]] == [
        "Responsable du service état civil",
        "Passé",
        "Trésorière d’une association",
        "Maître d’apprentissage",
    ]
    assert [one["label"] for one in summary["competences"]] == ["Rédiger un marché public"]


def test_what_was_stored_in_another_order_is_told_in_the_present_one(
    here: Here, owner: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    site, since = registered(here), here.clock().isoformat()
    for label in ("Un", "Deux"):
        added(owner, "competence", label=label)
    for year in ("2001", "2003", "2002"):
        added(owner, "professionalExperience", jobTitle=year, start=year, end=year, ongoing=None)
    consent(here, owner)
    (told,) = read(site, since=since)["nodes"]
    assert [one["title"] for one in told["experienceTitles"]] == ["2003", "2002", "2001"]
    monkeypatch.setattr(making, "ORDER", making.ORDER + 1)
    assert read(site, since=since)["nodes"] == [told]


@pytest.mark.parametrize("field", ["number", "certificateNumber", "birthDate", "email", "booklet"])
def test_a_summary_has_no_field_for_what_is_never_told(here: Here, field: str) -> None:
    site = registered(here)
    answer = site.post({"query": f"{{ bookletSummaries {{ nodes {{ {field} }} }} }}"})
    assert answer.status_code == 400
