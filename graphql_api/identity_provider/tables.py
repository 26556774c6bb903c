"""The provider's tables. Secrets, codes and refresh tokens stand here hashed, private keys wrapped.

Ids are text, times are microseconds since 1970 in UTC, as in the service's own tables. The names
begin with `idp_`, so that the provider may live beside other tables.
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

ID_LENGTH = 64


class SigningKeyTable(Model):
    """A key that signs tokens: its public part, and its private part wrapped by the master key.

    The youngest whose `signs_from` is past signs; all that are not retired are published.
    """

    kid = CharField(max_length=ID_LENGTH, primary_key=True)
    public = TextField()
    wrapped = BlobField(null=True)
    created_at = BigIntegerField()
    signs_from = BigIntegerField()
    retired_at = BigIntegerField(null=True)
    mac = BlobField(null=True)

    class Meta:
        table_name = "idp_signing_key"


class ClientTable(Model):
    """A front end or a machine that may ask for tokens; lists are JSON."""

    id = CharField(max_length=ID_LENGTH, primary_key=True)
    name = TextField()
    authentication = CharField(max_length=20)
    secret_hash = CharField(max_length=64, null=True)
    keys = TextField(null=True)
    redirect_uris = TextField()
    post_logout_redirect_uris = TextField()
    origins = TextField()
    scopes = TextField()
    created_at = BigIntegerField()
    disabled_at = BigIntegerField(null=True)
    mac = BlobField(null=True)

    class Meta:
        table_name = "idp_client"


class GrantTable(Model):
    """The grant of a person to a client by one sign-in; revoking it revokes all its tokens."""

    id = CharField(max_length=ID_LENGTH, primary_key=True)
    client = CharField(max_length=ID_LENGTH)
    subject = TextField(index=True)
    scope = TextField()
    signed_in_at = BigIntegerField()
    acr = TextField(null=True)
    amr = TextField(null=True)
    created_at = BigIntegerField()
    expires_at = BigIntegerField(index=True)
    revoked_at = BigIntegerField(null=True)
    mac = BlobField(null=True)

    class Meta:
        table_name = "idp_grant"


class OAuthCodeTable(Model):
    """An authorization code, redeemed once at most."""

    code_hash = CharField(max_length=64, primary_key=True)
    grant = CharField(max_length=ID_LENGTH, column_name="grant_id", index=True)
    redirect_uri = TextField()
    challenge = CharField(max_length=43)
    nonce = TextField(null=True)
    expires_at = BigIntegerField()
    used = IntegerField(default=0)
    mac = BlobField(null=True)

    class Meta:
        table_name = "idp_code"


class RefreshTokenTable(Model):
    """A refresh token, exchanged once at most for the next of its family, which is the grant."""

    token_hash = CharField(max_length=64, primary_key=True)
    grant = CharField(max_length=ID_LENGTH, column_name="grant_id", index=True)
    expires_at = BigIntegerField()
    used = IntegerField(default=0)
    mac = BlobField(null=True)

    class Meta:
        table_name = "idp_refresh_token"


class UsedAssertionTable(Model):
    """The id of a client's signed assertion that was accepted, kept while it could be replayed."""

    client = CharField(max_length=ID_LENGTH)
    jti_hash = CharField(max_length=64)
    expires_at = BigIntegerField(index=True)

    class Meta:
        table_name = "idp_used_assertion"
        primary_key = CompositeKey("client", "jti_hash")
