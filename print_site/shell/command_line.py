"""The parser of the command line: commands, options, help and exit codes, in French."""

from pathlib import Path

from print_site.errors import Reason
from print_site.limits import JOB_SECONDS
from print_site.shell.french_parser import FrenchParser
from print_site.shell.worker import JOBS_BEFORE_RETIRING

OWN_NAME = "python -m print_site"
NOT_COMPARED = 12
ANOTHER_DOSSIER = 15
INTERRUPTED = 130
PREVIEW_PORT = 8001
EXIT_CODES = {
    Reason.BAD_JOB: 2,
    Reason.BAD_FINGERPRINT: 2,
    Reason.UNREACHABLE: 3,
    Reason.REFUSED: 4,
    Reason.NOT_FOUND: 5,
    Reason.PARTIAL: 6,
    Reason.DAMAGED: 6,
    Reason.UNREADABLE: 6,
    Reason.TARGET: 7,
    Reason.FAULT: 8,
    Reason.TOO_LONG: 10,
    Reason.ALTERED: 11,
    Reason.BAD_BRANDING: 13,
    Reason.BAD_FONTS: 14,
}
CODES_IN_FRENCH = """\
codes de sortie :
  0  terminé                        7  destination refusée
  2  commande mal formée            8  échec de la mise en page
  3  API injoignable               10  dossier trop long à mettre en page
  4  jeton d’accès refusé          11  (verify) dossier altéré
  5  dossier inconnu, ou pas       12  (verify) données intactes, pages non comparées
     le vôtre                      13  habillage refusé
  6  réponse ou fichier incomplet  14  polices refusées
     ou illisible                 15  (verify) ce n’est pas l’empreinte donnée
                                 130  interrompu
"""
BUILD_IN_FRENCH = """\
Écrit un dossier qui s’ouvre hors connexion : un seul fichier HTML, sauf autre option.
Le jeton d’accès vient de la variable LIVRET_TOKEN ou d’un fichier, jamais de la
ligne de commande, que les autres utilisateurs de la machine peuvent lire.
Pour plusieurs dossiers, « --out » est un répertoire, et les noms sont des rangs :
0001.html, 0002.html… La sortie standard dit à quel dossier répond chaque nom.
"""
VERIFY_IN_FRENCH = """\
Compare les données que porte un dossier imprimé avec l’empreinte qu’il affiche,
puis ses pages avec celles que Livret tire de ces données. Dit si le fichier a été
touché ; ne dit jamais si ses informations sont vraies, ni qui les a écrites.
"""
BRANDING_IN_FRENCH = """\
Contrôle un habillage : le nom, le logo et les couleurs d’une collectivité, dans un
fichier TOML. Affiche le contraste de chaque couleur, et celles qui en sont déduites.
"""
FONTS_IN_FRENCH = """\
Contrôle un dossier de polices pour les PDF (chinois, thaï, devanagari, emoji…) : chacune
est essayée. Affiche combien de caractères elle ajoute à ceux que Livret imprime déjà.
"""
PREVIEW_IN_FRENCH = """\
Sert le thème sur cette machine seule, avec des livrets d’exemple, à l’écran et sur
papier. La page ouverte se recharge quand un gabarit, une feuille de style ou
l’habillage change ; une erreur s’y affiche avec son fichier et sa ligne.
"""
WORKER_IN_FRENCH = """\
Lit une demande JSON par ligne sur l’entrée standard :
  {"id": "1", "url": "…", "token": "…", "dossier": "…", "html": "/chemin/absolu"}
(« html », « pdf », « zip » ou « folder ») et répond par une ligne JSON :
  {"id": "1", "ok": true, "path": "…", "fingerprint": "…"}
  {"id": "1", "ok": false, "code": "…", "message": "…"}
La dernière réponse avant la retraite porte aussi "last": true. Le code de sortie
est 0 à la fin de l’entrée, 75 après la retraite : il est alors à relancer.
"""


def build_parser(program: str = "") -> FrenchParser:
    """Return the parser of `python -m print_site`, or of the program name that people typed.

    Under another name there is no `worker`: that command is for programs.
    """
    whole = FrenchParser(
        prog=program or OWN_NAME,
        description="Met en page un livret individuel de formation, lu par l’API de Livret.",
        epilog=CODES_IN_FRENCH,
    )
    commands = whole.add_subparsers(
        title="commandes", dest="command", required=True, metavar="commande"
    )
    _add_build(
        commands.add_parser(
            "build",
            help="écrit un dossier qui s’ouvre hors connexion",
            description=BUILD_IN_FRENCH,
            epilog=CODES_IN_FRENCH,
        )
    )
    verify = commands.add_parser(
        "verify",
        help="dit si un dossier imprimé a été touché",
        description=VERIFY_IN_FRENCH,
        epilog=CODES_IN_FRENCH,
    )
    verify.add_argument(
        "file", type=Path, metavar="FICHIER", help=".html, .pdf, .zip ou répertoire"
    )
    verify.add_argument(
        "--fingerprint", default="", metavar="EMPREINTE", help="empreinte donnée par le titulaire"
    )
    _add_look(verify)
    checked = commands.add_parser(
        "branding",
        help="contrôle l’habillage d’une collectivité",
        description=BRANDING_IN_FRENCH,
        epilog=CODES_IN_FRENCH,
    )
    checked.add_argument("file", type=Path, metavar="FICHIER", help="fichier TOML de l’habillage")
    checked.add_argument(
        "--json", action="store_true", help="écrit l’habillage pour des programmes, en JSON"
    )
    fonts = commands.add_parser(
        "fonts",
        help="contrôle un dossier de polices supplémentaires",
        description=FONTS_IN_FRENCH,
        epilog=CODES_IN_FRENCH,
    )
    fonts.add_argument("folder", type=Path, metavar="DOSSIER", help="dossier des polices")
    fonts.add_argument("--json", action="store_true", help="écrit ce qui s’imprime alors, en JSON")
    preview = commands.add_parser(
        "preview",
        help="montre le thème sur des livrets d’exemple, et suit ses changements",
        description=PREVIEW_IN_FRENCH,
        epilog=CODES_IN_FRENCH,
    )
    preview.add_argument(
        "--port",
        type=_port,
        default=PREVIEW_PORT,
        metavar="N",
        help="port sur cette machine (par défaut : %(default)s ; 0 : un port libre)",
    )
    _add_look(preview)
    if not program:
        _add_worker(
            commands.add_parser(
                "worker",
                help="imprime à la demande (une ligne JSON par travail, sur l’entrée standard)",
                description=WORKER_IN_FRENCH,
            )
        )
    return whole


def _add_worker(printer: FrenchParser) -> None:
    printer.add_argument(
        "--jobs",
        type=_positive,
        default=JOBS_BEFORE_RETIRING,
        metavar="N",
        help="nombre de travaux avant de s’arrêter (par défaut : %(default)s)",
    )
    printer.add_argument(
        "--seconds",
        type=_positive,
        default=int(JOB_SECONDS),
        metavar="N",
        help="temps laissé à un travail (par défaut : %(default)s)",
    )
    printer.add_argument("--pdf", action="store_true", help="se prépare aussi à écrire des PDF")
    _add_look(printer)


def _add_build(build: FrenchParser) -> None:
    build.add_argument("--api", required=True, metavar="URL", help="adresse de l’API")
    which = build.add_mutually_exclusive_group()
    which.add_argument(
        "--dossier", metavar="ID", help="dossier à écrire (par défaut : le livret complet)"
    )
    which.add_argument(
        "--dossiers",
        type=Path,
        metavar="FICHIER",
        help="plusieurs dossiers : un identifiant par ligne",
    )
    build.add_argument(
        "--out", required=True, type=Path, metavar="CHEMIN", help="fichier ou répertoire à écrire"
    )
    build.add_argument(
        "--token-file",
        metavar="FICHIER",
        help="fichier qui contient le jeton d’accès ; « - » pour l’entrée standard",
    )
    form = build.add_mutually_exclusive_group()
    for name, said in (
        ("html", "écrit un seul fichier HTML (par défaut)"),
        ("pdf", "écrit un PDF/A-3a accessible"),
        ("zip", "écrit une archive zip"),
        ("folder", "écrit un répertoire, à ouvrir par index.html"),
    ):
        form.add_argument(f"--{name}", dest="form", action="store_const", const=name, help=said)
    build.set_defaults(form="html")
    _add_look(build)


def _add_look(command: FrenchParser) -> None:
    command.add_argument(
        "--branding",
        type=Path,
        metavar="FICHIER",
        help="habillage d’une collectivité : logo et couleurs (voir docs/theme.md)",
    )
    command.add_argument(
        "--fonts",
        type=Path,
        metavar="DOSSIER",
        help="polices supplémentaires des PDF (par défaut : LIVRET_FONTS)",
    )


def _port(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 65_535:
        raise ValueError
    return number


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number
