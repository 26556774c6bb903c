"""Many dossiers from a shell: two processes, names by rank, and failures that stop no other."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from print_site.dossier.text import typeset_marks

ROOT = Path(__file__).parents[3]


def command(api: Any, folder: Path, listed: list[str], *options: str) -> list[str]:
    (folder / "list.txt").write_text("\n".join(listed) + "\n", encoding="utf-8")
    return [
        *(sys.executable, "-W", "error", "-m", "print_site", "build", "--api", api.url),
        *("--dossiers", str(folder / "list.txt"), "--out", str(folder / "out"), *options),
    ]


def environment(token: str) -> dict[str, str]:
    return {**os.environ, "LIVRET_TOKEN": token, "NO_PROXY": "127.0.0.1"}


def run(
    api: Any, token: str, folder: Path, listed: list[str], *options: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(api, folder, listed, *options),
        cwd=ROOT,
        env=environment(token),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_many_dossiers_are_written_under_their_ranks(
    api: Any, token: str, booklet: Any, tmp_path: Path
) -> None:
    done = run(api, token, tmp_path, [booklet["id"]] * 12)
    assert (done.returncode, done.stderr) == (0, typeset_marks("Dossiers écrits : 12 sur 12.\n"))
    names = [f"{rank:04}.html" for rank in range(1, 13)]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == names
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    assert [line[0] for line in lines] == names
    assert {line[1] for line in lines} == {booklet["id"]}
    assert len({line[2] for line in lines}) == 1
    assert len({path.read_bytes() for path in (tmp_path / "out").iterdir()}) == 1


def test_a_dossier_that_fails_stops_none_of_the_others(
    api: Any, token: str, booklet: Any, tmp_path: Path
) -> None:
    listed = [booklet["id"], "../../evil", booklet["id"]]
    done = run(api, token, tmp_path, listed, "--zip")
    assert done.returncode == 5
    assert done.stderr == typeset_marks("Dossiers écrits : 2 sur 3.\n")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["0001.zip", "0003.zip"]
    assert "0002.zip\t../../evil\tNOT_FOUND Ce dossier" in done.stdout
    assert token not in done.stdout + done.stderr


def test_a_list_that_is_empty_or_missing_is_refused(api: Any, token: str, tmp_path: Path) -> None:
    assert run(api, token, tmp_path, [" "]).returncode == 2
    missing = command(api, tmp_path, ["x"])
    (tmp_path / "list.txt").unlink()
    done = subprocess.run(
        missing, cwd=ROOT, env=environment(token), capture_output=True, check=False, timeout=120
    )
    assert done.returncode == 2
    assert not (tmp_path / "out").exists()


def test_a_terminal_sees_a_bar_and_the_time_left(
    api: Any, token: str, booklet: Any, tmp_path: Path
) -> None:
    here, there = pty.openpty()
    with subprocess.Popen(
        command(api, tmp_path, [booklet["id"]] * 4),
        cwd=ROOT,
        env={**environment(token), "TERM": "xterm", "COLUMNS": "80"},
        stdout=subprocess.DEVNULL,
        stderr=there,
    ) as process:
        os.close(there)
        seen = b""
        while True:
            try:
                piece = os.read(here, 4096)
            except OSError:
                break
            if not piece:
                break
            seen += piece
        assert process.wait(timeout=120) == 0
    os.close(here)
    said = seen.decode()
    assert "4/4" in said
    assert re.search(r"\d:\d\d:\d\d", said), "the time that is left"
