"""Printing: one dossier against a bare Jinja render of the same page, many on two processes, a PDF."""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pikepdf

from print_site import generator
from print_site.build import build_html, build_pdf
from print_site.dossier import client
from print_site.dossier.parsing import parse_dossier
from print_site.page_style import page_style
from print_site.pdf import layout
from print_site.pdf.layout import make_pdf
from tests.print_site.hostile import a_thousand_entries

ROUNDS = 40
MANY = 200
PDF_ROUNDS = 9
_MINE = "{ booklet { dossiers { id builtIn } } }"


def print_figures(url: str, token: str, server: int) -> None:
    """Print how long dossiers take; `server` is the process that serves them."""
    data = _dossier(url, token)
    with tempfile.TemporaryDirectory(prefix="livret-bench-") as folder:
        _one(data, Path(folder))
        _many(url, token, str(data["id"]), Path(folder), server)
        _pdf(data, Path(folder))
        _largest_pdf()


def _one(data: dict[str, Any], folder: Path) -> None:
    """A build, and the same page without Pelican."""
    page, floor = folder / "livret.html", folder / "floor.html"
    build_html(parse_dossier(data), page)
    _render(data, floor)
    assert page.read_bytes().strip() == floor.read_bytes().strip(), "the two pages differ"
    built, rendered = _interleaved(
        lambda: build_html(parse_dossier(data), page), lambda: _render(data, floor)
    )
    ratio = statistics.median(a / b for a, b in zip(built, rendered, strict=True))
    print(f"One dossier of {page.stat().st_size // 1000} kB of HTML, warm")
    print(f"  built by Pelican            {1000 * statistics.median(built):.1f} ms of processor")
    print(f"  view, bare Jinja, write     {1000 * statistics.median(rendered):.1f} ms")
    print(f"  ratio                       {ratio:.2f} (median of {ROUNDS} interleaved rounds)")


def _many(url: str, token: str, dossier: str, folder: Path, server: int) -> None:
    """The same dossier many times from the command line, as if each were another."""
    listed = folder / "list.txt"
    listed.write_text(f"{dossier}\n" * MANY)
    command = [*(sys.executable, "-m", "print_site", "build", "--api", url)]
    command += ["--dossiers", str(listed), "--out", str(folder / "many")]
    served, printed = _processor_seconds(server), resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    subprocess.run(
        command, check=True, capture_output=True, env={**os.environ, "LIVRET_TOKEN": token}
    )
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    printer = after.ru_utime + after.ru_stime - printed.ru_utime - printed.ru_stime
    server_seconds = _processor_seconds(server) - served
    print(f"{MANY} dossiers on two processes, from the command line")
    print(f"  wall                        {wall:.1f} s, {MANY / wall:.0f} dossiers a second")
    print(f"  processor, printing         {printer:.1f} s, starting of the processes included")
    print(f"  processor, service          {server_seconds:.1f} s")
    times = 1_000 / MANY
    print(
        f"  1,000 dossiers, by the rule of three and not measured: {wall * times:.0f} s of wall,"
        f" {(printer + server_seconds) * times:.0f} s of processor"
    )


def _pdf(data: dict[str, Any], folder: Path) -> None:
    """The same dossier on paper, against Typst alone on the same template and data."""
    target = folder / "livret.pdf"
    dossier = parse_dossier(data)
    build_pdf(dossier, target)
    inputs, day = layout.template_inputs(dossier)
    work: tuple[Callable[[], object], ...] = (
        lambda: build_pdf(dossier, target),
        lambda: layout.compile_template(inputs, day),
    )
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(PDF_ROUNDS):
        for one, kept in zip(work, taken, strict=True):
            worked = time.process_time()
            one()
            kept.append(time.process_time() - worked)
            layout.forget()
    with pikepdf.open(target) as pdf:
        pages = len(pdf.pages)
    processor = statistics.median(taken[0])
    ratio = statistics.median(a / b for a, b in zip(*taken, strict=True))
    print(f"The same as a PDF of {pages} pages, {target.stat().st_size // 1000} kB, warm")
    print(
        f"  processor                   {processor:.2f} s, {1000 * processor / pages:.0f} ms a page"
    )
    print(f"  Typst alone                 {statistics.median(taken[1]):.2f} s")
    print(f"  ratio                       {ratio:.2f} (median of {PDF_ROUNDS} interleaved rounds)")


def _largest_pdf() -> None:
    """What the largest booklet takes on paper."""
    worked = time.process_time()
    pdf = make_pdf(parse_dossier(a_thousand_entries()))
    taken = time.process_time() - worked
    print(f"A thousand entries of thirty links as a PDF of {len(pdf) // 1000} kB")
    print(f"  processor                   {taken:.2f} s")


def _processor_seconds(process: int) -> float:
    """What a process has used so far."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _dossier(url: str, token: str) -> dict[str, Any]:
    headers = {"authorization": f"Bearer {token}"}
    answer = httpx2.post(f"{url}/graphql", json={"query": _MINE}, headers=headers).json()
    return client.fetch_dossier(url, token, answer["data"]["booklet"]["dossiers"][0]["id"])


def _render(data: dict[str, Any], target: Path) -> None:
    dossier = parse_dossier(data)
    template = generator._environment().get_template("dossier.html")
    page = template.render(
        generator.template_values(dossier, page_style(dossier, single_file=True))
    )
    target.write_text(page, encoding="utf-8")
    generator.clear_text_caches()


def _interleaved(
    first: Callable[[], None], second: Callable[[], None]
) -> tuple[list[float], list[float]]:
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for one, kept in zip((first, second), times, strict=True):
            began = time.process_time()
            one()
            kept.append(time.process_time() - began)
    return times
