"""`livret pull` keeps an exact copy, forgets on time, and leaves a whole file or the one before."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
import uvicorn

from graphql_api.app import create_application
from graphql_api.callers import sites
from graphql_api.commands import cli
from graphql_api.commands.copies import pull_command
from graphql_api.commands.copies.pull_command import PullError, pull
from graphql_api.commands.copies.summary_copy import SiteClient, SummaryCopy, write_copy
from graphql_api.identity_provider.oauth.clients import RegisteredClient
from graphql_api.serving import build_service
from graphql_api.storage.actors import Anonymous
from schema.typography import typeset
from tests.conftest import SERVICE, Caller, Here, with_booklet
from tests.graphql_api.consents.consenting import consent
from tests.graphql_api.consents.consents import NARROW, WITHDRAW
from tests.graphql_api.documents import added
from tests.graphql_api.summaries.summaries import read

NOBODY = SiteClient("http://127.0.0.1:9", "client", "secret")


@pytest.fixture
def machine(here: Here) -> RegisteredClient:
    """The machine of Nouvelle-Aquitaine, with its secret."""
    service = build_service(here.deployment.settings)
    with service.store.writing():
        made = sites.register(service.operation(Anonymous()), "75")
    service.close()
    return made


@pytest.fixture
def source(machine: RegisteredClient) -> SiteClient:
    return SiteClient(SERVICE, machine.client_id, str(machine.secret))


def nodes(here: Here, source: SiteClient) -> dict[str, Any]:
    """What the site would read now, whole."""
    site = here.machine(source.client_id)
    return {one["id"]: one for one in read(site, first=100)["nodes"]}


def test_a_copy_is_what_the_site_may_read_after_each_pull(here: Here, source: SiteClient) -> None:
    owners = [with_booklet(here, f"agent {number}") for number in range(4)]
    for rubric in ("diploma", "professionalExperience", "competence", "accreditation"):
        added(owners[0], rubric)
    given = [consent(here, owner) for owner in owners[:3]]
    copy = pull(here.client, source, SummaryCopy())
    assert copy.summaries == nodes(here, source)
    assert copy.summaries.keys() == set(given)
    owners[0].do(WITHDRAW, id=given[0])
    owners[1].do(NARROW, id=given[1], version=1, sections=["COUNTS"])
    new = consent(here, owners[3], "HOLDER")
    copy = pull(here.client, source, copy)
    assert copy.summaries.keys() == {given[1], given[2], new}
    assert copy.summaries == nodes(here, source)
    assert copy.total == 3


def test_a_copy_of_several_pages_is_whole(
    here: Here, source: SiteClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pull_command, "PAGE", 2)
    given = {consent(here, with_booklet(here, f"agent {n}"), "COUNTS") for n in range(5)}
    copy = pull(here.client, source, SummaryCopy())
    assert copy.summaries.keys() == given
    again = pull(here.client, source, copy)
    assert again.summaries == copy.summaries


def test_what_is_withdrawn_between_two_pages_is_not_in_the_copy(
    here: Here, source: SiteClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pull_command, "PAGE", 1)
    owners = {}
    for number in range(3):
        owner = with_booklet(here, f"agent {number}")
        owners[consent(here, owner, "COUNTS")] = owner
    first, pages = min(owners), iter(range(10))
    asked = pull_command._asked

    def asking(*words: Any) -> httpx2.Response:
        if next(pages) == 1:  # the first page was read
            owners[first].do(WITHDRAW, id=first)
        return asked(*words)

    monkeypatch.setattr(pull_command, "_asked", asking)
    assert pull(here.client, source, SummaryCopy()).summaries.keys() == set(owners) - {first}


def test_a_token_that_ended_is_asked_for_again(
    here: Here, source: SiteClient, owner: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    given, real, given_out = consent(here, owner, "COUNTS"), pull_command._token, []

    def token(*words: Any) -> str:
        given_out.append("ended" if not given_out else real(*words))
        return given_out[-1]

    monkeypatch.setattr(pull_command, "_token", token)
    assert pull(here.client, source, SummaryCopy()).summaries.keys() == {given}
    assert len(given_out) == 3


def test_a_copy_that_is_too_old_begins_anew(here: Here, source: SiteClient, owner: Caller) -> None:
    given = consent(here, owner, "COUNTS")
    as_of = (here.clock() - timedelta(days=400)).isoformat()
    old = SummaryCopy(as_of, {"long gone": {"id": "long gone", "expiresAt": as_of}})
    assert pull(here.client, source, old).summaries.keys() == {given}


def test_an_expired_summary_leaves_the_copy_without_the_service(here: Here) -> None:
    now = here.clock()
    ends = {"past": now - timedelta(seconds=1), "to come": now + timedelta(seconds=1)}
    copy = SummaryCopy(
        "x", {id: {"id": id, "expiresAt": end.isoformat()} for id, end in ends.items()}
    )
    assert copy.without_expired(now).summaries.keys() == {"to come"}


def test_a_wrong_secret_and_a_machine_that_is_no_site_are_said_so(
    here: Here, source: SiteClient
) -> None:
    with pytest.raises(PullError, match="secret"):
        pull(here.client, replace(source, secret="wrong"), SummaryCopy())
    here.deployment.store.database.execute_sql("DELETE FROM site")
    with pytest.raises(PullError, match="site régional inscrit") as failed:
        pull(here.client, source, SummaryCopy())
    assert failed.value.code == "FORBIDDEN"
    assert source.secret not in repr(source)


@contextmanager
def serving(here: Here) -> Iterator[str]:
    """The same databases, served over HTTP on the loopback; the address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        settings = replace(
            here.deployment.settings,
            public_url=url,
            internal_url=url,
            token_issuer=url,
        )
        served = create_application(settings, here.clock)
        server = uvicorn.Server(uvicorn.Config(served, log_config=None, lifespan="on"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield url  # whoever connects already waits in the queue of the listener
        finally:
            server.should_exit = True
            thread.join()


def livret(url: str, source: SiteClient, folder: Path, *words: str) -> int:
    """Run the command on a service, into copy.json in that folder; its exit code."""
    secret = folder / "secret"
    secret.write_text(f"{source.secret}\n")
    options = ["--api", url, "--client-id", source.client_id, "--client-secret-file", str(secret)]
    return cli.main(["pull", *options, "--into", str(folder / "copy.json"), *words])


def kept(folder: Path) -> set[str]:
    """The summaries in the file."""
    return {one["id"] for one in json.loads((folder / "copy.json").read_text())["summaries"]}


def test_one_command_keeps_the_file(
    here: Here, source: SiteClient, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    owners = [with_booklet(here, f"agent {number}") for number in range(2)]
    given = [consent(here, owner) for owner in owners]
    file = tmp_path / "copy.json"
    with serving(here) as url:
        assert livret(url, source, tmp_path) == 0
        assert capsys.readouterr().out == typeset("Résumés dans la copie : 2 ; oubliés : 0.\n")
        assert kept(tmp_path) == set(given)
        assert file.stat().st_mode & 0o777 == 0o600
        owners[0].do(WITHDRAW, id=given[0])
        assert livret(url, source, tmp_path) == 0
        assert capsys.readouterr().out == typeset("Résumés dans la copie : 1 ; oubliés : 1.\n")
        assert kept(tmp_path) == {given[1]}
        assert source.secret not in file.read_text()
        assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.json", "secret"]
        before = file.read_bytes()
        assert livret(f"{url}/", replace(source, secret="wrong"), tmp_path) == 1
        assert file.read_bytes() == before
        assert livret(url, replace(source, client_id="other"), tmp_path) == 1
        assert "copie d’un autre site" in capsys.readouterr().err
        assert file.read_bytes() == before
    assert livret(url, source, tmp_path) == 1
    assert "ne répond pas" in capsys.readouterr().err
    assert file.read_bytes() == before


def test_without_the_service_what_has_expired_is_forgotten_all_the_same(
    tmp_path: Path,
) -> None:
    ends = {"past": "2020-01-01T00:00:00+00:00", "to come": "2999-01-01T00:00:00+00:00"}
    copy = SummaryCopy(
        "2026-01-01T00:00:00+00:00", {i: {"id": i, "expiresAt": at} for i, at in ends.items()}
    )
    write_copy(tmp_path / "copy.json", NOBODY, copy)
    assert livret(NOBODY.api, NOBODY, tmp_path) == 1
    assert kept(tmp_path) == {"to come"}


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"format": "livret"}', "\udcff"])
def test_a_file_that_is_no_copy_is_left_alone(
    tmp_path: Path, content: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "copy.json"
    file.write_bytes(content.encode("utf-8", "surrogateescape"))
    before = file.read_bytes()
    assert livret(NOBODY.api, NOBODY, tmp_path) == 1
    assert "ce n’est pas une copie" in capsys.readouterr().err
    assert file.read_bytes() == before


def test_a_secret_leaves_by_https_or_not_at_all(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for address in ("http://livret.example", "ftp://livret.example", "livret.example", ""):
        assert livret(address, NOBODY, tmp_path) == 1
    assert capsys.readouterr().err.count("https://") >= 3
