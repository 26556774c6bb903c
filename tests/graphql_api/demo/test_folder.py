"""The folder of the demo, before and while a demo is in it."""

from pathlib import Path

from graphql_api.demo.callers import PASSWORD
from graphql_api.demo.folder import DemoFolder
from graphql_api.demo.running import welcome
from graphql_api.web.operator import read_operator
from tests.bench.loading import load_agent_booklet


def test_what_the_bench_measures_is_loaded_into_a_folder_without_a_demo(tmp_path: Path) -> None:
    folder = DemoFolder(tmp_path / "bench")
    assert load_agent_booklet(folder, 8_765).count(".") == 2  # a token
    assert folder.settings().public_url == "http://127.0.0.1:8765"


def test_the_share_link_follows_the_port_of_the_service(tmp_path: Path) -> None:
    folder = DemoFolder(tmp_path / "demo")
    folder.prepare()
    folder.keep_link("http://127.0.0.1:8000/s/6b0f2a54#secret")
    folder.serve_on(8_766)
    kept = (folder.path / "share-link.txt").read_text("utf-8")
    assert kept == "http://127.0.0.1:8766/s/6b0f2a54#secret"


def test_the_demo_says_whom_to_write_to(tmp_path: Path) -> None:
    folder = DemoFolder(tmp_path / "demo")
    folder.prepare()
    operator = read_operator(folder.settings(8000).operator)
    assert operator.is_known
    assert operator.data_protection_officer.is_known


def test_the_demo_prints_who_signs_in_where_and_with_which_password(tmp_path: Path) -> None:
    folder = DemoFolder(tmp_path / "demo")
    folder.prepare()
    folder.keep_link("http://127.0.0.1:8000/s/6b0f2a54#secret")
    told = [" ".join(line.split()) for line in welcome(folder, folder.settings(8000)).splitlines()]
    for line in (
        "agent@livret.example agent, livret rempli",
        "officer@livret.example agent RH : /collectivite",
        "operator@livret.example exploitant : /exploitation",
        f"mot de passe de tous : {PASSWORD}",
        "Lien de partage http://127.0.0.1:8000/s/6b0f2a54#secret",
    ):
        assert line in told
    assert any(line.startswith("http://127.0.0.1:8000/ ") for line in told)
