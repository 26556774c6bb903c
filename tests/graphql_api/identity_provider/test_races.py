"""Of twelve requests at once for a token, one gets it."""

from functools import partial

from tests.graphql_api.identity_provider.issuer import ProviderSite, at_once, basic


def test_one_code_redeemed_by_twelve_at_once_gives_one_token(provider_site: ProviderSite) -> None:
    for _ in range(3):
        answers = at_once(12, partial(provider_site.redeem, provider_site.code()))
        assert sorted(one.status_code for one in answers) == [200] + [400] * 11
        errors = {one.json()["error"] for one in answers if one.status_code == 400}
        assert errors == {"invalid_grant"}
    assert provider_site.rows("SELECT COUNT(*) FROM idp_refresh_token") == [(3,)]


def test_one_refresh_token_used_by_twelve_at_once_gives_one_token(
    provider_site: ProviderSite,
) -> None:
    for number in range(1, 4):
        answers = at_once(
            12, partial(provider_site.refresh, provider_site.tokens()["refresh_token"])
        )
        assert sorted(one.status_code for one in answers) == [200] + [400] * 11
        (won,) = [one.json() for one in answers if one.status_code == 200]
        assert provider_site.rows("SELECT COUNT(*) FROM idp_refresh_token") == [(2 * number,)]
        assert provider_site.refresh(won["refresh_token"]).status_code == 400  # the family is gone


def test_machines_ask_at_once_without_harm(provider_site: ProviderSite) -> None:
    machine = provider_site.machine()
    headers = basic(machine.client_id, machine.secret)
    ask = partial(
        provider_site.token, headers, grant_type="client_credentials", scope="livret:summary"
    )
    assert [one.status_code for one in at_once(12, ask)] == [200] * 12
