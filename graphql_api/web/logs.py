"""What a served application logs: one line a record on the standard error, as JSON or as text.

A line says when, how grave, what happened and in which request. What the service says of itself is
written to hold nothing personal. Others (libraries, the interpreter) may put values into their
messages: of theirs, and of every exception, only the kind and the place are told. docs/logs.md
lists the events.
"""

import json
import logging
import logging.config
import threading
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from graphql_api.engine.encoding import where
from graphql_api.web.http.request_ids import NO_REQUEST, current_request_id

JSON, TEXT = "json", "text"
# Those that say nothing but of themselves: their messages are told.
# uvicorn says there that it starts and stops, too.
EVENT_OF_LOGGER = {"uvicorn.error": "server"}
TRUSTED = ("graphql_api", "uvicorn")
_MOST_CAUSES = 5
_JSON = json.JSONEncoder(ensure_ascii=False, default=lambda value: type(value).__name__)


def configure_logs(form: str, *, level: str = "INFO") -> None:
    """Log on the standard error from now on, in a form; whichever server serves.

    Exceptions that end a thread are logged too, without their messages.
    """
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False  # no line says
    logging.config.dictConfig(log_config(form, level))
    logging.captureWarnings(capture=True)
    threading.excepthook = _log_end_of_thread


def log_config(form: str, level: str = "INFO") -> dict[str, Any]:
    """The configuration of `logging`, as `dictConfig` takes it."""
    formatter = JsonFormatter if form == JSON else TextFormatter
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": formatter}},
        "handlers": {"default": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["default"], "level": "WARNING"},
        "loggers": {name: {"level": level, "propagate": True} for name in TRUSTED},
    }


class TextFormatter(logging.Formatter):
    """One line for people: level, request, logger, what happened."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        words = f"{record.levelname} [{current_request_id()}] {record.name}: {_message(record)}"
        return words if (raised := _raised(record)) is None else f"{words} ({raised})"


class JsonFormatter(logging.Formatter):
    """One JSON object a line, for programs."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        told: dict[str, Any] = {
            "at": _moment(record).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "event": _event(record),
            "logger": record.name,
        }
        if (id := current_request_id()) != NO_REQUEST:
            told["requestId"] = id
        facts = getattr(record, "facts", None)
        if isinstance(facts, dict):
            told |= facts
        else:
            told["message"] = _message(record)
        if (raised := _raised(record)) is not None:
            told["exception"] = raised
        return _JSON.encode(told)


def _moment(record: logging.LogRecord) -> datetime:
    return datetime.fromtimestamp(record.created, UTC)


def _event(record: logging.LogRecord) -> str:
    """The name of what happened: the record's own, or that of the module that says it."""
    named = getattr(record, "event", None) or EVENT_OF_LOGGER.get(record.name)
    return named if isinstance(named, str) else record.name.rpartition(".")[2].replace("_", "-")


def _message(record: logging.LogRecord) -> str:
    """What is said, in one line; of a library only where it said something."""
    if record.name.split(".")[0] in TRUSTED:
        return " ".join(record.getMessage().split())
    return f"said by {Path(record.pathname).name}:{record.lineno}"


def _raised(record: logging.LogRecord) -> str | None:
    """The kinds and places of an exception and its causes; None when there was none."""
    error = record.exc_info[1] if record.exc_info else None
    told: list[str] = []
    while error is not None and len(told) < _MOST_CAUSES:
        told.append(f"{type(error).__name__} at {where(error.__traceback__)}")
        error = error.__cause__ or error.__context__
    return "; from ".join(told) or None


def _log_end_of_thread(end: Any) -> None:  # threading.ExceptHookArgs has no public type
    error: BaseException | None = end.exc_value
    traceback: TracebackType | None = end.exc_traceback
    if error is None or issubclass(end.exc_type, SystemExit):
        return
    logging.getLogger(__name__).error(
        "a thread ended",
        exc_info=(end.exc_type, error, traceback),
        extra={"event": "thread-ended"},
    )
