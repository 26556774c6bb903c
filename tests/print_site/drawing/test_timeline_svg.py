"""The axis of the timeline."""

import re
from collections.abc import Callable
from typing import Any

from print_site.drawing.timeline_svg import WIDTH, YEAR_LABEL


def test_no_year_of_the_axis_is_cut_off_at_an_end(
    page: Callable[[dict[str, Any]], str], booklet: Any
) -> None:
    first = booklet["panorama"]["timeline"][0] | {"earliest": "2019-01-01", "latest": "2019-12-31"}
    booklet["panorama"]["timeline"] = [first]
    html = page(booklet)
    places = [float(x) for x in re.findall(r'class="year-label" x="([\d.]+)"', html)]
    assert places
    assert all(YEAR_LABEL / 2 <= x <= WIDTH - YEAR_LABEL / 2 for x in places)
