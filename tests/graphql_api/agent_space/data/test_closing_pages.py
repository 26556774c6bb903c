"""`/livret/fermer`: what goes, the words, the receipt; then the account."""

import re
from http.cookies import SimpleCookie

import pytest

from tests.conftest import OPEN
from tests.graphql_api.agent_space.entries.test_entries import DIPLOMA, FORM
from tests.graphql_api.agent_space.reader import Agent, PageReader, agent, copied
from tests.graphql_api.booklets.closing import ACCOUNT_WORDS, WORDS
from tests.graphql_api.documents import whole
from tests.graphql_api.site import Site

PATH, ACCOUNT, RECEIPT = "/livret/fermer", "/livret/fermer/compte", "/livret/fermer/recu"
AGAIN = "Se connecter de nouveau"


def stale(site: Site, path: str = PATH) -> Agent:
    """An agent who signed in a quarter of an hour ago."""
    site.with_booklet("owner")
    browser = site.browser()
    browser.sign_in("owner", ago=15 * 60)
    return Agent(browser)


def test_the_page_says_what_goes_and_offers_the_export_first(someone: Agent) -> None:
    someone.fill(FORM, **DIPLOMA)
    page = someone.read(PATH)
    assert page.headings == [
        "Fermer votre livret",
        "1. Emportez vos données",
        "2. Ce qui est supprimé",
        "3. Confirmez",
    ]
    assert page.links["Télécharger vos données"] == "/booklet.json"
    assert "1 élément de votre livret" in page.text
    assert not re.search(r"\b0 ", page.text)
    assert WORDS in page.text
    assert page.form(PATH).fields["confirmation"] == [""]


def test_the_right_words_close_the_booklet_and_show_the_receipt(site: Site, someone: Agent) -> None:
    someone.fill(FORM, **DIPLOMA)
    number = whole(site.bearer("owner"))["id"]
    answer = someone.fill(PATH, confirmation=WORDS.lower())
    assert (answer.status_code, answer.headers["location"]) == (303, RECEIPT)
    cookie = SimpleCookie(answer.headers["set-cookie"])["__Host-livret-recu"]
    assert cookie["httponly"]
    assert cookie["secure"]
    assert cookie["samesite"] == "strict"
    receipt = someone.get(RECEIPT).text
    page = PageReader(receipt)
    assert page.headings[0] == "Votre livret est fermé"
    assert copied(receipt) == {"Copier le numéro": number}
    assert "Éléments supprimés 1" in page.text
    assert page.links["Supprimer votre compte"] == ACCOUNT
    assert whole(site.bearer("owner")) is None
    assert someone.read("/livret").links["Créez votre livret"] == "/livret/introduction"


@pytest.mark.parametrize("typed", ["", "oui", "FERMER MON LIVRE"])
def test_other_words_close_nothing_and_say_which_to_type(
    site: Site, someone: Agent, typed: str
) -> None:
    answer = someone.fill(PATH, confirmation=typed)
    assert answer.status_code == 422
    page = PageReader(answer.text)
    assert f"tapez ces mots : {WORDS}" in page.text
    assert page.links[f"Pour confirmer, tapez ces mots : {WORDS}"] == "#confirmation"
    assert "confirmation-problem" in page.ids
    assert whole(site.bearer("owner"))["state"] == "OPEN"


def test_an_old_sign_in_leads_to_signing_in_again_and_back(site: Site) -> None:
    someone = stale(site)
    page = someone.read(PATH)
    assert page.links[AGAIN] == f"/sign-in?again=1&next={PATH}"
    assert "confirmation" not in page.ids
    refused = someone.send(PATH, {"confirmation": WORDS})
    assert refused.status_code == 422
    assert "identifiez-vous de nouveau" in PageReader(refused.text).text
    assert whole(site.bearer("owner"))["state"] == "OPEN"


def test_a_second_click_leads_to_the_receipt(someone: Agent) -> None:
    fields = someone.read(PATH).form(PATH).fields | {"confirmation": WORDS}
    assert someone.send(PATH, fields).headers["location"] == RECEIPT
    assert someone.send(PATH, fields).headers["location"] == RECEIPT


def test_a_booklet_that_is_not_open_yet_can_be_closed(site: Site) -> None:
    newcomer = agent(site, "newcomer", booklet=False)
    site.bearer("newcomer").do(OPEN, code=site.here.code())
    assert newcomer.read("/livret").links["Fermer votre livret"] == PATH
    assert newcomer.fill(PATH, confirmation=WORDS).headers["location"] == RECEIPT


@pytest.mark.parametrize("carried", ["", "nonsense", "W10=", "bm8=", "é"])
def test_there_is_no_receipt_for_who_closed_nothing(
    site: Site, someone: Agent, carried: str
) -> None:
    headers = {"cookie": f"__Host-livret-recu={carried}".encode()}
    answer = site.client.get(RECEIPT, headers=headers, follow_redirects=False)
    assert answer.headers["location"] == "/"


def test_who_has_no_booklet_has_nothing_to_close(site: Site) -> None:
    newcomer = agent(site, "newcomer", booklet=False)
    assert newcomer.get(PATH).headers["location"] == "/livret"


def test_an_account_is_ended_with_its_booklet(site: Site, someone: Agent) -> None:
    page = someone.read(ACCOUNT)
    assert page.links["Voir ce qu’il contient, et l’emporter d’abord"] == PATH
    assert ACCOUNT_WORDS in page.text
    wrong = someone.fill(ACCOUNT, confirmation=WORDS)
    assert wrong.status_code == 422
    assert someone.fill(ACCOUNT, confirmation=ACCOUNT_WORDS).headers["location"] == RECEIPT
    page = someone.read(RECEIPT)
    assert page.headings[0] == "Votre compte est supprimé"
    assert "Numéro du récépissé" in page.text
    assert not someone.browser.is_signed_in


def test_who_never_had_a_booklet_can_end_their_account(site: Site) -> None:
    newcomer = agent(site, "newcomer", booklet=False)
    page = newcomer.read(ACCOUNT)
    assert "encore ouvert" not in page.text
    assert newcomer.fill(ACCOUNT, confirmation=ACCOUNT_WORDS).headers["location"] == RECEIPT
    assert "Numéro du récépissé" not in newcomer.read(RECEIPT).text


def test_an_account_is_not_ended_after_an_old_sign_in(site: Site) -> None:
    someone = stale(site, ACCOUNT)
    assert someone.read(ACCOUNT).links[AGAIN] == f"/sign-in?again=1&next={ACCOUNT}"
    assert someone.send(ACCOUNT, {"confirmation": ACCOUNT_WORDS}).status_code == 422
    assert whole(site.bearer("owner"))["state"] == "OPEN"


@pytest.mark.parametrize("path", [PATH, ACCOUNT])
def test_another_site_closes_nothing(site: Site, someone: Agent, path: str) -> None:
    words = {"confirmation": WORDS if path == PATH else ACCOUNT_WORDS}
    answer = someone.send(path, words, origin="https://evil.test", sec_fetch_site="cross-site")
    assert answer.status_code == 403
    assert whole(site.bearer("owner"))["state"] == "OPEN"


def test_the_profile_leads_to_ending_the_account(someone: Agent) -> None:
    assert someone.read("/account").links["Supprimer votre compte"] == ACCOUNT
