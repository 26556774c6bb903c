"""An editor of the database registers no application: what was added or altered counts as absent."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from graphql_api.configuration.settings import Settings
from graphql_api.identity_provider.authenticated_tables import APPLICATION_ROWS, APPLICATIONS
from graphql_api.identity_provider.oauth import clients
from graphql_api.identity_provider.oauth.clients import (
    FrontEnd,
    register_machine,
    revise_front_end,
)
from graphql_api.identity_provider.tables import ClientTable
from graphql_api.serving import build_service, migrate_stores
from graphql_api.storage.keys.authenticated_rows import AuthenticatedTable
from graphql_api.storage.tables import ServiceKeyTable
from tests.graphql_api.identity_provider.issuer import BACK, ProviderSite, basic
from tests.graphql_api.storage.test_migrations import Place, place

__all__ = ["place"]  # a fixture

Row = dict[str, Any]

# The table, whether a row gives what it says, and another value for each field.
GIVES: dict[str, tuple[AuthenticatedTable, Callable[[ProviderSite, Row], bool], Row]] = {
    "idp_client": (
        APPLICATION_ROWS,
        lambda site, row: clients.find(site.store, row["id"]) is not None,
        {
            "id": "client-forged",
            "name": "Forged",
            "authentication": "private_key_jwt",
            "secret_hash": "0" * 64,
            "keys": '{"keys": []}',
            "redirect_uris": '["https://forged.example/"]',
            "post_logout_redirect_uris": '["https://forged.example/"]',
            "origins": '["https://forged.example"]',
            "scopes": '["livret:summary"]',
            "created_at": 1,
            "disabled_at": 1,
        },
    ),
}
NOT_READ = {("idp_client", "disabled_at")}  # the row is not even looked at


def genuine(site: ProviderSite, of: AuthenticatedTable) -> list[Row]:
    """The rows of a table that give what they say, whole."""
    fields = of.table._meta.sorted_fields
    rows = site.store.rows(of.table.select(*fields).tuples())
    named = [dict(zip([field.name for field in fields], row, strict=True)) for row in rows]
    return [row for row in named if GIVES[of.name][1](site, row)]


def alter(site: ProviderSite, of: AuthenticatedTable, row: Row, **changes: Any) -> Row:
    """Write other values into a row as an editor would, and return it as it is then."""
    (key,) = of.table._meta.get_primary_keys()
    with site.store.writing():
        changed = site.store.run(of.table.update(**changes).where(key == row[key.name]))
    assert changed == 1
    return row | changes


@pytest.fixture
def filled(provider_site: ProviderSite) -> ProviderSite:
    """A provider with several rows of each table."""
    provider_site.register(confidential=True)
    return provider_site


@pytest.mark.parametrize("name", GIVES)
def test_a_row_that_was_altered_counts_as_absent(
    filled: ProviderSite, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    of, gives, others = GIVES[name]
    row = genuine(filled, of)[0]
    assert set(others) == set(of.fields)
    for column, value in others.items():
        caplog.clear()
        altered = alter(filled, of, row, **{column: value})
        assert not gives(filled, altered), column
        if (name, column) not in NOT_READ:
            assert f"not authentic: {name} " in caplog.text, column
        alter(filled, of, altered, **{column: row[column]})
        assert gives(filled, row), column
    for mac in (None, b"", b"wrong"):
        alter(filled, of, row, mac=mac)
        assert not gives(filled, row)


@pytest.mark.parametrize("name", GIVES)
def test_the_macs_of_two_rows_do_not_serve_each_other(filled: ProviderSite, name: str) -> None:
    of, gives, _ = GIVES[name]
    one, two, *_ = genuine(filled, of)
    alter(filled, of, one, mac=two["mac"])
    alter(filled, of, two, mac=one["mac"])
    assert not gives(filled, one)
    assert not gives(filled, two)


@pytest.mark.parametrize("name", GIVES)
@pytest.mark.parametrize("with_mac", [False, True])
def test_a_row_that_was_added_counts_as_absent(
    filled: ProviderSite, name: str, with_mac: bool
) -> None:
    """A copy of a genuine row under another key, with its MAC or with none."""
    of, gives, others = GIVES[name]
    row = genuine(filled, of)[0]
    (key,) = of.table._meta.get_primary_keys()
    added = row | {key.name: others[key.name]} | ({} if with_mac else {"mac": None})
    with filled.store.writing():
        filled.store.run(of.table.insert(added))
    assert not gives(filled, added)
    assert gives(filled, row)


def test_an_application_that_was_altered_signs_nobody_in_and_gets_no_token(
    provider_site: ProviderSite,
) -> None:
    made = provider_site.machine()
    asked = {"grant_type": "client_credentials", "scope": "livret:summary"}
    by_secret = basic(made.client_id, made.secret)
    assert provider_site.token(headers=by_secret, **asked).status_code == 200
    provider_site.sign_in()
    assert provider_site.authorize().status_code == 303
    elsewhere = "https://forged.example/"
    for row in genuine(provider_site, APPLICATION_ROWS):
        alter(provider_site, APPLICATION_ROWS, row, redirect_uris=f'["{BACK}", "{elsewhere}"]')
    assert provider_site.token(headers=by_secret, **asked).status_code == 401
    for address in (BACK, elsewhere):
        assert provider_site.authorize(redirect_uri=address).status_code == 400
    assert clients.list_clients(provider_site.store) == []
    assert clients.origins(provider_site.store) == frozenset()


def test_an_application_that_was_disabled_is_not_revived_by_setting_back_the_time(
    provider_site: ProviderSite,
) -> None:
    store, (row,) = provider_site.store, genuine(provider_site, APPLICATION_ROWS)
    with store.writing():
        assert clients.disable(store, row["id"], provider_site.moment)
        assert not clients.disable(store, row["id"], provider_site.moment)
    alter(provider_site, APPLICATION_ROWS, row, disabled_at=None)
    assert clients.find(store, row["id"]) is None


def test_an_application_that_was_altered_is_not_made_genuine_by_a_revision(
    provider_site: ProviderSite,
) -> None:
    store, (row,) = provider_site.store, genuine(provider_site, APPLICATION_ROWS)
    revised = FrontEnd("Autre nom", (BACK,))
    with store.writing():
        assert revise_front_end(store, row["id"], revised)
        assert clients.find(store, row["id"]) is not None
    alter(provider_site, APPLICATION_ROWS, row, scopes='["openid", "livret:write"]')
    with store.writing():
        assert not revise_front_end(store, row["id"], revised)
    assert clients.find(store, row["id"]) is None


def test_applications_are_signed_at_the_first_start_and_never_again(
    place: Place, tmp_path: Path
) -> None:
    settings = Settings(
        database_url=place.urls[0],
        key_store_url=place.urls[1],
        master_key=bytes(32),
        mail_folder=tmp_path,
        threads=1,
    )
    service = build_service(settings)
    migrate_stores(service)
    store = service.store
    with service.key_store.writing():  # as before the migration
        kept = ServiceKeyTable.name == APPLICATIONS
        assert service.key_store.run(ServiceKeyTable.delete().where(kept)) == 1
    store.row_key = lambda _name: bytes(32)
    with store.writing():
        first, second = (register_machine(store, name, 1).client_id for name in ("one", "two"))
        clients.disable(store, second, 2)
        store.run(ClientTable.update(mac=None))
    service.close()
    for signed in (True, False):
        service = build_service(settings)
        migrate_stores(service)
        store = service.store
        with store.writing():
            assert (clients.find(store, first) is not None) is signed
            store.run(ClientTable.update(disabled_at=None))
            assert clients.find(store, second) is None
            store.run(ClientTable.update(mac=None))
        service.close()
