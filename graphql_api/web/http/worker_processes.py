"""Several processes that serve one listening socket: started, replaced when they die, renewed.

The parent holds the socket, serves nothing itself and imports no application. Each worker is the
same program, started anew: it gets the socket and a link to the parent, says there that it serves,
and stops when the link ends, since its parent died then.

SIGHUP renews the workers one by one: a new one serves before an old one is told to stop, so that no
connection is refused; the old one answers what it has taken, and is ready until then to who probes it. A new one that does not serve changes
nothing. SIGTERM and SIGINT stop all.
"""

import asyncio
import logging
import os
import signal
import socket
from asyncio.subprocess import Process
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

START_SECONDS = 120  # until a worker must serve
_LONGEST_PAUSE = 30.0  # seconds between two tries to start a worker
_SERVES = b"+"
_RENEWED = b"-"
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class WorkerLink:
    """What a worker has from its parent: the listening socket, and the link to it."""

    listening: socket.socket
    link: socket.socket

    @classmethod
    def inherited(cls, listening: int, link: int) -> "WorkerLink":
        """The sockets that a worker inherited, by their file descriptors."""
        return cls(socket.socket(fileno=listening), socket.socket(fileno=link))

    def say_that_it_serves(self) -> None:
        """Tell the parent that requests are answered from now on."""
        with suppress(OSError):  # a parent that has gone is noticed by the link
            self.link.send(_SERVES)

    def is_renewed(self) -> bool:
        """Whether the parent has said that another serves in this one's place; False when it died."""
        with suppress(OSError):
            return self.link.recv(1) == _RENEWED
        return False


@dataclass(slots=True, eq=False)
class _Worker:
    """A worker as its parent knows it. One that `is_leaving` is not replaced when it ends."""

    process: Process
    link: socket.socket
    serves: bool = False
    is_leaving: bool = False

    async def begins_to_serve(self) -> bool:
        """Whether it serves at last; False when it ended before."""
        loop = asyncio.get_running_loop()
        with suppress(TimeoutError, OSError):
            async with asyncio.timeout(START_SECONDS):
                self.serves = await loop.sock_recv(self.link, 1) == _SERVES
        self.serves = self.serves and self.process.returncode is None
        return self.serves

    def say_that_it_is_renewed(self) -> None:
        """Tell it to stop, since another serves in its place: the service as a whole goes on."""
        self.is_leaving = True
        with suppress(OSError):  # it has ended
            self.link.send(_RENEWED)

    def stop(self, signal_number: int = signal.SIGTERM) -> None:
        """Tell it to stop, as the service does."""
        self.is_leaving = True
        if self.process.returncode is None:
            with suppress(ProcessLookupError):  # `Popen.send_signal` would take the exit code
                os.kill(self.process.pid, signal_number)


@dataclass(slots=True)
class WorkerProcesses:
    """Workers of one program. `command` is completed by the descriptors of socket and link."""

    command: Sequence[str]
    listening: socket.socket
    number: int
    _workers: set[_Worker] = field(default_factory=set)
    _tasks: set["asyncio.Task[None]"] = field(default_factory=set)
    _is_stopping: bool = False
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)
    _failure: int = 0

    async def run(self) -> int:
        """Serve until told to stop; return the exit code, that of a worker that could not begin."""
        loop = asyncio.get_running_loop()
        told: asyncio.Queue[int] = asyncio.Queue()
        for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            loop.add_signal_handler(each, told.put_nowait, each)
        starting = asyncio.create_task(self._start())
        stopping = asyncio.create_task(self._until_stopped(told))
        tasks: set[asyncio.Task[bool]] = {starting, stopping}
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        has_failed = starting.done() and not starting.result()
        if has_failed:
            stopping.cancel()
        else:
            await stopping
        await self._stop()
        await asyncio.wait(tasks)
        return (self._failure or 1) if has_failed else 0

    async def _start(self) -> bool:
        """Start the first workers; return whether all of them serve."""
        return all(await asyncio.gather(*(self._add() for _ in range(self.number))))

    async def _until_stopped(self, told: "asyncio.Queue[int]") -> bool:
        """Renew the workers as often as asked; return when told to stop, whatever is under way."""
        while await told.get() == signal.SIGHUP:
            if not any(task.get_name() == "renewing" for task in self._tasks):
                self._do(self._renew(), "renewing")
        return True

    async def _renew(self) -> None:
        for old in list(self._workers):
            if old not in self._workers:  # it ended meanwhile, and was replaced
                continue
            old.is_leaving = True
            if not await self._add():
                _log.error(
                    "a new worker does not serve: the others stay",
                    extra={"event": "workers-not-renewed"},
                )
                old.is_leaving = False
                if old.process.returncode is not None:
                    await self._replace()
                return
            old.say_that_it_is_renewed()
        _log.info("the workers are new", extra={"event": "workers-renewed"})

    async def _add(self) -> bool:
        """Start a worker; return whether it serves."""
        if self._has_to_stop():
            return False
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        with theirs:
            descriptors = (self.listening.fileno(), theirs.fileno())
            process = await asyncio.create_subprocess_exec(
                *self.command,
                ",".join(map(str, descriptors)),
                pass_fds=descriptors,
                process_group=0,  # what a terminal interrupts is the parent
            )
        worker = _Worker(process, ours)
        self._workers.add(worker)
        self._do(self._watch(worker))
        if self._has_to_stop():  # since it was started
            worker.stop()
        if not await worker.begins_to_serve():
            worker.stop(signal.SIGKILL)
            return False
        facts = {"process": process.pid}
        _log.info(
            "a worker serves: process %d",
            process.pid,
            extra={"event": "worker-serves", "facts": facts},
        )
        return True

    async def _watch(self, worker: _Worker) -> None:
        """Wait until a worker ends; log and replace one that was to serve."""
        code = await worker.process.wait()
        worker.link.close()
        self._workers.discard(worker)
        if not worker.serves and code > 0:
            self._failure = code
        if self._is_stopping or (worker.is_leaving and worker.serves):
            return
        facts = {"process": worker.process.pid, "code": code}
        _log.warning(
            "a worker ended: process %d, code %d", *facts.values(),
            extra={"event": "worker-ended", "facts": facts},
        )  # fmt: skip
        if worker.serves:
            await self._replace()

    async def _replace(self) -> None:
        """Start a worker in the place of one that ended, as often as it takes."""
        pause = 1.0
        while not await self._add() and not self._is_stopping:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    async def _stop(self) -> None:
        """Stop all workers, each of which bounds its own end, and return when they have ended."""
        self._is_stopping = True
        self._stopping.set()
        self.listening.close()
        for worker in list(self._workers):
            worker.stop()
        while self._tasks:
            await asyncio.wait(self._tasks)

    def _has_to_stop(self) -> bool:
        return self._is_stopping

    def _do(self, work: Coroutine[None, None, None], name: str = "watching") -> None:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
