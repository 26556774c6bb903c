"""The printable list of codes on A4 paper, as a browser prints it."""

from pathlib import Path

import pytest

from graphql_api.codes.code_sheet import printable_list
from graphql_api.codes.codes import new_code
from tests.graphql_api.office import batch

from .chromium import Tabs
from .paper import A4, paper_of
from .printing import print_page

pytestmark = pytest.mark.real


@pytest.mark.parametrize(("count", "pages"), [(10, 1), (11, 2), (22, 2), (23, 3)])
def test_the_list_prints_on_a4_with_ten_slips_on_its_first_page(
    tabs: Tabs, tmp_path: Path, count: int, pages: int
) -> None:
    codes = [new_code() for _ in range(count)]
    file, pdf = tmp_path / "codes.html", tmp_path / "codes.pdf"
    file.write_text(printable_list(batch(codes=codes)), "utf-8")
    tab = tabs.open()
    tab.page.goto(file.as_uri())
    print_page(tab, pdf)
    paper = paper_of(pdf, paged=False)
    assert len(paper.pages) == pages
    for size in paper.sizes:
        assert size == pytest.approx(A4, abs=1)
    words = [word.text for page in paper.pages for word in page]
    assert [word for word in words if word in codes] == codes
