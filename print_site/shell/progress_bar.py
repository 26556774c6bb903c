"""A progress bar with the time left, for many dossiers."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress_bar(total: int) -> Iterator[Callable[[str], None]]:
    """Yield a function that writes a line to stdout and advances the bar, if stderr is a terminal."""
    if not sys.stderr.isatty():
        yield lambda line: sys.stdout.writelines((line, "\n"))
        return
    # Imported here: workers start often, and draw no bar.
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
