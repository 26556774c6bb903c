"""A field that is added to a rubric is on every page that shows the rubric, without a change there."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import schema
from tests.patience import PATIENCE_SECONDS

ROOM = Path(schema.__file__).parent
REPOSITORY = ROOM.parent
BEFORE = "    awarding_body: str | None = text("
FIELD = '    place_of_study: str | None = text("Lieu d’études", "Where.", example="Pessac")\n'


def test_a_field_of_a_rubric_is_in_the_form_the_list_the_summary_and_the_dossier(
    tmp_path: Path,
) -> None:
    shutil.copytree(ROOM, tmp_path / "schema", ignore=shutil.ignore_patterns("__pycache__"))
    rubric = tmp_path / "schema" / "rubrics" / "diplomas.py"
    text = rubric.read_text(encoding="utf-8")
    assert text.count(BEFORE) == 1
    rubric.write_text(text.replace(BEFORE, FIELD + BEFORE), encoding="utf-8")
    answer = subprocess.run(
        [sys.executable, "-m", "tests.graphql_api.agent_space.entries.added_field", str(tmp_path)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{REPOSITORY}"},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=PATIENCE_SECONDS,
    )
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout) == [True, True, True, True]
