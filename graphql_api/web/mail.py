"""E-mails in plain text, sent to an SMTP server or written into a folder.

An e-mail in a folder is a file that a mail program opens, so that a developer reads what the
service would have sent.
"""

import itertools
import os
import re
import secrets
import smtplib
import ssl
import tempfile
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from ipaddress import ip_address
from pathlib import Path
from typing import Literal
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from graphql_api.configuration.settings import SettingError
from graphql_api.private_files import make_private_folder
from graphql_api.web.email_addresses import ascii_domain, is_one_address
from schema.typography import typeset_attributes

TIMEOUT_SECONDS = 10.0
SENDER_NAME = "Livret individuel de formation"
Tls = Literal["implicit", "starttls", "none"]

_NAMED = re.compile(r"\"?([^<>\"]*?)\"? *<([^<>]*)>")
_PERMANENT = range(500, 600)
_SETTING = "LIVRET_SMTP_URL"


class _OneLineHeader(UnstructuredHeader, BaseHeader):
    """A header that is not folded: an address that is encoded in words is one no more."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _OneLineHeader)
_POLICY = SMTP.clone(header_factory=_HEADERS)


@dataclass(frozen=True, slots=True)
class Email:
    """An e-mail: one address, a subject, plain text.

    `unsubscribe` is the address that ends letters of its kind by one POST (RFC 8058), if any.
    """

    to: str = field(repr=False)
    subject: str
    text: str = field(repr=False)
    unsubscribe: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        typeset_attributes(self, "subject", "text")


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """The server that takes e-mails, its encryption, and the credentials."""

    host: str
    port: int
    tls: Tls
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class MailSettings:
    """The sender (`Livret <no-reply@host>`, or the address alone, for our name), and where e-mails go.

    Either an SMTP server or a folder. Raises `SettingError`.
    """

    sender: str
    smtp_url: str | None = field(default=None, repr=False)
    folder: Path | None = None

    def __post_init__(self) -> None:
        _parse_sender(self.sender)
        if (self.smtp_url is None) == (self.folder is None):
            raise SettingError(f"{_SETTING} : un serveur ou un dossier, et un seul des deux.")
        if self.smtp_url is not None:
            read_smtp_url(self.smtp_url)


class MailError(Exception):
    """The e-mail was not sent. The message is a short code, without address or content.

    `is_permanent` when the server said that it never will: nobody has that address.
    """

    def __init__(self, code: str, *, is_permanent: bool = False) -> None:
        super().__init__(code)
        self.is_permanent = is_permanent


def read_smtp_url(url: str) -> SmtpServer:
    """Read the server in `smtps://user:password@host:port` or `smtp://…`.

    `smtps` is TLS from the first byte (RFC 8314). `smtp` is STARTTLS, without which nothing is
    sent, when credentials are given, with `?tls=starttls`, and on the way to another machine;
    `?tls=none` leaves it out, never with credentials for another machine. User and password are
    percent-encoded. Raises `SettingError`.
    """
    try:
        parts = urlsplit(url)
        options = dict(parse_qsl(parts.query, strict_parsing=True)) if parts.query else {}
        port = parts.port
    except ValueError:
        raise SettingError(f"{_SETTING} : adresse illisible.") from None
    asked = options.pop("tls", "")
    if (
        parts.scheme not in ("smtp", "smtps")
        or not parts.hostname
        or parts.path.strip("/")
        or options
        or asked not in ("", "starttls", "none")
        or (parts.scheme == "smtps" and asked)
    ):
        raise SettingError(f"{_SETTING} : smtp://… ou smtps://… attendu, avec un hôte.")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if not (user + password).isascii():
        raise SettingError(f"{_SETTING} : nom et mot de passe en ASCII attendus.")
    tls = _tls(parts, asked)
    return SmtpServer(
        host=parts.hostname,
        port=port or {"implicit": 465, "starttls": 587, "none": 25}[tls],
        tls=tls,
        user=user,
        password=password,
    )


def deliver(settings: MailSettings, email: Email, sent_at: datetime) -> None:
    """Send an e-mail, or write it into the folder. Raises `MailError`.

    The server has accepted the e-mail when this returns; its delivery is unknown.
    """
    message = _message(settings.sender, email, sent_at)
    if settings.folder is not None:
        failure = _write_to_folder(settings.folder, message, sent_at)
    else:
        failure = _send_by_smtp(read_smtp_url(settings.smtp_url or ""), message)
    if failure is not None:  # out of reach of the error itself, whose text names the address
        raise failure


def _tls(parts: SplitResult, asked: str) -> Tls:
    if parts.scheme == "smtps":
        return "implicit"
    near = _is_loopback(parts.hostname or "")
    if asked == "none":
        if parts.username and not near:
            raise SettingError(f"{_SETTING} : un mot de passe ne part pas sans chiffrement.")
        return "none"
    return "none" if near and not parts.username and not asked else "starttls"


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _parse_sender(written: str) -> Address:
    named = _NAMED.fullmatch(written)
    name, address = named.groups() if named else ("", written)
    if not is_one_address(address) or not address.isascii() or not name.isprintable():
        raise SettingError("LIVRET_MAIL_FROM : adresse illisible.")
    return Address(name or SENDER_NAME, addr_spec=address)


def _message(sender: str, email: Email, sent_at: datetime) -> EmailMessage:
    author = _parse_sender(sender)
    message = EmailMessage(policy=_POLICY)
    message["From"] = author
    message["To"] = _recipient(email.to)
    message["Subject"] = " ".join(email.subject.split())
    message["Date"] = sent_at
    message["Message-ID"] = f"<{secrets.token_hex(16)}@{author.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = "fr"
    if email.unsubscribe:
        message["List-Unsubscribe"] = f"<{email.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(email.text, cte="8bit")  # as it is: a link stays in one piece
    return message


def _recipient(address: str) -> Address:
    """The address, with its domain as the DNS writes it (IDNA)."""
    name, _, domain = address.rpartition("@")
    in_dns = ascii_domain(domain) if is_one_address(address) else None
    if in_dns is None:
        raise MailError("BAD_ADDRESS", is_permanent=True)
    return Address(username=name, domain=in_dns)


def _send_by_smtp(server: SmtpServer, message: EmailMessage) -> MailError | None:
    try:
        with _connect(server, message["From"].addresses[0].domain) as connection:
            if server.tls == "starttls":
                connection.starttls(context=ssl.create_default_context())
            if server.user:
                connection.login(server.user, server.password)
            connection.ehlo_or_helo_if_needed()
            if connection.has_extn("8bitmime"):
                connection.send_message(message, mail_options=("BODY=8BITMIME",))
            else:
                message.set_content(message.get_content(), cte="quoted-printable")
                connection.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        return MailError(
            "RECIPIENT_REFUSED", is_permanent=all(code in _PERMANENT for code in codes)
        )
    except smtplib.SMTPResponseException as error:
        return MailError(f"{type(error).__name__}_{error.smtp_code}")
    except (OSError, smtplib.SMTPException, ValueError) as error:
        return MailError(type(error).__name__)
    return None


def _connect(server: SmtpServer, local_hostname: str) -> smtplib.SMTP:
    if server.tls == "implicit":
        return smtplib.SMTP_SSL(
            server.host,
            server.port,
            local_hostname,
            timeout=TIMEOUT_SECONDS,
            context=ssl.create_default_context(),
        )
    return smtplib.SMTP(server.host, server.port, local_hostname, timeout=TIMEOUT_SECONDS)


def _write_to_folder(folder: Path, message: EmailMessage, sent_at: datetime) -> MailError | None:
    try:
        make_private_folder(folder)
        descriptor, draft = tempfile.mkstemp(prefix=".", dir=folder)  # readable by its owner only
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(message.as_bytes())
            _link_unique_name(Path(draft), folder, sent_at)
        finally:
            Path(draft).unlink()
    except OSError as error:
        return MailError(type(error).__name__)
    return None


def _link_unique_name(draft: Path, folder: Path, sent_at: datetime) -> None:
    """Link the file under an unused name: a link is atomic, and fails for a used one."""
    moment = f"{sent_at:%Y%m%dT%H%M%S}"
    for number in itertools.count(1):
        try:
            (folder / f"{moment}-{number}.eml").hardlink_to(draft)
        except FileExistsError:
            continue
        return
