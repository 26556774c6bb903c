"""Scratch folders: private, marked as in use by whoever made them, removed when their maker died.

The mark is a lock on the folder, which the system drops with the process. A service that is killed
leaves its folders behind; the sweep removes those that nobody holds. A folder gets its name once it
is locked, so that none is swept in between.
"""

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

PREFIX, _UNNAMED = "livret-work-", "livret-new-"


@dataclass(frozen=True, slots=True)
class ScratchFolder:
    """A folder that only this account enters (0700), held until it is removed."""

    path: Path
    descriptor: int

    def remove(self) -> None:
        """Remove the folder and what is in it; an error leaves the rest to the sweep."""
        shutil.rmtree(self.path, ignore_errors=True)
        with contextlib.suppress(OSError):
            os.close(self.descriptor)


def make_scratch_folder(parent: str | None = None) -> ScratchFolder:
    """Make a scratch folder, in the system's folder for temporary files. Raises `OSError`."""
    made = Path(tempfile.mkdtemp(prefix=_UNNAMED, dir=parent))
    descriptor = os.open(made, os.O_RDONLY | os.O_DIRECTORY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    return ScratchFolder(made.rename(made.with_name(f"{PREFIX}{uuid4()}")), descriptor)


@contextlib.contextmanager
def scratch_folder() -> Iterator[Path]:
    """A scratch folder while the block lasts."""
    folder = make_scratch_folder()
    try:
        yield folder.path
    finally:
        folder.remove()


def remove_abandoned_folders(parent: Path | None = None) -> int:
    """Remove the scratch folders of this account whose maker is gone; return how many."""
    folders = (parent or Path(tempfile.gettempdir())).glob(f"{PREFIX}*")
    return sum(_remove_if_abandoned(folder) for folder in folders)


def _remove_if_abandoned(path: Path) -> bool:
    """Remove a folder unless it is held, another account's, or no folder at all."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        if os.fstat(descriptor).st_uid != os.geteuid():
            return False
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(path, ignore_errors=True)
    except OSError:  # held, or another sweep was quicker
        return False
    finally:
        os.close(descriptor)
    return not path.exists()
