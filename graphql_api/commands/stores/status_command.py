"""`livret status`: how the service stands, on one screen, for whoever operates the machine."""

import argparse
import json
from collections.abc import Iterator
from typing import Any

from graphql_api.commands.common import add_demo, moment, open_service
from graphql_api.operating.outcomes import MigratedStore
from graphql_api.operating.status import Status, status
from graphql_api.storage.backup_record import DATA, KEYS
from graphql_api.storage.operation import from_microseconds
from graphql_api.terminal import say

NOT_READY, MISMATCH, TO_LOOK_AT = 1, 3, 4
_CODES = """\
codes de sortie :
  0  tout va bien
  1  le service ne peut pas répondre : base injoignable ou qui n’est pas à jour
  2  commande mal formée ou réglages
  3  bases ou clé maîtresse qui ne vont pas ensemble
  4  quelque chose est à regarder, que l’écran dit
"""
_COUNTS = {
    "booklets": "Livrets",
    "openBooklets": "dont ouverts",
    "closedBooklets": "Livrets fermés",
    "accounts": "Comptes",
    "sessions": "Sessions",
    "drafts": "Brouillons",
    "shareLinks": "Liens de partage en service",
    "consents": "Consentements à des sites",
}
_PARTS = {DATA: "données", KEYS: "clés"}
_WIDTH = 30


def add_commands(commands: Any) -> None:
    """Add this command to those of `livret`."""
    parser = commands.add_parser(
        "status",
        description="Dit comment va le service, sans rien changer et sans rien dire des personnes.",
        epilog=_CODES,
    )
    add_demo(parser)
    parser.add_argument("--json", action="store_true", help="le résultat pour un programme")
    parser.set_defaults(run=show_status)


def show_status(options: argparse.Namespace) -> int:
    """Print the status; its exit code says whether somebody has to act."""
    with open_service(options) as service:
        found = status(service)
    if options.json:
        print(json.dumps(_as_json(found), ensure_ascii=False))
    else:
        for line in _screen(found):
            say(line)
    if found.mismatch:
        return MISMATCH
    if not found.is_ready:
        return NOT_READY
    return TO_LOOK_AT if found.waits else 0


def _screen(found: Status) -> list[str]:
    lines = [
        _line("Livret", f"{found.release}, le {moment(found.at)}"),
        _line("Prêt", "oui" if found.is_ready else "non"),
        *(_line(one.name, _store(one)) for one in found.stores),
        _line("Données et clés", found.mismatch or _marks(found)),
        _line("Courriels en attente", _letters(found)),
        _line("Dernier ménage", _swept(found)),
        *(_line(f"Sauvegarde des {one}", text) for one, text in _backups(found)),
    ]
    counts = found.counts or {}
    lines += [_line(label, str(counts[name])) for name, label in _COUNTS.items() if name in counts]
    return [*lines, *(f"À regarder : {one}." for one in found.waits)]


def _line(label: str, text: str) -> str:
    return f"{label:<{_WIDTH}}{text}"


def _store(one: MigratedStore) -> str:
    if not one.is_reachable:
        return (
            "absente : pas encore créée (livret migrate), ou perdue"
            if one.pending
            else "injoignable"
        )
    if one.pending:
        return f"à mettre à jour (livret migrate) : {', '.join(one.pending)}"
    return one.last_migration or "vide"


def _marks(found: Status) -> str:
    if found.ahead is None:
        return "pas encore liées"
    data, keys = found.ahead
    if not data and not keys:
        return "d’accord"
    ahead = f"les données de {data}" if data else f"les clés de {keys}"
    return f"en avance : {ahead} (livret check)"


def _letters(found: Status) -> str:
    if found.letters is None:
        return "illisibles"
    waiting, failing = found.letters.waiting, found.letters.failing
    text = f"{waiting + failing}, dont {failing} en échec" if failing else str(waiting)
    oldest = found.letters.oldest
    return text if oldest is None else f"{text}, depuis le {moment(oldest)}"


def _swept(found: Status) -> str:
    if found.swept is None:
        return "jamais"
    when = moment(from_microseconds(found.swept.began_at))
    if found.swept.ended_at is None:
        return f"le {when}, inachevé ou en cours"
    removed = sum(found.swept.removed.values())
    return f"le {when}, {removed} suppression{'s' if removed > 1 else ''}"


def _backups(found: Status) -> Iterator[tuple[str, str]]:
    for one in found.backups or ():
        text = _told(one.finished_at) or "jamais"
        if one.verified_at and one.verified_from:
            text += f" ; celle du {_told(one.verified_from)} relue le {_told(one.verified_at)}"
        yield _PARTS[one.part], text


def _told(at: int | None) -> str:
    return "" if at is None else moment(from_microseconds(at))


def _iso(at: int | None) -> str | None:
    return None if at is None else from_microseconds(at).isoformat()


def _as_json(found: Status) -> dict[str, Any]:
    swept, letters = found.swept, found.letters
    return {
        "release": found.release,
        "at": found.at.isoformat(),
        "ready": found.is_ready,
        "stores": [
            {
                "name": one.name,
                "reachable": one.is_reachable,
                "lastMigration": one.last_migration,
                "pending": one.pending,
            }
            for one in found.stores
        ],
        "mismatch": found.mismatch or None,
        "ahead": found.ahead and {"data": found.ahead[0], "keys": found.ahead[1]},
        "letters": letters
        and {
            "waiting": letters.waiting,
            "failing": letters.failing,
            "oldest": letters.oldest and letters.oldest.isoformat(),
        },
        "lastSweep": swept
        and {
            "beganAt": from_microseconds(swept.began_at).isoformat(),
            "endedAt": swept.ended_at and from_microseconds(swept.ended_at).isoformat(),
            "removed": swept.removed,
            "failed": swept.failed,
        },
        "backups": found.backups
        and {
            one.part: {
                "finishedAt": _iso(one.finished_at),
                "verifiedAt": _iso(one.verified_at),
                "verifiedFrom": _iso(one.verified_from),
            }
            for one in found.backups
        },
        "counts": found.counts,
        "waits": found.waits,
    }
