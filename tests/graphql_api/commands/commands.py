"""How tests run a command: its exit code, its output, its errors."""

from collections.abc import Callable

Livret = Callable[..., tuple[int, str, str]]
