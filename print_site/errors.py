"""The error that stops a dossier, in French for people and with a code for programs."""

from enum import StrEnum


class Reason(StrEnum):
    """Stable codes of the errors: the worker sends them, the shell turns them into exit codes."""

    BAD_JOB = "BAD_JOB"
    UNREACHABLE = "UNREACHABLE"
    REFUSED = "REFUSED"
    NOT_FOUND = "NOT_FOUND"
    PARTIAL = "PARTIAL"
    DAMAGED = "DAMAGED"
    UNREADABLE = "UNREADABLE"
    TARGET = "TARGET"
    FAULT = "FAULT"
    TOO_LONG = "TOO_LONG"
    ALTERED = "ALTERED"
    BAD_FINGERPRINT = "BAD_FINGERPRINT"
    BAD_BRANDING = "BAD_BRANDING"
    BAD_FONTS = "BAD_FONTS"


class PrintError(Exception):
    """A dossier was not written, or a file does not check out.

    `message` is French, and never holds a token or personal data; neither does `detail`, which is for
    logs: the path of what is wrong in an answer.
    """

    def __init__(self, reason: Reason, message: str, detail: str = "") -> None:
        super().__init__(reason, message, detail)  # all, so that it travels between processes
        self.reason = reason
        self.message = message
        self.detail = detail

    def __str__(self) -> str:
        return self.message
