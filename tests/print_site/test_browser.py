"""The folder in a real browser, from a file: no request to the network, no policy violation."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
OWN = "not an origin"

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]


def print_in_chromium(page: Path, workshop: Path) -> tuple[set[str], str, bytes]:
    """Return the addresses that the page requested, its console, and its PDF."""
    done = subprocess.run(
        [
            *(str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"),
            *("--no-first-run", "--disable-background-networking", "--disable-component-update"),
            *("--disable-sync", "--enable-logging=stderr", f"--user-data-dir={workshop / 'user'}"),
            *(f"--log-net-log={workshop / 'net.json'}", f"--print-to-pdf={workshop / 'page.pdf'}"),
            *("--no-pdf-header-footer", page.as_uri()),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    log = json.loads((workshop / "net.json").read_text(encoding="utf-8"))
    asked = [event["params"] for event in log["events"] if "url" in event.get("params", {})]
    # Chromium's own requests have no page behind them.
    urls = {found["url"] for found in asked if found.get("initiator", OWN) != OWN}
    console = "\n".join(line for line in done.stderr.splitlines() if "CONSOLE" in line)
    return urls, console, (workshop / "page.pdf").read_bytes()


def test_a_request_of_a_page_would_be_seen(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text('<img src="http://127.0.0.1:9/x.png">', encoding="utf-8")
    urls, _, _ = print_in_chromium(tmp_path / "page.html", tmp_path)
    assert urls == {"http://127.0.0.1:9/x.png"}


@pytest.mark.parametrize("kind", ["booklet", "hostile"])
def test_a_dossier_opens_from_a_file_and_asks_nothing(
    built: Callable[[dict[str, Any]], Path],
    request: pytest.FixtureRequest,
    tmp_path: Path,
    kind: str,
) -> None:
    moved = built(request.getfixturevalue(kind)).rename(tmp_path / "clé USB été")
    urls, console, pdf = print_in_chromium(moved / "index.html", tmp_path)
    assert urls == set()
    assert console == ""
    assert pdf.startswith(b"%PDF")
    assert b"PublicSans" in pdf
