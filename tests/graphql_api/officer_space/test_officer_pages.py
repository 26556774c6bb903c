"""The pages of an HR officer: choose a collectivité, issue, print, list, revoke one."""

import re
from datetime import timedelta
from typing import Any

import pytest

from tests.conftest import OPEN, Here
from tests.graphql_api.agent_space.reader import COPYING, Agent, PageReader, agent
from tests.graphql_api.documents import ACCEPT, CODE, whole
from tests.graphql_api.office import BORDEAUX, TOURS, named, officer, stored
from tests.graphql_api.signing_rows import sign_rows
from tests.graphql_api.site import Site

BASE = f"/collectivite/{BORDEAUX}"
ISSUE_PATH, FIND_PATH = f"{BASE}/delivrer", f"{BASE}/revoquer"
SLIP = re.compile(
    r"<code[^>]*>([0-9A-Z-]{23})</code>.*?<strong>([0-9]{4}-[0-9]{4})</strong>", re.DOTALL
)


@pytest.fixture
def rh(site: Site) -> Agent:
    """An officer of Bordeaux, signed in, without a booklet."""
    officer(site.here, site.account("rh"))
    return agent(site, "rh", booklet=False)


def issued(rh: Agent, count: int = 1, **more: str) -> list[tuple[str, str]]:
    """The codes and references on the slips of codes just made."""
    answer = rh.fill(ISSUE_PATH, count=str(count), **more)
    assert answer.status_code == 200, answer.text
    return SLIP.findall(answer.text)


def use(here: Here, name: str, code: str) -> Any:
    person = here.caller(name)
    assert person.do(OPEN, code=code)["__typename"] == "BookletOpened"
    assert person.do(ACCEPT, version="1")["__typename"] == "CharterAccepted"
    return person


def lot(rh: Agent) -> str:
    """The address of the newest batch."""
    links = rh.read(BASE).links
    return next(path for path in links.values() if "/lots/" in path)


def test_the_only_collectivite_needs_no_choice(site: Site, rh: Agent) -> None:
    answer = rh.get("/collectivite")
    assert (answer.status_code, answer.headers["location"]) == (303, BASE)
    page = rh.read(BASE)
    assert page.headings == ["Codes délivrés"]
    assert page.links["Délivrer de premiers codes"] == ISSUE_PATH


def test_an_officer_of_several_collectivites_chooses_one(site: Site, rh: Agent) -> None:
    officer(site.here, site.account("rh"), TOURS)
    named(site.here, "Ville de Bordeaux")
    page = rh.read("/collectivite")
    assert page.links["Ville de Bordeaux"] == BASE
    assert page.links["Collectivité de SIRET 213 702 616 00011"] == f"/collectivite/{TOURS}"
    assert (
        rh.read(BASE).links["Collectivité de SIRET 213 702 616 00011"] == f"/collectivite/{TOURS}"
    )


def test_the_home_page_leads_an_officer_there_and_nobody_else(site: Site, rh: Agent) -> None:
    page = rh.read("/")
    assert page.links["Délivrer ou révoquer des codes"] == "/collectivite"
    assert page.links["Codes d’autorisation"] == "/collectivite"  # of the menu
    assert "Agent RH : Lefèvre rh" in page.text
    other = agent(site, "other", booklet=False).read("/")
    assert not {"Délivrer ou révoquer des codes", "Codes d’autorisation"} & set(other.links)
    assert "AGENT : Lefèvre other" in other.text
    site.with_booklet("rh")
    assert "AGENT : " in rh.read("/").text


def test_codes_are_issued_and_their_slips_shown_at_once(site: Site, rh: Agent) -> None:
    named(site.here, "Ville de Bordeaux")
    answer = rh.fill(ISSUE_PATH, count="3")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    page = PageReader(answer.text)
    slips = SLIP.findall(answer.text)
    assert len({code for code, _ in slips}) == len({name for _, name in slips}) == 3
    assert page.text.count("Sur livret.test , créez votre compte") == 3
    assert page.text.count("Ville de Bordeaux") == 4
    assert "Imprimez cette page maintenant" in page.text
    for number, (code, _) in enumerate(slips):
        use(site.here, f"agent-{number}", code)


def test_the_slips_have_a_button_to_print_where_a_script_runs(rh: Agent) -> None:
    page = PageReader(rh.fill(ISSUE_PATH, count="1").text)
    (button,) = (given for _, given in page.attributes if "data-print" in given)
    assert "hidden" in button


def test_the_code_of_each_slip_has_a_button_that_copies_it(rh: Agent) -> None:
    answer = rh.fill(ISSUE_PATH, count="2").text
    assert [match["text"] for match in COPYING.finditer(answer)] == [
        code for code, _ in SLIP.findall(answer)
    ]
    for _, reference in SLIP.findall(answer):
        assert f"Copier le code du billet {reference}" in PageReader(answer).text


def test_the_codes_stand_nowhere_after_that(rh: Agent) -> None:
    slips = issued(rh, 2)
    for path in (BASE, lot(rh), FIND_PATH, f"{BASE}/codes/{slips[0][1]}/revoquer"):
        text = rh.get(path).text
        assert not any(code in text for code, _ in slips)


def test_a_form_sent_twice_makes_codes_once_and_says_where_they_are(site: Site, rh: Agent) -> None:
    form = rh.read(ISSUE_PATH).form(ISSUE_PATH).fields | {"count": "2"}
    assert rh.send(ISSUE_PATH, form).status_code == 200
    before = stored(site.here)["authorization_code"]
    again = rh.send(ISSUE_PATH, form)
    assert again.status_code == 409
    assert PageReader(again.text).links["Voir le lot"] == lot(rh)
    assert stored(site.here)["authorization_code"] == before


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"count": ""}, {"count"}),
        ({"count": "0", "uses": "1001"}, {"count", "uses"}),
        ({"count": "beaucoup"}, {"count"}),
        ({"count": "501"}, {"count"}),
        ({"count": "0", "uses": "peu", "expiresOn": "demain"}, {"count", "uses", "expiresOn"}),
        ({"count": "2", "expiresOn": "01/01/2020"}, {"expiresOn"}),
        ({"count": "2", "expiresOn": "demain"}, {"expiresOn"}),
        ({"count": "2", "expiresOn": "31/02/2027"}, {"expiresOn"}),
        ({"count": "2", "expiresOn": "2027"}, {"expiresOn"}),
    ],
)
def test_a_refused_form_comes_back_with_what_was_typed_and_makes_nothing(
    site: Site, rh: Agent, typed: dict[str, str], wrong: set[str]
) -> None:
    answer = rh.fill(ISSUE_PATH, **typed)
    assert answer.status_code == 422
    page = PageReader(answer.text)
    assert "<title>Erreur" in answer.text
    assert {href[1:] for href in page.links.values() if href.startswith("#")} >= wrong
    assert {name: [value] for name, value in typed.items()}.items() <= page.form(
        ISSUE_PATH
    ).fields.items()
    assert {f"{name}-problem" for name in wrong} <= set(page.ids)
    assert stored(site.here)["authorization_code"] == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("31/02/2027", "cette date n’existe pas"),
        ("demain", "cette date n’a pas été comprise"),
        ("2027", "il manque le jour et le mois"),
    ],
)
def test_a_last_day_is_refused_by_what_is_wrong_with_it(rh: Agent, typed: str, said: str) -> None:
    page = PageReader(rh.fill(ISSUE_PATH, count="2", expiresOn=typed).text)
    assert f"{said} (attendu : JJ/MM/AAAA)" in page.text


def test_a_last_day_is_typed_as_people_write_it(site: Site, rh: Agent) -> None:
    last = site.here.clock.today + timedelta(days=40)
    issued(rh, 1, expiresOn=f"{last:%d/%m/%Y}")
    assert f"jusqu’au {last:%d/%m/%Y} inclus" in rh.read(BASE).text


def test_codes_that_expired_are_said_to_have(site: Site, rh: Agent) -> None:
    ((_, reference),) = issued(rh)
    site.here.deployment.store.database.execute_sql("UPDATE authorization_code SET expires_at = 1")
    sign_rows(site.here.deployment.store)
    assert "terminée après le" in rh.read(BASE).text
    assert "expiré après le" in rh.read(f"{BASE}/codes/{reference}/revoquer").text


def test_a_batch_is_listed_with_its_totals(site: Site, rh: Agent) -> None:
    slips = issued(rh, 11)
    use(site.here, "agent", slips[0][0])
    assert "Codes 11" in rh.read(BASE).text
    assert "Utilisés 1" in rh.read(BASE).text
    page = rh.read(lot(rh))
    assert "Utilisés 1" in page.text
    for _, reference in slips:
        assert page.links[f"Révoquer le code {reference}"] == f"{BASE}/codes/{reference}/revoquer"


def test_no_page_changes_when_a_code_of_a_small_batch_is_used(site: Site, rh: Agent) -> None:
    slips = issued(rh, 2)
    paths = (BASE, lot(rh), *(f"{BASE}/codes/{name}/revoquer" for _, name in slips), "/")
    before = [rh.get(path).text for path in paths]
    use(site.here, "agent", slips[0][0])
    assert [rh.get(path).text for path in paths] == before
    assert "non communiqué" in before[0]


def test_a_code_is_revoked_by_its_reference_after_a_page_that_asks(site: Site, rh: Agent) -> None:
    slips = issued(rh, 2)
    (code, reference), _ = slips
    answer = rh.fill(FIND_PATH, reference=f" {reference.replace('-', ' ')} ")
    path = f"{BASE}/codes/{reference}/revoquer"
    assert (answer.status_code, answer.headers["location"]) == (303, path)
    page = rh.read(path)
    assert "La révocation est définitive." in page.text
    answer = rh.send(path, page.form(path).fields)
    assert answer.status_code == 303
    page = rh.read(answer.headers["location"])
    assert "Le code est révoqué" in page.text
    assert f"{reference} révoqué" in page.text
    assert site.here.caller("late").do(CODE, code=code)["code"] == "INVALID_CODE"
    assert "Code déjà révoqué" in rh.read(path).headings


def test_a_used_code_is_revoked_in_the_same_words_and_its_booklet_stays(
    site: Site, rh: Agent
) -> None:
    slips = issued(rh, 2)
    owner = use(site.here, "agent", slips[0][0])
    before = whole(owner)
    said = []
    for _, reference in slips:
        path = f"{BASE}/codes/{reference}/revoquer"
        asked = rh.get(path).text
        answer = rh.send(path, {})
        said.append((asked.replace(reference, ""), answer.status_code, answer.headers["location"]))
    assert said[0] == said[1]
    assert whole(owner) == before


def test_a_whole_batch_is_revoked_after_a_page_that_asks(site: Site, rh: Agent) -> None:
    kept = issued(rh)
    slips = issued(rh, 3)
    owner = use(site.here, "agent", slips[0][0])
    before = whole(owner)
    path = rh.read(lot(rh)).links["Révoquer tout le lot (liste perdue ou copiée)"]
    page = rh.read(path)
    assert "3 codes n’ouvriront plus de livret" in page.text
    answer = rh.send(path, page.form(path).fields)
    page = rh.read(answer.headers["location"])
    assert "Tous les codes du lot sont révoqués" in page.text
    assert all(f"{reference} révoqué" in page.text for _, reference in slips)
    assert "Lot déjà révoqué" in rh.read(path).headings
    assert site.here.caller("late").do(CODE, code=slips[1][0])["code"] == "INVALID_CODE"
    assert whole(owner) == before
    use(site.here, "other", kept[0][0])


@pytest.mark.parametrize("typed", ["", "1", "0000-0000", "x" * 300, "<b>"])
def test_a_reference_that_names_no_code_is_said_at_its_field(rh: Agent, typed: str) -> None:
    issued(rh)
    answer = rh.fill(FIND_PATH, reference=typed)
    assert answer.status_code == 422
    page = PageReader(answer.text)
    assert "Aucun code de cette collectivité ne porte cette référence" in page.text
    assert page.form(FIND_PATH).fields["reference"] == [typed]


def test_pages_of_a_collectivite_are_not_there_for_anybody_else(site: Site, rh: Agent) -> None:
    ((_, reference),) = issued(rh)
    paths = [
        "/collectivite",
        BASE,
        ISSUE_PATH,
        FIND_PATH,
        lot(rh),
        f"{lot(rh)}/revoquer",
        f"{BASE}/codes/{reference}/revoquer",
    ]
    other = agent(site, "other", booklet=False)
    stranger = agent(site, "stranger", booklet=False)
    officer(site.here, site.account("stranger"), TOURS)
    before = stored(site.here)["authorization_code"]
    for somebody in (other, stranger):
        for path in paths[somebody is stranger :]:
            assert somebody.get(path).status_code == 404, path
        for path in (ISSUE_PATH, FIND_PATH, *paths[-2:]):
            sent = {"count": "1", "reference": reference}
            assert somebody.send(path, sent).status_code == 404, path
    theirs = f"/collectivite/{TOURS}/codes/{reference}/revoquer"
    assert stranger.get(theirs).status_code == 404
    assert stranger.send(theirs, {}).status_code == 404
    nobody = Agent(site.browser())
    for path in paths:
        assert nobody.get(path).headers["location"].startswith("/sign-in?next=")
    assert stored(site.here)["authorization_code"] == before


@pytest.mark.parametrize("path", [f"{BASE}/lots/x", f"{BASE}/codes/x/revoquer", f"{BASE}/x"])
def test_what_does_not_exist_is_not_there(rh: Agent, path: str) -> None:
    assert rh.get(path).status_code == 404


def test_a_form_of_another_site_makes_no_codes(site: Site, rh: Agent) -> None:
    form = rh.read(ISSUE_PATH).form(ISSUE_PATH).fields | {"count": "2"}
    answer = rh.send(ISSUE_PATH, form, origin="https://elsewhere.test", sec_fetch_site="cross-site")
    assert answer.status_code == 403
    assert stored(site.here)["authorization_code"] == []


def test_older_batches_are_on_a_page_of_their_own(site: Site, rh: Agent) -> None:
    for _ in range(21):
        issued(rh)
    page = rh.read(BASE)
    assert sum(path.startswith(f"{BASE}/lots/") for path in page.links.values()) >= 1
    older = rh.read(page.links["Lots plus anciens"])
    assert older.links["Lots les plus récents"] == BASE
    assert "Lots plus anciens" not in older.links


def test_a_batch_of_more_than_a_page_is_turned(site: Site, rh: Agent) -> None:
    slips = issued(rh, 101)
    first = rh.read(lot(rh))
    second = rh.read(first.links["Codes suivants"])
    told = {one for page in (first, second) for one in re.findall(r"\d{4}-\d{4}", page.text)}
    assert told == {reference for _, reference in slips}


def test_every_page_says_where_one_is(rh: Agent) -> None:
    issued(rh)
    for path, label in ((BASE, "Codes délivrés"), (ISSUE_PATH, "Délivrer des codes")):
        current = [
            given["href"] for tag, given in rh.read(path).attributes if "aria-current" in given
        ]
        assert current == [path], label
        assert "Agent RH : Lefèvre rh" in rh.read(path).text
    assert "Agent RH : Lefèvre rh" in PageReader(rh.fill(ISSUE_PATH, count="1").text).text
