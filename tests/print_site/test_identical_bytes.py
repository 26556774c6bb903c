"""The same data give the same bytes wherever, whenever and whoever runs it."""

import hashlib
import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PROGRAM = """
import json, os, sys
from pathlib import Path
os.umask(int(sys.argv[1], 8))
from print_site import model
from print_site.build import BUILDERS
dossier = model.read(json.loads(Path(sys.argv[2]).read_bytes()))
for form in sys.argv[4:]:
    BUILDERS[form](dossier, Path(sys.argv[3]) / form)
"""
FORMS = ["html", "zip", "folder", *(["pdf"] if find_spec("weasyprint") else [])]
PLACES = [
    {"umask": "022", "TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"},
    {"umask": "077", "TZ": "Pacific/Auckland", "LC_ALL": "C", "PYTHONHASHSEED": "2"},
]


def digests(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


def test_time_zone_language_hash_seed_and_umask_change_nothing(
    tmp_path: Path, short: dict[str, Any]
) -> None:
    short["annexes"] = ["PANORAMA"]
    (tmp_path / "data.json").write_text(json.dumps(short), encoding="ascii")
    for rank, place in enumerate(PLACES):
        target = tmp_path / str(rank)
        target.mkdir()
        environment = {**os.environ, **{k: v for k, v in place.items() if k != "umask"}}
        subprocess.run(
            [
                *(sys.executable, "-W", "error", "-c", PROGRAM, place["umask"]),
                *(str(tmp_path / "data.json"), str(target), *FORMS),
            ],
            cwd=ROOT,
            env={**environment, "LANGUAGE": place["LC_ALL"]},
            timeout=120,
            check=True,
        )
    one, two = digests(tmp_path / "0"), digests(tmp_path / "1")
    assert one == two
    assert {name.split("/")[0] for name in one} == set(FORMS)


def test_a_pdf_is_among_the_forms_compared() -> None:
    if "pdf" not in FORMS:
        pytest.skip("WeasyPrint is not installed: the PDF was not compared")
