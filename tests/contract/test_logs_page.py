"""docs/logs.md names the events that the code logs, and no other."""

import re
from pathlib import Path

from graphql_api.web.logs import EVENT_OF_LOGGER

ROOT = Path(__file__).parents[2]
_LOGGED = re.compile(r'"event": "([a-z-]+)"')
_TOLD = re.compile(r"^\| (`[a-z-]+`(?:, `[a-z-]+`)*) \| [a-z`]", re.MULTILINE)


def test_each_event_of_the_log_has_its_line_in_the_page() -> None:
    logged = {
        event
        for file in (ROOT / "graphql_api").rglob("*.py")
        for event in _LOGGED.findall(file.read_text("utf-8"))
    }
    logged |= {*EVENT_OF_LOGGER.values()}
    page = (ROOT / "docs/logs.md").read_text("utf-8")
    events = page[page.index("| Event |") :]
    told = {event for names in _TOLD.findall(events) for event in re.findall("`([a-z-]+)`", names)}
    assert told == logged
    assert len(told) > 8
