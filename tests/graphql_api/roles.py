"""One person of each role around two seeded booklets, and a document for every root field.

The owner's booklet holds a canary in every text; the other agent's holds none, so that a canary in
an answer shows whose words they are.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pytest
from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
    is_leaf_type,
    is_required_argument,
)

from graphql_api.callers import operator_log
from graphql_api.callers.account_lookup import account_context
from graphql_api.callers.officers import add_officer, add_operator
from graphql_api.callers.permissions import CallerRole
from graphql_api.codes.codes import issue
from graphql_api.graphql_schema import GRAPHQL_SCHEMA
from graphql_api.identity_provider.accounts import accounts
from graphql_api.identity_provider.oauth.clients import (
    FrontEnd,
    register_front_end,
    register_machine,
)
from graphql_api.operations.service import Service
from graphql_api.statistics.statistics import publish
from graphql_api.storage.actors import Agent, Anonymous
from graphql_api.storage.people import person_named
from graphql_api.storage.tables import SiteTable
from tests.conftest import IDENTITY, Caller, Here, with_booklet
from tests.graphql_api.canaries import sow
from tests.graphql_api.consents.consents import day, given, notice, terms
from tests.graphql_api.documents import LEAST, LINK, PROVE, SAVE_DRAFT, added, entry, whole
from tests.graphql_api.dossiers.dossiers import made_for
from tests.graphql_api.share_links.share_links import issued
from tests.graphql_api.signing_rows import sign_rows
from tests.graphql_api.whole_booklet import WHOLE_BOOKLET

SITE, OTHER_SITE = "75", "53"
SIRET, OTHER_SIRET = "21330063500017", "21750001600019"
EVERYTHING = "livret:read livret:write livret:summary livret:print rh:codes livret:operate"
ROOT_FIELDS: dict[str, GraphQLField] = {
    f"{kind}.{name}": field
    for kind in (GRAPHQL_SCHEMA.query_type, GRAPHQL_SCHEMA.mutation_type)
    if kind is not None
    for name, field in kind.fields.items()
}


@dataclass
class Scene:
    """Two booklets, a caller of each role, and the ids of what is the owner's and the other's."""

    here: Here
    callers: dict[CallerRole, Caller]
    owners: dict[str, str]
    others: dict[str, str]
    codes: dict[str, str]

    def with_every_scope(self, role: CallerRole) -> Caller:
        """The same person, with a token of every scope."""
        name = self.callers[role].name
        if role is CallerRole.SITE:
            return self.here.machine(name, EVERYTHING)
        return self.here.caller(name, EVERYTHING, int(self.here.clock().timestamp()))

    def versions(self, caller: Caller) -> dict[str, int]:
        """The present version of each entry of a caller, by id."""
        return {one["id"]: one["version"] for one in whole(caller)["entries"]}


@pytest.fixture
def scene(here: Here) -> Scene:
    """Everybody is there."""
    service = here.deployment.service
    just_now = int(here.clock().timestamp())
    callers = {role: here.caller(role.name, " ".join(role.scopes)) for role in CallerRole}
    callers[CallerRole.OPERATOR] = operating(here, just_now)
    callers[CallerRole.ANONYMOUS] = here.nobody()
    callers[CallerRole.SITE] = here.machine(CallerRole.SITE.name)
    for role in (CallerRole.OWNER, CallerRole.OTHER_AGENT):
        callers[role] = here.caller(role.name)
    owners, others, codes = here.deployment.copies.of(
        "scene", here.clock(), lambda: _write_scene(here, callers)
    )
    token = service.credentials.print_token(owners["booklet"], owners["dossier"])
    callers[CallerRole.PRINT_JOB] = Caller(here.client, token, "print")
    return Scene(here, callers, owners, others, codes)


def operating(here: Here, signed_in_at: int) -> Caller:
    """The operator, who signed in at that time."""
    role = CallerRole.OPERATOR
    return here.caller(role.name, " ".join(role.scopes), signed_in_at)


def _write_scene(
    here: Here, callers: dict[CallerRole, Caller]
) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """Write all that is stored of the scene; the ids of it."""
    service = here.deployment.service
    _, sown = sow(here, CallerRole.OWNER.name)
    owners = {rubric: one["id"] for rubric, one in sown.items()}
    other = with_booklet(here, CallerRole.OTHER_AGENT.name)
    others = {rubric: added(other, rubric)["id"] for rubric in LEAST}
    for tie, end in ((LINK, "competence"), (PROVE, "attachment")):
        sent = {"id": others[end], "target": others["training"], "version": 1}
        sent |= {"relation": "USED"} if tie is LINK else {}
        assert other.do(tie, **sent)["__typename"] == "TieWritten"
    for ids, role in ((owners, CallerRole.OWNER), (others, CallerRole.OTHER_AGENT)):
        seen = whole(callers[role])
        ids |= {"booklet": seen["id"], "dossier": seen["dossiers"][0]["id"]}
        saved = callers[role].do(SAVE_DRAFT, entry={"training": {"title": "Un début"}})
        ids["draft"] = saved["draft"]["id"]
        ids["own dossier"] = made_for(callers[role], "MUTATION")["id"]
        ids["share link"] = issued(callers[role], ids["dossier"])["link"]["id"]
    _register_sites(service)
    publish(service.operation(Anonymous()))
    for ids, role in ((owners, CallerRole.OWNER), (others, CallerRole.OTHER_AGENT)):
        ids["consent"] = given(here, callers[role], site=OTHER_SITE)["id"]
    return owners, others, _rights(service, here.deployment.settings.identity_issuer)


def _register_sites(service: Service) -> None:
    """Register the site of the role and another, to which the two agents consent."""
    with service.store.writing():
        for code, client in ((SITE, CallerRole.SITE.name), (OTHER_SITE, "other-site")):
            service.store.run(SiteTable.insert(id=code, client=client, created_at=0))
    sign_rows(service.store)


def _rights(service: Service, issuer: str) -> dict[str, str]:
    """Make an officer and an operator, and one more of each; codes of two collectivités."""
    codes: dict[str, str] = {}
    with service.store.writing():
        codes["client"] = register_machine(service.store, "Machine", 0).client_id
        portal = FrontEnd("Portail", ("https://portail.example/retour",))
        codes["front end"] = register_front_end(service.store, portal, 0).client_id
        details = accounts.AccountDetails("Roux", "Noé", "noe.roux@example.org")
        helped = account_context(service.operation(Anonymous()))
        codes["account"] = accounts.create(helped, details, activated=True)
        for role in (CallerRole.OFFICER, CallerRole.OPERATOR):
            who = Agent(issuer, role.name, frozenset())
            op = service.operation(who)
            add_operator(op, who) if role is CallerRole.OPERATOR else add_officer(op, who, SIRET)
        operator_log.record(op, "CLIENT_DISABLED")
        spare = Agent(issuer, "spare", frozenset())
        add_officer(op, spare, SIRET)
        add_operator(op, spare)
        codes["spare person"] = str(person_named(op, spare))
        op = service.operation(Anonymous())
        for whose, siret in (("", SIRET), ("foreign ", OTHER_SIRET)):
            batch = issue(op, siret, 1)
            codes[f"{whose}batch"] = batch.id
            codes[f"{whose}reference"] = batch.codes[0].reference
    return codes


def absent() -> str:
    """An id that nothing has."""
    return str(uuid.uuid4())


# What each root field is asked for, of whose things by their ids; in the order in which the owner
# can do all of it. A root field that is not here fails a test.
def samples(ids: dict[str, str], scene: Scene, caller: Caller) -> dict[str, dict[str, Any]]:
    """Variables for every root field, naming the things of `ids` at their versions for `caller`."""

    is_seeded = caller.name in (CallerRole.OWNER.name, CallerRole.OTHER_AGENT.name)
    versions = scene.versions(caller) if is_seeded else {}

    def of(rubric: str) -> dict[str, Any]:
        return {"id": ids[rubric], "version": versions.get(ids[rubric], 1)}

    relation = {"relation": "USED", "note": None}
    competence, attachment = of("competence"), of("attachment")
    tie = {"competence": competence["id"], "version": competence["version"]}
    proof = {"attachment": attachment["id"], "version": attachment["version"]}
    nobody, consent = scene.here.nobody(), terms(scene.here, site=SITE)
    longer = terms(scene.here, site=OTHER_SITE, expiresOn=day(scene.here, 200))
    return {
        "Query.parts": {},
        "Query.rubrics": {},
        "Query.rubric": {"name": "DIPLOMA"},
        "Query.referenceVersion": {},
        "Query.identityForm": {},
        "Query.situationForm": {},
        "Query.dossierForm": {},
        "Query.dossierIdentityForm": {},
        "Query.shareLinkForm": {},
        "Query.consentForm": {},
        "Query.dispenseForm": {},
        "Query.codesForm": {},
        "Query.dossierPurposes": {},
        "Query.screens": {},
        "Query.screen": {"name": "CODE"},
        "Query.menu": {},
        "Query.codeTables": {"names": ["civility"]},
        "Query.charter": {},
        "Query.closingWords": {},
        "Query.decree": {},
        "Query.booklet": {"id": ids["booklet"]},
        "Query.ownAccount": {},
        "Query.bookletRecord": {"id": ids["booklet"]},
        "Query.sharedDossier": {"id": ids["dossier"]},
        "Query.sites": {},
        "Query.consentNotice": {"consent": consent},
        "Query.bookletSummaries": {"first": 100, "after": None, "changedSince": None},
        "Query.statistics": {"month": None},
        "Query.isOperator": {},
        "Query.officers": {"first": 100, "after": None},
        "Query.officer": {"person": scene.codes["spare person"], "siret": SIRET},
        "Query.serviceState": {},
        "Query.charterVersions": {},
        "Query.statisticsMonths": {},
        "Query.siteRegistrations": {},
        "Mutation.siteRegister": {"site": "none"},
        "Mutation.siteUnregister": {"site": "none"},
        "Query.apiClients": {},
        "Query.operatorActs": {"first": 100, "after": None},
        "Mutation.frontEndRegister": {"frontEnd": {"name": "", "redirectUris": []}},
        "Mutation.frontEndRevise": {
            "id": scene.codes["front end"],
            "frontEnd": {"name": "Portail", "redirectUris": ["https://portail.example/retour"]},
        },
        "Mutation.machineRegister": {"machine": {"name": ""}},
        "Mutation.machineRevise": {"id": scene.codes["client"], "machine": {"name": "Machine"}},
        "Mutation.accountLookUp": {"email": "nobody@example.org"},
        "Mutation.activationResend": {"email": "nobody@example.org"},
        "Mutation.accountDisable": {"id": scene.codes["account"]},
        "Mutation.accountEnable": {"id": scene.codes["account"]},
        "Mutation.clientDisable": {"id": scene.codes["client"]},
        "Query.operators": {},
        "Mutation.officerAppoint": {"email": "nobody@example.org", "siret": SIRET},
        "Mutation.officerDismiss": {"person": scene.codes["spare person"], "siret": SIRET},
        "Mutation.operatorAppoint": {"email": "nobody@example.org"},
        "Mutation.operatorDismiss": {"person": scene.codes["spare person"]},
        "Query.officerOf": {},
        "Query.codeBatches": {"siret": SIRET, "first": 100, "after": None},
        "Query.codeBatch": {"siret": SIRET, "id": scene.codes["batch"]},
        "Query.authorizationCodes": {
            "siret": SIRET,
            "first": 100,
            "after": None,
            "batch": scene.codes["batch"],
        },
        "Query.authorizationCode": {"siret": SIRET, "reference": scene.codes["reference"]},
        "Mutation.codesIssue": {"siret": SIRET, "count": 1, "uses": 1, "expiresOn": None},
        "Mutation.codeRevoke": {"siret": SIRET, "reference": scene.codes["reference"]},
        "Mutation.codeBatchRevoke": {"siret": SIRET, "id": scene.codes["batch"]},
        "Mutation.bookletOpen": {"code": "00000-00000-00000-00000"},
        "Mutation.charterAccept": {"version": "1"},
        "Mutation.charterRefuse": {},
        "Mutation.identityRevise": {"identity": IDENTITY, "version": 1},
        "Mutation.situationRevise": {"situation": {"employerName": "Ville"}, "version": 0},
        "Mutation.damagedPartRemove": {"kind": "ENTRY", "id": ids["diploma"]},
        "Mutation.reminderSet": {"enabled": False},
        "Mutation.draftSave": {"entry": {"training": {}}, "id": ids["draft"], "version": 1},
        "Mutation.draftDelete": {"id": ids["draft"], "version": 2},
        "Mutation.entryAdd": {"entry": entry("diploma"), "draft": None},
        "Mutation.entriesAdd": {"entries": [entry("diploma"), entry("training")]},
        "Mutation.entryRevise": of("diploma") | {"entry": entry("diploma")},
        "Mutation.entryMove": of("attachment") | {"before": None},
        "Mutation.competenceLink": {**tie, "target": ids["training"], **relation},
        "Mutation.competenceUnlink": {**tie, "target": ids["training"]},
        "Mutation.competenceLinksSet": {
            "entry": competence["id"],
            "version": competence["version"],
            "links": [{"other": ids["training"], **relation}],
            "evidence": [],
        },
        "Mutation.evidenceLink": {**proof, "entry": ids["training"]},
        "Mutation.evidenceUnlink": {**proof, "entry": ids["training"]},
        "Mutation.evidenceLinksSet": {
            "entry": attachment["id"],
            "version": attachment["version"],
            "others": [ids["training"]],
        },
        "Mutation.entryRemove": of("recommendation"),
        "Mutation.dossierSave": {
            "dossier": {"title": "Mutation", "purpose": "MUTATION", "entries": [ids["training"]]},
            "id": ids["own dossier"],
            "version": 1,
        },
        "Mutation.shareLinkIssue": {
            "dossier": ids["dossier"],
            "name": "Lien",
            "expiresOn": None,
            "views": None,
            "withPin": False,
        },
        "Mutation.shareLinkRevoke": {"id": ids["share link"]},
        "Mutation.dossierRemove": {"id": ids["own dossier"], "version": 2},
        "Mutation.consentGive": {
            "consent": consent,
            "notice": notice(nobody, consent),
            "replaces": None,
        },
        "Mutation.consentRenew": {
            "id": ids["consent"],
            "version": 1,
            "expiresOn": longer["expiresOn"],
            "notice": notice(nobody, longer),
        },
        "Mutation.consentNarrow": {"id": ids["consent"], "version": 2, "sections": ["COUNTS"]},
        "Mutation.consentWithdraw": {"id": ids["consent"]},
        "Mutation.bookletImport": {"record": {}, "dryRun": False},
        "Mutation.bookletClose": {"confirmation": "non"},
        "Mutation.accountClose": {"confirmation": "non"},
    }


def document(field: str, sent: Iterable[str]) -> str:
    """A document that asks for a root field with these arguments: a query down to every leaf.

    A mutation's answer is asked for every field of each of its members, and of the booklet in it
    as far as what its entries have in common; the rest of a booklet is the query's.
    """
    asked = ROOT_FIELDS[field]
    kind, _, name = field.partition(".")
    declared = ", ".join(f"${name}: {asked.args[name].type}" for name in sent)
    head = f"{kind.lower()}({declared})" if declared else kind.lower()
    if field == "Query.booklet":
        return WHOLE_BOOKLET.replace("{ booklet {", f"{head} {{ booklet(id: $id) {{", 1)
    given = ", ".join(f"{name}: ${name}" for name in sent)
    depth = 3 if kind == "Mutation" else 12
    call = f"{name}({given})" if given else name
    return f"{head} {{ {call}{_selection(get_named_type(asked.type), depth)} }}"


def _selection(kind: GraphQLNamedType, depth: int, above: tuple[str, ...] = ()) -> str:
    """Everything of a type as far as `depth`; an entry of a dossier within another by its id only."""
    if isinstance(kind, GraphQLUnionType):
        return _within(f"... on {one}{_selection(one, depth)}" for one in kind.types)
    if not isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
        return ""
    if kind.name == "SharedEntry" and kind.name in above:
        return _within(["id"])
    return _within(
        f"{_alias(kind, name)}{name}{_selection(below, depth - 1, (*above, kind.name))}"
        for name, field in kind.fields.items()
        if (is_leaf_type(below := get_named_type(field.type)) or depth > 1)
        and not any(is_required_argument(argument) for argument in field.args.values())
    )


def _alias(kind: GraphQLNamedType, name: str) -> str:
    """The present state is nullable in a conflict and not in a success: two names."""
    return f"current_{name}: " if kind.name == "Conflict" else ""


def _within(parts: Iterable[str]) -> str:
    return f" {{ __typename {' '.join(parts)} }}"
