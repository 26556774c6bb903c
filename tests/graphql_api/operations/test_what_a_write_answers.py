"""What a write answers is what is read next, every field of the booklet compared."""

from datetime import timedelta
from typing import Any

from tests.conftest import IDENTITY, Caller, Here
from tests.graphql_api.documents import LEAST, added, whole
from tests.graphql_api.whole_booklet import WHOLE_BOOKLET, fragments_without

FRAGMENTS = fragments_without(frozenset())
IDENTITY_OF_ANOTHER_AGE = IDENTITY | {"birthDate": "1961-02-03", "lastName": "Autre"}
SITUATION = {"jobTitle": "Cheffe de service", "since": "2024-02-01", "employerName": "Ville de Pau"}


def written(caller: Caller, call: str, success: str, **variables: Any) -> Any:
    """The booklet that a mutation answers with, compared with what is read after it."""
    types = {
        "entry": "EntryInput!", "entries": "[EntryInput!]!", "identity": "IdentityInput!",
        "situation": "SituationInput!", "dossier": "DossierInput!", "links": "[CompetenceLinkInput!]!",
        "others": "[ID!]!", "version": "Int!", "before": "ID", "record": "JSON!",
    }  # fmt: skip
    declared = ", ".join(f"${name}: {types.get(name, 'ID!')}" for name in variables)
    document = f"""mutation({declared}) {{ {call} {{
      __typename ... on Refusal {{ code message }} ... on {success} {{ booklet {{ ...Whole }} }}
    }} }} {FRAGMENTS}"""
    answer = caller.do(document, **variables)
    assert answer["__typename"] == success, answer
    assert answer["booklet"] == caller.ask(WHOLE_BOOKLET)["booklet"]
    return answer["booklet"]


def version(caller: Caller, id: str) -> int:
    """The present version of an entry."""
    return next(int(one["version"]) for one in whole(caller)["entries"] if one["id"] == id)


def test_each_write_answers_with_the_booklet_as_it_is_read_next(here: Here, owner: Caller) -> None:
    first = written(
        owner, "situationRevise(situation: $situation, version: $version)", "SituationRevised",
        situation=SITUATION, version=0,
    )  # fmt: skip
    assert first["situation"]["version"] == 1
    for rubric, content in LEAST.items():
        here.clock.moved += timedelta(minutes=1)
        written(owner, "entryAdd(entry: $entry)", "EntryAdded", entry={rubric: content})
    written(
        owner, "entriesAdd(entries: $entries)", "EntriesAdded",
        entries=[{"competence": {**LEAST["competence"], "label": f"N° {one}"}} for one in range(3)]
        + [{"attachment": {**LEAST["attachment"], "title": "Une autre pièce"}}],
    )  # fmt: skip
    ids: dict[str, list[str]] = {}
    for one in whole(owner)["entries"]:
        ids.setdefault(one["rubric"], []).append(one["id"])
    competence, other = ids["COMPETENCE"][:2]
    training, paper = ids["TRAINING"][0], ids["ATTACHMENT"][0]
    steps: list[tuple[str, str, str, dict[str, Any]]] = [
        (
            "competenceLink(competence: $id, version: $version, target: $target, relation: USED)",
            "TieWritten", competence, {"target": training},
        ),
        (
            "competenceLinksSet(entry: $id, version: $version, links: $links)",
            "TieWritten", training, {"links": [{"other": other, "relation": "ACQUIRED"}]},
        ),
        (
            "competenceUnlink(competence: $id, version: $version, target: $target)",
            "TieWritten", other, {"target": training},
        ),
        (
            "evidenceLink(attachment: $id, version: $version, entry: $target)",
            "TieWritten", paper, {"target": training},
        ),
        (
            "evidenceLinksSet(entry: $id, version: $version, others: $others)",
            "TieWritten", training, {"others": ids["ATTACHMENT"]},
        ),
        (
            "evidenceUnlink(attachment: $id, version: $version, entry: $target)",
            "TieWritten", paper, {"target": training},
        ),
        (
            "entryMove(id: $id, version: $version, before: $before)",
            "EntryMoved", ids["COMPETENCE"][-1], {"before": competence},
        ),
        (
            "entryRevise(id: $id, version: $version, entry: $entry)",
            "EntryRevised", training, {"entry": {"training": {"title": "Autrement", "start": "2011"}}},
        ),
        ("entryRemove(id: $id, version: $version)", "EntryRemoved", paper, {}),
    ]  # fmt: skip
    for call, success, id, variables in steps:
        here.clock.moved += timedelta(minutes=1)
        written(owner, call, success, id=id, version=version(owner, id), **variables)
    written(
        owner, "identityRevise(identity: $identity, version: $version)", "IdentityRevised",
        identity=IDENTITY_OF_ANOTHER_AGE, version=1,
    )  # fmt: skip
    saved = written(
        owner, "dossierSave(dossier: $dossier)", "DossierSaved",
        dossier={"title": "Mutation", "purpose": "MUTATION", "parts": ["EXPERIENCES"]},
    )  # fmt: skip
    dossier = next(one for one in saved["dossiers"] if not one["builtIn"])
    written(
        owner, "dossierSave(dossier: $dossier, id: $id, version: $version)", "DossierSaved",
        dossier={"title": "Ailleurs"}, id=dossier["id"], version=dossier["version"],
    )  # fmt: skip
    written(
        owner, "dossierRemove(id: $id, version: $version)", "DossierRemoved",
        id=dossier["id"], version=dossier["version"] + 1,
    )  # fmt: skip


def test_an_import_and_its_trial_answer_with_the_booklet_as_it_is_read_next(
    here: Here, owner: Caller
) -> None:
    here.clock.stop(here.clock())
    for rubric in ("training", "competence", "attachment"):
        added(owner, rubric)
    record = owner.ask("{ bookletRecord }")["bookletRecord"]
    for one in whole(owner)["entries"]:
        written(
            owner, "entryRemove(id: $id, version: $version)", "EntryRemoved",
            id=one["id"], version=one["version"],
        )  # fmt: skip
    trial = f"""mutation($record: JSON!) {{ bookletImport(record: $record, dryRun: true) {{
      __typename ... on BookletImported {{ booklet {{ ...Whole }} }} }} }} {FRAGMENTS}"""
    tried = owner.do(trial, record=record)["booklet"]
    imported = written(owner, "bookletImport(record: $record)", "BookletImported", record=record)
    assert len(imported["entries"]) == 3
    assert tried == imported
