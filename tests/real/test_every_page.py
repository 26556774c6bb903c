"""Pages reached by links, and refused: by axe in light, dark and forced colours, by Nu, at 1280, 360 and 320 px.

Those of an open booklet are judged with the demo's, which has something of everything; the steps of
opening one, on its whole way: `test_agent_journey.py`.
"""

from pathlib import Path

import httpx2
import pytest

from graphql_api.callers import sites
from graphql_api.callers.local_authorities import give_name
from graphql_api.callers.officers import add_officer, add_operator
from graphql_api.codes.codes import issue
from graphql_api.demo.loading import load_booklet
from graphql_api.storage.actors import Agent, Anonymous
from tests.conftest import Here
from tests.graphql_api.consents.consents import given
from tests.graphql_api.documents import SAVE_DRAFT
from tests.graphql_api.dossiers.dossiers import made_for
from tests.graphql_api.office import BORDEAUX
from tests.graphql_api.share_links.share_links import issued
from tests.patience import PATIENCE_SECONDS

from .chromium import Tab, Tabs
from .crawling import judge_all
from .page_judge import WIDE, Judge
from .service import EMAIL, PASSWORD, RealService

pytestmark = pytest.mark.real

# Judged as the pages for anybody.
PUBLIC = (
    "^/(aide|accessibilite|mentions-legales|donnees-personnelles|contact|verifier|account/sign-in)$"
)
SITE = "75"
BROKEN = """<!doctype html><html lang="fr"><title>x</title><main><h1>x</h1><h3>y</h3>
<p style="color: #999; width: 900px">gris</p><p>%s</p><input></main>""" % ("mot " * 16_000)


@pytest.fixture
def judge(tabs: Tabs, tmp_path: Path) -> Judge:
    tab = tabs.open()
    tab.page.set_viewport_size(WIDE)  # type: ignore[arg-type] # a ViewportSize is such a dict
    return Judge(tab, tmp_path)


def sign_in(tab: Tab, url: str, email: str) -> None:
    tab.page.goto(f"{url}/sign-in")
    tab.page.fill("#email", email)
    tab.page.fill("#password", PASSWORD)
    tab.page.click("main button[type=submit]")
    tab.page.wait_for_url(f"{url}/")


def fill_booklet(service: RealService, account: str) -> None:
    """The demo's booklet, whole, with a dossier, a share link, a draft and a consent."""
    running = service.deployment.service
    with httpx2.Client(base_url=service.url, trust_env=False, timeout=PATIENCE_SECONDS) as client:
        here = Here("sqlite", service.deployment, client)
        owner = here.caller(account)
        load_booklet(running, owner.token or "", "julliard")
        issued(owner, made_for(owner, "MUTATION")["id"], withPin=True)
        owner.do(SAVE_DRAFT, entry={"training": {"title": "Un début"}})
        with running.store.writing():
            op = running.operation(Anonymous())
            if SITE not in {site.code for site in sites.list_registered(op)}:
                sites.register(op, SITE)
        given(here, owner, site=SITE)


def test_a_page_with_faults_is_complained_of(judge: Judge) -> None:
    judge.tab.page.route("**/*", lambda route: route.fulfill(body=BROKEN, content_type="text/html"))
    judge.tab.page.goto("http://127.0.0.1/")
    judge.look("broken")
    judge.ask_nu()
    said = "\n".join(judge.findings)
    for part in ("broken: label |", "broken: heading-order |", "dark: color-contrast |"):
        assert part in said
    for part in ("320 px wide: P", "broken: heavy", "broken: Nu, "):
        assert part in said


def test_no_checker_finds_anything_in_the_pages_for_anybody(
    service: RealService, judge: Judge
) -> None:
    judge_all(judge, service.url, "/")
    judge.ask_nu()
    assert not judge.findings, "\n".join(judge.findings)
    assert {"/account/register", "/account/register refused", "/verifier"} < set(judge.names)


def test_no_checker_finds_anything_in_the_pages_before_a_booklet(
    service: RealService, judge: Judge
) -> None:
    service.add_account("new@example.org")
    sign_in(judge.tab, service.url, "new@example.org")
    judge_all(judge, service.url, "/livret", but=PUBLIC)
    judge.ask_nu()
    assert not judge.findings, "\n".join(judge.findings)
    assert "/livret/code refused" in judge.names


def test_no_checker_finds_anything_in_the_pages_of_an_officer_and_operator(
    service: RealService, judge: Judge
) -> None:
    running = service.deployment.service
    who = Agent(service.settings.identity_issuer, service.add_account(), frozenset())
    with running.store.writing():
        op = running.operation(who)
        add_officer(op, who, BORDEAUX)
        add_operator(op, who)
        give_name(op, BORDEAUX, "Ville de Bordeaux")
        issue(op, BORDEAUX, 12)
    sign_in(judge.tab, service.url, EMAIL)
    for start in ("/collectivite", "/exploitation"):
        judge_all(judge, service.url, start, but=f"{PUBLIC}|^/account|^/livret|^/$")
    judge.ask_nu()
    assert not judge.findings, "\n".join(judge.findings)
    assert f"/collectivite/{BORDEAUX}/delivrer refused" in judge.names


@pytest.mark.parametrize(
    ("kinds", "least", "among"),
    [
        ("^/livret/formations", 12, "/livret/formations/recapitulatif"),
        ("^/livret/(experiences|competences)", 13, "/livret/competences/*/liens"),
        ("^/livret/(pieces-jointes|panorama|dossiers)", 14, "/livret/panorama/tableaux"),
        ("^(?!/livret/(formations|experiences|competences|pieces-jointes|panorama|dossiers))", 16,
         "/livret/consentements/*"),
    ],
)  # fmt: skip
def test_no_checker_finds_anything_in_the_pages_of_a_full_booklet(
    service: RealService, judge: Judge, kinds: str, least: int, among: str
) -> None:
    email = f"full-{least}@example.org"
    fill_booklet(service, service.add_account(email))
    sign_in(judge.tab, service.url, email)
    judge_all(judge, service.url, "/livret", but=f"{PUBLIC}|^/account|^/dossiers|^(?!{kinds[1:]})")
    judge.ask_nu()
    assert not judge.findings, "\n".join(judge.findings)
    assert len(judge.names) >= least
    assert among in judge.names
