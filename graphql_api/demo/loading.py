"""Loads the demo booklets, by the same documents and checks as any front end."""

import json
from importlib.resources import files
from typing import Any

from graphql_api.callers import sites
from graphql_api.callers.local_authorities import give_name
from graphql_api.callers.officers import add_officer, add_operator
from graphql_api.codes.codes import issue
from graphql_api.configuration.settings import OWN_ISSUER
from graphql_api.demo.callers import CALLERS, MACHINES, PASSWORD
from graphql_api.demo.client import DemoClient
from graphql_api.identity_provider import passwords
from graphql_api.identity_provider.accounts.account_context import AccountContext
from graphql_api.identity_provider.accounts.accounts import AccountDetails, create
from graphql_api.operations.service import Service
from graphql_api.storage.actors import Agent, Anonymous
from graphql_api.storage.operation import to_microseconds
from schema.texts import CHARTER

DEMO_SIRET = "21330063500017"
DEMO_COLLECTIVITE = "Communauté de communes Choisille et Gâtine"
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


def load_booklet(service: Service, token: str, name: str) -> dict[str, Any]:
    """Open a booklet with a fresh code and enter everything that `name`.json holds.

    The entries, by their names in the file.
    """
    data = json.loads(files("graphql_api.demo").joinpath(f"{name}.json").read_text("utf-8"))
    ask = DemoClient(service, token)
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
    for link in data["evidence"]:
        attachment, entry = seen[link["attachment"]], seen[link["entry"]]
        answer = ask.do(
            _PROVE,
            attachment=attachment["id"],
            version=attachment["version"],
            entry=entry["id"],
        )
        seen[link["attachment"]] = answer["entry"]
    return seen


def make_accounts(service: Service) -> dict[str, str]:
    """Make the accounts of the demo's people; the subject of each, by name."""
    password = passwords.hash_password(PASSWORD)
    made = {}
    for caller in CALLERS:
        context = _account_context(service)
        details = AccountDetails(
            family_name=caller.family_name,
            given_name=caller.given_name,
            email=caller.email,
            password=password,
        )
        with context.writing():
            made[caller.name] = create(context, details, activated=True)
    return made


def register_machines(service: Service) -> dict[str, dict[str, str]]:
    """Register the demo's regional sites; the id and the secret of each, by name."""
    op = service.operation(Anonymous())
    with service.store.writing():
        made = {one.name: sites.register(op, one.site) for one in MACHINES}
    return {
        name: {"client_id": given.client_id, "client_secret": str(given.secret)}
        for name, given in made.items()
    }


def make_officer_and_operator(service: Service, subjects: dict[str, str]) -> list[str]:
    """Make the demo's officer and operator; fresh codes of the officer's collectivité."""
    officer, operator = (
        Agent(OWN_ISSUER, subjects[name], frozenset()) for name in ("officer", "operator")
    )
    with service.store.writing():
        add_officer(service.operation(officer), officer, DEMO_SIRET)
        give_name(service.operation(operator), DEMO_SIRET, DEMO_COLLECTIVITE)
        add_operator(service.operation(operator), operator)
        batch = issue(service.operation(officer), DEMO_SIRET, FRESH_CODES)
        return [one.code for one in batch.codes]


def _account_context(service: Service) -> AccountContext:
    return AccountContext(
        store=service.store,
        key_store=service.key_store,
        master_key=service.master_key,
        service_keys=service.service_keys,
        public_url="",
        now=to_microseconds(service.clock()),
    )


def _fresh_code(service: Service) -> str:
    op = service.operation(Anonymous())
    with service.store.writing():
        return issue(op, DEMO_SIRET, 1).codes[0].code
