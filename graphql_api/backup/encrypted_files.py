"""Files that nobody but a recipient reads, in the format `age` (C2SP), and the keys of recipients.

`pyrage` pulls what it encrypts and pushes what it decrypts, in pieces, so that memory is bounded.
It wraps the exceptions of what it calls: they are kept here and raised as they were.
"""

import io
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

import pyrage

from graphql_api.backup.backup_header import BackupError

MAGIC = b"age-encryption.org/v1\n"
_SECRET = "AGE-SECRET-KEY-"  # noqa: S105, the prefix of all of them


class _Pulled(io.RawIOBase):
    """A file that is read from an iterator of chunks, and keeps the exception of what makes them."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._left = b""
        self.error: BaseException | None = None

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """The next bytes, at most `size` of them; none at the end."""
        try:
            while not self._left:
                self._left = next(self._chunks)
        except StopIteration:
            return b""
        except BaseException as error:
            self.error = error
            raise
        size = len(self._left) if size < 0 else size
        given, self._left = self._left[:size], self._left[size:]
        return given


class _Pushed(io.RawIOBase):
    """A file that passes on what is written to it, and keeps the exception of where that goes."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.error: BaseException | None = None

    def writable(self) -> bool:
        return True

    def write(self, chunk: Any) -> int:
        """Write a chunk."""
        try:
            return self._file.write(chunk)
        except BaseException as error:
            self.error = error
            raise


def read_recipient(written: str) -> Any:
    """A recipient's public key: `age1…`, or an SSH key as in `authorized_keys`. Raises `BackupError`."""
    kind = pyrage.ssh if written.startswith("ssh-") else pyrage.x25519
    try:
        return kind.Recipient.from_str(written.strip())
    except pyrage.RecipientError as error:
        raise BackupError("--recipient : une clé publique age1… ou ssh-… est attendue.") from error


def read_identities(path: Path) -> list[Any]:
    """The secret keys in a file that `age-keygen` wrote, or in an SSH key. Raises `BackupError`."""
    try:
        content = path.read_bytes()
        lines = content.decode("ascii").splitlines()
        if any(line.startswith(_SECRET) for line in lines):
            return [
                pyrage.x25519.Identity.from_str(line.strip())
                for line in lines
                if line.startswith(_SECRET)
            ]
        return [pyrage.ssh.Identity.from_buffer(content)]
    except (OSError, ValueError, pyrage.IdentityError) as error:
        raise BackupError(f"{path} : aucune clé secrète age n’y est lisible.") from error


def write_encrypted(chunks: Iterator[bytes], file: BinaryIO, recipients: list[Any]) -> None:
    """Write chunks to a file, encrypted to every recipient. Raises what making or writing raises."""
    source, target = _Pulled(chunks), _Pushed(file)
    try:
        pyrage.encrypt_io(source, target, recipients)
    except pyrage.EncryptError as error:
        raise (source.error or target.error or error) from error


@contextmanager
def decrypted(file: BinaryIO, identities: list[Any]) -> Iterator[BinaryIO]:
    """What an encrypted file holds, read from a pipe that a thread fills.

    Raises `BackupError` when no key opens it, or it was changed or cut.
    """
    out, into = os.pipe()
    failures: list[BaseException] = []

    def fill() -> None:
        pipe = os.fdopen(into, "wb")
        try:
            pyrage.decrypt_io(file, pipe, identities)
        except (pyrage.DecryptError, OSError) as error:
            failures.append(error)
        finally:
            with suppress(OSError):  # nobody reads any more
                pipe.close()

    thread = threading.Thread(target=fill, name="decrypting")
    thread.start()
    try:
        with os.fdopen(out, "rb") as pipe:
            yield pipe
    except BackupError as error:
        thread.join()
        raise _reason(failures, error) from error
    finally:
        thread.join()


def _reason(failures: list[BaseException], error: BackupError) -> BackupError:
    """What is wrong with the file, before what was wrong with the little that it gave."""
    if any(isinstance(one, pyrage.DecryptError) for one in failures):
        return BackupError("la clé secrète qui est donnée n’ouvre pas cette sauvegarde.")
    return error
