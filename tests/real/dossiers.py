"""The dossiers that the checks of pages and paper look at: usual, empty, a request, an extreme one."""

import copy
from typing import Any

from graphql_api.demo.loading import load_booklet
from graphql_api.demo.sharing import MUTATION, exemption
from graphql_api.serving import build_service
from tests.conftest import Deployment, Here
from tests.graphql_api.dossiers.dossiers import MINE, PRINTED, saved
from tests.print_site.conftest import BOOKLET
from tests.print_site.hostile_texts import TEXTS as HOSTILE

LONG_WORDS = 1_250
LONG_TEXT = " ".join(f"mot{rank:05}" for rank in range(LONG_WORDS))
LONG_NAME = "Marie-Cunégonde Philippine"
LONGER_NAME = "Desclozeaux de La Rochefoucauld-Montmorency d’Hautpoul-Saint-Ÿves"
UNBROKEN = "Anticonstitutionnellement" * 8
COPIES = 20
TEXTS = tuple(
    HOSTILE[name]
    for name in (
        *("script", "end of style", "page rule", "template language", "surrogates", "controls"),
        *("bidi", "separators", "long word", "path", "long word in the middle", "emoji", "wide"),
    )
)


def whole() -> dict[str, Any]:
    """A booklet with something in every rubric."""
    return copy.deepcopy(BOOKLET)


def empty() -> dict[str, Any]:
    """A booklet that was opened yesterday: nothing but a name."""
    data = whole()
    data["holder"]["lines"] = []
    data["holder"]["situation"] = []
    for part in data["parts"]:
        for rubric in part["rubrics"]:
            rubric["entries"] = []
    panorama = data["panorama"]
    for counter in panorama["counters"]:
        counter["count"] = 0
    for name in ("currentPosts", "timeline", "trainingDays", "validity"):
        panorama[name] = []
    panorama["lastUpdate"] = panorama["highestLevel"] = None
    panorama["matrix"] = {"columns": [], "rows": []}
    panorama["experience"] = None
    panorama["evidence"] = {"proved": 0}
    return data


def request() -> dict[str, Any]:
    """A request for exemption: a recipient, a form and two to sign it."""
    data = whole()
    data["title"] = "Demande de dispense de formation d’intégration"
    data["purpose"] = {"code": "DISPENSE", "label": "Demande de dispense de formation"}
    data["recipient"] = "Monsieur le président du Centre national de la fonction publique"
    data["dispense"] = {
        "lines": [
            {"key": "employerName", "label": "Employeur", "text": "Commune de L’HAŸ-LES-ROSES"},
            {"key": "extent", "label": "Étendue", "text": "Dispense totale : 10 jours sur 10"},
            {"key": "reason", "label": "Motifs", "text": "Formation reconnue par l’État. " * 20},
        ],
        "days": [],
        "supports": [],
        "countsLabel": "",
        "total": None,
        "signatures": ["Christian Julliard", "L’autorité territoriale"],
    }
    return data


def extreme() -> dict[str, Any]:
    """Everything at its longest: names, texts, words without a break, lists; and hostile texts."""
    data = whole()
    data["title"] = "Dossier de candidature au poste de directrice générale adjointe " * 3
    data["recipient"] = UNBROKEN
    data["holder"] |= {"firstName": LONG_NAME, "lastName": LONGER_NAME}
    for line, text in zip(data["holder"]["situation"], TEXTS, strict=False):
        line["text"] = text[:400]
    rubrics = {rubric["code"]: rubric for part in data["parts"] for rubric in part["rubrics"]}
    first, second, *others = rubrics["E1"]["entries"]
    long = {"key": "missions", "label": "Missions et activités", "text": LONG_TEXT}
    first["lines"] = [*(line for line in first["lines"] if line["label"] != long["label"]), long]
    second["headline"] = UNBROKEN
    for entry in others:
        entry["headline"] = "Chargée de mission auprès de la direction générale des services " * 3
    trainings = rubrics["F3"]["entries"]
    for entry, text in zip(trainings, TEXTS, strict=False):
        entry["headline"] = text[:200]
        entry["lines"][0]["text"] = text
    trainings += [_copied(trainings[rank % 9], rank) for rank in range(COPIES)]
    return data


def _copied(entry: dict[str, Any], rank: int) -> dict[str, Any]:
    bare = {"entry": f"copy-{rank}", "links": [], "attachments": [], "proves": []}
    return copy.deepcopy(entry) | bare


DEMO = ("julliard", "teriitahi", "mutation", "exemption")


def demo(deployment: Deployment, name: str) -> Any:
    """A demo booklet, or a dossier of its first agent's, saved and read over GraphQL as it is printed."""
    deployment.empty()
    assert deployment.client is not None
    here = Here("sqlite", deployment, deployment.client, deployment.clock)
    booklet = name if name == "teriitahi" else "julliard"
    caller, service = here.caller(booklet), build_service(deployment.settings)
    try:
        seen = load_booklet(service, caller.token or "", booklet)
    finally:
        service.close()
    if name in ("mutation", "exemption"):
        dossier = saved(caller, **(MUTATION if name == "mutation" else exemption(seen)))
    else:
        (dossier,) = [one for one in caller.ask(MINE)["booklet"]["dossiers"] if one["builtIn"]]
    return caller.ask(PRINTED, id=dossier["id"])["sharedDossier"]
