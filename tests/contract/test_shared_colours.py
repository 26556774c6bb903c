"""The pages and the dossier have the same colours, though neither room may read the other's sheet."""

import re
from pathlib import Path

import pytest

import graphql_api
import print_site

PAGES = Path(graphql_api.__file__).parent / "web" / "static" / "style.css"
DOSSIER = Path(print_site.__file__).parent / "theme" / "static" / "base.css"
ROOT = re.compile(r":root \{([^}]*)\}")
TOKEN = re.compile(r"--([a-z-]+): ([^;]+);")


def schemes(sheet: Path) -> list[dict[str, str]]:
    """The tokens of a sheet: the light ones, then the dark ones that take their place."""
    return [dict(TOKEN.findall(block)) for block in ROOT.findall(sheet.read_text("utf-8"))[:2]]


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_a_colour_of_the_pages_and_of_the_dossier_is_the_same(scheme: int) -> None:
    pages, dossier = schemes(PAGES)[scheme], schemes(DOSSIER)[scheme]
    shared = pages.keys() & dossier.keys()
    assert {name: pages[name] for name in shared} == {name: dossier[name] for name in shared}
    assert dossier.keys() - shared == {"shade"}  # that of a sheet of paper on the desk
