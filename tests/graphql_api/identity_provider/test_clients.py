"""The register of clients and its refusals; migration and clean-up of the store."""

from datetime import timedelta
from typing import Any

import pytest

from graphql_api.identity_provider.migrating import is_provider_current, migrate_provider
from graphql_api.identity_provider.oauth import clients
from graphql_api.identity_provider.oauth.clients import ClientRegistrationError
from graphql_api.identity_provider.oauth.grants import delete_expired
from tests.graphql_api.identity_provider.issuer import ORIGIN, ProviderSite


def test_front_ends_and_machines_are_listed(provider_site: ProviderSite) -> None:
    machine = provider_site.machine()
    site = provider_site.register(name="Autre site", origins=("https://autre.example",))
    listed = clients.list_clients(provider_site.store)
    assert [one.name for one in listed] == ["Autre site", "Région", "Site"]
    assert {one.client_id for one in listed} == {
        machine.client_id,
        site.client_id,
        provider_site.front_end,
    }
    assert clients.origins(provider_site.store) == {ORIGIN, "https://autre.example"}
    with provider_site.store.writing():
        clients.disable(provider_site.store, site.client_id, provider_site.moment)
    assert clients.origins(provider_site.store) == {ORIGIN}
    provider_site.sign_in()
    assert provider_site.authorize(client_id=site.client_id).status_code == 400


def test_secrets_are_kept_hashed(provider_site: ProviderSite) -> None:
    machine, site = provider_site.machine(), provider_site.register(confidential=True)
    written = str(provider_site.rows("SELECT * FROM idp_client"))
    for one in (machine, site):
        assert len(one.secret) >= 43
        assert one.secret not in written


@pytest.mark.parametrize(
    "uri",
    [
        "http://site.example/retour",
        "https://site.example/retour#x",
        "https://site.example/retour#",
        "https://user@site.example/",
        "https://*.site.example/é",
        'https://site.example/"',
        "https://site.example/a b",
        "https://[::1",
        "https:///x",
        "/retour",
        "javascript:alert(1)",
        "myapp://x",
        "https://site.example\\@x/",
        "https://site.example/\n",
    ],
)
def test_unsafe_addresses_are_not_registered(provider_site: ProviderSite, uri: str) -> None:
    for options in ({"redirect_uris": (uri,)}, {"post_logout_redirect_uris": (uri,)}):
        with pytest.raises(ClientRegistrationError):
            provider_site.register(**options)


@pytest.mark.parametrize("uri", ["http://127.0.0.1:3000/x", "http://localhost/x", "http://[::1]/x"])
def test_a_developer_may_use_this_machine(provider_site: ProviderSite, uri: str) -> None:
    assert provider_site.register(redirect_uris=(uri,)).secret is None


@pytest.mark.parametrize(
    "origin", ["*", "null", "https://site.example/", "https://SITE.example", "http://site.example"]
)
def test_an_origin_is_one_that_browsers_send(provider_site: ProviderSite, origin: str) -> None:
    with pytest.raises(ClientRegistrationError):
        provider_site.register(origins=(origin,))


@pytest.mark.parametrize(
    "options",
    [{"scopes": ()}, {"scopes": ("livret:summary",)}, {"scopes": ("x",)}, {"redirect_uris": ()}],
)
def test_a_front_end_has_addresses_and_known_scopes(
    provider_site: ProviderSite, options: Any
) -> None:
    with pytest.raises(ClientRegistrationError):
        provider_site.register(**options)


@pytest.mark.parametrize(
    "keys",
    [{"keys": []}, {"keys": [{"kty": "oct", "k": "eA"}]}, {"x": 1}, {"keys": [{"kty": "?"}]}],
)
def test_a_machine_has_public_keys(provider_site: ProviderSite, keys: Any) -> None:
    with pytest.raises(ClientRegistrationError):
        provider_site.machine(keys=keys)
    with pytest.raises(ClientRegistrationError):
        provider_site.machine(scopes=("livret:write",))


def test_the_store_is_migrated_once(provider_site: ProviderSite) -> None:
    assert is_provider_current(provider_site.store)
    assert migrate_provider(provider_site.store) == []
    provider_site.store.connect()


def test_what_expired_is_swept(provider_site: ProviderSite) -> None:
    provider_site.tokens()
    provider_site.code()
    for days, left in ((0, (2, 2, 1)), (1, (2, 0, 1)), (8, (2, 0, 0)), (31, (0, 0, 0))):
        provider_site.clock.moved = timedelta(days=days)
        delete_expired(provider_site.store, provider_site.moment)
        tables = ("grant", "code", "refresh_token")
        counts = [provider_site.rows(f"SELECT COUNT(*) FROM idp_{one}")[0][0] for one in tables]
        assert tuple(counts) == left
