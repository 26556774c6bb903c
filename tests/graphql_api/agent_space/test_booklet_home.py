"""`/livret`: where the booklet stands, and what comes next."""

import pytest

from graphql_api.agent_space.booklet_home import MOST_EXPIRING, MOST_SUGGESTIONS
from tests.conftest import CHARTER, OPEN
from tests.graphql_api.agent_space.entries.test_entries import DIPLOMA, FORM, LIST
from tests.graphql_api.agent_space.reader import Agent, agent
from tests.graphql_api.documents import ADD_ALL
from tests.graphql_api.site import Site


@pytest.mark.parametrize(
    ("steps", "link", "leads"),
    [
        (0, "Créez votre livret", "/livret/introduction"),
        (1, "Continuer", "/livret/charte"),
        (2, "Continuer", "/livret/identite"),
    ],
)
def test_before_it_is_open_the_page_leads_to_the_step_that_comes_next(
    site: Site, steps: int, link: str, leads: str
) -> None:
    someone = agent(site, "newcomer", booklet=False)
    caller = site.bearer("newcomer")
    if steps > 0:
        caller.do(OPEN, code=site.here.code())
    if steps > 1:
        caller.do(CHARTER)
    page = someone.read("/livret")
    assert page.links[link] == leads
    assert ("en cours de création" in page.text) is (steps > 0)
    assert "Votre livret est en cours de création." in someone.read("/").text or steps == 0


def test_an_open_booklet_shows_each_rubric_with_how_much_it_holds(someone: Agent) -> None:
    someone.fill(FORM, **DIPLOMA)
    page = someone.read("/livret")
    assert page.links["Titres et diplômes 1"] == LIST
    assert page.links["Concours 0"] == "/livret/formations/concours"


def test_what_would_be_worth_doing_leads_to_its_entry_and_does_not_press(someone: Agent) -> None:
    someone.fill(FORM, **DIPLOMA)
    page = someone.read("/livret")
    leads = [given["href"] for tag, given in page.attributes if tag == "a"]
    assert any(link.startswith(f"{LIST}/") for link in leads)
    assert "« Niveau » n’est pas renseigné." in page.text
    assert "Rien ne presse" in page.text


def test_drafts_and_missing_papers_lead_to_where_they_are_seen_to(someone: Agent) -> None:
    fields = someone.read(FORM).form(FORM).fields
    someone.send(FORM, fields | {"title": "Licence", "brouillon": "1"})
    someone.fill(FORM, **DIPLOMA)
    page = someone.read("/livret")
    assert page.links["Licence"].startswith(f"{LIST}/brouillons/")
    assert "Pièces à réunir" in page.headings
    assert page.links[DIPLOMA["title"]].endswith("/liens")
    assert someone.get(page.links[DIPLOMA["title"]]).status_code == 200


def test_who_has_one_name_only_is_called_by_it(site: Site) -> None:
    someone = agent(site, "owner")
    someone.fill("/livret/identite", firstName="")
    text = someone.read("/livret").text
    assert "Lefèvre" in text
    assert "None" not in text


def test_an_accreditation_that_has_expired_is_told_with_its_date(someone: Agent) -> None:
    form = "/livret/formations/habilitations-professionnelles/ajouter"
    someone.fill(form, accreditationType="SST", issuedOn="2015", validUntil="03/2017")
    page = someone.read("/livret")
    assert "Ce qui expire" in page.headings
    assert "Expirée – mars 2017" in page.text


def test_of_much_that_has_expired_the_page_tells_a_part_and_leads_to_the_rest(
    site: Site, someone: Agent
) -> None:
    expired = {"accreditationType": "SST", "issuedOn": "2015", "validUntil": "2017-03"}
    entries = [{"accreditation": expired}] * (MOST_EXPIRING + 1)
    added = site.bearer("owner").do(ADD_ALL, entries=entries)
    assert added["__typename"] == "EntriesAdded"
    page = someone.read("/livret")
    assert page.text.count("Expirée – mars 2017") == MOST_EXPIRING
    assert page.links["Et 1 autre dans le panorama"] == "/livret/panorama"
    assert f"Et {MOST_EXPIRING + 1 - MOST_SUGGESTIONS} autres éléments à compléter." in page.text
