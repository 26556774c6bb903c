"""The marks of the stores: what does not belong together is refused, and nothing is written."""

import itertools
import json
import os
from collections.abc import Callable
from pathlib import Path

import peewee
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from graphql_api.app import create_application
from graphql_api.backup import mending
from graphql_api.callers.account_lookup import account_context
from graphql_api.commands import cli
from graphql_api.identity_provider.accounts import accounts
from graphql_api.identity_provider.accounts.accounts import AccountDetails
from graphql_api.identity_provider.signing_keys import current_key, key_name
from graphql_api.identity_provider.tables import SigningKeyTable
from graphql_api.serving import is_ready
from graphql_api.storage.actors import Anonymous
from graphql_api.storage.keys.encryption import DecryptionError, new_key, unwrap, wrap
from graphql_api.storage.keys.service_keys import find_service_key, service_key
from graphql_api.storage.keys.store_marks import (
    Mismatch,
    StoreLead,
    StoreMark,
    StoreMismatchError,
    compare,
    read_mark,
)
from graphql_api.storage.tables import BookletKeyTable
from schema.typography import typeset
from tests.client import TestClient
from tests.conftest import DATABASES, Here, with_booklet
from tests.graphql_api.booklets.closing import close, close_account
from tests.graphql_api.storage.installation import MASTER, OTHER, Installation, installation

NewInstallation = Callable[[], Installation]
COMMANDS = (["serve"], ["migrate"], ["sweep"], ["keys", "list"], ["officers", "list"])


@pytest.fixture(params=DATABASES)
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> NewInstallation:
    """Makes installations on two databases of one kind that nobody has written to."""
    numbers = itertools.count()

    def make() -> Installation:
        names = [f"{tmp_path.name}-{next(numbers)}" for _ in range(2)]
        if request.param == "sqlite":
            urls = tuple(f"sqlite:///{tmp_path}/{name}.db" for name in names)
        else:
            create: Callable[[str], str] = request.getfixturevalue("postgresql")
            urls = tuple(create(name) for name in names)
        return installation((urls[0], urls[1]), tmp_path)

    return make


@pytest.fixture
def used(fresh: NewInstallation) -> Installation:
    """An installation with one booklet."""
    made = fresh()
    made.migrate()
    made.open("owner")
    return made


def check_refused(
    site: Installation,
    mismatch: Mismatch,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Every command and the readiness refuse, in one sentence, and write nothing."""
    before = site.written()
    site.environment(monkeypatch, tmp_path / "environment")
    for words in COMMANDS:
        capsys.readouterr()
        code = cli.main(words)
        if (code, words, mismatch) == (2, ["serve"], Mismatch.SAME_DATABASE):
            continue  # the settings were refused before, since one address is plainly the other
        assert code == 3, words
        said = capsys.readouterr()
        assert said.out == ""
        assert said.err == typeset(f"Bases refusées : {mismatch.value}\n")
    with site.service() as service, pytest.raises(StoreMismatchError) as refused:
        is_ready(service)
    assert refused.value.mismatch is mismatch
    assert site.written() == before


def test_another_master_key_is_refused(
    used: Installation,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    wrong = used.other(master_key=OTHER)
    check_refused(wrong, Mismatch.WRONG_MASTER_KEY, tmp_path, monkeypatch, capsys)


def test_the_key_store_of_another_installation_is_refused_even_under_the_same_master_key(
    used: Installation,
    fresh: NewInstallation,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    other = fresh()
    other.migrate()
    mixed = used.other(key_store_url=other.settings.key_store_url)
    check_refused(mixed, Mismatch.FOREIGN_KEY_STORE, tmp_path, monkeypatch, capsys)


def test_an_empty_key_store_beside_full_data_is_refused(
    used: Installation,
    fresh: NewInstallation,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    mixed = used.other(key_store_url=fresh().settings.key_store_url)
    check_refused(mixed, Mismatch.EMPTY_KEY_STORE, tmp_path, monkeypatch, capsys)


def test_empty_data_beside_a_full_key_store_are_refused(
    used: Installation,
    fresh: NewInstallation,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    mixed = used.other(database_url=fresh().settings.database_url)
    check_refused(mixed, Mismatch.EMPTY_DATA, tmp_path, monkeypatch, capsys)


def test_one_database_for_both_is_refused_however_its_address_is_written(
    fresh: NewInstallation,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    site = fresh()
    for url in _addresses_of(site.settings.database_url, tmp_path):
        same = site.other(key_store_url=url)
        check_refused(same, Mismatch.SAME_DATABASE, tmp_path, monkeypatch, capsys)
        assert not any(any(rows.values()) for rows in same.written())


def _addresses_of(url: str, folder: Path) -> list[str]:
    if not url.startswith("sqlite:"):
        return [url, f"{url}{'&' if '?' in url else '?'}application_name=keys"]
    path = Path(url.removeprefix("sqlite:///"))
    path.touch()
    hard, soft = folder / "hard.db", folder / "soft.db"
    os.link(path, hard)
    soft.symlink_to(path)
    return [url, f"sqlite:///{hard}", f"sqlite:///{soft}", f"sqlite:///{folder}/./{path.name}"]


def test_a_service_whose_key_store_is_exchanged_is_no_longer_ready(used: Installation) -> None:
    exchange = "UPDATE store_mark SET store_id = '{}'"
    with TestClient(create_application(used.settings)) as client, used.service() as service:
        mark = read_mark(service.key_store)
        assert mark is not None
        for id, status in ((mark.store_id, 200), ("another", 503), (mark.store_id, 200)):
            with service.key_store.writing():
                service.key_store.database.execute_sql(exchange.format(id))
            answer = client.get("/readyz")
            assert answer.status_code == status
            assert answer.json() == {"ready": status == 200}


def test_no_application_starts_on_stores_that_do_not_belong_together(
    used: Installation, fresh: NewInstallation
) -> None:
    other = fresh()
    other.migrate()
    mixed = used.other(key_store_url=other.settings.key_store_url)
    for site in (mixed, used.other(master_key=OTHER)):
        with pytest.raises(StoreMismatchError), TestClient(create_application(site.settings)):
            pass


def test_a_service_that_started_before_its_databases_makes_no_key_in_a_foreign_key_store(
    used: Installation, fresh: NewInstallation
) -> None:
    other = fresh()
    other.migrate()
    mixed = used.other(key_store_url=other.settings.key_store_url)
    before = mixed.written()[1]
    with mixed.service() as service, pytest.raises(StoreMismatchError):
        mixed.open_with(service, "somebody")
    assert mixed.written()[1] == before


def test_marking_that_was_interrupted_between_the_stores_is_continued(
    fresh: NewInstallation,
) -> None:
    site = fresh()
    site.migrate()
    with site.service() as service, service.store.writing():
        marked = read_mark(service.key_store)
        service.store.database.execute_sql("DELETE FROM store_mark")
    site.migrate()
    with site.service() as service:
        assert is_ready(service)
        data = read_mark(service.store)
    assert marked is not None
    assert data is not None
    assert data.store_id == marked.store_id


def test_stores_in_use_before_marks_are_marked_and_stay_readable(used: Installation) -> None:
    _forget_marks(used)
    used.migrate()
    with used.service() as service:
        assert is_ready(service)
        (row,) = _keys(service)
        assert len(unwrap(MASTER, row[0], bytes(row[1]))) == 32
    used.open("another")
    assert used.lead() == StoreLead()


def test_accounts_and_signing_keys_from_before_marks_go_on_to_serve(used: Installation) -> None:
    details = AccountDetails("Kerjean", "Maëlle", "maelle@example.org")
    with used.service() as service:
        with service.store.writing():
            context = account_context(service.operation(Anonymous()))
            account = accounts.create(context, details, activated=True)
            key = current_key(service.store, service.service_keys, context.now)
        with service.store.writing():
            service.store.database.execute_sql("UPDATE idp_account SET mark = 'of the master key'")
            old = AESGCM(MASTER).encrypt(
                bytes(12), json.dumps(key.as_dict(private=True)).encode(), _signing_data(key.kid)
            )
            service.store.run(SigningKeyTable.update(wrapped=bytes(12) + old))
    _forget_marks(used)
    used.migrate()
    with used.service() as service, service.store.reading():
        context = account_context(service.operation(Anonymous()))
        found = accounts.find_by_email(context, "maelle@example.org")
        assert found is not None
        assert found.id == account
        assert current_key(service.store, service.service_keys, context.now).kid == key.kid
    assert used.lead() == StoreLead()


def _signing_data(kid: object) -> bytes:
    return f"key|{key_name(str(kid))}".encode()


def test_stores_in_use_before_marks_are_refused_under_another_master_key(
    used: Installation,
) -> None:
    _forget_marks(used)
    before = used.written()
    with pytest.raises(StoreMismatchError) as refused:
        used.other(master_key=OTHER).migrate()
    assert refused.value.mismatch is Mismatch.WRONG_MASTER_KEY
    assert used.written() == before


def test_stores_in_use_before_marks_are_refused_beside_keys_of_others(
    used: Installation, fresh: NewInstallation
) -> None:
    other = fresh()
    other.migrate()
    other.open("somebody")
    for site in (used, other):
        _forget_marks(site)
    with pytest.raises(StoreMismatchError) as refused:
        used.other(key_store_url=other.settings.key_store_url).migrate()
    assert refused.value.mismatch is Mismatch.FOREIGN_KEY_STORE


def _forget_marks(site: Installation) -> None:
    """Make the stores what they were before marks: keys without the id of their master key."""
    with site.service() as service:
        for store in (service.store, service.key_store):
            with store.writing():
                store.database.execute_sql("DELETE FROM store_mark")
        with service.key_store.writing():
            service.key_store.database.execute_sql("DELETE FROM service_key")
            for table in ("booklet_key", "account_key"):
                cut = f"UPDATE {table} SET wrapped = substr(wrapped, 9)"
                service.key_store.database.execute_sql(cut)


def _keys(service: object) -> list[tuple[str, bytes]]:
    key_store = service.key_store  # type: ignore[attr-defined]  # any service
    with key_store.reading():
        query = BookletKeyTable.select(BookletKeyTable.booklet, BookletKeyTable.wrapped)
        return list(key_store.rows(query.tuples()))


def test_a_key_that_another_master_key_wrapped_is_never_written(used: Installation) -> None:
    with used.service() as service:
        key_store = service.key_store
        insert = BookletKeyTable.insert(booklet="x", wrapped=wrap(OTHER, "x", new_key()))
        with pytest.raises(peewee.IntegrityError), key_store.writing():
            key_store.run(insert)
        assert len(_keys(service)) == 1
    assert used.lead() == StoreLead()


def test_the_serials_count_what_is_made_and_destroyed_and_agree(here: Here) -> None:
    site = Installation(here.deployment.settings)
    base = site.lead()
    owner, other = with_booklet(here, "owner"), with_booklet(here, "other")
    before = _serials(site)
    assert close(owner)["__typename"] == "BookletClosed"
    assert close_account(other)["__typename"] == "AccountClosed"
    after = _serials(site)
    assert [new - old for old, new in zip(before, after, strict=True)] == [2, 2]
    assert site.lead() == base


def _serials(site: Installation) -> list[int]:
    with site.service() as service:
        marks = [read_mark(store) for store in (service.store, service.key_store)]
    return [mark.serial for mark in marks if mark is not None]


def test_an_older_store_is_behind_by_what_happened_since(used: Installation) -> None:
    with used.service() as service, service.key_store.writing():
        orphan = BookletKeyTable.insert(booklet="x", wrapped=wrap(MASTER, "x", new_key()))
        service.key_store.run(orphan)
    assert used.lead() == StoreLead(keys=1)
    used.open("another")
    assert used.lead() == StoreLead(keys=1)  # what was not seen stays told
    with used.service() as service:
        mending.destroy_orphan_keys(service.key_store, ["x"], [])
    assert used.lead() == StoreLead(keys=2)
    with used.service() as service:
        mending.settle_serials(service.store, service.key_store, used.lead())
    assert used.lead() == StoreLead()


def test_the_comparison_tells_which_store_is_ahead_and_by_how_much() -> None:
    def mark(serial: int) -> StoreMark:
        return StoreMark("id", serial, b"")

    assert compare(mark(7), mark(7)) == StoreLead()
    assert compare(mark(9), mark(7)) == StoreLead(data=2)
    assert compare(mark(7), mark(10)) == StoreLead(keys=3)


def test_a_service_key_is_made_once_and_opens_under_its_own_name_only(used: Installation) -> None:
    with used.service() as service:
        key_store = service.key_store
        assert find_service_key(key_store, service.master_key, "rights") is None
        key = service_key(key_store, service.master_key, "rights")
        assert len(key) == 32
        assert service_key(key_store, service.master_key, "rights") == key
        assert service_key(key_store, service.master_key, "letters") != key
        with key_store.writing():
            key_store.database.execute_sql("DELETE FROM service_key WHERE name = 'rights'")
            key_store.database.execute_sql(
                "UPDATE service_key SET name = 'rights' WHERE name = 'letters'"
            )
        with pytest.raises(DecryptionError):
            find_service_key(key_store, service.master_key, "rights")
