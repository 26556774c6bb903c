"""The pages of dossiers: purpose, choice, what one holds, removal."""

from typing import Any

from tests.graphql_api.agent_space.reader import Agent, PageReader, agent
from tests.graphql_api.documents import added
from tests.graphql_api.site import Site

LIST = "/livret/dossiers"
NEW = f"{LIST}/nouveau"


def second_step(someone: Agent, purpose: str) -> PageReader:
    """The form of a new dossier, once its purpose was chosen."""
    answer = someone.fill(NEW, purpose=purpose)
    assert answer.status_code == 200
    return PageReader(answer.text)


def made(someone: Agent, purpose: str = "MUTATION", **changes: Any) -> str:
    """The address of a dossier that was just made."""
    form = second_step(someone, purpose).form(NEW)
    assert set(changes) <= form.names
    answer = someone.send(NEW, form.fields | changes)
    assert answer.status_code == 303, answer.text
    where, _, notice = answer.headers["location"].partition("?")
    assert notice == "fait=dossier"
    return str(where)


def test_without_a_dossier_the_page_says_what_one_is_for_and_has_one_button(
    someone: Agent,
) -> None:
    page = someone.read(LIST)
    assert page.links["Préparer un premier dossier"] == NEW
    assert "Par exemple" in page.text
    assert "Livret individuel de formation" in page.links  # the whole booklet, which is built in


def test_a_purpose_is_asked_for_first(someone: Agent) -> None:
    answer = someone.fill(NEW)
    assert answer.status_code == 422
    page = PageReader(answer.text)
    assert page.links["Choisissez à quoi servira ce dossier."] == "#purpose"
    assert someone.send(NEW, {"purpose": "INVENTED"}).status_code == 422


def test_a_dossier_starts_with_the_usual_choice_of_its_purpose(someone: Agent) -> None:
    form = second_step(someone, "MUTATION").form(NEW)
    assert form.fields["title"] == ["Dossier de mutation"]
    assert "DIPLOMA" in form.fields["rubrique"]
    assert form.fields["identite"] == ["civility", "email", "phoneMobile"]
    assert form.fields["annexes"] == ["PANORAMA", "CHECKLIST"]
    assert form.fields["form"] == ["COMPACT"]
    assert form.fields["situation"] == ["oui"]
    assert "volet" not in form.fields


def test_a_dossier_is_made_shown_changed_and_removed(site: Site) -> None:
    someone = agent(site)
    caller = site.bearer("owner")
    added(caller, "diploma", title="Brevet de natation")
    kept = added(caller, "diploma", title="Brevet gardé", shareable=False)
    path = made(someone, recipient="DRH de Bordeaux", title="Pour Bordeaux")
    page = someone.read(f"{path}?fait=dossier")
    assert "Le dossier est créé." in page.text
    assert "DRH de Bordeaux" in page.text
    assert "cocher (rien à y mettre pour le moment)" in page.text  # it has no documents
    assert page.text.count("rien à y mettre") == 1
    assert "Brevet de natation" in page.text
    assert "Brevet gardé" not in page.text
    change = f"{path}/modifier"
    form = someone.read(change).form(change)
    assert form.fields["title"] == ["Pour Bordeaux"]
    answer = someone.fill(change, element=[kept["id"]], rubrique=[], recipient="", form="FULL")
    assert answer.headers["location"] == f"{path}?fait=dossier-modifie"
    page = someone.read(path)
    assert "Brevet gardé" in page.text
    assert "Brevet de natation" not in page.text
    assert "DRH de Bordeaux" not in page.text
    assert "À vérifier avant de communiquer" in page.headings  # it is sensitive, and was named
    assert "Pour Bordeaux" in someone.read(LIST).links
    answer = someone.fill(f"{path}/supprimer")
    assert answer.headers["location"] == f"{LIST}?fait=dossier-supprime"
    assert "Pour Bordeaux" not in someone.read(LIST).links
    assert someone.get(path).status_code == 404


def test_a_refused_dossier_comes_back_with_all_that_was_typed_and_ticked(site: Site) -> None:
    someone = agent(site)
    one = added(site.bearer("owner"), "diploma", title="Brevet de natation")
    form = second_step(someone, "VAE").form(NEW)
    typed = form.fields | {
        "title": "",
        "recipient": "Jury",
        "element": [one["id"]],
        "volet": ["COMPETENCES"],
    }
    answer = someone.send(NEW, typed)
    assert answer.status_code == 422
    page = PageReader(answer.text)
    assert page.links["« Titre » est obligatoire."] == "#title"
    again = page.form(NEW)
    assert again.fields["recipient"] == ["Jury"]
    assert again.fields["element"] == [one["id"]]
    assert again.fields["volet"] == ["COMPETENCES"]
    assert again.fields["purpose"] == ["VAE"]
    assert someone.read(LIST).links["Préparer un premier dossier"] == NEW


def test_the_same_form_sent_twice_makes_one_dossier(someone: Agent) -> None:
    form = second_step(someone, "VAE").form(NEW)
    first, second = someone.send(NEW, form.fields), someone.send(NEW, form.fields)
    assert first.headers["location"] == second.headers["location"]
    assert (
        list(someone.read(LIST).links).count("Dossier de validation des acquis de l’expérience")
        == 1
    )


def test_a_dossier_changed_meanwhile_shows_both_versions(site: Site) -> None:
    someone = agent(site)
    path = made(someone, "CANDIDATURE")
    change = f"{path}/modifier"
    form = someone.read(change).form(change)
    someone.send(
        change, form.fields | {"cle": "other", "title": "Ailleurs", "rubrique": ["COMPETENCE"]}
    )
    answer = someone.send(change, form.fields | {"title": "Ici"})
    assert answer.status_code == 409
    page = PageReader(answer.text)
    assert "Enregistré entre-temps : Ailleurs" in page.text
    assert "Enregistré entre-temps : non coché" in page.text
    again = page.form(change)
    assert again.fields["title"] == ["Ici"]
    assert someone.send(change, again.fields).status_code == 303
    assert "Ici" in someone.read(LIST).links


def test_a_dossier_that_was_removed_meanwhile_can_be_made_anew(site: Site) -> None:
    someone = agent(site)
    path = made(someone)
    change = f"{path}/modifier"
    form = someone.read(change).form(change)
    someone.fill(f"{path}/supprimer")
    answer = someone.send(change, form.fields | {"title": "Perdu ?"})
    assert answer.status_code == 409
    again = PageReader(answer.text).form(NEW)
    assert again.fields["title"] == ["Perdu ?"]
    assert someone.send(NEW, again.fields).status_code == 303


def test_a_request_for_exemption_is_refused_with_its_reasons_and_arithmetic(site: Site) -> None:
    someone = agent(site)
    caller = site.bearer("owner")
    diploma = added(caller, "diploma", title="Brevet sans niveau")
    added(caller, "professionalExperience", start="2020-01", end="2020-06", ongoing=None)
    page = second_step(someone, "DISPENSE_FORMATION")
    form = page.form(NEW)
    assert "Demande de dispense" in page.headings
    request = {
        "employerName": "Ville de Pau",
        "cadreEmplois": "Rédacteurs territoriaux",
        "trainingType": "INTEGRATION",
        "statutoryDays": "10",
        "requestedDays": "12",
        "ground": "ART18_EXPERIENCE",
    }
    answer = someone.send(NEW, form.fields | request | {"element": [diploma["id"]]})
    assert answer.status_code == 422
    unread = request | {"requestedDays": "douze"}
    told = PageReader(someone.send(NEW, form.fields | unread | {"element": [diploma["id"]]}).text)
    assert "indiquez un nombre" in told.text
    assert "le niveau de chaque diplôme est obligatoire" in told.text
    text = PageReader(answer.text).text
    assert "La dispense demandée (12 jours) dépasse la durée statutaire (10 jours)" in text
    assert "font 6 mois : il manque 2 ans et 6 mois" in text
    assert "il manque pour « Brevet sans niveau » : indiquez-le, ou décochez ce diplôme" in text
    assert "Brevet sans niveau : Dans" not in text
    again = PageReader(answer.text).form(NEW)
    assert again.fields["employerName"] == ["Ville de Pau"]


def test_the_whole_booklet_can_be_neither_changed_nor_removed(someone: Agent) -> None:
    path = someone.read(LIST).links["Livret individuel de formation"]
    assert "Modifier" not in someone.read(path).links
    for end in ("modifier", "supprimer"):
        assert someone.get(f"{path}/{end}").status_code == 404


def test_what_goes_with_a_dossier_is_told_in_numbers(site: Site) -> None:
    someone = agent(site)
    path = made(someone)
    id = path.rpartition("/")[2]
    issue = """mutation($dossier: ID!) {
      shareLinkIssue(dossier: $dossier, name: "A") { __typename }
    }"""
    assert site.bearer("owner").do(issue, dossier=id)["__typename"] == "ShareLinkIssued"
    page = someone.read(f"{path}/supprimer")
    assert "Avec lui disparaît 1 lien de partage, dont 1 en service" in page.text


def test_the_dossiers_of_somebody_else_do_not_exist(site: Site) -> None:
    mine = agent(site)
    path = made(mine)
    other = agent(site, "other")
    for end in ("", "/modifier", "/supprimer"):
        assert other.get(f"{path}{end}").status_code == 404
    fields = {"cle": "k", "version": "1", "purpose": "VAE", "title": "Pris"}
    assert other.send(f"{path}/modifier", fields).status_code == 409
    assert "Pris" not in mine.read(LIST).links


def test_before_a_booklet_is_open_there_are_no_dossiers(site: Site) -> None:
    newcomer = agent(site, "newcomer", booklet=False)
    for path in (LIST, NEW):
        assert newcomer.get(path).headers["location"] == "/livret"


def test_the_preview_frames_the_dossier_in_a_sandbox(someone: Agent) -> None:
    path = made(someone)
    id = path.rpartition("/")[2]
    answer = someone.get(f"{path}/apercu")
    assert "frame-src 'self'" in answer.headers["content-security-policy"]
    (frame,) = (given for tag, given in PageReader(answer.text).attributes if tag == "iframe")
    assert (frame["src"], frame["sandbox"]) == (f"/dossiers/{id}/apercu", "")
    assert frame["title"]
    assert "frame-src" not in someone.get(path).headers["content-security-policy"]


def test_a_dossier_that_becomes_a_request_for_exemption_asks_for_its_form(someone: Agent) -> None:
    change = f"{made(someone, 'VAE')}/modifier"
    form = someone.read(change).form(change)
    assert "employerName" not in form.names
    typed = form.fields | {"purpose": "DISPENSE_FORMATION", "recipient": "CNFPT"}
    answer = someone.send(change, typed)
    assert answer.status_code == 422
    page = PageReader(answer.text)
    assert page.links == page.links | {
        "Une demande de dispense comporte un formulaire : remplissez-le.": "#dispense"
    }
    again = page.form(change)
    assert "employerName" in again.names
    assert again.fields["recipient"] == ["CNFPT"]
    request = {
        "employerName": "Ville de Pau",
        "cadreEmplois": "Rédacteurs territoriaux",
        "trainingType": "INTEGRATION",
        "statutoryDays": "10",
        "requestedDays": "5",
        "ground": "ART17_FORMATIONS",
    }
    answer = someone.send(change, again.fields | request)
    assert answer.status_code == 303, answer.text
    page = someone.read(answer.headers["location"])
    assert "Dispense demandée 5 jours" in page.text
    assert (  # a warning, for the holder
        "Aucune formation suivie ne figure dans ce dossier pour appuyer ce motif"
        " (article 17 du décret n° 2008-512 du 29 mai 2008)."
    ) in page.text
    assert "Reste à suivre 5 jours" in page.text
    assert "Aucun élément du dossier n’appuie encore ce motif." in page.text
    listed = someone.read("/livret/dossiers").text  # requests bear one title: the ground differs
    assert "Dispense demandée : 5 jours" in listed
    assert "(article 17" in listed


def test_a_dossier_for_a_mutation_may_name_the_post_that_is_sought(someone: Agent) -> None:
    for purpose in ("VAE", "DISPENSE_FORMATION"):
        assert "soughtPost" not in second_step(someone, purpose).form(NEW).names
    path = made(someone, "MUTATION", soughtPost="Responsable du service population")
    for where in (path, LIST):
        assert "Responsable du service population" in someone.read(where).text
    change = f"{path}/modifier"
    form = someone.read(change).form(change)
    assert form.fields["soughtPost"] == ["Responsable du service population"]
    refused = someone.fill(change, soughtPost="x" * 201)
    assert refused.status_code == 422
    assert "#soughtPost" in PageReader(refused.text).links.values()
    someone.fill(change, soughtPost="")
    assert "Poste recherché" not in someone.read(path).text


def test_what_no_form_of_ours_offers_is_not_sent(someone: Agent) -> None:
    form = second_step(someone, "VAE").form(NEW)
    odd = {"volet": ["NONE"], "rubrique": ["NONE"], "annexes": ["NONE"], "identite": ["lastName"]}
    answer = someone.send(NEW, form.fields | odd | {"form": "NONE"})
    assert answer.status_code == 303, answer.text
    assert "Aucun élément de votre livret" in someone.read(answer.headers["location"]).text


def test_a_request_for_exemption_shows_what_each_post_counts_for(site: Site) -> None:
    someone = agent(site)
    caller = site.bearer("owner")
    for start, end in (("2010-01", "2012-12"), ("2012-01", "2013-12")):
        added(caller, "professionalExperience", start=start, end=end, ongoing=None)
    path = made(
        someone,
        "DISPENSE_FORMATION",
        employerName="Ville de Pau",
        cadreEmplois="Rédacteurs territoriaux",
        trainingType="INTEGRATION",
        statutoryDays="10",
        requestedDays="5",
        ground="ART18_EXPERIENCE",
    )
    text = someone.read(path).text
    assert ": 3 ans" in text
    assert ": 2 ans" in text
    assert "En tout : 4 ans, les périodes qui se chevauchent comptées une seule fois." in text


def test_a_request_for_exemption_begins_with_what_the_booklet_knows(site: Site) -> None:
    someone = agent(site)
    change = f"{made(someone, 'VAE')}/modifier"
    assert "repris ci-dessous" not in second_step(someone, "DISPENSE_FORMATION").text
    added(
        site.bearer("owner"),
        "professionalExperience",
        start="2019",
        end=None,
        ongoing=True,
        employerName="Ville de Pau",
        grade="Rédacteur",
        cadreEmplois="REDACTEURS",
        missions="Instruire les demandes.",
    )
    known = {
        "employerName": ["Ville de Pau"],
        "cadreEmplois": ["REDACTEURS"],
        "grade": ["Rédacteur"],
        "duties": ["Instruire les demandes."],
    }
    page = second_step(someone, "DISPENSE_FORMATION")
    assert "repris ci-dessous" in page.text
    form = page.form(NEW).fields
    assert form == form | known
    refused = someone.send(NEW, form | {"grade": "", "employerName": "Ville de Tarbes"})
    assert refused.status_code == 422
    again = PageReader(refused.text)
    assert again.form(NEW).fields["grade"] == [""]  # what was typed, or taken away, stays
    assert again.form(NEW).fields["employerName"] == ["Ville de Tarbes"]
    assert "repris ci-dessous" not in again.text
    form = someone.read(change).form(change).fields
    turned = someone.send(change, form | {"purpose": "DISPENSE_FORMATION"})
    assert PageReader(turned.text).form(change).fields["grade"] == ["Rédacteur"]


def test_a_refused_request_leads_to_the_forms_of_what_is_missing(site: Site) -> None:
    someone = agent(site)
    bare = added(site.bearer("owner"), "diploma", title="Brevet", level=None)
    request = {
        "employerName": "Ville de Pau",
        "cadreEmplois": "REDACTEURS",
        "trainingType": "INTEGRATION",
        "statutoryDays": "10",
        "requestedDays": "5",
        "ground": "ART18_EXPERIENCE",
    }
    diploma = f"/livret/formations/titres-et-diplomes/{bare['id']}"
    posts = "/livret/experiences/experiences-professionnelles/ajouter"
    form = second_step(someone, "DISPENSE_FORMATION").form(NEW)
    for more in ({}, {"element": [bare["id"]], "rubrique": []}):  # with its rubric; by itself
        answer = someone.send(NEW, form.fields | request | more)
        assert answer.status_code == 422
        page = PageReader(answer.text)
        assert page.links["Compléter « Brevet » (nouvel onglet)"] == diploma
        assert page.links["Ajouter : Expériences professionnelles (nouvel onglet)"] == posts
        assert "votre saisie reste dans ce formulaire" in page.text
    for path in (diploma, posts):
        assert someone.get(path).status_code == 200
    someone.fill(diploma, level="4")
    kept = page.form(NEW).fields | {"ground": "ART18_TITRE_DIPLOME", "rubrique": []}
    answer = someone.send(NEW, kept | {"element": []})
    assert answer.status_code == 303, answer.text
    page = someone.read(answer.headers["location"])
    assert page.links["Ajouter : Titres et diplômes"].endswith("/titres-et-diplomes/ajouter")
    assert "Ajouter : Pièces jointes" in page.links  # the description of the post
    field = page.links["Compléter « Signataire pour l’employeur »"]
    form, _, name = field.partition("#")
    assert form == f"{answer.headers['location'].partition('?')[0]}/modifier"
    assert f'id="{name}"' in someone.get(form).text


def test_an_empty_request_for_exemption_names_its_fields_and_nothing_more(someone: Agent) -> None:
    form = second_step(someone, "DISPENSE_FORMATION").form(NEW)
    page = PageReader(someone.send(NEW, form.fields).text)
    assert "6 points sont à corriger" in page.headings
    assert "remplissez-le" not in page.text
