"""The same data give the same bytes in another place, at another time, for another user, after other work."""

import hashlib
import json
import os
import stat
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pikepdf

ROOT = Path(__file__).parents[2]
PROGRAM = """
import json, os, sys, time
from pathlib import Path
now, later = time.time, float(sys.argv[1])
time.time = lambda: now() + later
os.umask(int(sys.argv[2], 8))
from print_site.dossier.parsing import parse_dossier
from print_site.build import BUILDERS
folder, names, forms = Path(sys.argv[3]), sys.argv[4].split(), sys.argv[5].split()
for form in forms:
    for name in names:
        dossier = parse_dossier(json.loads(folder.with_name(f"{name}.json").read_bytes()))
        BUILDERS[form](dossier, folder / name / form)
"""
DATES = ("/CreationDate", "/ModDate")
FORMS = ["html", "zip", "folder", "pdf"]
# What the first builds first, its process fresh, the second builds last, and the other way round.
PLACES: tuple[dict[str, str], ...] = (
    {
        "TZ": "UTC",
        "LC_ALL": "C.UTF-8",
        "LANGUAGE": "en",
        "PYTHONHASHSEED": "1",
        "later": "0",
        "umask": "022",
        "names": "whole bare",
    },
    {
        "TZ": "Pacific/Auckland",
        "LC_ALL": "C",
        "LANGUAGE": "fr",
        "PYTHONHASHSEED": "2",
        "later": "4e7",
        "umask": "077",
        "names": "bare whole",
    },
)


def digests(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


def modes(folder: Path) -> set[tuple[bool, int]]:
    """Return for each path whether it is a folder, and its permissions."""
    return {(path.is_dir(), stat.S_IMODE(path.stat().st_mode)) for path in folder.rglob("*")}


def print_at(target: Path, place: dict[str, str]) -> None:
    """Run a process that prints both dossiers in every form, in a folder that is its home."""
    home = target.with_name(f"home of {target.name}")
    home.mkdir()
    for name in place["names"].split():
        (target / name).mkdir(parents=True)
    subprocess.run(
        [
            *(sys.executable, "-W", "error", "-c", PROGRAM, place["later"], place["umask"]),
            *(str(target), place["names"], " ".join(FORMS)),
        ],
        cwd=ROOT,
        env={**os.environ, **place, "HOME": str(home), "TMPDIR": str(home)},
        timeout=300,
        check=True,
    )


def test_place_time_rights_and_what_was_printed_before_change_nothing(
    tmp_path: Path, short: dict[str, Any]
) -> None:
    for name, annexes in (("whole", ["PANORAMA", "CHECKLIST"]), ("bare", [])):
        dossier = json.dumps(short | {"annexes": annexes, "title": name})
        (tmp_path / f"{name}.json").write_text(dossier, encoding="ascii")
    targets = [tmp_path / "0", tmp_path / "1"]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(print_at, targets, PLACES))
    one, two = (digests(target) for target in targets)
    assert one == two
    assert {name.split("/")[1] for name in one} == set(FORMS)
    assert [digests(tmp_path / f"home of {target.name}") for target in targets] == [{}, {}]
    # The rights of what is written are those that the system grants; within a zip they are fixed.
    assert {mode for is_folder, mode in modes(targets[0] / "whole") if not is_folder} == {0o644}
    assert modes(targets[1] / "whole") == {(False, 0o600), (True, 0o700)}
    with zipfile.ZipFile(targets[1] / "whole" / "zip") as pack:
        assert {member.external_attr >> 16 for member in pack.infolist()} == {0o100644}
        assert {member.date_time for member in pack.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    check_dates(targets[1] / "whole", "20250314")


def check_dates(printed: Path, day: str) -> None:
    """A PDF has the dates of its data, and carries the data of the folder."""
    with pikepdf.open(printed / "pdf") as pdf:
        attached: Any = pdf.attachments["livret.json"].obj["/EF"]["/F"]
        dates = [str(pdf.docinfo[name]) for name in DATES] + [str(attached["/Params"]["/ModDate"])]
        assert {date[:10] for date in dates} == {f"D:{day}"}
        assert attached.read_bytes() == (printed / "folder" / "livret.json").read_bytes()
