"""What leads to an account: ways in at other providers, addresses."""

import pytest

from graphql_api.identity_provider.accounts import email_addresses, login_methods
from tests.graphql_api.identity_provider.accounts.office import Office


def test_a_way_in_leads_to_one_account(office: Office) -> None:
    account, other = office.account(), office.account("other@x.example")
    context = office.accounts.new_context()
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


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("a@b.example", "a@b.example"),
        ("  A.b+c@B.Example ", "A.b+c@B.Example"),
        ("a@é.example", "a@xn--9ca.example"),
        ("a@b", None),
        ("@b.example", None),
        ("a@", None),
        ("a.@b.example", None),
        ("a@b.example\r\nBcc: x@y.example", None),
        ("a@b@c.example", None),
        ("a\u200b@b.example", None),
        ("a@-b.example", None),
        ("a@b.example.", None),
        ("a@" + "b" * 300 + ".example", None),
        ("a@" + "é" * 200 + ".example", None),
        ("\ud800@b.example", None),
        ("a@\ud800.example", None),
    ],
)
def test_an_address_is_written_as_letters_are_sent_to_it(typed: str, written: str | None) -> None:
    assert email_addresses.normalize(typed) == written
