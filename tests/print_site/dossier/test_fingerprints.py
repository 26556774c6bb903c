"""The fingerprint: what it covers, where it is printed, how pages carry the data."""

import copy
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import segno

from print_site import build
from print_site.dossier.fingerprints import canonical_json, escape_json, find_data
from print_site.dossier.parsing import parse_dossier
from print_site.drawing.qr_code import MASK, QUIET_ZONE, qr_code
from print_site.errors import PrintError
from tests.print_site.outlines import Page


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict | list):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for key, inner in pairs:
            yield from leaves(inner, (*path, key))
    else:
        yield path


def single(data: dict[str, Any], folder: Path) -> str:
    build.build_html(parse_dossier(data), folder / "d.html")
    return (folder / "d.html").read_text(encoding="utf-8")


def test_every_value_of_the_data_counts(short: dict[str, Any]) -> None:
    before = canonical_json(short)
    for path in leaves(short):
        changed = copy.deepcopy(short)
        holder = changed
        for key in path[:-1]:
            holder = holder[key]
        holder[path[-1]] = "autre"
        assert canonical_json(changed) != before, path


def test_the_order_of_keys_does_not_count_and_that_of_lists_does(short: dict[str, Any]) -> None:
    shuffled = dict(reversed(short.items()))
    assert canonical_json(shuffled) == canonical_json(short)
    turned = {**short, "parts": short["parts"][::-1]}
    assert canonical_json(turned) != canonical_json(short)


def test_the_cover_shows_the_fingerprint_in_groups_and_as_a_code(
    page: Page, short: dict[str, Any]
) -> None:
    dossier = parse_dossier(short)
    cover = re.search(r'<header class="cover[^>]*>.*?</header>', page(short), re.DOTALL)
    assert cover
    shown = re.search(r'<code data-livret="empreinte">([^<]*)</code>', cover[0])
    assert shown
    assert re.fullmatch("([0-9a-f]{8} ){7}[0-9a-f]{8}", shown[1])
    assert shown[1].replace(" ", "") == dossier.fingerprint
    assert dossier.fingerprint == hashlib.sha256(canonical_json(short).encode()).hexdigest()
    drawing = re.search(r'<svg class="qr" role="img"[^>]*aria-labelledby="([^"]*)"', cover[0])
    assert drawing
    assert f'<title id="{drawing[1]}">Code QR de l’empreinte' in cover[0]


def test_the_code_draws_each_module_of_the_fingerprint() -> None:
    digest = hashlib.sha256(b"x").hexdigest()
    expected = segno.make_qr(
        f"sha256:{digest}", error="m", mode="byte", boost_error=False, mask=MASK
    )
    rows = [bytearray(len(expected.matrix) + 2 * QUIET_ZONE) for _ in range(45)]
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", qr_code(digest)):
        for column in range(int(x), int(x) + int(width)):
            rows[int(y)][column] = 1
    assert rows == [bytearray(row) for row in expected.matrix_iter(border=QUIET_ZONE)]


def test_a_single_file_carries_its_data_without_a_script(
    tmp_path: Path, booklet: dict[str, Any]
) -> None:
    html = single(booklet, tmp_path)
    assert "<script" not in html
    raw = find_data(html)
    assert raw
    assert json.loads(raw) == booklet
    assert "default-src 'none'" in html.replace("&#39;", "'")


def test_a_folder_carries_its_data_in_a_file_of_its_own(
    built: Callable[[dict[str, Any]], Path], booklet: dict[str, Any]
) -> None:
    folder = built(booklet)
    assert json.loads((folder / "livret.json").read_bytes()) == booklet
    assert "<template" not in (folder / "index.html").read_text(encoding="utf-8")


def test_hostile_data_cannot_leave_the_template(tmp_path: Path, hostile: dict[str, Any]) -> None:
    hostile["title"] = "</template><script>alert(1)</script>\\u003c\\&amp;\u2028"
    html = single(hostile, tmp_path)
    assert html.count("<template") == html.count("</template>") == 1
    raw = find_data(html)
    assert raw
    assert not re.search("[<>&]", raw)
    assert json.loads(raw) == hostile
    assert escape_json(canonical_json(json.loads(raw))) == raw


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_numbers_that_json_does_not_have_are_refused(
    booklet: dict[str, Any], number: float
) -> None:
    booklet["panorama"]["experience"]["months"] = number
    with pytest.raises(PrintError):
        parse_dossier(booklet)
