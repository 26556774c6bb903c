"""How many statements each page costs: known, and the same however full the booklet is."""

from collections.abc import Iterator

import pytest

from graphql_api.app import create_application
from graphql_api.callers.officers import add_officer, add_operator
from graphql_api.identity_provider.outbox import MailSender
from graphql_api.storage.actors import Agent as Actor
from graphql_api.storage.store import Store
from tests.client import TestClient
from tests.conftest import SERVICE, Here
from tests.graphql_api.agent_space.reader import Agent, agent
from tests.graphql_api.documents import ADD_ALL, entry
from tests.graphql_api.office import BORDEAUX
from tests.graphql_api.site import Site

# The session, and what its document costs at `/graphql` (`test_statements.py`): a page adds none. An
# owner's page reads the booklet whole; those that open before the booklet read the account too.
STATEMENTS = {
    "/": 13,
    "/plan-du-site": 13,
    "/livret": 12,
    "/livret/introduction": 11,
    "/livret/charte": 11,
    "/livret/identite": 11,
    "/livret/situation": 9,
    "/livret/formations": 9,
    "/livret/formations/recapitulatif": 9,
    "/livret/formations/titres-et-diplomes": 10,
    "/livret/formations/titres-et-diplomes/ajouter": 11,
    "/livret/panorama": 9,
    "/livret/panorama/tableaux": 9,
    "/livret/dossiers": 10,
    "/livret/consentements": 11,
    "/livret/journal": 12,
    "/livret/rappels": 13,
    "/livret/donnees": 15,
    "/livret/fermer": 15,
    "/collectivite/21330063500017": 5,
    "/collectivite/21330063500017/delivrer": 3,
    "/collectivite/21330063500017/revoquer": 3,
    "/exploitation": 6,
    "/exploitation/agents-rh": 7,
    "/exploitation/agents-rh/nommer": 3,
    "/exploitation/exploitants": 7,
    "/exploitation/comptes": 3,
    "/exploitation/statistiques": 7,
    "/exploitation/sites": 5,
    "/exploitation/applications": 6,
    "/exploitation/applications/site/inscrire": 3,
    "/exploitation/charte": 5,
    "/exploitation/journal": 7,
}


@pytest.fixture
def counted(here: Here, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Site, list[Store]]]:
    """The service as browsers see it, with an eye on its two stores."""
    stores: list[Store] = []

    def opened(url: str, **options: object) -> Store:
        stores.append(Store(url, **options))  # type: ignore[arg-type]  # as the service gives them
        return stores[-1]

    monkeypatch.setattr("graphql_api.serving.Store", opened)
    monkeypatch.setattr(MailSender, "start", lambda _self: None)
    application = create_application(here.deployment.settings, here.clock)
    with TestClient(application, base_url=SERVICE) as client:
        yield Site(here, client), stores


def costs(person: Agent, stores: list[Store]) -> dict[str, int]:
    """The statements of each page, once what it keeps of the guide is there."""
    found = {}
    for path in STATEMENTS:
        person.read(path)
        before = sum(store.statements for store in stores)
        person.read(path)
        found[path] = sum(store.statements for store in stores) - before
    return found


def test_a_page_costs_what_its_document_costs_however_full_the_booklet_is(
    counted: tuple[Site, list[Store]],
) -> None:
    site, stores = counted
    owner = agent(site)
    service = site.here.deployment.service
    who = Actor(site.here.deployment.settings.identity_issuer, site.account("owner"), frozenset())
    with service.store.writing():
        op = service.operation(who)
        add_officer(op, who, BORDEAUX)
        add_operator(op, who)
    owner.send("/exploitation/comptes", {"email": "nobody@example.org"})
    assert costs(owner, stores) == STATEMENTS
    entries = [entry(name) for name in ("diploma", "training", "competence") for _ in range(25)]
    assert site.bearer("owner").do(ADD_ALL, entries=entries)["__typename"] == "EntriesAdded"
    assert costs(owner, stores) == STATEMENTS
