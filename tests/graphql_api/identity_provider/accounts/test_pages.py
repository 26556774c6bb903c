"""All pages of accounts: the origin of their forms, malformed input, headers, HTML."""

import logging
from collections import Counter
from html.parser import HTMLParser

import pytest

from graphql_api.engine.workers import BusyError, WorkerPool
from tests.graphql_api.identity_provider.accounts.accounts_site import (
    EMAIL,
    FORM,
    OTHER_PASSWORD,
    PASSWORD,
    SITE,
    AccountsSite,
    key,
)
from tests.graphql_api.site import referrer_policy_of

FORMS = (
    "register",
    "activate",
    "sign-in",
    "forgotten",
    "reset",
    "names",
    "password",
    "email",
    "email/confirm",
)
BUTTONS = ("sign-out", "sign-out-everywhere")


@pytest.mark.parametrize(
    ("headers", "accepted"),
    [
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "same-origin", "origin": "null"}, True),
        ({"origin": SITE}, True),
        ({}, False),
        ({"origin": "null"}, False),
        ({"origin": f"{SITE}.evil.example"}, False),
        ({"origin": "http://livret.example"}, False),
        ({"sec-fetch-site": "cross-site", "origin": SITE}, False),
        ({"sec-fetch-site": "same-site", "origin": SITE}, False),
        ({"sec-fetch-site": "none"}, False),
        ({"sec-fetch-site": ""}, False),
    ],
)
def test_a_form_is_taken_from_our_own_pages_only(
    accounts_site: AccountsSite, headers: dict[str, str], accepted: bool
) -> None:
    accounts_site.account()
    browser = accounts_site.browser().signed_in()
    form = {"email": EMAIL, "password": PASSWORD}
    answer = accounts_site.browser().client.post("/account/sign-in", data=form, headers=headers)
    assert answer.status_code == (303 if accepted else 403)
    assert ("set-cookie" in answer.headers) is accepted
    browser.client.post("/account/sign-out-everywhere", headers=headers)
    assert browser.is_signed_in() is not accepted


@pytest.mark.parametrize("path", FORMS + BUTTONS)
def test_no_form_of_another_site_does_anything(accounts_site: AccountsSite, path: str) -> None:
    accounts_site.account()
    browser = accounts_site.browser().signed_in()
    browser.site = "cross-site"
    answer = browser.post(f"/account/{path}", **FORM)
    assert answer.status_code == 403
    assert "ne vient pas de notre site" in answer.text
    assert browser.is_signed_in()
    assert accounts_site.post() == []


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/x-www-form-urlencoded", b"email=a%00b"),
        ("application/x-www-form-urlencoded", b"password=a%00b&email=a@b.example"),
        ("application/x-www-form-urlencoded", b"family_name=%ED%A0%80"),
        ("application/x-www-form-urlencoded", b"given_name=%FF%FE"),
        ("application/x-www-form-urlencoded", "given_name=Maëlle".encode("latin-1")),
        ("application/x-www-form-urlencoded", b"email=a@b.example&email=c@d.example"),
        ("application/x-www-form-urlencoded", b"key=" + b"k" * 1_000_000),
        ("application/x-www-form-urlencoded", b"given_name=" + b"%C3%A9" * 5_000),
        ("application/x-www-form-urlencoded", b"&".join(b"f%d=1" % n for n in range(100))),
        ("application/json", b'{"email": "a@b.example"}'),
        ("multipart/form-data; boundary=x", b"--x\r\n\r\n--x--"),
        ("", b"email=a@b.example"),
    ],
)
def test_odd_input_is_refused_with_a_sentence(
    accounts_site: AccountsSite, caplog: pytest.LogCaptureFixture, kind: str, body: bytes
) -> None:
    caplog.set_level(logging.WARNING)
    headers = {"sec-fetch-site": "same-origin", "content-type": kind}
    client = accounts_site.browser().client
    for path in FORMS:
        answer = client.post(f"/account/{path}", content=body, headers=headers)
        assert answer.status_code == 400, path
        assert "Ce formulaire ne peut pas être lu." in answer.text
    assert caplog.records == []


def test_a_line_break_in_an_address_is_no_second_header(accounts_site: AccountsSite) -> None:
    headers = {
        "sec-fetch-site": "same-origin",
        "content-type": "application/x-www-form-urlencoded",
    }
    body = b"email=a@b.example%0D%0ABcc:x@y.example"
    answer = accounts_site.browser().client.post("/account/register", content=body, headers=headers)
    assert answer.status_code == 422
    assert accounts_site.post() == []


@pytest.mark.parametrize(
    "query", ["key=%00", "key=%ED%A0%80", "key=a&key=b", "return=%FF", "key=" + "k" * 5_000]
)
def test_an_odd_query_is_refused_with_a_sentence(accounts_site: AccountsSite, query: str) -> None:
    browser = accounts_site.browser()
    for path in ("", *(f"/{one}" for one in FORMS)):
        answer = browser.get(f"/account{path}?{query}")
        assert answer.status_code == 400, path
        assert answer.headers["content-type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("path", FORMS + BUTTONS)
def test_an_empty_form_is_no_fault(accounts_site: AccountsSite, path: str) -> None:
    accounts_site.account()
    browser = accounts_site.browser().signed_in()
    assert browser.post(f"/account/{path}").status_code in (303, 422)


def test_every_page_keeps_itself_to_itself(accounts_site: AccountsSite) -> None:
    accounts_site.account()
    browser = accounts_site.browser().signed_in()
    answers = [browser.get(f"/account{path}") for path in ("", *(f"/{one}" for one in FORMS))]
    answers += [browser.register(), browser.register(email=""), browser.sign_in(password="x")]
    browser.site = None
    answers += [browser.sign_in(), browser.get("/account/reset?key=%00")]
    for answer in answers:
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers.get_list("referrer-policy") == [referrer_policy_of(answer)]
        if answer.status_code != 303:
            asks = "connect-src 'self'; " if "data-session-seconds" in answer.text else ""
            assert answer.headers["content-security-policy"] == (
                "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; "
                f"img-src 'self'; form-action 'self'; {asks}base-uri 'none'; frame-ancestors 'none'"
            )


class Reader(HTMLParser):
    """Parse a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags = Counter[str]()
        self.lang, self.ids = "", Counter[str]()
        self.labelled: set[str] = set()
        self.described: set[str] = set()
        self.inputs: dict[str, dict[str, str | None]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags[tag] += 1
        self.lang = (given.get("lang") or "") if tag == "html" else self.lang
        if given.get("id"):
            self.ids[str(given["id"])] += 1
        if tag == "label":
            self.labelled.add(str(given["for"]))
        seen = given.get("type") != "hidden" and "hidden" not in given
        if tag in ("input", "select") and seen:
            self.inputs[str(given["id"])] = given
        for name in ("aria-describedby", "aria-labelledby"):
            self.described.update((given.get(name) or "").split())


def test_every_page_can_be_read_aloud(accounts_site: AccountsSite) -> None:
    accounts_site.account()
    browser = accounts_site.browser().signed_in()
    browser.post("/account/forgotten", email=EMAIL)
    sent = key(accounts_site.letter())
    texts = [browser.get(f"/account{path}").text for path in ("", *(f"/{one}" for one in FORMS))]
    texts += [
        browser.get(f"/account/reset?key={sent}").text,
        browser.post("/account/reset", key=sent, password="x").text,
        browser.post("/account/register").text,
        browser.post("/account/activate").text,
        browser.post("/account/password").text,
        browser.post("/account/email", email="x").text,
        browser.post("/account/names").text,
        browser.sign_in(password=OTHER_PASSWORD).text,
    ]
    for text in texts:
        reader = Reader()
        reader.feed(text)
        assert reader.lang == "fr"
        assert (reader.tags["h1"], reader.tags["main"], reader.tags["title"]) == (1, 1, 1)
        assert (reader.tags["script"], reader.tags["style"]) == (1, 0)  # ours: `test_assets`
        assert set(reader.ids.values()) == {1}
        assert reader.described <= set(reader.ids)
        assert reader.labelled == set(reader.inputs)
        for given in reader.inputs.values():
            assert given["autocomplete"]
            wrong = given.get("aria-invalid") == "true"
            assert wrong is (f"{given['id']}-problem" in reader.ids)


def test_a_busy_service_says_so(
    accounts_site: AccountsSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def busy(*_: object) -> None:
        raise BusyError

    monkeypatch.setattr(WorkerPool, "run", busy)
    answer = accounts_site.browser().get("/account/sign-in")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "momentanément indisponible" in answer.text


def test_a_fault_of_ours_tells_and_logs_nothing_personal(
    accounts_site: AccountsSite, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ValueError(EMAIL)

    monkeypatch.setattr("graphql_api.identity_provider.accounts.accounts.find_by_email", broken)
    answer = accounts_site.browser().sign_in()
    assert answer.status_code == 500
    assert "Code à communiquer à l’assistance" in answer.text
    assert 'data-copy="code"' in answer.text
    assert EMAIL not in answer.text + caplog.text


def test_no_page_is_logged_with_what_is_personal(
    accounts_site: AccountsSite, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("httpx2").setLevel(logging.WARNING)  # the test's own browser, not ours
    browser = accounts_site.browser()
    browser.register()
    sent = key(accounts_site.letter())
    browser.post("/account/activate", key=sent)
    browser.sign_in(password="Pas-le-bon-mot-2")
    browser.sign_in()
    cookie = browser.client.cookies["__Host-livret-account"]
    browser.get("/account")
    for secret in (EMAIL, "Kerjean", PASSWORD, sent, cookie, "192.0.2.1"):
        assert secret not in caplog.text
