"""How tests of share links issue them, and what a reader's browser does with one."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tests.client import TestClient
from tests.conftest import SERVICE, Caller, Here
from tests.graphql_api.callers.journals import journal
from tests.graphql_api.documents import whole

LINK = """id name state issuedAt expiresAt viewsLeft hasPin wrongPins lastOpenedAt revokedAt"""
REFUSED = """... on Refusal { code message } ... on WrongState { state } ... on NotFound { path }
  ... on InvalidEntry { problems { path code message } } ... on LimitReached { limit }"""
ISSUE = f"""mutation($dossier: ID!, $name: String! = "Jury", $expiresOn: Date, $views: Int,
  $withPin: Boolean! = false, $key: String) {{
  shareLinkIssue(dossier: $dossier, name: $name, expiresOn: $expiresOn, views: $views,
    withPin: $withPin, idempotencyKey: $key) {{
    __typename {REFUSED}
    ... on ShareLinkIssued {{ url pin link {{ {LINK} }} }}
  }}
}}"""
REVOKE = f"""mutation($id: ID!, $key: String) {{ shareLinkRevoke(id: $id, idempotencyKey: $key) {{
  __typename {REFUSED.replace("... on LimitReached { limit }", "")}
  ... on ShareLinkRevoked {{ link {{ {LINK} }} }}
}} }}"""
LINKS = f"{{ booklet {{ dossiers {{ id shareLinks {{ {LINK} }} }} }} }}"
OURS = {"sec-fetch-site": "same-origin"}
NOT_VALID = "Ce lien n’ouvre pas de dossier"
PIN_ASKED = "Code à six chiffres"
WRONG_PIN = "Ce code n’est pas le bon."
SESSION_NAME = "__Host-livret-share-"


def whole_dossier(caller: Caller) -> str:
    """The id of a caller's built-in dossier."""
    return str(whole(caller)["dossiers"][0]["id"])


def issued(caller: Caller, dossier: str | None = None, **terms: Any) -> Any:
    """A link just issued, with its address and PIN."""
    answer = caller.do(ISSUE, dossier=dossier or whole_dossier(caller), **terms)
    assert answer["__typename"] == "ShareLinkIssued", answer
    return answer


def links(caller: Caller) -> list[Any]:
    """All links of a caller, by dossier."""
    dossiers = caller.ask(LINKS)["booklet"]["dossiers"]
    return [link for one in dossiers for link in one["shareLinks"]]


def told(caller: Caller) -> list[tuple[str, str, str]]:
    """Who, what and how it ended, the oldest first."""
    return [(one["who"], one["what"], one["outcome"]) for one in reversed(journal(caller))]


def outcomes(caller: Caller) -> list[str]:
    """What became of each access by a link, the oldest first."""
    return [end for who, _, end in told(caller) if "lien" in who]


def fresh(here: Here) -> TestClient:
    """A browser without any cookie."""
    client = TestClient(here.client.app, base_url=SERVICE, follow_redirects=False)
    client.portal = here.client.portal
    return client


@dataclass
class Reader:
    """Somebody who was sent a link, in a browser of their own."""

    client: Any
    path: str
    secret: str

    def open(self, pin: str | None = None, **sent: str) -> Any:
        """Press the button of the form."""
        fields = {"secret": self.secret} | ({} if pin is None else {"pin": pin}) | sent
        return self.client.post(self.path, data=fields, headers=OURS)

    def get(self, what: str = "") -> Any:
        """Follow a link of the pages."""
        return self.client.get(f"{self.path}{what}")

    def has_opened(self, pin: str | None = None) -> bool:
        """Whether the link opens; anything but a clear yes or no is a failure."""
        answer = self.open(pin)
        if answer.status_code == 303:
            assert answer.headers["location"] == f"{self.path}/opened#content"
            return True
        if answer.status_code == 200:
            assert PIN_ASKED in answer.text, answer.text
            return False
        said = [text for text in (NOT_VALID, WRONG_PIN) if text in answer.text]
        assert (answer.status_code, len(said)) == (403, 1), answer.text
        return False


def reader(here: Here, link: Any) -> Reader:
    """A reader of a link that was issued."""
    return reader_at(fresh(here), link["url"])


def reader_at(client: Any, url: str) -> Reader:
    """A reader in that browser of a link at that address."""
    parts = urlsplit(url)
    assert re.fullmatch(r"[\w-]{43}", parts.fragment)
    return Reader(client, parts.path, parts.fragment)


def lasting(answer: Any) -> tuple[int, bytes, list[tuple[str, str]]]:
    """All of an answer but its date and the id of its request."""
    changing = ("date", "x-request-id")
    headers = sorted(pair for pair in answer.headers.items() if pair[0] not in changing)
    return answer.status_code, answer.content, headers
