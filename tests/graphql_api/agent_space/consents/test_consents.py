"""The pages of consents: terms, notice, word; narrowing, renewing, withdrawing; the receipt."""

from datetime import timedelta
from typing import Any

import pytest

from tests.graphql_api.agent_space.reader import Agent, PageReader, agent
from tests.graphql_api.consents.consents import registered
from tests.graphql_api.site import Site

LIST = "/livret/consentements"
NEW = f"{LIST}/nouveau"
SUMMED_UP = ("#site", "#sections", "#purpose", "#expiresOn")
SITE = "Délégation Nouvelle-Aquitaine du CNFPT"


@pytest.fixture
def someone(site: Site) -> Agent:
    """An agent with an open booklet, while sites are registered."""
    registered(site.here)
    return agent(site)


def on(site: Site, days: int) -> str:
    """A day as people type it, so many days from the service's today."""
    return (site.here.clock.today + timedelta(days=days)).strftime("%d/%m/%Y")


def terms(site: Site, **changes: Any) -> dict[str, Any]:
    return {
        "site": "75",
        "sections": ["COUNTS", "COMPETENCES"],
        "purpose": "CONSEIL_PARCOURS",
        "expiresOn": on(site, 90),
    } | changes


def notice(someone: Agent, path: str, **typed: Any) -> PageReader:
    """The page with the notice of these terms."""
    answer = someone.fill(path, **typed)
    assert answer.status_code == 200, answer.text
    return PageReader(answer.text)


def say_yes(someone: Agent, page: PageReader, path: str) -> Any:
    return someone.send(path, page.form(path).fields | {"etape": "consentir"})


def given(site: Site, someone: Agent, **changes: Any) -> str:
    """The address of a consent that was just given."""
    answer = say_yes(someone, notice(someone, NEW, **terms(site, **changes)), NEW)
    assert answer.status_code == 303, answer.text
    where, _, told = answer.headers["location"].partition("?")
    assert told == "fait=consentement"
    return str(where)


def test_without_a_consent_the_page_says_what_one_is_for(someone: Agent) -> None:
    page = someone.read(LIST)
    assert page.links["Donner un consentement"] == NEW
    assert "Par exemple" in page.text


def test_where_no_site_is_registered_no_consent_can_be_given(site: Site) -> None:
    assert "Aucun site régional ne peut" in agent(site).read(NEW).text


def test_nothing_is_chosen_in_advance_and_all_faults_are_told_at_once(someone: Agent) -> None:
    form = someone.read(NEW).form(NEW)
    assert {name for name, values in form.fields.items() if any(values)} == {"etape"}
    answer = someone.fill(NEW, purpose="AUTRE")
    assert answer.status_code == 422
    page = PageReader(answer.text)
    assert {"#site", "#sections", "#purposeText", "#expiresOn"} <= set(page.links.values())
    page = PageReader(someone.fill(NEW, purpose="AUTRE", expiresOn="demain").text)
    assert {"#site", "#sections", "#purposeText", "#expiresOn"} <= set(page.links.values())
    assert "cette date n’a pas été comprise" in page.text


def test_a_choice_that_no_list_has_is_refused_with_what_to_do(site: Site, someone: Agent) -> None:
    typed = terms(site) | {"purpose": "INVENTED", "site": "99"}
    answer = someone.fill(NEW, **typed)
    assert answer.status_code == 422
    page = PageReader(answer.text)
    assert {"#site", "#purpose"} == {one for one in page.links.values() if one in SUMMED_UP}
    assert page.text.count("choisissez-la dans la liste") == 2  # in the summary, beside the field
    assert page.text.count("choisissez-en un dans la liste") == 2
    assert page.form(NEW).fields["sections"] == ["COUNTS", "COMPETENCES"]


def test_a_consent_is_given_after_its_notice_was_shown(site: Site, someone: Agent) -> None:
    page = notice(someone, NEW, **terms(site))
    assert page.headings[0] == "Communiquer une partie de mon livret à un site régional"
    assert SITE in page.text
    assert someone.read(LIST).links["Donner un consentement"] == NEW  # nothing is given yet
    answer = say_yes(someone, page, NEW)
    path = answer.headers["location"]
    page = someone.read(path)
    assert "Votre consentement est donné." in page.text
    assert SITE in page.headings
    assert f"Jusqu’au {on(site, 90)} inclus" in page.text
    receipt = page.links["Télécharger le récépissé signé"]
    assert someone.get(receipt).headers["content-type"] == "application/jose"
    assert SITE in someone.read(LIST).links


def test_what_was_typed_can_be_changed_after_the_notice(site: Site, someone: Agent) -> None:
    page = notice(someone, NEW, **terms(site, purposeText="Parler\nde moi"))
    answer = someone.send(NEW, page.form(NEW).fields | {"etape": "modifier"})
    assert answer.status_code == 200
    form = PageReader(answer.text).form(NEW)
    assert form.fields["site"] == ["75"]
    assert form.fields["sections"] == ["COUNTS", "COMPETENCES"]
    assert "".join(form.fields["purposeText"]).split() == ["Parler", "de", "moi"]


def test_a_notice_that_is_not_that_of_the_terms_is_shown_again(site: Site, someone: Agent) -> None:
    page = notice(someone, NEW, **terms(site))
    fields = page.form(NEW).fields | {"etape": "consentir", "notice": "0" * 64}
    answer = someone.send(NEW, fields)
    assert answer.status_code == 409
    page = PageReader(answer.text)
    assert "Le texte du consentement a changé" in page.text
    assert say_yes(someone, page, NEW).status_code == 303


def test_another_consent_for_the_same_site_says_that_it_replaces_the_first(
    site: Site, someone: Agent
) -> None:
    page = notice(someone, NEW, **terms(site))
    first = given(site, someone)
    answer = say_yes(someone, page, NEW)  # shown before the first was given
    assert answer.status_code == 409
    page = PageReader(answer.text)
    assert "Celui-ci prendra sa place" in page.text
    assert say_yes(someone, page, NEW).status_code == 303
    assert "retiré" in someone.read(first).text
    assert "Terminés" in someone.read(LIST).headings


def test_a_consent_is_narrowed(site: Site, someone: Agent) -> None:
    path = given(site, someone)
    narrow = f"{path}/restreindre"
    for ticked, said in (([], "au moins une rubrique"), (["COUNTS", "COMPETENCES"], "")):
        answer = someone.fill(narrow, sections=ticked)
        assert answer.status_code == 422
        assert said in answer.text
    answer = someone.fill(narrow, sections=["COUNTS"])
    assert answer.headers["location"] == f"{path}?fait=consentement-reduit"
    page = someone.read(path)
    assert "Nombre d’éléments" in page.text
    assert "Restreindre" not in page.links


def test_a_consent_is_renewed_after_its_notice_was_shown(site: Site, someone: Agent) -> None:
    path = given(site, someone)
    renew = f"{path}/prolonger"
    for typed, said in (
        ("bientôt", "cette date n’a pas été comprise"),
        ("", "dernier jour entre demain"),
    ):
        answer = someone.fill(renew, expiresOn=typed)
        assert answer.status_code == 422
        assert said in PageReader(answer.text).text
    page = notice(someone, renew, expiresOn=on(site, 200))
    assert SITE in page.text
    answer = say_yes(someone, page, renew)
    assert answer.headers["location"] == f"{path}?fait=consentement-prolonge"
    assert f"Jusqu’au {on(site, 200)} inclus" in someone.read(path).text
    assert say_yes(someone, page, renew).headers["location"].startswith(path)  # the same key


def test_a_consent_is_withdrawn_in_one_step(site: Site, someone: Agent) -> None:
    path = given(site, someone)
    withdraw = f"{path}/retirer"
    form = someone.read(LIST).form(withdraw)
    for _ in range(2):
        answer = someone.send(withdraw, form.fields)
        assert answer.headers["location"] == f"{path}?fait=consentement-retire"
    page = someone.read(path)
    assert "retiré, le" in page.text
    assert all(form.action != withdraw for form in page.forms)
    for end in ("restreindre", "prolonger"):
        assert someone.get(f"{path}/{end}").headers["location"] == path


def test_the_consents_of_somebody_else_do_not_exist(site: Site, someone: Agent) -> None:
    path = given(site, someone)
    other = agent(site, "other")
    for end in ("", "/restreindre", "/prolonger"):
        assert other.get(f"{path}{end}").status_code == 404
    assert other.send(f"{path}/retirer", {}).status_code == 404
    assert (
        other.send(f"{path}/restreindre", {"sections": "COUNTS", "version": "1"}).status_code == 404
    )
    assert SITE in someone.read(LIST).links
