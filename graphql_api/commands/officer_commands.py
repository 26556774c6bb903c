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
from graphql_api.commands.appointed_people import (
    add_person_options,
    in_words,
    is_anyone_named,
    people_to_dismiss,
    person_to_appoint,
)
from graphql_api.commands.common import CommandError, add_demo, on_service, on_whole_service
from graphql_api.operations.service import Service
from graphql_api.storage.actors import Agent, Anonymous
from graphql_api.storage.operation import Operation
from schema.description.shared_fields import siret_error

_A_PERSON = "--email, ou --subject (avec --issuer, si ce n’est pas le service)"


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
    siret = options.siret
    if options.action == "list":
        return _print_lines(on_whole_service(options, _officer_lines))
    if not (is_anyone_named(options) and siret):
        return _wrong(f"Précisez --siret, et {_A_PERSON}.")
    if options.action == "remove":
        return _remove(options, lambda op: officers.remove_officer(op, siret))
    added = _add(options, lambda op, who: officers.add_officer(op, who, siret))
    print(f"{added} remet les codes de la collectivité {siret}.")
    return 0


def manage_operators(options: argparse.Namespace) -> int:
    """List, add or remove operators."""
    if options.action == "list":
        return _print_lines(on_whole_service(options, _operator_lines))
    if not is_anyone_named(options):
        return _wrong(f"Précisez {_A_PERSON}.")
    if options.action == "remove":
        return _remove(options, officers.remove_operator)
    print(f"{_add(options, officers.add_operator)} exploite le service.")
    return 0


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
    if siret:
        parser.add_argument("--siret", type=_siret, metavar="SIRET", help="collectivité")
    add_person_options(parser)


def _add(options: argparse.Namespace, verb: Callable[[Operation, Agent], None]) -> str:
    """Give a person a right; the person in words."""

    def add(service: Service) -> str:
        who = person_to_appoint(service, options)
        verb(service.operation(who), who)
        return str(options.email or who.subject)

    return on_whole_service(options, add)


def _remove(options: argparse.Namespace, verb: Callable[[Operation], bool]) -> int:
    """Take a right back from a person, under each name that the person may have it."""

    def remove(service: Service) -> bool:
        found = [verb(service.operation(one)) for one in people_to_dismiss(service, options)]
        return any(found)

    if on_whole_service(options, remove):
        print("C’est fait.")
        return 0
    print("Personne de ce nom n’a ce droit.", file=sys.stderr)
    return 1


def _officer_lines(service: Service) -> list[str]:
    rows = officers.list_officers(service.operation(Anonymous()))
    return [f"{row.siret}  {in_words(service, row.issuer, row.subject)}" for row in rows]


def _operator_lines(service: Service) -> list[str]:
    rows = officers.list_operators(service.operation(Anonymous()))
    return [in_words(service, issuer, subject) for issuer, subject in rows]


def _print_lines(lines: list[str]) -> int:
    for line in lines:
        print(line)
    return 0


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
