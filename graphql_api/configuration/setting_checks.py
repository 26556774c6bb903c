"""What may be wrong with one value of a setting: of a key, a file, an address, a database."""

import itertools
import os
import re
import stat
from collections.abc import Iterator
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

_WELL_KNOWN_PASSWORDS = frozenset(
    ("admin", "change-me", "changeme", "livret", "password", "postgres", "secret", "test")
)
_FEWEST_DISTINCT = 16  # of 32 bytes: fewer come by chance once in more than 10¹⁵ keys
_SECRET_KEY = re.compile(r"^\s*(client_secret|private_key)\s*=", re.MULTILINE)


def has_little_entropy(key: bytes) -> bool:
    """Whether a key was written by hand: repeated, counted up, or a text."""
    steps = {(after - before) % 256 for before, after in itertools.pairwise(key)}
    return (
        len(set(key)) < _FEWEST_DISTINCT
        or len(steps) < _FEWEST_DISTINCT // 2
        or all(32 <= byte < 127 for byte in key)
    )


def is_read_by_others(path: str) -> bool:
    """Whether others than the service's own account read a file, or may write it.

    A file that another account gives to our group can be read in no other way.
    """
    if not path:  # the key comes from elsewhere
        return False
    try:
        found = Path(path).stat()
    except OSError:
        return False
    others = stat.S_IRWXO | stat.S_IWGRP
    if found.st_uid == os.geteuid():
        others |= stat.S_IRWXG
    return bool(found.st_mode & others)


def is_written_by_others(path: Path | None) -> bool:
    """Whether others than the account that owns a file may change it."""
    try:
        return path is not None and bool(path.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH))
    except OSError:
        return False


def holds_readable_secret(path: Path | None) -> bool:
    """Whether a TOML file with a secret can be read by others."""
    try:
        written = path.read_text("utf-8-sig") if path else ""
    except (OSError, ValueError):
        return False
    return bool(_SECRET_KEY.search(written)) and is_read_by_others(str(path))


def is_missing(path: Path | None) -> bool:
    """Whether a file or folder is named that cannot be read."""
    return path is not None and not os.access(path, os.R_OK)


def is_here(parts: SplitResult) -> bool:
    """Whether an address is this machine's own."""
    host = parts.hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_plain_far_address(address: str) -> bool:
    """Whether what is sent there crosses a network in clear, or nothing can be sent at all."""
    parts = _parts(address)
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        return True
    return parts.scheme == "http" and not is_here(parts)


def _parts(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return None
    return parts


def is_web_address(address: str) -> bool:
    """Whether a text is the address of a page."""
    parts = _parts(address)
    return parts is not None and parts.scheme in ("http", "https") and bool(parts.hostname)


def trusts_anybody(written: str) -> bool:
    """Whether a list of proxies has every address in it."""
    return any(
        one == "*" or (network is not None and network.prefixlen == 0)
        for one, network in _networks(written)
    )


def names_no_address(written: str) -> bool:
    """Whether something in a list of proxies is neither an address nor a network."""
    return any(one != "*" and network is None for one, network in _networks(written))


def _networks(written: str) -> Iterator[tuple[str, Any]]:  # Any: a network of IPv4 or of IPv6
    for one in filter(None, (part.strip() for part in written.split(","))):
        try:
            yield one, ip_network(one, strict=False)
        except ValueError:
            yield one, None


def is_store_of_no_kind(url: str) -> bool:
    """Whether the address of a database names neither kind that is served."""
    parts = _parts(url)
    return parts is None or parts.scheme not in ("sqlite", "postgresql", "postgres")


def is_relative_file(url: str) -> bool:
    """Whether a SQLite file is named from wherever the service starts."""
    return url.startswith("sqlite:") and not Path(file_of(url)).is_absolute()


def is_open_file(url: str) -> bool:
    """Whether the file of a database stays open to others: one that is ours is closed to them."""
    if not url.startswith("sqlite:") or is_relative_file(url):
        return False
    file = Path(file_of(url))
    return _is_foreign_and_read(file) or _is_replaceable(file.parent)


def _is_foreign_and_read(file: Path) -> bool:
    try:
        found = file.stat()
    except OSError:
        return False
    return found.st_uid != os.geteuid() and bool(found.st_mode & stat.S_IRWXO)


def _is_replaceable(folder: Path) -> bool:
    try:
        mode = folder.stat().st_mode
    except OSError:
        return False
    return bool(mode & stat.S_IWOTH) and not mode & stat.S_ISVTX


def file_of(url: str) -> str:
    """The file of a SQLite database, as its address names it."""
    return urlsplit(url).path.removeprefix("/")


def _place_of(url: str) -> tuple[object, ...]:
    """What two addresses of the same database have in common."""
    if url.startswith("sqlite:"):
        return (os.path.realpath(file_of(url)),)
    parts = urlsplit(url)
    return (parts.hostname or "", parts.port or 5432, parts.path.strip("/") or parts.username)


def is_one_database(one: str, other: str) -> bool:
    """Whether two addresses plainly name the same database."""
    if one.startswith("sqlite:") != other.startswith("sqlite:"):
        return False
    return _place_of(one) == _place_of(other)


def has_known_password(url: str) -> bool:
    """Whether the password in an address stands in every list of passwords."""
    parts = _parts(url)
    return parts is not None and unquote(parts.password or "") in _WELL_KNOWN_PASSWORDS


def is_in_demo(path: str) -> bool:
    """Whether a file lies in a folder of the demo, whose accounts everybody knows."""
    folder = Path(path).parent
    return (folder / "machines.json").exists() and (folder / "master.key").exists()
