"""The pages of an operator that help with an account, and the log of what operators did."""

import pytest

from graphql_api.identity_provider.accounts import registrations
from graphql_api.identity_provider.accounts.accounts import AccountDetails
from tests.graphql_api.agent_space.reader import Agent, PageReader, agent
from tests.graphql_api.office import stored
from tests.graphql_api.operating.operators import operator
from tests.graphql_api.site import Site

ACCOUNTS, ACTS = "/exploitation/comptes", "/exploitation/journal"
STEPS = {name: f"{ACCOUNTS}/{name}" for name in ("activation", "desactiver", "reactiver")}


@pytest.fixture
def boss(site: Site) -> Agent:
    """An operator, signed in, without a booklet."""
    operator(site.here, site.account("boss"))
    return agent(site, "boss", booklet=False)


def found(boss: Agent, email: str) -> PageReader:
    """The page of what there is at an address."""
    answer = boss.fill(ACCOUNTS, email=email)
    assert answer.status_code == 200, answer.text
    return PageReader(answer.text)


def test_an_account_is_found_disabled_and_enabled(site: Site, boss: Agent) -> None:
    other = agent(site, "owner")
    page = found(boss, "owner@example.org")
    assert "Compte activé" in page.headings
    assert "mot de passe oublié" in page.text
    asked = boss.send(STEPS["desactiver"], page.form(STEPS["desactiver"]).fields)
    assert "Rien n’est supprimé" in asked.text
    sure = PageReader(asked.text).form(STEPS["desactiver"]).fields
    answer = boss.send(STEPS["desactiver"], sure)
    assert answer.status_code == 303
    assert "plus personne ne se connecte" in boss.read(answer.headers["location"]).text
    assert not other.browser.is_signed_in
    again = boss.send(STEPS["desactiver"], sure)
    assert (again.status_code, "déjà dans cet état" in again.text) == (422, True)
    page = found(boss, "owner@example.org")
    assert "Compte désactivé" in page.headings
    asked = boss.send(STEPS["reactiver"], page.form(STEPS["reactiver"]).fields)
    answer = boss.send(STEPS["reactiver"], PageReader(asked.text).form(STEPS["reactiver"]).fields)
    assert "peut de nouveau se connecter" in boss.read(answer.headers["location"]).text
    assert "Compte activé" in found(boss, "owner@example.org").headings
    told = boss.read(ACTS).text
    counts = {what: told.count(f"Compte {what}") for what in ("recherché", "désactivé", "réactivé")}
    assert counts == {"recherché": 3, "désactivé": 1, "réactivé": 1}


def test_no_page_says_whether_there_is_a_booklet(site: Site, boss: Agent) -> None:
    site.with_booklet("alone1")
    site.account("alone2")
    with_one, without = (found(boss, f"{name}@example.org").text for name in ("alone1", "alone2"))
    assert with_one.replace("alone1", "alone2") == without


def test_a_registration_s_letter_is_sent_again(site: Site, boss: Agent) -> None:
    desk = site.desk()
    with desk.writing():
        details = AccountDetails("Roux", "Noé", "noe@example.org", password="x")
        registrations.begin(desk, details, "browser")
    page = found(boss, "noe@example.org")
    assert "Inscription en attente" in page.headings
    form = page.form(STEPS["activation"]).fields
    answer = boss.send(STEPS["activation"], form)
    assert "est renvoyé" in boss.read(answer.headers["location"]).text
    for _ in range(4):
        boss.send(STEPS["activation"], form)
    many = boss.send(STEPS["activation"], form)
    assert (many.status_code, "Cinq courriels" in many.text) == (422, True)


@pytest.mark.parametrize("email", ["", "x", "<b>@example.org"])
def test_a_wrong_address_comes_back_as_it_was_typed(boss: Agent, email: str) -> None:
    answer = boss.fill(ACCOUNTS, email=email)
    assert answer.status_code == 422
    page = PageReader(answer.text)
    assert page.form(ACCOUNTS).fields["email"] == [email]
    assert "email-problem" in page.ids


def test_an_operator_is_named_at_home_and_in_their_pages(boss: Agent) -> None:
    home = boss.read("/")
    assert home.links["Exploitation du service"] == "/exploitation"
    for page in (home, boss.read(ACCOUNTS)):
        assert "Exploitant : Lefèvre boss" in page.text


def test_an_address_that_nobody_has_is_said_to_be_nobody_s(boss: Agent) -> None:
    page = found(boss, "nobody@example.org")
    assert "Aucun compte n’a cette adresse" in page.text
    assert set(STEPS.values()).isdisjoint(form.action for form in page.forms)


def test_ones_own_account_has_no_button_and_is_not_disabled(site: Site, boss: Agent) -> None:
    page = found(boss, "boss@example.org")
    assert STEPS["desactiver"] not in {form.action for form in page.forms}
    answer = boss.send(STEPS["desactiver"], {"compte": site.account("boss"), "sur": "oui"})
    assert (answer.status_code, "votre propre compte" in answer.text) == (422, True)


def test_the_address_of_a_step_leads_to_the_form(boss: Agent) -> None:
    for path in STEPS.values():
        assert boss.get(path).headers["location"] == ACCOUNTS


def test_each_look_is_in_the_log_without_the_address(boss: Agent) -> None:
    assert "Par exemple" in boss.read(ACTS).text
    found(boss, "nobody@example.org")
    page = boss.read(ACTS)
    assert "Compte recherché" in page.text
    assert "par boss@example.org (vous)" in page.text
    assert "nobody" not in page.text


def test_a_long_log_has_pages(site: Site, boss: Agent) -> None:
    for _ in range(51):
        found(boss, "nobody@example.org")
    first = boss.read(ACTS)
    assert first.text.count("Compte recherché") == 50
    second = boss.read(first.links["Suite de la liste"])
    assert second.text.count("Compte recherché") == 1
    assert second.links["Début de la liste"] == ACTS


def test_an_act_of_rights_is_taken_up_again_after_a_recent_sign_in(site: Site, boss: Agent) -> None:
    site.account("rh")
    late = agent(site, "rh", booklet=False)
    operator(site.here, site.account("rh"))
    late.browser.sign_in("rh", ago=700)
    path = "/exploitation/exploitants/nommer"
    site.account("second")
    answer = late.fill(path, email="second@example.org")
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "/sign-in?again=1&next=/reprise",
    )
    assert len(stored(site.here)["operator"]) == 2
    late.browser.sign_in("rh")
    form = late.read("/reprise").form(path).fields
    assert form["email"] == ["second@example.org"]
    assert late.send(path, form).status_code == 303
    assert len(stored(site.here)["operator"]) == 3


def test_these_pages_are_not_there_for_anybody_else(site: Site, boss: Agent) -> None:
    other = agent(site, "other")
    absent = other.get("/exploitation/absent").text
    before = stored(site.here)
    for path in (ACCOUNTS, ACTS, *STEPS.values()):
        answer = other.get(path)
        assert (answer.status_code, answer.text) == (404, absent), path
    sent = {"email": "boss@example.org", "compte": site.account("boss"), "sur": "oui"}
    for path in (ACCOUNTS, *STEPS.values()):
        assert other.send(path, sent).status_code == 404, path
    assert stored(site.here) == before
