"""The folder of the demo's data, and the settings with which the demo runs."""

import json
import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from graphql_api.configuration.key_sources import key_from_file
from graphql_api.configuration.settings import DEFAULT_PORT, DEVELOPMENT, Settings
from graphql_api.private_files import make_private_folder

FOLDER = Path("var/demo")
EXAMPLE_QUERIES = Path(__file__).parent / "queries"  # stored ones, for who has none
# Who operates the demo, as its public pages say it.
_OPERATOR = Path(__file__).parent / "operator.toml"


@dataclass(frozen=True, slots=True)
class DemoFolder:
    """The demo's folder: two databases, a master key, the machines' secrets, e-mails, a dossier."""

    path: Path

    @property
    def dossier(self) -> Path:
        """The folder of the printed dossier: the whole booklet."""
        return self.path / "dossier"

    @property
    def application(self) -> Path:
        """The folder of a COMPACT dossier: an application."""
        return self.path / "application"

    @property
    def codes(self) -> Path:
        """The file of authorization codes, for the agent who has no booklet yet."""
        return self.path / "codes.txt"

    @property
    def is_loaded(self) -> bool:
        """Whether the demo booklets are there."""
        return self._loaded.exists()

    def mark_loaded(self) -> None:
        """Say that the demo booklets are there, whole."""
        self._loaded.touch()

    def prepare(self) -> None:
        """Make the folder and its secrets, readable by their owner only; once."""
        make_private_folder(self.path)
        _write_once(self._master_key, secrets.token_hex(32))
        make_private_folder(self.mail)

    def clear(self) -> None:
        """Delete all of it, but for the port on which the demo was served last."""
        port = self._port.read_text() if self._port.exists() else None
        shutil.rmtree(self.path, ignore_errors=True)
        if port is not None:
            make_private_folder(self.path)
            self._port.write_text(port)

    @property
    def mail(self) -> Path:
        """The folder of the e-mails that the demo writes instead of sending them."""
        return self.path / "mail"

    @property
    def machines(self) -> dict[str, dict[str, str]]:
        """The id and the secret of each machine."""
        read: dict[str, dict[str, str]] = json.loads(self._machines.read_text("utf-8"))
        return read

    def keep_machines(self, machines: dict[str, dict[str, str]]) -> None:
        """Store the ids and secrets of machines, which are shown once."""
        self._machines.unlink(missing_ok=True)
        _write_once(self._machines, json.dumps(machines))

    def keep_link(self, url: str) -> None:
        """Store the address of a share link, which is shown once."""
        self._link.unlink(missing_ok=True)
        _write_once(self._link, url)

    def link(self, public_url: str) -> str:
        """The share link, at the address where the demo is served now."""
        return f"{public_url}/s/{self._link.read_text('utf-8').rpartition('/s/')[2]}"

    def serve_on(self, port: int) -> None:
        """Note the port on which the demo is served, for the commands and links that name it."""
        self._port.write_text(str(port))
        if self._link.exists():
            self.keep_link(self.link(f"http://127.0.0.1:{port}"))

    def settings(self, port: int | None = None) -> Settings:
        """The settings of the demo's service on this port of the loopback, or the one noted last."""
        if port is None:
            port = int(self._port.read_text()) if self._port.exists() else DEFAULT_PORT
        url = f"http://127.0.0.1:{port}"
        return Settings(
            database_url=f"sqlite:///{self.path}/livret.db",
            key_store_url=f"sqlite:///{self.path}/keys.db",
            master_key=key_from_file(str(self._master_key)),
            public_url=url,
            internal_url=url,
            port=port,
            profile=DEVELOPMENT,
            token_issuer=url,
            mail_folder=self.mail,
            operator=_OPERATOR,
            mail_from="livret@livret.example",
        )

    @property
    def _loaded(self) -> Path:
        return self.path / ".loaded"

    @property
    def _master_key(self) -> Path:
        return self.path / "master.key"

    @property
    def _machines(self) -> Path:
        return self.path / "machines.json"

    @property
    def _link(self) -> Path:
        return self.path / "share-link.txt"

    @property
    def _port(self) -> Path:
        return self.path / "port"


def _write_once(path: Path, text: str) -> None:
    if not path.exists():
        draft = path.with_suffix(".draft")
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
        draft.rename(path)
