"""The keys of accounts: one wrapped key an account.

A frozen copy of the table as it was then, deliberately apart from the accounts' own `tables.py`.
"""

from typing import Any

from peewee import BigIntegerField, BlobField, CharField, Model

ID_LENGTH = 36


class AccountKey(Model):
    account = CharField(max_length=ID_LENGTH, primary_key=True)
    created_at = BigIntegerField(index=True)
    wrapped = BlobField()

    class Meta:
        table_name = "account_key"


def up(migrator: Any, db: Any) -> None:
    """Create the table."""
    models = [AccountKey]
    db.bind(models)
    db.create_tables(models, safe=False)
