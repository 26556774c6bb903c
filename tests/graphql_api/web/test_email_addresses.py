"""E-mail addresses are read in one way, and their domains written by IDNA 2008."""

import pytest

from graphql_api.web.email_addresses import normalize


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("a@b.example", "a@b.example"),
        ("  A.b+c@B.Example ", "A.b+c@B.Example"),
        ("a@é.example", "a@xn--9ca.example"),
        ("a@MAIRIE-Évreux.example", "a@xn--mairie-vreux-heb.example"),
        ("a@straße.example", "a@xn--strae-oqa.example"),
        ("a@xn--strae-oqa.example", "a@xn--strae-oqa.example"),
        ("a@ab--cd.example", "a@ab--cd.example"),
        ("a@☃.example", None),
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
def test_an_address_is_written_as_emails_are_sent_to_it(typed: str, written: str | None) -> None:
    assert normalize(typed) == written
