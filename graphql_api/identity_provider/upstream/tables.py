"""The table of upstream sign-ins. What is personal stands sealed, secrets stand hashed."""

from peewee import BigIntegerField, BlobField, CharField, Model

HASH_LENGTH = 64


class PendingLoginTable(Model):
    """A person whom a provider identified, and who has still to say which account they mean.

    It is sealed by the secret in the browser's cookie and a key of the service, so that nothing here
    opens it, and nothing that the service did not write opens.
    """

    secret_hash = CharField(max_length=HASH_LENGTH, primary_key=True)
    expires_at = BigIntegerField(index=True)
    sealed = BlobField()

    class Meta:
        table_name = "idp_arrival"
