"""An editor of the database registers no application and grants nothing to one.

What was added or altered counts as absent.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from graphql_api.configuration.settings import Settings
from graphql_api.identity_provider.accounts.authenticated_tables import (
    ACCOUNT_ROWS,
    ACCOUNT_STATES,
)
from graphql_api.identity_provider.accounts.tables import AccountTable
from graphql_api.identity_provider.authenticated_tables import (
    APPLICATION_ROWS,
    APPLICATIONS,
    CODE_ROWS,
    GRANT_ROWS,
    GRANTS,
    REFRESH_TOKEN_ROWS,
)
from graphql_api.identity_provider.oauth import clients
from graphql_api.identity_provider.oauth.clients import (
    FrontEnd,
    register_machine,
    revise_front_end,
)
from graphql_api.identity_provider.oauth.grants import (
    find_code,
    find_grant,
    find_refresh_token,
    use_code,
    use_refresh_token,
)
from graphql_api.identity_provider.oauth.provider_context import ProviderContext
from graphql_api.identity_provider.tables import ClientTable, GrantTable, RefreshTokenTable
from graphql_api.serving import build_service, migrate_stores
from graphql_api.storage.keys.authenticated_rows import AuthenticatedTable
from graphql_api.storage.operation import digest
from graphql_api.storage.tables import ServiceKeyTable
from tests.graphql_api.identity_provider.issuer import BACK, NOW, SETTINGS, ProviderSite, basic
from tests.graphql_api.storage.test_migrations import Place, place

__all__ = ["place"]  # a fixture

Row = dict[str, Any]
SECRETS = {digest("forged"): "forged"}  # of the codes and tokens that the fixture makes, by hash
LATER = 2 * NOW * 1_000_000


def context_of(site: ProviderSite) -> ProviderContext:
    return ProviderContext(SETTINGS, site.store, site.accounts.step(), site.clock())


def is_granted(site: ProviderSite, row: Row) -> bool:
    found = find_grant(context_of(site), row["id"])
    return found is not None and found.good


def is_redeemable(site: ProviderSite, row: Row) -> bool:
    found = find_code(context_of(site), SECRETS.get(row["code_hash"], ""))
    return found is not None and found.unused and found.grant.good


def is_exchangeable(site: ProviderSite, row: Row) -> bool:
    found = find_refresh_token(context_of(site), SECRETS.get(row["token_hash"], ""))
    return found is not None and found.unused and found.grant.good


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
    "idp_grant": (
        GRANT_ROWS,
        is_granted,
        {
            "id": "forged",
            "client": "forged",
            "subject": "victim",
            "scope": "openid livret:read",
            "signed_in_at": NOW + 1,
            "acr": "eidas2",
            "amr": '["mfa"]',
            "created_at": 1,
            "expires_at": LATER,
            "revoked_at": 1,
        },
    ),
    "idp_code": (
        CODE_ROWS,
        is_redeemable,
        {
            "code_hash": digest("forged"),
            "grant": "forged",
            "redirect_uri": "https://forged.example/",
            "challenge": "0" * 43,
            "nonce": "forged",
            "expires_at": LATER,
            "used": 1,
        },
    ),
    "idp_refresh_token": (
        REFRESH_TOKEN_ROWS,
        is_exchangeable,
        {"token_hash": digest("forged"), "grant": "forged", "expires_at": LATER, "used": 1},
    ),
}
# Where the row is not even looked at: it says itself that it gives nothing.
NOT_READ = {
    ("idp_client", "disabled_at"),
    ("idp_grant", "revoked_at"),
    ("idp_code", "used"),
    ("idp_refresh_token", "used"),
}


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
    for _ in range(2):
        for secret in (provider_site.code(), provider_site.tokens()["refresh_token"]):
            SECRETS[digest(secret)] = secret
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


def a_grant(subject: str, **more: Any) -> Row:
    """A grant that runs, as an editor would write it."""
    return {
        "id": "forged",
        "client": "site",
        "subject": subject,
        "scope": "openid",
        "signed_in_at": NOW,
        "created_at": 1,
        "expires_at": LATER,
    } | more


@pytest.mark.parametrize("scope", ["openid", "openid livret:read livret:write"])
def test_a_grant_and_a_token_that_were_added_give_no_token(
    provider_site: ProviderSite, scope: str
) -> None:
    store, mine = provider_site.store, provider_site.tokens()["refresh_token"]
    forged = a_grant("victim", client=provider_site.front_end, scope=scope)
    token = {"token_hash": digest("forged"), "grant": "forged", "expires_at": LATER}
    with store.writing():
        store.run(GrantTable.insert(forged))
        store.run(RefreshTokenTable.insert(token))
    assert provider_site.refresh("forged").status_code == 400
    with store.writing():  # a token of one's own, moved to the grant
        store.run(RefreshTokenTable.update(grant="forged"))
    assert provider_site.refresh(mine).status_code == 400


def test_what_was_used_or_revoked_is_not_revived_by_setting_it_back(
    provider_site: ProviderSite,
) -> None:
    store, code = provider_site.store, provider_site.code()
    tokens = provider_site.redeem(code).json()
    with store.writing():
        store.run(CODE_ROWS.table.update(used=0))
    assert provider_site.redeem(code).status_code == 400
    following = provider_site.refresh(tokens["refresh_token"]).json()
    with store.writing():
        store.run(RefreshTokenTable.update(used=0))
    assert provider_site.refresh(tokens["refresh_token"]).status_code == 400
    assert provider_site.userinfo(following["access_token"]).status_code == 200
    assert provider_site.revoke(following["refresh_token"]).status_code == 200
    with store.writing():
        assert store.run(GrantTable.update(revoked_at=None)) == 1
    assert provider_site.userinfo(following["access_token"]).status_code == 401
    assert provider_site.refresh(following["refresh_token"]).status_code == 400


def test_a_token_that_was_read_as_used_is_not_used_once_it_is_set_back(
    provider_site: ProviderSite,
) -> None:
    """An editor writes between two statements of a request."""
    store, context = provider_site.store, context_of(provider_site)
    code = provider_site.code()
    token, other = (provider_site.tokens()["refresh_token"] for _ in range(2))
    with store.writing():
        store.run(CODE_ROWS.table.update(used=1))
        store.run(
            RefreshTokenTable.update(used=1).where(RefreshTokenTable.token_hash == digest(token))
        )
        read_code, read_token = find_code(context, code), find_refresh_token(context, token)
        assert read_code is not None
        assert read_token is not None
        store.run(CODE_ROWS.table.update(used=0))
        store.run(RefreshTokenTable.update(used=0))
        assert not use_code(context, read_code)
        assert not use_refresh_token(context, read_token)
        before = store.row(GrantTable.select(GrantTable.subject).tuples())
        assert before is not None
        store.run(
            GrantTable.update(revoked_at=1, subject="victim").where(GrantTable.revoked_at.is_null())
        )
        forged = find_refresh_token(context, other)
        assert forged is not None
        assert not forged.grant.good
        store.run(
            GrantTable.update(revoked_at=None, subject=before[0]).where(
                GrantTable.mac.is_null(False)
            )
        )
        good = find_refresh_token(context, other)
        assert good is not None
        assert good.grant.good
        assert not use_refresh_token(context, forged)


def test_rows_are_signed_at_the_first_start_and_never_again(place: Place, tmp_path: Path) -> None:
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
    with service.key_store.writing():  # as before the migrations
        kept = ServiceKeyTable.name.in_([APPLICATIONS, GRANTS, ACCOUNT_STATES])
        assert service.key_store.run(ServiceKeyTable.delete().where(kept)) == 3
    store.row_key = lambda _name: bytes(32)
    with store.writing():
        first, second = (register_machine(store, name, 1).client_id for name in ("one", "two"))
        clients.disable(store, second, 2)
        store.run(ClientTable.update(mac=None))
        store.run(GrantTable.insert(a_grant("maelle")))
        times = {"version": 1, "created_at": 1, "updated_at": 1}
        store.run(AccountTable.insert(id="account", mark="0" * 64, sealed=b"sealed", **times))
    service.close()
    for signed in (True, False):
        service = build_service(settings)
        migrate_stores(service)
        store = service.store
        with store.writing():
            assert (clients.find(store, first) is not None) is signed
            for of in (GRANT_ROWS, ACCOUNT_ROWS):
                row = store.row(of.table.select(*of.columns).tuples())
                assert row is not None
                assert of.is_genuine(store, row) is signed
                store.run(of.table.update(mac=None))
            store.run(ClientTable.update(disabled_at=None))
            assert clients.find(store, second) is None
            store.run(ClientTable.update(mac=None))
        service.close()
