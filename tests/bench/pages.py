"""What a page costs on top of its operation: CPU of the service for each, in turn.

Time of the processor, not of the clock: the machine may be busy with other things.
"""

import http.client
import json
import os
import statistics
from collections.abc import Callable
from pathlib import Path
from typing import Any

from graphql_api.agent_space.booklet_home import BOOKLET_HOME, MOST_SUGGESTIONS
from graphql_api.agent_space.entries import entry_list, part_pages
from graphql_api.agent_space.entries.entry_list import ENTRY_LIST
from graphql_api.agent_space.entries.part_pages import RECAP
from graphql_api.agent_space.panorama.panorama_pages import PANORAMA
from graphql_api.page_kit.stored_documents import StoredDocument

ROUNDS, REQUESTS = 7, 40
MOST_MILLISECONDS = 10
Pages = tuple[tuple[str, StoredDocument, dict[str, Any]], ...]
# With the variables that each page sends.
PAGES: Pages = (
    ("/livret", BOOKLET_HOME, {"most": MOST_SUGGESTIONS}),
    (
        "/livret/formations/autres-formations",
        ENTRY_LIST,
        {"rubric": "TRAINING", "first": entry_list.ENTRIES_OF_A_PAGE, "offset": 0},
    ),
    (
        "/livret/formations/recapitulatif",
        RECAP,
        {"part": "FORMATIONS", "first": part_pages.ENTRIES_OF_A_PAGE, "offset": 0},
    ),
    ("/livret/panorama", PANORAMA, {}),
)


def print_page_figures(port: int, token: str, process: int, requests: int = REQUESTS) -> None:
    """Print, for a few pages, their CPU time, that of their operation, what is between, and the ratio."""
    print(f"\nPages (at most {MOST_MILLISECONDS} ms on top of the operation), ms of CPU")
    connection = http.client.HTTPConnection("127.0.0.1", port)
    headers = {"authorization": f"Bearer {token}", "accept": "text/html"}
    for path, document, variables in PAGES:
        body = json.dumps({"query": document.text, "variables": variables})

        def page(path: str = path) -> int:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            size = len(answer.read())
            assert answer.status == 200, (path, answer.status)
            return size

        def operation(body: str = body) -> int:
            sent = headers | {"content-type": "application/json", "accept": "application/json"}
            connection.request("POST", "/graphql", body, sent)
            return len(connection.getresponse().read())

        size = page()
        answered = operation()
        whole, bare = _medians(process, page, operation, requests)
        print(
            f"  {path:40} {whole:6.1f}   operation {bare:6.1f}   on top {whole - bare:5.1f}"
            f"   {whole / bare:4.1f} times   {size / 1000:5.1f} kB"
            f"   of {answered / 1000:5.1f} kB"
        )


def _medians(
    process: int, one: Callable[[], int], other: Callable[[], int], requests: int
) -> tuple[float, float]:
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for kept, run in zip(taken, (one, other), strict=True):
            before = _cpu_milliseconds(process)
            for _ in range(requests):
                run()
            kept.append((_cpu_milliseconds(process) - before) / requests)
    return statistics.median(taken[0]), statistics.median(taken[1])


def _cpu_milliseconds(process: int) -> float:
    """The processor time that a process used, in its own code and in the kernel."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return 1_000 * (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
