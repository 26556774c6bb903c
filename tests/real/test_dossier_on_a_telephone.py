"""A dossier on a telephone: the way back to the contents from everywhere, and sections that fold."""

import pytest

from .chromium import Tabs
from .conftest import Forms
from .screens import look

pytestmark = pytest.mark.real

# Where the page is scrolled to, and whether the link to the contents is in sight there.
IN_SIGHT = """share => {
  scrollTo(0, share * (document.documentElement.scrollHeight - innerHeight));
  const link = document.querySelector('a[href="#sommaire"]');
  const box = link.getBoundingClientRect();
  const met = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  return link.checkVisibility() && box.width > 24 && box.height > 24 && link.contains(met);
}"""


@pytest.mark.parametrize("name", ["mutation", "julliard", "exemption"])
def test_the_contents_are_one_touch_away_from_everywhere(
    tabs: Tabs, forms: Forms, name: str
) -> None:
    page = look(tabs, forms.html(name), "telephone").page
    places = [0.1, 0.4, 0.7, 1]
    assert [page.evaluate(IN_SIGHT, place) for place in places] == [True] * len(places)
    page.locator('a[href="#sommaire"]').click()
    page.wait_for_function(
        "Math.abs(document.querySelector('#sommaire').getBoundingClientRect().top) < 400"
    )
    leads = page.locator("nav a[href^='#rubrique']")
    assert leads.count() > 0
    leads.last.click()
    page.wait_for_function("location.hash.startsWith('#rubrique')")


@pytest.mark.parametrize("name", ["mutation", "julliard"])
def test_each_rubric_folds_and_unfolds_without_a_script(
    tabs: Tabs, forms: Forms, name: str
) -> None:
    page = look(tabs, forms.html(name), "telephone").page
    assert "<script" not in page.content()
    folds = page.locator("details")
    rubrics = page.locator("details:has(> summary h3)")
    assert folds.count() >= rubrics.count() > 5
    first, entry = rubrics.first, page.locator("#e1-1" if name == "mutation" else "#f1-1")
    assert entry.is_visible()
    first.locator("summary").click()
    assert not entry.is_visible()
    first.locator("summary").click()
    assert entry.is_visible()
