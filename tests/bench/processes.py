"""The measured processes: started on one core, and what they cost, as Linux counts it."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_PATIENCE_SECONDS = 60


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def listening(
    command: Sequence[str],
    port: int,
    environment: Mapping[str, str] | None = None,
    log: Path | None = None,
) -> Iterator[int]:
    """A server on the first core, once it listens; its process. It ends with the block.

    Its lines go into the file `log`, as into the journal of an operator.
    """
    with ExitStack() as stack:
        errors = stack.enter_context(log.open("ab")) if log else None
        server = subprocess.Popen(
            command, env=environment, stderr=errors, preexec_fn=lambda: os.sched_setaffinity(0, {0})
        )
        stack.callback(_end, server)
        end = time.monotonic() + _PATIENCE_SECONDS
        while server.poll() is None and time.monotonic() < end:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.01)
        assert server.poll() is None, f"ended with {server.returncode}: {command}"
        yield server.pid


def _end(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    server.wait()


def processor_seconds(processes: Iterable[int]) -> float:
    """The processor time that processes have used, in their own code and in the kernel."""
    return sum(_processor_seconds(one) for one in processes)


def _processor_seconds(process: int) -> float:
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:  # one that has ended
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICKS


def peak_megabytes(process: int) -> int:
    """The most memory that a process has held, in megabytes."""
    status = Path(f"/proc/{process}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) // 1024


def python(module: str, *words: str) -> list[str]:
    """The command of a module of this interpreter."""
    return [sys.executable, "-m", module, *words]
