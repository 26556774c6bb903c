"""The pages of an operator for front ends and machines: list, register, change, disable."""

import pytest

from graphql_api.identity_provider.oauth import clients
from tests.graphql_api.agent_space.reader import Agent, PageReader, agent, copied
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
    assert "ne valent plus rien" in boss.read(path).text
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


def test_a_site_is_registered_and_its_secret_shown_once(site: Site, boss: Agent) -> None:
    path = boss.read(CLIENTS).links["Inscrire un site"]
    answer = boss.fill(
        path,
        name="Portail",
        redirectUris="https://portail.example/retour\r\n\r\nhttps://portail.example/autre",
        origins="https://portail.example",
        hasSecret="oui",
    )
    assert answer.status_code == 200
    page = PageReader(answer.text)
    assert "ne pourra pas être affiché de nouveau" in page.text
    secret = page.text.partition("Secret (client_secret) ")[2].split()[0]
    store = site.here.deployment.store
    with store.reading():
        (client,) = clients.list_clients(store)
    assert client.check_client_secret(secret)
    assert copied(answer.text) == {
        "Copier l’identifiant": client.client_id,
        "Copier le secret": secret,
    }
    assert client.redirect_uris == (
        "https://portail.example/retour",
        "https://portail.example/autre",
    )
    assert secret not in boss.get(CLIENTS).text


def test_a_site_without_a_secret_and_a_machine_are_registered(site: Site, boss: Agent) -> None:
    answer = boss.fill(
        f"{CLIENTS}/site/inscrire", name="Portail", redirectUris="https://portail.example/retour"
    )
    assert "client_secret" not in answer.text
    answer = boss.fill(f"{CLIENTS}/machine/inscrire", name="Copie")
    assert "client_secret" in answer.text
    text = boss.read(CLIENTS).text
    assert "Portail site, sans secret" in text
    assert "Copie machine, secret" in text


def test_a_refused_form_comes_back_with_what_was_typed(site: Site, boss: Agent) -> None:
    typed = {"name": "", "redirectUris": "http://x.example/", "origins": "https://x.example/a"}
    path = f"{CLIENTS}/site/inscrire"
    answer = boss.fill(path, **typed)
    assert answer.status_code == 422
    page = PageReader(answer.text)
    assert {f"{name}-problem" for name in typed} <= set(page.ids)
    fields = page.form(path).fields
    assert {name: fields.get(name, [""])[0] for name in typed} == typed
    answer = boss.fill(f"{CLIENTS}/machine/inscrire", name="Copie", keys="{}")
    assert (answer.status_code, "keys-problem" in PageReader(answer.text).ids) == (422, True)


def test_the_addresses_of_a_site_are_changed(site: Site, boss: Agent) -> None:
    client = portal(site)
    path = boss.read(CLIENTS).links["Modifier Portail"]
    form = boss.read(path).form(path).fields
    assert form["redirectUris"] == ["https://portail.example/retour"]
    assert boss.fill(path, redirectUris="").status_code == 422
    answer = boss.fill(path, name="Autre", origins="https://autre.example")
    assert "est modifiée" in boss.read(answer.headers["location"]).text
    store = site.here.deployment.store
    with store.reading():
        now = clients.find(store, client)
    assert now is not None
    assert (now.name, now.origins) == ("Autre", ("https://autre.example",))


def test_a_machine_is_renamed_and_a_site_s_is_not(site: Site, boss: Agent) -> None:
    boss.fill(f"{CLIENTS}/machine/inscrire", name="Copie")
    path = boss.read(CLIENTS).links["Modifier Copie"]
    assert boss.read(path).form(path).names == {"cle", "name"}
    answer = boss.fill(path, name="Réplique")
    assert "Réplique" in boss.read(answer.headers["location"]).text
    boss.send("/exploitation/sites/24/inscrire", {})
    assert not [name for name in boss.read(CLIENTS).links if name == "Modifier Nouvelle-Aquitaine"]


def test_forms_of_applications_are_not_there_for_anybody_else(site: Site, boss: Agent) -> None:
    other, client = agent(site, "other"), portal(site)
    absent = other.get("/exploitation/absent").text
    for path in (
        f"{CLIENTS}/site/inscrire",
        f"{CLIENTS}/machine/inscrire",
        f"{CLIENTS}/{client}/modifier",
    ):
        assert other.get(path).text == absent
        assert other.send(path, {"name": "x"}).status_code == 404
