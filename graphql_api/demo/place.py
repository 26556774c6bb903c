"""Where the demo keeps its data, and the settings under which it runs."""

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from graphql_api.credentials import new_signing_keys
from graphql_api.settings import Settings, read_master_key

FOLDER = Path("var/demo")


@dataclass(frozen=True, slots=True)
class DemoPlace:
    """The demo's folder: two databases, a master key, the keys that sign its tokens, a dossier."""

    folder: Path

    @property
    def dossier(self) -> Path:
        """The folder of the printed dossier."""
        return self.folder / "dossier"

    @property
    def codes(self) -> Path:
        """The file of authorization codes, for the agent who has no booklet yet."""
        return self.folder / "codes.txt"

    @property
    def is_loaded(self) -> bool:
        """Whether the demo booklets are there."""
        return self._loaded.exists()

    def mark_loaded(self) -> None:
        """Say that the demo booklets are there, whole."""
        self._loaded.touch()

    def prepare(self) -> None:
        """Make the folder and its secrets, readable by their owner only; once."""
        self.folder.mkdir(parents=True, exist_ok=True)
        _write_once(self._master_key, secrets.token_hex(32))
        _write_once(self._signing_keys, json.dumps(new_signing_keys().as_dict(private=True)))

    def settings(self, port: int) -> Settings:
        """The settings of the demo's service on this port of the loopback."""
        url = f"http://127.0.0.1:{port}"
        return Settings(
            database_url=f"sqlite:///{self.folder}/livret.db",
            key_store_url=f"sqlite:///{self.folder}/keys.db",
            master_key=read_master_key(self._master_key),
            public_url=url,
            internal_url=url,
            port=port,
            profile="development",
            token_issuer="livret-demo",  # noqa: S106 - a name, not a secret
            token_audience="livret-demo",  # noqa: S106 - a name, not a secret
            token_key_file=self._signing_keys,
        )

    @property
    def _loaded(self) -> Path:
        return self.folder / ".loaded"

    @property
    def _master_key(self) -> Path:
        return self.folder / "master.key"

    @property
    def _signing_keys(self) -> Path:
        return self.folder / "signing-keys.json"


def _write_once(path: Path, text: str) -> None:
    if not path.exists():
        draft = path.with_suffix(".draft")
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
        draft.rename(path)
