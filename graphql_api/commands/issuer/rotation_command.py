"""The operator's command `livret keys rotate-master`: all keys wrapped by a new master key."""

import argparse
from typing import Any

from graphql_api.commands.common import add_action, ready_service
from graphql_api.storage.keys.master_rotation import (
    RotationState,
    rotate_master_key,
    rotation_state,
)
from graphql_api.terminal import complain, say

_ABOUT = """\
Met toutes les clés sous la clé maîtresse actuelle, pendant que le service travaille.
Auparavant, redémarrez chaque processus avec les deux clés : la nouvelle dans
LIVRET_MASTER_KEY_FILE, l’ancienne dans LIVRET_PREVIOUS_MASTER_KEY_FILE.
Interrompue, la commande se relance."""
_CODES = """\
codes de sortie :
  0  l’ancienne clé maîtresse ne sert plus
  1  des clés restent sous une autre clé maîtresse
  2  commande mal formée ou réglages
  3  bases ou clé maîtresse qui ne vont pas ensemble ; rien n’a été écrit
"""


def add_rotation(actions: Any) -> None:
    """Add the action to those of `livret keys`."""
    action = add_action(
        actions, "rotate-master", "remplace la clé maîtresse, sans arrêt", rotate_master
    )
    action.description, action.epilog = _ABOUT, _CODES
    action.formatter_class = argparse.RawDescriptionHelpFormatter
    action.add_argument(
        "--status", action="store_true", help="dit où en est le remplacement, sans rien écrire"
    )


def rotate_master(options: argparse.Namespace) -> int:
    """Wrap all keys under the current master key, or say how they are wrapped."""
    with ready_service(options) as service:
        if options.status:
            state = rotation_state(service.key_store, service.master_key)
        else:
            state = rotate_master_key(service.key_store, service.master_key, _no_progress)
    say(f"Clés sous la clé maîtresse actuelle : {state.current}")
    say(f"Clés sous la clé maîtresse d’avant : {state.previous}")
    if state.is_done:
        say("La clé maîtresse d’avant ne sert plus qu’aux anciennes sauvegardes des clés.")
        return 0
    complain(_what_remains(state, was_run=not options.status))
    return 1


def _what_remains(state: RotationState, *, was_run: bool) -> str:
    if state.others:
        return (
            f"Clés sous une autre clé maîtresse, ou endommagées : {state.others}. Indiquez cette clé"
            " dans LIVRET_PREVIOUS_MASTER_KEY_FILE, ou restaurez la base des clés."
        )
    if was_run:
        return (
            f"Clés endommagées, laissées telles quelles : {state.previous}. Restaurez la base des"
            " clés, ou gardez la clé maîtresse d’avant."
        )
    return "La clé maîtresse d’avant sert encore : livret keys rotate-master"


def _no_progress(_more: int) -> None:
    """Say nothing: a hundred thousand keys take some seconds."""
