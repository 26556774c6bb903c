"""`/livret/parties-endommagees`: the owner is told what cannot be read, and may remove it."""

from tests.graphql_api.agent_space.entries.test_entries import DIPLOMA, FORM
from tests.graphql_api.agent_space.reader import Agent
from tests.graphql_api.site import Site

PATH = "/livret/parties-endommagees"
DAMAGED = "{ booklet { state damaged { kind id } } }"


def test_a_damaged_part_is_told_on_the_booklet_and_removed_on_its_page(
    site: Site, someone: Agent
) -> None:
    someone.fill(FORM, **DIPLOMA)
    assert "endommagée" not in someone.read("/livret").text
    assert "Rien de votre livret n’est endommagé." in someone.read(PATH).text
    site.here.deployment.store.database.execute_sql(
        "UPDATE booklet_section SET sealed = identity.sealed FROM booklet_section identity"
        " WHERE booklet_section.section = 'FORMATIONS' AND identity.section = 'IDENTITY'"
    )
    page = someone.read("/livret")
    assert "Une partie de votre livret est endommagée" in page.text
    assert page.links["Voir ce qui est endommagé, et que faire"] == PATH
    page = someone.read(PATH)
    assert page.headings[0] == "Parties endommagées"
    assert "Vos formations" in page.text
    caller = site.bearer("owner")
    ((part),) = caller.ask(DAMAGED)["booklet"]["damaged"]
    answer = someone.send(PATH, {"partie": f"FORMATIONS {part['id']}"})
    assert answer.headers["location"] == f"{PATH}?fait=partie-supprimee"
    assert "La partie endommagée est supprimée." in someone.read(answer.headers["location"]).text
    assert caller.ask(DAMAGED)["booklet"]["damaged"] == []


def test_what_is_not_damaged_is_not_removed(site: Site, someone: Agent) -> None:
    booklet = site.bearer("owner").ask("{ booklet { id } }")["booklet"]["id"]
    answer = someone.send(PATH, {"partie": f"IDENTITY {booklet}"})
    assert answer.status_code in (404, 409, 422)
    assert site.bearer("owner").ask("{ booklet { state } }")["booklet"]["state"] == "OPEN"
