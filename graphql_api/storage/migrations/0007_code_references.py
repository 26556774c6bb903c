"""References of authorization codes, by which one code is named; names of collectivités."""

import secrets
from typing import Any

from peewee import CharField, Model, SqliteDatabase, TextField


class LocalAuthority(Model):
    siret = CharField(max_length=14, primary_key=True)
    name = TextField()

    class Meta:
        table_name = "local_authority"


def up(migrator: Any, db: Any) -> None:
    """Create the table, add the column, and give every code a reference."""
    db.bind([LocalAuthority])
    db.create_tables([LocalAuthority], safe=False)
    migrator.migrate(
        migrator.add_column("authorization_code", "reference", CharField(max_length=9, null=True))
    )
    _give_references(db)
    migrator.migrate(migrator.add_index("authorization_code", ("siret", "reference"), unique=True))


def _give_references(db: Any) -> None:
    give = "UPDATE authorization_code SET reference = %s WHERE code_hash = %s"
    if isinstance(db, SqliteDatabase):
        give = give.replace("%s", "?")
    given: set[tuple[str, str]] = set()
    codes = db.execute_sql("SELECT code_hash, siret FROM authorization_code").fetchall()
    for code, siret in codes:
        reference = _draw()
        while (siret, reference) in given:
            reference = _draw()
        given.add((siret, reference))
        db.execute_sql(give, (reference, code))


def _draw() -> str:
    digits = f"{secrets.randbelow(10**8):08d}"
    return f"{digits[:4]}-{digits[4:]}"
