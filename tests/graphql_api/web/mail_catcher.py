"""A real SMTP server that keeps the messages it receives, with TLS and a password on demand."""

import datetime
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

USER, PASSWORD = "livret@relais", "pa:ss/@word"


@dataclass
class Caught:
    """A received message: its envelope, the options of the envelope, and its bytes."""

    sender: str
    recipients: list[str]
    options: list[str]
    content: bytes
    protected: bool

    @property
    def message(self) -> EmailMessage:
        read = message_from_bytes(self.content, policy=policy.default)
        assert isinstance(read, EmailMessage)
        return read


@dataclass
class Catcher:
    """The handler. `answer` is what it says to a recipient; `pause` runs while it takes one."""

    port: int
    letters: list[Caught] = field(default_factory=list)
    answer: str = "250 OK"
    pause: Callable[[], None] = lambda: None

    async def handle_RCPT(  # noqa: N802 - aiosmtpd fixes the name
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        if self.answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(  # noqa: N802 - aiosmtpd fixes the name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        self.pause()
        content = envelope.content
        if isinstance(content, str):  # a server of seven bits
            content = content.encode()
        assert content is not None
        sender = envelope.mail_from or ""
        protected = session.ssl is not None
        recipients, options = list(envelope.rcpt_tos), list(envelope.mail_options)
        self.letters.append(Caught(sender, recipients, options, content, protected))
        return "250 OK"

    @property
    def subjects(self) -> list[str]:
        return [str(one.message["subject"]) for one in self.letters]


@contextmanager
def catcher(port: int | None = None, **options: Any) -> Iterator[Catcher]:
    """A server on a port of this machine until the end of the block."""
    kept = Catcher(port or free_port())
    controller = Controller(kept, hostname="127.0.0.1", port=kept.port, **options)
    controller.start()
    try:
        yield kept
    finally:
        controller.stop()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def protected(folder: Path) -> ssl.SSLContext:
    """A server's context, with a certificate for 127.0.0.1; its authority is in `ca.pem`."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "relais")])
    alternative = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC))  # for TLS, which has
        .not_valid_after(datetime.datetime(2100, 1, 1, tzinfo=datetime.UTC))  # a clock of its own
        .add_extension(alternative, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, SHA256())
    )
    (folder / "ca.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "key.pem").write_bytes(private)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "ca.pem", folder / "key.pem")
    return context


def authenticate(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
) -> AuthResult:
    """One user, one password."""
    told = (data.login.decode(), data.password.decode())
    return AuthResult(success=told == (USER, PASSWORD), handled=False)
