"""Node, for the tests that run a package of npm."""

import shutil
from pathlib import Path

import pytest


def node_for(folder: Path, package: str) -> str:
    """Return where Node is; skip where Node or the package is not installed."""
    found = shutil.which("node")
    if found is None:
        pytest.skip("Node is not installed")
    if not (folder / "node_modules" / package).is_dir():
        pytest.skip(f"{package} is not installed: `make test-real` installs it")
    return found
