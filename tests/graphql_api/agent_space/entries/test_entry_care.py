"""What pages do so that nothing typed is lost: conflicts, drafts, order, ties."""

from typing import Any

import pytest

from tests.graphql_api.agent_space.entries.test_entries import DIPLOMA, FORM, LIST
from tests.graphql_api.agent_space.reader import Agent, PageReader
from tests.graphql_api.documents import entry
from tests.graphql_api.share_links.share_links import issued
from tests.graphql_api.site import Site

_STORED = {
    "kind": "DIPLOME",
    "outcome": "OBTENU",
    "route": "FORMATION_INITIALE",
}
ENTRIES_ADD = """mutation($entries: [EntryInput!]!) {
  entriesAdd(entries: $entries) { __typename ... on Refusal { message } }
}"""
SKILLS = "/livret/competences/competences"


def added(someone: Agent, **changes: str) -> str:
    """A diploma, and the address of its form."""
    assert someone.fill(FORM, **(DIPLOMA | changes)).status_code == 303
    return someone.read(LIST).links[(DIPLOMA | changes)["title"]]


def skill(someone: Agent, label: str) -> str:
    assert someone.fill(f"{SKILLS}/ajouter", kind="COMPETENCE", label=label).status_code == 303
    return someone.read(SKILLS).links[label]


def test_two_windows_show_both_versions_and_the_last_word_is_the_persons(someone: Agent) -> None:
    entry = added(someone)
    stale = someone.read(entry).form(entry).fields
    someone.fill(entry, title="BTS", awardedOn="2009", route="VAE")
    answer = someone.send(entry, stale | {"speciality": "Rivières"})
    assert answer.status_code == 409
    page = PageReader(answer.text)
    assert {one for one in page.ids if one.endswith("-stored")} == {
        f"{name}-stored" for name in ("title", "awardedOn", "route", "speciality")
    }
    assert "Validation des acquis de l’expérience (VAE)" in page.text
    assert someone.send(entry, page.form(entry).fields).status_code == 303
    fields = someone.read(entry).form(entry).fields
    assert (fields["title"], fields["speciality"]) == ([DIPLOMA["title"]], ["Rivières"])


def test_an_entry_that_was_removed_meanwhile_comes_back_as_a_new_one(someone: Agent) -> None:
    entry = added(someone)
    stale = someone.read(entry).form(entry).fields
    someone.fill(f"{entry}/supprimer")
    answer = someone.send(entry, stale | {"title": "Encore"})
    assert answer.status_code == 409
    assert someone.send(FORM, PageReader(answer.text).form(FORM).fields).status_code == 303
    assert "Encore" in someone.read(LIST).links


def test_a_half_known_entry_is_kept_as_a_draft_and_added_later(someone: Agent) -> None:
    fields = someone.read(FORM).form(FORM).fields
    kept = someone.send(FORM, fields | {"title": "Licence", "awardedOn": "?", "brouillon": "1"})
    assert kept.headers["location"] == f"{LIST}?fait=brouillon"
    page = someone.read(LIST)
    assert "Titres et diplômes (0)" in page.links
    draft = page.links["Licence"]
    fields = someone.read(draft).form(draft).fields
    assert (fields["title"], fields["awardedOn"]) == (["Licence"], ["?"])
    refused = someone.send(draft, fields)
    assert refused.status_code == 422
    assert PageReader(refused.text).form(draft).fields["title"] == ["Licence"]
    again = someone.send(draft, fields | {"title": "Licence pro", "brouillon": "1"})
    assert again.status_code == 303
    assert someone.fill(draft, **DIPLOMA).headers["location"].startswith(f"{LIST}?fait=ajout")
    page = someone.read(LIST)
    assert "Brouillons" not in page.headings
    assert "Titres et diplômes (1)" in page.links


def test_a_draft_is_deleted_after_asking(someone: Agent) -> None:
    fields = someone.read(FORM).form(FORM).fields
    someone.send(FORM, fields | {"title": "Licence", "brouillon": "1"})
    draft = someone.read(LIST).links["Licence"]
    path = f"{draft}/supprimer"
    answers = [someone.send(path, someone.read(path).form(path).fields)]
    assert answers[0].headers["location"] == f"{LIST}?fait=brouillon-supprime"
    assert someone.get(draft).status_code == 404
    assert "Brouillons" not in someone.read(LIST).headings


def test_competences_are_moved_up_and_down(someone: Agent) -> None:
    for label in ("Troisième", "Deuxième", "Première"):
        skill(someone, label)

    def order() -> list[str]:
        return [one for one in someone.read(SKILLS).headings if one.endswith(("ième", "ière"))]

    def move(label: str, word: str) -> None:
        entry = someone.read(SKILLS).links[label]
        page = someone.read(SKILLS)
        forms = [form for form in page.forms if form.action == f"{entry}/deplacer"]
        up = order().index(label) > 0
        form = forms[0 if word == "Monter" else int(up)]
        answer = someone.send(form.action, form.fields)
        id = entry.rpartition("/")[2]
        assert answer.headers["location"] == f"{SKILLS}?voir={id}#element-{id}"

    before = order()
    move(before[2], "Monter")
    assert order() == [before[0], before[2], before[1]]
    move(before[0], "Descendre")
    assert order() == [before[2], before[0], before[1]]
    move(before[0], "Descendre")
    assert order() == [before[2], before[1], before[0]]


def test_a_move_in_a_list_that_changed_says_so(someone: Agent) -> None:
    for label in ("Une", "Deux"):
        skill(someone, label)
    (form, *_) = (one for one in someone.read(SKILLS).forms if one.action.endswith("/deplacer"))
    someone.fill(form.action.removesuffix("/deplacer"), description="Changée")
    answer = someone.send(form.action, form.fields)
    assert "fait=place-changee" in answer.headers["location"]
    assert someone.get(form.action).status_code == 303  # a link moves nothing


@pytest.mark.parametrize("from_the_competence", [True, False])
def test_a_competence_is_tied_from_either_end(someone: Agent, from_the_competence: bool) -> None:
    diploma, competence = added(someone), skill(someone, "Lire une rivière")
    ids = [one.rpartition("/")[2] for one in (competence, diploma)]
    here, other = ids if from_the_competence else reversed(ids)
    path = f"/livret/{'competences' if from_the_competence else 'formations'}/{here}/liens"
    answer = someone.fill(path, **{f"lien-{other}": "ACQUIRED", f"note-{other}": "En stage"})
    assert answer.headers["location"] == f"{path}?fait=liens"
    form = next(one for one in someone.read(path).forms if f"lien-{other}" in one.names)
    assert form.fields[f"lien-{other}"] == ["ACQUIRED"]
    assert form.fields[f"note-{other}"] == ["En stage"]
    for shown in (LIST, "/livret/formations/recapitulatif"):
        assert "Compétences acquises : Lire une rivière" in someone.read(shown).text
    for shown in (SKILLS, "/livret/competences/recapitulatif"):
        assert f"Acquise : {DIPLOMA['title']}" in someone.read(shown).text
    someone.fill(path, **{f"lien-{other}": "USED"})
    assert "Compétences mises en œuvre : Lire une rivière" in someone.read(LIST).text
    assert f"Mise en œuvre : {DIPLOMA['title']}" in someone.read(SKILLS).text
    someone.fill(path, **{f"lien-{other}": ""})
    assert DIPLOMA["title"] not in someone.read(SKILLS).text


def test_names_that_have_commas_are_told_apart_in_a_list(someone: Agent) -> None:
    names = ("Lire, puis relire", "Dire, puis redire")
    diploma = added(someone).rpartition("/")[2]
    ids = [skill(someone, name).rpartition("/")[2] for name in names]
    someone.fill(f"/livret/formations/{diploma}/liens", **{f"lien-{id}": "ACQUIRED" for id in ids})
    one, other = names
    told = (f"{one} ; {other}", f"{other} ; {one}")
    for shown in (LIST, "/livret/formations/recapitulatif"):
        page = someone.read(shown).text
        assert any(text in page for text in told), shown


def test_a_competence_without_a_tie_asks_where_it_was_acquired_or_used(someone: Agent) -> None:
    competence = skill(someone, "Lire une rivière")
    asked = "Dire où vous l’avez acquise ou mise en œuvre : Lire une rivière"
    path = someone.read(SKILLS).links[asked]
    assert path == f"/livret/competences/{competence.rpartition('/')[2]}/liens"
    answer = someone.fill(FORM, **DIPLOMA)
    ties = someone.read(answer.headers["location"]).links[
        f"Relier vos compétences à {DIPLOMA['title']}"
    ]
    diploma = ties.split("/")[3]
    assert someone.fill(path, **{f"lien-{diploma}": "USED"}).status_code == 303
    assert asked not in someone.read(SKILLS).links
    assert "Relier vos compétences" not in someone.read(answer.headers["location"]).text


def test_a_note_that_is_too_long_is_refused_at_its_entry(someone: Agent) -> None:
    diploma, competence = added(someone), skill(someone, "Lire une rivière")
    other, path = (
        diploma.rpartition("/")[2],
        f"/livret/competences/{competence.rpartition('/')[2]}/liens",
    )
    long = "x" * 5_000
    answer = someone.fill(path, **{f"lien-{other}": "USED", f"note-{other}": long})
    assert answer.status_code == 422
    page = PageReader(answer.text)
    (line,) = (text for text, href in page.links.items() if href == f"#note-{other}")
    assert line.startswith(f"{DIPLOMA['title']} : « Note »")
    assert f"note-{other}-problem" in page.ids
    form = next(form for form in page.forms if f"lien-{other}" in form.names)
    assert (form.fields[f"lien-{other}"], form.fields[f"note-{other}"]) == (["USED"], [long])
    assert DIPLOMA["title"] not in someone.read(SKILLS).text


def test_of_many_entries_a_rubric_without_ties_is_folded(site: Site, someone: Agent) -> None:
    entries = [{"diploma": _STORED | {"title": f"T{n}", "awardedOn": "2000"}} for n in range(9)]
    exam = entry("competitiveExam")
    site.bearer("owner").do(ENTRIES_ADD, entries=[*entries, exam])
    path = f"/livret/competences/{skill(someone, 'Pêcher').rpartition('/')[2]}/liens"

    def folds() -> list[bool]:
        page = someone.read(path)
        return ["open" in given for tag, given in page.attributes if tag == "details"]

    assert folds() == [True, False]  # the first shows how to
    form = next(form for form in someone.read(path).forms if form.action == path)
    names = [given["name"] for tag, given in someone.read(path).attributes if tag == "select"]
    someone.send(path, form.fields | {names[-1]: "USED"})
    assert folds() == [False, True]
    assert "1 élément, 1 lié" in someone.read(path).text


def test_the_papers_of_an_entry_are_ticked_from_either_end(someone: Agent) -> None:
    diploma = added(someone).rpartition("/")[2]
    papers = "/livret/pieces-jointes/pieces-jointes"
    someone.fill(f"{papers}/ajouter", title="Copie du BTS", kind="COPIE_DIPLOME")
    paper = someone.read(papers).links["Copie du BTS"].rpartition("/")[2]
    from_entry, from_paper = (
        f"/livret/formations/{diploma}/liens",
        f"/livret/pieces-jointes/{paper}/liens",
    )

    def ticked(path: str, other: str) -> bool:
        forms = someone.read(path).forms
        return any(other in form.fields.get("piece", []) for form in forms)

    form = next(one for one in someone.read(from_entry).forms if "piece" in one.names)
    someone.send(from_entry, form.fields | {"piece": [paper]})
    assert ticked(from_entry, paper)
    assert "Pièces : Copie du BTS" in someone.read("/livret/formations/recapitulatif").text
    assert ticked(from_paper, diploma)
    form = next(one for one in someone.read(from_paper).forms if "piece" in one.names)
    someone.send(from_paper, form.fields | {"piece": []})
    assert not ticked(from_entry, paper)


def test_a_form_in_which_nothing_was_typed_is_no_draft(someone: Agent) -> None:
    answer = someone.fill(FORM, brouillon="1")
    assert answer.status_code == 422
    assert "il n’y a pas de brouillon à garder" in PageReader(answer.text).text
    assert "Brouillons" not in someone.read(LIST).headings
    assert someone.fill(FORM, title=" x ", brouillon="1").status_code == 303
    assert "Brouillons" in someone.read(LIST).headings


def test_removing_an_entry_names_the_dossiers_that_show_it(site: Site, someone: Agent) -> None:
    id = added(someone).rpartition("/")[2]
    assert "figure dans" not in someone.read(f"{LIST}/{id}/supprimer").text
    owner = site.bearer("owner")
    made = owner.do(
        """mutation($dossier: DossierInput!) { dossierSave(dossier: $dossier) {
          ... on DossierSaved { dossier { id } } } }""",
        dossier={"title": "Mutation", "purpose": "MUTATION", "entries": [id]},
    )["dossier"]["id"]
    page = someone.read(f"{LIST}/{id}/supprimer")
    assert "Cet élément figure dans un dossier, qui ne le montrera plus : « Mutation »" in page.text
    assert "de partage" not in page.text
    issued(owner, made)
    page = someone.read(f"{LIST}/{id}/supprimer")
    assert "« Mutation », avec un lien de partage en service" in page.text


def test_the_warnings_of_an_entry_stand_in_one_box(someone: Agent) -> None:
    posts = "/livret/experiences/experiences-professionnelles"
    form = someone.read(f"{posts}/ajouter").form(f"{posts}/ajouter")
    typed = {"employerName": "Ville", "jobTitle": "Agent", "sector": "FPT", "start": "2019"}
    typed |= {"end": "2021"}
    answer = someone.send(form.action, form.fields | typed)
    assert answer.status_code == 303, PageReader(answer.text).text
    page = someone.read(posts)
    boxes = [given for _, given in page.attributes if given.get("class") == "warning"]
    assert len(boxes) == 1
    assert page.text.count("À vérifier") == 1


def test_one_button_saves_the_links_and_the_papers_of_an_entry(someone: Agent) -> None:
    diploma = added(someone).rpartition("/")[2]
    competence = skill(someone, "Lire une rivière").rpartition("/")[2]
    papers = "/livret/pieces-jointes/pieces-jointes"
    someone.fill(f"{papers}/ajouter", title="Copie du BTS", kind="COPIE_DIPLOME")
    paper = someone.read(papers).links["Copie du BTS"].rpartition("/")[2]
    path = f"/livret/formations/{diploma}/liens"

    def said(answer: Any) -> str:
        page = someone.read(answer.headers["location"])
        (status,) = (
            text for text in page.texts if text.startswith(("Les liens sont", "Aucun lien n’est"))
        )
        return " ".join(status.split())

    assert said(someone.fill(path)) == "Aucun lien n’est choisi : rien n’a changé."
    tie, note = f"lien-{competence}", f"note-{competence}"
    answer = someone.fill(path, **{tie: "USED", note: "x" * 5_000, "piece": paper})
    assert answer.status_code == 422
    refused = PageReader(answer.text).form(path).fields
    assert (refused[tie], refused["piece"]) == (["USED"], [paper])
    assert "piece" not in someone.read(path).form(path).fields
    assert (
        said(someone.fill(path, **{tie: "USED", "piece": paper})) == "Les liens sont enregistrés."
    )
    kept = someone.read(path).form(path).fields
    assert (kept[tie], kept["piece"]) == (["USED"], [paper])
    gone = someone.fill(path, **{tie: "", "piece": []})
    assert said(gone) == "Les liens sont enregistrés : il n’en reste aucun."
    assert "piece" not in someone.read(path).form(path).fields


def test_the_summary_of_a_part_shows_all_that_was_entered(someone: Agent) -> None:
    added(someone)
    page = someone.read("/livret/formations/recapitulatif")
    assert "Titres et diplômes (1)" in page.headings
    assert "Concours (0)" in page.headings
    assert "Voie d’obtention Formation initiale" in page.text
    part = someone.read("/livret/formations")
    assert part.links["Titres et diplômes (1)"] == LIST
    assert "Le volet «" in part.text


def test_a_long_list_has_pages_and_shows_what_was_just_added(site: Site, someone: Agent) -> None:
    entries = [
        {"diploma": _STORED | {"title": f"Titre {n}", "awardedOn": f"{1950 + n}"}}
        for n in range(45)
    ]
    assert site.bearer("owner").do(ENTRIES_ADD, entries=entries)["__typename"] == "EntriesAdded"
    first, last = someone.read(LIST), someone.read(f"{LIST}?page=3")
    assert "Titre 44" in first.links
    assert "Titre 0" in last.links
    assert last.links["Page 1"] == f"{LIST}?page=1"
    assert len([one for one in last.headings if one.startswith("Titre ")]) == 5
    added = someone.fill(FORM, **(DIPLOMA | {"awardedOn": "1951"}))
    page = someone.read(added.headers["location"])
    assert DIPLOMA["title"] in page.links
    assert page.links["Voir l’élément"].removeprefix("#") in page.ids
    for odd, seen in (("0", "44"), ("99", "0"), ("x", "44"), ("-1", "44"), ("²", "44")):
        assert f"Titre {seen}" in someone.read(f"{LIST}?page={odd}").links
    recap = [someone.read(f"/livret/formations/recapitulatif?page={n}") for n in (1, 2)]
    assert [DIPLOMA["title"] in one.links for one in recap] == [False, True]


def test_an_entry_moves_over_the_edge_of_a_page(site: Site, someone: Agent) -> None:
    entries = [{"competence": {"label": f"Savoir {n}", "kind": "SAVOIR_FAIRE"}} for n in range(22)]
    assert site.bearer("owner").do(ENTRIES_ADD, entries=entries)["__typename"] == "EntriesAdded"

    def order() -> list[str]:
        pages = [someone.read(f"{SKILLS}?page={n}").headings for n in (1, 2)]
        return [one for page in pages for one in page if one.startswith("Savoir ")]

    before = order()
    page = someone.read(f"{SKILLS}?page=2")
    action = f"{page.links[before[20]]}/deplacer"
    up, _down = (form for form in page.forms if form.action == action)
    someone.send(up.action, up.fields)
    assert order() == [*before[:19], before[20], before[19], before[21]]


def test_pages_of_a_full_booklet_weigh_less_than_60_kilobytes(site: Site, someone: Agent) -> None:
    text = "Une phrase de quelques mots, pour voir. " * 8
    entries = [
        {
            "diploma": _STORED
            | {"title": f"{text[:150]} {n}", "awardedOn": f"{1950 + n % 70}", "content": text}
        }
        for n in range(100)
    ]
    for _ in range(3):
        assert site.bearer("owner").do(ENTRIES_ADD, entries=entries)["__typename"] == "EntriesAdded"
    competence = skill(someone, "Lire une rivière").rpartition("/")[2]
    paths = ["/livret", LIST, FORM, "/livret/formations/recapitulatif", "/livret/formations"]
    for path in (*paths, f"/livret/competences/{competence}/liens"):
        assert len(someone.get(path).content) < 60_000, path


def test_a_tie_on_another_page_stays(site: Site, someone: Agent) -> None:
    entries = [{"diploma": _STORED | {"title": f"T{n}", "awardedOn": "2000"}} for n in range(100)]
    for _ in range(2):
        site.bearer("owner").do(ENTRIES_ADD, entries=entries)
    competence = skill(someone, "Lire une rivière").rpartition("/")[2]
    path = f"/livret/competences/{competence}/liens"
    chosen = []
    for page in (2, 1):
        form = next(
            form for form in someone.read(f"{path}?page={page}").forms if form.action == path
        )
        name = next(name for name in form.names if name.startswith("lien-") and name not in chosen)
        chosen.append(name)
        assert someone.send(path, form.fields | {name: "USED"}).status_code == 303
    form = next(form for form in someone.read(path).forms if form.action == path)
    assert {name: form.fields[name] for name in chosen} == {key: ["USED"] for key in chosen}
