"""How the service opens a SQLite file, in a process that no fixture has touched."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.patience import PATIENCE_SECONDS

PRAGMAS = """
import json, sys
from graphql_api.storage.store import Store
store = Store(sys.argv[1], journal=sys.argv[2])
store.connect()
names = ("synchronous", "journal_mode", "secure_delete", "foreign_keys")
asked = (store.database.execute_sql(f"PRAGMA {name}").fetchone()[0] for name in names)
print(json.dumps(list(asked)))
store.close()
"""
FULL = 2


@pytest.mark.parametrize("journal", ["wal", "delete"])
def test_outside_the_tests_a_commit_waits_for_the_disk_and_a_deletion_overwrites(
    journal: str, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/x.db"
    command = [sys.executable, "-W", "error", "-c", PRAGMAS, url, journal]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=True
    )
    assert json.loads(done.stdout) == [FULL, journal, 1, 1]
