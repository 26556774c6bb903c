"""The page where people wait for a print that takes long, which can be left."""

import asyncio
from uuid import uuid4

import httpx2
import pytest

from graphql_api.dossiers.held_prints import MOST_HELD, HeldPrints
from graphql_api.engine.workers import BusyError
from tests.conftest import Caller
from tests.graphql_api.documents import added
from tests.graphql_api.dossiers.downloads import Served, owner_of
from tests.graphql_api.dossiers.test_print_processes import stopped
from tests.patience import until


def waiting(served: Served, caller: Caller, dossier: str, query: str = "") -> httpx2.Response:
    """The page where the caller waits for the HTML of a dossier."""
    path = f"/dossiers/{dossier}/preparation.html{query}"
    headers = {"authorization": f"Bearer {caller.token}", "accept": "text/html"}
    return served.client.get(path, headers=headers)


def test_a_print_that_takes_long_is_waited_for_and_then_fetched(served: Served) -> None:
    owner, dossier = owner_of(served)
    with stopped(served.worker):
        page = waiting(served, owner, dossier)
        assert page.status_code == 200
        assert page.headers["refresh"] == "3"
        assert page.headers["cache-control"] == "no-store"
        assert "Vous pouvez la quitter" in page.text
        still = waiting(served, owner, dossier, "?fixe=1")
        assert "refresh" not in still.headers
        assert "ne s’actualise pas seule" in still.text
    until(lambda: "prêt" in waiting(served, owner, dossier).text)
    page = waiting(served, owner, dossier)
    assert "refresh" not in page.headers
    assert f'href="/dossiers/{dossier}.html"' in page.text
    with stopped(served.worker):  # the file is there already
        answer = served.download(owner, dossier, form="html")
    assert "Brevet de owner" in answer.text
    assert "attachment" in answer.headers["content-disposition"]


def test_a_quick_print_needs_no_page(served: Served) -> None:
    owner, dossier = owner_of(served)

    def is_sent_on() -> bool:  # at once where the machine is not loaded
        added(owner, "training", title="Formation ajoutée")  # so that another print begins
        answer = waiting(served, owner, dossier)
        return answer.headers.get("location") == f"/dossiers/{dossier}.html"

    until(is_sent_on)
    with stopped(served.worker):
        answer = served.download(owner, dossier, form="html")
    assert "Formation ajoutée" in answer.text


def test_what_was_entered_meanwhile_is_in_the_file(served: Served) -> None:
    owner, dossier = owner_of(served)
    until(lambda: "prêt" in waiting(served, owner, dossier).text)
    added(owner, "training", title="Formation ajoutée")
    assert "Formation ajoutée" in served.download(owner, dossier, form="html").text


def test_somebody_else_waits_for_nothing(served: Served) -> None:
    owner, dossier = owner_of(served)
    other, _ = owner_of(served, "other")
    until(lambda: "prêt" in waiting(served, owner, dossier).text)
    for caller, id in ((other, dossier), (owner, str(uuid4()))):
        assert waiting(served, caller, id).status_code == 404
    assert served.download(other, dossier, form="html").status_code == 404
    assert served.client.get(f"/dossiers/{dossier}/preparation.html").status_code == 401


async def made() -> bytes:
    return b"file"


async def broken() -> bytes:
    raise ValueError("broken")


def test_a_print_is_fetched_once_and_forgotten_after_its_time() -> None:
    async def scene() -> None:
        prints = HeldPrints()
        assert (await prints.wait("a", made)).is_done
        assert [prints.take("a"), prints.take("a"), prints.take("b")] == [b"file", None, None]
        short = HeldPrints(seconds=0)
        await short.wait("a", made)
        for _ in range(3):
            await asyncio.sleep(0)
        assert short.take("a") is None

    asyncio.run(scene())


def test_a_print_that_fails_says_so_once_and_begins_anew() -> None:
    async def scene() -> None:
        prints = HeldPrints()
        with pytest.raises(ValueError, match="broken"):
            await prints.wait("a", broken)
        assert (await prints.wait("a", made)).is_done

    asyncio.run(scene())


def test_too_many_prints_are_not_held() -> None:
    async def scene() -> None:
        prints = HeldPrints()
        for key in range(MOST_HELD):
            await prints.wait(key, made)
        with pytest.raises(BusyError):
            await prints.wait("one more", made)
        assert prints.take(0) == b"file"
        assert (await prints.wait("one more", made)).is_done

    asyncio.run(scene())
