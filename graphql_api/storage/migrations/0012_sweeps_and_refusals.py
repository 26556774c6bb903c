"""When the service was last swept; the hour of a refused access, and how many lines one stands for."""

from typing import Any

from peewee import BigIntegerField, IntegerField, Model, TextField


class Sweep(Model):
    id = IntegerField(primary_key=True)
    claimed_until = BigIntegerField()
    began_at = BigIntegerField()
    ended_at = BigIntegerField(null=True)
    removed = TextField()
    failed = TextField()

    class Meta:
        table_name = "sweep"


def up(migrator: Any, db: Any) -> None:
    """Create the table, add the columns, and index by what a sweep looks for."""
    db.bind([Sweep])
    db.create_tables([Sweep], safe=False)
    migrator.migrate(
        migrator.add_column("access_record", "hour", BigIntegerField(null=True)),
        migrator.add_column("access_record", "times", IntegerField(default=1)),
        migrator.add_index("access_record", ("at",), unique=False),
        migrator.add_index("answer", ("created_at",), unique=False),
    )
