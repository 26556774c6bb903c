"""The pages of an operator: who hands out codes, who operates, appointing and dismissing."""

import pytest

from tests.graphql_api.agent_space.reader import Agent, PageReader, agent
from tests.graphql_api.office import BORDEAUX, named, officer, offices, stored
from tests.graphql_api.operating.operators import operator
from tests.graphql_api.site import Site

OFFICERS, OPERATORS = "/exploitation/agents-rh", "/exploitation/exploitants"
APPOINT, APPOINT_OPERATOR = f"{OFFICERS}/nommer", f"{OPERATORS}/nommer"


@pytest.fixture
def boss(site: Site) -> Agent:
    """An operator, signed in, without a booklet."""
    operator(site.here, site.account("boss"))
    return agent(site, "boss", booklet=False)


def dismissing(reader: PageReader) -> list[str]:
    """The addresses of the pages that dismiss somebody."""
    return [path for path in reader.links.values() if path.endswith("/retirer")]


def test_the_home_page_leads_an_operator_there_and_nobody_else(site: Site, boss: Agent) -> None:
    assert boss.read("/").links["Exploiter le service"] == "/exploitation"
    other = agent(site, "other", booklet=False)
    assert "Exploiter le service" not in other.read("/").links


def test_an_officer_is_appointed_and_listed(site: Site, boss: Agent) -> None:
    site.account("rh")
    assert boss.read(OFFICERS).links["Nommer un premier agent RH"] == APPOINT
    answer = boss.fill(APPOINT, email="rh@example.org", siret="213 300 635 00017")
    assert answer.status_code == 303
    named(site.here, "Ville de Bordeaux")
    page = boss.read(answer.headers["location"])
    assert "C’est fait" in page.text
    assert "rh@example.org Ville de Bordeaux SIRET 21330063500017" in page.text
    assert offices(site.here.caller(site.account("rh"), "rh:codes")) == [BORDEAUX]


def test_an_officer_is_dismissed_after_a_page_that_asks(site: Site, boss: Agent) -> None:
    officer(site.here, site.account("rh"))
    (path,) = dismissing(boss.read(OFFICERS))
    page = boss.read(path)
    assert "Les codes qu’elle a délivrés restent valables" in page.text
    answer = boss.send(path, page.form(path).fields)
    assert answer.status_code == 303
    assert "le droit est retiré" in boss.read(answer.headers["location"]).text
    assert boss.get(path).status_code == 404
    assert stored(site.here)["officer"] == []


@pytest.mark.parametrize(
    ("email", "siret", "wrong"),
    [
        ("", "", {"email", "siret"}),
        ("nobody@example.org", BORDEAUX, {"email"}),
        ("boss@example.org", "21330063500018", {"siret"}),
        ("<b>@example.org", "x" * 300, {"email", "siret"}),
    ],
)
def test_a_refused_form_comes_back_with_what_was_typed(
    site: Site, boss: Agent, email: str, siret: str, wrong: set[str]
) -> None:
    before = stored(site.here)
    answer = boss.fill(APPOINT, email=email, siret=siret)
    assert answer.status_code == 422
    page = PageReader(answer.text)
    assert "<title>Erreur" in answer.text
    assert {href[1:] for href in page.links.values() if href.startswith("#")} >= wrong
    assert {f"{name}-problem" for name in wrong} <= set(page.ids)
    fields = page.form(APPOINT).fields
    assert (fields["email"], fields["siret"]) == ([email], [siret])
    assert stored(site.here) == before


def test_an_operator_is_appointed_and_dismissed(site: Site, boss: Agent) -> None:
    site.account("second")
    assert boss.fill(APPOINT_OPERATOR, email="nobody@example.org").status_code == 422
    answer = boss.fill(APPOINT_OPERATOR, email="second@example.org")
    page = boss.read(answer.headers["location"])
    assert "boss@example.org (vous)" in page.text
    (path,) = [one for name, one in page.links.items() if "second@example.org" in name]
    second = agent(site, "second", booklet=False)
    assert second.read(OPERATORS).headings == ["Exploitants"]
    boss.send(path, boss.read(path).form(path).fields)
    assert second.get(OPERATORS).status_code == 404


def test_the_last_operator_is_told_what_dismissing_themselves_means(
    site: Site, boss: Agent
) -> None:
    (path,) = dismissing(boss.read(OPERATORS))
    page = boss.read(path)
    assert "Vous êtes le dernier exploitant" in page.text
    answer = boss.send(path, page.form(path).fields)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert boss.get("/exploitation").status_code == 404


def test_these_pages_are_not_there_for_anybody_else(site: Site, boss: Agent) -> None:
    officer(site.here, site.account("rh"))
    (dismiss,) = dismissing(boss.read(OFFICERS))
    (dismiss_operator,) = dismissing(boss.read(OPERATORS))
    forms = [APPOINT, APPOINT_OPERATOR, dismiss, dismiss_operator]
    sent = {"email": "rh@example.org", "siret": BORDEAUX}
    people = [agent(site, "rh", booklet=False), agent(site, "owner")]
    before = stored(site.here)
    for somebody in people:
        absent = somebody.get("/exploitation/absent").text
        for path in ("/exploitation", OFFICERS, OPERATORS, *forms):
            answer = somebody.get(path)
            assert answer.status_code == 404, path
            assert answer.text == absent, path
        for path in forms:
            assert somebody.send(path, sent).status_code == 404, path
    nobody = Agent(site.browser())
    for path in ("/exploitation", "/exploitation/absent", OFFICERS, OPERATORS, *forms):
        assert nobody.get(path).headers["location"].startswith("/sign-in?next=")
    assert stored(site.here) == before


def test_a_form_of_another_site_appoints_nobody(site: Site, boss: Agent) -> None:
    site.account("rh")
    form = boss.read(APPOINT).form(APPOINT).fields | {"email": "rh@example.org", "siret": BORDEAUX}
    answer = boss.send(APPOINT, form, origin="https://elsewhere.test", sec_fetch_site="cross-site")
    assert answer.status_code == 403
    assert stored(site.here)["officer"] == []


def test_every_page_says_where_one_is(boss: Agent) -> None:
    for path, item in ((OFFICERS, OFFICERS), (APPOINT, OFFICERS), (OPERATORS, OPERATORS)):
        current = [
            given["href"] for tag, given in boss.read(path).attributes if "aria-current" in given
        ]
        assert current == [item], path
