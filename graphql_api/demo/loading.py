"""Loads a demo booklet: the same documents, verbs and checks as any front end's."""

import json
from importlib.resources import files
from typing import Any

from starlette.requests import HTTPConnection

from graphql_api.actors import Agent, Anonymous
from graphql_api.codes import issue
from graphql_api.documents import Documents, Prepared
from graphql_api.officers import add_officer, add_operator
from graphql_api.root import GRAPHQL_SCHEMA, Service
from schema.texts import CHARTER

DEMO_SIRET = "21330063500017"
FRESH_CODES = 5

_OPEN = """mutation ($code: String!) {
  bookletOpen(code: $code) { ... on Refusal { message } ... on BookletOpened { booklet { id } } }
}"""
_ACCEPT = """mutation ($version: String!) {
  charterAccept(version: $version) { ... on Refusal { message } ... on CharterAccepted { booklet { id } } }
}"""
_IDENTIFY = """mutation ($identity: IdentityInput!) {
  identityRevise(identity: $identity, version: 0) {
    ... on Refusal { message } ... on InvalidEntry { problems { path message } }
    ... on IdentityRevised { booklet { id } }
  }
}"""
_SITUATE = """mutation ($situation: SituationInput!) {
  situationRevise(situation: $situation, version: 0) {
    ... on Refusal { message } ... on InvalidEntry { problems { path message } }
    ... on SituationRevised { booklet { id } }
  }
}"""
_ADD = """mutation ($entry: EntryInput!) {
  entryAdd(entry: $entry) {
    ... on Refusal { message } ... on InvalidEntry { problems { path message } }
    ... on EntryAdded { entry { id version } }
  }
}"""
_LINK = """mutation ($competence: ID!, $version: Int!, $target: ID!, $relation: LinkRelation!, $note: String) {
  competenceLink(competence: $competence, version: $version, target: $target, relation: $relation, note: $note) {
    ... on Refusal { message } ... on InvalidEntry { problems { path message } }
    ... on TieWritten { entry { id version } }
  }
}"""
_PROVE = """mutation ($attachment: ID!, $version: Int!, $entry: ID!) {
  evidenceLink(attachment: $attachment, version: $version, entry: $entry) {
    ... on Refusal { message } ... on InvalidEntry { problems { path message } }
    ... on TieWritten { entry { id version } }
  }
}"""


class DemoRefused(Exception):  # noqa: N818 - the data of the demo is wrong, and this says where
    """The service refused something of a demo booklet."""


def load_booklet(service: Service, token: str, name: str) -> None:
    """Open a booklet with a fresh code and enter everything that `name`.json holds."""
    data = json.loads(files("graphql_api.demo").joinpath(f"{name}.json").read_text("utf-8"))
    ask = _Asking(service, token)
    ask.do(_OPEN, code=_fresh_code(service))
    ask.do(_ACCEPT, version=CHARTER.version)
    ask.do(_IDENTIFY, identity=data["identity"])
    ask.do(_SITUATE, situation=data["situation"])
    seen = {each["ref"]: ask.do(_ADD, entry=each["entry"])["entry"] for each in data["entries"]}
    for link in data["links"]:
        competence, target = seen[link["competence"]], seen[link["target"]]
        answer = ask.do(
            _LINK,
            competence=competence["id"],
            version=competence["version"],
            target=target["id"],
            relation=link["relation"],
            note=link.get("note"),
        )
        seen[link["competence"]] = answer["entry"]
    for tie in data["evidence"]:
        attachment, entry = seen[tie["attachment"]], seen[tie["entry"]]
        answer = ask.do(
            _PROVE,
            attachment=attachment["id"],
            version=attachment["version"],
            entry=entry["id"],
        )
        seen[tie["attachment"]] = answer["entry"]


class _Asking:
    """Asks the service in this process, as HTTP would."""

    def __init__(self, service: Service, token: str) -> None:
        self._service = service
        self._documents = Documents(GRAPHQL_SCHEMA)
        header = (b"authorization", f"Bearer {token}".encode())
        self._connection = HTTPConnection({"type": "http", "headers": [header]})

    def do(self, document: str, **variables: Any) -> dict[str, Any]:
        prepared = self._documents.prepare(document)
        if not isinstance(prepared, Prepared):
            raise DemoRefused(str(prepared.errors))
        body = json.loads(self._service.execute(prepared, variables, self._connection).body)
        if "errors" in body:
            raise DemoRefused(json.dumps(body["errors"], ensure_ascii=False))
        answer: dict[str, Any] = next(iter(body["data"].values()))
        if "message" in answer:
            raise DemoRefused(json.dumps([variables, answer], ensure_ascii=False))
        return answer


def appoint(service: Service, issuer: str) -> list[str]:
    """Make the demo's officer and operator; fresh codes of the officer's collectivité."""
    roles = {name: Agent(issuer, f"demo-{name}", frozenset()) for name in ("officer", "operator")}
    with service.store.writing():
        add_officer(service.operation(roles["officer"]), roles["officer"], DEMO_SIRET)
        add_operator(service.operation(roles["operator"]), roles["operator"])
        return issue(service.operation(roles["officer"]), DEMO_SIRET, FRESH_CODES).codes


def _fresh_code(service: Service) -> str:
    op = service.operation(Anonymous())
    with service.store.writing():
        return issue(op, DEMO_SIRET, 1).codes[0]
