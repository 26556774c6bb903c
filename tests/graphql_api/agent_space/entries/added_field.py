"""What pages show of a field that a rubric has only here: run by `test_added_field`, prints JSON."""

import json
import sys
from pathlib import Path
from typing import Any

from graphql_api import app
from graphql_api.codes.codes import issue
from graphql_api.configuration.settings import Settings
from graphql_api.dossiers.printing import PrintProcessPool
from graphql_api.serving import build_service, migrate_stores
from graphql_api.storage.actors import Anonymous
from tests.client import TestClient
from tests.graphql_api.agent_space.reader import PageReader
from tests.signing import access_token, signing_key

SERVICE = "https://livret.test"
FORM = "/livret/formations/titres-et-diplomes/ajouter"
HOLDER = {"civility": "MME", "lastName": "Lefèvre", "email": "m@example.org"}
DIPLOMA = {"title": "BTS", "kind": "DIPLOME", "outcome": "EN_COURS", "route": "VAE"}
DOSSIER = """query($id: ID!) {
  sharedDossier(id: $id) { parts { rubrics { entries { lines { label text } } } } }
}"""


def main(folder: Path) -> None:
    """Open a booklet by its pages, fill in the field, and print where it is read again."""
    settings = Settings(
        database_url=f"sqlite:///{folder}/livret.db",
        key_store_url=f"sqlite:///{folder}/keys.db",
        master_key=bytes(range(32)),
        public_url=SERVICE,
        internal_url=SERVICE,
        token_issuer=SERVICE,
        mail_folder=folder / "mail",
    )
    service = build_service(settings)
    migrate_stores(service)
    with service.store.writing():
        (made,) = issue(service.operation(Anonymous()), "21330063500017", 1).codes
    token = access_token(
        signing_key(service),
        settings,
        subject="owner",
        scope="livret:read livret:write",
    )
    app.PrintProcessPool = _IdlePool  # type: ignore[misc]  # a class in its place
    with TestClient(app.create_application(settings), base_url=SERVICE) as client:
        client.headers |= {
            "authorization": f"Bearer {token}",
            "sec-fetch-site": "same-origin",
            "accept": "text/html",
        }
        print(json.dumps(_shown(client, made.code)))
    service.close()


class _IdlePool(PrintProcessPool):
    """Starts no process: nothing is printed here."""

    def start(self) -> None:
        pass


def _shown(client: TestClient, code: str) -> list[bool]:
    """Whether the field is in the form, the list, the summary and the dossier."""
    _send(client, "/livret/code", code=code)
    _send(client, "/livret/charte", choix="accepte")
    _send(client, "/livret/identite", **HOLDER, emailConfirmation=HOLDER["email"])
    in_form = "Lieu d’études" in PageReader(client.get(FORM).text).text
    _send(client, FORM, **DIPLOMA, placeOfStudy="Pessac")
    (dossier,) = _asked(client, "{ booklet { dossiers { id } } }")["booklet"]["dossiers"]
    in_dossier = json.dumps(_asked(client, DOSSIER, **dossier), ensure_ascii=False)
    paths = (FORM.removesuffix("/ajouter"), "/livret/formations/recapitulatif")
    pages = [PageReader(client.get(path).text).text for path in paths]
    return [
        in_form,
        *("Lieu d’études Pessac" in page for page in pages),
        '"label": "Lieu d’études", "text": "Pessac"' in in_dossier,
    ]


def _send(client: TestClient, path: str, **fields: str) -> None:
    form = PageReader(client.get(path).text).form(path)
    answer = client.post(path, data=form.fields | fields, follow_redirects=False)
    assert answer.status_code == 303, answer.text


def _asked(client: TestClient, document: str, **variables: str) -> Any:
    asked = {"query": document, "variables": variables}
    return client.post("/graphql", json=asked, headers={"accept": "application/json"}).json()[
        "data"
    ]


main(Path(sys.argv[1]))
