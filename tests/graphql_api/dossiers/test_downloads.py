"""Downloading a dossier: the owner's alone, built by a process apart that reads over real HTTP."""

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

from graphql_api.dossiers.printing import PrintProcessPool
from tests.conftest import OPEN, Deployment
from tests.graphql_api.documents import added, whole
from tests.graphql_api.dossiers.downloads import (
    NOT_FOUND,
    WHOLE,
    Served,
    is_running,
    owner_of,
    page_of,
    serving,
)
from tests.patience import PATIENCE_SECONDS, until

SHARED = "query($id: ID!) { sharedDossier(id: $id) { id title } }"


def test_an_owner_downloads_the_dossier(served: Served) -> None:
    owner, dossier = owner_of(served)
    answer = served.download(owner, dossier)
    page = page_of(answer)
    assert "Brevet de owner" in page
    assert "Lefèvre" in page
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-disposition"] == f'attachment; filename="{WHOLE}.zip"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    added(owner, "training", title="Formation ajoutée")
    assert "Formation ajoutée" in page_of(served.download(owner, dossier))


def test_the_same_booklet_gives_the_same_bytes(served: Served) -> None:
    owner, dossier = owner_of(served)
    assert served.download(owner, dossier).content == served.download(owner, dossier).content


def test_whoever_else_asks_is_told_that_there_is_nothing(served: Served) -> None:
    owner, dossier = owner_of(served)
    other, strange = owner_of(served, "other")
    answers = [
        served.download(stranger, id)
        for stranger in (other, served.caller("newcomer"))
        for id in (dossier, str(uuid4()), whole(owner)["id"])
    ]
    answers += [served.download(owner, strange), served.download(owner, str(uuid4()))]
    for answer in answers:
        assert answer.status_code == 404
        assert answer.json() == NOT_FOUND
    told = {(answer.content, tuple(_lasting(answer.headers))) for answer in answers}
    assert len(told) == 1


def _lasting(headers: Any) -> list[tuple[str, str]]:
    changing = ("date", "x-request-id")
    return sorted(pair for pair in headers.items() if pair[0] not in changing)


def test_without_a_good_token_nobody_is_told_anything(served: Served) -> None:
    owner, dossier = owner_of(served)
    for id in (dossier, str(uuid4())):
        answer = served.download(None, id)
        assert answer.status_code == 401
        assert answer.json()["errors"][0]["extensions"] == {"code": "UNAUTHENTICATED"}
        assert answer.headers["www-authenticate"] == "Bearer"
        forged = replace(owner, token=f"{owner.token}x")
        answer = served.download(forged, id)
        assert answer.status_code == 401
        assert answer.json()["errors"][0]["extensions"] == {"code": "INVALID_TOKEN"}
        assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'
        narrow = served.download(served.caller("owner", scope="livret:write"), id)
        assert narrow.status_code == 403
        assert narrow.json()["errors"][0]["extensions"] == {"code": "INSUFFICIENT_SCOPE"}


def test_a_print_token_is_for_one_dossier_and_two_minutes(served: Served) -> None:
    owner, dossier = owner_of(served)
    _, strange = owner_of(served, "other")
    token = served.here.deployment.service.credentials.print_token(whole(owner)["id"], dossier)
    printer = replace(owner, token=token)
    assert printer.ask(SHARED, id=dossier)["sharedDossier"]["id"] == dossier
    assert printer.ask(SHARED, id=strange) == {"sharedDossier": None}
    assert served.download(printer, dossier).status_code == 404
    for later, status in ((170, 200), (185, 401)):
        served.here.clock.moved = timedelta(seconds=later)
        assert printer.post({"query": SHARED, "variables": {"id": dossier}}).status_code == status


def test_a_dossier_is_only_read_and_only_by_its_id(served: Served) -> None:
    owner, dossier = owner_of(served)
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert served.download(owner, dossier, method).status_code == 405
    for path in ("x", "", "00000000", "../../etc/passwd", "é", "%00"):
        assert served.download(owner, path).status_code == 404


def test_several_at_once_get_each_their_own(served: Served) -> None:
    owners = [owner_of(served, name) for name in ("alix", "camille", "dominique")]
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda pair: served.download(*pair), owners))
    for (caller, _), answer in zip(owners, answers, strict=True):
        page = page_of(answer)
        for name in ("alix", "camille", "dominique"):
            assert (f"Brevet de {name}" in page) == (name == caller.name)


def test_a_worker_that_dies_in_the_middle_fails_one_download(served: Served) -> None:
    owner, dossier = owner_of(served)
    page_of(served.download(owner, dossier))
    dead = served.worker
    os.kill(dead, signal.SIGSTOP)  # so that it takes the job and does not finish it
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(served.download, owner, dossier)
        time.sleep(0.2)
        assert not waiting.done()
        os.kill(dead, signal.SIGKILL)
        answer = waiting.result(PATIENCE_SECONDS)
    assert answer.status_code == 502
    assert answer.json()["errors"][0]["extensions"] == {"code": "PRINT_FAILED"}
    assert answer.headers["cache-control"] == "no-store"
    assert "Brevet de owner" in page_of(served.download(owner, dossier))
    assert served.worker != dead


def test_a_worker_that_dies_between_two_downloads_is_replaced(served: Served) -> None:
    owner, dossier = owner_of(served)
    page_of(served.download(owner, dossier))
    dead = served.worker
    os.kill(dead, signal.SIGKILL)
    until(lambda: served.pool.processes[0].pid != dead)
    page_of(served.download(owner, dossier))
    assert served.worker != dead


def test_a_booklet_that_is_not_open_has_nothing_to_print(served: Served) -> None:
    caller = served.caller("newcomer")
    assert caller.do(OPEN, code=served.here.code())["__typename"] == "BookletOpened"
    (dossier,) = caller.ask("{ booklet { dossiers { id } } }")["booklet"]["dossiers"]
    answer = served.download(caller, dossier["id"])
    assert (answer.status_code, answer.json()) == (404, NOT_FOUND)


def test_a_worker_that_takes_too_long_is_ended_and_none_outlives_the_service(
    alone: Deployment,
) -> None:
    with serving(alone, "sqlite") as served:
        owner, dossier = owner_of(served)
        page_of(served.download(owner, dossier))
        slow = served.worker
        os.kill(slow, signal.SIGSTOP)
        (process,) = served.pool.processes
        process.longest_silence = 0.3
        answer = served.download(owner, dossier)
        assert answer.status_code == 502
        assert answer.json()["errors"][0]["extensions"] == {"code": "PRINT_FAILED"}
        assert not is_running(slow)
        process.longest_silence = 300.0
        page_of(served.download(owner, dossier))
        last = served.worker
        assert is_running(last)
    assert not is_running(last)


def test_a_worker_that_cannot_reach_the_service_says_so_in_french(alone: Deployment) -> None:
    with serving(
        alone, "sqlite", lambda _url, *_options, **_bounds: PrintProcessPool("http://127.0.0.1:1")
    ) as served:
        answer = served.download(*owner_of(served))
        assert answer.status_code == 502
        (error,) = answer.json()["errors"]
        assert error["extensions"] == {"code": "UNREACHABLE"}
        assert error["message"] == "L’API ne répond pas à cette adresse."
