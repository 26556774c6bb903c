"""Files that only the service's own account reads: 0600, in folders of 0700.

The umask makes it so for whatever a command writes; what holds most is made so by name, since a
file may be there already, from a time or a tool with another umask.
"""

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

UMASK = 0o077
FILE, FOLDER = 0o600, 0o700
_BESIDE_SQLITE = ("", "-wal", "-shm", "-journal")


@contextlib.contextmanager
def private_umask() -> Iterator[None]:
    """While the block lasts, this process makes files and folders that others do not enter."""
    before = os.umask(UMASK)
    try:
        yield
    finally:
        os.umask(before)


def make_private_database(path: str) -> None:
    """Make the file of a SQLite database if there is none, and close it and its logs to others.

    What cannot be changed stays: opening the database says what is wrong, and start refuses a
    file that is another account's.
    """
    if not path or path == ":memory:":
        return
    with contextlib.suppress(OSError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, FILE))
    for suffix in _BESIDE_SQLITE:
        _close_to_others(Path(f"{path}{suffix}"), FILE)


def make_private_folder(path: Path) -> None:
    """Make a folder, and close it to others if it was there. Raises `OSError`."""
    path.mkdir(mode=FOLDER, parents=True, exist_ok=True)
    _close_to_others(path, FOLDER)


def _close_to_others(path: Path, mode: int) -> None:
    with contextlib.suppress(OSError):
        found = path.stat()
        if found.st_uid == os.geteuid() and stat.S_IMODE(found.st_mode) & ~mode:
            path.chmod(stat.S_IMODE(found.st_mode) & mode)
