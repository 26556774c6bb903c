"""The page of the share links of a dossier: issuing, reading the address once, withdrawing."""

import re
from uuid import uuid4

import pytest
import segno

from tests.graphql_api.agent_space.reader import Agent, PageReader, agent, copied
from tests.graphql_api.site import Site

ADDRESS = re.compile(r"https://livret\.test/s/[0-9a-f-]{36}#[\w-]{40,}")


@pytest.fixture
def links(someone: Agent) -> str:
    """The address of the page for the whole booklet, which is a dossier like any other."""
    where = someone.read("/livret/dossiers").links["Livret individuel de formation"]
    return f"{where}/liens"


def test_the_address_and_the_pin_are_shown_once(someone: Agent, links: str) -> None:
    form = someone.read(links).form(links)
    typed = form.fields | {"name": "DRH <Pau>", "views": "3", "withPin": "oui"}
    answer = someone.send(links, typed)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    page = PageReader(answer.text)
    (address,) = ADDRESS.findall(page.text)
    (pin,) = re.findall(r"\b\d{6}\b", page.text)
    assert copied(answer.text) == {"Copier le lien": address, "Copier le code": pin}
    assert "3 fois au plus" in page.text
    again = someone.send(links, typed)
    assert address not in again.text
    page = PageReader(again.text)
    assert page.headings == ["Lien déjà créé"]
    assert not re.search(r"\b\d{6}\b", page.text)
    listed = someone.read(links).text
    assert address not in listed
    assert listed.count("DRH <Pau>") == 2  # the heading, and what the button says to who hears it
    assert "Ouvertures restantes 3" in listed
    assert "jamais ouvert" in listed


def test_a_telephone_reads_the_address_from_the_page(someone: Agent, links: str) -> None:
    form = someone.read(links).form(links)
    typed = form.fields | {"name": "DRH"}
    answer = someone.send(links, typed)
    page = PageReader(answer.text)
    (address,) = ADDRESS.findall(page.text)
    (picture,) = [given for tag, given in page.attributes if given.get("class") == "qr"]
    assert (picture["role"], picture["aria-label"]) == (
        "img",
        "Code QR de l’adresse à transmettre, écrite à côté",
    )
    (path,) = [
        given["d"] for tag, given in page.attributes if tag == "path" and "M4 4h7" in given["d"]
    ]
    dark = {
        (int(x) + step, int(y))
        for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1", path)
        for step in range(int(width))
    }
    expected = segno.make_qr(address, error="m", boost_error=False).matrix_iter(border=4)
    assert dark == {(x, y) for y, row in enumerate(expected) for x, on in enumerate(row) if on}
    assert (
        'role="img"' not in someone.send(links, typed).text
    )  # it is shown once, as the address is


def test_a_link_is_withdrawn_once_its_owner_has_said_yes(someone: Agent, links: str) -> None:
    someone.fill(links, name="DRH")
    revoke = someone.read(links).links["Retirer le lien DRH"]
    asked = someone.read(revoke)
    assert asked.headings == ["Retirer ce lien ?"]
    assert "DRH" in asked.text
    assert "n’ouvrira plus rien" in asked.text
    assert "Retirer le lien DRH" in someone.read(links).links  # to be asked withdraws nothing
    for _ in range(2):
        answer = someone.send(revoke, asked.form(revoke).fields)
        assert answer.headers["location"] == f"{links}?fait=lien-retire"
    page = someone.read(answer.headers["location"])
    assert "il n’ouvre plus rien" in page.text
    assert "DRH retiré le" in page.text
    assert revoke not in page.links.values()
    page = someone.read(revoke)
    assert page.headings == ["Lien terminé"]
    assert not any(form.action == revoke for form in page.forms)


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"name": ""}, "name", "Donnez un nom"),
        ({"expiresOn": "demain"}, "expiresOn", "cette date n’a pas été comprise"),
        ({"expiresOn": "31/02/2027"}, "expiresOn", "cette date n’existe pas"),
        ({"expiresOn": "01/01/2001"}, "expiresOn", "Choisissez un dernier jour"),
        ({"views": "0"}, "views", "Un lien s’ouvre de 1 à 100 fois."),
        ({"views": "beaucoup", "name": ""}, "views", ": indiquez un nombre entier."),
        ({"views": "0", "name": "", "expiresOn": "demain"}, "name", "Donnez un nom"),
        ({"name": "", "expiresOn": "demain"}, "expiresOn", "cette date n’a pas été comprise"),
    ],
)
def test_a_refused_link_comes_back_with_what_was_typed(
    someone: Agent, links: str, typed: dict[str, str], field: str, said: str
) -> None:
    answer = someone.fill(links, **{"name": "DRH", "withPin": "oui", **typed})
    assert answer.status_code == 422
    page = PageReader(answer.text)
    (line,) = (text for text, href in page.links.items() if href == f"#{field}")
    assert said.casefold() in line.casefold()
    form = page.form(links)
    assert form.fields["withPin"] == ["oui"]
    assert form.fields[field] == [typed[field]]
    assert "En service" not in page.headings


def test_the_links_of_somebody_else_do_not_exist(site: Site, someone: Agent, links: str) -> None:
    someone.fill(links, name="DRH")
    revoke = someone.read(links).links["Retirer le lien DRH"]
    another = f"{links.removesuffix('/liens').rpartition('/')[0]}/{uuid4()}/liens"
    other = agent(site, "other")
    assert other.get(links).status_code == 404
    assert other.send(links, {"name": "Pris", "cle": "k"}).status_code == 404
    assert other.get(revoke).status_code == 404
    assert other.send(revoke, {}).status_code == 404
    assert "En service" in someone.read(links).headings
    assert someone.get(f"{links}/{uuid4()}/retirer").status_code == 404
    assert someone.get(revoke.replace(links, another)).status_code == 404


def test_who_followed_a_link_is_told_at_that_link_with_when(
    site: Site, someone: Agent, links: str
) -> None:
    addresses = []
    for name in ("DRH", "Jury"):
        answer = someone.fill(links, name=name)
        addresses += ADDRESS.findall(PageReader(answer.text).text)
    path, _, secret = addresses[0].removeprefix("https://livret.test").partition("#")
    reader = Agent(site.browser())
    assert reader.send(path, {"secret": secret}).status_code == 303
    page = someone.read(links)
    assert page.text.count("Qui l’a suivi (1)") == 1
    assert re.search(
        r"Qui l’a suivi \(1\) : DRH \d\d/\d\d/\d{4} à \d\d? h \d\d : ouvert", page.text
    )
    other = Agent(site.browser())
    assert other.send(path, {"secret": secret[::-1]}).status_code == 403
    refused = r"\d\d? h \d\d : refusé, car l’adresse n’était pas la bonne"
    assert re.search(refused, someone.read(links).text)
    nodes = (
        "{ booklet { accessRecords { nodes { shareLink } } dossiers { shareLinks { id name } } } }"
    )
    told = site.bearer("owner").ask(nodes)["booklet"]
    (record, _) = told["accessRecords"]["nodes"]
    (drh,) = (one for one in told["dossiers"][0]["shareLinks"] if one["name"] == "DRH")
    assert record["shareLink"] == drh["id"]
