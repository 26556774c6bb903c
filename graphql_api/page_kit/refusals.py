"""Refusals of mutations as a form shows them: by field, or for the whole."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql_api.web.forms.form_fields import FormProblem

# Where an answer has the problems of fields that could not be read.
UNREAD = "unread"
# Where a person goes on whom a refusal of this code stops.
HELPING_PAGES = {"OUTDATED_CHARTER": "/livret/charte", "WRONG_STATE": "/livret"}


@dataclass(frozen=True, slots=True)
class FormRefusal:
    """Why a form was refused: a sentence for each field, and those of the whole form.

    `details` are the problems themselves by field, with all that the document selects of them.
    """

    problems: dict[str, str] = field(default_factory=dict)
    general: tuple[str, ...] = ()
    code: str = ""
    details: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def is_conflict(self) -> bool:
        """Whether somebody wrote meanwhile."""
        return self.code == "CONFLICT"

    @property
    def status(self) -> int:
        """The status of the page that shows the form again."""
        return 409 if self.is_conflict else 422

    @property
    def lines(self) -> tuple[FormProblem, ...]:
        """The sentences of the whole form as its summary shows them, with a page that helps."""
        path = HELPING_PAGES.get(self.code, "")
        return tuple(FormProblem(message, path=path) for message in self.general)


def refusal_of(answer: Mapping[str, Any], *, under: str = "") -> FormRefusal | None:
    """The refusal in the answer of a mutation; None when it was done.

    A document selects `... on Refusal { code message }` and, where it can come,
    `... on InvalidEntry { problems { path code message } }`. `under` is the path of the argument
    that the form fills in (`entry.diploma`): what follows it names the field. What the page itself
    could not read (see `PageRequest.do`) is told with what was refused.
    """
    problems: dict[str, str] = dict(answer.get(UNREAD) or {})
    is_refused = "code" in answer and "message" in answer
    if not is_refused:
        return FormRefusal(problems) if problems else None
    details: dict[str, Mapping[str, Any]] = {}
    general: list[str] = []
    for problem in answer.get("problems") or ():
        key = _field(problem["path"], under)
        if key and key not in problems:
            problems[key] = problem["message"]
            details[key] = problem
        elif not key:
            general.append(problem["message"])
    if not problems and not general:
        general.append(answer["message"])
    return FormRefusal(problems, tuple(general), answer["code"], details)


def _field(path: str, under: str) -> str:
    """The field that a path names; `a.b.0` names `b` under `a`."""
    if under and not path.startswith(f"{under}."):
        return ""
    return path[len(under) + 1 if under else 0 :].partition(".")[0].partition("[")[0]
