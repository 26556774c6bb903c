"""What the PDF says is what the page says, in the same order, in both forms."""

import copy
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from print_site import build
from print_site.dossier.parsing import parse_dossier
from print_site.pdf.layout import make_pdf
from print_site.preview.samples import SAMPLES
from tests.print_site import hostile as made
from tests.print_site.conftest import BOOKLET, shortened
from tests.print_site.pdf_checks import check_same_text
from tests.print_site.pdf_tree import Tree

ANNEXES = ["PANORAMA", "CHECKLIST", "CHARTER", "DECREE"]
DOSSIERS = {
    "the fixture": lambda: BOOKLET,
    "the demo's booklet": SAMPLES["full"],
    "an empty booklet": SAMPLES["empty"],
    "a request": lambda: {
        **BOOKLET,
        "dispense": made.DISPENSE,
        "soughtPost": "Responsable du service",
        "recipient": "Le maire",
    },
    "a compact dossier with a profile": made.compact,
    "nothing optional": made.every_optional_missing,
    "entries of more than twenty-four ties": lambda: made.a_thousand_entries(80, 26),
}
FORMS = ("FULL", "COMPACT")


def check(data: dict[str, Any], folder: Path) -> None:
    dossier = parse_dossier(copy.deepcopy(data))
    build.build_html(dossier, folder / "d.html")
    page = (folder / "d.html").read_text(encoding="utf-8")
    check_same_text(page, Tree(BytesIO(make_pdf(dossier))))


@pytest.mark.parametrize("annexes", [ANNEXES, []], ids=["all annexes", "no annex"])
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("dossier", DOSSIERS.values(), ids=DOSSIERS)
def test_the_pdf_says_what_the_page_says(
    tmp_path: Path, dossier: Any, form: str, annexes: list[str]
) -> None:
    check({**dossier(), "form": form, "annexes": annexes}, tmp_path)


def test_a_thousand_entries_of_thirty_links_are_a_pdf_of_a_few_megabytes() -> None:
    pdf = make_pdf(parse_dossier(made.a_thousand_entries()))
    assert len(pdf) < 5_000_000


# Letters, marks of French and of Typst, bullets, numbers and lines; scripts of one glyph a letter.
# Each says a word of its own: a single figure would be found anywhere, in the fingerprint too.
TEXT = st.text(
    "aé œ«»;:!?%-–—•*_#$@\\\"'’`<>&=/[]{}()~0123456789.,\nΩЖ", min_size=1, max_size=120
).map(lambda text: f"mot {text}")


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts=st.lists(TEXT, min_size=3, max_size=7), form=st.sampled_from(FORMS))
def test_a_generated_booklet_says_the_same_in_both(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], form: str
) -> None:
    given_texts = iter(texts * 1_000)
    data = made.worded(shortened(BOOKLET, 2), lambda _: next(given_texts))
    check({**data, "form": form, "annexes": ANNEXES}, tmp_path_factory.mktemp("generated"))
