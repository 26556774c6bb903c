"""The time to build one dossier warm, against a bare Jinja render of the same page."""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2

from print_site import client, generator, model
from print_site.build import build_html
from print_site.page_style import page_style

ROUNDS = 40
_MINE = "{ booklet { dossiers { id builtIn } } }"


def print_figures(url: str, token: str) -> None:
    """Print how long one dossier takes, and the same page without Pelican."""
    data = _dossier(url, token)
    with tempfile.TemporaryDirectory(prefix="livret-bench-") as folder:
        page = Path(folder) / "livret.html"
        floor = Path(folder) / "floor.html"
        build_html(model.read(data), page)
        _render(data, floor)
        assert page.read_bytes().strip() == floor.read_bytes().strip(), "the two pages differ"
        built, rendered = _interleaved(
            lambda: build_html(model.read(data), page), lambda: _render(data, floor)
        )
        size = page.stat().st_size
    ratio = statistics.median(a / b for a, b in zip(built, rendered, strict=True))
    print(f"One dossier of {size // 1000} kB of HTML, warm")
    print(f"  built by Pelican            {1000 * statistics.median(built):.1f} ms")
    print(f"  view, bare Jinja, write     {1000 * statistics.median(rendered):.1f} ms")
    print(f"  ratio                       {ratio:.2f} (median of {ROUNDS} interleaved rounds)")


def _dossier(url: str, token: str) -> dict[str, Any]:
    headers = {"authorization": f"Bearer {token}"}
    answer = httpx2.post(f"{url}/graphql", json={"query": _MINE}, headers=headers).json()
    return client.read_dossier(url, token, answer["data"]["booklet"]["dossiers"][0]["id"])


def _render(data: dict[str, Any], target: Path) -> None:
    dossier = model.read(data)
    template = generator._environment().get_template("dossier.html")
    page = template.render(generator.values(dossier, page_style(dossier, single_file=True)))
    target.write_text(page, encoding="utf-8")
    generator.forget_texts()


def _interleaved(
    first: Callable[[], None], second: Callable[[], None]
) -> tuple[list[float], list[float]]:
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for one, kept in zip((first, second), times, strict=True):
            began = time.perf_counter()
            one()
            kept.append(time.perf_counter() - began)
    return times
