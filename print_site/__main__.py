"""The shell's door: `python -m print_site build` and `python -m print_site worker`.

Exit codes: 0 done, 2 wrong usage, 3 unreachable, 4 refused, 5 no such dossier, 6 incomplete or
unreadable answer, 7 destination, 8 fault; a worker that retires ends with 75.
"""

import argparse
import os
import sys
from pathlib import Path
from typing import NoReturn

from print_site import client, model, worker
from print_site.build import build_folder, build_html, build_zip
from print_site.refusals import Reason, Refusal
from print_site.text import clean

EXIT_CODES = {
    Reason.BAD_JOB: 2,
    Reason.UNREACHABLE: 3,
    Reason.REFUSED: 4,
    Reason.NOT_FOUND: 5,
    Reason.PARTIAL: 6,
    Reason.UNREADABLE: 6,
    Reason.TARGET: 7,
    Reason.FAULT: 8,
}
CODES_IN_FRENCH = """\
codes de sortie :
  0  terminé                        5  dossier inconnu, ou pas le vôtre
  2  commande mal formée            6  réponse incomplète ou illisible
  3  API injoignable                7  destination refusée
  4  jeton d’accès refusé           8  échec de la mise en page
 75  (worker) nombre de travaux atteint, à relancer
"""
WORKER_IN_FRENCH = """\
Lit une demande JSON par ligne sur l’entrée standard :
  {"id": "1", "url": "…", "token": "…", "dossier": "…", "folder": "/chemin/absolu"}
(« folder », « zip » ou « html ») et répond par une ligne JSON sur la sortie standard :
  {"id": "1", "ok": true, "path": "…", "fingerprint": "…"}
  {"id": "1", "ok": false, "code": "…", "message": "…"}
La dernière réponse avant la retraite porte aussi "last": true.
"""


class FrenchParser(argparse.ArgumentParser):
    """A parser whose help and errors are in French."""

    def __init__(self, **options: object) -> None:
        super().__init__(
            add_help=False,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            **options,  # type: ignore[arg-type]
        )
        self.add_argument("-h", "--help", action="help", help="affiche cette aide")

    def error(self, message: str) -> NoReturn:  # noqa: ARG002, argparse words it in English
        self.exit(2, f"Commande mal formée. Voir : {self.prog} --help\n")


def main(arguments: list[str] | None = None) -> int:
    """Run one command; its exit code."""
    options = _parser().parse_args(arguments)
    try:
        if options.command == "worker":
            return worker.work(options.jobs)
        return _build(options)
    except Refusal as refusal:
        sys.stderr.write(f"{refusal.message}\n")
        return EXIT_CODES[refusal.reason]


def _parser() -> FrenchParser:
    parser = FrenchParser(
        prog="python -m print_site",
        description="Met en page un livret individuel de formation, lu par l’API de Livret.",
        epilog=CODES_IN_FRENCH,
    )
    commands = parser.add_subparsers(
        title="commandes", dest="command", required=True, metavar="commande"
    )
    build = commands.add_parser(
        "build",
        help="écrit un dossier qui s’ouvre hors connexion",
        description=(
            "Écrit un dossier qui s’ouvre hors connexion, d’un double clic sur index.html.\n"
            "Le jeton d’accès vient de la variable LIVRET_TOKEN ou d’un fichier, jamais de la\n"
            "ligne de commande, que les autres utilisateurs de la machine peuvent lire."
        ),
        epilog=CODES_IN_FRENCH,
    )
    build.add_argument("--api", required=True, metavar="URL", help="adresse de l’API")
    build.add_argument(
        "--dossier", metavar="ID", help="dossier à écrire (par défaut : le livret complet)"
    )
    build.add_argument(
        "--out", required=True, type=Path, metavar="CHEMIN", help="dossier ou fichier à écrire"
    )
    build.add_argument(
        "--token-file",
        metavar="FICHIER",
        help="fichier qui contient le jeton d’accès ; « - » pour l’entrée standard",
    )
    form = build.add_mutually_exclusive_group()
    form.add_argument("--zip", action="store_true", help="écrit une archive zip")
    form.add_argument("--html", action="store_true", help="écrit un seul fichier HTML")
    printer = commands.add_parser(
        "worker",
        help="imprime à la demande (une ligne JSON par travail, sur l’entrée standard)",
        description=WORKER_IN_FRENCH,
    )
    printer.add_argument(
        "--jobs",
        type=_positive,
        default=worker.JOBS_BEFORE_RETIRING,
        metavar="N",
        help="nombre de travaux avant de s’arrêter (par défaut : %(default)s)",
    )
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def _build(options: argparse.Namespace) -> int:
    token = _token(options.token_file)
    identifier = options.dossier or _built_in_dossier(options.api, token)
    data = client.read_dossier(options.api, token, identifier, through_proxies=True)
    dossier = model.read(data)
    opened: Path = options.out
    if options.zip:
        build_zip(dossier, opened)
    elif options.html:
        build_html(dossier, opened)
    else:
        build_folder(dossier, opened)
        opened = opened / "index.html"
    sys.stdout.write(f"Dossier écrit : {opened}\nEmpreinte SHA-256 : {dossier.fingerprint}\n")
    return 0


def _token(file: str | None) -> str:
    try:
        if file == "-":
            return sys.stdin.readline().strip()
        if file:
            return Path(file).read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        raise Refusal(Reason.REFUSED, "Le fichier du jeton d’accès n’est pas lisible.") from None
    token = os.environ.get("LIVRET_TOKEN", "").strip()
    if not token:
        raise Refusal(Reason.REFUSED, "Il manque le jeton d’accès : LIVRET_TOKEN ou --token-file.")
    return token


def _built_in_dossier(api: str, token: str) -> str:
    """The whole booklet, among the caller's dossiers, which are listed for the next time."""
    dossiers = client.list_dossiers(api, token, through_proxies=True)
    for dossier in dossiers:
        mark = "*" if dossier.get("builtIn") else " "
        shown = clean(f"{mark} {dossier.get('id')}  {dossier.get('title')}").replace("\n", " ")
        sys.stderr.write(f"{shown}\n")
    for dossier in dossiers:
        if dossier.get("builtIn") and isinstance(dossier.get("id"), str):
            return str(dossier["id"])
    raise Refusal(Reason.NOT_FOUND, "Aucun livret complet parmi vos dossiers : précisez --dossier.")


if __name__ == "__main__":
    sys.exit(main())
