"""What pages load: one style sheet, one script and two fonts, all of them ours."""

import re

import pytest

from tests.graphql_api.site import Site


def addresses(text: str) -> list[str]:
    return re.findall(r"/assets/[a-z0-9.-]+[?]v=[0-9a-f]{12}", text)


def test_a_page_loads_a_style_a_script_and_an_icon_which_browsers_keep_for_good(site: Site) -> None:
    page = site.browser().get("/", accept="text/html").text
    assert len(addresses(page)) == len(set(re.findall(r"(?:src|href)=\"([^\"]+[?]v=)", page))) == 3
    for address in addresses(page):
        answer = site.browser().get(address)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert site.browser().get(address, if_none_match=answer.headers["etag"]).status_code == 304


def test_the_style_loads_two_fonts_of_ours_and_nothing_else(site: Site) -> None:
    style = site.browser().get("/assets/style.css").text
    loaded = re.findall(r"url[(]([^)]*)[)]", style)
    assert [one.strip('"') for one in loaded] == addresses(style)
    for address in addresses(style):
        font = site.browser().get(address)
        assert (font.status_code, font.headers["content-type"]) == (200, "font/woff2")
        assert font.content.startswith(b"wOF2")


def test_the_one_script_of_pages_weighs_a_few_kilobytes_and_asks_nobody_else(site: Site) -> None:
    script = site.browser().get("/assets/pages.js").text
    assert 0 < len(script.encode()) <= 6_000
    assert not re.search(r"https?://|\bimport\b|eval[(]", script)


@pytest.mark.parametrize("name", ["", "OFL.txt", "x.css", "../rendering.py", "%2e%2e/rendering.py"])
def test_nothing_else_is_served(site: Site, name: str) -> None:
    assert site.browser().get(f"/assets/{name}").status_code == 404
