"""The tables of accounts. What is personal stands in a `sealed` column, secrets stand hashed.

Ids are text, times are microseconds since 1970 in UTC. A table with a column `account` holds what
is deleted with the account.
"""

from peewee import (
    BigIntegerField,
    BlobField,
    CharField,
    CompositeKey,
    IntegerField,
    Model,
    TextField,
)

ID_LENGTH = 36
HASH_LENGTH = 64


class AccountTable(Model):
    """An account that was activated.

    `mark` stands for the e-mail address, if it is proven to be the account's; nobody can find the
    address from it. Names, address and the password's hash are sealed. Nobody signs in to an
    account since `disabled_at`, if it is set.
    """

    id = CharField(max_length=ID_LENGTH, primary_key=True)
    mark = CharField(max_length=HASH_LENGTH, null=True, unique=True)
    version = IntegerField()
    created_at = BigIntegerField()
    updated_at = BigIntegerField()
    sealed = BlobField()
    disabled_at = BigIntegerField(null=True)
    mac = BlobField(null=True)

    class Meta:
        table_name = "idp_account"


class LoginMethodTable(Model):
    """A login method of an account besides its password: a subject of an upstream provider."""

    issuer = TextField()
    subject = TextField()
    account = CharField(max_length=ID_LENGTH, index=True)
    added_at = BigIntegerField()
    mac = BlobField(null=True)

    class Meta:
        table_name = "idp_way_in"
        primary_key = CompositeKey("issuer", "subject")


class AccountSessionTable(Model):
    """A browser that is signed in to an account, by the hash of the secret in its cookie.

    `signed_in_at` is when the person proved who they are, perhaps at another provider before the
    session began. `sealed` is what that provider is told when the browser signs out.
    """

    secret_hash = CharField(max_length=HASH_LENGTH, primary_key=True)
    account = CharField(max_length=ID_LENGTH, index=True)
    signed_in_at = BigIntegerField()
    began_at = BigIntegerField()
    seen_at = BigIntegerField()
    acr = TextField(null=True)
    amr = TextField()
    sealed = BlobField(null=True)
    mac = BlobField(null=True)

    class Meta:
        table_name = "idp_session"


class RegistrationTable(Model):
    """A registration form, until the key that was sent to its address is used.

    It is sealed by that very key and one of the service, with `browser_hash`, so that a row that the
    service did not write opens nothing. `wrapped_key` is the key itself, sealed under a service key, so
    that an operator can have the letter sent again. `browser_hash` tells the browser that sent the
    form.
    """

    key_hash = CharField(max_length=HASH_LENGTH, primary_key=True)
    mark = CharField(max_length=HASH_LENGTH, index=True)
    browser_hash = CharField(max_length=HASH_LENGTH)
    expires_at = BigIntegerField(index=True)
    sealed = BlobField()
    wrapped_key = BlobField(null=True)

    class Meta:
        table_name = "idp_registration"


class EmailTokenTable(Model):
    """A key that was e-mailed: it permits one change of an account, once."""

    key_hash = CharField(max_length=HASH_LENGTH, primary_key=True)
    purpose = CharField(max_length=10)
    account = CharField(max_length=ID_LENGTH, index=True)
    expires_at = BigIntegerField(index=True)
    sealed = BlobField(null=True)
    mac = BlobField(null=True)

    class Meta:
        table_name = "idp_letter_key"


class AccountAttemptTable(Model):
    """The count of attempts until `expires_at`; `counter` is a keyed hash of what and who."""

    counter = CharField(max_length=HASH_LENGTH, primary_key=True)
    count = IntegerField()
    expires_at = BigIntegerField(index=True)

    class Meta:
        table_name = "idp_attempt"


class AccountKeyTable(Model):
    """In the key store: the key of an account, wrapped by the master key."""

    account = CharField(max_length=ID_LENGTH, primary_key=True)
    created_at = BigIntegerField(index=True)
    wrapped = BlobField()

    class Meta:
        table_name = "account_key"
