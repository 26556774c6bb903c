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
from print_site.dossier import fingerprints
from print_site.dossier.fingerprints import canonical_json, packed_data, split_data
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
    for x, y, width in re.findall(r"M(\d+) (\d+)\.5h(\d+)", qr_code(digest)):
        for column in range(int(x), int(x) + int(width)):
            rows[int(y)][column] = 1
    assert rows == [bytearray(row) for row in expected.matrix_iter(border=QUIET_ZONE)]


def data_of(html: str) -> Any:
    split = split_data(html)
    assert split
    return json.loads(split[1])


def test_a_single_file_carries_its_data_without_a_script(
    tmp_path: Path, booklet: dict[str, Any]
) -> None:
    html = single(booklet, tmp_path)
    assert "<script" not in html
    assert data_of(html) == booklet
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
    assert data_of(html) == hostile


@pytest.mark.parametrize(
    "damage",
    [
        lambda held: held[4:],
        lambda held: held[:-4],
        lambda held: "AAAA" + held,
        lambda held: held + "AAAA",
        lambda held: f"{held[:40]}\n{held[40:]}",
        lambda held: packed_data("\udcff".encode("utf-8", "surrogatepass").decode("latin-1"))[:-2],
        lambda _: "{}",
        lambda _: "",
    ],
)
def test_data_that_are_not_whole_are_no_data(damage: Callable[[str], str]) -> None:
    held = packed_data(canonical_json({"title": "Livret"}))
    page = '<p>Un</p><template id="donnees" data-livret="zlib base64">{}</template><p>Deux</p>'
    bare = page.replace("{}", "")
    assert split_data(page.replace("{}", held)) == (bare, '{"title":"Livret"}')
    assert split_data(page.replace("{}", damage(held))) == (bare, "")
    assert split_data(page + page) is None
    assert split_data(bare.replace("template", "div")) is None


def test_a_little_that_unpacks_to_very_much_is_no_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fingerprints, "LARGEST_FILE_BYTES", 1_000)
    page = '<template id="donnees" data-livret="zlib base64">{}</template>'
    for text, found in (("a" * 1_000, "a" * 1_000), ("a" * 1_001, "")):
        split = split_data(page.replace("{}", packed_data(text)))
        assert split
        assert split[1] == found


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_numbers_that_json_does_not_have_are_refused(
    booklet: dict[str, Any], number: float
) -> None:
    booklet["panorama"]["experience"]["months"] = number
    with pytest.raises(PrintError):
        parse_dossier(booklet)
