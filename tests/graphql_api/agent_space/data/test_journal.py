"""`/livret/journal`: who else read the booklet."""

from datetime import timedelta

from tests.conftest import Caller
from tests.graphql_api.agent_space.reader import Agent, agent
from tests.graphql_api.callers.journals import BOOKLET, DOSSIER, ids_of
from tests.graphql_api.site import Site

PATH = "/livret/journal"


def test_a_journal_without_accesses_says_so_with_an_example(someone: Agent) -> None:
    page = someone.read(PATH)
    assert "Personne d’autre que vous n’a lu votre livret" in page.text
    assert "Par exemple" in page.text
    assert page.headings[0] == "Journal des accès"


def test_who_read_and_who_was_refused_is_told_the_newest_first(site: Site, someone: Agent) -> None:
    booklet, dossier = ids_of(site.bearer("owner"))
    credentials = site.here.deployment.service.credentials
    printing = Caller(site.here.client, credentials.print_token(booklet, dossier), "print")
    assert printing.ask(DOSSIER, id=dossier)["sharedDossier"]
    site.here.clock.stop(site.here.clock() + timedelta(minutes=1))
    site.with_booklet("other").ask(BOOKLET, id=booklet)
    text = someone.read(PATH).text
    refused = text.index("quelqu’un qui n’est pas titulaire de ce livret a demandé à lire")
    assert refused < text.index("le service a mis en page votre dossier")
    assert booklet not in text


def test_a_long_journal_is_read_page_by_page(site: Site, someone: Agent) -> None:
    booklet, _ = ids_of(site.bearer("owner"))
    began = site.here.clock()
    for number in range(51):
        site.here.clock.stop(began + timedelta(hours=number // 20))
        stranger = site.bearer("other")
        stranger.ask(BOOKLET, id=booklet)
    site.here.clock.stop(began)
    first = someone.read(PATH)
    assert first.text.count("a demandé à lire") == 50
    assert "Revenir aux plus récents" not in first.links
    second = someone.read(first.links["Voir les plus anciens"])
    assert second.text.count("a demandé à lire") == 1
    assert second.links["Revenir aux plus récents"] == PATH
    assert "Voir les plus anciens" not in second.links


def test_a_place_in_the_journal_that_does_not_exist_leads_back(someone: Agent) -> None:
    page = someone.read(f"{PATH}?apres=nowhere")
    assert "Il n’y a rien de plus ancien." in page.text
    assert page.links["Revenir aux plus récents"] == PATH


def test_who_has_no_booklet_has_no_journal(site: Site) -> None:
    newcomer = agent(site, "newcomer", booklet=False)
    assert newcomer.get(PATH).headers["location"] == "/livret"


def test_nobody_reads_a_journal_without_signing_in(site: Site) -> None:
    answer = site.browser().get(PATH)
    assert answer.headers["location"] == f"/sign-in?next={PATH.replace('/', '%2F')}"
