"""The tables, whose classes end in `Table`. Everything personal stands in a `sealed` column.

Models are used to build queries and are bound to no database: a `Store` runs them. Ids are UUIDs
as text, times are microseconds since 1970 in UTC, so that both databases give the same rows. Every
table of a booklet carries the booklet's id, first in its key.

A column `mac` authenticates its row: see `authenticated_rows`.

All tables stand in this one module, however long it grows: `erasing` finds here every table that
has a booklet or a person, so that a table added later is not forgotten.
"""

from typing import Any

from peewee import (
    BigIntegerField,
    BlobField,
    BooleanField,
    CharField,
    CompositeKey,
    IntegerField,
    Model,
    TextField,
)

ID_LENGTH = 36


def _id(**options: Any) -> CharField:
    return CharField(max_length=ID_LENGTH, **options)


class PersonTable(Model):
    """A person, who may have several login identities."""

    id = _id(primary_key=True)
    created_at = BigIntegerField()

    class Meta:
        table_name = "person"


class LoginIdentityTable(Model):
    """A login identity of a person: the subject of an issuer (OpenID Connect Core, section 2)."""

    issuer = TextField()
    subject = TextField()
    person = _id(index=True)
    mac = BlobField(null=True)

    class Meta:
        table_name = "identity"
        primary_key = CompositeKey("issuer", "subject")


class BookletTable(Model):
    """One booklet, whose content stands in its sections; `person` owns it."""

    id = _id(primary_key=True)
    person = _id(unique=True)
    state = CharField(max_length=20)
    version = IntegerField()
    code_hash = CharField(max_length=64)
    charter_version = CharField(max_length=20, null=True)
    charter_accepted_at = BigIntegerField(null=True)
    created_at = BigIntegerField()
    updated_at = BigIntegerField()
    mac = BlobField(null=True)

    class Meta:
        table_name = "booklet"


class BookletSectionTable(Model):
    """A section of a booklet: one sealed document; `version` is that of the head when it was written."""

    booklet = _id()
    section = CharField(max_length=20)
    version = BigIntegerField()
    sealed = BlobField()

    class Meta:
        table_name = "booklet_section"
        primary_key = CompositeKey("booklet", "section")


class DraftTable(Model):
    """A draft of an entry; its rubric and content are sealed, in the form that `shape` numbers."""

    booklet = _id()
    id = _id()
    version = IntegerField()
    shape = IntegerField()
    saved_at = BigIntegerField(index=True)
    sealed = BlobField()

    class Meta:
        table_name = "draft"
        primary_key = CompositeKey("booklet", "id")


class DossierIndexTable(Model):
    """Which booklet a dossier is of; what it says stands in the section of dossiers."""

    booklet = _id()
    id = _id(index=True)

    class Meta:
        table_name = "dossier_index"
        primary_key = CompositeKey("booklet", "id")


class AnswerTable(Model):
    """The sealed answer of a request that came with an idempotency key."""

    booklet = _id()
    key_hash = CharField(max_length=64)
    request_hash = CharField(max_length=64)
    created_at = BigIntegerField(index=True)
    sealed = BlobField()

    class Meta:
        table_name = "answer"
        primary_key = CompositeKey("booklet", "key_hash")


class AuthorizationCodeTable(Model):
    """An authorization code (code d'autorisation), hashed; `siret` is the collectivité's.

    `reference` names the code to people, once in a collectivité; it opens nothing.
    """

    code_hash = CharField(max_length=64, primary_key=True)
    siret = CharField(max_length=14, index=True)
    created_at = BigIntegerField()
    expires_at = BigIntegerField()
    used_at = BigIntegerField(null=True)
    id = _id(null=True, index=True)
    batch = _id(null=True, index=True)
    reference = CharField(max_length=9, null=True)
    max_uses = IntegerField(default=1)
    uses = IntegerField(default=0)
    revoked_at = BigIntegerField(null=True)
    mac = BlobField(null=True)

    class Meta:
        table_name = "authorization_code"
        indexes = ((("siret", "reference"), True),)


class LocalAuthorityTable(Model):
    """What a collectivité is called, as the operator wrote it."""

    siret = CharField(max_length=14, primary_key=True)
    name = TextField()

    class Meta:
        table_name = "local_authority"


class CharterAcceptanceTable(Model):
    """An acceptance of a version of the charter; a new version adds a row."""

    booklet = _id()
    version = CharField(max_length=20)
    accepted_at = BigIntegerField()

    class Meta:
        table_name = "charter_acceptance"
        primary_key = CompositeKey("booklet", "version")


class OfficerTable(Model):
    """An HR officer: a person who hands out authorization codes for a collectivité."""

    person = _id()
    siret = CharField(max_length=14)
    created_at = BigIntegerField()
    mac = BlobField(null=True)

    class Meta:
        table_name = "officer"
        primary_key = CompositeKey("person", "siret")


class OperatorTable(Model):
    """A person who operates the service, and reads no booklet."""

    person = _id(primary_key=True)
    created_at = BigIntegerField()
    mac = BlobField(null=True)

    class Meta:
        table_name = "operator"


class AccessRecordTable(Model):
    """A record of the access log of a booklet; who read what, or was refused, is sealed.

    `hour` counts the hours since 1970, for a refusal only; `times` is above 1 where one row stands
    for several.
    """

    booklet = _id()
    id = _id()
    at = BigIntegerField(index=True)
    sealed = BlobField()
    hour = BigIntegerField(null=True)
    times = IntegerField(default=1)

    class Meta:
        table_name = "access_record"
        primary_key = CompositeKey("booklet", "id")


class AttemptTable(Model):
    """How many attempts at a secret failed since `window`; `counter` hashes the caller."""

    counter = CharField(max_length=64, primary_key=True)
    window = BigIntegerField()
    count = IntegerField()

    class Meta:
        table_name = "attempt"


class ErasedBookletTable(Model):
    """The tombstone of a closed booklet or account: an id and a time, nothing of its content or its
    owner."""

    booklet = _id(primary_key=True)
    closed_at = BigIntegerField()
    key_destroyed = BooleanField()
    mac = BlobField(null=True)

    class Meta:
        table_name = "tombstone"


class SetAsideTable(Model):
    """A booklet whose key is missing, and whose it is: its row has its own id in place of a person.

    So its owner may open another. It is given back if the key comes back.
    """

    booklet = _id(primary_key=True)
    person = _id(index=True)
    at = BigIntegerField()

    class Meta:
        table_name = "set_aside"


class SessionTable(Model):
    """A session of a browser, found by the hash of its secret; its ID token is sealed.

    `signed_in_at` is in seconds since 1970, as tokens state it.
    """

    secret_hash = CharField(max_length=64, primary_key=True)
    issuer = TextField()
    subject = TextField()
    signed_in_at = BigIntegerField(null=True)
    acr = TextField(null=True)
    created_at = BigIntegerField()
    seen_at = BigIntegerField(index=True)
    sealed = BlobField()
    mac = BlobField(null=True)

    class Meta:
        table_name = "session"
        indexes = ((("issuer", "subject"), False),)


class KeptFormTable(Model):
    """A form that was sent after its session had ended, sealed with a secret that a cookie holds."""

    secret_hash = CharField(max_length=64, primary_key=True)
    issuer = TextField()
    subject = TextField()
    expires_at = BigIntegerField(index=True)
    sealed = BlobField()

    class Meta:
        table_name = "kept_form"
        indexes = ((("issuer", "subject"), False),)


class OperatorActTable(Model):
    """What an operator did, by how they signed in; `about` names no person.

    Not a table of a person: the log outlives the right. Closing the account empties `subject`.
    """

    id = CharField(max_length=36, primary_key=True)
    at = BigIntegerField(index=True)
    issuer = TextField()
    subject = TextField()
    act = CharField(max_length=40)
    about = TextField(null=True)

    class Meta:
        table_name = "operator_act"


class SiteTable(Model):
    """A delegation or institute that was registered, and the machine that calls for it."""

    id = CharField(max_length=20, primary_key=True)
    client = CharField(max_length=64, unique=True, null=True)
    created_at = BigIntegerField()
    disabled_at = BigIntegerField(null=True)
    mac = BlobField(null=True)

    class Meta:
        table_name = "site"


class ConsentTable(Model):
    """A consent: what a site may read of a booklet. It is live until `expires_at`.

    At most one of a booklet for a site is live. `sections` are codes, in the order of
    `SummarySection`, between spaces. `changed_at` moves with the consent and with what the booklet
    holds. `digest` is that of the terms, salted; `event` is the number under which it stands in
    the chain of events. The purpose and the salt are sealed.
    """

    booklet = _id()
    id = _id()
    version = IntegerField()
    site = CharField(max_length=20)
    sections = TextField()
    notice_version = CharField(max_length=20)
    notice_hash = CharField(max_length=64)
    given_at = BigIntegerField()
    expires_at = BigIntegerField()
    changed_at = BigIntegerField()
    digest = CharField(max_length=64)
    event = BigIntegerField()
    sealed = BlobField()
    mac = BlobField(null=True)

    class Meta:
        table_name = "consent"
        primary_key = CompositeKey("booklet", "id")
        indexes = (
            (("site", "changed_at", "id"), False),
            (("site", "id"), False),
            (("site", "expires_at"), False),
        )


class KeptSummaryTable(Model):
    """The summary of a live consent as it was last made, sealed; there is none once anything changed.

    `made_of` says of what it was made: the edition of the code, the consent's version, the head's
    version and tag.
    """

    booklet = _id()
    consent = _id()
    made_of = CharField(max_length=200)
    sealed = BlobField()

    class Meta:
        table_name = "kept_summary"
        primary_key = CompositeKey("booklet", "consent")


class PastConsentTable(Model):
    """A consent that has ended, which only its owner reads."""

    booklet = _id()
    id = _id()
    version = IntegerField()
    site = CharField(max_length=20)
    sections = TextField()
    notice_version = CharField(max_length=20)
    notice_hash = CharField(max_length=64)
    given_at = BigIntegerField()
    expires_at = BigIntegerField()
    digest = CharField(max_length=64)
    event = BigIntegerField()
    sealed = BlobField()
    ended_at = BigIntegerField(index=True)
    reason = CharField(max_length=20)

    class Meta:
        table_name = "past_consent"
        primary_key = CompositeKey("booklet", "id")


class SummaryTombstoneTable(Model):
    """A tombstone that tells a site to delete a summary, since its consent ended.

    It outlives the booklet, and therefore names none.
    """

    site = CharField(max_length=20)
    id = _id()
    at = BigIntegerField(index=True)
    reason = CharField(max_length=20)

    class Meta:
        table_name = "summary_stone"
        primary_key = CompositeKey("site", "id")
        indexes = ((("site", "at", "id"), False),)


class ConsentEventTable(Model):
    """An event in the chain of events of consents: hashes, which name no booklet.

    Numbers have no gap, and rows are never changed. `at` is the day, so that an event cannot be
    matched with the closing of a booklet by its time.
    """

    number = BigIntegerField(primary_key=True)
    at = BigIntegerField()
    kind = CharField(max_length=20)
    digest = CharField(max_length=64)
    hash = CharField(max_length=64)

    class Meta:
        table_name = "consent_event"


class ShareLinkTable(Model):
    """A share link, by which a dossier is read; its secret is hashed, its name sealed.

    `pin_mark` is a blind index of the PIN under the booklet's key. `failures` counts wrong PINs
    that came with the right secret. `views_left` is null when the openings are not counted.
    """

    booklet = _id()
    id = _id(unique=True)
    dossier = _id()
    secret_hash = CharField(max_length=64)
    pin_mark = CharField(max_length=64, null=True)
    failures = IntegerField(default=0)
    views_left = IntegerField(null=True)
    issued_at = BigIntegerField()
    expires_at = BigIntegerField()
    opened_at = BigIntegerField(null=True)
    revoked_at = BigIntegerField(null=True)
    sealed = BlobField()
    mac = BlobField(null=True)

    class Meta:
        table_name = "share_link"
        primary_key = CompositeKey("booklet", "id")


class ShareSessionTable(Model):
    """A session of a browser that opened a share link, found by the hash of its secret."""

    secret_hash = CharField(max_length=64, primary_key=True)
    booklet = _id(index=True)
    link = _id()
    expires_at = BigIntegerField(index=True)
    mac = BlobField(null=True)

    class Meta:
        table_name = "share_session"


class ReminderTable(Model):
    """Whether the owner of a booklet wants reminders by e-mail: null where not, or no longer.

    `looked_at` is when the booklet was last looked at for a reminder. `token_hash` hashes what the
    letters carry to end them. The token, what was told and when are sealed.
    """

    booklet = _id(primary_key=True)
    enabled_at = BigIntegerField(null=True)
    looked_at = BigIntegerField(index=True)
    token_hash = CharField(max_length=64, null=True, unique=True)
    sealed = BlobField()

    class Meta:
        table_name = "reminder"


class SweepTable(Model):
    """The last sweep, in one row; `removed` counts what went by kind, `failed` names kinds: JSON.

    `claimed_until` keeps other processes from sweeping on a timer at the same time.
    """

    id = IntegerField(primary_key=True)
    claimed_until = BigIntegerField()
    began_at = BigIntegerField()
    ended_at = BigIntegerField(null=True)
    removed = TextField()
    failed = TextField()

    class Meta:
        table_name = "sweep"


class BackupTable(Model):
    """When the data or the keys (`part`) were last backed up, and a backup of them last read whole.

    `verified_from` is when the one that was read had been made.
    """

    part = CharField(max_length=10, primary_key=True)
    finished_at = BigIntegerField(null=True)
    verified_at = BigIntegerField(null=True)
    verified_from = BigIntegerField(null=True)

    class Meta:
        table_name = "backup"


class StatisticsMonthTable(Model):
    """A month whose statistics were published, with noise of that standard deviation."""

    month = CharField(max_length=7, primary_key=True)
    published_at = BigIntegerField()
    deviation = IntegerField()
    smallest_shown = IntegerField()

    class Meta:
        table_name = "statistics_month"


class StatisticsCellTable(Model):
    """A published figure, which names nobody; `persons` is null where it is hidden."""

    month = CharField(max_length=7)
    name = CharField(max_length=40)
    code = CharField(max_length=40)
    persons = IntegerField(null=True)

    class Meta:
        table_name = "statistics_cell"
        primary_key = CompositeKey("month", "name", "code")


class BookletKeyTable(Model):
    """In the key store: the key of a booklet, wrapped by the master key."""

    booklet = _id(primary_key=True)
    wrapped = BlobField()

    class Meta:
        table_name = "booklet_key"


class KnownHeadTable(Model):
    """In the key store: the highest version of the head of a booklet, its tag and its epoch."""

    booklet = _id(primary_key=True)
    version = BigIntegerField()
    tag = BlobField()
    epoch = BigIntegerField(default=0)

    class Meta:
        table_name = "known_head"


class ClosingTable(Model):
    """In the key store: that a booklet, an account or a person was closed, and when."""

    kind = CharField(max_length=10)
    id = _id()
    closed_at = BigIntegerField(index=True)

    class Meta:
        table_name = "closing"
        primary_key = CompositeKey("kind", "id")


class ServiceKeyTable(Model):
    """In the key store: a random key of the service for one purpose, wrapped by the master key."""

    name = CharField(max_length=60, primary_key=True)
    wrapped = BlobField()

    class Meta:
        table_name = "service_key"


class StoreMarkTable(Model):
    """In both stores, one row: the id that they share, and how often a key was made or destroyed.

    `sealed` opens under the master key in the key store, under a key of the service in the data.
    Triggers of the migrations count `serial`.
    """

    store_id = _id(primary_key=True)
    serial = BigIntegerField()
    sealed = BlobField()

    class Meta:
        table_name = "store_mark"
