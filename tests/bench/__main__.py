"""`make bench`: prints the figures of this machine, each beside what it is measured against."""

import contextlib
import http.client
import json
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from graphql_api.demo.folder import DemoFolder
from graphql_api.serving import build_service
from tests.bench.completion import print_completion_figures
from tests.bench.document import as_set, whole_booklet
from tests.bench.loading import load_agent_booklet
from tests.bench.pages import print_page_figures
from tests.bench.printing import print_figures
from tests.bench.summaries import print_summary_figures

ROUNDS = 15
REQUESTS = 100


def main() -> None:
    """Measure and print everything."""
    with tempfile.TemporaryDirectory(prefix="livret-bench-") as folder:
        place = DemoFolder(Path(folder))
        port = _free_port()
        token = load_agent_booklet(place, port)
        service = build_service(place.settings())
        print_completion_figures(service, token)
        service.close()
        with _served(folder, port) as process:
            _compare(port, token)
            print(f"  peak memory of the service  {_peak_megabytes(process)} MB")
            print_page_figures(port, token, process)
            print_figures(f"http://127.0.0.1:{port}", token, process)
    _demo_time()
    print_summary_figures()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def _served(folder: str, port: int) -> Iterator[int]:
    command = [sys.executable, "-m", "tests.bench.server", folder, str(port)]
    process = subprocess.Popen(command)
    try:
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.05)
        yield process.pid
    finally:
        process.terminate()
        process.wait()


def _compare(port: int, token: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    body = json.dumps({"query": whole_booklet()})

    def ask(method: str, path: str, sent: str | None) -> bytes:
        connection.request(method, path, sent, headers)
        return connection.getresponse().read()

    def graphql() -> bytes:
        return ask("POST", "/graphql", body)

    def bare() -> bytes:
        return ask("GET", "/bare", None)

    data = json.loads(graphql())["data"]
    ask("POST", "/order", json.dumps([entry["id"] for entry in data["booklet"]["entries"]]))
    assert as_set(json.loads(bare())["data"]) == as_set(data), "the two answers differ"
    ratios, rates = _interleaved(graphql, bare)
    entries = len(data["booklet"]["entries"])
    print(
        f"Whole booklet of {entries} entries ({len(graphql()) // 1000} kB of JSON), SQLite, one connection"
    )
    print(f"  GraphQL                     {rates[0]:.0f} requests a second")
    print(f"  bare route, same SQL        {rates[1]:.0f} requests a second")
    print(f"  ratio, GraphQL / bare       {ratios:.2f} (median of {ROUNDS} interleaved rounds)")


def _interleaved(
    first: Callable[[], bytes], second: Callable[[], bytes]
) -> tuple[float, tuple[float, float]]:
    """The median ratio of the two rates, round by round, and their median rates a second."""
    rates: tuple[list[float], list[float]] = ([], [])
    for round_number in range(ROUNDS + 1):
        for one, kept in zip((first, second), rates, strict=True):
            began = time.perf_counter()
            for _ in range(REQUESTS):
                one()
            if round_number > 0:  # the first warms up
                kept.append(REQUESTS / (time.perf_counter() - began))
    ratio = statistics.median(a / b for a, b in zip(*rates, strict=True))
    return ratio, (statistics.median(rates[0]), statistics.median(rates[1]))


def _peak_megabytes(process: int) -> int:
    status = Path(f"/proc/{process}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) // 1024


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
