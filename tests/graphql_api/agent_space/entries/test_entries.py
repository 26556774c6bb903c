"""The pages of a rubric: list, form, removal, in every rubric."""

from typing import Any

import pytest

from schema.entries.parts import PARTS
from schema.guide import rubric_guides, slug_of
from tests.graphql_api.agent_space.reader import Agent, PageReader, agent
from tests.graphql_api.site import Site

LIST = "/livret/formations/titres-et-diplomes"
FORM = f"{LIST}/ajouter"
DIPLOMA = {
    "title": "BTS Gestion de l’eau",
    "kind": "DIPLOME",
    "outcome": "OBTENU",
    "awardedOn": "06/2008",
    "route": "FORMATION_INITIALE",
}
RUBRICS = [
    f"/livret/{slug_of(words.label.removeprefix('Mes '))}/{guide.slug}"
    for words in PARTS
    for guide in rubric_guides()
    if guide.part is words.part
]


@pytest.mark.parametrize("path", RUBRICS)
def test_an_empty_rubric_says_what_it_is_for_and_has_one_button(someone: Agent, path: str) -> None:
    (rubric,) = (one for one in rubric_guides() if path.endswith(f"/{one.slug}"))
    page = someone.read(path)
    assert page.links[f"Ajouter {rubric.one}"] == f"{path}/ajouter"
    assert someone.read(f"{path}/ajouter").headings[0] == f"Ajouter {rubric.one}"
    assert "Exemple – " in page.text  # it may have a colon of its own


@pytest.mark.parametrize("path", RUBRICS)
def test_the_form_has_every_field_of_the_guide_with_its_label(someone: Agent, path: str) -> None:
    (rubric,) = (one for one in rubric_guides() if path.endswith(f"/{one.slug}"))
    page = someone.read(f"{path}/ajouter")
    form = page.form(f"{path}/ajouter")
    assert form.names == {one.key for one in rubric.fields} | {"cle", "brouillon"}
    for field in rubric.fields:
        assert " ".join(field.label.split()) in page.text  # the reader's spaces are ordinary
    help = rubric.help
    for told in (help.what_it_is, help.to_enter, *help.examples, *help.documents, help.legal):
        assert " ".join(told.split()) in page.text
    assert "De quoi s’agit-il ?" in page.text
    assert len(set(page.ids)) == len(page.ids)


def test_an_entry_is_added_shown_changed_and_removed(someone: Agent) -> None:
    answer = someone.fill(FORM, **DIPLOMA)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"{LIST}?fait=ajout&voir=")
    page = someone.read(answer.headers["location"])
    assert "L’élément est ajouté à votre livret." in page.text
    assert "Titres et diplômes (1)" in page.links
    assert "Date d’obtention juin 2008" in page.text
    entry = page.links[DIPLOMA["title"]]
    form = someone.read(entry).form(entry)
    assert form.fields["awardedOn"] == ["06/2008"]
    assert form.fields["kind"] == ["DIPLOME"]
    answer = someone.fill(entry, title="BTS", awardedOn="2009", speciality="Rivières")
    assert answer.headers["location"].startswith(f"{LIST}?fait=modification")
    page = someone.read(LIST)
    assert "Spécialité / mention / option Rivières" in page.text
    answer = someone.fill(f"{entry}/supprimer")
    assert answer.headers["location"] == f"{LIST}?fait=suppression"
    assert "Titres et diplômes (0)" in someone.read(LIST).links


def test_a_field_that_is_emptied_is_erased(someone: Agent) -> None:
    someone.fill(FORM, **DIPLOMA, speciality="Rivières")
    entry = someone.read(LIST).links[DIPLOMA["title"]]
    someone.fill(entry, speciality="")
    assert "Rivières" not in someone.read(LIST).text


def test_a_refused_form_comes_back_whole_with_each_problem_at_its_field(someone: Agent) -> None:
    typed = DIPLOMA | {"awardedOn": "<hier>", "route": "", "content": "\nDeux\nlignes & plus"}
    answer = someone.fill(FORM, **typed)
    assert answer.status_code == 422
    assert answer.headers["cache-control"] == "no-store"
    page = PageReader(answer.text)
    assert "<title>Erreur\N{NARROW NO-BREAK SPACE}: Ajouter" in answer.text
    assert "2 points sont à corriger" in page.headings
    form = page.form(FORM)
    assert {name: form.fields.get(name) for name in ("title", "awardedOn", "content")} == {
        "title": [typed["title"]],
        "awardedOn": ["<hier>"],
        "content": ["\nDeux\nlignes & plus"],
    }
    wrong = {given.get("name") for _, given in page.attributes if "aria-invalid" in given}
    assert wrong == {"awardedOn", "route"}
    for name in wrong:
        assert f"#{name}" in page.links.values()
        assert name in page.ids
    described = " ".join(given.get("aria-describedby", "") for _, given in page.attributes)
    assert set(described.split()) <= set(page.ids)
    assert {"awardedOn-problem", "route-problem"} <= set(described.split())
    assert ("autofocus" in given for _, given in page.attributes)


def test_all_that_is_wrong_is_told_at_once_and_each_line_names_its_field(someone: Agent) -> None:
    posts = "/livret/experiences/experiences-professionnelles"
    typed = {
        "managedHeadcount": "douze",
        "workQuota": "1;2",
        "employerSiret": "123",
        "start": "hier",
    }
    page = PageReader(someone.fill(f"{posts}/ajouter", **typed).text)
    told = {href: line for line, href in page.links.items() if href.startswith("#")}
    assert told["#managedHeadcount"] == "« Encadrement (effectif) » : indiquez un nombre entier."
    assert told["#workQuota"].endswith(": indiquez un nombre.")
    assert told["#employerSiret"] == "« SIRET (employeur) » : le SIRET comporte 14 chiffres."
    assert {"#start", "#jobTitle"} <= set(told)
    problems = {href[1:] for href in told} - {"contenu", "menu"}
    assert {f"{name}-problem" for name in problems} <= set(page.ids)
    assert someone.read(posts).links["Ajouter une expérience professionnelle"] == f"{posts}/ajouter"


def test_what_is_right_but_for_a_number_is_not_added(someone: Agent) -> None:
    posts = "/livret/experiences/experiences-extra-professionnelles"
    typed = {
        "position": "Trésorière",
        "organisation": "Club",
        "start": "2019",
        "hoursPerWeek": "peu",
    }
    kinds = someone.read(f"{posts}/ajouter").form(f"{posts}/ajouter").names
    typed = {name: text for name, text in typed.items() if name in kinds}
    for button in ({}, {"brouillon": ""}):
        answer = someone.fill(f"{posts}/ajouter", **typed, **button)
        assert answer.status_code == 422
        assert "hoursPerWeek-problem" in PageReader(answer.text).ids
    page = someone.read(posts)
    assert "Brouillons" not in page.headings
    assert page.links["Ajouter une expérience extra-professionnelle"] == f"{posts}/ajouter"


def test_a_problem_without_a_field_stands_in_the_summary(someone: Agent) -> None:
    form = someone.read(FORM).form(FORM)
    answer = someone.send(FORM, form.fields | DIPLOMA | {"cle": "x" * 200})
    assert answer.status_code == 422
    page = PageReader(answer.text)
    assert "Un point est à corriger" in page.headings
    assert "La clé d’idempotence comporte" in page.text


def test_a_form_that_is_sent_twice_adds_one_entry(someone: Agent) -> None:
    fields = someone.read(FORM).form(FORM).fields | DIPLOMA
    answers = [someone.send(FORM, fields) for _ in range(2)]
    places = [answer.headers["location"] for answer in answers]
    assert places[0].startswith(f"{LIST}?fait=ajout&voir=")
    assert places == places[:1] * 2
    assert "Titres et diplômes (1)" in someone.read(LIST).links


def test_a_removal_that_is_sent_twice_is_done(someone: Agent) -> None:
    someone.fill(FORM, **DIPLOMA)
    path = f"{someone.read(LIST).links[DIPLOMA['title']]}/supprimer"
    fields = someone.read(path).form(path).fields
    answers = [someone.send(path, fields | {"cle": key}) for key in ("a", "b")]
    assert [answer.headers["location"] for answer in answers] == [f"{LIST}?fait=suppression"] * 2


@pytest.mark.parametrize("key", ["", "/supprimer"])
def test_the_entry_of_somebody_else_is_not_there(site: Site, someone: Agent, key: str) -> None:
    someone.fill(FORM, **DIPLOMA)
    entry = someone.read(LIST).links[DIPLOMA["title"]]
    stranger = agent(site, "stranger")
    mine, theirs = (
        stranger.get(f"{entry}{key}"),
        stranger.get(f"{LIST}/{'0' * 8}-0000-4000-8000-{'0' * 12}{key}"),
    )
    assert (mine.status_code, mine.text) == (theirs.status_code, theirs.text)
    assert mine.status_code == 404
    sent = stranger.send(entry, {"version": "1", "title": "À moi"})
    assert sent.status_code == 409  # as an entry that was removed meanwhile
    assert PageReader(sent.text).form(FORM).fields["title"] == ["À moi"]
    assert "À moi" not in someone.read(LIST).text


def test_the_entry_of_another_rubric_is_not_there(someone: Agent) -> None:
    someone.fill(FORM, **DIPLOMA)
    entry = someone.read(LIST).links[DIPLOMA["title"]]
    assert someone.get(entry.replace("titres-et-diplomes", "concours")).status_code == 404


@pytest.mark.parametrize(
    ("site_said", "origin"),
    [
        ("cross-site", "https://evil.example"),
        ("same-site", ""),
        ("", "https://evil.example"),
        ("", "null"),
        ("", ""),
    ],
)
def test_a_form_of_another_site_does_nothing(someone: Agent, site_said: str, origin: str) -> None:
    answer = someone.send(FORM, DIPLOMA, sec_fetch_site=site_said, origin=origin)
    assert answer.status_code == 403
    assert "Titres et diplômes (0)" in someone.read(LIST).links


@pytest.mark.parametrize(
    ("site_said", "origin"), [("same-origin", ""), ("", "https://livret.test")]
)
def test_a_form_of_ours_is_taken_from_new_and_old_browsers(
    someone: Agent, site_said: str, origin: str
) -> None:
    answer = someone.send(FORM, DIPLOMA, sec_fetch_site=site_said, origin=origin)
    assert answer.status_code == 303


@pytest.mark.parametrize(
    "path",
    [
        "/livret/formations/nulle-part",
        "/livret/experiences/titres-et-diplomes",
        "/livret/x/concours",
    ],
)
def test_a_rubric_that_does_not_exist_is_not_found(someone: Agent, path: str) -> None:
    assert someone.get(path).status_code == 404


def test_whoever_is_not_signed_in_is_led_to_sign_in_and_back(site: Site) -> None:
    answer = site.browser().get(f"{LIST}?fait=ajout", accept="text/html")
    assert answer.status_code == 303
    assert answer.headers["location"] == (
        "/sign-in?next=%2Flivret%2Fformations%2Ftitres-et-diplomes%3Ffait%3Dajout"
    )


def test_without_an_open_booklet_the_pages_lead_to_what_comes_next(site: Site) -> None:
    newcomer = agent(site, "newcomer", booklet=False)
    for path in (LIST, FORM):
        answer = newcomer.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, "/livret")


def test_what_is_typed_is_shown_as_text(someone: Agent) -> None:
    someone.fill(FORM, **DIPLOMA | {"title": "<script>alert(1)</script>"})
    page = someone.get(LIST).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_body_that_is_too_long_or_no_form_is_refused(someone: Agent) -> None:
    long = someone.send(FORM, DIPLOMA | {"content": "x" * 70_000})
    json: Any = someone.browser.client.post(
        FORM, json={}, headers={"sec-fetch-site": "same-origin"}, follow_redirects=False
    )
    assert (long.status_code, json.status_code) == (400, 400)
