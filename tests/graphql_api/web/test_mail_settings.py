"""The settings of mail: how the way to the server is protected, and who writes."""

from pathlib import Path

import pytest

from graphql_api.configuration.settings import SettingError
from graphql_api.web.mail import Email, MailSettings, SmtpServer, read_smtp_url

SENDER = "Livret de l’été <ne-pas-repondre@livret.example>"


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://127.0.0.1", SmtpServer("127.0.0.1", 25, "none")),
        ("smtp://localhost:2525", SmtpServer("localhost", 2525, "none")),
        ("smtp://[::1]:2525", SmtpServer("::1", 2525, "none")),
        ("smtp://127.0.0.1?tls=starttls", SmtpServer("127.0.0.1", 587, "starttls")),
        ("smtp://u:p@127.0.0.1", SmtpServer("127.0.0.1", 587, "starttls", "u", "p")),
        ("smtp://u:p@127.0.0.1:1?tls=none", SmtpServer("127.0.0.1", 1, "none", "u", "p")),
        ("smtp://relais.example", SmtpServer("relais.example", 587, "starttls")),
        ("smtp://relais.example:25?tls=none", SmtpServer("relais.example", 25, "none")),
        ("smtp://a%40b:c%3A%2F@h", SmtpServer("h", 587, "starttls", "a@b", "c:/")),
        ("smtps://u:p@relais.example", SmtpServer("relais.example", 465, "implicit", "u", "p")),
    ],
)
def test_an_address_says_how_the_way_is_protected(url: str, server: SmtpServer) -> None:
    assert read_smtp_url(url) == server


@pytest.mark.parametrize(
    "url",
    [
        "",
        "relais.example",
        "http://relais.example",
        "smtp://",
        "smtp://:25",
        "smtp://h:port",
        "smtp://h:99999",
        "smtp://[h",
        "smtp://h/dossier",
        "smtp://h?tls=peut-etre",
        "smtp://h?tsl=none",
        "smtp://h?tls",
        "smtps://h?tls=none",
        "smtp://user:secret@h?tls=none",
        "smtps://user:secr%C3%A9t@h",
    ],
)
def test_a_bad_address_of_a_server_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(SettingError) as refused:
        MailSettings(SENDER, url)
    assert "LIVRET_SMTP_URL" in str(refused.value)
    assert "secr" not in str(refused.value)


@pytest.mark.parametrize(
    "sender", ["", "livret", "a@b, c@d", "Livret <a@b>\r\nBcc: c@d", "é@b", "Li\nvret <a@b>"]
)
def test_a_bad_sender_is_refused(sender: str, tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="LIVRET_MAIL_FROM"):
        MailSettings(sender, folder=tmp_path)


def test_emails_go_to_one_place(tmp_path: Path) -> None:
    with pytest.raises(SettingError):
        MailSettings("a@b")
    with pytest.raises(SettingError):
        MailSettings("a@b", "smtp://localhost", tmp_path)


def test_settings_and_emails_do_not_show_their_secrets() -> None:
    shown = repr(MailSettings("a@b", "smtp://u:secret@h")) + repr(
        read_smtp_url("smtp://u:secret@h")
    )
    assert "secret" not in shown
    assert "Maëlle" not in repr(Email("Maëlle@example.org", "Sujet", "Bonjour Maëlle"))
