"""The error that stops a dossier, in French for people and with a code for programs."""

from enum import StrEnum


class Reason(StrEnum):
    """Stable codes of the errors: the worker sends them, the shell turns them into exit codes."""

    BAD_JOB = "BAD_JOB"
    UNREACHABLE = "UNREACHABLE"
    REFUSED = "REFUSED"
    NOT_FOUND = "NOT_FOUND"
    PARTIAL = "PARTIAL"
    UNREADABLE = "UNREADABLE"
    TARGET = "TARGET"
    FAULT = "FAULT"
    NO_PDF = "NO_PDF"
    TOO_LONG = "TOO_LONG"
    ALTERED = "ALTERED"
    BAD_BRANDING = "BAD_BRANDING"


class PrintError(Exception):
    """A dossier was not written, or a file does not check out.

    `message` is French, and never holds a token or personal data.
    """

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(reason, message)  # both, so that it travels between processes
        self.reason = reason
        self.message = message

    def __str__(self) -> str:
        return self.message
