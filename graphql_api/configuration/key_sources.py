"""Where a master key is read from: a file, a variable of the environment, or what a command prints.

A command asks a vault or a key management service. It runs once, without a shell, and its time and
what it prints are bounded; what it says on its standard error goes nowhere. No error tells anything
of a key: each is a `ValueError` that says what is wrong with the source.
"""

import os
import shlex
import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from threading import Event, Timer

KEY_LENGTH = 32
COMMAND_SECONDS = 30.0
_MOST_BYTES = 4096


def key_from_file(written: str) -> bytes:
    """The key in a file of 64 hexadecimal digits. Raises `ValueError`."""
    try:
        text = Path(written).read_text(encoding="utf-8-sig")
    except (OSError, ValueError):
        raise ValueError("fichier illisible.") from None
    return key_from_text(text)


def key_from_text(written: str) -> bytes:
    """The key that 64 hexadecimal digits say. Raises `ValueError`."""
    try:
        key = bytes.fromhex(written.strip())
    except ValueError:
        key = b""
    if len(key) != KEY_LENGTH:
        raise ValueError("64 chiffres hexadécimaux attendus.")
    return key


def key_from_command(written: str) -> bytes:
    """The key that a command prints: 64 hexadecimal digits. Raises `ValueError`."""
    try:
        words = shlex.split(written)
    except ValueError:
        raise ValueError("commande mal écrite.") from None
    if not words:
        raise ValueError("commande mal écrite.")
    return key_from_text(_output_of(words))


def _output_of(words: list[str]) -> str:
    """What a command prints, at most so much and for at most so long."""
    try:
        process = subprocess.Popen(  # noqa: S603 - the operator's own command, without a shell
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        raise ValueError("commande introuvable.") from None
    late = Event()

    def stop() -> None:
        late.set()
        _kill_group(process)

    timer = Timer(COMMAND_SECONDS, stop)
    timer.start()
    try:
        with process:
            printed = process.stdout.read(_MOST_BYTES + 1) if process.stdout else b""
            if len(printed) > _MOST_BYTES:
                _kill_group(process)
                raise ValueError("la commande écrit bien plus qu’une clé.")
    finally:
        timer.cancel()
    if late.is_set():
        raise ValueError(f"la commande n’a pas fini en {COMMAND_SECONDS:g} secondes.")
    if process.returncode:
        raise ValueError(f"la commande a échoué (code {process.returncode}).")
    return printed.decode("ascii", "replace")


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill a command and what it started, which would hold its output open."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
