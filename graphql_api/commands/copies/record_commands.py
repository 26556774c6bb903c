"""The owner's commands: `livret export` and `livret import`, over HTTP like any front end's."""

import argparse
import os
import re
import sys
from pathlib import Path
from typing import Any

import httpx2

from graphql_api.commands.common import may_carry_secrets, replace_file
from graphql_api.terminal import complain, say

TIMEOUT = httpx2.Timeout(60.0, connect=5.0)
_TOKEN = re.compile(r"[\x21-\x7e]+")
_HELP = """\
Le jeton d’accès vient de la variable LIVRET_TOKEN ou d’un fichier, jamais de la ligne de
commande, que les autres utilisateurs de la machine peuvent lire.

codes de sortie :
  0  terminé
  1  refusé : jeton refusé, pas de livret, livret qui n’est pas vide, fichier qui comporte des
     erreurs (une ligne par erreur sur la sortie d’erreur) ; rien n’a été importé
  2  commande mal formée, jeton absent, fichier illisible ou impossible à écrire
  3  service injoignable ou indisponible : à réessayer
"""


class _RecordCommandError(Exception):
    """The command did nothing; the message, in French, says why."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


def add_commands(commands: Any) -> None:
    """Add these commands to those of `livret`."""
    exporting = commands.add_parser(
        "export",
        description="Enregistre tout ce que le service conserve de vous et de votre livret.",
        epilog=_HELP,
    )
    exporting.add_argument(
        "--out", type=Path, metavar="FICHIER", help="fichier à écrire (sortie standard par défaut)"
    )
    exporting.set_defaults(run=export_record)
    importing = commands.add_parser(
        "import",
        description="Importe un livret enregistré dans votre livret, qui doit être ouvert et vide.",
        epilog=_HELP,
    )
    importing.add_argument("file", type=Path, metavar="FICHIER", help="ce que « export » a écrit")
    importing.set_defaults(run=import_record)
    for parser in (exporting, importing):
        parser.add_argument("--api", required=True, metavar="URL", help="adresse du service")
        parser.add_argument(
            "--token-file", type=Path, metavar="FICHIER", help="fichier qui contient le jeton"
        )


def export_record(options: argparse.Namespace) -> int:
    """Write the caller's record to a file or to the standard output."""
    try:
        answer = _ask(options, "GET")
        if answer.status_code != 200:
            return _tell(answer)
        if options.out is None:
            sys.stdout.write(answer.text)
        else:
            _write(options.out, answer.content)
            say(f"Livret exporté : {options.out}")
    except _RecordCommandError as failed:
        complain(failed)
        return failed.code
    return 0


def import_record(options: argparse.Namespace) -> int:
    """Post a file into the caller's empty booklet."""
    try:
        answer = _ask(options, "POST", _read(options.file))
    except _RecordCommandError as failed:
        complain(failed)
        return failed.code
    if answer.status_code != 200:
        return _tell(answer)
    imported = answer.json()["imported"]
    count = imported["entries"]
    say(f"Livret importé : {count} élément{'s' if count > 1 else ''}.")
    return 0


def _ask(options: argparse.Namespace, method: str, body: bytes | None = None) -> httpx2.Response:
    url = f"{_address(options.api)}/booklet.json"
    headers = {"authorization": f"Bearer {_token(options.token_file)}"}
    if body is not None:
        headers["content-type"] = "application/json"
    try:
        with httpx2.Client(timeout=TIMEOUT, follow_redirects=False) as client:
            return client.request(method, url, content=body, headers=headers)
    except (httpx2.HTTPError, httpx2.InvalidURL):
        # The cause may quote the request; it is dropped so that nothing shows a credential.
        raise _RecordCommandError(3, "Le service ne répond pas à cette adresse.") from None


def _address(url: str) -> str:
    if may_carry_secrets(url):
        return url.rstrip("/")
    raise _RecordCommandError(
        2, "--api : une adresse en https est attendue, car le jeton y est envoyé."
    )


def _token(file: Path | None) -> str:
    written = os.environ.get("LIVRET_TOKEN", "") if file is None else _read(file).decode("latin-1")
    token = written.strip()
    if not token:
        raise _RecordCommandError(
            2, "Donnez le jeton d’accès par LIVRET_TOKEN ou par --token-file."
        )
    if not _TOKEN.fullmatch(token):
        raise _RecordCommandError(2, "Le jeton d’accès est illisible.")
    return token


def _tell(answer: httpx2.Response) -> int:
    """Say why the service refused, one line a problem; the exit code."""
    try:
        error = answer.json()["errors"][0]
        message, problems = error["message"], error["extensions"].get("problems", [])
    except (ValueError, LookupError, TypeError, AttributeError):
        message, problems = f"Réponse inattendue du service ({answer.status_code}).", []
    complain(message)
    for each in problems:
        where = ", ".join(part for part in (f"ligne {each['line']}", each["path"]) if part)
        complain(f"{where} : {each['message']}")
    return 3 if answer.status_code >= 500 else 1


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise _RecordCommandError(2, f"{path} : ce fichier ne peut pas être lu.") from None


def _write(path: Path, content: bytes) -> None:
    """Write a file that its owner alone can read: whole, or as it was before."""
    try:
        replace_file(path, content)
    except OSError:
        raise _RecordCommandError(2, f"{path} : ce fichier ne peut pas être écrit.") from None
