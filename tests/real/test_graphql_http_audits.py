"""The audits of npm's graphql-http, which test a server against the GraphQL over HTTP specification."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.patience import PATIENCE_SECONDS

from .node import node_for
from .service import serving

HERE = Path(__file__).parent / "graphql_http_audits"
# Of the audits that a server may fail: it does not serve GET.
OPTIONAL = {"5A70", "D6D5", "6A70"}

pytestmark = pytest.mark.real


def audit(folder: Path, **settings: str) -> dict[str, dict[str, Any]]:
    """The result of each audit of the service, by its id."""
    node = node_for(HERE, "graphql-http")
    with serving(folder, **settings) as service:
        run = subprocess.run(
            [node, HERE / "audit.mjs", f"{service.url}/graphql"],
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=True,
        )
    return {result["id"]: result for result in json.loads(run.stdout)}


def test_the_endpoint_passes_every_audit(tmp_path: Path) -> None:
    results = audit(tmp_path, LIVRET_PROFILE="development")
    assert len(results) >= 61
    failed = {id: result for id, result in results.items() if result["status"] != "ok"}
    assert failed.keys() <= OPTIONAL, failed
    assert all(result["status"] == "notice" for result in failed.values())


def test_without_introspection_only_the_audits_that_read_the_schema_fail(tmp_path: Path) -> None:
    results = audit(
        tmp_path,
        LIVRET_PROFILE="production",
        LIVRET_HOST="127.0.0.1",
        LIVRET_MAIL_FOLDER="",
        LIVRET_MAIL_FROM="livret@exemple.fr",
        LIVRET_SMTP_URL="smtp://127.0.0.1:1025",
    )
    assert len(results) >= 61
    failed = {id for id, result in results.items() if result["status"] != "ok"}
    assert failed - OPTIONAL == {"2EA1", "28B9"}
