"""The operator's commands: collectivités, officers, operators."""

import argparse
from collections.abc import Callable
from typing import Any

from graphql_api.callers import local_authorities, officers
from graphql_api.commands.common import add_demo, add_siret, on_service, on_whole_service
from graphql_api.commands.rights.appointed_people import (
    add_person_options,
    in_words,
    is_anyone_named,
    people_to_dismiss,
    person_to_appoint,
)
from graphql_api.operations.service import Service
from graphql_api.storage.actors import Agent, Anonymous
from graphql_api.storage.operation import Operation
from graphql_api.storage.people import person_named
from graphql_api.terminal import complain, say
from schema.description.text_cleaning import clean_line, refused_character

_A_PERSON = "--email, ou --subject (avec --issuer, si ce n’est pas le service)"


def add_commands(commands: Any) -> None:
    """Add these commands to those of `livret`."""
    officer = commands.add_parser("officers")
    _who(officer, siret=True)
    officer.set_defaults(run=manage_officers)
    operator = commands.add_parser("operators")
    _who(operator, siret=False)
    operator.set_defaults(run=manage_operators)
    named = commands.add_parser("collectivites")
    named.add_argument("action", choices=["list", "name"], help="que faire")
    add_siret(named, help="collectivité")
    named.add_argument(
        "--name",
        type=_name,
        metavar="NOM",
        help=f"comment elle s’appelle ({local_authorities.MAX_NAME} caractères au plus)",
    )
    add_demo(named)
    named.set_defaults(run=manage_local_authorities)


def manage_officers(options: argparse.Namespace) -> int:
    """List, add or remove HR officers."""
    siret = options.siret
    if options.action == "list":
        return _print_lines(on_whole_service(options, _officer_lines))
    if not (is_anyone_named(options) and siret):
        return _wrong(f"Précisez --siret, et {_A_PERSON}.")
    if options.action == "remove":
        return _remove(options, lambda op, person: officers.remove_officer(op, person, siret))
    added = _add(options, lambda op, who: officers.add_officer(op, who, siret))
    say(f"{added} remet les codes de la collectivité {siret}.")
    return 0


def manage_operators(options: argparse.Namespace) -> int:
    """List, add or remove operators."""
    if options.action == "list":
        return _print_lines(on_whole_service(options, _operator_lines))
    if not is_anyone_named(options):
        return _wrong(f"Précisez {_A_PERSON}.")
    if options.action == "remove":
        return _remove(options, officers.remove_operator)
    say(f"{_add(options, officers.add_operator)} exploite le service.")
    return 0


def manage_local_authorities(options: argparse.Namespace) -> int:
    """List the names of collectivités, or give one."""
    siret, name = options.siret, options.name
    if options.action == "list":
        rows = on_service(options, local_authorities.list_names)
        return _print_lines([f"{siret}  {name}" for siret, name in rows])
    if not (siret and name):
        return _wrong("Précisez --siret et --name.")
    on_service(options, lambda op: local_authorities.give_name(op, siret, name))
    say(f"La collectivité {siret} s’appelle « {name} ».")
    return 0


def _who(parser: argparse.ArgumentParser, *, siret: bool) -> None:
    parser.add_argument("action", choices=["list", "add", "remove"], help="que faire")
    if siret:
        add_siret(parser, help="collectivité")
    add_person_options(parser)


def _add(options: argparse.Namespace, verb: Callable[[Operation, Agent], None]) -> str:
    """Give a person a right; the person in words."""

    def add(service: Service) -> str:
        who = person_to_appoint(service, options)
        verb(service.operation(who), who)
        return str(options.email or who.subject)

    return on_whole_service(options, add)


def _remove(options: argparse.Namespace, verb: Callable[[Operation, str], bool]) -> int:
    """Take a right back from a person, under each name that the person may have it."""

    def remove(service: Service) -> bool:
        op = service.operation(Anonymous())
        people = (person_named(op, one) for one in people_to_dismiss(service, options))
        found = [verb(op, person) for person in people if person is not None]
        return any(found)

    if on_whole_service(options, remove):
        say("C’est fait.")
        return 0
    complain("Personne de ce nom n’a ce droit.")
    return 1


def _officer_lines(service: Service) -> list[str]:
    rows = officers.list_officers(service.operation(Anonymous()))
    return [f"{row.siret}  {in_words(service, row.issuer, row.subject)}" for row in rows]


def _operator_lines(service: Service) -> list[str]:
    rows = officers.list_operators(service.operation(Anonymous()))
    return [in_words(service, row.issuer, row.subject) for row in rows]


def _print_lines(lines: list[str]) -> int:
    for line in lines:
        print(line)
    return 0


def _name(written: str) -> str:
    name = clean_line(written)
    if not 1 <= len(name) <= local_authorities.MAX_NAME or refused_character(name):
        raise argparse.ArgumentTypeError(
            f"1 à {local_authorities.MAX_NAME} caractères attendus, sans caractère de contrôle"
        )
    return name


def _wrong(message: str) -> int:
    complain(message)
    return 2
