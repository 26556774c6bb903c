"""How many statements each page costs: at most so many, and the same however full the booklet is."""

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

# The most that each page costs: the session, and what its document costs at `/graphql`
# (`test_statements.py`, to the statement). A page adds none. Those that open before the booklet, and
# those of officers and operators, read the account too.
MOST = {
    "/": 7,
    "/plan-du-site": 7,
    "/livret": 10,  # which reads every part, to tell what of it is damaged
    "/livret/introduction": 5,
    "/livret/charte": 5,
    "/livret/identite": 5,
    "/livret/situation": 3,
    "/livret/formations": 3,
    "/livret/formations/recapitulatif": 3,
    "/livret/formations/titres-et-diplomes": 4,
    "/livret/formations/titres-et-diplomes/ajouter": 5,
    "/livret/panorama": 3,
    "/livret/panorama/tableaux": 3,
    "/livret/dossiers": 4,
    "/livret/consentements": 5,
    "/livret/journal": 6,
    "/livret/rappels": 7,
    "/livret/donnees": 9,
    "/livret/fermer": 9,
    "/collectivite/21330063500017": 6,
    "/collectivite/21330063500017/delivrer": 4,
    "/collectivite/21330063500017/revoquer": 4,
    "/exploitation": 8,
    "/exploitation/agents-rh": 8,
    "/exploitation/agents-rh/nommer": 4,
    "/exploitation/exploitants": 8,
    "/exploitation/comptes": 4,
    "/exploitation/statistiques": 8,
    "/exploitation/sites": 6,
    "/exploitation/applications": 7,
    "/exploitation/applications/site/inscrire": 4,
    "/exploitation/charte": 6,
    "/exploitation/journal": 8,
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
    for path in MOST:
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
    empty = costs(owner, stores)
    assert {path: cost for path, cost in empty.items() if cost > MOST[path]} == {}
    entries = [entry(name) for name in ("diploma", "training", "competence") for _ in range(25)]
    assert site.bearer("owner").do(ADD_ALL, entries=entries)["__typename"] == "EntriesAdded"
    assert costs(owner, stores) == empty
