"""`livret demo`: migrate, load, print the demo agent's dossier through GraphQL, and serve."""

import shutil
import socket
import threading
import time
from pathlib import Path

import httpx2
import uvicorn

from graphql_api.app import application, service_from
from graphql_api.demo.callers import CALLERS, caller_named, token_for
from graphql_api.demo.loading import appoint, load_booklet
from graphql_api.demo.place import FOLDER, DemoPlace
from graphql_api.migrating import migrate
from graphql_api.printing import PrintOrder, PrintWorkshop
from graphql_api.settings import Settings

_WELCOME = """
Livret est prêt.

  Dossier imprimé   {dossier}
  GraphQL           {url}/graphql
  Schéma            {url}/schema.graphql

  Codes à remettre  {codes}

Pour interroger l’API en tant qu’agent, dans un autre terminal :

  TOKEN=$(.venv/bin/livret token agent)
  curl -s {url}/graphql -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" \\
    -d '{{"query": "{{ booklet {{ state identity {{ firstName lastName }} }} }}"}}'

Ctrl+C pour arrêter.
"""
_MINE = "{ booklet { id dossiers { id builtIn } } }"


class DemoFailed(Exception):  # noqa: N818 - the message, in French, says what to do
    """The demo cannot go on."""


def run_demo(*, once: bool, fresh: bool, port: int) -> Path:
    """Prepare the demo, print the agent's dossier and serve until interrupted.

    With `once`, serves only as long as printing takes, on a port of its own; the folder of the
    dossier is the answer. Raises `DemoFailed`.
    """
    if fresh:
        shutil.rmtree(FOLDER, ignore_errors=True)
    place = DemoPlace(FOLDER.resolve())
    place.prepare()
    with _listening(0 if once else port) as listener:
        settings = place.settings(listener.getsockname()[1])
        _prepare_data(place, settings)
        _serve(place, settings, listener, once=once)
    return place.dossier


def _prepare_data(place: DemoPlace, settings: Settings) -> None:
    service = service_from(settings)
    try:
        migrate(service.store, service.key_store)
        if place.is_loaded:
            return
        print("Chargement des livrets de démonstration…", flush=True)
        for caller in CALLERS:
            if caller.booklet:
                load_booklet(service, token_for(caller, settings), caller.booklet)
        fresh = appoint(service, settings.token_issuer)
        place.codes.write_text("\n".join(fresh) + "\n", encoding="utf-8")
        place.mark_loaded()
    finally:
        service.close()


def _listening(port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError as error:
        listener.close()
        raise DemoFailed(
            f"Le port {port} est déjà pris : choisissez-en un autre avec LIVRET_PORT."
        ) from error
    return listener


def _serve(place: DemoPlace, settings: Settings, listener: socket.socket, *, once: bool) -> None:
    config = uvicorn.Config(
        application(settings), http="httptools", loop="asyncio", log_level="warning"
    )
    server = uvicorn.Server(config)
    failures: list[BaseException] = []

    def print_then_stop() -> None:
        try:
            _print_dossier(place, settings, server)
            if not once:
                page = place.dossier / "index.html"
                welcome = _WELCOME.format(dossier=page, url=settings.public_url, codes=place.codes)
                print(welcome, flush=True)
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
        raise DemoFailed(str(failures[0])) from failures[0]


def _print_dossier(place: DemoPlace, settings: Settings, server: uvicorn.Server) -> None:
    while not server.started:
        time.sleep(0.02)
    print("Mise en page du dossier…", flush=True)
    agent = caller_named("agent")
    if agent is None:
        raise DemoFailed("Il n’y a pas d’agent de démonstration.")
    token = token_for(agent, settings)
    answer = httpx2.post(
        f"{settings.internal_url}/graphql",
        json={"query": _MINE},
        headers={"authorization": f"Bearer {token}"},
    ).json()
    (dossier,) = [one["id"] for one in answer["data"]["booklet"]["dossiers"] if one["builtIn"]]
    workshop = PrintWorkshop(settings.internal_url)
    try:
        workshop.build(PrintOrder(dossier, token, "folder", place.dossier))
    finally:
        workshop.close()
