"""The printable list of codes on A4 paper, as a browser prints it."""

from pathlib import Path

import pytest

from graphql_api.codes.code_sheet import printable_list
from tests.graphql_api.office import batch, made

from .chromium import Tabs
from .paper import A4, paper_of
from .printing import print_page

pytestmark = pytest.mark.real


@pytest.mark.parametrize(("count", "pages"), [(6, 1), (7, 2), (12, 2), (13, 3)])
def test_the_list_prints_on_a4_with_six_slips_on_its_first_page(
    tabs: Tabs, tmp_path: Path, count: int, pages: int
) -> None:
    codes = [made() for _ in range(count)]
    file, pdf = tmp_path / "codes.html", tmp_path / "codes.pdf"
    file.write_text(printable_list(batch(codes=codes), "https://livret.example"), "utf-8")
    tab = tabs.open()
    tab.page.goto(file.as_uri())
    print_page(tab, pdf)
    paper = paper_of(pdf, paged=False)
    assert len(paper.pages) == pages
    for size in paper.sizes:
        assert size == pytest.approx(A4, abs=1)
    words = [word.text for page in paper.pages for word in page]
    for written in ([one.code for one in codes], [one.reference for one in codes]):
        assert [word.strip(",") for word in words if word.strip(",") in written] == written
