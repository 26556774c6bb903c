"""E-mails as servers and mail programs receive them."""

import socket
import threading
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from urllib.parse import quote

import pytest

from graphql_api.web import mail
from graphql_api.web.mail import Email, MailError, MailSettings, deliver
from tests.graphql_api.web.mail_catcher import (
    PASSWORD,
    USER,
    Catcher,
    authenticate,
    catcher,
    free_port,
    protected,
)

SENDER = "Livret de l’été <ne-pas-repondre@livret.example>"
LINK = f"https://livret.example/account/activate?key={'A' * 300}"
SENT_AT = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
LETTER = Email(
    to="maelle@example.org",
    subject="Activez votre compte — Espace Pro",
    text=f"Bonjour Maëlle,\n\nOuvrez ce lien :\n{LINK}\n.\nÀ bientôt\n",
)


def by_smtp(port: int, letter: Email = LETTER, *, scheme: str = "smtp", more: str = "") -> None:
    deliver(MailSettings(SENDER, f"{scheme}://{more}127.0.0.1:{port}"), letter, SENT_AT)


def test_a_sender_without_a_name_bears_that_of_the_service(tmp_path: Path) -> None:
    deliver(MailSettings("ne-pas-repondre@livret.example", None, tmp_path), LETTER, SENT_AT)
    (written,) = tmp_path.iterdir()
    message = message_from_bytes(written.read_bytes(), policy=policy.default)
    assert message["from"] == "Livret individuel de formation <ne-pas-repondre@livret.example>"


def test_an_email_arrives_as_it_was_written(server: Catcher) -> None:
    by_smtp(server.port)
    (caught,) = server.letters
    message = caught.message
    assert (caught.sender, caught.recipients) == (
        "ne-pas-repondre@livret.example",
        ["maelle@example.org"],
    )
    assert message["from"] == SENDER
    assert message["to"] == "maelle@example.org"
    assert message["subject"] == LETTER.subject
    assert message.get_content_type() == "text/plain"
    assert message.get_content().replace("\r\n", "\n") == LETTER.text
    assert LINK.encode() in caught.content
    assert "BODY=8BITMIME" in caught.options


def test_an_email_says_when_it_was_written_and_that_nobody_wrote_it(server: Catcher) -> None:
    by_smtp(server.port)
    by_smtp(server.port)
    first, second = (caught.message for caught in server.letters)
    assert first["date"].datetime == SENT_AT
    assert first["auto-submitted"] == "auto-generated"
    assert first["message-id"].endswith("@livret.example>")
    assert first["message-id"] != second["message-id"]


def test_a_server_that_knows_seven_bits_only_gets_the_same_text() -> None:
    with catcher(decode_data=True) as server:
        by_smtp(server.port)
    (caught,) = server.letters
    assert caught.content.isascii()
    assert caught.message.get_content().replace("\r\n", "\n") == LETTER.text


@pytest.mark.parametrize(
    "to",
    [
        "",
        "maelle",
        "@example.org",
        "maelle@",
        "maelle@example.org, voleur@example.org",
        "maelle@example.org\r\nBcc: voleur@example.org",
        "maelle@example.org\nBcc: voleur@example.org",
        "maelle@example.org\u2028Bcc: voleur@example.org",
        "Maëlle <maelle@example.org>",
        '"maelle voleur"@example.org',
        "maelle@[127.0.0.1]",
        "maelle@exa mple.org",
        "maelle\0@example.org",
        "maelle\ud800@example.org",
        f"{'m' * 250}@example.org",
        f"maelle@{'é' * 80}.org",
    ],
)
def test_nothing_is_sent_to_what_is_not_one_address(server: Catcher, to: str) -> None:
    with pytest.raises(MailError) as failed:
        by_smtp(server.port, Email(to, "Sujet", "Texte\n"))
    assert failed.value.is_permanent
    assert str(failed.value) == "BAD_ADDRESS"
    assert server.letters == []


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\u2028", "\x0b", "\x85"])
def test_a_subject_cannot_become_another_header(server: Catcher, end: str) -> None:
    by_smtp(server.port, Email("maelle@example.org", f"Sujet{end}Bcc: v@example.org", "Texte\n"))
    (caught,) = server.letters
    assert caught.message["bcc"] is None
    assert caught.recipients == ["maelle@example.org"]


def test_a_line_with_one_point_does_not_end_an_email(server: Catcher) -> None:
    by_smtp(server.port, Email("maelle@example.org", "Sujet", "un\n.\r\n..\nMAIL FROM:<v@x>\n"))
    (caught,) = server.letters
    assert caught.message.get_content().splitlines() == ["un", ".", "..", "MAIL FROM:<v@x>"]


@pytest.mark.parametrize(
    ("to", "recipient"),
    [
        ("maelle@mairie-évreux.example", "maelle@xn--mairie-vreux-heb.example"),
        ("maëlle@example.org", "maëlle@example.org"),
        ("m.l+livret@example.org", "m.l+livret@example.org"),
    ],
)
def test_an_address_may_have_accents(server: Catcher, to: str, recipient: str) -> None:
    by_smtp(server.port, Email(to, "Sujet", "Texte\n"))
    assert [caught.recipients for caught in server.letters] == [[recipient]]


def test_an_accent_that_the_server_does_not_know_fails() -> None:
    with (
        catcher(enable_SMTPUTF8=False) as server,
        pytest.raises(MailError, match="SMTPNotSupportedError"),
    ):
        by_smtp(server.port, Email("maëlle@example.org", "Sujet", "Texte\n"))
    assert server.letters == []


@pytest.mark.parametrize(
    ("answer", "is_permanent"), [("550 No such person", True), ("451 Come back later", False)]
)
def test_a_refused_recipient_is_hopeless_or_not(
    server: Catcher, answer: str, *, is_permanent: bool
) -> None:
    server.answer = f"{answer} <maelle@example.org>"
    with pytest.raises(MailError, match=r"^RECIPIENT_REFUSED$") as failed:
        by_smtp(server.port)
    assert failed.value.is_permanent is is_permanent
    assert failed.value.__cause__ is None
    assert failed.value.__context__ is None  # its text would hold the address


def test_no_server_is_a_failure_that_may_pass() -> None:
    with pytest.raises(MailError, match=r"^ConnectionRefusedError$") as failed:
        by_smtp(free_port())
    assert not failed.value.is_permanent


def test_a_server_that_says_nothing_is_left_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "TIMEOUT_SECONDS", 0.2)
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        pytest.raises(MailError, match=r"^(SMTPServerDisconnected|TimeoutError)$"),
    ):
        by_smtp(silent.getsockname()[1])


def test_a_server_that_breaks_off_is_a_failure() -> None:
    with socket.create_server(("127.0.0.1", 0)) as rude:

        def hang_up() -> None:
            one, _ = rude.accept()
            one.sendall(b"220 hello\r\n")
            one.close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        with pytest.raises(MailError):
            by_smtp(rude.getsockname()[1])
        thread.join()


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_an_email_goes_by_tls_with_a_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    context = protected(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    tls = {"ssl_context": context} if scheme == "smtps" else {"tls_context": context}
    starttls = scheme == "smtp"  # the catcher does not see the other kind of TLS itself
    demands = {"auth_required": starttls, "auth_require_tls": starttls}
    with catcher(None, **tls, **demands, authenticator=authenticate) as server:
        user = f"{quote(USER, safe='')}:{quote(PASSWORD, safe='')}@"
        by_smtp(server.port, scheme=scheme, more=user)
        assert [caught.protected for caught in server.letters] == [starttls]
        wrong = f"{quote(USER, safe='')}:autre@"
        with pytest.raises(MailError, match=r"^SMTPAuthenticationError_535$") as failed:
            by_smtp(server.port, scheme=scheme, more=wrong)
    assert not failed.value.is_permanent
    assert len(server.letters) == 1


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path, scheme: str) -> None:
    context = protected(tmp_path)
    tls = {"ssl_context": context} if scheme == "smtps" else {"tls_context": context}
    with catcher(None, **tls) as server:
        with pytest.raises(MailError, match=r"^SSLCertVerificationError$"):
            by_smtp(server.port, scheme=scheme, more="u:p@")
        assert server.letters == []


def test_a_password_is_not_sent_to_a_server_without_starttls() -> None:
    asked: list[str] = []

    def note(_s: object, _e: object, _v: object, mechanism: str, _d: object) -> None:
        asked.append(mechanism)

    with catcher(authenticator=note, auth_require_tls=False) as server:
        with pytest.raises(MailError, match=r"^SMTPNotSupportedError$"):
            by_smtp(server.port, more="u:p@")
        assert server.letters == []
    assert asked == []


def test_an_email_in_a_folder_is_a_file_for_its_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "courrier"
    settings = MailSettings(SENDER, folder=folder)
    for _ in range(3):
        deliver(settings, LETTER, SENT_AT)
    files = sorted(folder.iterdir())
    assert [file.name for file in files] == [f"20260329T013000-{n}.eml" for n in (1, 2, 3)]
    assert len(files) == 3
    assert {file.suffix for file in files} == {".eml"}
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700
    content = files[0].read_bytes()
    assert LINK.encode() in content
    message = message_from_bytes(content, policy=policy.default)
    assert message["to"] == "maelle@example.org"


def test_a_folder_that_cannot_be_written_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(MailError, match=r"^FileExistsError$"):
        deliver(MailSettings(SENDER, folder=tmp_path / "file"), LETTER, SENT_AT)
