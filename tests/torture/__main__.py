"""`make torture`: runs the torture cases and prints their figures; the long form writes them down."""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.torture.figures import PROPERTY, SHORT, Figure, read

ROOT = Path(__file__).parents[2]
FIGURES, PAGE = ROOT / "docs" / "trust.json", ROOT / "docs" / "trust.md"
BEGINS, ENDS = "<!-- figures begin -->", "<!-- figures end -->"
REPEAT = ".venv/bin/python -m pytest -m torture tests/torture/test_{}.py"


class Collector:
    """A plugin of pytest that keeps the figures of all tests, whatever process ran them."""

    def __init__(self) -> None:
        self.figures: list[Figure] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the figures of a test that has run."""
        if report.when == "call":
            self.figures += [
                read(value)
                for name, value in report.user_properties
                if name == PROPERTY and isinstance(value, dict)
            ]


def table(figures: Sequence[Figure]) -> str:
    """The figures as a table for a terminal."""
    return "\n".join(
        f"{one.case} · {one.database} · {one.what}: {one.value}"
        f"{'' if one.met else '  MISSED'}{f'  (goal {one.goal})' if one.goal else ''}"
        for one in figures
    )


def page_table(kept: Sequence[dict[str, Any]]) -> str:
    """The figures of docs/trust.json as a table in Markdown."""
    rows = [
        "| Case | Database | Figure | Last | Goal | Taken |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for one in kept:
        taken = f"{one['date']}, `{one['commit']}`"
        cells = (one["case"], one["database"], one["what"], one["value"], one["goal"] or "–", taken)
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def page_with(page: str, kept: Sequence[dict[str, Any]]) -> str:
    """The page, with these figures between its markers."""
    head, _, rest = page.partition(BEGINS)
    _, _, tail = rest.partition(ENDS)
    return f"{head}{BEGINS}\n{page_table(kept)}\n{ENDS}{tail}"


def write_down(figures: Sequence[Figure]) -> None:
    """Write the figures, their day and their commit into docs/trust.json and docs/trust.md.

    Figures of the cases that did not run this time stay as they are, under their own day.
    """
    head = ["git", "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(head, cwd=ROOT, capture_output=True, text=True).stdout.strip()
    day = datetime.now(UTC).date().isoformat()
    ran = {(one.case, one.database) for one in figures}
    before = json.loads(FIGURES.read_text("utf-8")) if FIGURES.exists() else []
    kept = [one for one in before if (one["case"], one["database"]) not in ran]
    kept += [{"date": day, "commit": commit} | one.written() for one in figures]
    kept.sort(key=lambda one: (one["case"], one["database"] == "postgresql"))
    FIGURES.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", "utf-8")
    PAGE.write_text(page_with(PAGE.read_text("utf-8"), kept), "utf-8")


def main() -> int:
    """Run the cases; return pytest's exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.torture")
    parser.add_argument("--short", action="store_true", help="fewer tries, and nothing is written")
    options, more = parser.parse_known_args()  # the rest is for pytest, such as -k
    if options.short:
        os.environ[SHORT] = "1"
    collector = Collector()
    began = datetime.now(UTC)
    words = ["-m", "torture", "-n", "2", "--dist", "loadfile", str(Path(__file__).parent), *more]
    code = pytest.main(words, plugins=[collector])
    print(table(collector.figures))
    print(f"{len(collector.figures)} figures in {(datetime.now(UTC) - began).seconds} s")
    if code == 0 and not options.short:
        write_down(collector.figures)
    return int(code)


if __name__ == "__main__":
    sys.exit(main())
