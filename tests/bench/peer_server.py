"""The peer: PostGraphile 5 on the same booklets as plain rows, in the same PostgreSQL.

Its rows are what a project without sealing would keep: a typed column for each field, keys and
indexes for each question of the bench, a trigger that counts versions. It is installed by npm into
a cache of the user, with the Node that it needs, from whatever registry npm knows.
"""

import json
import os
import shutil
import subprocess
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb
from rich.progress import track

from graphql_api.storage.content.documents import content_of
from schema.description.fields import fields_of
from schema.entries.identity import IdentityContent
from schema.entries.situation import SituationContent
from tests.bench.booklets import SITE, Content
from tests.bench.processes import listening

PACKAGES = ("node@22", "postgraphile@5.1.5", "pg@8")
_SERVER = Path(__file__).with_name("peer") / "server.mjs"
_AT_ONCE = 500
_Row = dict[str, Any]


def installed() -> Path | None:
    """The folder of the peer's modules, installed once; None where npm cannot install them."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "livret-bench" / "-".join(PACKAGES).replace("@", "-")
    if (folder / "node_modules/.bin/node").exists():
        return folder
    if shutil.which("npm") is None:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    quiet = ("--silent", "--no-package-lock", "--no-audit", "--no-fund", "--prefix", str(folder))
    done = subprocess.run(["npm", "install", *quiet, *PACKAGES], check=False)
    return folder if done.returncode == 0 else None


class PlainRows:
    """The same content as plain rows, in the schema `peer` of a database."""

    def __init__(self, database: str, content: Content) -> None:
        self._database = database
        parts = content.parts
        self._holder = _filled(parts["identity"], IdentityContent)
        self._holder |= {
            f"post_{name}": value
            for name, value in _filled(parts["situation"], SituationContent).items()
        }
        self._entries = [
            {"id": one.id, "rubric": one.rubric.value, "rank": one.rank, "version": 1}
            | {"summarised": _SUMMARISED.get(one.rubric.value, "")}
            | content_of(one)
            for one in parts["entries"]
        ]
        self._links = [
            {"competence": one.competence, "target": one.target}
            | {"relation": one.relation.value, "note": one.note}
            for one in parts["links"]
        ]
        self._evidence = [
            {"attachment": one.attachment, "entry": one.entry} for one in parts["evidence"]
        ]
        self._titles = [one.title for one in parts["dossiers"]]
        self.holder_columns = list(self._holder)
        self.entry_columns = list(dict.fromkeys(name for one in self._entries for name in one))

    def make(self, subjects: Sequence[str]) -> None:
        """Make the tables, and a booklet for each subject."""
        with psycopg.connect(self._database, autocommit=True) as connection:
            connection.execute(self._tables())
            for start in track(
                range(0, len(subjects), _AT_ONCE), f"{len(subjects):,} booklets, plain rows"
            ):
                with connection.transaction():
                    self._insert(connection, subjects[start : start + _AT_ONCE])
            connection.execute(_KEYS)
            connection.execute("VACUUM ANALYZE")

    def _tables(self) -> bytes:
        holder = _columns([self._holder], self.holder_columns)
        entry = _columns(
            self._entries, [name for name in self.entry_columns if name not in _OWN_COLUMNS]
        )
        return _TABLES.format(holder=holder, entry=entry).encode()

    def _insert(self, connection: Any, subjects: Sequence[str]) -> None:
        booklets = [(uuid.uuid4(), subject) for subject in subjects]
        _copy(connection, "booklet", [
            {"id": id, "person": subject, "version": 1} | self._holder for id, subject in booklets
        ])  # fmt: skip
        entries = [dict.fromkeys(self.entry_columns) | one for one in self._entries]
        for table, rows in (
            ("entry", entries),
            ("competence_link", self._links),
            ("evidence_link", self._evidence),
        ):
            _copy(
                connection, table, [{"booklet_id": id, **row} for id, _ in booklets for row in rows]
            )
        _copy(connection, "dossier", [
            {"id": uuid.uuid4(), "booklet_id": id, "title": title}
            for id, _ in booklets for title in self._titles
        ])  # fmt: skip
        _copy(connection, "consent", [
            {"id": uuid.uuid4(), "booklet_id": id, "site": SITE} for id, _ in booklets
        ])  # fmt: skip


@contextmanager
def peer(modules: Path, told: dict[str, Any], folder: Path) -> Iterator[int]:
    """The peer, serving; its process. `told` is what `server.mjs` reads."""
    file = folder / "peer.json"
    file.write_text(json.dumps(told | {"modules": str(modules)}))
    environment = os.environ | {"NODE_ENV": "production", "GRAPHILE_ENV": "production"}
    command = [str(modules / "node_modules/.bin/node"), str(_SERVER), str(file)]
    with listening(command, told["port"], environment) as process:
        yield process


def _filled(content: Any, content_class: type) -> _Row:
    values = {field.name: getattr(content, field.name) for field in fields_of(content_class)}
    return {name: value for name, value in values.items() if value is not None}


def _columns(rows: Sequence[_Row], names: Sequence[str]) -> str:
    """The declarations of columns, each of the type of what they hold."""
    declared = []
    for name in names:
        value = next(row[name] for row in rows if row.get(name) is not None)
        kind = {bool: "boolean", int: "integer", str: "text"}.get(type(value), "jsonb")
        declared.append(f'"{name}" {kind}')
    return ", ".join(declared)


def _copy(connection: Any, table: str, rows: Sequence[_Row]) -> None:
    if not rows:
        return
    names = list(rows[0])
    into = sql.SQL("COPY peer.{} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, names))
    )
    with connection.cursor() as cursor, cursor.copy(into) as copying:
        for row in rows:
            copying.write_row([_value(row[name]) for name in names])


def _value(value: Any) -> Any:
    return Jsonb(value) if isinstance(value, list | dict | tuple) else value


_TITLES = (
    "DIPLOMA",
    "TRAINING",
    "PRIOR_LEARNING_RECOGNITION",
    "COMPETITIVE_EXAM",
    "PROFESSIONAL_EXPERIENCE",
    "EXTRA_PROFESSIONAL_EXPERIENCE",
    "TUTORING_EXPERIENCE",
)
_SUMMARISED = dict.fromkeys(_TITLES, "TITLE") | {
    "COMPETENCE": "COMPETENCE",
    "ACCREDITATION": "AUTHORISATION",
    "DRIVING_LICENCE": "AUTHORISATION",
}
_OWN_COLUMNS = ("id", "rubric", "rank", "version", "summarised", "shareable", "comment")
_TABLES = """
CREATE SCHEMA peer;
CREATE TABLE peer.booklet (
  id uuid NOT NULL, person text NOT NULL, version integer NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now(), {holder});
CREATE TABLE peer.entry (
  booklet_id uuid NOT NULL, id text NOT NULL DEFAULT gen_random_uuid()::text, rubric text NOT NULL,
  rank integer NOT NULL DEFAULT 9999, version integer NOT NULL DEFAULT 1,
  summarised text NOT NULL DEFAULT 'TITLE', shareable boolean NOT NULL DEFAULT true, comment text, {entry});
CREATE TABLE peer.competence_link (
  booklet_id uuid NOT NULL, competence text NOT NULL, target text NOT NULL,
  relation text NOT NULL, note text);
CREATE TABLE peer.evidence_link (
  booklet_id uuid NOT NULL, attachment text NOT NULL, entry text NOT NULL);
CREATE TABLE peer.dossier (id uuid NOT NULL, booklet_id uuid NOT NULL, title text NOT NULL);
CREATE TABLE peer.consent (id uuid NOT NULL, booklet_id uuid NOT NULL, site text NOT NULL);
"""
_KEYS = """
ALTER TABLE peer.booklet ADD PRIMARY KEY (id), ADD UNIQUE (person);
ALTER TABLE peer.entry ADD PRIMARY KEY (booklet_id, id),
  ADD CONSTRAINT entry_booklet FOREIGN KEY (booklet_id) REFERENCES peer.booklet;
ALTER TABLE peer.competence_link ADD PRIMARY KEY (booklet_id, competence, target),
  ADD CONSTRAINT link_competence FOREIGN KEY (booklet_id, competence) REFERENCES peer.entry,
  ADD CONSTRAINT link_target FOREIGN KEY (booklet_id, target) REFERENCES peer.entry;
COMMENT ON COLUMN peer.entry.summarised IS '@behavior +filterBy';
CREATE INDEX ON peer.competence_link (booklet_id, target);
ALTER TABLE peer.evidence_link ADD PRIMARY KEY (booklet_id, attachment, entry),
  ADD CONSTRAINT evidence_attachment FOREIGN KEY (booklet_id, attachment) REFERENCES peer.entry,
  ADD CONSTRAINT evidence_entry FOREIGN KEY (booklet_id, entry) REFERENCES peer.entry;
CREATE INDEX ON peer.evidence_link (booklet_id, entry);
ALTER TABLE peer.dossier ADD PRIMARY KEY (id),
  ADD CONSTRAINT dossier_booklet FOREIGN KEY (booklet_id) REFERENCES peer.booklet;
CREATE INDEX ON peer.dossier (booklet_id);
ALTER TABLE peer.consent ADD PRIMARY KEY (id),
  ADD CONSTRAINT consent_booklet FOREIGN KEY (booklet_id) REFERENCES peer.booklet;
CREATE INDEX ON peer.consent (booklet_id);
CREATE INDEX ON peer.consent (site, id);
COMMENT ON CONSTRAINT entry_booklet ON peer.entry IS '@foreignFieldName entries';
COMMENT ON CONSTRAINT dossier_booklet ON peer.dossier IS '@foreignFieldName dossiers';
COMMENT ON CONSTRAINT consent_booklet ON peer.consent IS E'@fieldName booklet\\n@foreignFieldName consents';
COMMENT ON CONSTRAINT link_competence ON peer.competence_link IS '@foreignFieldName targets';
COMMENT ON CONSTRAINT link_target ON peer.competence_link IS '@foreignFieldName competences';
COMMENT ON CONSTRAINT evidence_attachment ON peer.evidence_link IS '@foreignFieldName proved';
COMMENT ON CONSTRAINT evidence_entry ON peer.evidence_link IS '@foreignFieldName proofs';
CREATE FUNCTION peer.count_version() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  UPDATE peer.booklet SET version = version + 1, updated_at = now() WHERE id = NEW.booklet_id;
  RETURN NEW;
END $$;
CREATE TRIGGER count_version AFTER INSERT ON peer.entry
  FOR EACH ROW EXECUTE FUNCTION peer.count_version();
"""
