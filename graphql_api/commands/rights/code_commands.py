"""The operator's commands of authorization codes: issue, list, revoke one by its reference."""

import argparse
import os
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from graphql_api.codes import batches, codes
from graphql_api.codes.code_sheet import printable_list
from graphql_api.codes.codes import Batch
from graphql_api.codes.limits import (
    MAX_PER_BATCH,
    MAX_USES,
    MAX_VALIDITY,
    USUAL_VALIDITY,
    may_expire_on,
)
from graphql_api.codes.outcomes import AuthorizationCode, CodeBatch
from graphql_api.commands.common import add_action, add_siret, on_service
from graphql_api.storage.operation import PARIS, Operation
from graphql_api.terminal import CommandError, say


def add_commands(commands: Any) -> None:
    """Add these commands to those of `livret`."""
    parser = commands.add_parser("codes")
    actions = parser.add_subparsers(title="actions", required=True, metavar="action")
    issuing = add_action(
        actions, "issue", "délivre des codes, qui ne sont montrés que cette fois", issue
    )
    add_siret(issuing, help="collectivité qui les remet", required=True)
    issuing.add_argument(
        "--count", type=_up_to(MAX_PER_BATCH), default=1, metavar="N", help="combien (1 par défaut)"
    )
    issuing.add_argument(
        "--uses", type=_up_to(MAX_USES), default=1, metavar="N",
        help="livrets ouverts par code (1 par défaut)",
    )  # fmt: skip
    issuing.add_argument(
        "--until",
        type=_day,
        metavar="AAAA-MM-JJ",
        help=f"dernier jour (dans {USUAL_VALIDITY.in_french} par défaut)",
    )
    issuing.add_argument(
        "--html", type=Path, metavar="FICHIER", help="écrit la liste à imprimer, en HTML"
    )
    listing = add_action(actions, "list", "les codes d’une collectivité, par lot", list_codes)
    add_siret(listing, help="collectivité", required=True)
    revoking = add_action(actions, "revoke", "révoque un code, par sa référence", revoke)
    add_siret(revoking, help="collectivité", required=True)
    revoking.add_argument(
        "--reference", required=True, metavar="RÉFÉRENCE", help="celle qu’indique le billet"
    )
    revoking.add_argument(
        "--whole-batch", action="store_true", help="avec tous les codes délivrés en même temps"
    )


def issue(options: argparse.Namespace) -> int:
    """Issue authorization codes; they are shown this once, on the output or in the file."""

    def verb(op: Operation) -> Batch:
        if options.until and not may_expire_on(options.until, op.today):
            raise CommandError(f"--until : entre aujourd’hui et dans {MAX_VALIDITY.in_french}.")
        batch = codes.issue(
            op, options.siret, options.count, uses=options.uses, expires_on=options.until
        )
        if options.html:  # before the commit: codes that nobody could read would be lost
            _write_secret(options.html, printable_list(batch, op.public_url))
        return batch

    batch = on_service(options, verb)
    if options.html:
        say(f"Liste à imprimer : {options.html}")
    else:
        for made in batch.codes:
            say(f"{made.reference}  {made.code}")
    return 0


def list_codes(options: argparse.Namespace) -> int:
    """List the codes of a collectivité under their batches, the newest first."""

    def verb(op: Operation) -> list[str]:
        lines = []
        for batch in batches.newest(op, options.siret):
            found = codes.newest(op, options.siret, batch=batch.id)
            lines += [_batch_line(batch), *(_code_line(code) for code in found)]
        return lines

    for line in on_service(options, verb):
        print(line)
    return 0


def revoke(options: argparse.Namespace) -> int:
    """Revoke one code, or all of its batch: the same words whether it was used or not."""

    def verb(op: Operation) -> AuthorizationCode | None:
        found = codes.revoke(op, options.siret, options.reference)
        if found and options.whole_batch:
            batches.revoke(op, options.siret, found.batch)
        return found

    found = on_service(options, verb)
    if found is None:
        raise CommandError("aucun code de cette collectivité ne porte cette référence.")
    more = ", ni ceux qui ont été délivrés avec lui" if options.whole_batch else ""
    say(f"Le code {found.reference} ne sert plus{more}.")
    return 0


def _batch_line(batch: CodeBatch) -> str:
    """A batch in words: a total of those that were used only where it is told."""
    made = batch.created_at.astimezone(PARIS).date()
    plural = "s" if batch.count > 1 else ""
    validity = f"expiré{plural} après le" if batch.expired else f"valable{plural} jusqu’au"
    parts = [f"{batch.count} code{plural}", f"{validity} {batch.last_day:%d/%m/%Y}"]
    if batch.uses > 1:
        parts.append(f"{batch.uses} livrets par code")
    if batch.revoked:
        parts.append(f"{batch.revoked} révoqué{'s' if batch.revoked > 1 else ''}")
    if batch.used is not None:
        parts.append(f"{batch.used} utilisé{'s' if batch.used > 1 else ''}")
    return f"Lot du {made:%d/%m/%Y} : {', '.join(parts)}"


def _code_line(code: AuthorizationCode) -> str:
    return f"  {code.reference}{'  révoqué' if code.revoked else ''}"


def _write_secret(path: Path, text: str) -> None:
    """A new file that its owner alone can read. Raises `CommandError`."""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(text.encode())
    except OSError as error:
        raise CommandError(f"{path} : ce fichier existe déjà ou ne peut pas être écrit.") from error


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
