"""The table of e-mails that are still to be sent. See `outbox`."""

from peewee import BigIntegerField, BlobField, CharField, IntegerField, Model

from graphql_api.identity_provider.tables import ID_LENGTH


class QueuedEmailTable(Model):
    """A sealed e-mail, the time of its next try, and the number of tries."""

    id = CharField(max_length=ID_LENGTH, primary_key=True)
    sealed = BlobField()
    created_at = BigIntegerField()
    due_at = BigIntegerField(index=True)
    tries = IntegerField(default=0)

    class Meta:
        table_name = "idp_letter"
