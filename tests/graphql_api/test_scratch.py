"""Scratch folders: private, kept while their maker lives, swept once it was killed."""

import os
import signal
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from graphql_api.scratch import (
    PREFIX,
    make_scratch_folder,
    remove_abandoned_folders,
    scratch_folder,
)
from tests.patience import PATIENCE_SECONDS, until
from tests.processes import interruptible

MAKER = """
import sys, time
from graphql_api.dossiers.printing import PrintProcessPool
from graphql_api.scratch import make_scratch_folder
folder = make_scratch_folder()
(folder.path / "livret.html").write_text("personal")
pool = PrintProcessPool("http://127.0.0.1:9", processes=1)
pool.start()
print(pool.processes[0].pid, flush=True)
time.sleep(600)
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def folders(parent: Path) -> list[Path]:
    return list(parent.glob(f"{PREFIX}*"))


def test_a_folder_is_private_and_goes_with_its_block(temporary: Path) -> None:
    with scratch_folder() as folder:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert folders(temporary) == [folder]
    assert list(temporary.iterdir()) == []


def test_a_folder_in_use_is_not_swept_and_one_that_is_left_is(temporary: Path) -> None:
    held, left = make_scratch_folder(), make_scratch_folder()
    os.close(left.descriptor)  # as the system does when a process ends
    assert remove_abandoned_folders() == 1
    assert folders(temporary) == [held.path]
    assert remove_abandoned_folders() == 0
    held.remove()


def test_what_is_no_folder_of_ours_is_left_alone(
    temporary: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "kept").touch()
    (temporary / f"{PREFIX}link").symlink_to(elsewhere)
    (temporary / f"{PREFIX}file").touch()
    (temporary / "other").mkdir()
    assert remove_abandoned_folders() == 0
    assert (elsewhere / "kept").exists()
    assert len(list(temporary.iterdir())) == 3


def _lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_a_killed_service_leaves_no_print_process_and_its_folders_are_swept(
    temporary: Path,
) -> None:
    environment = os.environ | {"TMPDIR": str(temporary)}
    with subprocess.Popen(
        interruptible(sys.executable, "-c", MAKER),
        stdout=subprocess.PIPE,
        env=environment,
        text=True,
    ) as maker:
        assert maker.stdout is not None
        printer = int(maker.stdout.readline())
        assert _lives(printer)
        assert remove_abandoned_folders() == 0
        assert len(folders(temporary)) == 2
        maker.send_signal(signal.SIGKILL)
        maker.wait(PATIENCE_SECONDS)
    until(lambda: not _lives(printer))
    assert remove_abandoned_folders() == 2
    assert list(temporary.iterdir()) == []
