"""An agent before their pages: what they read, and forms filled in and sent as a browser does."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from tests.graphql_api.site import Browser, Site

COPYING = re.compile(
    r'<code id="(?P<id>[^"]+)"[^>]*>(?P<text>[^<]+)</code>\s*'
    r'<span class="copying" data-copy="(?P=id)"[^>]* hidden>'
    r'<button class="second" type="button">(?P<button>[^<]+)'
)
VOID = {"input", "link", "meta", "br", "rect"}


@dataclass
class FormOnPage:
    """A form: its address, and what it would send as it stands."""

    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)


class PageReader(HTMLParser):
    """A page as it is read: its title and headings, its text, its links and forms, and ids."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[FormOnPage] = []
        self.links: dict[str, str] = {}
        self.ids: list[str] = []
        self.attributes: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self.headings: list[str] = []
        self._open: list[tuple[str, dict[str, str]]] = []
        self._collected: list[str] = []
        self._area = ""
        self.feed(html)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())

    def form(self, action: str) -> FormOnPage:
        (only,) = (form for form in self.forms if form.action == action)
        return only

    def handle_starttag(self, tag: str, given: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in given}
        self.attributes.append((tag, attributes))
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if tag == "form":
            self.forms.append(FormOnPage(attributes.get("action", "")))
        elif self.forms and "name" in attributes and tag in ("input", "select", "textarea"):
            self._control(tag, attributes)
        elif self.forms and tag == "button" and "name" in attributes:
            self.forms[-1].names.add(attributes["name"])
        elif tag == "option" and "selected" in dict(given):
            (select,) = (given for opened, given in self._open if opened == "select")
            self._set(select["name"], attributes["value"])
        if tag not in VOID:
            self._open.append((tag, attributes))
            if tag in ("a", "h1", "h2", "textarea"):
                self._collected = []

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        while self._open:
            opened, attributes = self._open.pop()
            if opened == tag:
                break
        else:
            raise AssertionError(f"</{tag}> closes nothing")
        assert opened == tag
        said = "".join(self._collected)
        if tag == "a":
            self.links[" ".join(said.split())] = attributes["href"]
        elif tag in ("h1", "h2"):
            self.headings.append(" ".join(said.split()))
        elif tag == "textarea":
            self._set(attributes["name"], said.removeprefix("\n"))

    def handle_data(self, data: str) -> None:
        self._collected.append(data)
        if not any(tag in ("title", "style", "script") for tag, _ in self._open):
            self.texts.append(data)

    def _control(self, tag: str, attributes: dict[str, str]) -> None:
        name, kind = attributes["name"], attributes.get("type", "text")
        self.forms[-1].names.add(name)
        if tag == "select":
            self._set(name, "")
        elif tag == "input" and (kind not in ("radio", "checkbox") or "checked" in attributes):
            values = self.forms[-1].fields.setdefault(name, [])
            values.append(attributes.get("value", ""))

    def _set(self, name: str, value: str) -> None:
        self.forms[-1].fields[name] = [value]


@dataclass
class Agent:
    """Somebody signed in, who reads pages and sends their forms."""

    browser: Browser

    def get(self, path: str) -> Any:
        return self.browser.get(path, accept="text/html")

    def read(self, path: str, status: int = 200) -> PageReader:
        answer = self.get(path)
        assert answer.status_code == status, (answer.status_code, answer.headers, answer.text)
        return PageReader(answer.text)

    def send(self, path: str, fields: dict[str, Any], **headers: str) -> Any:
        headers = {"origin": "https://livret.test", "sec_fetch_site": "same-origin", **headers}
        return self.browser.client.post(
            path,
            data=fields,
            headers={name.replace("_", "-"): value for name, value in headers.items() if value},
            follow_redirects=False,
        )

    def fill(self, path: str, **changes: Any) -> Any:
        """Open a page, change fields of its form, and send it."""
        form = self.read(path).form(path)
        unknown = set(changes) - form.names
        assert not unknown, unknown
        return self.send(path, form.fields | changes)


def copied(html: str) -> dict[str, str]:
    """What the buttons of a page copy, by their text; all are hidden until a script shows them."""
    return {match["button"]: match["text"] for match in COPYING.finditer(html)}


def agent(site: Site, name: str = "owner", *, booklet: bool = True) -> Agent:
    """Somebody who is signed in, with an open booklet of their own if so asked."""
    if booklet:
        site.with_booklet(name)
    browser = site.browser()
    browser.sign_in(name)
    return Agent(browser)
