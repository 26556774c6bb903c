"""Login methods lead to accounts."""

import pytest

from graphql_api.identity_provider.accounts import login_methods
from tests.graphql_api.identity_provider.accounts.accounts_site import AccountsSite


def test_a_login_method_leads_to_one_account(accounts_site: AccountsSite) -> None:
    account, other = accounts_site.account(), accounts_site.account("other@x.example")
    context = accounts_site.accounts.new_context()
    with context.writing():
        assert login_methods.account_of(context, "https://p.example", "1") is None
        login_methods.add(context, account, "https://p.example", "1")
        login_methods.add(context, account, "https://p.example", "1")  # twice
        with pytest.raises(login_methods.AlreadyLinkedError):
            login_methods.add(context, other, "https://p.example", "1")
        login_methods.add(context, other, "https://q.example", "1")
        assert login_methods.account_of(context, "https://p.example", "1") == account
        assert [
            (way.issuer, way.subject) for way in login_methods.list_methods(context, account)
        ] == [("https://p.example", "1")]
        assert not login_methods.remove(context, other, "https://p.example", "1")
        assert login_methods.remove(context, account, "https://p.example", "1")
        assert login_methods.list_methods(context, account) == []
