"""Mail servers on this computer: a real one (aiosmtpd) that keeps what it gets, and bad ones that follow a script."""

from __future__ import annotations

import shlex
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from planner.exchange.digest.smtp_settings import SmtpSettings, Tls

USER, PASSWORD = "planner", "correct-horse-battery"


@dataclass(frozen=True)
class Certificate:
    """Files (PEM)."""

    certificate: Path
    key: Path

    def server_context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.key)
        return context


def make_certificate(folder: Path, name: str = "localhost") -> Certificate:
    """A new one, signed by itself."""
    if shutil.which("openssl") is None:
        pytest.fail("openssl makes the certificates of these tests; install it")
    made = Certificate(folder / f"{name}.pem", folder / f"{name}.key")
    names = f"subjectAltName=DNS:{name}" + (",IP:127.0.0.1" if name == "localhost" else "")
    subprocess.run(
        shlex.split(
            f"openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj /CN={name} -addext {names} "
            f"-keyout {shlex.quote(str(made.key))} -out {shlex.quote(str(made.certificate))}"
        ),
        check=True,
        capture_output=True,
        timeout=60,
    )
    return made


@dataclass
class Received:
    """One mail as the server took it."""

    sender: str
    recipients: list[str]
    content: bytes
    was_secured: bool

    @property
    def message(self) -> EmailMessage:
        parsed = BytesParser(policy=default).parsebytes(self.content)
        assert isinstance(parsed, EmailMessage)
        return parsed


@dataclass
class MailServer:
    """What a server got, and what it answers to some recipients."""

    certificate: Certificate
    tls: Tls
    port: int = 0
    received: list[Received] = field(default_factory=list)
    logins: list[tuple[bytes, bytes]] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    """Recipient to the answer to RCPT, instead of 250."""
    sender_answer: str = ""

    @classmethod
    @contextmanager
    def running(cls, certificate: Certificate, tls: Tls, **more: Any) -> Iterator[MailServer]:
        server = cls(certificate, tls)
        options = more | {"authenticator": server.authenticate, "auth_required": True}
        context = certificate.server_context()
        if tls == "starttls":
            options |= {"tls_context": context, "require_starttls": True}
        elif tls == "tls":
            options |= {"ssl_context": context, "auth_require_tls": False}
        else:
            options = {}
        controller = Controller(server, hostname="127.0.0.1", port=free_port(), **options)
        controller.start()
        server.port = controller.port
        try:
            yield server
        finally:
            controller.stop()

    def settings(self, **changed: Any) -> SmtpSettings:
        given: dict[str, Any] = {"user": USER, "password": PASSWORD} if self.tls != "none" else {}
        return SmtpSettings(
            **({"host": "localhost", "port": self.port, "tls": self.tls, "authority": self.certificate.certificate} | given | changed)
        )

    def environment(self) -> dict[str, str]:
        return {
            "PLANNER_SMTP_HOST": "localhost",
            "PLANNER_SMTP_PORT": str(self.port),
            "PLANNER_SMTP_TLS": self.tls,
            "PLANNER_SMTP_USER": USER,
            "PLANNER_SMTP_PASSWORD": PASSWORD,
            "PLANNER_SMTP_CA": str(self.certificate.certificate),
            "PLANNER_MAIL_FROM": "planner@hospital.example",
            "PLANNER_INSTALL_KEY": "k" * 64,
        }

    def recipients(self) -> list[str]:
        return sorted(address for mail in self.received for address in mail.recipients)

    # --- what aiosmtpd asks for -----------------------------------------------------------------------------

    def authenticate(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword) -> AuthResult:
        self.logins.append((data.login, data.password))
        return AuthResult(success=(data.login, data.password) == (USER.encode(), PASSWORD.encode()), handled=False)

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        if self.sender_answer:
            return self.sender_answer
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.original_content or b""
        self.received.append(
            Received(str(envelope.mail_from), list(envelope.rcpt_tos), content, self.tls == "tls" or session.ssl is not None)
        )
        return "250 OK"


def free_port() -> int:
    """A port that nobody listens at."""
    with closing(socket.create_server(("127.0.0.1", 0))) as found:
        port: int = found.getsockname()[1]
        return port


# --- servers that misbehave -------------------------------------------------------------------------------------

Script = Callable[[socket.socket], None]


@contextmanager
def bad_server(script: Script) -> Iterator[SmtpSettings]:
    """A server that does to each connection what the script says, then closes it. The settings are those of one on this computer."""
    listening = socket.create_server(("127.0.0.1", 0))
    done = threading.Event()

    def serve() -> None:
        while not done.is_set():
            try:
                line, _ = listening.accept()
            except OSError:
                return
            with closing(line), suppress(OSError):  # who asked has hung up
                script(line)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield SmtpSettings("127.0.0.1", listening.getsockname()[1], "none")
    finally:
        done.set()
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(10)
        assert not thread.is_alive()


def following(*steps: tuple[bytes, bytes]) -> Script:
    """Greet, then for each step wait for a line that begins so, and answer."""

    def script(line: socket.socket) -> None:
        line.sendall(b"220 here\r\n")
        with line.makefile("rb") as told:
            for begins, answer in steps:
                while (said := told.readline()) and not said.upper().startswith(begins):
                    pass
                if not said:
                    return
                line.sendall(answer)

    return script


POLITE: Sequence[tuple[bytes, bytes]] = (
    (b"EHLO", b"250 here\r\n"),
    (b"MAIL", b"250 OK\r\n"),
    (b"RCPT", b"250 OK\r\n"),
    (b"DATA", b"354 go\r\n"),
    (b".\r\n", b"250 OK\r\n"),
    (b"QUIT", b"221 bye\r\n"),
)
"""What a server answers that takes a mail."""
