"""`make bench`: prints the figures of this machine, each beside what it is measured against.

The goals of docs/performance.md are measured first, in one interleaved run on both databases, and
written into that page unless the run is a shorter one; then the house's own ratios: completion, pages,
printing, summaries.
"""

import argparse
import contextlib
import datetime
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from graphql_api.demo.folder import DemoFolder
from graphql_api.serving import build_service
from tests.bench.capacity import write_plan
from tests.bench.completion import print_completion_figures
from tests.bench.contenders import of_limit, of_service, of_size, peer_of
from tests.bench.databases import PostgreSQL, postgresql, sqlite_urls
from tests.bench.deployments import Deployment, deploy, first_answer, livret_serve, service_of
from tests.bench.full_rubric import print_full_rubric_figures
from tests.bench.goals import (
    ADD,
    PAGE,
    PAGE_ANEW,
    SMALL,
    UNCHANGED,
    WHILE_ALLOWED,
    WHILE_PULLING,
    WHOLE,
    Contender,
    check_answers,
    measure,
)
from tests.bench.loading import load_agent_booklet
from tests.bench.pages import print_page_figures
from tests.bench.peer_server import installed
from tests.bench.printing import print_figures
from tests.bench.processes import free_port, listening, peak_megabytes
from tests.bench.report import Run, markdown, write
from tests.bench.summaries import print_summary_figures

PAGE_OF_FIGURES = Path(__file__).resolve().parents[2] / "docs" / "performance.md"
SIZES = (1_000, 20_000, 200_000)
ENGINES = ("SQLite", "PostgreSQL")
PARTS = ("goals", "house", "summaries")
SIZES_OF_ONE = (10, 100, 1_000)
_ROWS = (WHOLE, SMALL, PAGE, PAGE_ANEW, UNCHANGED, ADD, WHILE_PULLING, WHILE_ALLOWED)


def main() -> None:
    """Measure and print everything that is asked for."""
    options = _options()
    if "goals" in options.parts:
        run = _goals(options)
        print(markdown(run))
        if (tuple(run.sizes), tuple(run.engines)) != (SIZES, ENGINES):
            print("a shorter run: docs/performance.md stays as it is")
        elif not options.print_only:
            write(run, PAGE_OF_FIGURES)
            write_plan(run, PAGE_OF_FIGURES.with_name("scale.md"))
    if "house" in options.parts:
        _house()
    if "summaries" in options.parts:
        print_summary_figures()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "--sizes", type=_numbers, default=[*SIZES], help="numbers of booklets: 1000,20000"
    )
    parser.add_argument("--kept", type=Path, help="folder of databases that are filled once")
    parser.add_argument(
        "--engines", type=partial(_words, ENGINES), default=[*ENGINES], help=",".join(ENGINES)
    )
    parser.add_argument("--connections", type=_numbers, default=[1, 16, 64])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=0.7, help="of each measurement")
    parser.add_argument(
        "--parts", type=partial(_words, PARTS), default=["goals", "house"], help=",".join(PARTS)
    )
    parser.add_argument("--print-only", action="store_true", help="write nothing into docs/")
    return parser.parse_args()


def _numbers(written: str) -> list[int]:
    return [int(one) for one in written.replace(",", " ").split()]


def _words(known: tuple[str, ...], written: str) -> list[str]:
    words = written.replace(",", " ").split()
    if unknown := set(words) - set(known):
        raise argparse.ArgumentTypeError(f"{', '.join(unknown)} is none of {', '.join(known)}")
    return words


def _goals(options: argparse.Namespace) -> Run:
    run = Run(
        machine=f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
        day=datetime.datetime.now(datetime.UTC).date().isoformat(),
        commit=_commit(),
        load="",
        sizes=options.sizes,
        engines=options.engines,
        connections=options.connections,
    )
    with ExitStack() as stack:
        kept: Path | None = options.kept
        folder = kept or Path(stack.enter_context(tempfile.TemporaryDirectory(dir="/var/tmp")))
        server = stack.enter_context(postgresql(kept and kept / "postgresql"))
        made = [
            _deployed(engine, size, folder, server, of_one=size == options.sizes[0])
            for engine in options.engines
            for size in options.sizes
        ]
        run.stored_kilobytes = {
            one.name: _stored_kilobytes(one) for one in made if one.size == run.compared
        }
        _measure(run, made, server, stack, options)
    return run


def _deployed(
    engine: str, size: int, folder: Path, server: PostgreSQL, *, of_one: bool
) -> Deployment:
    name, on = f"{engine}-{size}".lower(), None
    urls = sqlite_urls(folder / name)
    (folder / name).mkdir(exist_ok=True)
    if engine == "PostgreSQL":
        urls, on = (server.database(name), server.database(f"{name}-keys")), server
    return deploy(engine, size, urls, folder / name, on, SIZES_OF_ONE if of_one else ())


def _measure(
    run: Run,
    made: list[Deployment],
    server: PostgreSQL,
    stack: ExitStack,
    options: argparse.Namespace,
) -> None:
    main_ones: list[Contender] = []
    growing: list[Contender] = []
    of_one: list[Contender] = []
    compared: list[Deployment] = []
    for one in made:
        port, process = stack.enter_context(service_of(one))
        growing.append(of_service(one, f"{one.size:,} booklets, {one.name}", port, process))
        if one.sized:
            of_one += [of_size(one, number, port, process) for number in one.sized]
        if one.size == run.compared:
            compared.append(one)
            other = stack.enter_context(service_of(one, compiled=False))
            main_ones.append(of_service(one, f"Livret, {one.name}", port, process))
            main_ones.append(of_limit(one, f"limit, {one.name}", port, process))
            main_ones.append(of_service(one, f"ordinary executor, {one.name}", *other))
            check_answers(*main_ones[-3:-1])
    modules = installed()
    on_server = [one for one in compared if one.postgresql]
    if modules and on_server:
        plain = server.new_database("plain")
        main_ones.append(stack.enter_context(peer_of(on_server[0], modules, plain)))
    server.settle()
    times = {"rounds": options.rounds, "seconds": options.seconds}
    before = os.getloadavg()[0]
    run.figures = measure(main_ones, _ROWS, options.connections, **times, what="goals")
    if len(options.sizes) > 1:
        rows = (WHOLE, SMALL, PAGE, ADD)
        run.growth = measure(growing, rows, [1], **times, what="growth in booklets")
    run.of_one = measure(of_one, (WHOLE, SMALL), [1], **times, what="growth in entries")
    run.load = f"{before:.1f} to {os.getloadavg()[0]:.1f}"
    run.megabytes = {one.name: _peak_megabytes(one, options) for one in compared}
    run.start_seconds = _start_seconds(made[0])


def _stored_kilobytes(one: Deployment) -> float:
    """What a booklet takes in both stores."""
    if one.postgresql is not None:
        whole = sum(one.postgresql.size(url) for url in one.urls)
    else:
        whole = sum(file.stat().st_size for file in one.folder.glob("*.db*"))
    return whole / 1_000 / one.size


def _start_seconds(one: Deployment) -> float:
    """From the start of `livret serve` to the first answer to a query."""
    times = []
    for _ in range(3):
        began = time.perf_counter()
        with livret_serve(one) as (port, _process):
            first_answer(one, port)
            times.append(time.perf_counter() - began)
    return statistics.median(times)


def _peak_megabytes(one: Deployment, options: argparse.Namespace) -> int:
    """The most memory that `livret serve` held while every row was asked of it."""
    with livret_serve(one) as (port, process):
        asked = of_service(one, "memory", port, process, counts=False)
        for row in (WHOLE, SMALL, ADD, PAGE):
            connections = 1 if row == PAGE else options.connections[-1]
            measure([asked], [row], [connections], rounds=1, seconds=options.seconds, what="memory")
        return peak_megabytes(process)


def _commit() -> str:
    git = shutil.which("git")
    if git is None:
        return "unknown"
    done = subprocess.run([git, "rev-parse", "--short", "HEAD"], capture_output=True, text=True)
    return done.stdout.strip() or "unknown"


def _house() -> None:
    with tempfile.TemporaryDirectory(prefix="livret-bench-") as folder:
        place = DemoFolder(Path(folder))
        port = free_port()
        token = load_agent_booklet(place, port)
        service = build_service(place.settings())
        print_completion_figures(service, token)
        service.close()
        with _served(place, port) as process:
            print_page_figures(port, token, process)
            print_full_rubric_figures(place, port, process)
            print_figures(f"http://127.0.0.1:{port}", token, process)
    _demo_time()


@contextlib.contextmanager
def _served(place: DemoFolder, port: int) -> Iterator[int]:
    command = [sys.executable, "-m", "tests.bench.demo_server", str(place.path), str(port)]
    with listening(command, port) as process:
        yield process


def _demo_time() -> None:
    times = []
    for _ in range(3):
        with tempfile.TemporaryDirectory() as folder:
            began = time.perf_counter()
            livret = Path(sys.executable).with_name("livret")
            subprocess.run([livret, "demo", "--once"], cwd=folder, check=True, capture_output=True)
            times.append(time.perf_counter() - began)
    print(f"livret demo --once, from nothing  {statistics.median(times):.1f} s (median of 3)")


if __name__ == "__main__":
    main()
