"""The first tables of the token issuer: keys, clients, grants, codes, refresh tokens, assertions.

A frozen copy of the tables as they were then, deliberately apart from `tables.py`.
"""

from typing import Any

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


class SigningKey(Model):
    kid = CharField(max_length=ID_LENGTH, primary_key=True)
    public = TextField()
    wrapped = BlobField(null=True)
    created_at = BigIntegerField()
    signs_from = BigIntegerField()
    retired_at = BigIntegerField(null=True)

    class Meta:
        table_name = "idp_signing_key"


class ClientRow(Model):
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

    class Meta:
        table_name = "idp_client"


class Grant(Model):
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

    class Meta:
        table_name = "idp_grant"


class Code(Model):
    code_hash = CharField(max_length=64, primary_key=True)
    grant = CharField(max_length=ID_LENGTH, column_name="grant_id", index=True)
    redirect_uri = TextField()
    challenge = CharField(max_length=43)
    nonce = TextField(null=True)
    expires_at = BigIntegerField()
    used = IntegerField(default=0)

    class Meta:
        table_name = "idp_code"


class RefreshToken(Model):
    token_hash = CharField(max_length=64, primary_key=True)
    grant = CharField(max_length=ID_LENGTH, column_name="grant_id", index=True)
    expires_at = BigIntegerField()
    used = IntegerField(default=0)

    class Meta:
        table_name = "idp_refresh_token"


class UsedAssertion(Model):
    client = CharField(max_length=ID_LENGTH)
    jti_hash = CharField(max_length=64)
    expires_at = BigIntegerField(index=True)

    class Meta:
        table_name = "idp_used_assertion"
        primary_key = CompositeKey("client", "jti_hash")


def up(migrator: Any, db: Any) -> None:
    """Create the tables."""
    models = [SigningKey, ClientRow, Grant, Code, RefreshToken, UsedAssertion]
    db.bind(models)
    db.create_tables(models, safe=False)
