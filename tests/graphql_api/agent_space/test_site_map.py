"""The map of the site, and the session that goes on while its page says so."""

from datetime import timedelta

import pytest

from tests.graphql_api.agent_space.reader import Agent, PageReader, agent
from tests.graphql_api.operating.operators import operator
from tests.graphql_api.site import Site

MAP = "/plan-du-site"
PUBLIC = {
    "/", "/aide", "/verifier", "/accessibilite", "/mentions-legales", "/donnees-personnelles",
    "/contact",
}  # fmt: skip


def paths(page: PageReader) -> set[str]:
    return set(page.links.values())


def test_the_map_is_reached_from_every_page_and_open_to_anybody(site: Site) -> None:
    nobody = Agent(site.browser())
    assert nobody.read("/").links["Plan du site"] == MAP
    page = nobody.read(MAP)
    assert PUBLIC | {"/sign-in"} <= paths(page)
    assert page.links["Créer votre compte"] == "/account/register"
    assert not any(path.startswith("/livret") for path in paths(page))
    assert MAP in nobody.get("/robots.txt").text


def test_the_map_has_every_page_of_the_menu_and_every_rubric(someone: Agent) -> None:
    page = someone.read(MAP)
    home = someone.read("/livret")
    assert paths(home) <= paths(page) | {"#contenu", "#menu"} | {
        path for path in paths(home) if path.count("/") > 2 or "?" in path
    }
    for path in ("/livret/formations", "/livret/experiences", "/livret/competences"):
        lists = {one for one in paths(someone.read(path)) if not one.endswith("/ajouter")}
        assert lists <= paths(page) | {"#contenu", "#menu"}, path
    for path in paths(page):
        if path.startswith("/livret"):
            assert someone.get(path).status_code == 200, path


def test_the_map_leads_to_other_spaces_whoever_has_them(site: Site, someone: Agent) -> None:
    assert "/exploitation" not in paths(someone.read(MAP))
    operator(site.here, site.account("boss"))
    assert "/exploitation" in paths(agent(site, "boss", booklet=False).read(MAP))


def test_a_page_says_in_how_many_seconds_its_session_ends(site: Site, someone: Agent) -> None:
    page = someone.get("/livret")
    assert 'data-session-seconds="1800"' in page.text
    assert "connect-src 'self'" in page.headers["content-security-policy"]
    clock = site.here.clock
    start = clock()
    for hours in range(1, 25):
        clock.set(start + timedelta(minutes=29 * hours))
        someone.get("/livret")
    clock.set(start + timedelta(hours=11, minutes=50))
    (body,) = [given for tag, given in someone.read("/livret").attributes if tag == "body"]
    assert 590 <= int(body["data-session-seconds"]) <= 600
    page = someone.get("/aide")
    assert "data-session-seconds" not in page.text
    assert "connect-src" not in page.headers["content-security-policy"]


def test_a_session_that_is_asked_for_goes_on_and_one_that_ended_does_not(
    site: Site, someone: Agent
) -> None:
    clock = site.here.clock
    start = clock()
    for minutes in (25, 50):
        clock.set(start + timedelta(minutes=minutes))
        answer = someone.get("/session")
        assert (answer.status_code, answer.headers["x-session-seconds"]) == (204, "1800")
    clock.set(start + timedelta(minutes=81))
    assert someone.get("/session").status_code == 303


@pytest.mark.parametrize("path", ["", "/names", "/email", "/password"])
def test_the_pages_of_an_account_say_when_its_session_ends_and_have_a_menu(
    site: Site, someone: Agent, path: str
) -> None:
    page = someone.read(f"/account{path}")
    (body,) = [given for tag, given in page.attributes if tag == "body"]
    assert 1_500 < int(body["data-session-seconds"]) <= 1_800
    (note,) = [given for _, given in page.attributes if given.get("id") == "fin-de-session"]
    assert note["data-path"] == "/account/session"
    assert "minutes après l’affichage de cette page" in page.text
    assert "est gardé une demi-heure" not in page.text
    assert page.links["Votre livret"] == "/livret"
    assert page.links["Accueil Espace Pro"] == "/"
    current = [given["href"] for _, given in page.attributes if "aria-current" in given]
    assert current == [f"/account{path}"]
    assert "Compte : Lefèvre owner" in page.text


def test_the_session_of_an_account_goes_on_when_asked_and_ends_after_twelve_hours(
    site: Site, someone: Agent
) -> None:
    clock = site.here.clock
    start = clock()
    for minutes in range(25, 715, 25):
        clock.set(start + timedelta(minutes=minutes))
        answer = someone.get("/account/session")
        left = min(1_800, 60 * (720 - minutes))
        assert answer.status_code == 204
        assert left - 300 < int(answer.headers["x-session-seconds"]) <= left
    clock.set(start + timedelta(minutes=721))
    assert someone.get("/account/session").status_code == 303
