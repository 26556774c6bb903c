"""`/livret/donnees`: the owner's data taken along as a file, and brought into an empty booklet."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from anyio import to_thread
from starlette.responses import Response

from graphql_api.agent_space.frame import FRAME, OPEN, OWN_ACCOUNT, frame_of, state_of
from graphql_api.agent_space.guide import guide_of
from graphql_api.page_kit.kept_file import keep_file, kept_file
from graphql_api.page_kit.refusals import refusal_of
from graphql_api.page_kit.stored_documents import stored
from graphql_api.page_kit.views import PageRequest
from graphql_api.web.forms.form_fields import FormProblem, new_key
from graphql_api.web.forms.uploads import (
    MAX_FILE_BYTES,
    TooLargeUploadError,
    UnreadableUploadError,
    Upload,
    read_upload,
)
from graphql_api.web.rendering import see_other
from schema.record.text import LocatedProblem, RecordTextError, line_numbers, parse_json
from schema.typography import typeset

DATA = stored(__file__, "data", FRAME, OWN_ACCOUNT)
BOOKLET_IMPORT = stored(__file__, "booklet_import")
DATA_PATH = "/livret/donnees"
FILE, TRY_ONLY, CONFIRM = "fichier", "essai", "garde"
MEGABYTES = MAX_FILE_BYTES // 1024**2
_RECORD = "record"
_TOO_LARGE = f"Ce fichier dépasse {MEGABYTES} Mo : ce n’est pas un livret exporté."
_NOT_RECEIVED = "Le fichier n’a pas été reçu en entier : recommencez."
_NOTHING_CHOSEN = (
    "Aucun fichier n’est choisi, ou celui-ci est vide : choisissez le fichier de vos données."
)
_NOT_KEPT = "Votre fichier n’est plus gardé ici : choisissez-le de nouveau."
_NOT_READ = (
    "Ce fichier n’est pas un livret exporté, ou il a été modifié : rien n’a été repris. Choisissez le"
    " fichier « livret.json », tel que vous l’avez téléchargé."
)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a file: its line, what stands there by the format's own names, and why."""

    line: int
    path: str
    message: str


@dataclass(frozen=True, slots=True)
class ImportRefusal:
    """Why a file was not brought in; `of_file` when another file is what helps."""

    status: int
    message: str
    faults: tuple[Fault, ...] = ()
    of_file: bool = True

    @property
    def lines(self) -> tuple[FormProblem, ...]:
        """The sentence, as the summary shows it."""
        return (FormProblem(typeset(self.message), FILE if self.of_file else ""),)


async def data(page: PageRequest) -> Response:
    """Show how to take one's data along or bring them in; try a file, or bring it in."""
    found = await page.ask(DATA)  # before up to 8 MB are read
    if found["booklet"] is None:
        return see_other("/livret")
    refusal, tried, keeping, kept = None, None, None, None
    if page.is_posted:
        answer = await _import(page)
        if isinstance(answer, ImportRefusal):
            refusal = answer
        elif answer["is_tried"]:
            tried = answer["booklet"] | _names(found["booklet"], answer["booklet"])
            keeping = await keep_file(page.site.keeper, page.http, answer["file"])
            kept = _fingerprint(answer["file"]) if keeping is not None else None
        else:
            return page.go("/livret", "reprise")
    guide = await guide_of(page)
    closing = found["booklet"]["closing"]
    response = page.render(
        "data.html",
        refusal.status if refusal else 200,
        frame=frame_of(page, guide, found),
        path=DATA_PATH,
        file=FILE,
        try_only=TRY_ONLY,
        confirm=CONFIRM,
        megabytes=MEGABYTES,
        is_open=state_of(found) == OPEN,
        entries=closing["entries"],
        is_empty=not closing["entries"] and not closing["dossiers"],
        key=new_key(),
        tried=tried,
        kept=kept,
        refusal=refusal,
        problems=refusal.lines if refusal else (),
    )
    response.headers.update(keeping or {})
    return response


def _names(own: Mapping[str, Any], tried: Mapping[str, Any]) -> dict[str, str]:
    """The names of the booklet and, if they differ, those of the file."""
    here, there = _name(own["identity"]), _name(tried["identity"])
    is_other = here and there and here.casefold() != there.casefold()
    return {"own_name": here, "other_name": there if is_other else ""}


def _name(identity: Mapping[str, Any] | None) -> str:
    parts = (identity["firstName"], identity["lastName"]) if identity else ()
    return " ".join(one for one in parts if one)


async def _import(page: PageRequest) -> ImportRefusal | dict[str, Any]:
    """The booklet as the file leaves it, or would, or why not."""
    try:
        upload = await read_upload(page.http, FILE)
    except TooLargeUploadError:
        return ImportRefusal(413, _TOO_LARGE)
    except UnreadableUploadError:
        return ImportRefusal(422, _NOT_RECEIVED)
    content, confirmed = upload.content, upload.texts.get(CONFIRM)
    if confirmed is not None:
        content = await kept_file(page.site.keeper, page.http) or b""
        if _fingerprint(content) != confirmed:  # another was tried since, in another tab
            return ImportRefusal(422, _NOT_KEPT)
    if not content:
        return ImportRefusal(422, _NOTHING_CHOSEN)
    try:
        record, text = await to_thread.run_sync(parse_json, content)
    except RecordTextError as bad:
        return ImportRefusal(422, _NOT_READ, _faults(bad.problems))
    answer = await _bring_in(page, upload, record, text)
    return answer if isinstance(answer, ImportRefusal) else {**answer, "file": content}


def _fingerprint(content: bytes) -> str:
    """What tells the file that a page tried from one that was tried later."""
    return hashlib.sha256(content).hexdigest()


async def _bring_in(
    page: PageRequest, upload: Upload, record: object, text: str
) -> ImportRefusal | dict[str, Any]:
    is_tried = TRY_ONLY in upload.texts
    answer = await page.do(
        BOOKLET_IMPORT, record=record, dryRun=is_tried, key=upload.texts.get("cle") or None
    )
    if refusal_of(answer) is None:
        return {"is_tried": is_tried, **answer}
    problems = answer.get("problems") or ()
    faults = await to_thread.run_sync(partial(_located, text, problems))
    return ImportRefusal(422, answer["message"], faults, of_file=bool(faults))


def _located(text: str, problems: Sequence[Mapping[str, str]]) -> tuple[Fault, ...]:
    """The problems of a record, with their lines in the file."""
    paths = [one["path"].removeprefix(_RECORD).removeprefix(".") for one in problems]
    lines = line_numbers(text, paths)
    return tuple(
        Fault(lines[path], path, one["message"]) for path, one in zip(paths, problems, strict=True)
    )


def _faults(problems: list[LocatedProblem]) -> tuple[Fault, ...]:
    return tuple(Fault(one.line, one.problem.path, one.problem.message) for one in problems)
