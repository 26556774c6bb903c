"""Short sections are no longer compressed.

Those that are stay as they are until they are written again. The tables do not change, but a version
from before would take a short section for a damaged one: what a store has had applied tells it so.
"""

from typing import Any


def up(migrator: Any, db: Any) -> None:
    """Change nothing."""
