"""The whole way of an agent in a real browser, from an account to its end, as somebody who knows the guide alone.

Once with script, by the keyboard alone, on SQLite, and each page judged; once without script, with a
finger on a small telephone, on PostgreSQL.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest

from tests.conftest import Here
from tests.patience import PATIENCE_SECONDS

from .agent_forms import GuideForms
from .chromium import Download, Locator, Tab, Tabs, expect
from .hands import Hands, Keyboard, Pointer
from .page_judge import BEYOND, Judge, complaints_of
from .service import RealService, serving

pytestmark = pytest.mark.real

EMAIL, PASSWORD = "camille@example.org", "sept mots que personne ne devine jamais ensemble"
TELEPHONE = {"width": 320, "height": 640}
STATUS = "[role=status]"


@dataclass
class Walk:
    """An agent on the way: what they see, how they act, and what is looked at in each page."""

    service: RealService
    tab: Tab
    hands: Hands
    forms: GuideForms
    look: Callable[[str], None]

    def arrive(self, heading: str) -> None:
        """Wait for a page by its heading, and look at it."""
        expect(self.tab.page.locator("h1")).to_contain_text(heading)
        self.look(f"{heading}, {urlsplit(self.tab.page.url).path}")

    def follow(self, text: str, heading: str = "", within: str = "main") -> None:
        """Follow a link by its text."""
        self.hands.press(self.tab.page.locator(f"{within} a", has_text=text).first)
        self.arrive(heading or text)

    def menu(self, text: str, heading: str = "") -> None:
        """Follow a line of the menu."""
        self.follow(text, heading, "nav.menu")

    def button(self, text: str) -> Locator:
        return self.tab.page.locator("main button", has_text=text).first

    def send(self, text: str, heading: str) -> None:
        """Send a form by its button, and come to the page that follows."""
        self.hands.press(self.button(text))
        self.arrive(heading)

    def write(self, name: str, text: str) -> None:
        self.hands.write(self.tab.page.locator(f"#{name}"), text)

    def save(self, target: Locator, folder: Path) -> Path:
        """Save the file that a link leads to."""
        with self.tab.page.expect_download() as saved:
            self.hands.press(target)
        path = folder / saved.value.suggested_filename
        saved.value.save_as(path)
        return path


def register(one: Walk) -> None:
    one.tab.page.goto(one.service.url)
    one.follow("Créer votre compte")
    one.hands.choose(one.tab.page.locator("#civility"), "MME")
    for name, text in {
        "family_name": "Lefèvre",
        "given_name": "Camille",
        "email": EMAIL,
        "email_again": EMAIL,
        "password": PASSWORD,
        "password_again": PASSWORD,
    }.items():
        one.write(name, text)
    one.hands.press(one.button("Valider"))
    one.tab.page.wait_for_url("**/account/registered")
    one.look("registered")
    one.tab.page.goto(link_in_letter(one.service.folder))
    one.send("Valider", "compte")
    one.tab.page.goto(f"{one.service.url}/sign-in")
    one.write("email", EMAIL)
    one.write("password", PASSWORD)
    one.send("Se connecter", "Espace Pro")


def link_in_letter(folder: Path) -> str:
    """The address in the one letter that was sent."""
    (letter,) = folder.glob("*.eml")
    body = message_from_bytes(letter.read_bytes(), policy=policy.default).get_content()
    found = re.search(r"http\S+/account/activate\S+", body)
    assert found, body
    return found[0]


def open_booklet(one: Walk, code: str) -> None:
    one.follow("Créez votre livret", "Introduction")
    one.follow("Suivant", "Autorisation")
    one.write("code", code)
    one.send("Suivant", "Charte")
    one.send("J’accepte", "Identité")
    one.forms.fill(one.tab.page, one.hands, one.forms.identity)
    one.send("Valider", "Votre livret")
    one.menu("Situation actuelle")
    one.forms.fill(one.tab.page, one.hands, one.forms.situation)
    one.send("Enregistrer", "Votre livret")


def fill_rubrics(one: Walk) -> None:
    """Something in each rubric; one form is refused first, and nothing typed is lost."""
    for rubric in one.forms.rubrics:
        one.tab.page.goto(f"{one.service.url}{rubric.path}")
        one.arrive(rubric.label)
        one.follow("Ajouter", "Ajouter")
        one.forms.fill(one.tab.page, one.hands, rubric.fields)
        one.send("Ajouter", rubric.label)
        expect(one.tab.page.locator(STATUS)).to_contain_text("est ajouté")
        expect(one.tab.page.locator("li.entry")).to_have_count(1)


def tie_competence(one: Walk) -> None:
    page = one.tab.page
    competence = next(each for each in one.forms.rubrics if each.key == "competence")
    page.goto(f"{one.service.url}{competence.path}")
    one.hands.press(page.locator("li.entry .row-actions a", has_text="Liens"))
    expect(page.locator("main select").first).to_be_visible()
    one.look("ties")
    first = page.locator("main select").first
    one.hands.choose(first, str(first.locator("option").nth(1).get_attribute("value")))
    one.hands.tick(page.locator("main input[name=piece]").first)
    one.hands.press(one.button("Enregistrer les liens"))
    expect(page.locator(STATUS)).to_contain_text("Les liens sont enregistrés")
    expect(page.locator("main input[name=piece]").first).to_be_checked()
    one.menu("Pièces jointes")
    one.menu("Panorama")


def make_dossier(one: Walk) -> None:
    page = one.tab.page
    one.menu("Dossiers")
    one.follow("Préparer un premier dossier", "Nouveau dossier")
    one.hands.tick(page.locator("main input[value=MUTATION]"))
    one.hands.press(one.button("Continuer"))
    expect(page.locator("input[name=form]:checked")).to_have_value("COMPACT")
    one.look("the form of a dossier")
    one.write("title", "Pour ma mutation")
    one.send("Créer le dossier", "Pour ma mutation")


def download(one: Walk, folder: Path) -> None:
    """Look at what the reader will see, and take it as a page and as a PDF."""
    page, dossier = one.tab.page, one.tab.page.url.partition("?")[0]
    one.follow("Aperçu")
    printed = page.frame_locator("iframe").locator("body")
    expect(printed).to_contain_text("Camille" if "Camille" in printed.inner_text() else "Lefèvre")
    one.follow("Télécharger", "Pour ma mutation")
    html = one.save(page.locator("main a[href$='.html']"), folder)
    assert "</html>" in html.read_text("utf-8")
    assert take_pdf(one, folder).read_bytes().startswith(b"%PDF-")
    page.goto(dossier)


def take_pdf(one: Walk, folder: Path) -> Path:
    """Save the PDF: a quick print is sent at once, a slow one has a page that leads to it."""
    page = one.tab.page
    sent: list[Download] = []
    page.once("download", lambda download: sent.append(download))
    one.hands.press(page.locator("main a", has_text="PDF"))
    ready = page.get_by_role("link", name="Télécharger", exact=True)
    for _ in range(int(PATIENCE_SECONDS) * 10):
        if sent or ready.is_visible():
            break
        page.wait_for_timeout(100)  # Playwright tells of a download only while it is asked to wait
    if not sent:
        one.look("the PDF is ready")
        return one.save(ready, folder)
    path = folder / sent[0].suggested_filename
    sent[0].save_as(path)
    return path


def share(one: Walk, reader: Tab) -> None:
    """Give a link, read by it as somebody else does, withdraw it: the reader reads no more."""
    page = one.tab.page
    one.follow("Partager par un lien", "Liens de partage")
    one.write("name", "Service des ressources humaines")
    one.send("Créer le lien", "Lien créé")
    address = str(page.locator(".once code").first.inner_text())
    reader.page.goto(address)
    reader.page.click("main button[type=submit]")
    with reader.page.expect_popup() as opened:
        reader.page.click("a[href$='/dossier']")
    expect(opened.value.locator("body")).to_contain_text("Pour ma mutation")
    one.follow("Liens de partage")
    expect(page.locator("main")).not_to_contain_text("jamais ouvert")
    one.follow("Retirer", "Retirer ce lien ?")
    one.send("Retirer le lien", "Liens de partage")
    expect(page.locator(STATUS)).to_contain_text("Le lien est retiré")
    opened.value.reload()
    expect(opened.value.locator("h1")).to_have_text("Dossier non ouvert")
    one.menu("Journal des accès")
    expect(page.locator("main")).to_contain_text("Service des ressources humaines")


def leave(one: Walk, folder: Path) -> None:
    """Take the record out, close the booklet, then the account."""
    page = one.tab.page
    one.menu("Fermer votre livret")
    record = one.save(page.locator("main a", has_text="Télécharger vos données"), folder)
    assert "Pour ma mutation" in record.read_text("utf-8")
    type_words(one)
    one.send("Fermer définitivement", "Votre livret est fermé")
    one.follow("Supprimer votre compte")
    type_words(one)
    one.send("Supprimer définitivement", "Votre compte est supprimé")
    page.goto(f"{one.service.url}/livret")
    expect(page.locator("#email")).to_be_visible()


def type_words(one: Walk) -> None:
    """Type the words that a form asks for, as it shows them."""
    label = one.tab.page.locator("main label", has_text="tapez ces mots").first
    words = label.inner_text().rpartition(":")[2].replace("(obligatoire)", "").strip()
    one.hands.write(one.tab.page.locator(f"#{label.get_attribute('for')}"), words)


def whole_way(one: Walk, reader: Tab, code: str, folder: Path) -> None:
    register(one)
    open_booklet(one, code)
    fill_rubrics(one)
    tie_competence(one)
    make_dossier(one)
    download(one, folder)
    share(one, reader)
    leave(one, folder)


def fresh_code(service: RealService) -> str:
    with httpx2.Client(base_url=service.url, trust_env=False, timeout=PATIENCE_SECONDS) as client:
        return Here("sqlite", service.deployment, client).code()


def test_an_agent_goes_the_whole_way_by_the_keyboard_alone(
    service: RealService, tabs: Tabs, tmp_path: Path
) -> None:
    tab = tabs.open(viewport={"width": 1280, "height": 800})
    (tmp_path / "pages").mkdir()
    judge = Judge(tab, tmp_path / "pages")
    one = Walk(service, tab, Keyboard(tab.page), GuideForms(service.url), judge.look)
    whole_way(one, tabs.open(), fresh_code(service), tmp_path)
    judge.ask_nu()
    assert not judge.findings, "\n".join(judge.findings)


def test_an_agent_goes_the_whole_way_on_a_telephone_without_script(
    tabs: Tabs, tmp_path: Path, postgresql: Callable[[str], str]
) -> None:
    urls = {
        "LIVRET_DATABASE_URL": postgresql("journey"),
        "LIVRET_KEY_STORE_URL": postgresql("journey_keys"),
    }
    with serving(tmp_path, **urls) as service:
        tab = tabs.open(
            viewport=TELEPHONE, is_mobile=True, has_touch=True, java_script_enabled=False
        )

        def look(name: str) -> None:
            assert tab.page.evaluate(BEYOND) == [], name

        one = Walk(service, tab, Pointer(), GuideForms(service.url), look)
        reader = tabs.open(viewport=TELEPHONE, is_mobile=True)
        whole_way(one, reader, fresh_code(service), tmp_path)
        assert complaints_of(tab) == []
