"""Stored queries: documents that clients name by the SHA-256 of their text.

Front ends give their documents to the operator as files. Besides, a document that a client sends
with its hash is remembered for a while, as clients of Apollo and urql expect: they send the hash
alone, and the text with it when they are told that it is not known.
"""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any

import orjson

MAX_REMEMBERED_BYTES = 400_000


class StoredQueryError(ValueError):
    """A file of stored queries cannot be read; the message says why, in French."""


class StoredQueries:
    """The texts of documents by their hash; safe to share between threads.

    `registered` stay. Of the others, at most `capacity_bytes` of text are remembered, and those
    that were not asked for the longest leave first.
    """

    def __init__(
        self, registered: Mapping[str, str], capacity_bytes: int = MAX_REMEMBERED_BYTES
    ) -> None:
        self.registered = registered
        self._capacity = capacity_bytes
        self._remembered: OrderedDict[str, str] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def text(self, hash: str) -> str | None:
        """The text of that hash, or None."""
        if (found := self.registered.get(hash)) is not None:
            return found
        with self._lock:
            if hash not in self._remembered:
                return None
            self._remembered.move_to_end(hash)
            return self._remembered[hash]

    def remember(self, hash: str, text: str) -> None:
        """Remember a valid document, whose hash was checked."""
        size = len(text.encode())
        if hash in self.registered or size > self._capacity:
            return
        with self._lock:
            if hash in self._remembered:
                return
            self._remembered[hash] = text
            self._bytes += size
            while self._bytes > self._capacity:
                _, left = self._remembered.popitem(last=False)
                self._bytes -= len(left.encode())


def hash_of(text: str) -> str:
    """The hash by which a document is named: SHA-256 of its UTF-8 bytes, in hexadecimal."""
    return sha256(text.encode()).hexdigest()


def read_stored_queries(folder: Path | None) -> dict[str, str]:
    """Read the documents in the files of a folder, by their hash; none without a folder.

    A `.graphql` file is a document. A `.json` file has many: a manifest of Apollo (`operations`,
    each with `id` and `body`), or an object of documents by their hash. Raises `StoredQueryError`.
    """
    if folder is None:
        return {}
    if not folder.is_dir():
        raise StoredQueryError("dossier introuvable.")
    found: dict[str, str] = {}
    for file in sorted(folder.iterdir()):
        for name, text in _documents_in(file):
            if name != hash_of(text):
                raise StoredQueryError(
                    f"{file.name} : l’identifiant {name[:64]} n’est pas le SHA-256 de son document."
                )
            found[name] = text
    return found


def _documents_in(file: Path) -> Iterator[tuple[str, str]]:
    try:
        if file.suffix == ".graphql":
            text = file.read_text(encoding="utf-8")
            yield hash_of(text), text
        elif file.suffix == ".json":
            yield from _manifest(orjson.loads(file.read_bytes()))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise StoredQueryError(f"{file.name} : fichier de requêtes illisible.") from error


def _manifest(read: Any) -> list[tuple[str, str]]:  # any JSON: what does not fit raises
    if "operations" in read:
        return [(str(one["id"]), str(one["body"])) for one in read["operations"]]
    return [(str(name), str(text)) for name, text in read.items()]
