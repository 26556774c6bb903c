"""`/verifier`: anybody learns whether a dossier is as the service laid it out. Nothing is kept."""

from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from graphql_api.engine.http_request import is_same_origin
from graphql_api.engine.workers import BusyError
from graphql_api.verification.checking import CheckQueue, CheckResult, Verdict
from graphql_api.web.error_pages import error_page
from graphql_api.web.forms.uploads import (
    MAX_FILE_BYTES,
    TooLargeUploadError,
    UnreadableUploadError,
    read_upload,
)
from graphql_api.web.rendering import pages_from
from schema.description.text_cleaning import clean_line
from schema.dossiers.shared_dossier import VERIFY_PATH

FILE, EXPECTED = "dossier", "empreinte"
LONGEST_FINGERPRINT = 200  # more is none, whatever follows
_MEGABYTES = MAX_FILE_BYTES // 1024**2
_STATUS = {Verdict.FOREIGN: 422, Verdict.UNDONE: 502}
_page = pages_from(Path(__file__).parent / "templates")


@dataclass(frozen=True, slots=True)
class VerificationRoutes:
    """The page with its form, and its answers."""

    checks: CheckQueue
    public_url: str

    def routes(self) -> list[Route]:
        """The one route."""
        return [Route(VERIFY_PATH, self._answer, methods=["GET", "POST"])]

    async def _answer(self, request: Request) -> Response:
        if request.method != "POST":
            return self._form()
        if not is_same_origin(request.headers, self.public_url):
            return error_page(request, 403)
        try:
            upload = await read_upload(request, FILE)
        except TooLargeUploadError:
            return self._form(
                413, {FILE: f"Ce fichier dépasse {_MEGABYTES} Mo : ce n’est pas un dossier."}
            )
        except UnreadableUploadError:
            return self._form(422, {FILE: "Le fichier n’a pas été reçu en entier : recommencez."})
        expected = clean_line(upload.texts.get(EXPECTED, ""))[:LONGEST_FINGERPRINT]
        if not upload.content:
            problem = (
                "Ce fichier est vide : choisissez celui que vous avez reçu."
                if upload.file_name
                else "Aucun fichier choisi : choisissez celui du dossier que vous avez reçu."
            )
            return self._form(422, {FILE: problem}, expected)
        try:
            result = await self.checks.check(upload.content, expected)
        except BusyError as busy:
            response = error_page(request, 503)
            response.headers["retry-after"] = str(busy.seconds)
            return response
        if result.verdict is Verdict.MISTYPED:
            again = "Choisissez aussi le fichier de nouveau."
            return self._form(422, {EXPECTED: " ".join((*result.sentences, again))}, expected)
        return self._result(result)

    def _form(
        self, status: int = 200, problems: dict[str, str] | None = None, expected: str = ""
    ) -> Response:
        return _page(
            "verify.html",
            status,
            problems=problems or {},
            megabytes=_MEGABYTES,
            result=None,
            expected=expected,
        )

    def _result(self, result: CheckResult) -> Response:
        return _page(
            "verify.html",
            _STATUS.get(result.verdict, 200),
            megabytes=_MEGABYTES,
            result=result,
            verdict=result.verdict.name,
            expected="",
            here=f"{self.public_url}{VERIFY_PATH}",
        )
