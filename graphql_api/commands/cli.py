"""The command line: `livret serve | migrate | sweep | demo | dossier | token | officers | codes | …`."""

import argparse
import os
import sys

import uvicorn

from graphql_api.app import create_application
from graphql_api.commands import (
    code_commands,
    dossier_command,
    issuer_commands,
    officer_commands,
    pull_command,
    record_commands,
    reminder_commands,
    site_commands,
    statistics_commands,
)
from graphql_api.commands.common import CommandError
from graphql_api.commands.french_parser import LivretParser
from graphql_api.commands.permissions_page import access_page
from graphql_api.commands.settings_page import settings_page
from graphql_api.demo.callers import NAMES
from graphql_api.demo.folder import FOLDER, DemoFolder
from graphql_api.demo.running import DemoError, run_demo
from graphql_api.demo.tokens import TokenRefusedError, token_named
from graphql_api.graphql_schema import sdl
from graphql_api.identity_provider.oauth.clients import ClientRegistrationError
from graphql_api.serving import build_service, clean_up, migrate_stores
from graphql_api.settings import DEFAULT_PORT, SETTINGS, SettingError, from_environment
from graphql_api.storage import cleanup
from graphql_api.storage.store import StoreUnavailableError
from graphql_api.terminal import complain, say
from graphql_api.web.http.http_protocol import KEEP_ALIVE_SECONDS, HttpProtocol
from graphql_api.web.http.request_ids import LOG_CONFIG


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return its exit code: 0 done, 1 failed, 2 wrong usage or settings.

    A reader that stops early, as `head` does, ends it without a word.
    """
    words = sys.argv[1:] if arguments is None else arguments
    try:
        code = _run(words)
        sys.stdout.flush()
    except BrokenPipeError:
        # The interpreter flushes once more when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return code


def _run(words: list[str]) -> int:
    options = _parser().parse_args(words)
    try:
        return int(options.run(options))
    except SettingError as error:
        complain(f"Réglage : {error}")
        return 2
    except (ClientRegistrationError, CommandError, DemoError, StoreUnavailableError) as error:
        complain(f"Échec : {error}")
        return 1
    except KeyboardInterrupt:
        return 0


def serve(_options: argparse.Namespace) -> int:
    """Serve the API until interrupted."""
    settings = from_environment()
    uvicorn.run(
        create_application(settings),
        host=settings.host,
        port=settings.port,
        http=HttpProtocol,
        ws="none",
        log_config=LOG_CONFIG,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        loop="asyncio",
        log_level="info",
        access_log=False,
        forwarded_allow_ips=settings.trusted_proxies,
        server_header=False,
    )
    return 0


def migrate(_options: argparse.Namespace) -> int:
    """Bring both databases to the present shape."""
    service = build_service(from_environment())
    try:
        applied = migrate_stores(service)
    finally:
        service.close()
    say("\n".join(applied) if applied else "Rien à faire : les bases sont à jour.")
    return 0


def sweep(options: argparse.Namespace) -> int:
    """Finish interrupted closings, and delete what has expired."""
    service = build_service(from_environment())
    stores = (service.store, service.key_store)
    try:
        say(f"Fermetures achevées : {cleanup.finish_interrupted_closings(*stores)}")
        clean_up(service)
        if options.orphan_keys:
            orphans = cleanup.find_orphan_keys(*stores)
            cleanup.destroy_keys(service.key_store, orphans)
            say(f"Clés sans livret détruites : {len(orphans)}")
    finally:
        service.close()
    return 0


def demo(options: argparse.Namespace) -> int:
    """Run the demo."""
    port = int(os.environ.get("LIVRET_PORT", DEFAULT_PORT))
    dossier = run_demo(once=options.once, fresh=options.fresh, port=port)
    if options.once:
        print(dossier)
    return 0


def token(options: argparse.Namespace) -> int:
    """Print a token for a caller of the demo, as the issuer gives it."""
    folder = DemoFolder(FOLDER.resolve())
    if not folder.is_loaded:
        complain("Lancez d’abord la démonstration : make demo")
        return 1
    try:
        print(token_named(options.name, folder))
    except TokenRefusedError:
        complain(
            f"« {options.name} » n’a plus accès à la démonstration. Pour repartir de zéro :"
            " make demo FRESH=1"
        )
        return 1
    return 0


def print_settings_page(_options: argparse.Namespace) -> int:
    """Print docs/settings.md."""
    sys.stdout.write(settings_page())
    return 0


def print_access_page(_options: argparse.Namespace) -> int:
    """Print docs/access.md."""
    sys.stdout.write(access_page())
    return 0


def print_sdl(_options: argparse.Namespace) -> int:
    """Print the schema of the API."""
    sys.stdout.write(sdl())
    return 0


def _parser() -> LivretParser:
    parser = LivretParser(
        prog="livret", description="Livret individuel de formation : le service et ses outils."
    )
    commands = parser.add_subparsers(title="commandes", required=True, metavar="commande")
    serving = commands.add_parser(
        "serve",
        help="sert l’API",
        description="Sert l’API. Réglages, par variables d’environnement :",
        epilog=_settings_help(),
    )
    serving.set_defaults(run=serve)
    commands.add_parser("migrate", help="met les bases à jour").set_defaults(run=migrate)
    sweeping_up = commands.add_parser(
        "sweep",
        help="supprime ce qui est périmé, achève les fermetures interrompues ; à lancer chaque jour",
    )
    sweeping_up.add_argument(
        "--orphan-keys",
        action="store_true",
        help="détruit aussi les clés sans livret ; jamais après une restauration de la base",
    )
    sweeping_up.set_defaults(run=sweep)
    showing = commands.add_parser("demo", help="la démonstration complète")
    showing.add_argument("--once", action="store_true", help="imprime le dossier puis s’arrête")
    showing.add_argument("--fresh", action="store_true", help="repart de zéro")
    showing.set_defaults(run=demo)
    giving = commands.add_parser("token", help="un jeton d’accès de la démonstration")
    giving.add_argument("name", choices=NAMES, help="qui est censé appeler")
    giving.set_defaults(run=token)
    officer_commands.add_commands(commands)
    code_commands.add_commands(commands)
    issuer_commands.add_commands(commands)
    site_commands.add_commands(commands)
    statistics_commands.add_commands(commands)
    pull_command.add_commands(commands)
    record_commands.add_commands(commands)
    reminder_commands.add_commands(commands)
    commands.add_parser(dossier_command.NAME, help=dossier_command.HELP)
    commands.add_parser("settings", help="les réglages : la page docs/settings.md").set_defaults(
        run=print_settings_page
    )
    commands.add_parser("access", help="qui peut quoi : la page docs/access.md").set_defaults(
        run=print_access_page
    )
    commands.add_parser("sdl", help="le schéma de l’API").set_defaults(run=print_sdl)
    return parser


def _settings_help() -> str:
    width = max(len(setting.variable) for setting in SETTINGS.values())
    return "\n".join(
        f"  {setting.variable:<{width}}  {setting.meaning} ({setting.default_in_french})"
        for setting in SETTINGS.values()
    )
