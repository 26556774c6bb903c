"""The suite at another instant, and in another order: the options `--at`, `--dated` and `--shuffle`.

Nothing here runs unless it is asked for. Tests are imported at the real time, so that a date which
a test computes at its import differs from the one at which the test runs, as it does in a long run.
"""

import random
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path

import pytest
import time_machine

INSTANTS = (  # in France; docs/decisions/0036 says what goes wrong then
    ("2027-01-31T23:30+01:00", "1"),
    ("2028-01-01T00:30+01:00", "2"),
    ("2027-03-28T01:30+01:00", "3"),
    ("2027-10-31T00:30+02:00", "4"),
    ("2028-02-29T12:00+01:00", "5"),
)
_DATED = re.compile(r"\b(clock|datetime|timedelta|date|expire\w*|time\.time)\b")
_FEWEST_DATED = 500


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--at",
        type=_instant,
        metavar="INSTANT",
        help="run as if it were that instant when the run began: 2027-01-31T23:30+01:00",
    )
    parser.addoption(
        "--dated",
        action="store_true",
        help="only the modules of tests that mention dates or clocks",
    )
    parser.addoption(
        "--shuffle", metavar="SEED", help="another order of modules and of their tests; or `random`"
    )


def _instant(written: str) -> datetime:
    instant = datetime.fromisoformat(written)
    if instant.tzinfo is None:
        raise ValueError("an instant has its offset from UTC: 2027-01-31T23:30+01:00")
    return instant


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Choose the seed once: the workers of xdist are given it, and collect the same order."""
    if config.option.shuffle == "random":
        config.option.shuffle = str(random.SystemRandom().randrange(10_000))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.option.at is not None:
        for item in items:
            if (marker := item.get_closest_marker("real_time")) is not None:
                item.add_marker(pytest.mark.skip(reason=f"at the real time only: {marker.args[0]}"))
    if config.option.dated:
        chosen = [item for item in items if _mentions_dates(item.path)]
        if len(chosen) < _FEWEST_DATED:
            raise pytest.UsageError(f"--dated finds {len(chosen)} tests, too few to be right")
        config.hook.pytest_deselected(items=[item for item in items if item not in set(chosen)])
        items[:] = chosen
    if config.option.shuffle is not None:
        items[:] = _shuffled(items, config.option.shuffle)


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session: pytest.Session) -> Iterator[None]:
    at = session.config.option.at
    with time_machine.travel(at, tick=True) if at is not None else nullcontext():
        return (yield)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    option = terminalreporter.config.option
    if option.shuffle is not None:
        terminalreporter.write_line(f"the order of --shuffle {option.shuffle}")
    if option.at is not None:
        terminalreporter.write_line(f"as if begun --at {option.at.isoformat()}")


_mentioned: dict[Path, bool] = {}


def _mentions_dates(path: Path) -> bool:
    if path not in _mentioned:
        _mentioned[path] = _DATED.search(path.read_text()) is not None
    return _mentioned[path]


def _shuffled(items: list[pytest.Item], seed: str) -> list[pytest.Item]:
    """Modules in another order, and the tests of each: what a module has made serves it once."""
    modules: dict[Path, list[pytest.Item]] = {}
    for item in items:
        modules.setdefault(item.path, []).append(item)
    chance, order = random.Random(seed), list(modules.values())
    chance.shuffle(order)
    for tests in order:
        chance.shuffle(tests)
    return [item for tests in order for item in tests]


def main() -> int:
    """Run the tests that read a clock at each instant, in an order of its own."""
    pytest_ = [
        sys.executable,
        "-m",
        "pytest",
        "-n",
        "2",
        "-m",
        "not real and not torture",
        "-k",
        "not postgresql",
        "--dated",
    ]
    failed = [
        instant
        for instant, seed in INSTANTS
        if subprocess.run([*pytest_, "--at", instant, "--shuffle", seed], check=False).returncode
    ]
    for instant in failed:
        sys.stderr.write(f"failed --at {instant}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
