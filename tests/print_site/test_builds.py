"""Folders, zips and single files: complete or absent, the same bytes for the same data."""

import copy
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from print_site import build, generator
from print_site.dossier.parsing import parse_dossier
from print_site.errors import PrintError, Reason
from print_site.preview.samples import SAMPLES


def content(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_folder_holds_what_its_page_needs_and_nothing_else(
    tmp_path: Path, booklet: dict[str, Any]
) -> None:
    build.build_folder(parse_dossier(booklet), tmp_path / "dossier")
    assert sorted(content(tmp_path / "dossier")) == [
        "index.html",
        "livret.json",
        "static/base.css",
        "static/brand.css",
        "static/compact.css",
        "static/cover.css",
        "static/fonts/OFL.txt",
        "static/fonts/public-sans-400.woff2",
        "static/fonts/public-sans-700.woff2",
        "static/panorama.css",
        "static/parts.css",
        "static/print.css",
        "static/screens.css",
    ]
    assert names(tmp_path) == ["dossier"]


def test_a_rebuild_of_the_same_data_gives_the_same_bytes(
    tmp_path: Path, booklet: dict[str, Any]
) -> None:
    shuffled = dict(reversed(copy.deepcopy(booklet).items()))
    for name, data in (("one", booklet), ("two", shuffled)):
        dossier = parse_dossier(data)
        build.build_folder(dossier, tmp_path / name)
        build.build_zip(dossier, tmp_path / f"{name}.zip")
        build.build_html(dossier, tmp_path / f"{name}.html")
    assert content(tmp_path / "one") == content(tmp_path / "two")
    for suffix in ("zip", "html"):
        one, two = (tmp_path / f"{name}.{suffix}" for name in ("one", "two"))
        assert one.read_bytes() == two.read_bytes()


def test_the_fingerprint_changes_with_the_data_and_is_printed(
    tmp_path: Path, booklet: dict[str, Any]
) -> None:
    before = parse_dossier(booklet)
    booklet["parts"][0]["rubrics"][0]["entries"][0]["when"] += " "
    after = parse_dossier(booklet)
    assert before.fingerprint != after.fingerprint
    assert re.fullmatch("[0-9a-f]{64}", after.fingerprint)
    build.build_html(after, tmp_path / "dossier.html")
    html = (tmp_path / "dossier.html").read_text(encoding="utf-8")
    assert after.fingerprint in html.replace("<wbr>", "")


def test_a_zip_has_fixed_dates_and_sorted_names(tmp_path: Path, booklet: dict[str, Any]) -> None:
    build.build_zip(parse_dossier(booklet), tmp_path / "dossier.zip")
    with zipfile.ZipFile(tmp_path / "dossier.zip") as pack:
        listed = pack.namelist()
        assert listed == sorted(listed)
        assert {info.date_time for info in pack.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {name.split("/")[0] for name in listed} == {"livret"}
        assert pack.testzip() is None


def test_a_single_file_holds_its_sheets_and_fonts(tmp_path: Path, booklet: dict[str, Any]) -> None:
    build.build_html(parse_dossier(booklet), tmp_path / "dossier.html")
    html = (tmp_path / "dossier.html").read_text(encoding="utf-8")
    assert "<link" not in html
    assert html.count("data:font/woff2;base64,") == 2
    assert "font-src data:" in html
    assert not re.search(r"url\(\"(?!data:)", html)


def test_an_earlier_dossier_is_replaced(tmp_path: Path, booklet: dict[str, Any]) -> None:
    target = tmp_path / "dossier"
    build.build_folder(parse_dossier(booklet), target)
    booklet["holder"]["lastName"] = "Martin"
    build.build_folder(parse_dossier(booklet), target)
    html = (target / "index.html").read_text(encoding="utf-8")
    assert "Martin" in html
    assert "Julliard" not in html
    assert names(tmp_path) == ["dossier"]


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path, booklet: dict[str, Any]) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "mer.jpg").write_bytes(b"sea")
    with pytest.raises(PrintError) as refused:
        build.build_folder(parse_dossier(booklet), tmp_path / "photos")
    assert refused.value.reason is Reason.TARGET
    assert content(tmp_path / "photos") == {"mer.jpg": b"sea"}


def test_a_link_is_never_followed_to_its_target(tmp_path: Path, booklet: dict[str, Any]) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "dossier").symlink_to(tmp_path / "elsewhere")
    for write in (build.build_folder, build.build_zip, build.build_html):
        with pytest.raises(PrintError) as refused:
            write(parse_dossier(booklet), tmp_path / "dossier")
        assert refused.value.reason is Reason.TARGET
    assert names(tmp_path / "elsewhere") == []


def test_a_failed_layout_leaves_the_earlier_dossier_and_no_debris(
    tmp_path: Path, booklet: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "dossier"
    build.build_folder(parse_dossier(booklet), target)
    before = content(target)
    # Pelican logs an error in `register` and goes on, with nothing written.
    monkeypatch.setattr(generator.DossierGenerator, "generate_output", lambda *_: None)
    with pytest.raises(PrintError) as refused:
        build.build_folder(parse_dossier(booklet), target)
    assert refused.value.reason is Reason.FAULT
    assert content(target) == before
    assert names(tmp_path) == ["dossier"]


def test_a_failed_move_puts_the_earlier_dossier_back(
    tmp_path: Path, booklet: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "dossier"
    build.build_folder(parse_dossier(booklet), target)
    before = content(target)
    rename = Path.rename

    def full_disk(path: Path, destination: Path) -> Path:
        if path.name == "fresh":
            raise OSError(28, "No space left on device")
        return rename(path, destination)

    monkeypatch.setattr(Path, "rename", full_disk)
    with pytest.raises(PrintError):
        build.build_folder(parse_dossier(booklet), target)
    assert content(target) == before


def test_names_of_files_never_come_from_the_data(tmp_path: Path, hostile: dict[str, Any]) -> None:
    hostile["id"] = "../../evil"
    hostile["parts"][0]["part"] = "../FORMATIONS"
    build.build_folder(parse_dossier(hostile), tmp_path / "clé USB" / "été")
    assert names(tmp_path) == ["clé USB"]
    assert set(content(tmp_path / "clé USB" / "été")) == build.FOLDER_FILES


def test_an_unreachable_destination_is_refused_in_french(
    tmp_path: Path, booklet: dict[str, Any]
) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(PrintError, match="accessible"):
        build.build_folder(parse_dossier(booklet), tmp_path / "file" / "dossier")


def test_every_asset_of_the_theme_is_delivered_or_documentation() -> None:
    static = Path(build.__file__).parent / "theme" / "static"
    present = {f"static/{name}" for name in content(static)}
    assert present - build.FOLDER_FILES == {"static/fonts/README.md"}
    assert (static.parent / "LICENSE").is_file()


def test_nothing_of_what_a_dossier_says_is_kept_after_it(
    tmp_path: Path, short: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[int] = []
    forget = generator.clear_text_caches

    def counted() -> None:
        held.append(generator._plain.cache_info().currsize)
        forget()

    monkeypatch.setattr(generator, "clear_text_caches", counted)
    build.build_html(parse_dossier(short), tmp_path / "d.html")
    broken = replace(parse_dossier(short), notice=None)  # the page fails in the middle
    with pytest.raises(AttributeError):
        build.build_html(broken, tmp_path / "e.html")
    assert all(held)
    assert len(held) == 2
    assert generator._plain.cache_info().currsize == generator._inline.cache_info().currsize == 0


@pytest.mark.parametrize("name", ["full", "compact"])
def test_a_page_of_the_demo_takes_less_than_300_kilobytes(tmp_path: Path, name: str) -> None:
    build.build_html(parse_dossier(SAMPLES[name]()), tmp_path / "d.html")
    assert (tmp_path / "d.html").stat().st_size < 300_000
