"""A canary in every field, then the booklet is closed: where is one of them, or its key, still found?

Searched are data, key store, write-ahead logs, logs of the service, backups and what they restore,
temporary files and letters. A sealed value holds no canary; so the key is searched for as well.
"""

import gzip
import logging
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import Here
from tests.graphql_api.backup.places import Place
from tests.graphql_api.booklets.closing import close, full_booklet, rows
from tests.graphql_api.canaries import canaries_in, stored
from tests.graphql_api.documents import WHOLE, whole
from tests.graphql_api.test_logs import Ears
from tests.torture.figures import Figures

pytestmark = pytest.mark.torture


def files_of(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file below a folder, unpacked where it is packed."""
    for file in folder.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            yield file.name, gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content


def test_after_a_closing_neither_a_word_nor_the_key_is_found(
    here: Here,
    place: Place,
    elsewhere: Callable[[], Place],
    tmp_path: Path,
    figures: Figures,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    ears = Ears(caplog, capsys)
    (temporary := tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    owner = full_booklet(here)
    booklet = whole(owner)["id"]
    (key,) = (row[1] for row in rows(here.deployment.key_store, "booklet_key") if row[0] == booklet)
    (files := tmp_path / "backups").mkdir()
    data, keys = files / "data", files / "keys"
    assert place.livret("backup", "--data", data, "--keys", keys)[0] == 0
    assert close(owner)["__typename"] == "BookletClosed"
    there = elsewhere()
    today = files / "keys of today"
    assert place.livret("backup", "--keys", today)[0] == 0
    assert there.livret("restore", "--data", data, "--keys", today)[0] == 0

    searched = words = 0
    places: list[tuple[str, Iterator[tuple[str, bytes]]]] = [
        ("stores", stored(here.deployment)),
        ("backups", files_of(files)),
        ("temporary", files_of(temporary)),
        ("letters", files_of(here.deployment.settings.mail_folder or temporary)),
        ("restored", files_of(there.folder)),
        ("logs", ((str(at), told.encode()) for at, told in enumerate(ears.heard()))),
    ]
    with_key: set[str] = set()
    for name, contents in places:
        for file, content in contents:
            searched += len(content)
            if found := canaries_in(content):
                words += 1
                print(name, file, found)
            if bytes(key) in content:
                with_key.add(f"{name}/{file}")
    with there.serving(here.clock) as client:
        again = type(owner)(client, owner.token, owner.name)
        reads = again.ask(WHOLE) != {"booklet": None}
    print(sorted(with_key))
    figures.size("megabytes searched", round(searched / 1e6))
    figures.exactly("words of the booklet found", words, 0)
    if here.kind == "sqlite":
        figures.exactly("its key, in a file of the stores or a log", len(with_key), 0)
    else:  # an old row stays until its page and its piece of the log are written over
        figures.size(
            "its wrapped key, in files of the server that are not yet written over", len(with_key)
        )
    figures.exactly("restored data of before, that read with the keys of today", int(reads), 0)
