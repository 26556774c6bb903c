"""Verifying a printed dossier: what is reported, and what is refused."""

import base64
import os
import random
import re
import shutil
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from print_site import build
from print_site.__main__ import main
from print_site.dossier.fingerprints import canonical_json, fingerprint, packed_data, split_data
from print_site.dossier.parsing import parse_dossier
from print_site.dossier.text import typeset_marks
from print_site.errors import PrintError, Reason
from print_site.generator_tag import GENERATOR_TAG
from print_site.verifying import verification
from tests.print_site.conftest import BOOKLET, shortened
from tests.print_site.shells import shell

PAGES = ["html", "zip", "folder"]
FORMS = [
    *PAGES,
    "pdf",
]
ROOT = Path(__file__).parents[3]
DIGEST = fingerprint(canonical_json(shortened(BOOKLET)))


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """A dossier in each form, printed once."""
    folder = tmp_path_factory.mktemp("printed")

    def of(form: str) -> Path:
        if not (folder / form).exists():
            build.BUILDERS[form](parse_dossier(shortened(BOOKLET)), folder / form)
        return folder / form

    return of


@pytest.fixture
def copied(printed: Callable[[str], Path], tmp_path: Path) -> Callable[[str], Path]:
    """A copy of a printed dossier, to be damaged."""

    def of(form: str) -> Path:
        original, copy = printed(form), tmp_path / f"copy.{form}"
        if original.is_dir():
            return Path(shutil.copytree(original, copy))
        return Path(shutil.copyfile(original, copy))

    return of


def error_of(path: Path, expected: str = "") -> PrintError:
    with pytest.raises(PrintError) as refused:
        verification.verify(path, expected)
    return refused.value


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def page_of(copy: Path) -> Path:
    return copy / "index.html" if copy.is_dir() else copy


@pytest.mark.parametrize("form", FORMS)
def test_an_untouched_dossier_agrees_with_itself_under_any_name(
    copied: Callable[[str], Path], form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    moved = copied(form).rename(tmp_path / "clé USB été")
    assert main(["verify", str(moved)]) == 0
    said = capsys.readouterr().out
    assert typeset_marks(f"Empreinte SHA-256 : {DIGEST}") in said
    assert "octet pour octet" in said
    assert "Cela ne prouve ni ce que dit le dossier, ni qui l’a fait" in said
    assert not re.search("certifi|garanti|authenti|validé", said)


def test_a_fingerprint_that_came_by_another_way_is_compared(
    printed: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    spaced = " ".join(re.findall(".{8}", DIGEST.upper()))
    assert main(["verify", str(printed("html")), "--fingerprint", spaced]) == 0
    said = capsys.readouterr().out
    assert verification.IS_EXPECTED in said
    assert "Comparez" not in said
    other = DIGEST[:-1] + ("0" if DIGEST[-1] != "0" else "1")
    assert main(["verify", str(printed("html")), "--fingerprint", other]) == 15
    assert "n’est pas celle de ce dossier" in capsys.readouterr().out


def test_a_changed_dossier_is_said_changed_whatever_fingerprint_is_given(
    copied: Callable[[str], Path],
) -> None:
    copy = copied("folder")
    change(page_of(copy), "Master", "Doctorat")
    assert error_of(copy, "0" * 64).reason is Reason.ALTERED


@pytest.mark.parametrize("given", ["xyz", DIGEST[:-1], DIGEST + "0", DIGEST[:-1] + "g"])
def test_what_is_no_fingerprint_is_refused_as_mistyped(
    printed: Callable[[str], Path], given: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", str(printed("html")), "--fingerprint", given]) == 2
    assert "64 caractères" in capsys.readouterr().err


@pytest.mark.parametrize("form", ["html", "folder"])
def test_a_changed_word_of_a_page_is_refused(copied: Callable[[str], Path], form: str) -> None:
    copy = copied(form)
    change(page_of(copy), "Master", "Doctorat")
    refused = error_of(copy)
    assert refused.reason is Reason.ALTERED
    assert "pages" in refused.message or "données" in refused.message


def test_changed_data_are_refused(copied: Callable[[str], Path]) -> None:
    copy = copied("folder")
    change(copy / "livret.json", "Julliard", "Martin")
    refused = error_of(copy)
    assert refused.reason is Reason.ALTERED
    assert "empreinte imprimée" in refused.message


def test_changed_data_in_a_page_are_refused_and_another_compression_is_the_same(
    copied: Callable[[str], Path],
) -> None:
    copy = copied("html")
    split = split_data(copy.read_text(encoding="utf-8"))
    assert split
    page, data = split
    other = base64.b64encode(zlib.compress(data.encode(), 1)).decode()
    assert other != packed_data(data)
    copy.write_text(page.replace("</template>", f"{other}</template>"), encoding="utf-8")
    assert verification.verify(copy).pages_compared
    changed = packed_data(data.replace("Julliard", "Martin"))
    copy.write_text(page.replace("</template>", f"{changed}</template>"), encoding="utf-8")
    assert "empreinte imprimée" in error_of(copy).message


def test_changed_data_under_their_own_fingerprint_are_refused_with_the_pages(
    copied: Callable[[str], Path],
) -> None:
    copy = copied("folder")
    data = shortened(BOOKLET)
    data["holder"]["lastName"] = "Martin"
    (copy / "livret.json").write_text(canonical_json(data), encoding="utf-8")
    digest = fingerprint(canonical_json(data))
    page = (copy / "index.html").read_text(encoding="utf-8")
    for code in set(
        re.findall('<code data-livret="empreinte">([^<]*(?:<wbr>[^<]*)*)</code>', page)
    ):
        page = page.replace(code, digest)
    (copy / "index.html").write_text(page, encoding="utf-8")
    refused = error_of(copy)
    assert refused.reason is Reason.ALTERED
    assert "Les pages ne sont pas celles" in refused.message


@pytest.mark.parametrize("form", ["html", "folder"])
def test_a_changed_printed_fingerprint_is_refused(copied: Callable[[str], Path], form: str) -> None:
    copy = copied(form)
    first = DIGEST[:8]
    other = "0" * 8 if first != "0" * 8 else "1" * 8
    change(page_of(copy), f">{first} ", f">{other} ")
    assert error_of(copy).reason is Reason.ALTERED


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: (folder / "static" / "print.css").write_bytes(b"body { display: none }"),
        lambda folder: (folder / "static" / "print.css").unlink(),
        lambda folder: (folder / "static" / "more.js").write_bytes(b"alert(1)"),
        lambda folder: change(folder / "livret.json", '{"annexes"', '{ "annexes"'),
        lambda folder: (folder / "livret.json").write_bytes(b"{}"),
        lambda folder: (folder / "livret.json").write_bytes(b"[" * 100_000),
    ],
)
def test_a_folder_with_a_touched_file_is_refused(
    copied: Callable[[str], Path], damage: Callable[[Path], None]
) -> None:
    copy = copied("folder")
    damage(copy)
    assert error_of(copy).reason is Reason.ALTERED


def test_a_zip_packed_again_is_the_same_and_one_with_another_file_is_not(
    copied: Callable[[str], Path], tmp_path: Path
) -> None:
    copy = copied("zip")
    again = tmp_path / "again.zip"
    with zipfile.ZipFile(copy) as source, zipfile.ZipFile(again, "w") as target:
        for name in reversed(source.namelist()):
            target.writestr(name, source.read(name))
    assert verification.verify(again).pages_compared
    with zipfile.ZipFile(again, "a") as target:
        target.writestr("livret/static/more.js", "alert(1)")
    assert error_of(again).reason is Reason.ALTERED


def test_a_zip_with_two_files_of_one_name_is_refused(copied: Callable[[str], Path]) -> None:
    copy = copied("zip")
    with zipfile.ZipFile(copy, "a") as target, pytest.warns(UserWarning, match="Duplicate"):
        target.writestr("livret/index.html", "<p>Doctorat</p>")
    assert "deux fois" in error_of(copy).message


def test_pages_of_another_edition_are_not_compared_and_it_is_said(
    copied: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    copy = copied("html")
    change(copy, GENERATOR_TAG, "Livret, édition 000000000000")
    assert main(["verify", str(copy)]) == 12
    said = capsys.readouterr().out
    assert "n’ont pas été comparées" in said
    assert "octet pour octet" not in said


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("</main>", f'<code data-livret="empreinte">{"0" * 64}</code></main>'),
        ('data-livret="zlib base64">', 'data-livret="zlib base64">A'),
    ],
)
def test_pages_of_another_edition_are_refused_for_what_can_be_seen(
    copied: Callable[[str], Path], old: str, new: str
) -> None:
    copy = copied("html")
    change(copy, GENERATOR_TAG, "Livret, édition 000000000000")
    change(copy, old, new)
    assert error_of(copy).reason is Reason.ALTERED


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html></html>",
        b"\xff\xfe\0",
        b"PK\x03\x04 broken",
        b'<template id="donnees" data-livret="zlib base64">{}</template>' * 2,
    ],
)
def test_what_is_no_dossier_is_said_so(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x").write_bytes(content)
    assert error_of(tmp_path / "x").reason is Reason.UNREADABLE


def test_data_that_are_no_dossier_are_refused(tmp_path: Path) -> None:
    digest = fingerprint("{}")
    (tmp_path / "x").write_text(
        f'<meta name="generator" content="{GENERATOR_TAG}"><template id="donnees" data-livret="zlib base64">'
        f"{packed_data('{}')}</template>"
        f'<code data-livret="empreinte">{digest}</code>',
        encoding="utf-8",
    )
    assert error_of(tmp_path / "x").reason is Reason.ALTERED


def test_neither_links_nor_pipes_nor_missing_files_are_read(
    printed: Callable[[str], Path], tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(printed("html"))
    for name in ("pipe", "link", "missing"):
        assert error_of(tmp_path / name).reason is Reason.UNREADABLE


def test_a_file_that_is_too_big_is_not_held(printed: Callable[[str], Path], tmp_path: Path) -> None:
    with (tmp_path / "big").open("wb") as file:
        file.truncate(200 * 1024**2)
    assert "trop gros" in error_of(tmp_path / "big").message
    with zipfile.ZipFile(tmp_path / "bomb", "w", zipfile.ZIP_DEFLATED) as pack:
        for name in ("index.html", "livret.json"):
            pack.writestr(f"livret/{name}", b"0" * (70 * 1024**2))
    assert "trop gros" in error_of(tmp_path / "bomb").message


@pytest.mark.parametrize("form", ["html", "zip"])
def test_a_flipped_byte_is_never_called_the_same(copied: Callable[[str], Path], form: str) -> None:
    copy, chance = copied(form), random.Random(7)
    original = copy.read_bytes()
    for _ in range(60):
        place = chance.randrange(len(original))
        damaged = bytearray(original)
        damaged[place] ^= 1 << chance.randrange(8)
        copy.write_bytes(damaged)
        try:
            verdict = verification.verify(copy)
        except PrintError:
            continue
        # A zip has bytes that are no content, such as dates.
        assert form == "zip" or not verdict.pages_compared


def test_a_verification_never_says_who_it_is_about(
    copied: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    copy = copied("folder")
    main(["verify", str(copy)])
    change(copy / "index.html", "Julliard", "Martin")
    assert main(["verify", str(copy)]) == 11
    said = capsys.readouterr()
    assert "Dossier altéré. " in said.err
    assert not re.search("Julliard|Martin|Christian", said.out + said.err)


def test_the_shell_verifies_too(printed: Callable[[str], Path]) -> None:
    done = shell("verify", str(printed("html")))
    assert (done.returncode, done.stderr) == (0, "")


def test_the_file_that_is_verified_is_not_touched(printed: Callable[[str], Path]) -> None:
    path = printed("html")
    before = (path.read_bytes(), path.stat().st_mtime_ns)
    verification.verify(path)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
