"""The register of clients and its refusals; migration and clean-up of the store."""

from datetime import timedelta
from typing import Any

import pytest

from graphql_api.identity_provider import clients
from graphql_api.identity_provider.clients import ClientRegistrationError
from graphql_api.identity_provider.grants import delete_expired
from graphql_api.identity_provider.migrating import is_provider_current, migrate_provider
from tests.graphql_api.identity_provider.issuer import ORIGIN, Place


def test_front_ends_and_machines_are_listed(place: Place) -> None:
    machine = place.machine()
    site = place.register(name="Autre site", origins=("https://autre.example",))
    listed = clients.list_clients(place.store)
    assert [one.name for one in listed] == ["Autre site", "Région", "Site"]
    assert {one.client_id for one in listed} == {
        machine.client_id,
        site.client_id,
        place.front_end,
    }
    assert clients.origins(place.store) == {ORIGIN, "https://autre.example"}
    with place.store.writing():
        clients.disable(place.store, site.client_id, place.moment)
    assert clients.origins(place.store) == {ORIGIN}
    place.sign_in()
    assert place.authorize(client_id=site.client_id).status_code == 400


def test_secrets_are_kept_hashed(place: Place) -> None:
    machine, site = place.machine(), place.register(confidential=True)
    written = str(place.rows("SELECT * FROM idp_client"))
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
def test_unsafe_addresses_are_not_registered(place: Place, uri: str) -> None:
    for options in ({"redirect_uris": (uri,)}, {"post_logout_redirect_uris": (uri,)}):
        with pytest.raises(ClientRegistrationError):
            place.register(**options)


@pytest.mark.parametrize("uri", ["http://127.0.0.1:3000/x", "http://localhost/x", "http://[::1]/x"])
def test_a_developer_may_use_this_machine(place: Place, uri: str) -> None:
    assert place.register(redirect_uris=(uri,)).secret is None


@pytest.mark.parametrize(
    "origin", ["*", "null", "https://site.example/", "https://SITE.example", "http://site.example"]
)
def test_an_origin_is_one_that_browsers_send(place: Place, origin: str) -> None:
    with pytest.raises(ClientRegistrationError):
        place.register(origins=(origin,))


@pytest.mark.parametrize(
    "options",
    [{"scopes": ()}, {"scopes": ("livret:summary",)}, {"scopes": ("x",)}, {"redirect_uris": ()}],
)
def test_a_front_end_has_addresses_and_known_scopes(place: Place, options: Any) -> None:
    with pytest.raises(ClientRegistrationError):
        place.register(**options)


@pytest.mark.parametrize(
    "keys",
    [{"keys": []}, {"keys": [{"kty": "oct", "k": "eA"}]}, {"x": 1}, {"keys": [{"kty": "?"}]}],
)
def test_a_machine_has_public_keys(place: Place, keys: Any) -> None:
    with pytest.raises(ClientRegistrationError):
        place.machine(keys=keys)
    with pytest.raises(ClientRegistrationError):
        place.machine(scopes=("livret:write",))


def test_the_store_is_migrated_once(place: Place) -> None:
    assert is_provider_current(place.store)
    assert migrate_provider(place.store) == []
    place.store.connect()


def test_what_expired_is_swept(place: Place) -> None:
    place.tokens()
    place.code()
    for days, left in ((0, (2, 2, 1)), (1, (2, 0, 1)), (8, (2, 0, 0)), (31, (0, 0, 0))):
        place.clock.moved = timedelta(days=days)
        with place.store.writing():
            delete_expired(place.store, place.moment)
        tables = ("grant", "code", "refresh_token")
        counts = [place.rows(f"SELECT COUNT(*) FROM idp_{one}")[0][0] for one in tables]
        assert tuple(counts) == left
