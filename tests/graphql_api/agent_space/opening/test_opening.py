"""The guide's way to a booklet: four questions, a code, the charter, who the holder is."""

from typing import Any

import pytest

from tests.conftest import CHARTER, OPEN
from tests.graphql_api.agent_space.reader import Agent, PageReader, agent
from tests.graphql_api.documents import added
from tests.graphql_api.site import Site

CODE, CHARTER_PAGE, IDENTITY = "/livret/code", "/livret/charte", "/livret/identite"
HOLDER = {
    "civility": "MME",
    "lastName": "Lefèvre",
    "firstName": "Maëlle",
    "email": "maelle@example.org",
    "emailConfirmation": "maelle@example.org",
}


@pytest.fixture
def newcomer(site: Site) -> Agent:
    return agent(site, "newcomer", booklet=False)


def at_charter(site: Site, newcomer: Agent) -> str:
    code = site.here.code()
    assert newcomer.fill(CODE, code=code).status_code == 303
    return code


def at_identity(site: Site, newcomer: Agent) -> None:
    at_charter(site, newcomer)
    assert newcomer.fill(CHARTER_PAGE, choix="accepte").status_code == 303


def test_a_booklet_opens_by_its_pages_in_the_order_of_the_guide(
    site: Site, newcomer: Agent
) -> None:
    home = newcomer.read("/")
    assert home.links["Créez votre livret"] == "/livret/introduction"
    begin = newcomer.read("/livret")
    introduction = newcomer.read(begin.links["Créez votre livret"])
    assert [heading[:3] for heading in introduction.headings if heading[0].isdigit()] == [
        "1 •",
        "2 •",
        "3 •",
        "4 •",
    ]
    assert introduction.links["Suivant"] == CODE
    assert newcomer.fill(CODE, code=site.here.code()).headers["location"] == CHARTER_PAGE
    accepted = newcomer.fill(CHARTER_PAGE, choix="accepte")
    assert accepted.headers["location"] == IDENTITY
    assert "en cours de création" in newcomer.read(IDENTITY).text
    done = newcomer.fill(IDENTITY, **HOLDER)
    assert done.headers["location"] == "/livret?fait=identite"
    page = newcomer.read(done.headers["location"])
    assert "Votre identité est enregistrée." in page.text
    assert "Titres et diplômes 0" in page.links
    assert "Lefèvre Maëlle" in page.text
    assert "À vous de jouer" in page.text


def test_a_code_that_opens_nothing_is_refused_at_its_field(newcomer: Agent) -> None:
    assert "Saisissez votre code d’autorisation." in newcomer.fill(CODE, code=" ").text
    assert "compte 20 caractères" in newcomer.fill(CODE, code="AAAA-BBBB-CCCC").text
    answer = newcomer.fill(CODE, code="AAAAA-BBBBB-CCCCC-DDDDD")
    assert answer.status_code == 422
    page = PageReader(answer.text)
    assert page.form(CODE).fields["code"] == ["AAAAA-BBBBB-CCCCC-DDDDD"]
    assert "n’est pas valable. Vérifiez-le sur votre billet" in page.text
    assert "code-problem" in page.ids


def test_a_code_is_asked_once(site: Site, newcomer: Agent) -> None:
    code = at_charter(site, newcomer)
    answer = newcomer.get(CODE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/livret")
    twice = newcomer.send(CODE, {"code": code})
    assert (twice.status_code, twice.headers["location"]) == (303, CHARTER_PAGE)


def test_whoever_refuses_the_charter_keeps_their_code(site: Site, newcomer: Agent) -> None:
    code = at_charter(site, newcomer)
    answer = newcomer.fill(CHARTER_PAGE, choix="refuse")
    assert answer.headers["location"] == "/?fait=refus"
    assert "votre code peut encore servir" in newcomer.read(answer.headers["location"]).text
    assert newcomer.fill(CODE, code=code).headers["location"] == CHARTER_PAGE


def test_accepting_twice_goes_on(site: Site, newcomer: Agent) -> None:
    at_charter(site, newcomer)
    fields = newcomer.read(CHARTER_PAGE).form(CHARTER_PAGE).fields | {"choix": "accepte"}
    answers = [newcomer.send(CHARTER_PAGE, fields) for _ in range(2)]
    assert [answer.headers["location"] for answer in answers] == [IDENTITY] * 2


def test_a_charter_that_changed_is_shown_again(site: Site, newcomer: Agent) -> None:
    at_charter(site, newcomer)
    answer = newcomer.fill(CHARTER_PAGE, **{"choix": "accepte", "version-charte": "0"})
    assert answer.status_code == 409
    assert "a changé" in PageReader(answer.text).text
    assert newcomer.fill(CHARTER_PAGE, choix="accepte").status_code == 303


def test_a_charter_that_is_not_asked_has_no_buttons(someone: Agent, newcomer: Agent) -> None:
    for reader in (someone, newcomer):
        assert CHARTER_PAGE not in [form.action for form in reader.read(CHARTER_PAGE).forms]


def test_the_identity_names_every_problem_and_keeps_what_was_typed(
    site: Site, newcomer: Agent
) -> None:
    at_identity(site, newcomer)
    answer = newcomer.fill(
        IDENTITY, lastName="", email="maelle@", postalCode="330", city="Bordeaux"
    )
    assert answer.status_code == 422
    page = PageReader(answer.text)
    wrong = {given.get("name") for _, given in page.attributes if "aria-invalid" in given}
    assert {"lastName", "email", "postalCode"} <= wrong
    assert page.form(IDENTITY).fields["city"] == ["Bordeaux"]


def test_the_form_is_emptied_by_its_button_and_nothing_is_written(someone: Agent) -> None:
    fields = someone.read(IDENTITY).form(IDENTITY).fields
    assert fields["lastName"] == ["Lefèvre"]
    answer = someone.send(IDENTITY, fields | {"effacer": "1"})
    assert answer.status_code == 200
    emptied = PageReader(answer.text).form(IDENTITY).fields
    assert emptied["lastName"] == emptied["email"] == [""]
    assert someone.read(IDENTITY).form(IDENTITY).fields["lastName"] == ["Lefèvre"]


def test_statistics_are_for_who_ticks_the_box(someone: Agent) -> None:
    assert "statsConsent" not in someone.read(IDENTITY).form(IDENTITY).fields
    someone.fill(IDENTITY, statsConsent="oui")
    assert someone.read(IDENTITY).form(IDENTITY).fields["statsConsent"] == ["oui"]
    fields = dict(someone.read(IDENTITY).form(IDENTITY).fields)
    del fields["statsConsent"]
    someone.send(IDENTITY, fields)
    assert "statsConsent" not in someone.read(IDENTITY).form(IDENTITY).fields


@pytest.mark.parametrize("path", [IDENTITY, "/livret/situation"])
def test_two_windows_show_both_versions_field_by_field(someone: Agent, path: str) -> None:
    field = {IDENTITY: "city", "/livret/situation": "department"}[path]
    first = someone.read(path).form(path).fields
    second = someone.read(path).form(path).fields
    assert someone.send(path, first | {field: "Bordeaux"}).status_code == 303
    answer = someone.send(path, second | {field: "Pessac"})
    assert answer.status_code == 409
    page = PageReader(answer.text)
    assert page.form(path).fields[field] == ["Pessac"]
    assert "Enregistré entre-temps" in page.text
    assert "Bordeaux" in page.text
    stored = [one for one in page.ids if one.endswith("-stored")]
    assert stored == [f"{field}-stored"]
    again = someone.send(path, page.form(path).fields)
    assert again.status_code == 303
    assert someone.read(path).form(path).fields[field] == ["Pessac"]


def test_the_present_situation_is_written_and_read(someone: Agent) -> None:
    answer = someone.fill("/livret/situation", jobTitle="Bibliothécaire", since="2019")
    assert answer.headers["location"] == "/livret?fait=situation"
    fields = someone.read("/livret/situation").form("/livret/situation").fields
    assert (fields["jobTitle"], fields["since"]) == (["Bibliothécaire"], ["2019"])


def test_a_blank_situation_says_which_post_stands_for_it(site: Site) -> None:
    someone = agent(site)
    assert "À défaut" not in someone.read("/livret/situation").text
    added(site.bearer("owner"), "professionalExperience", start="2024-01", ongoing=True)
    text = someone.read("/livret/situation").text
    assert "À défaut, votre poste en cours est repris : " in text
    assert "(depuis janvier 2024), dans les dossiers qui le communiquent." in text
    someone.fill("/livret/situation", jobTitle="Bibliothécaire")
    assert "À défaut" not in someone.read("/livret/situation").text


@pytest.mark.parametrize(
    ("path", "steps", "leads"),
    [
        (IDENTITY, 0, "/livret"),
        (IDENTITY, 1, "/livret"),
        ("/livret/situation", 2, "/livret"),
        ("/livret/formations", 0, "/livret"),
        ("/livret/formations/recapitulatif", 2, "/livret"),
    ],
)
def test_a_page_that_is_not_for_now_leads_to_what_comes_next(
    site: Site, newcomer: Agent, path: str, steps: int, leads: str
) -> None:
    caller: Any = site.bearer("newcomer")
    if steps > 0:
        caller.do(OPEN, code=site.here.code())
    if steps > 1:
        caller.do(CHARTER)
    answer = newcomer.get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, leads)


def test_the_identity_begins_with_what_the_account_says(site: Site, newcomer: Agent) -> None:
    at_identity(site, newcomer)
    form = newcomer.read(IDENTITY).form(IDENTITY).fields
    assert {key: form[key] for key in ("lastName", "firstName", "email", "emailConfirmation")} == {
        "lastName": ["Lefèvre"],
        "firstName": ["newcomer"],
        "email": ["newcomer@example.org"],
        "emailConfirmation": ["newcomer@example.org"],
    }
    cleared = PageReader(newcomer.send(IDENTITY, form | {"effacer": "1"}).text)
    assert cleared.form(IDENTITY).fields["lastName"] == [""]
    refused = PageReader(newcomer.fill(IDENTITY, lastName="", email="x").text)
    fields = refused.form(IDENTITY).fields
    assert (fields["lastName"], fields["email"]) == ([""], ["x"])
    newcomer.fill(IDENTITY, civility="MME", lastName="Roux")
    assert newcomer.read(IDENTITY).form(IDENTITY).fields["lastName"] == ["Roux"]


def test_every_page_says_who_is_signed_in_before_the_booklet_does(
    site: Site, newcomer: Agent
) -> None:
    def named(path: str) -> bool:
        return "AGENT : Lefèvre newcomer" in newcomer.read(path).text.replace("\u202f", " ")

    assert all(named(path) for path in ("/", "/livret", "/livret/introduction", CODE))
    at_charter(site, newcomer)
    paths = (CHARTER_PAGE, "/livret/journal", "/livret/donnees", "/livret/fermer")
    assert all(named(path) for path in paths)
    newcomer.fill(CHARTER_PAGE, choix="accepte")
    assert named(IDENTITY)
