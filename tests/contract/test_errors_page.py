"""docs/errors.md names every code that the service can answer, and no other."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = [*ROOT.glob("schema/**/*.py"), *ROOT.glob("graphql_api/**/*.py")]
GIVEN = re.compile(
    r"""(?:problem\(\s*[^,()]+(?:\([^()]*\))?,\s*
        | code:\ str\ =\ strawberry\.field\(\s*default=
        | because\(\s*
        | (?:BadRequestError|encode_refusal|\.refuse)\(\s*\d+,\s*
        | PublicError\([^"]*"[^"]*",\s*)
        "([A-Z][A-Z_0-9]+)\"""",
    re.VERBOSE,
)


def test_every_code_that_the_service_gives_is_on_the_page() -> None:
    page = (ROOT / "docs/errors.md").read_text("utf-8")
    given = {code for source in SOURCES for code in GIVEN.findall(source.read_text("utf-8"))}
    assert len(given) > 40
    assert {code for code in given if f"`{code}`" not in page} == set()


def test_every_code_on_the_page_is_one_that_the_service_gives() -> None:
    page = (ROOT / "docs/errors.md").read_text("utf-8")
    listed = set(re.findall(r"^\|\s*`([A-Z][A-Z_0-9]{3,})`", page, re.MULTILINE))
    assert len(listed) > 40
    written = "\n".join(source.read_text("utf-8") for source in SOURCES)
    assert {code for code in listed if code not in written} == set()
