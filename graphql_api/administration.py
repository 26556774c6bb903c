"""The operator's commands: officers, operators, authorization codes."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from graphql_api import officers
from graphql_api.actors import Agent, Anonymous
from graphql_api.app import service_from
from graphql_api.code_list import printable_list
from graphql_api.codes import MOST_AT_ONCE, issue
from graphql_api.demo.place import FOLDER, DemoPlace
from graphql_api.operation import Operation
from graphql_api.root import Service
from graphql_api.settings import from_environment
from schema.composites import siret_fault

DEFAULT_PORT = 8000


def add_commands(commands: Any) -> None:
    """Add these commands to those of `livret`."""
    officer = commands.add_parser("officers", help="les agents RH qui remettent des codes")
    _who(officer, siret=True)
    officer.set_defaults(run=manage_officers)
    operator = commands.add_parser("operators", help="les exploitants du service")
    _who(operator, siret=False)
    operator.set_defaults(run=manage_operators)
    code = commands.add_parser("codes", help="délivre des codes d’autorisation")
    code.add_argument("--siret", required=True, type=_siret, help="collectivité qui les remet")
    code.add_argument("--count", type=_count, default=1, help="combien (1 par défaut)")
    code.add_argument(
        "--uses", type=_count, default=1, help="livrets ouverts par code (1 par défaut)"
    )
    code.add_argument("--html", type=Path, metavar="FICHIER", help="écrit la liste à imprimer")
    code.add_argument("--demo", action="store_true", help="pour la démonstration")
    code.set_defaults(run=issue_codes)


def manage_officers(options: argparse.Namespace) -> int:
    """List, add or remove HR officers."""
    with_service = _on(options)
    if options.action == "list":
        rows = with_service(officers.list_officers)
        print("\n".join(f"{row.siret}  {row.subject}  ({row.issuer})" for row in rows))
        return 0
    if not (options.issuer and options.subject and options.siret):
        return _wrong("Précisez --issuer, --subject et --siret.")
    who = Agent(options.issuer, options.subject, frozenset())
    if options.action == "add":
        with_service(lambda op: officers.add_officer(op, who, options.siret), who)
        return 0
    return _removed(with_service(lambda op: officers.remove_officer(op, options.siret), who))


def manage_operators(options: argparse.Namespace) -> int:
    """List, add or remove operators."""
    with_service = _on(options)
    if options.action == "list":
        rows = with_service(officers.list_operators)
        print("\n".join(f"{subject}  ({issuer})" for issuer, subject in rows))
        return 0
    if not (options.issuer and options.subject):
        return _wrong("Précisez --issuer et --subject.")
    who = Agent(options.issuer, options.subject, frozenset())
    if options.action == "add":
        with_service(lambda op: officers.add_operator(op, who), who)
        return 0
    return _removed(with_service(officers.remove_operator, who))


def issue_codes(options: argparse.Namespace) -> int:
    """Issue authorization codes; they are shown this once."""
    batch = _on(options)(lambda op: issue(op, options.siret, options.count, uses=options.uses))
    if options.html:
        options.html.write_text(printable_list(batch), encoding="utf-8")
        print(f"Liste à imprimer : {options.html}")
        return 0
    print("\n".join(batch.codes))
    return 0


def _on(options: argparse.Namespace) -> Callable[..., Any]:
    """Runs a verb in one write transaction of the service that the options name."""
    demo = DemoPlace(FOLDER.resolve())
    service: Service = service_from(
        demo.settings(DEFAULT_PORT) if options.demo else from_environment()
    )

    def run(verb: Callable[[Operation], Any], who: Agent | None = None) -> Any:
        op = service.operation(who or Anonymous())
        try:
            with service.store.writing():
                return verb(op)
        finally:
            service.close()

    return run


def _who(parser: argparse.ArgumentParser, *, siret: bool) -> None:
    parser.add_argument("action", choices=["list", "add", "remove"], help="que faire")
    parser.add_argument("--issuer", help="émetteur de son identité (iss)")
    parser.add_argument("--subject", help="son identifiant chez cet émetteur (sub)")
    if siret:
        parser.add_argument("--siret", type=_siret, help="collectivité")
    parser.add_argument("--demo", action="store_true", help="pour la démonstration")


def _siret(written: str) -> str:
    digits = written.replace(" ", "")
    if len(digits) != 14 or not (digits.isascii() and digits.isdigit()) or siret_fault(digits):
        raise argparse.ArgumentTypeError("ce SIRET n’est pas valide")
    return digits


def _count(written: str) -> int:
    if not written.isdecimal() or not 1 <= int(written) <= MOST_AT_ONCE:
        raise argparse.ArgumentTypeError(f"nombre entre 1 et {MOST_AT_ONCE} attendu")
    return int(written)


def _wrong(message: str) -> int:
    print(message, file=sys.stderr)
    return 2


def _removed(found: bool) -> int:
    if not found:
        print("Personne de ce nom n’a ce droit.", file=sys.stderr)
    return 0 if found else 1
