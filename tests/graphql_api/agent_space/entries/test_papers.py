"""« Pièces jointes » and « Préconisations »: what a paper proves, and the owner's order."""

from tests.graphql_api.agent_space.entries.test_entries import DIPLOMA, FORM
from tests.graphql_api.agent_space.reader import Agent

PAPERS = "/livret/pieces-jointes/pieces-jointes"


def paper(someone: Agent, title: str) -> str:
    """A paper, and the address of its form."""
    answer = someone.fill(f"{PAPERS}/ajouter", title=title, kind="COPIE_DIPLOME")
    assert answer.status_code == 303, answer.text
    return someone.read(PAPERS).links[title]


def test_a_paper_says_its_number_and_what_it_proves(someone: Agent) -> None:
    someone.fill(FORM, **DIPLOMA)
    paper(someone, "Copie du BTS")
    page = someone.read(PAPERS)
    assert "Pièce n° 1" in page.text
    ties = page.links["Dire ce qu’elle atteste : Copie du BTS"]
    form = someone.read(ties).form(ties)
    (proved,) = (
        attributes["value"]
        for tag, attributes in someone.read(ties).attributes
        if tag == "input" and attributes.get("name") == "piece"
    )
    answer = someone.send(ties, form.fields | {"piece": proved})
    assert answer.status_code == 303
    assert f"Ce que cette pièce atteste : {DIPLOMA['title']}" in someone.read(PAPERS).text


def test_removing_a_paper_says_what_it_proved_and_keeps_it(someone: Agent) -> None:
    someone.fill(FORM, **DIPLOMA)
    form = paper(someone, "Copie du BTS")
    ties = someone.read(PAPERS).links["Liens de Copie du BTS"]
    page = someone.read(ties)
    sent = page.form(ties)
    (proved,) = (one["value"] for _, one in page.attributes if one.get("name") == "piece")
    someone.send(ties, sent.fields | {"piece": proved})
    asked = someone.read(f"{form}/supprimer")
    assert "1 rattachement à ce que cette pièce atteste" in asked.text
    someone.fill(f"{form}/supprimer")
    assert DIPLOMA["title"] in someone.read("/livret/formations/titres-et-diplomes").links


def test_papers_are_numbered_in_their_owners_order(someone: Agent) -> None:
    for title in ("Première", "Seconde"):
        paper(someone, title)

    def order() -> list[str]:
        return [one for one in someone.read(PAPERS).headings if one in ("Première", "Seconde")]

    before = order()
    entry = someone.read(PAPERS).links[before[0]]
    (down,) = (form for form in someone.read(PAPERS).forms if form.action == f"{entry}/deplacer")
    assert someone.send(down.action, down.fields).status_code == 303
    assert order() == before[::-1]
    text = someone.read(PAPERS).text
    assert text.index("Pièce n° 1") < text.index(before[1]) < text.index("Pièce n° 2")


def test_the_name_of_a_rubric_alone_leads_to_its_list(someone: Agent) -> None:
    answer = someone.get("/livret/preconisations")
    assert answer.headers["location"] == "/livret/pieces-jointes/preconisations"
    page = someone.read(answer.headers["location"])
    assert "Ajouter une préconisation" in page.links
    assert someone.get("/livret/nulle-part").status_code == 404
