"""Rotating the master key: online, resumable, whole whatever interrupts it."""

import itertools
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from graphql_api.commands import cli
from graphql_api.serving import ROW_KEYS, is_ready
from graphql_api.storage.keys import master_rotation
from graphql_api.storage.keys.encryption import key_id
from graphql_api.storage.keys.master_rotation import rotate_master_key, rotation_state
from graphql_api.storage.keys.service_keys import NAMES, read_service_keys
from graphql_api.storage.keys.store_marks import Mismatch, StoreLead, StoreMismatchError
from schema.typography import typeset
from tests.conftest import DATABASES
from tests.graphql_api.storage.installation import MASTER, OTHER, Installation, installation
from tests.patience import PATIENCE_SECONDS

BOOKLETS = 5
KEYS = BOOKLETS + len(NAMES) + len(ROW_KEYS)
STEPS = ("before the mark", "after the mark", "within a batch", "after a batch")
CHILD = """
import os, signal, sys
from graphql_api.serving import build_service
from graphql_api.configuration.settings import Settings
from graphql_api.storage.keys import master_rotation

data, keys, current, previous, step = sys.argv[1:]
service = build_service(Settings(data, keys, bytes.fromhex(current), bytes.fromhex(previous)))
master_rotation.BATCH = 2
calls = []

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

def die_at(number, function):
    def wrapped(*arguments):
        calls.append(number)
        if len(calls) == number:
            die()
        return function(*arguments)
    return wrapped

if step == "before the mark":
    master_rotation.check_master_key = die
if step == "after the mark":
    master_rotation._read = die
if step == "within a batch":
    master_rotation.replace_wrapped = die_at(4, master_rotation.replace_wrapped)
progress = die if step == "after a batch" else len
master_rotation.rotate_master_key(service.key_store, service.master_key, lambda more: progress("x" * more))
"""


@pytest.fixture(params=DATABASES)
def before(request: pytest.FixtureRequest, tmp_path: Path) -> Installation:
    """An installation with some booklets under one master key."""
    urls = (f"sqlite:///{tmp_path}/livret.db", f"sqlite:///{tmp_path}/keys.db")
    if request.param == "postgresql":
        create: Callable[[str], str] = request.getfixturevalue("postgresql")
        urls = (create(f"data-{tmp_path.name}"), create(f"keys-{tmp_path.name}"))
    made = installation(urls, tmp_path)
    made.migrate()
    for number in range(BOOKLETS):
        made.open(f"person {number}")
    return made


def with_both(site: Installation) -> Installation:
    """The same, given a new master key and the one before."""
    return site.other(master_key=OTHER, previous_master_key=MASTER)


def with_new(site: Installation) -> Installation:
    return site.other(master_key=OTHER, previous_master_key=None)


def opened(site: Installation) -> dict[str, bytes]:
    """All service keys and booklet keys, opened."""
    with site.service() as service:
        assert is_ready(service)
        with service.key_store.reading():
            rows = service.key_store.database.execute_sql(
                "SELECT booklet, wrapped FROM booklet_key"
            ).fetchall()
        booklets = {id: service.master_key.unwrap(id, bytes(wrapped)) for id, wrapped in rows}
        return booklets | read_service_keys(service.key_store, service.master_key)


def test_after_a_rotation_the_new_key_opens_everything_and_the_old_is_refused(
    before: Installation,
) -> None:
    keys, lead = opened(before), before.lead()
    with with_both(before).service() as service:
        state = rotate_master_key(service.key_store, service.master_key, lambda _more: None)
        assert (state.current, state.previous, state.others) == (KEYS, 0, 0)
        assert state.is_done
    assert opened(with_new(before)) == keys
    assert before.lead() == lead == StoreLead()
    with before.service() as service, pytest.raises(StoreMismatchError) as refused:
        is_ready(service)
    assert refused.value.mismatch is Mismatch.WRONG_MASTER_KEY


def test_rotating_again_changes_nothing(before: Installation) -> None:
    both = with_both(before)
    for _ in range(2):
        with both.service() as service:
            rotate_master_key(service.key_store, service.master_key, lambda _more: None)
        written, after = before.written(), before.written
    assert after() == written


@pytest.mark.parametrize("step", STEPS)
def test_a_rotation_that_was_killed_leaves_every_key_and_is_finished_by_the_next(
    before: Installation, step: str
) -> None:
    keys, both = opened(before), with_both(before)
    urls = (before.settings.database_url, before.settings.key_store_url)
    killed = subprocess.run(
        [sys.executable, "-c", CHILD, *urls, OTHER.hex(), MASTER.hex(), step],
        capture_output=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert opened(both) == keys
    with both.service() as service:
        halfway = rotation_state(service.key_store, service.master_key)
        assert halfway.current + halfway.previous == KEYS
        assert not halfway.is_done
        assert halfway.is_begun is (step != "before the mark")
        assert (halfway.current > 0) is (step in ("within a batch", "after a batch"))
        done = rotate_master_key(service.key_store, service.master_key, lambda _more: None)
        assert done.is_done
    assert opened(with_new(before)) == keys


def test_a_service_opens_and_reads_booklets_before_during_and_after_a_rotation(
    before: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(master_rotation, "BATCH", 2)
    both, numbers = with_both(before), itertools.count()
    with both.service() as running:  # began before, and goes on
        assert is_ready(running)
        made = [both.open_with(running, f"during {next(numbers)}")]
        assert _master_of(running, made[0]) == key_id(MASTER)

        def progress(_more: int) -> None:
            made.append(both.open_with(running, f"during {next(numbers)}"))

        with both.service() as rotating:
            state = rotate_master_key(rotating.key_store, rotating.master_key, progress)
        assert state.is_done
        made.append(both.open_with(running, "after"))
        assert len(made) > 3
        assert is_ready(running)
    keys = opened(with_new(before))
    assert set(made) <= set(keys)
    assert before.lead() == StoreLead()


def test_a_service_that_knows_only_the_old_key_is_not_ready_and_writes_nothing(
    before: Installation,
) -> None:
    with before.service() as old:
        assert is_ready(old)
        with with_both(before).service() as service:
            rotate_master_key(service.key_store, service.master_key, lambda _more: None)
        written = before.written()[1]
        with pytest.raises(StoreMismatchError):
            before.open_with(old, "late")
        with pytest.raises(StoreMismatchError):
            is_ready(old)
        assert before.written()[1] == written


def test_a_damaged_key_is_left_and_told(
    before: Installation,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with before.service() as service, service.key_store.writing():
        service.key_store.database.execute_sql(
            "UPDATE service_key SET wrapped = (SELECT wrapped FROM booklet_key LIMIT 1)"
            " WHERE name = 'letters'"
        )
    both = with_both(before)
    with both.service() as service:
        state = rotate_master_key(service.key_store, service.master_key, lambda _more: None)
        assert (state.current, state.previous) == (KEYS - 1, 1)
        assert not state.is_done
    both.environment(monkeypatch, tmp_path / "environment")
    assert cli.main(["keys", "rotate-master"]) == 1
    assert typeset("Clés endommagées, laissées telles quelles : 1.") in capsys.readouterr().err


def test_the_command_rotates_and_says_when_the_old_key_is_no_longer_needed(
    before: Installation,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    both = with_both(before)
    both.environment(monkeypatch, tmp_path / "environment")
    assert cli.main(["keys", "rotate-master", "--status"]) == 1
    told = capsys.readouterr()
    assert told.out == typeset(
        f"Clés sous la clé maîtresse actuelle : 0\nClés sous la clé maîtresse d’avant : {KEYS}\n"
    )
    assert told.err == typeset("La clé maîtresse d’avant sert encore : livret keys rotate-master\n")
    for words in (["keys", "rotate-master"], ["keys", "rotate-master", "--status"]):
        assert cli.main(words) == 0
        assert capsys.readouterr().out == typeset(
            f"Clés sous la clé maîtresse actuelle : {KEYS}\n"
            "Clés sous la clé maîtresse d’avant : 0\n"
            "La clé maîtresse d’avant ne sert plus qu’aux anciennes sauvegardes des clés.\n"
        )
    with_new(before).environment(monkeypatch, tmp_path / "environment")
    assert cli.main(["keys", "rotate-master"]) == 0
    before.environment(monkeypatch, tmp_path / "environment")
    assert cli.main(["keys", "rotate-master"]) == 3


def _master_of(service: object, booklet: str) -> bytes:
    with service.key_store.reading():  # type: ignore[attr-defined]  # any service
        found = service.key_store.database.execute_sql(  # type: ignore[attr-defined]  # as above
            "SELECT booklet, wrapped FROM booklet_key"
        ).fetchall()
    return next(bytes(wrapped)[:8] for id, wrapped in found if id == booklet)
