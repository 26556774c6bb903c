"""Reading and downloading by a share link: the dossier as the print workshop makes it, over real HTTP."""

import html
import io
import re
import threading
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from typing import Any

import httpx2
import pytest

from graphql_api.dossiers.printing import PrintFailedError, PrintProcessPool, PrintRequest
from schema.typography import quoted
from tests.conftest import Caller, Deployment
from tests.graphql_api.documents import whole
from tests.graphql_api.dossiers.dossiers import REMOVE_DOSSIER, made_for
from tests.graphql_api.dossiers.downloads import WHOLE, Served, owner_of, serving
from tests.graphql_api.share_links.share_links import (
    REVOKE,
    Reader,
    issued,
    links,
    outcomes,
    reader_at,
    told,
)
from tests.graphql_api.share_links.test_opening import TITLE
from tests.patience import PATIENCE_SECONDS

SHARED = "query($id: ID!) { sharedDossier(id: $id) { id } }"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def running(
    request: pytest.FixtureRequest, deploy: Callable[[str], Deployment]
) -> Iterator[Served]:
    """A service on each database, whose worker serves all tests of this file."""
    with serving(deploy(request.param), request.param) as served:
        yield served


@pytest.fixture
def browser(served: Served) -> Iterator[httpx2.Client]:
    """A browser; it takes the cookies of https for the http of a test."""
    with httpx2.Client(base_url=served.client.base_url, timeout=PATIENCE_SECONDS) as client:
        yield client


class Opened(Reader):
    """A reader who keeps the cookie of the session, as a browser does on https."""

    def open(self, pin: str | None = None, **sent: str) -> Any:
        answer = super().open(pin, **sent)
        if "set-cookie" in answer.headers:
            cookie = answer.headers["set-cookie"].partition(";")[0]
            self.client.headers["cookie"] = cookie
        return answer


def opened(browser: httpx2.Client, link: Any) -> Opened:
    """A reader who opened a link."""
    somebody = reader_at(browser, link["url"])
    reading = Opened(somebody.client, somebody.path, somebody.secret)
    assert reading.has_opened(link["pin"])
    return reading


def test_the_dossier_is_a_page_of_its_own_under_its_own_policy(
    served: Served, browser: httpx2.Client
) -> None:
    owner, dossier = owner_of(served)
    reading = opened(browser, issued(owner, dossier, name="Jury"))
    answer = reading.get("/dossier")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "content-disposition" not in answer.headers
    assert "Brevet de owner" in answer.text
    (carried,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', answer.text)
    policy = f"{html.unescape(carried)}; frame-ancestors 'none'"
    assert answer.headers["content-security-policy"] == policy
    assert "script-src" not in policy
    assert answer.headers["x-robots-tag"] == "noindex, nofollow, noarchive"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert not re.search(r'(src|href)="(https?:)?//', answer.text)
    who = f"Quelqu’un qui a suivi le lien de partage {quoted('Jury')}"
    what = f"Votre dossier {quoted(TITLE)}"
    assert told(owner) == [
        (who, what, "OPENED"),
        ("Le service", what, "READ"),
        (who, what, "READ"),
    ]


def test_the_downloads_are_the_dossier_that_its_owner_prints(
    served: Served, browser: httpx2.Client
) -> None:
    owner, dossier = owner_of(served)
    reading = opened(browser, issued(owner, dossier))
    page, file, packed = (
        reading.get(f"/{one}") for one in ("dossier", "livret.html", "livret.zip")
    )
    assert file.content == page.content
    assert file.headers["content-disposition"] == f'attachment; filename="{WHOLE}.html"'
    assert packed.headers["content-disposition"] == f'attachment; filename="{WHOLE}.zip"'
    assert packed.headers["content-type"] == "application/zip"
    assert packed.content == served.download(owner, dossier).content
    with zipfile.ZipFile(io.BytesIO(packed.content)) as archive:
        assert archive.testzip() is None
    assert outcomes(owner) == ["OPENED", "READ", "READ", "READ"]


def test_reloading_uses_no_view_up(served: Served, browser: httpx2.Client) -> None:
    owner, dossier = owner_of(served)
    reading = opened(browser, issued(owner, dossier, views=1))
    assert [reading.get("/dossier").status_code for _ in range(2)] == [200, 200]
    assert links(owner)[0]["viewsLeft"] == 0


def test_a_link_shows_its_dossier_and_no_more(served: Served, browser: httpx2.Client) -> None:
    owner, _ = owner_of(served)
    dossier = made_for(owner, "MUTATION", parts=[], rubrics=[])
    page = opened(browser, issued(owner, dossier["id"])).get("/dossier").text
    assert dossier["title"] in page
    assert "Lefèvre" in page
    assert "Brevet de owner" not in page


def test_a_link_revoked_between_page_and_download_gives_no_download(
    served: Served, browser: httpx2.Client
) -> None:
    owner, dossier = owner_of(served)
    link = issued(owner, dossier)
    reading = opened(browser, link)
    assert reading.get("/dossier").status_code == 200
    owner.do(REVOKE, id=link["link"]["id"])
    answer = reading.get("/livret.zip")
    assert (answer.status_code, "Dossier non ouvert" in answer.text) == (403, True)
    assert outcomes(owner) == ["OPENED", "READ", "REFUSED"]


@pytest.mark.parametrize("ends", ["revoked", "removed", "closed"])
def test_what_ends_while_the_dossier_is_printed_is_not_answered(
    served: Served, browser: httpx2.Client, monkeypatch: pytest.MonkeyPatch, ends: str
) -> None:
    owner, _ = owner_of(served)
    dossier = made_for(owner, "MUTATION")
    link = issued(owner, dossier["id"])
    reading = opened(browser, link)
    build, building, ended = PrintProcessPool.build, threading.Event(), threading.Event()

    def slowly(pool: PrintProcessPool, request: PrintRequest) -> str:
        built = build(pool, request)
        building.set()
        assert ended.wait(PATIENCE_SECONDS)
        return built

    monkeypatch.setattr(PrintProcessPool, "build", slowly)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(reading.get, "/dossier")
        assert building.wait(PATIENCE_SECONDS)
        try:
            _end(owner, ends, link, dossier)
        finally:
            ended.set()
        answer = waiting.result(PATIENCE_SECONDS)
    assert (answer.status_code, "Lefèvre" in answer.text) == (403, False)
    if ends == "revoked":
        assert outcomes(owner) == ["OPENED", "REFUSED"]


def _end(owner: Caller, ends: str, link: Any, dossier: Any) -> None:
    if ends == "revoked":
        assert owner.do(REVOKE, id=link["link"]["id"])["__typename"] == "ShareLinkRevoked"
    elif ends == "removed":
        sent = {"id": dossier["id"], "version": dossier["version"]}
        assert owner.do(REMOVE_DOSSIER, **sent)["__typename"] == "DossierRemoved"
    else:
        document = 'mutation { bookletClose(confirmation: "FERMER MON LIVRET") { __typename } }'
        assert owner.do(document)["__typename"] == "BookletClosed"


def test_a_dossier_that_cannot_be_printed_is_not_said_to_be_read(
    served: Served, browser: httpx2.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, dossier = owner_of(served)
    reading = opened(browser, issued(owner, dossier))

    def fails(*_: object) -> str:
        raise PrintFailedError("PRINT_FAILED", "Lefèvre")

    monkeypatch.setattr(PrintProcessPool, "build", fails)
    answer = reading.get("/dossier")
    assert (answer.status_code, "Lefèvre" in answer.text) == (502, False)
    assert outcomes(owner) == ["OPENED"]


def test_a_page_without_a_policy_is_not_shown(
    served: Served, browser: httpx2.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, dossier = owner_of(served)
    reading = opened(browser, issued(owner, dossier))

    def bare(_pool: PrintProcessPool, request: PrintRequest) -> str:
        request.path.write_text("<script>alert(1)</script>")
        return ""

    monkeypatch.setattr(PrintProcessPool, "build", bare)
    answer = reading.get("/dossier")
    assert (answer.status_code, "alert" in answer.text) == (500, False)


def test_when_the_workshop_is_busy_the_reader_is_asked_to_wait(
    served: Served, browser: httpx2.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, dossier = owner_of(served)
    reading = opened(browser, issued(owner, dossier))
    build, go = PrintProcessPool.build, threading.Event()

    def slowly(pool: PrintProcessPool, request: PrintRequest) -> str:
        assert go.wait(PATIENCE_SECONDS)
        return build(pool, request)

    monkeypatch.setattr(PrintProcessPool, "build", slowly)
    with ThreadPoolExecutor(12) as pool:
        waiting = [pool.submit(reading.get, "/dossier") for _ in range(12)]
        try:
            first = next(one.result(PATIENCE_SECONDS) for one in _finished(waiting))
        finally:
            go.set()
        answers = [one.result(PATIENCE_SECONDS) for one in waiting]
    assert first.status_code == 503
    assert int(first.headers["retry-after"]) >= 1
    told_to_wait = [one for one in answers if one.status_code == 503]
    assert [one.status_code for one in answers if one not in told_to_wait] == [200] * 9
    assert outcomes(owner) == ["OPENED"] + ["READ"] * 9


def _finished(waiting: list[Any]) -> list[Any]:
    return list(wait(waiting, 10, FIRST_COMPLETED).done)


def test_a_session_is_no_credential_of_the_api_nor_of_the_downloads(
    served: Served, browser: httpx2.Client
) -> None:
    owner, dossier = owner_of(served)
    reading = opened(browser, issued(owner, dossier))
    secret = str(browser.headers["cookie"]).partition("=")[2]
    headers = {"authorization": f"Bearer {secret}"}
    assert browser.get(f"/dossiers/{dossier}.zip").status_code == 401
    assert browser.get(f"/dossiers/{dossier}.zip", headers=headers).status_code == 401
    body = {"query": SHARED, "variables": {"id": dossier}}
    assert browser.post("/graphql", json=body, headers=headers).status_code == 401
    assert browser.get("/booklet.json").status_code == 401
    assert reading.get("/dossier").status_code == 200


def test_the_owner_is_told_nothing_of_a_reader_who_opened_nothing(
    served: Served, browser: httpx2.Client
) -> None:
    owner, dossier = owner_of(served)
    somebody = reader_at(browser, issued(owner, dossier)["url"])
    for what in ("/dossier", "/livret.html", "/livret.zip", "/opened"):
        assert somebody.get(what).status_code == 403
    assert somebody.get("/livret.pdf").status_code == 403
    assert told(owner) == []
    assert whole(owner)["version"] > 0
