"""Serves the preview over HTTP, on this machine's loopback only.

Dossiers are served as they are printed, without a script: the page around them reloads them. It asks
for a stamp twice a second, which takes a look at some forty files.
"""

import sys
from functools import cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from print_site.branding.branding import read_branding
from print_site.dossier.text import typeset_marks
from print_site.errors import PrintError, Reason
from print_site.preview.error_reports import ErrorReport
from print_site.preview.renderer import FORMS, VIEWS, PreviewRenderer, SampleView
from print_site.settings import THEME

_PAGES = Path(__file__).parent / "pages"
_OWN_FILES = {"preview.css": "text/css", "preview.js": "text/javascript"}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)


def _warn_of_bad_branding(branding: Path) -> None:
    """Tell a faulty branding file in the terminal too; the page shows it until it is corrected."""
    try:
        read_branding(branding)
    except PrintError as error:
        sys.stderr.write(
            typeset_marks(f"{error.message} L’aperçu l’attend : corrigez le fichier.\n")
        )


def serve(port: int, branding: Path | None) -> int:
    """Serve until interrupted, and return the exit code. Raises PrintError when the port is taken."""
    try:
        server = PreviewServer(port, PreviewRenderer(branding))
    except OSError:
        raise PrintError(
            Reason.TARGET, f"Le port {port} est déjà pris : choisissez-en un autre avec --port."
        ) from None
    if branding:
        _warn_of_bad_branding(branding)
    with server:
        sys.stdout.write(typeset_marks(f"Aperçu du thème : {server.url}/\nCtrl+C pour arrêter.\n"))
        sys.stdout.flush()
        try:
            server.serve_forever(poll_interval=0.1)
        except KeyboardInterrupt:
            sys.stdout.write("\n")
    return 0


class PreviewServer(ThreadingHTTPServer):
    """The HTTP server of the preview. Raises OSError when the port is taken."""

    daemon_threads = True

    def __init__(self, port: int, renderer: PreviewRenderer) -> None:
        self.renderer = renderer
        super().__init__(("127.0.0.1", port), _Handler)

    @property
    def url(self) -> str:
        """The address of the server."""
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: PreviewServer
    protocol_version = "HTTP/1.1"
    timeout = 60

    def do_GET(self) -> None:
        # Any other host name is another site that resolves to this machine (DNS rebinding).
        port = self.server.server_port
        if self.headers.get("Host") not in (f"127.0.0.1:{port}", f"localhost:{port}"):
            self._answer("Adresse inconnue.\n", status=HTTPStatus.MISDIRECTED_REQUEST)
            return
        match self.path.split("?")[0].strip("/").split("/"):
            case [""]:
                self._page("index.html", theme=THEME, branding=self.server.renderer.branding)
            case ["stamp"]:
                self._answer(self.server.renderer.stamp())
            case [name] if name in _OWN_FILES:
                self._answer((_PAGES / name).read_text(encoding="utf-8"), _OWN_FILES[name])
            case ["view", name] if found := _parse_view(name):
                self._page("view.html", view=found[0], form=found[1])
            case ["dossier", name] if found := _parse_view(name):
                self._dossier(*found)
            case _:
                self._answer("Page inconnue.\n", status=HTTPStatus.NOT_FOUND)

    def _dossier(self, view: SampleView, form: str) -> None:
        rendered = self.server.renderer.render(view, form)
        if isinstance(rendered, ErrorReport):
            status = HTTPStatus.INTERNAL_SERVER_ERROR
            self._page("error.html", status, report=rendered, theme=THEME)
            return
        # The dossier's own policy stays in force; this one is for the frame around it.
        self._answer(rendered, FORMS[form])

    def _page(self, name: str, status: HTTPStatus = HTTPStatus.OK, **known: object) -> None:
        text = _environment().get_template(name).render(views=VIEWS, **known)
        self._answer(text, "text/html; charset=utf-8", status, policy=_POLICY)

    def _answer(
        self,
        body: str | bytes,
        kind: str = "text/plain; charset=utf-8",
        status: HTTPStatus = HTTPStatus.OK,
        policy: str = "frame-ancestors 'self'",
    ) -> None:
        content = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Content-Security-Policy", policy)
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        self.wfile.write(content)

    def handle(self) -> None:
        try:
            super().handle()
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the browser moved on to another view

    def log_message(self, *_arguments: object) -> None:
        pass


def _parse_view(name: str) -> tuple[SampleView, str] | None:
    stem, _, form = name.partition(".")
    view = next((view for view in VIEWS if view.name == stem), None)
    return (view, form) if view and form in FORMS else None


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_PAGES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
