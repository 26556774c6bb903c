"""Every page that an agent reaches has the narrow spaces of French, whatever put its words there."""

import re
from collections.abc import Iterator

import pytest

from graphql_api.public_pages.routes import PAGES
from schema.typography import NARROW, typeset
from tests.conftest import Here
from tests.graphql_api.agent_space.reader import Agent
from tests.graphql_api.site import Site

MOST_PAGES = 150
NO_PAGES = ("/assets", "/graphql", "/dossiers", "/schema")
SCRIPTED = re.compile("<script.*?</script>|<style.*?</style>", re.DOTALL)


def crawled(someone: Agent) -> Iterator[tuple[str, str]]:
    """The address and text of each page that links lead to, one of a kind."""
    waiting, seen = ["/", "/livret", "/verifier", *PAGES], set()
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        if path in seen:
            continue
        seen.add(path)
        answer = someone.browser.get(path, accept="text/html")
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        yield path, SCRIPTED.sub("", answer.text)
        links = re.findall(r'<a [^>]*href="(/[^"#?]*)"', answer.text)
        waiting += [link for link in links if not link.startswith(NO_PAGES)]


@pytest.fixture
def someone_on_sqlite(here: Here, someone: Agent) -> Agent:
    """The words of a page do not depend on the database."""
    if here.kind != "sqlite":
        pytest.skip("one database is enough")
    return someone


def test_pages_that_links_lead_to_are_typeset(someone_on_sqlite: Agent) -> None:
    paths, narrow = [], 0
    for path, text in crawled(someone_on_sqlite):
        paths.append(path)
        narrow += text.count(NARROW)
        bad = re.findall(
            r".{0,60}(?<!\s)[ \u00a0](?=[;:!?»]).{0,30}|.{0,30}«[ \u00a0].{0,40}", text
        )
        assert bad == [], path
    assert len(paths) > 40
    assert narrow > 300


def test_refused_forms_are_typeset(site: Site) -> None:
    browser = site.browser()
    for path in ("/account/register", "/account/sign-in", "/account/forgotten", "/verifier"):
        answer = browser.client.post(
            path,
            data={"x": "y"},
            headers={"sec-fetch-site": "same-origin", "accept": "text/html"},
        )
        assert answer.status_code in (200, 400, 422), path
        assert typeset(answer.text) == answer.text, path
