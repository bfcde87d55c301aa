"""Handing one mail to the mail server, and what is said where that fails.

Of what the server says only its codes are shown: its texts may repeat what was sent to it, addresses and passwords too.
"""

from __future__ import annotations

import binascii
import re
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from planner.exchange.digest.addresses import domain_of
from planner.exchange.digest.smtp_connection import CONNECT_SECONDS, BoundedConnection, ConversationError, TooSlowError
from planner.exchange.digest.smtp_settings import AUTHORITY, HOST, PASSWORD, PORT, TLS, USER, SmtpSettings, SmtpSettingsError
from planner.records.errors import RecordsError

_ENHANCED_CODE = re.compile(rb"[245]\.\d{1,3}\.\d{1,3}(?= |$)")


class MailError(RecordsError):
    """A mail was not sent; the text says why and what would be right."""


class ServerError(MailError):
    """The mail server cannot be used now, or is too slow: the next mail would fare no better."""


class RefusedError(MailError):
    """The server did not take this mail; it may take others."""


class UnknownOutcomeError(MailError):
    """The whole mail was handed over, and no answer came: it may have been sent or not."""


def tls_context(settings: SmtpSettings) -> ssl.SSLContext | None:
    """What certificates are checked by; None where there is no TLS. Raises SmtpSettingsError for a file without certificates."""
    if settings.tls == "none":
        return None
    try:
        return ssl.create_default_context(cafile=None if settings.authority is None else str(settings.authority))
    except OSError:  # ssl.SSLError is one
        raise SmtpSettingsError(f"{AUTHORITY}: {settings.authority} holds no certificates (PEM) that can be read.") from None


def send_mail(settings: SmtpSettings, context: ssl.SSLContext | None, sender: str, to: str, content: bytes) -> None:
    """Hand a mail (CRLF line ends) to the server; once this returns, the server has answered for it.

    Raises ServerError, RefusedError, UnknownOutcomeError.
    """
    connection = BoundedConnection(domain_of(sender))
    try:
        with _sentences(settings):
            _prepare(connection, settings, context)
        _hand_over(connection, settings, sender, to, content)
        # The mail is the server's by now, so a goodbye that fails changes nothing.
        with suppress(ConversationError):
            connection.docmd("QUIT")
    finally:
        connection.close()


def _prepare(connection: BoundedConnection, settings: SmtpSettings, context: ssl.SSLContext | None) -> None:
    """Connect, turn to TLS, sign in."""
    connection.open(settings.host, settings.port, context if settings.tls == "tls" else None)
    connection.ehlo_or_helo_if_needed()
    if settings.tls == "starttls":
        assert context is not None
        connection.secure(settings.host, context)
        connection.ehlo_or_helo_if_needed()
    if settings.user:
        connection.sign_in(settings.user, settings.password)


def _hand_over(connection: BoundedConnection, settings: SmtpSettings, sender: str, to: str, content: bytes) -> None:
    try:
        _require(connection.mail(sender), settings, "the sender")
        _require(connection.rcpt(to), settings, "the recipient")
        _require(connection.docmd("DATA"), settings, "the mail", asked_for=3)
    except TooSlowError as error:
        raise ServerError(f"The mail server {settings.place} {error}. Try again later.") from None
    except ConversationError as error:
        raise RefusedError(f"The mail server {settings.place} {error}. Nothing was sent; run the command again.") from None
    try:
        connection.send(_with_stuffed_periods(content) + b".\r\n")
        answer = connection.getreply()
    except TooSlowError as error:
        raise ServerError(_unknown(settings, error)) from None
    except ConversationError as error:
        raise UnknownOutcomeError(_unknown(settings, error)) from None
    _require(answer, settings, "the mail")


def _unknown(settings: SmtpSettings, error: ConversationError) -> str:
    return (
        f"The mail server {settings.place} {error} after the mail was handed over, so it may have been sent or not. Run the command again: "
        "the next one has the same Message-ID, by which many mail programs show the two as one."
    )


def _with_stuffed_periods(content: bytes) -> bytes:
    """Lines that begin with a period get another one (RFC 5321, 4.5.2)."""
    return re.sub(rb"(?m)^\.", b"..", content)


def _require(answer: tuple[int, bytes], settings: SmtpSettings, what: str, asked_for: int = 2) -> None:
    """Raise unless the code's first digit is the one asked for."""
    code, _ = answer
    if code // 100 == asked_for:
        return
    if code == 421:
        raise ServerError(f"The mail server {settings.place} closes ({_shown(answer)}). Try again later.")
    if code // 100 == 4:
        raise RefusedError(f"The mail server {settings.place} does not take {what} now ({_shown(answer)}). Run the command again later.")
    mend = {"the sender": "Check PLANNER_MAIL_FROM.", "the recipient": "Check the address."}.get(what, "Ask who runs the server.")
    raise RefusedError(f"The mail server {settings.place} refuses {what} ({_shown(answer)}). {mend}")


def _shown(answer: tuple[int, bytes]) -> str:
    """The codes of an answer: ``550 5.1.1``."""
    enhanced = _ENHANCED_CODE.match(answer[1])
    return f"{answer[0]} {enhanced[0].decode('ascii')}" if enhanced else str(answer[0])


@contextmanager
def _sentences(settings: SmtpSettings) -> Iterator[None]:
    """What goes wrong before a mail is handed over, as a sentence: it would go wrong for every mail."""
    place = f"The mail server {settings.place}"
    try:
        yield
    except ConversationError as error:
        raise ServerError(f"{place} {error}. Nothing was sent. Check {HOST}, {PORT} and {TLS}, or try again later.") from None
    except smtplib.SMTPAuthenticationError as error:
        raise ServerError(f"{place} does not let us sign in ({error.smtp_code}). Check {USER} and {PASSWORD}.") from None
    except smtplib.SMTPResponseException as error:
        raise ServerError(f"{place} sends us away ({error.smtp_code}). Try again later, or ask who runs it.") from None
    except (smtplib.SMTPException, binascii.Error):
        # No way of signing in that both know, challenges without end, or one that is no base64.
        raise ServerError(
            f"{place} offers no way of signing in that the planner knows (PLAIN, LOGIN, CRAM-MD5). Check {PORT}, or ask who runs it; "
            f"if it wants nobody to sign in, leave {USER} and {PASSWORD} out."
        ) from None
    except ssl.SSLCertVerificationError as error:
        raise ServerError(
            f"The certificate of {settings.place} is not trusted ({error.verify_message}). Nothing was sent. Check {HOST}; if your house "
            f"vouches for its own servers, set {AUTHORITY} to the file of its certificates."
        ) from None
    except ssl.SSLError:
        raise ServerError(f"{place} speaks no TLS there. Check {PORT} and {TLS}: 587 goes with starttls, 465 with tls.") from None
    except TimeoutError:
        raise ServerError(f"{place} did not answer within {CONNECT_SECONDS:.0f} seconds. Check {HOST} and {PORT}.") from None
    except socket.gaierror:
        raise ServerError(f"{place} is not known in this network. Check {HOST}.") from None
    except OSError as error:
        reason = error.strerror or "the connection was closed"
        raise ServerError(f"{place} cannot be reached ({reason}). Check that it runs, and {HOST} and {PORT}.") from None
