"""GraphiQL in a real browser, under the policy of its page, as a developer opens it."""

import json

import pytest

from .chromium import Page, Tab, Tabs, expect
from .service import EMAIL, PASSWORD, RealService

pytestmark = pytest.mark.real

QUERY = "{ racine: __typename }"
EDITOR = ".graphiql-query-editor .CodeMirror"
RESULT = ".result-window .CodeMirror"
CALL = """headers => fetch('/graphql', {
  method: 'POST', body: '{"query": "{ booklet { id } }"}',
  headers: {'content-type': 'application/json', ...headers},
}).then(async answer => [answer.status, (await answer.json()).data ?? null])"""


@pytest.fixture(scope="module")
def url(service: RealService) -> str:
    service.add_account()
    return service.url


@pytest.fixture
def console(tabs: Tabs, url: str) -> Tab:
    """The page, where the person is signed in."""
    tab = tabs.open()
    tab.page.goto(f"{url}/sign-in")
    tab.page.fill("[name=email]", EMAIL)
    tab.page.fill("[name=password]", PASSWORD)
    tab.page.click("main button[type=submit]")
    expect(tab.page).to_have_url(f"{url}/")
    tab.complaints.clear()
    tab.requests.clear()
    tab.page.goto(f"{url}/graphql")
    expect(tab.page.locator(".graphiql-execute-button")).to_be_visible()
    return tab


def write(page: Page, text: str) -> None:
    """Write into the editor in the place of what is there, and wait until GraphiQL has read it."""
    page.locator(EDITOR).evaluate("(node, text) => node.CodeMirror.setValue(text)", text)
    page.wait_for_function("text => localStorage.getItem('graphiql:query') == text", arg=text)


def test_a_query_runs_without_a_word_of_complaint(console: Tab, url: str) -> None:
    page = console.page
    assert page.title() == "Livret : console GraphQL"
    assert page.locator("html").get_attribute("lang") == "fr"
    expect(page.locator(EDITOR)).to_contain_text("booklet")
    write(page, QUERY)
    page.click(".graphiql-execute-button")
    expect(page.locator(RESULT)).to_contain_text("racine")
    shown = page.locator(RESULT).evaluate("node => node.CodeMirror.getValue()")
    assert json.loads(shown) == {"data": {"racine": "Query"}}
    assert console.complaints == []
    assert console.requests
    assert [one for one in console.requests if not one.startswith(f"{url}/")] == []


def test_the_browser_sends_its_cookie_which_a_call_without_the_header_may_not(
    console: Tab,
) -> None:
    preflight = {"graphql-require-preflight": "1"}
    assert console.page.evaluate(CALL, {}) == [403, None]
    assert console.page.evaluate(CALL, preflight) == [200, {"booklet": None}]


def test_the_schema_is_read_and_its_documentation_opens(console: Tab) -> None:
    console.page.get_by_label("Show Documentation Explorer").click()
    expect(console.page.locator(".graphiql-doc-explorer")).to_contain_text("Query")
    assert console.complaints == []


def test_what_the_page_draws_later_is_allowed_too(console: Tab) -> None:
    """A dialog, whose library writes a style element, and the editor's completion."""
    page = console.page
    page.get_by_label("Open settings dialog").click()
    expect(page.locator(".graphiql-dialog")).to_be_visible()
    page.click(".graphiql-dialog-close")
    expect(page.locator(".graphiql-dialog")).to_have_count(0)
    page.get_by_label("Show Documentation Explorer").click()  # it tells that the schema is there
    expect(page.locator(".graphiql-doc-explorer")).to_contain_text("Query")
    write(page, "{ ")
    page.click(f"{EDITOR} .CodeMirror-lines")
    page.keyboard.press("End")
    page.keyboard.press("Control+Space")
    expect(page.locator(".CodeMirror-hints")).to_contain_text("rubrics")
    assert console.complaints == []


def test_a_complaint_would_be_seen(console: Tab) -> None:
    with console.page.expect_console_message() as said:
        console.page.evaluate(
            "document.body.insertAdjacentHTML('beforeend', '<img src=https://x.example/y>')"
        )
    assert "x.example" in said.value.text
    assert "x.example" in "".join(console.complaints)
