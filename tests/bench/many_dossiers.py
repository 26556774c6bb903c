"""`python -m tests.bench.many_dossiers [HOW_MANY]`: HTML, then PDF, of the demo's booklet on two processes."""

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path

from rich.console import Console
from rich.progress import track

from print_site import build
from print_site.dossier.model import PrintedDossier
from print_site.dossier.parsing import parse_dossier
from print_site.preview.samples import SAMPLES

PROCESSES = 2


def main(many: int) -> None:
    """Print what `many` dossiers of each form of file take, 1,000 unless told."""
    for kind in ("html", "pdf"):
        with tempfile.TemporaryDirectory(prefix="livret-bench-") as folder:
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            targets = [Path(folder) / f"{rank}.{kind}" for rank in range(many)]
            began = time.perf_counter()
            with ProcessPoolExecutor(PROCESSES) as pool:
                built = pool.map(_build_into(kind), targets, chunksize=5)
                done = list(track(built, kind, total=many, console=Console(stderr=True)))
            wall = time.perf_counter() - began
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            size = targets[0].stat().st_size // 1000
            same = {target.read_bytes() for target in targets}
            left = len(list(Path(folder).iterdir())) - many
        whole = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        processor, peak = sum(used for used, _ in done), max(peak for _, peak in done)
        print(f"{many} dossiers of {size} kB as {kind}, {PROCESSES} processes")
        print(f"  wall                        {wall:.1f} s, {many / wall:.1f} a second")
        print(f"  processor                   {processor:.1f} s, {processor / many:.2f} s each")
        print(f"  with starting of processes  {whole:.1f} s")
        print(f"  peak memory of a process    {peak // 1024} MB")
        print(f"  different files             {len(same)}; others left behind: {left}")


def _build_into(kind: str) -> Callable[[Path], tuple[float, int]]:
    return {"html": _html, "pdf": _pdf}[kind]


def _html(target: Path) -> tuple[float, int]:
    return _timed(build.build_html, target)


def _pdf(target: Path) -> tuple[float, int]:
    return _timed(build.build_pdf, target)


def _timed(make: Callable[[PrintedDossier, Path], None], target: Path) -> tuple[float, int]:
    """The seconds of the processor, and the kilobytes that the process has held at most."""
    dossier, began = _demo(), time.process_time()
    make(dossier, target)
    return time.process_time() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


@cache
def _demo() -> PrintedDossier:
    return parse_dossier(SAMPLES["full"]())


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000)
