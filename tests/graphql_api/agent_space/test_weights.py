"""Every page of an agent weighs less than 60 kB without fonts, however full the booklet is."""

import re
from typing import Any

import pytest

from schema.description.bounds import MAX_ADDED, MAX_ENTRIES
from tests.conftest import Caller, open_booklet
from tests.graphql_api.agent_space.reader import Agent, agent
from tests.graphql_api.documents import entry
from tests.graphql_api.site import Site

MOST_BYTES = 60_000
ADD = """mutation($entries: [EntryInput!]!) { entriesAdd(entries: $entries) {
  ... on EntriesAdded { entries { id rubric } } ... on InvalidEntry { problems { path message } }
  ... on Refusal { code } } }"""
LINK = """mutation($entry: ID!, $links: [CompetenceLinkInput!]!) {
  competenceLinksSet(entry: $entry, version: 1, links: $links) { __typename ... on Refusal { code } } }"""
# How many there are of each rubric: the sum is all that a booklet takes.
NUMBERS = {
    "diploma": 150,
    "training": 300,
    "professionalExperience": 200,
    "accreditation": 100,
    "tutoringExperience": 50,
    "competence": 120,
    "attachment": 80,
}
# What does not grow with a booklet, and the preview, which is the dossier itself.
FORMS = "/(ajouter|supprimer|apercu|fermer|code|charte|introduction|identite|situation)$"
TITLE = "Conduite de projets d’assainissement et de gestion de l’eau potable"
TITLED = {"title", "name", "position", "jobTitle", "statement", "label"}


def content(rubric: str, number: int) -> dict[str, Any]:
    """An entry whose title, if it has one, is as long as people write them."""
    made = entry(rubric)
    for key in TITLED & set(made[rubric]):
        made[rubric][key] = f"{TITLE}, {number}"
    return made


def full(caller: Caller) -> None:
    """Fill a booklet with all that it takes, and tie some competences to twenty entries each."""
    wanted = [content(name, n) for name, count in NUMBERS.items() for n in range(count)]
    assert len(wanted) == MAX_ENTRIES
    added: list[Any] = []
    for first in range(0, MAX_ENTRIES, MAX_ADDED):
        answer = caller.do(ADD, entries=wanted[first : first + MAX_ADDED])
        assert "entries" in answer, answer
        added += answer["entries"]
    ids = {
        rubric: [one["id"] for one in added if one["rubric"] == rubric]
        for rubric in ("COMPETENCE", "TRAINING")
    }
    for number, competence in enumerate(ids["COMPETENCE"][:25]):
        others = [ids["TRAINING"][(7 * number + n) % 300] for n in range(20)]
        links = [{"other": other, "relation": "ACQUIRED"} for other in others]
        assert caller.do(LINK, entry=competence, links=links)["__typename"] == "TieWritten"


@pytest.fixture
def owner(site: Site) -> Agent:
    """The owner of a booklet that takes nothing more."""
    caller = site.bearer("full")

    def fill() -> None:
        open_booklet(caller, site.here)
        full(caller)

    site.here.deployment.copies.of("full booklet", site.here.clock(), fill)
    return agent(site, "full", booklet=False)


def kind(path: str) -> str:
    """Pages of two entries of a rubric are of one kind, and all pages of a list but the first."""
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<==)[0-9]+", "*", path)


def test_no_page_of_a_full_booklet_is_heavy(owner: Agent) -> None:
    waiting, known, heavy = ["/livret"], {"/livret"}, {}
    while waiting:
        path = waiting.pop()
        answer = owner.get(path)
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        weight = len(answer.content)
        if weight > MOST_BYTES:
            heavy[path] = weight
        for link in re.findall(r'<a [^>]*href="(/livret[^"#]*)', answer.text):
            if kind(link) not in known and not re.search(FORMS, link):
                known.add(kind(link))
                waiting.append(link.replace("&amp;", "&"))
    assert {"/livret/panorama?frise=*", "/livret/panorama?matrice=*"} < known
    assert {"/livret/competences/*/liens?page=*", "/livret/dossiers/*"} < known
    assert not heavy
