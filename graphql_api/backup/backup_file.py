"""The file of a backup: its header, its lines, and a last line that shows that nothing is missing.

The last line has the number of lines before it and their SHA-256. All is compressed (gzip, RFC
1952) and, where recipients are given, encrypted. A file is written beside its place and renamed
once it is on the disk, so that one that bears its name is whole.
"""

import fcntl
import gzip
import hashlib
import os
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, cast

import orjson

from graphql_api.backup.backup_header import BackupError, BackupHeader, header_of
from graphql_api.backup.encrypted_files import MAGIC, decrypted, write_encrypted

_GZIP = 16 + zlib.MAX_WBITS
_PART = ".part"
_LONGEST_LINE = 64 * 2**20
_DAMAGED = "cette sauvegarde est abîmée ou coupée."


def write_backup(
    file: BinaryIO, header: BackupHeader, lines: Iterable[bytes], recipients: list[Any]
) -> None:
    """Write a backup to a file, encrypted to the recipients if there are any."""
    chunks = _compressed(_with_trailer(orjson.dumps(header.to_json()) + b"\n", lines))
    if recipients:
        write_encrypted(chunks, file, recipients)
    else:
        file.writelines(chunks)


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """A file that its owner alone reads, which takes its name when the block ends well.

    What a killed process left beside it is removed first. Raises `OSError`.
    """
    _remove_leftovers(path)
    draft, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=_PART)
    try:
        with os.fdopen(draft, "wb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file
            file.flush()
            os.fsync(file.fileno())
            Path(name).replace(path)
        _sync_folder(path.parent)
    finally:
        Path(name).unlink(missing_ok=True)


@contextmanager
def open_backup(
    path: Path, identities: list[Any], advance: Callable[[int], None]
) -> Iterator[tuple[BackupHeader, Iterator[Any]]]:
    """The header of a backup, and its lines, of which the last is checked before they end.

    `advance` is told how many bytes of the file were read. Raises `BackupError`.
    """
    with ExitStack() as stack:
        try:
            file = stack.enter_context(path.open("rb"))
            magic = file.read(len(MAGIC))
            file.seek(0)
        except OSError as error:
            raise BackupError(f"{path} : fichier illisible.") from error
        source = cast("BinaryIO", _Counted(file, advance))
        if magic == MAGIC:
            if not identities:
                raise BackupError(f"{path} est chiffré : donnez la clé secrète par --identity.")
            source = stack.enter_context(decrypted(source, identities))
        lines = _checked(source)
        yield header_of(next(lines)), lines


class _Counted:
    """A file that tells how much of it was read."""

    def __init__(self, file: BinaryIO, advance: Callable[[int], None]) -> None:
        self._file = file
        self._advance = advance

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        chunk = self._file.read(size)
        self._advance(len(chunk))
        return chunk


def _with_trailer(header: bytes, lines: Iterable[bytes]) -> Iterator[bytes]:
    digest, count = hashlib.sha256(header), 1
    yield header
    for line in lines:
        digest.update(line)
        count += 1
        yield line
    yield orjson.dumps({"lines": count, "sha256": digest.hexdigest()}) + b"\n"


def _compressed(lines: Iterator[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(wbits=_GZIP)
    for line in lines:
        if chunk := packer.compress(line):
            yield chunk
    yield packer.flush()


def _checked(source: BinaryIO) -> Iterator[Any]:
    """The values of all lines but the last, which must tell their number and their digest."""
    digest, count, trailer = hashlib.sha256(), 0, False
    try:
        with gzip.GzipFile(fileobj=source, mode="rb") as file:
            while line := file.readline(_LONGEST_LINE):
                value = orjson.loads(line)
                if trailer or not line.endswith(b"\n"):
                    raise BackupError(_DAMAGED)
                if isinstance(value, dict) and "sha256" in value:
                    trailer = value == {"lines": count, "sha256": digest.hexdigest()}
                    if not trailer:
                        raise BackupError(_DAMAGED)
                    continue
                digest.update(line)
                count += 1
                yield value
    except (OSError, EOFError, zlib.error, ValueError) as error:
        raise BackupError(_DAMAGED) from error
    if not trailer:
        raise BackupError(_DAMAGED)


def _remove_leftovers(path: Path) -> None:
    """Remove the drafts of this file that no process is writing any more."""
    for left in path.parent.glob(f".{path.name}.*{_PART}"):
        with suppress(OSError), left.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            left.unlink()


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
