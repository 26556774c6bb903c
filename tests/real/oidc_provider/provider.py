"""The independent provider, in a process of Node on a loopback port.

The service is `127.0.0.1` and the provider `localhost`, so that no cookie of one goes to the other.
"""

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from joserfc.jwk import ECKey

from tests.patience import PATIENCE_SECONDS

HERE = Path(__file__).parent


@dataclass
class Provider:
    """The independent provider: it starts, stops, and starts again with other keys."""

    node: str
    port: int
    said: Mapping[str, Any]
    running: subprocess.Popen[str] | None = None
    is_as_said: bool = False

    @property
    def issuer(self) -> str:
        return f"http://localhost:{self.port}"

    def start(self, **changes: Any) -> None:
        """Begin to answer, anew if need be, as `said` and the changes to it describe."""
        self.stop()
        told = {"issuer": self.issuer, "port": self.port, **self.said, **changes}
        self.running = subprocess.Popen(
            [self.node, HERE / "provider.mjs"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self.running.stdin
        assert self.running.stdout
        self.running.stdin.write(json.dumps(told))
        self.running.stdin.close()
        lines = iter(self.running.stdout)
        assert any("listening" in line for line in lines), "the provider does not start"
        self.is_as_said = not changes

    def stop(self) -> None:
        """Answer nothing any more; harmless when it is stopped already."""
        if self.running is None:
            return
        self.running.kill()
        self.running.wait(PATIENCE_SECONDS)
        assert self.running.stdout
        self.running.stdout.close()
        self.running, self.is_as_said = None, False


def fresh_key(kid: str) -> ECKey:
    """A key for the provider to sign with."""
    return ECKey.generate_key("P-256", {"kid": kid, "use": "sig", "alg": "ES256"})


def key_set(key: ECKey) -> dict[str, object]:
    """What the provider is told of its only key."""
    return {"keys": [key.as_dict(private=True)]}
