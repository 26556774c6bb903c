"""Hostile texts stay texts: complete, in their place, and absent from logs."""

import logging
import re
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from print_site import build
from print_site.dossier.parsing import parse_dossier
from print_site.dossier.text import clean
from print_site.verifying import verification
from tests.print_site.hostile import LONG_ENOUGH, Data, compact, hostile, worded
from tests.print_site.hostile_texts import TEXTS
from tests.print_site.outlines import LONGEST_NAME, SHORT, MarkedPage, bare, marked

SECONDS = 5.0

# Classes that say how long a text is.
BY_LENGTH = frozenset(
    {"c1", "c2", "c3", "c4", "c6", "tall", "wordy", "brief", "when", "when brief"}
)


def laid_out(data: Data, target: Path) -> str:
    build.build_html(parse_dossier(data), target)
    return target.read_text(encoding="utf-8")


FORMS = {"full": SHORT, "compact": compact(SHORT)}


@pytest.fixture(scope="module", params=FORMS)
def short(request: pytest.FixtureRequest) -> Data:
    """A short dossier, in either form."""
    return FORMS[request.param]


@pytest.fixture(scope="module")
def plain(short: Data, tmp_path_factory: pytest.TempPathFactory) -> MarkedPage:
    """The page of the same dossier with harmless words."""
    harmless = "mot mot mot mot mot mot mot mot\n- mot\n\nmot\nmot"
    target = tmp_path_factory.mktemp("plain") / "d.html"
    return MarkedPage(laid_out(marked([harmless], short), target))


@pytest.fixture
def silence(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    """Check that no log of any level holds text of a dossier, and that nothing is printed."""
    caplog.set_level(logging.DEBUG)
    yield
    assert not [record for record in caplog.records if record.levelno > logging.INFO]
    assert "§" not in caplog.text
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("silence")
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_hostile_text_everywhere_stays_text_whole_and_in_its_place(
    tmp_path: Path, plain: MarkedPage, short: Data, text: str
) -> None:
    start = time.process_time()
    data = marked([text[:LONG_ENOUGH]], short)
    line = data["parts"][0]["rubrics"][0]["entries"][0]["lines"][0]
    line["text"] = f"{line['text'].partition(chr(10))[0]}\n{text}"
    html = laid_out(data, tmp_path / "d.html")
    assert verification.verify(tmp_path / "d.html").pages_compared
    assert time.process_time() - start < SECONDS
    found = MarkedPage(html)
    assert found.strange == []
    assert found.vocabulary <= plain.vocabulary
    for attribute in ("id", "href", "class", "scope", "name", "tabindex", "data-livret"):
        assert set(found.values(attribute)) <= {*plain.values(attribute), *BY_LENGTH}
    for attribute in ("id", "href"):
        assert found.values(attribute) == plain.values(attribute)
    # A fact that has become prose is read after the other facts.
    assert sorted(number for number, _ in found.said) == sorted(number for number, _ in plain.said)
    assert found.said
    whole, name = bare(clean(text)), bare(clean(text[:LONG_ENOUGH])[:LONGEST_NAME])
    assert all(said.startswith(name) for _, said in found.said)
    assert any(said.startswith(whole) for _, said in found.said)


PROGRAMS = ("part", "rubric", "code", "status", "relation", "key", "annexes")
NAMES = ("id", "entry", "competence", "attachments", "proves", "supports")


def meddled(value: Any, text: str, key: str = "") -> Any:
    """Return the JSON with a text appended to each value that is for programs."""
    if isinstance(value, dict):
        return {name: meddled(inner, text, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [meddled(inner, text, key) for inner in value]
    return value + text if isinstance(value, str) and key in (*PROGRAMS, *NAMES) else value


@pytest.mark.parametrize("name", ["script", "attribute", "end of style", "page rule", "our data"])
def test_what_is_there_for_programs_is_no_way_into_the_page_either(
    tmp_path: Path, plain: MarkedPage, short: Data, name: str
) -> None:
    data = meddled(worded(short, lambda word: word), TEXTS[name])
    found = MarkedPage(laid_out(data, tmp_path / "d.html"))
    assert found.strange == []
    assert found.vocabulary <= plain.vocabulary
    ids = found.values("id")
    assert len(set(ids)) == len(ids) > 0
    assert {href.removeprefix("#") for href in found.values("href")} <= set(ids)
    assert all(re.fullmatch("[a-z0-9-]+", id) for id in ids)
    assert verification.verify(tmp_path / "d.html").pages_compared


@pytest.mark.usefixtures("silence")
@pytest.mark.parametrize("form", ["zip", "folder", "html"])
def test_hostile_texts_side_by_side_make_a_dossier_that_agrees_with_itself(
    tmp_path: Path, short: Data, form: str
) -> None:
    data = hostile(short)
    build.BUILDERS[form](parse_dossier(data), tmp_path / "d")
    assert verification.verify(tmp_path / "d").pages_compared
    if form == "zip":
        with zipfile.ZipFile(tmp_path / "d") as pack:
            assert pack.comment == b""
            assert {info.comment + info.extra for info in pack.infolist()} == {b""}
