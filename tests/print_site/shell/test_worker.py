"""The worker as the service uses it: a process, one JSON line in, one JSON line out."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.print_site.hostile import a_thousand_entries

ROOT = Path(__file__).parents[3]


class Worker:
    """A running worker, with a method to send it a job."""

    def __init__(self, *options: str, program: str = "") -> None:
        started = ["-c", program] if program else ["-m", "print_site", "worker", *options]
        self.process = subprocess.Popen(
            [sys.executable, "-W", "error", *started],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def ask(self, job: object) -> dict[str, Any]:
        assert self.process.stdin
        assert self.process.stdout
        line = job if isinstance(job, bytes) else json.dumps(job).encode()
        self.process.stdin.write(line + b"\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        assert isinstance(answer, dict)
        return answer

    def leave(self) -> tuple[int, str, str]:
        rest, complaints = self.process.communicate(timeout=120)
        return self.process.returncode, rest.decode(), complaints.decode()

    def end(self) -> None:
        """End the process and close its pipes, whatever the test did."""
        self.process.kill()
        with self.process:
            pass


Start = Callable[..., Worker]


@pytest.fixture
def start() -> Iterator[Start]:
    """Start workers, and end them after the test."""
    started: list[Worker] = []

    def running(*options: str, program: str = "") -> Worker:
        started.append(Worker(*options, program=program))
        return started[-1]

    yield running
    for one in started:
        one.end()


@pytest.fixture
def worker(start: Start) -> Worker:
    return start()


def job(api: Any, token: str, booklet: Any, **target: str) -> dict[str, Any]:
    return {"id": "j1", "url": api.url, "token": token, "dossier": booklet["id"], **target}


def test_a_worker_builds_one_dossier_after_the_other_and_ends_with_its_input(
    worker: Worker, api: Any, token: str, booklet: Any, tmp_path: Path
) -> None:
    for kind, name in (("folder", "d"), ("zip", "d.zip"), ("html", "d.html"), ("folder", "d")):
        path = str(tmp_path / name)
        answer = worker.ask(job(api, token, booklet, **{kind: path}))
        assert answer == {
            "id": "j1",
            "ok": True,
            "path": path,
            "fingerprint": answer["fingerprint"],
        }
    assert (tmp_path / "d" / "index.html").is_file()
    assert worker.leave() == (0, "", "")


BAD_JOBS = [
    b"not json",
    b"[]",
    b"5",
    b"\xff\xfe",
    b"[" * 50_000,
    b"x" * 200_000,
    b'{"id": "j"}',
    b'{"id": "j", "url": "u", "token": 3, "dossier": "d", "zip": "/z"}',
    b'{"id": "j", "url": "u", "token": "t", "dossier": "d", "zip": "z"}',
    b'{"id": "j", "url": "u", "token": "t", "dossier": "d", "zip": "/z\\u0000"}',
    b'{"id": "j", "url": "u", "token": "t", "dossier": "d", "zip": "/z", "folder": "/f"}',
    b'{"id": {}, "url": "u", "token": "t", "dossier": "d"}',
]


def test_a_bad_job_gets_an_answer_and_the_worker_goes_on(worker: Worker) -> None:
    for line in BAD_JOBS * 2:
        answer = worker.ask(line)
        assert answer["ok"] is False, line[:80]
        assert answer["code"] == "BAD_JOB", line[:80]
        assert answer["message"] == "La demande d’impression est mal formée."
    assert worker.leave() == (0, "", "")


def test_a_refusal_has_a_code_and_a_french_message(
    worker: Worker, api: Any, token: str, booklet: Any, tmp_path: Path
) -> None:
    booklet["id"] = "unknown"
    answer = worker.ask(job(api, token, booklet, folder=str(tmp_path / "d")))
    assert (answer["ok"], answer["code"]) == (False, "NOT_FOUND")
    assert answer["message"] == "Ce dossier n’existe pas, ou il n’est pas le vôtre."
    assert list(tmp_path.iterdir()) == []


def test_neither_tokens_nor_persons_appear_in_answers_and_logs(
    worker: Worker, api: Any, token: str, booklet: Any, tmp_path: Path
) -> None:
    folder = str(tmp_path / "d")
    answers = [worker.ask(job(api, token, booklet, folder=folder))]
    for answer in (b"x", {"data": {"sharedDossier": {**booklet, "parts": "Julliard"}}}):
        api.answer = answer
        answers.append(worker.ask(job(api, token, booklet, folder=folder)))
    api.status = 500
    answers.append(worker.ask(job(api, token, booklet, folder=folder)))
    assert [answer["ok"] for answer in answers] == [True, False, False, False]
    said = json.dumps(answers) + "".join(map(str, worker.leave()))
    assert token not in said
    assert "Julliard" not in said


def test_the_log_tells_where_an_answer_is_wrong_and_not_what_it_says(
    worker: Worker, api: Any, token: str, booklet: Any, tmp_path: Path
) -> None:
    booklet["parts"][0]["rubrics"][0]["entries"][0]["when"] = ["Julliard"]
    api.answer = {"data": {"sharedDossier": booklet}}
    answer = worker.ask(job(api, token, booklet, folder=str(tmp_path / "d")))
    assert (answer["ok"], answer["code"]) == (False, "UNREADABLE")
    place = "$.parts[0].rubrics[0].entries[0].when"
    said = f"print_site: Expected `str`, got `list` - at `{place}`\n"
    assert worker.leave() == (0, "", said)


def test_a_worker_retires_after_its_number_of_jobs_and_says_so(start: Start) -> None:
    worker = start("--jobs", "2")
    assert "last" not in worker.ask(b"{}")
    assert worker.ask(b"{}")["last"] is True
    assert worker.leave() == (75, "", "")


def test_a_worker_asked_to_stop_leaves_no_debris(worker: Worker, tmp_path: Path) -> None:
    worker.ask(b"{}")
    worker.process.send_signal(signal.SIGTERM)
    assert worker.process.wait(timeout=120) == 0


READY = """
import sys
from print_site import generator
from print_site.shell import worker
worker.run_worker(pdf={pdf})
sys.stderr.write(f"{{len(generator._environment().cache)}} {{'typst' in sys.modules}}")
"""


def test_a_worker_is_ready_before_its_first_job() -> None:
    templates = len(list((ROOT / "print_site/theme/templates").iterdir()))
    for pdf in (False, True):
        worker = Worker(program=READY.format(pdf=pdf))
        assert worker.leave() == (0, "", f"{templates} {pdf}")


def test_a_worker_prints_pdfs_and_stays_silent(
    worker: Worker, api: Any, token: str, short: Any, tmp_path: Path
) -> None:
    short["annexes"] = []
    api.answer = {"data": {"sharedDossier": short}}
    for name in ("one.pdf", "two.pdf"):
        answer = worker.ask(job(api, token, short, pdf=str(tmp_path / name)))
        assert answer["ok"], answer
        assert "last" not in answer
    assert (tmp_path / "one.pdf").read_bytes() == (tmp_path / "two.pdf").read_bytes()
    assert worker.leave() == (0, "", "")


IMPATIENT = """
import sys
from print_site import limits
from print_site.shell import worker
limits.PATIENCE = 0.3
sys.exit(worker.run_worker(seconds=10))
"""


def test_a_job_that_takes_too_long_is_cut_and_the_worker_goes_on(
    start: Start, api: Any, token: str, booklet: Any, tmp_path: Path
) -> None:
    worker = start(program=IMPATIENT)
    api.held = True
    answer = worker.ask(job(api, token, booklet, html=str(tmp_path / "d.html")))
    assert (answer["ok"], answer["code"]) == (False, "TOO_LONG")
    assert answer["message"] == "La mise en page de ce dossier prend trop de temps."
    # Not a dossier: a loaded machine takes as long for one as this worker waits.
    assert worker.ask(b"{}")["code"] == "BAD_JOB"
    assert worker.leave() == (0, "", "")
    assert list(tmp_path.iterdir()) == []


GREEDY = """
import sys
from print_site import limits
from print_site.shell import worker
limits.limit_memory({most})
worker.GROWTH_BYTES = {growth}
held = []
parse = worker.parse_dossier
worker.parse_dossier = lambda data: held.append(b"x" * {taken}) or parse(data)
sys.exit(worker.run_worker())
"""


def greedy(**sizes: int) -> str:
    """Return the program of a worker that holds more memory after each job."""
    return GREEDY.format(**sizes)


def test_a_worker_that_has_grown_too_much_retires(
    start: Start, api: Any, token: str, booklet: Any, tmp_path: Path
) -> None:
    worker = start(program=greedy(most=2**32, growth=200 * 2**20, taken=120 * 2**20))
    target = {"html": str(tmp_path / "d.html")}
    assert "last" not in worker.ask(job(api, token, booklet, **target))
    assert worker.ask(job(api, token, booklet, **target))["last"] is True
    assert worker.leave() == (75, "", "")


def test_a_job_that_takes_too_much_memory_is_refused(
    start: Start, api: Any, token: str, booklet: Any, tmp_path: Path
) -> None:
    worker = start(program=greedy(most=2**30, growth=2**30, taken=2**31))
    answer = worker.ask(job(api, token, booklet, html=str(tmp_path / "d.html")))
    assert (answer["ok"], answer["code"]) == (False, "TOO_LONG")
    assert answer["message"] == "Ce dossier est trop gros pour être mis en page."
    assert worker.ask(b"{}")["code"] == "BAD_JOB"
    assert worker.leave() == (0, "", "")


def test_a_job_that_works_too_long_is_cut_within_the_compiler_too(
    start: Start, api: Any, token: str, short: Any, tmp_path: Path
) -> None:
    worker = start("--seconds", "1")
    api.answer = {"data": {"sharedDossier": a_thousand_entries()}}
    answer = worker.ask(job(api, token, short, pdf=str(tmp_path / "d.pdf")))
    assert (answer["ok"], answer["code"]) == (False, "TOO_LONG")
    assert answer["message"] == "La mise en page de ce dossier prend trop de temps."
    assert list(tmp_path.iterdir()) == []


@pytest.mark.real
def test_a_thousand_entries_on_paper_are_printed_in_time(
    start: Start, api: Any, token: str, short: Any, tmp_path: Path
) -> None:
    worker = start("--seconds", "30")
    api.answer = {"data": {"sharedDossier": a_thousand_entries()}}
    assert worker.ask(job(api, token, short, pdf=str(tmp_path / "d.pdf")))["ok"] is True
    assert worker.leave()[1:] == ("", "")
