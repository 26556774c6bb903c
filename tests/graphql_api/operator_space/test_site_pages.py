"""The pages of an operator for regional sites: list, register, unregister."""

import re

import pytest

from graphql_api.storage.tables import SiteTable
from tests.graphql_api.agent_space.reader import Agent, PageReader, agent, copied
from tests.graphql_api.operating.operators import operator
from tests.graphql_api.site import Site

SITES = "/exploitation/sites"
REGISTER, UNREGISTER = f"{SITES}/24/inscrire", f"{SITES}/24/retirer"


@pytest.fixture
def boss(site: Site) -> Agent:
    """An operator, signed in, without a booklet."""
    operator(site.here, site.account("boss"))
    return agent(site, "boss", booklet=False)


def registered(site: Site) -> list[tuple[str, bool]]:
    """The sites that were ever registered, and whether they still are."""
    store = site.here.deployment.store
    with store.reading():
        rows = store.rows(SiteTable.select(SiteTable.id, SiteTable.disabled_at).tuples())
    return [(code, disabled_at is None) for code, disabled_at in rows]


def test_a_site_is_registered_and_its_secret_shown_once(site: Site, boss: Agent) -> None:
    assert "Aucun site n’est inscrit" in boss.read(SITES).text
    assert "une seule fois" in boss.read(REGISTER).text
    answer = boss.send(REGISTER, {})
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    client, secret = re.findall(r"<dd>\s*<code [^>]+>([^<]+)</code>", answer.text)
    assert copied(answer.text) == {
        "Copier l’identifiant": client,
        "Copier le secret": secret,
    }
    got = site.client.post(
        "/oauth/token",
        data={"grant_type": "client_credentials", "scope": "livret:summary"},
        auth=(client, secret),
    )
    assert got.status_code == 200, got.text
    page = boss.get(SITES).text
    assert client in page
    assert secret not in page
    again = boss.send(REGISTER, {})
    assert again.status_code == 409
    assert "Site déjà inscrit" in PageReader(again.text).headings
    assert secret not in again.text
    assert registered(site) == [("24", True)]


def test_a_site_is_unregistered_after_a_page_that_asks(site: Site, boss: Agent) -> None:
    boss.send(REGISTER, {})
    assert "ne valent plus rien" in boss.read(UNREGISTER).text
    acts = boss.read("/exploitation/journal").text
    assert "Site régional inscrit : Délégation Centre-Val de Loire" in acts
    answer = boss.send(UNREGISTER, {})
    assert answer.status_code == 303
    assert "ce site ne lit plus rien" in boss.read(answer.headers["location"]).text
    assert boss.get(UNREGISTER).status_code == 404
    assert boss.send(UNREGISTER, {}).status_code == 404
    assert registered(site) == [("24", False)]


def test_a_site_that_is_in_no_table_is_not_there(site: Site, boss: Agent) -> None:
    for path in (f"{SITES}/999/inscrire", f"{SITES}/999/retirer"):
        assert boss.get(path).status_code == 404
        assert boss.send(path, {}).status_code == 404
    assert registered(site) == []


def test_these_pages_are_not_there_for_anybody_else(site: Site, boss: Agent) -> None:
    boss.send(REGISTER, {})
    other = agent(site, "other")
    absent = other.get("/exploitation/absent").text
    for path in (SITES, REGISTER, f"{SITES}/53/inscrire", UNREGISTER):
        assert other.get(path).text == absent
        assert other.send(path, {}).status_code in (404, 405)
    assert registered(site) == [("24", True)]
