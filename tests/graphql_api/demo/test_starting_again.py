"""The demo starts whatever was done in it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from graphql_api.commands.cli import main
from graphql_api.demo.client import DemoClient
from graphql_api.demo.folder import FOLDER, DemoFolder
from graphql_api.demo.tokens import token_named
from graphql_api.serving import build_service
from tests.graphql_api.booklets.closing import ACCOUNT_WORDS, CLOSE, CLOSE_ACCOUNT, WORDS

OTHER_PORT = 8765


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoFolder]:
    """A demo that was loaded and printed once."""
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(tmp_path_factory.mktemp("demo"))
        assert main(["demo", "--once"]) == 0
        yield DemoFolder(FOLDER.resolve())


@pytest.fixture
def printed(demo: DemoFolder, capsys: pytest.CaptureFixture[str]) -> Callable[[], str]:
    """Starts the demo once more and checks that it prints: what it said."""

    def start() -> str:
        page = demo.dossier / "index.html"
        page.unlink(missing_ok=True)
        capsys.readouterr()
        code = main(["demo", "--once"])
        said = capsys.readouterr()
        assert code == 0, said.err
        assert "Julliard" in page.read_text("utf-8")
        return said.out

    return start


def test_a_demo_that_lacks_nothing_is_left_as_it_is(
    demo: DemoFolder, printed: Callable[[], str]
) -> None:
    codes = demo.codes.read_text("utf-8")
    assert "Chargement" not in printed()
    assert demo.codes.read_text("utf-8") == codes


def test_a_demo_whose_agent_has_closed_the_booklet_starts_anew(
    demo: DemoFolder, printed: Callable[[], str]
) -> None:
    _close(demo, CLOSE, WORDS)
    assert "repart de zéro" in printed()


def test_a_demo_whose_agent_has_no_account_any_more_starts_anew(
    demo: DemoFolder, printed: Callable[[], str], capsys: pytest.CaptureFixture[str]
) -> None:
    _close(demo, CLOSE_ACCOUNT, ACCOUNT_WORDS)
    assert main(["token", "agent"]) == 1
    assert "make demo FRESH=1" in capsys.readouterr().err
    assert "repart de zéro" in printed()


def test_a_demo_that_was_interrupted_while_it_loaded_loads_anew(
    demo: DemoFolder, printed: Callable[[], str]
) -> None:
    (demo.path / ".loaded").unlink()
    said = printed()
    assert "Chargement" in said
    assert "repart de zéro" not in said


def test_the_share_link_on_file_names_the_port_of_the_day(demo: DemoFolder) -> None:
    demo.serve_on(OTHER_PORT)
    link: Path = demo.path / "share-link.txt"
    assert link.read_text("utf-8").startswith(f"http://127.0.0.1:{OTHER_PORT}/s/")
    assert demo.link("http://127.0.0.1:1") == link.read_text("utf-8").replace(
        str(OTHER_PORT), "1", 1
    )


def _close(demo: DemoFolder, document: str, words: str) -> None:
    token = token_named("agent", demo)
    service = build_service(demo.settings())
    try:
        DemoClient(service, token).do(document, words=words)
    finally:
        service.close()
