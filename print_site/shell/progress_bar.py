"""Tells how far many dossiers have come: a bar with the time left, where people look at it."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress_bar(total: int) -> Iterator[Callable[[str], None]]:
    """A function that writes one finished line to stdout; a terminal also sees a bar advance."""
    if not sys.stderr.isatty():
        yield lambda line: sys.stdout.writelines((line, "\n"))
        return
    # Not above: the workers, which start in numbers, draw no bar.
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, redirect_stdout=False) as progress:
        task = progress.add_task("", total=total)

        def report(line: str) -> None:
            if sys.stdout.isatty():
                console.out(line, highlight=False)  # above the bar, not across it
            else:
                sys.stdout.writelines((line, "\n"))
            progress.advance(task)

        yield report
