"""The pages of an operator for front ends and machines: list, disable."""

import pytest

from graphql_api.identity_provider.oauth import clients
from tests.graphql_api.agent_space.reader import Agent, agent
from tests.graphql_api.operating.operators import operator
from tests.graphql_api.site import Site

CLIENTS = "/exploitation/applications"


@pytest.fixture
def boss(site: Site) -> Agent:
    """An operator, signed in, without a booklet."""
    operator(site.here, site.account("boss"))
    return agent(site, "boss", booklet=False)


def portal(site: Site) -> str:
    """The id of a front end."""
    store = site.here.deployment.store
    made = clients.FrontEnd(
        "Portail", ("https://portail.example/retour",), ("https://portail.example",)
    )
    with store.writing():
        return clients.register_front_end(store, made, 0).client_id


def test_a_client_is_listed_and_disabled_after_a_page_that_asks(site: Site, boss: Agent) -> None:
    assert "Aucune application" in boss.read(CLIENTS).text
    client = portal(site)
    page = boss.read(CLIENTS)
    assert "Portail site, sans secret" in page.text
    assert "Retour : https://portail.example/retour" in page.text.replace("\u202f", " ")
    path = page.links["Retirer Portail"]
    assert "dix minutes au plus" in boss.read(path).text
    answer = boss.send(path, {})
    assert "n’obtient plus rien" in boss.read(answer.headers["location"]).text
    assert boss.get(path).status_code == boss.send(path, {}).status_code == 404
    store = site.here.deployment.store
    with store.reading():
        assert clients.find(store, client) is None


def test_the_machine_of_a_site_goes_with_its_site(boss: Agent) -> None:
    boss.send("/exploitation/sites/24/inscrire", {})
    page = boss.read(CLIENTS)
    (path,) = [one for name, one in page.links.items() if name.startswith("Retirer le site")]
    assert path == "/exploitation/sites/24/retirer"


def test_these_pages_are_not_there_for_anybody_else(site: Site, boss: Agent) -> None:
    path = f"{CLIENTS}/{portal(site)}/retirer"
    other = agent(site, "other")
    absent = other.get("/exploitation/absent").text
    assert other.get(CLIENTS).text == other.get(path).text == absent
    assert other.send(path, {}).status_code == 404
    assert "Portail" in boss.read(CLIENTS).text
