"""Refused connections are told in the log: at once, then by number, and never whose they were."""

import asyncio
import json
import logging
from collections.abc import Callable
from typing import Any, cast

import pytest

from graphql_api.web.http.refusal_lines import NOT_READ, PERIOD_SECONDS, RefusalLines
from graphql_api.web.http.request_ids import request_named
from graphql_api.web.logs import JsonFormatter


class Loop:
    """An event loop whose time is moved by hand."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], None]] = []

    def call_later(self, seconds: float, what: Callable[..., None], *with_: Any) -> None:
        assert seconds == PERIOD_SECONDS
        self.waiting.append(lambda: what(*with_))

    def end_period(self) -> None:
        waiting, self.waiting = self.waiting, []
        for one in waiting:
            one()


def test_the_first_refusal_is_told_at_once_and_those_of_a_minute_together(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "graphql_api")
    loop, lines = Loop(), RefusalLines()
    real = cast("asyncio.AbstractEventLoop", loop)

    def told() -> list[tuple[int, int]]:
        found = [json.loads(JsonFormatter().format(one)) for one in caplog.records]
        caplog.clear()
        assert {one["event"] for one in found} <= {"connection-refused"}
        return [(one["status"], one["times"]) for one in found]

    for status in (429, 400, 429, 429, NOT_READ):
        lines.note(real, status)
    assert told() == [(429, 1), (400, 1), (NOT_READ, 1)]
    loop.end_period()
    assert told() == [(429, 2)]
    lines.note(real, 429)
    assert told() == []
    for expected in ([(429, 1)], [], []):
        loop.end_period()
        assert told() == expected
    assert loop.waiting == []
    lines.note(real, 429)
    assert told() == [(429, 1)]


def test_an_answer_has_the_id_of_the_line_that_tells_it(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "graphql_api")
    said: list[Any] = []
    handler = logging.Handler()
    handler.setFormatter(JsonFormatter())
    handler.emit = lambda record: said.append(json.loads(handler.format(record)))  # type: ignore[method-assign]  # heard as it is said
    logger = logging.getLogger("graphql_api")
    logger.addHandler(handler)
    try:
        loop, lines = Loop(), RefusalLines()
        real = cast("asyncio.AbstractEventLoop", loop)
        first, other = lines.note(real, 400), lines.note(real, 431)
        counted = {lines.note(real, 400) for _ in range(3)}
        with request_named("an answer that nobody read"):
            lines.note(real, NOT_READ)
        lines.note(real, NOT_READ)
        loop.end_period()
    finally:
        logger.removeHandler(handler)
    assert [(one["status"], one["times"], one.get("requestId")) for one in said] == [
        (400, 1, first),
        (431, 1, other),
        (NOT_READ, 1, "an answer that nobody read"),
        (400, 3, *counted),
        (NOT_READ, 1, None),
    ]
    assert len({first, other, *counted}) == 3
