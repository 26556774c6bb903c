"""The operator's commands: officers, operators, authorization codes."""

import argparse
import os
import re
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from graphql_api.callers import officers
from graphql_api.codes.code_sheet import printable_list
from graphql_api.codes.codes import issue
from graphql_api.codes.limits import (
    MAX_PER_BATCH,
    MAX_USES,
    MAX_VALIDITY,
    USUAL_VALIDITY,
    may_expire_on,
)
from graphql_api.commands.common import CommandError, add_demo, on_service
from graphql_api.storage.actors import Agent
from graphql_api.storage.operation import Operation
from schema.description.shared_fields import siret_error


def add_commands(commands: Any) -> None:
    """Add these commands to those of `livret`."""
    officer = commands.add_parser("officers", help="les agents RH qui remettent des codes")
    _who(officer, siret=True)
    officer.set_defaults(run=manage_officers)
    operator = commands.add_parser("operators", help="les exploitants du service")
    _who(operator, siret=False)
    operator.set_defaults(run=manage_operators)
    code = commands.add_parser(
        "codes",
        help="délivre des codes d’autorisation",
        description="Délivre des codes d’autorisation. Ils ne sont montrés que cette fois.",
    )
    code.add_argument(
        "--siret", required=True, type=_siret, metavar="SIRET", help="collectivité qui les remet"
    )
    code.add_argument(
        "--count", type=_up_to(MAX_PER_BATCH), default=1, metavar="N", help="combien (1 par défaut)"
    )
    code.add_argument(
        "--uses", type=_up_to(MAX_USES), default=1, metavar="N",
        help="livrets ouverts par code (1 par défaut)",
    )  # fmt: skip
    code.add_argument(
        "--until",
        type=_day,
        metavar="AAAA-MM-JJ",
        help=f"dernier jour (dans {USUAL_VALIDITY.in_french} par défaut)",
    )
    code.add_argument(
        "--html", type=Path, metavar="FICHIER", help="écrit la liste à imprimer, en HTML"
    )
    add_demo(code)
    code.set_defaults(run=issue_codes)


def manage_officers(options: argparse.Namespace) -> int:
    """List, add or remove HR officers."""
    if options.action == "list":
        for row in on_service(options, officers.list_officers):
            print(f"{row.siret}  {row.subject}  ({row.issuer})")
        return 0
    if not (options.issuer and options.subject and options.siret):
        return _wrong("Précisez --issuer, --subject et --siret.")
    who, siret = Agent(options.issuer, options.subject, frozenset()), options.siret
    if options.action == "add":
        on_service(options, lambda op: officers.add_officer(op, who, siret), who)
        print(f"{options.subject} remet les codes de la collectivité {siret}.")
        return 0
    return _removed(on_service(options, lambda op: officers.remove_officer(op, siret), who))


def manage_operators(options: argparse.Namespace) -> int:
    """List, add or remove operators."""
    if options.action == "list":
        for issuer, subject in on_service(options, officers.list_operators):
            print(f"{subject}  ({issuer})")
        return 0
    if not (options.issuer and options.subject):
        return _wrong("Précisez --issuer et --subject.")
    who = Agent(options.issuer, options.subject, frozenset())
    if options.action == "add":
        on_service(options, lambda op: officers.add_operator(op, who), who)
        print(f"{options.subject} exploite le service.")
        return 0
    return _removed(on_service(options, officers.remove_operator, who))


def issue_codes(options: argparse.Namespace) -> int:
    """Issue authorization codes; they are shown this once, on the output or in the file."""

    def verb(op: Operation) -> Any:
        if options.until and not may_expire_on(options.until, op.today):
            raise CommandError(f"--until : entre aujourd’hui et dans {MAX_VALIDITY.in_french}.")
        batch = issue(op, options.siret, options.count, uses=options.uses, expires_on=options.until)
        if options.html:  # before the commit: codes that nobody could read would be lost
            _write_secret(options.html, printable_list(batch))
        return batch

    batch = on_service(options, verb)
    print(f"Liste à imprimer : {options.html}" if options.html else "\n".join(batch.codes))
    return 0


def _write_secret(path: Path, text: str) -> None:
    """A new file that its owner alone can read. Raises `CommandError`."""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(text.encode())
    except OSError as error:
        raise CommandError(f"{path} : ce fichier existe déjà ou ne peut pas être écrit.") from error


def _who(parser: argparse.ArgumentParser, *, siret: bool) -> None:
    parser.add_argument("action", choices=["list", "add", "remove"], help="que faire")
    parser.add_argument("--issuer", metavar="ISS", help="émetteur de son identité (iss)")
    parser.add_argument("--subject", metavar="SUB", help="son identifiant chez cet émetteur (sub)")
    if siret:
        parser.add_argument("--siret", type=_siret, metavar="SIRET", help="collectivité")
    add_demo(parser)


def _siret(written: str) -> str:
    digits = re.sub(r"\s", "", written)
    if not re.fullmatch(r"[0-9]{14}", digits) or siret_error(digits):
        raise argparse.ArgumentTypeError("ce SIRET n’est pas valide")
    return digits


def _up_to(most: int) -> Callable[[str], int]:
    def number(written: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", written) or not 1 <= int(written) <= most:
            raise argparse.ArgumentTypeError(f"nombre entre 1 et {most} attendu")
        return int(written)

    return number


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise argparse.ArgumentTypeError("jour attendu, sous la forme AAAA-MM-JJ") from None


def _wrong(message: str) -> int:
    print(message, file=sys.stderr)
    return 2


def _removed(found: bool) -> int:
    if found:
        print("C’est fait.")
        return 0
    print("Personne de ce nom n’a ce droit.", file=sys.stderr)
    return 1
