"""The pages of an operator that only tell: the state of the service, statistics, charters."""

from pathlib import Path

import pytest

import graphql_api
from graphql_api.identity_provider.outbox import enqueue
from graphql_api.identity_provider.outbox_table import QueuedEmailTable
from graphql_api.storage import backup_record, sweep_record
from graphql_api.storage.operation import to_microseconds
from graphql_api.storage.tables import CharterAcceptanceTable
from graphql_api.web.mail import Email
from tests.conftest import with_booklet
from tests.graphql_api.agent_space.reader import Agent, agent
from tests.graphql_api.operating.operators import operator
from tests.graphql_api.site import Site
from tests.graphql_api.statistics.crowd import BREST, crowd, published

STATE, STATISTICS, CHARTERS = (
    "/exploitation",
    "/exploitation/statistiques",
    "/exploitation/charte",
)


HOME = Path(graphql_api.__file__).parent
LAST = {
    name: max(file.stem for file in (HOME / folder).glob("0*.py"))
    for name, folder in (
        ("Données", "storage/migrations"),
        ("Émetteur de jetons", "identity_provider/migrations"),
        ("Clés", "storage/key_migrations"),
    )
}


@pytest.fixture
def boss(site: Site) -> Agent:
    """An operator, signed in, without a booklet."""
    operator(site.here, site.account("boss"))
    return agent(site, "boss", booklet=False)


def waiting(site: Site, *tries: int) -> None:
    """Letters that wait, tried so many times; none is due before tomorrow."""
    service = site.here.deployment.service
    now = to_microseconds(site.here.clock())
    with service.store.writing():
        for _ in tries:
            enqueue(service.store, service.service_keys, Email("a@example.org", "Sujet", "x"), now)
        ids = [
            id
            for (id,) in service.store.rows(QueuedEmailTable.select(QueuedEmailTable.id).tuples())
        ]
        for id, count in zip(ids, tries, strict=True):
            this = QueuedEmailTable.id == id
            later = QueuedEmailTable.update(tries=count, due_at=now + 10**12)
            service.store.run(later.where(this))


def test_the_state_says_versions_stores_and_queues(boss: Agent) -> None:
    page = boss.read(STATE)
    sections = ["Versions", "Bases", "Files d’attente", "Dernier ménage", "Sauvegardes"]
    assert page.headings == ["État du service", *sections]
    assert "Tout répond" in page.text
    assert page.text.count("à jour 0") == 3
    text = page.text.replace("_ ", "_")  # where a browser may break the name
    for name, last in LAST.items():
        assert f"{name} à jour {last}" in text
    assert "Courriels à envoyer 0 Courriels en échec 0" in page.text
    assert "Dossiers en cours de mise en page 0" in page.text


def test_letters_that_fail_are_counted_and_nobody_is_named(site: Site, boss: Agent) -> None:
    waiting(site, 0, 0, 3)
    page = boss.read(STATE)
    assert "Courriels à envoyer 2 Courriels en échec 1" in page.text
    assert "demande votre attention" in page.text
    assert "Le plus ancien" in page.text
    assert "a@example.org" not in page.text


def test_no_statistics_yet_says_what_they_will_be(boss: Agent) -> None:
    page = boss.read(STATISTICS)
    assert "livret statistics publish" in page.text
    assert "Aucun mois n’est publié" in page.text


def test_statistics_are_tables_with_a_bar_for_each_figure(site: Site, boss: Agent) -> None:
    crowd(site.here, 300, BREST, level="5", outcome="OBTENU")
    published(site.here)
    page = boss.read(STATISTICS)
    assert "Titulaires" in page.headings
    assert "Titres et diplômes 300" in page.text
    assert "à moins de 40 près" in page.text
    bars = [
        given for tag, given in page.attributes if tag == "rect" and "%" in given.get("width", "")
    ]
    assert {bar["width"] for bar in bars} == {f"{round(300 * 100 / 340, 2)}%"}
    assert len(boss.get(STATISTICS).content) < 60_000
    month = f"{site.here.clock.today:%Y-%m}"
    assert boss.read(f"{STATISTICS}/{month}").headings == page.headings


@pytest.mark.parametrize("month", ["2020-01", "2020-13", "x", "2026-11-01"])
def test_a_month_that_was_not_published_is_not_there(boss: Agent, month: str) -> None:
    assert boss.get(f"{STATISTICS}/{month}").status_code == 404


def test_the_charter_in_force_is_first_and_says_since_when(site: Site, boss: Agent) -> None:
    assert "Personne ne l’a encore acceptée" in boss.read(CHARTERS).text
    owner = with_booklet(site.here, "owner")
    booklet = owner.ask("{ booklet { id } }")["booklet"]["id"]
    today = f"{site.here.clock.today:%d/%m/%Y}"
    assert "Version 1 en vigueur" in boss.read(CHARTERS).text
    assert f"Acceptée depuis le {today}" in boss.read(CHARTERS).text
    store = site.here.deployment.store
    with store.writing():
        old = CharterAcceptanceTable.insert(booklet=booklet, version="0", accepted_at=0)
        store.run(old)
    text = boss.read(CHARTERS).text
    assert text.index("Version 1") < text.index("Version 0 Acceptée depuis le 01/01/1970")


def test_these_pages_are_not_there_for_anybody_else(site: Site) -> None:
    published(site.here)
    other = agent(site, "other")
    absent = other.get("/exploitation/absent").text
    for path in (STATE, STATISTICS, f"{STATISTICS}/2020-13", CHARTERS):
        answer = other.get(path)
        assert (answer.status_code, answer.text) == (404, absent), path


def test_the_state_says_when_the_stores_were_last_backed_up(site: Site, boss: Agent) -> None:
    page = boss.read(STATE)
    assert page.text.count("jamais par livret backup") == 2
    assert "La base des données n’a pas encore été sauvegardée (livret backup)." in page.text
    store, now = site.here.deployment.store, to_microseconds(site.here.clock())
    backup_record.record_finished(store, backup_record.DATA, now - 10**12)
    page = boss.read(STATE)
    assert "il y a plus de deux jours" in page.text
    assert "Quelque chose demande votre attention" in page.text
    backup_record.record_finished(store, backup_record.DATA, now)
    backup_record.record_verified(store, backup_record.DATA, now - 10**12, now)
    page = boss.read(STATE)
    assert "Tout répond" in page.text
    assert page.text.count("jamais par livret check backup") == 1
    assert "La base des clés n’a pas encore" in page.text
    sweep_record.begin(store, now)
    backup_record.record_finished(store, backup_record.KEYS, now)
    assert "n’a pas encore" not in boss.read(STATE).text
    assert "celle du" in page.text


def test_the_state_says_when_the_service_was_last_swept(site: Site, boss: Agent) -> None:
    assert "Aucun ménage n’a encore eu lieu" in boss.read(STATE).text
    store, now = site.here.deployment.store, to_microseconds(site.here.clock())
    sweep_record.begin(store, now)
    assert "pas encore, ou interrompu" in boss.read(STATE).text
    sweep_record.end(store, now, {"drafts": 3, "answers": 4}, [])
    page = boss.read(STATE)
    assert "Supprimé, car arrivé à son terme 7" in page.text
    assert "Tout répond" in page.text
    sweep_record.end(store, now, {}, ["drafts"])
    page = boss.read(STATE)
    assert "1 sorte" in page.text
    assert "Tout répond" not in page.text
