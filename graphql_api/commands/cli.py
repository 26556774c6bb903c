"""The command line: `livret serve | migrate | sweep | demo | dossier | token | officers | codes | …`.

Importing the whole service takes most of a second: of the modules with commands, only the one
that holds the typed command is imported, and none for the general help.
"""

import os
import sys
from importlib import import_module
from typing import Any

from graphql_api.commands import dossier_command
from graphql_api.commands.french_parser import LivretParser
from graphql_api.configuration.settings import SettingError
from graphql_api.engine.workers import UnavailableError
from graphql_api.private_files import private_umask
from graphql_api.storage.keys.store_marks import StoreMismatchError
from graphql_api.terminal import CommandError, complain

# The commands of each module, with what the general help says of them, in its order. Each module has
# a function `add_commands`.
MODULES = {
    "serve_command": {
        "serve": "sert l’API",
    },
    "stores.service_commands": {
        "migrate": "met les bases à jour",
        "sweep": "supprime ce qui est périmé, achève les fermetures interrompues ; à lancer chaque jour",
    },
    "stores.check_commands": {
        "check": "compare les données et les clés, et les répare si on le demande",
    },
    "stores.status_command": {
        "status": "dit comment va le service : version, bases, courriels, ménage, sauvegardes",
    },
    "stores.backup_commands": {
        "backup": "sauvegarde les données et les clés d’un service en marche, en deux fichiers",
        "restore": "restaure une sauvegarde dans des bases vides",
    },
    "stores.former_tables_command": {
        "drop-former-tables": "supprime les anciennes tables des livrets, déjà passés en sections",
    },
    "demo_commands": {
        "demo": "la démonstration complète",
        "token": "un jeton d’accès de la démonstration",
    },
    "rights.officer_commands": {
        "officers": "les agents RH qui remettent des codes",
        "operators": "les exploitants du service",
        "collectivites": "le nom des collectivités, pour leurs codes",
    },
    "rights.code_commands": {
        "codes": "les codes d’autorisation",
    },
    "issuer.issuer_commands": {
        "clients": "les sites et les machines qui appellent l’API",
        "keys": "les clés qui signent les jetons, et la clé maîtresse",
    },
    "rights.site_commands": {
        "sites": "les sites régionaux, qui lisent des résumés",
        "consents": "ce qui est arrivé aux consentements",
    },
    "statistics_commands": {
        "statistics": "les statistiques mensuelles, anonymes",
    },
    "copies.pull_command": {
        "pull": "tient la copie des résumés d’un site régional",
    },
    "copies.record_commands": {
        "export": "enregistre tout votre livret (JSON)",
        "import": "importe un livret enregistré, dans votre livret vide",
    },
    "reminder_commands": {
        "remind": "écrit à ceux qui l’ont demandé lorsqu’une échéance approche ; à lancer chaque jour",
    },
    "documents.document_commands": {
        "settings": "les réglages : la page docs/settings.md",
        "access": "qui peut quoi : la page docs/access.md",
        "sdl": "le schéma de l’API",
    },
}


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return its exit code: 0 done, 1 failed, 2 wrong usage or settings.

    It is 3 when the stores or the master key do not belong together. A reader that stops early, as `head` does, ends it without a word.
    """
    words = sys.argv[1:] if arguments is None else arguments
    try:
        with private_umask():
            code = _run(words)
        sys.stdout.flush()
    except BrokenPipeError:
        # The interpreter flushes once more when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return code


def _run(words: list[str]) -> int:
    options = build_parser(words[0] if words else "").parse_args(words)
    try:
        return int(options.run(options))
    except SettingError as error:
        complain(f"Réglage : {error}")
        return 2
    except StoreMismatchError as error:
        complain(f"Bases refusées : {error}")
        return 3
    except (CommandError, UnavailableError) as error:
        complain(f"Échec : {error}")
        return 1
    except KeyboardInterrupt:
        return 0


def build_parser(command: str = "") -> LivretParser:
    """Build the parser of one command; of the general help, when there is no such command."""
    parser = LivretParser(
        prog="livret", description="Livret individuel de formation : le service et ses outils."
    )
    commands = parser.add_subparsers(title="commandes", required=True, metavar="commande")
    module = module_of(command)
    if module is None:
        for name, help in [one for names in MODULES.values() for one in names.items()]:
            commands.add_parser(name, help=help)
        commands.add_parser(dossier_command.NAME, help=dossier_command.HELP)
    else:
        module.add_commands(commands)
    return parser


def module_of(command: str) -> Any:
    """Import the module that holds a command, and return it; None when there is no such command."""
    for name, commands in MODULES.items():
        if command in commands:
            return import_module(f"graphql_api.commands.{name}")
    return None
