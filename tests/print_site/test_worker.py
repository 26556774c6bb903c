"""The worker as the API sees it: a process, one JSON line in, one JSON line out."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
Ask = Callable[[Any], dict[str, Any]]


class Worker:
    """A running worker and one way to ask it."""

    def __init__(self, *options: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-W", "error", "-m", "print_site", "worker", *options],
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
        rest, complaints = self.process.communicate(timeout=20)
        return self.process.returncode, rest.decode(), complaints.decode()

    def end(self) -> None:
        """Whatever happened, no process and no pipe outlives a test."""
        self.process.kill()
        with self.process:
            pass


@pytest.fixture
def worker() -> Iterator[Worker]:
    running = Worker()
    yield running
    running.end()


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


@pytest.mark.parametrize(
    "line",
    [
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
    ],
)
def test_a_bad_job_gets_an_answer_and_the_worker_goes_on(worker: Worker, line: bytes) -> None:
    for _ in range(2):
        answer = worker.ask(line)
        assert answer["ok"] is False
        assert answer["code"] == "BAD_JOB"
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


def test_a_worker_retires_after_its_number_of_jobs_and_says_so() -> None:
    worker = Worker("--jobs", "2")
    assert "last" not in worker.ask(b"{}")
    assert worker.ask(b"{}")["last"] is True
    assert worker.leave() == (75, "", "")


def test_a_worker_asked_to_stop_leaves_no_debris(worker: Worker, tmp_path: Path) -> None:
    worker.ask(b"{}")
    worker.process.send_signal(signal.SIGTERM)
    assert worker.process.wait(timeout=20) == 0
