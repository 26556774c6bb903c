"""The log of what operators did: who, what, when, and what it was about when that is no person."""

from typing import Any

from peewee import BigIntegerField, CharField, Model, TextField


class OperatorAct(Model):
    id = CharField(max_length=36, primary_key=True)
    at = BigIntegerField(index=True)
    issuer = TextField()
    subject = TextField()
    act = CharField(max_length=40)
    about = TextField(null=True)

    class Meta:
        table_name = "operator_act"


def up(migrator: Any, db: Any) -> None:
    """Create the table."""
    db.bind([OperatorAct])
    db.create_tables([OperatorAct], safe=False)
