"""The command line: `livret serve | migrate | sweep | demo | dossier | token | officers | codes | …`.

Importing the whole service takes most of a second: of the modules with commands, only the one
that holds the typed command is imported. The general help needs them all.
"""

import os
import sys
from importlib import import_module

from graphql_api.commands import dossier_command
from graphql_api.commands.french_parser import LivretParser
from graphql_api.commands.importing import no_garbage_collected
from graphql_api.configuration.settings import SettingError
from graphql_api.engine.workers import UnavailableError
from graphql_api.private_files import private_umask
from graphql_api.storage.keys.store_marks import StoreMismatchError
from graphql_api.terminal import CommandError, complain

# In the order of the general help; each has a function `add_commands`.
MODULES = {
    "serve_command": ("serve",),
    "stores.service_commands": ("migrate", "sweep"),
    "stores.check_commands": ("check",),
    "stores.status_command": ("status",),
    "stores.backup_commands": ("backup", "restore"),
    "stores.former_tables_command": ("drop-former-tables",),
    "demo_commands": ("demo", "token"),
    "rights.officer_commands": ("officers", "operators", "collectivites"),
    "rights.code_commands": ("codes",),
    "issuer.issuer_commands": ("clients", "keys"),
    "rights.site_commands": ("sites", "consents"),
    "statistics_commands": ("statistics",),
    "copies.pull_command": ("pull",),
    "copies.record_commands": ("export", "import"),
    "reminder_commands": ("remind",),
    "documents.document_commands": ("settings", "access", "sdl"),
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
    """Build the parser of one command, or of all when there is no such command."""
    parser = LivretParser(
        prog="livret", description="Livret individuel de formation : le service et ses outils."
    )
    commands = parser.add_subparsers(title="commandes", required=True, metavar="commande")
    holding = [module for module, names in MODULES.items() if command in names]
    with no_garbage_collected():
        modules = [import_module(f"graphql_api.commands.{one}") for one in holding or MODULES]
    for module in modules:
        module.add_commands(commands)
    commands.add_parser(dossier_command.NAME, help=dossier_command.HELP)
    return parser
