"""`/verifier`: what anybody learns of a dossier that they received, and what becomes of the file."""

import asyncio
import io
import logging
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from graphql_api import app
from graphql_api.app import create_application
from graphql_api.engine.workers import BusyError
from graphql_api.serving import build_service
from graphql_api.verification.checking import CheckQueue, Verdict, result_of
from graphql_api.web.forms import uploads
from print_site import build
from print_site.dossier.fingerprints import canonical_json, fingerprint
from print_site.dossier.parsing import parse_dossier
from schema.typography import typeset
from tests.client import TestClient
from tests.conftest import SERVICE, Here
from tests.print_site.conftest import BOOKLET, shortened

DIGEST = fingerprint(canonical_json(shortened(BOOKLET)))
FORMS = ("html", "zip", "pdf")
SAME = "Ce dossier est tel que Livret l’a mis en page"
ANOTHER = "L’empreinte donnée n’est pas celle de ce dossier"
ALTERED = "Ce dossier n’est pas celui qui a été mis en page"
FOREIGN = "Ce fichier n’est pas un dossier de Livret"
OURS = {"sec-fetch-site": "same-origin", "accept": "text/html"}

Send = Callable[..., Any]


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A dossier as the service prints it, in each form."""
    folder = tmp_path_factory.mktemp("printed")
    for form in FORMS:
        build.BUILDERS[form](parse_dossier(shortened(BOOKLET)), folder / form)
    return {form: (folder / form).read_bytes() for form in FORMS}


@pytest.fixture(scope="module")
def checks() -> Iterator[CheckQueue]:
    """The queue of checks of all tests here: its process starts with the first file."""
    queue = CheckQueue()
    yield queue
    asyncio.run(queue.close())


@pytest.fixture
def client(here: Here, checks: CheckQueue, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """The service, whose life does not begin: its end would close the queue of all tests."""
    service = build_service(here.deployment.settings)
    monkeypatch.setattr(app, "build_service", lambda *_: service)
    monkeypatch.setattr(app, "CheckQueue", lambda *_: checks)
    yield TestClient(create_application(here.deployment.settings), base_url=SERVICE)
    service.close()


@pytest.fixture
def send(client: TestClient) -> Send:
    """Send a file as the form does."""

    def sent(content: bytes, expected: str = "", name: str = "recu.html", **headers: str) -> Any:
        return client.post(
            "/verifier",
            files={"dossier": (name, content, "application/octet-stream")},
            data={"empreinte": expected},
            headers=OURS | {key.replace("_", "-"): value for key, value in headers.items()},
        )

    return sent


def title(page: Any) -> str:
    return str(page.text.partition("<h1>")[2].partition("</h1>")[0])


def test_the_page_is_there_for_anybody_without_a_script(client: TestClient) -> None:
    page = client.get("/verifier", headers={"accept": "text/html"})
    assert (page.status_code, title(page)) == (200, "Vérifier un dossier")
    assert 'enctype="multipart/form-data"' in page.text
    assert 'type="file"' in page.text
    assert "set-cookie" not in page.headers


@pytest.mark.parametrize("form", FORMS)
def test_a_dossier_is_as_it_was_laid_out_and_again_the_second_time(
    send: Send, printed: dict[str, bytes], form: str
) -> None:
    for _ in range(2):
        page = send(printed[form], name="Dossier de Maëlle.bin")
        assert (page.status_code, title(page)) == (200, SAME)
        assert "Données arrêtées au" in page.text
        assert "14\N{NO-BREAK SPACE}mars 2025" in page.text
        assert typeset("d’après le dossier lui-même : https://livret.example/verifier") in page.text
        digest = page.text.partition("<code>")[2].partition("</code>")[0]
        assert digest.replace(" ", "") == DIGEST
        assert "ses informations sont déclarées par son titulaire" in page.text
        assert page.headers["cache-control"] == "no-store"


def test_a_dossier_changed_by_one_byte_is_not_that_one(
    send: Send, printed: dict[str, bytes]
) -> None:
    page = printed["html"]
    middle = page.index(b"<h1")
    for at in (middle + 30, len(page) - 20, page.index(b"<template") + 500):
        changed = page[:at] + (b"x" if page[at : at + 1] != b"x" else b"y") + page[at + 1 :]
        answer = send(changed)
        assert (answer.status_code, title(answer)) in ((200, ALTERED), (422, FOREIGN)), at
    answer = send(page.replace(b"</body>", b"<p>Autre chose</p></body>"))
    assert (answer.status_code, title(answer)) == (200, ALTERED)


def test_a_pdf_changed_by_one_byte_is_not_that_one(send: Send, printed: dict[str, bytes]) -> None:
    file = printed["pdf"]
    for at in (len(file) // 3, len(file) // 2, len(file) - 30):
        answer = send(file[:at] + bytes([file[at] ^ 1]) + file[at + 1 :], name="recu.pdf")
        assert (answer.status_code, title(answer)) in ((200, ALTERED), (422, FOREIGN)), at


def test_a_zip_with_another_file_in_it_is_not_that_one(
    send: Send, printed: dict[str, bytes]
) -> None:
    pack = io.BytesIO(printed["zip"])
    with zipfile.ZipFile(pack, "a") as opened:
        opened.writestr("livret/autre.txt", "Autre chose")
    answer = send(pack.getvalue(), name="recu.zip")
    assert (answer.status_code, title(answer)) == (200, ALTERED)


def test_the_fingerprint_that_the_holder_gave_is_compared(
    send: Send, printed: dict[str, bytes]
) -> None:
    spaced = " ".join(DIGEST[at : at + 8] for at in range(0, 64, 8)).upper()
    right = send(printed["html"], spaced)
    assert title(right) == SAME
    assert "L’empreinte que vous avez donnée est celle de ce dossier." in right.text
    assert "Comparez l’empreinte" in send(printed["html"]).text
    assert "Comparez l’empreinte" not in right.text


def test_another_fingerprint_is_said_of_the_fingerprint_and_does_not_accuse_the_file(
    send: Send, printed: dict[str, bytes]
) -> None:
    other = send(printed["html"], "a" * 64)
    assert (other.status_code, title(other)) == (200, ANOTHER)
    assert "n’est pas celle de ce dossier" in other.text
    assert "Ne vous y fiez pas" not in other.text
    assert "la même que celle de ce service aujourd’hui" in other.text
    changed = send(printed["html"].replace(b"</body>", b"<p>Autre</p></body>"), "a" * 64)
    assert title(changed) == ALTERED


@pytest.mark.parametrize("given", ["xyz", "0" * 63, "0" * 65, "g" * 64, "0" * 9_000])
def test_what_is_no_fingerprint_is_asked_for_again(
    send: Send, printed: dict[str, bytes], given: str
) -> None:
    mistyped = send(printed["html"], given)
    assert mistyped.status_code == 422
    assert 'id="empreinte-problem"' in mistyped.text
    assert typeset("Une empreinte a 64 caractères") in mistyped.text
    assert f'value="{given[:200]}"' in mistyped.text


@pytest.mark.parametrize(
    "content",
    [
        b"<!doctype html><title>Autre page</title>",
        b"\x89PNG\r\n\x1a\n" + bytes(2_000),
        b"PK\x03\x04" + bytes(500),
        b"Bonjour",
        bytes(range(256)) * 20,
    ],
    ids=["page", "picture", "broken zip", "text", "bytes"],
)
def test_a_foreign_file_is_no_dossier(send: Send, content: bytes) -> None:
    answer = send(content)
    assert (answer.status_code, title(answer)) == (422, FOREIGN)


def test_a_zip_that_swells_is_no_dossier(send: Send) -> None:
    pack = io.BytesIO()
    with zipfile.ZipFile(pack, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("livret/index.html", bytes(70 * 1024 * 1024))
        opened.writestr("livret/livret.json", "{}")
    assert len(pack.getvalue()) < 200_000
    answer = send(pack.getvalue(), name="recu.zip")
    assert (answer.status_code, title(answer)) == (422, FOREIGN)


def test_an_empty_file_and_no_file_are_asked_for_again(send: Send, client: TestClient) -> None:
    for answer in (
        send(b""),
        client.post("/verifier", files={"autre": ("a", b"x")}, headers=OURS),
        client.post("/verifier", data={"empreinte": DIGEST}, headers=OURS),
        client.post(
            "/verifier", content=b"{}", headers=OURS | {"content-type": "application/json"}
        ),
        client.post(
            "/verifier",
            content=b"--x\r\nbroken",
            headers=OURS | {"content-type": "multipart/form-data; boundary=x"},
        ),
    ):
        assert answer.status_code == 422
        assert typeset("<title>Erreur : Vérifier un dossier") in answer.text
        assert 'href="#dossier"' in answer.text
    assert "Ce fichier est vide" in send(b"").text
    unchosen = client.post(
        "/verifier", files={"dossier": ("", b"")}, data={"empreinte": DIGEST}, headers=OURS
    )
    assert unchosen.status_code == 422
    assert "Aucun fichier choisi" in unchosen.text
    assert f'value="{DIGEST}"' in unchosen.text


def test_a_huge_file_is_refused_before_it_is_read_as_a_dossier(
    send: Send, monkeypatch: pytest.MonkeyPatch, checks: CheckQueue
) -> None:
    async def never(*_: object) -> None:
        raise AssertionError("it was checked")

    monkeypatch.setattr(checks, "check", never)
    for size in (uploads.MAX_FILE_BYTES + 1, 2 * uploads.MAX_FILE_BYTES):
        answer = send(bytes(size))
        assert answer.status_code == 413
        assert typeset("Ce fichier dépasse 8 Mo : ce n’est pas un dossier.") in answer.text


def test_a_page_of_another_site_cannot_send_files(send: Send, printed: dict[str, bytes]) -> None:
    answer = send(printed["html"], sec_fetch_site="cross-site")
    assert (answer.status_code, title(answer)) == (403, "Demande refusée")


def test_the_file_is_gone_and_nothing_of_it_is_logged(
    send: Send,
    printed: dict[str, bytes],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    caplog.set_level(logging.DEBUG)
    for content in (printed["html"], printed["html"] + b"<!-- Maelle -->", b"Maelle"):
        send(content, "Maelle", name="Maelle.html")
    assert list(tmp_path.rglob("*")) == []
    said = "".join(repr(vars(record)) for record in caplog.records if "httpx" not in record.name)
    heard = capfd.readouterr()
    assert "Maelle" not in said + heard.out + heard.err
    assert DIGEST not in said + heard.out + heard.err


def test_when_too_many_wait_it_says_when_to_come_back(
    send: Send, monkeypatch: pytest.MonkeyPatch, checks: CheckQueue
) -> None:
    async def busy(*_: object) -> None:
        raise BusyError(7)

    monkeypatch.setattr(checks, "check", busy)
    answer = send(b"x")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "7")
    assert title(answer) == "Service indisponible"


def test_a_process_that_died_or_took_too_long_leaves_the_question_open() -> None:
    assert result_of({}).verdict is Verdict.UNDONE
    slow = result_of({"ok": False, "code": "TOO_LONG", "message": "Trop long."})
    assert (slow.verdict, slow.sentences) == (Verdict.UNDONE, ("Trop long.",))
    other = result_of(
        {
            "ok": True,
            "compared": False,
            "isAnother": False,
            "sentences": ["a"],
            "fingerprint": "f",
            "asOf": "",
            "verifyAt": "",
        }
    )
    assert other.verdict is Verdict.INTACT
