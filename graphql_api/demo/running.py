"""`livret demo`: migrate, load, print the demo agent's dossier through GraphQL, and serve."""

import logging
import re
import shutil
import socket
import threading
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import httpx2

from graphql_api.app import create_application
from graphql_api.configuration.settings import Settings
from graphql_api.demo.callers import CALLERS, PASSWORD, caller_named
from graphql_api.demo.client import DemoClient
from graphql_api.demo.folder import FOLDER, DemoFolder
from graphql_api.demo.loading import (
    load_booklet,
    make_accounts,
    make_officer_and_operator,
    register_machines,
)
from graphql_api.demo.sharing import MUTATION, share
from graphql_api.demo.tokens import TokenRefusedError, token_named, token_over_http
from graphql_api.dossiers.printing import PrintProcessPool, PrintRequest
from graphql_api.serving import build_service, migrate_stores
from graphql_api.terminal import CommandError, say
from graphql_api.web.http.http_server import HttpServer, Stopping, http_server
from graphql_api.web.logs import configure_logs
from graphql_api.web.mail import Email, MailSettings, deliver

_WELCOME = """
Livret est prêt.

  Dossier imprimé   {dossier}
  Dans un navigateur
    {url}/                  accueil, connexion, création d’un compte
    {url}/graphql           GraphiQL, pour interroger l’API une fois connecté

  Comptes
{people}
    mot de passe de tous : {password}
  Lien de partage   {link}
  Codes à remettre  {codes}
  Courriels écrits  {mail}

Pour interroger l’API en tant qu’agent, dans un autre terminal :

  TOKEN=$(.venv/bin/livret token agent)
  curl -s {url}/graphql -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" \\
    -d '{{"query": "{{ booklet {{ state identity {{ firstName lastName }} }} }}"}}'

Ctrl+C pour arrêter.
"""
_STARTS_ANEW = (
    "L’agent de la démonstration n’a plus son livret, ou ne se connecte plus : elle repart de zéro."
)
_MINE = "{ booklet { id dossiers { id builtIn title } } }"


class DemoError(CommandError):
    """The demo cannot go on."""


def run_demo(*, once: bool, fresh: bool, port: int, queries: Path) -> Path:
    """Prepare the demo, print the agent's dossier and serve until interrupted.

    With `once`, serves only as long as printing takes, on a port of its own; the folder of the
    dossier is the answer. A demo whose agent has closed the booklet starts anew, whole. `queries` is
    the folder of the stored ones. Raises `DemoError`, and `SettingError` for a folder that cannot be
    read.
    """
    if fresh:
        shutil.rmtree(FOLDER, ignore_errors=True)
    folder = DemoFolder(FOLDER.resolve())
    folder.prepare()
    with _listening(0 if once else port) as listener:
        port = listener.getsockname()[1]
        _prepare_data(folder)
        if not once:
            folder.serve_on(port)
        settings = replace(folder.settings(port), queries=queries)
        _serve(folder, settings, listener, once=once)
    return folder.dossier


def _prepare_data(folder: DemoFolder) -> None:
    """Load the demo booklets, unless they are there and the agent's can still be printed."""
    if folder.is_loaded:
        if _agent_has_booklet(folder):
            return
        say(_STARTS_ANEW)
    folder.clear()  # a load that was interrupted would meet its own accounts
    folder.prepare()
    service = build_service(folder.settings())  # wherever it will be served: tokens name an address
    try:
        migrate_stores(service)
        say("Chargement des livrets de démonstration…")
        subjects = make_accounts(service)
        folder.keep_machines(register_machines(service))
        folder.codes.write_text(
            "\n".join(make_officer_and_operator(service, subjects)) + "\n", encoding="utf-8"
        )
        for caller in CALLERS:
            if caller.booklet:
                token = token_named(caller.name, folder)
                seen = load_booklet(service, token, caller.booklet)
                if caller.shares:
                    folder.keep_link(share(service, token, seen))
        folder.mark_loaded()
    finally:
        service.close()


def _agent_has_booklet(folder: DemoFolder) -> bool:
    """Whether the demo's agent still signs in with the demo's password, and has a booklet."""
    service = build_service(folder.settings())
    try:
        migrate_stores(service)
        return DemoClient(service, token_named("agent", folder)).has_booklet()
    except TokenRefusedError:
        return False
    finally:
        service.close()


def _listening(port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError as error:
        listener.close()
        raise DemoError(
            f"Le port {port} est déjà pris : choisissez-en un autre avec LIVRET_PORT."
        ) from error
    return listener


def _serve(folder: DemoFolder, settings: Settings, listener: socket.socket, *, once: bool) -> None:
    configure_logs(settings.log, level="WARNING")
    stopping = Stopping()
    application = create_application(settings, send=_deliver_and_print, stopping=stopping)
    server = http_server(application, settings, stopping.begin, log_level="warning")
    failures: list[BaseException] = []

    def print_then_stop() -> None:
        try:
            _print_dossier(folder, settings, server)
            if not once:
                say(welcome(folder, settings))
                logging.getLogger("graphql_api").setLevel(logging.INFO)  # a line for each request
        except BaseException as error:  # noqa: BLE001 - told to whoever waits for the server
            failures.append(error)
            server.should_exit = True
        if once:
            server.should_exit = True

    printing = threading.Thread(target=print_then_stop)
    printing.start()
    server.run(sockets=[listener])
    printing.join()
    if failures:
        raise DemoError(str(failures[0])) from failures[0]


def welcome(folder: DemoFolder, settings: Settings) -> str:
    """What the demo says once it serves: where the dossier is, and who signs in where, with which password."""
    return _WELCOME.format(
        dossier=folder.dossier / "index.html",
        url=settings.public_url,
        people="\n".join(f"    {one.email:<28}{one.role}" for one in CALLERS),
        password=PASSWORD,
        link=folder.link(settings.public_url),
        codes=folder.codes,
        mail=folder.mail,
    )


def _deliver_and_print(settings: MailSettings, email: Email, sent_at: datetime) -> None:
    """Write an e-mail into the folder, and print its links, so that nobody has to open it."""
    deliver(settings, email, sent_at)
    say(f"\nCourriel pour {email.to} : {email.subject}")
    for link in re.findall(r"http://\S+", email.text):
        print(f"  {link}", flush=True)


def _print_dossier(folder: DemoFolder, settings: Settings, server: HttpServer) -> None:
    while not server.started:
        time.sleep(0.02)
    say("Mise en page du dossier…")
    token = token_over_http(caller_named("agent"), settings)
    answer = httpx2.post(
        f"{settings.internal_url}/graphql",
        json={"query": _MINE},
        headers={"authorization": f"Bearer {token}"},
    ).json()
    dossiers = answer["data"]["booklet"]["dossiers"]
    (whole,) = [one["id"] for one in dossiers if one["builtIn"]]
    # Whoever tries the demo may have removed it.
    application = next((one["id"] for one in dossiers if one["title"] == MUTATION["title"]), None)
    pool = PrintProcessPool(settings.internal_url)
    try:
        pool.build(PrintRequest(whole, token, "folder", folder.dossier))
        if application is not None:
            pool.build(PrintRequest(application, token, "folder", folder.application))
    finally:
        pool.close()
