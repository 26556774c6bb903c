"""A small record with something in every section, and ways to spoil it."""

from copy import deepcopy
from typing import Any

IDS = [f"00000000-0000-4000-8000-00000000000{number}" for number in range(10)]
DIPLOMA, TRAINING, COMPETENCE, ATTACHMENT, ABSENT = IDS[:5]
RECORD: dict[str, Any] = {
    "format": "livret",
    "formatVersion": 1,
    "exportedAt": "2026-11-22T08:00:00Z",
    "account": {"signIns": [{"issuer": "x", "subject": "y"}]},
    "booklet": {"state": "OPEN"},
    "charter": [{"version": "1"}],
    "identity": {
        "civility": "MME",
        "lastName": "Lefèvre",
        "firstName": "Maëlle",
        "email": "maelle@example.org",
        "birthDate": "1980-04-12",
        "phoneMobile": "06 39 98 14 75",
        "statsConsent": True,
        "statsConsentAt": "2025-01-02T03:04:05.000006Z",
    },
    "situation": {"employerName": "Ville de Bordeaux", "since": "2019-03"},
    "entries": [
        {
            "id": DIPLOMA,
            "rubric": "DIPLOMA",
            "createdAt": "2020-01-02T03:04:05Z",
            "updatedAt": "2021-01-02T04:04:05.5+01:00",
            "shareable": False,
            "comment": "Une remarque.",
            "content": {
                "title": "BTS",
                "kind": "DIPLOME",
                "outcome": "OBTENU",
                "awardedOn": "2008-07",
                "route": "FORMATION_INITIALE",
            },
        },
        {
            "id": TRAINING,
            "rubric": "TRAINING",
            "content": {
                "title": "La commande publique",
                "role": "STAGIAIRE",
                "start": "2021-03-15",
                "durationValue": 2,
                "durationUnit": "DAY",
            },
        },
        {
            "id": COMPETENCE,
            "rubric": "COMPETENCE",
            "rank": 1,
            "content": {"kind": "SAVOIR_FAIRE", "label": "Rédiger un marché", "contexts": ["Ici"]},
        },
        {
            "id": ATTACHMENT,
            "rubric": "ATTACHMENT",
            "content": {"title": "Copie du BTS", "kind": "COPIE_DIPLOME"},
        },
    ],
    "links": [
        {"competence": COMPETENCE, "target": TRAINING, "relation": "USED", "note": " Là  "},
        {"competence": COMPETENCE, "target": DIPLOMA, "relation": "ACQUIRED"},
    ],
    "evidence": [{"attachment": ATTACHMENT, "entry": DIPLOMA}],
    "dossiers": [{"id": IDS[9], "title": "Mutation", "purpose": "MUTATION"}],
    "drafts": [],
    "reminder": {"enabled": False},
    "consents": [],
    "accesses": [],
    "damaged": [],
}


def changed(path: str, value: object) -> dict[str, Any]:
    """The record with another value at a path such as `entries.0.rank`; `...` takes it away."""
    record = deepcopy(RECORD)
    *around, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    place: Any = record
    for step in around:
        place = place[step]
    if value is ...:
        del place[last]
    elif isinstance(place, list) and last == len(place):
        place.append(value)
    else:
        place[last] = value
    return record
