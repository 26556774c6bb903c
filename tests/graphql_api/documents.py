"""What the tests of the verbs share: documents, contents, and ways to ask many things at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from threading import Barrier
from typing import Any

from tests.conftest import Caller
from tests.patience import PATIENCE_SECONDS

REFUSED = """... on Refusal { code message } ... on WrongState { state }
    ... on InvalidEntry { problems { path code message } }"""
ENTRY = """fragment E on Entry {
  id rubric version shareable comment headline when assurance
  lines { key label text }
  warnings { path code message }
  links { competence { id } target { id } relation note }
  evidence { id }
  ... on Attachment { number proves { id } }
}"""
DRAFT = "fragment D on Draft { id rubric version savedAt expiresAt headline values }"
ADD = f"""mutation($entry: EntryInput!, $draft: DraftVersionInput, $key: String) {{
  entryAdd(entry: $entry, draft: $draft, idempotencyKey: $key) {{
    __typename {REFUSED} ... on LimitReached {{ limit }} ... on NotFound {{ path }}
    ... on Conflict {{ currentVersion currentDraft {{ ...D }} }}
    ... on EntryAdded {{ entry {{ ...E }} booklet {{ version }} }}
  }}
}} {ENTRY} {DRAFT}"""
DRAFTS = f"{{ booklet {{ drafts {{ ...D }} }} }} {DRAFT}"
SAVE_DRAFT = f"""mutation($entry: EntryInput!, $id: ID, $version: Int, $key: String) {{
  draftSave(entry: $entry, id: $id, version: $version, idempotencyKey: $key) {{
    __typename {REFUSED} ... on LimitReached {{ limit }} ... on NotFound {{ path }}
    ... on Conflict {{ currentVersion currentDraft {{ ...D }} }}
    ... on DraftSaved {{ draft {{ ...D }} }}
  }}
}} {DRAFT}"""
DELETE_DRAFT = f"""mutation($id: ID!, $version: Int!, $key: String) {{
  draftDelete(id: $id, version: $version, idempotencyKey: $key) {{
    __typename {REFUSED} ... on NotFound {{ path }}
    ... on Conflict {{ currentVersion currentDraft {{ ...D }} }}
    ... on DraftDeleted {{ id }}
  }}
}} {DRAFT}"""

ADD_ALL = f"""mutation($entries: [EntryInput!]!, $key: String) {{
  entriesAdd(entries: $entries, idempotencyKey: $key) {{
    __typename {REFUSED} ... on LimitReached {{ limit }}
    ... on EntriesAdded {{ entries {{ ...E }} booklet {{ version }} }}
  }}
}} {ENTRY}"""


def _of_an_entry(call: str, variables: str, success: str) -> str:
    """A mutation of an entry that is there; it selects all of its success and of its refusals."""
    return f"""mutation($id: ID!, $version: Int!, $key: String{variables}) {{
      {call.replace(")", ", version: $version, idempotencyKey: $key)")} {{
        __typename {REFUSED} ... on NotFound {{ path }}
        ... on Conflict {{ currentVersion current: currentEntry {{ ...E }} }}
        ... on {success} {{ {"id" if success == "EntryRemoved" else "entry { ...E }"} }}
      }}
    }} {ENTRY}"""


REVISE = _of_an_entry(
    "entryRevise(id: $id, entry: $entry)", ", $entry: EntryInput!", "EntryRevised"
)
REMOVE = _of_an_entry("entryRemove(id: $id)", "", "EntryRemoved")
MOVE = _of_an_entry("entryMove(id: $id, before: $before)", ", $before: ID", "EntryMoved")
LINK = _of_an_entry(
    "competenceLink(competence: $id, target: $target, relation: $relation, note: $note)",
    ", $target: ID!, $relation: LinkRelation!, $note: String",
    "TieWritten",
)
UNLINK = _of_an_entry(
    "competenceUnlink(competence: $id, target: $target)", ", $target: ID!", "TieWritten"
)
PROVE = _of_an_entry(
    "evidenceLink(attachment: $id, entry: $target)", ", $target: ID!", "TieWritten"
)
LINK_ALL = _of_an_entry(
    "competenceLinksSet(entry: $id, links: $links, evidence: $evidence)",
    ", $links: [CompetenceLinkInput!]!, $evidence: [ID!]",
    "TieWritten",
)
PROVE_ALL = _of_an_entry(
    "evidenceLinksSet(entry: $id, others: $others)", ", $others: [ID!]!", "TieWritten"
)
UNPROVE = PROVE.replace("evidenceLink", "evidenceUnlink")

CODE = """mutation($code: String!) { bookletOpen(code: $code) {
  __typename ... on Refusal { code message } ... on WrongState { state }
  ... on BookletOpened { booklet { id state version } }
} }"""
ACCEPT = """mutation($version: String!) { charterAccept(version: $version) {
  __typename ... on Refusal { code message } ... on WrongState { state }
  ... on OutdatedCharter { version }
  ... on CharterAccepted { booklet { id state version charterVersion charterAcceptedAt } }
} }"""
IDENTITY_FIELDS = """version civility lastName firstName addressLine1 addressLine2 postalCode city
  countryCode email phoneMobile phoneHome phoneWork birthDate statsConsent"""
SAY_WHO = f"""mutation($identity: IdentityInput!, $version: Int!, $key: String) {{
  identityRevise(identity: $identity, version: $version, idempotencyKey: $key) {{
    __typename ... on Refusal {{ code message }} ... on WrongState {{ state }}
    ... on InvalidEntry {{ problems {{ path code message }} }}
    ... on Conflict {{ currentVersion identity: currentIdentity {{ {IDENTITY_FIELDS} }} }}
    ... on IdentityRevised {{ booklet {{ state version identity {{ {IDENTITY_FIELDS} }} }} }}
  }}
}}"""
WHOLE = f"""{{ booklet {{
  id state version createdAt updatedAt charterVersion charterAcceptedAt
  identity {{ {IDENTITY_FIELDS} }}
  entries {{ ...E createdAt updatedAt }}
  dossiers {{ id title builtIn }}
}} }} {ENTRY}"""

# The least that each rubric accepts, under its key in EntryInput.
LEAST: dict[str, dict[str, Any]] = {
    "diploma": {
        "title": "BTS Gestion de l’eau",
        "kind": "DIPLOME",
        "outcome": "OBTENU",
        "awardedOn": "2008-07",
        "route": "FORMATION_INITIALE",
    },
    "competitiveExam": {
        "title": "Rédacteur territorial",
        "examType": "CONCOURS_INTERNE",
        "branch": "FPT",
        "session": "2015",
        "result": "ADMISSIBLE",
    },
    "training": {"title": "La commande publique", "role": "STAGIAIRE", "start": "2021-03-15"},
    "accreditation": {"accreditationType": "HAB_ELEC", "issuedOn": "2023-03"},
    "drivingLicence": {"licenceCategory": "B", "obtainedOn": "1999"},
    "professionalExperience": {
        "jobTitle": "Responsable du service état civil",
        "sector": "FPT",
        "employerName": "Commune de Bordeaux",
        "start": "2015-09",
        "ongoing": True,
    },
    "extraProfessionalExperience": {
        "title": "Trésorière d’une association",
        "kind": "BENEVOLAT",
        "start": "2014",
        "end": "2019",
    },
    "tutoringExperience": {
        "kind": "MAITRE_APPRENTISSAGE",
        "employerName": "Commune de Bordeaux",
        "start": "2019-09",
        "end": "2021-06",
    },
    "competence": {"kind": "SAVOIR_FAIRE", "label": "Rédiger un marché public"},
    "priorLearningRecognition": {
        "kind": "VAE",
        "title": "Licence professionnelle Métiers des bibliothèques",
        "start": "2018-01",
        "end": "2019-06",
    },
    "attachment": {"title": "Copie du BTS", "kind": "COPIE_DIPLOME"},
    "recommendation": {
        "origin": "ENTRETIEN_PROFESSIONNEL",
        "madeOn": "2023-11",
        "text": "Préparer le concours interne de rédacteur.",
    },
}


def entry(rubric: str, **changes: Any) -> dict[str, Any]:
    """An EntryInput: the least content of a rubric, with changes; `...` takes a field away."""
    content = deepcopy(LEAST[rubric]) | changes
    return {rubric: {name: value for name, value in content.items() if value is not ...}}


# What is no EntryInput at all, and contents of which one value has another type.
NO_ENTRIES: list[Any] = [
    {},
    {"diploma": None},
    {"hobby": {"title": "Échecs"}},
    {**entry("diploma"), **entry("training")},
    {**entry("diploma"), "training": None},
    {"diploma": {"titre": "BTS"}},
    {"diploma": {"id": "x"}},
    {"diploma": []},
    {"diploma": "BTS"},
    None,
    [],
    [entry("diploma"), entry("training")],
    "diploma",
    5,
    True,
]
WRONG_TYPES: list[tuple[str, dict[str, Any]]] = [
    ("diploma", {"title": 5}),
    ("diploma", {"title": True}),
    ("diploma", {"title": ["BTS"]}),
    ("diploma", {"title": {"fr": "BTS"}}),
    ("diploma", {"awardedOn": 2008}),
    ("diploma", {"studyOngoing": "oui"}),
    ("diploma", {"studyOngoing": 1}),
    ("diploma", {"shareable": "false"}),
    ("professionalExperience", {"workQuota": "80"}),
    ("professionalExperience", {"managedHeadcount": 80.5}),
    ("professionalExperience", {"managedHeadcount": 2**31}),
    ("professionalExperience", {"managedHeadcount": -(2**63)}),
    ("professionalExperience", {"managedHeadcount": 10**25}),
    ("professionalExperience", {"workQuota": True}),
    ("training", {"durationValue": "2"}),
    ("training", {"durationValue": True}),
    ("competence", {"contexts": [None]}),
    ("competence", {"contexts": [5]}),
    ("competence", {"contexts": [["x"]]}),
    ("competence", {"contexts": {"0": "x"}}),
]


def added(caller: Caller, rubric: str, **changes: Any) -> Any:
    """An entry that the caller has just added."""
    answer = caller.do(ADD, entry=entry(rubric, **changes))
    assert answer["__typename"] == "EntryAdded", answer
    return answer["entry"]


def refused(answer: Any) -> list[tuple[str, str]]:
    """The (path, code) of each problem of an InvalidEntry, in order."""
    assert answer["__typename"] == "InvalidEntry", answer
    assert all(problem["message"] for problem in answer["problems"])
    return [(problem["path"], problem["code"]) for problem in answer["problems"]]


def whole(caller: Caller) -> Any:
    """Everything of the caller's booklet, to compare before and after."""
    return caller.ask(WHOLE)["booklet"]


def seen(caller: Caller, id: str) -> Any:
    """One entry as its owner sees it now, or None."""
    return next((one for one in whole(caller)["entries"] if one["id"] == id), None)


def raw(caller: Caller, document: str, **variables: object) -> bytes:
    """The bytes of an answer."""
    answer = caller.post({"query": document, "variables": variables})
    assert answer.status_code == 200, answer.text
    return bytes(answer.content)


def at_once(*verbs: Callable[[], Any]) -> list[Any]:
    """What the verbs answer when all of them start at the same moment."""
    barrier = Barrier(len(verbs))

    def run(verb: Callable[[], Any]) -> Any:
        barrier.wait(PATIENCE_SECONDS)
        return verb()

    with ThreadPoolExecutor(len(verbs)) as pool:
        return list(pool.map(run, verbs))


def kinds(answers: list[Any]) -> list[str]:
    """The types of answers, sorted."""
    return sorted(answer["__typename"] for answer in answers)


def text_of(entry: Any, key: str) -> str | None:
    """The displayed text of a field of an entry."""
    return next((line["text"] for line in entry["lines"] if line["key"] == key), None)
