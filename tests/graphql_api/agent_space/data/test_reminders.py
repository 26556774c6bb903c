"""`/livret/rappels`: whether the agent gets a letter before something expires."""

import pytest

from tests.graphql_api.agent_space.reader import Agent, agent
from tests.graphql_api.reminders.reminders import setting, switched
from tests.graphql_api.site import Site

PATH = "/livret/rappels"


def test_an_agent_asks_for_reminders_and_ends_them(site: Site, someone: Agent) -> None:
    page = someone.read(PATH)
    assert "Vous ne recevez pas de rappel." in page.text
    assert page.headings[0] == "Rappels par courriel"
    answer = someone.fill(PATH, rappels="oui")
    assert answer.headers["location"] == f"{PATH}?fait=rappels"
    assert setting(site.bearer("owner"))["enabled"] is True
    page = someone.read(answer.headers["location"])
    assert "Un courriel vous rappellera désormais" in page.text
    assert "Vous avez demandé des rappels." in page.text
    page = someone.read(someone.fill(PATH, rappels="non").headers["location"])
    assert "Les rappels sont arrêtés." in page.text
    assert setting(site.bearer("owner"))["enabled"] is False


def test_an_agent_without_a_verified_address_is_told_so_and_may_still_end_them(
    site: Site, someone: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    switched(site.bearer("owner"), True)
    monkeypatch.setattr(
        "graphql_api.storage.communicated.reminder_repository.has_address", lambda _op: False
    )
    page = someone.read(PATH)
    assert "aucun rappel ne peut vous être envoyé" in page.text
    someone.fill(PATH, rappels="non")
    page = someone.read(PATH)
    assert [form for form in page.forms if form.action == PATH] == []
    answer = someone.send(PATH, {"rappels": "oui"})
    assert answer.status_code == 422
    assert "Un point est à corriger" in answer.text
    assert setting(site.bearer("owner"))["enabled"] is False


def test_a_form_from_elsewhere_changes_nothing(site: Site, someone: Agent) -> None:
    answer = someone.send(
        PATH, {"rappels": "oui"}, origin="https://elsewhere.example", sec_fetch_site="cross-site"
    )
    assert answer.status_code == 403
    assert setting(site.bearer("owner"))["enabled"] is False


def test_who_has_no_booklet_is_led_to_open_one(site: Site) -> None:
    newcomer = agent(site, "newcomer", booklet=False)
    assert newcomer.get(PATH).headers["location"] == "/livret"


def test_nobody_sees_the_setting_without_signing_in(site: Site) -> None:
    answer = site.browser().get(PATH)
    assert answer.headers["location"] == f"/sign-in?next={PATH.replace('/', '%2F')}"
