"""A connection to a mail server that answers within bounds: no reply is longer, and no conversation lasts longer, than is allowed.

``smtplib`` waits anew for each byte and keeps a reply however long it is; a server that trickles or floods would hold a run for ever.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
import time
from typing import Any

CONNECT_SECONDS = 10.0
COMMAND_SECONDS = 60.0
"""How long a server may take for one answer."""
MAIL_SECONDS = 180.0
"""How long one mail may take, from the first byte to the last answer."""
LONGEST_REPLY = 65_536
"""Octets of one reply, with all its lines."""
_PIECE = 16_384


class ConversationError(Exception):
    """The server does not keep to the protocol; the text ends a sentence that begins with the server's name. Nothing can follow."""


class TooSlowError(ConversationError):
    """The server takes longer than it may."""


class DroppedLineError(ConversationError):
    """The server, or the network, closed the connection."""


class BoundedConnection(smtplib.SMTP):
    """``smtplib.SMTP`` with bounds. Besides its own errors ConversationError is raised."""

    def __init__(self, own_name: str) -> None:
        """Not connected yet; ``own_name`` is what EHLO says."""
        super().__init__(local_hostname=own_name)
        self._until = time.monotonic() + MAIL_SECONDS
        self._unread = b""

    def open(self, host: str, port: int, context: ssl.SSLContext | None) -> None:
        """Connect, with TLS from the first byte where a context is given, and hear the greeting.

        Raises OSError (ssl.SSLError is one) where there is no connection, SMTPConnectError for a greeting that sends us away.
        """
        line = socket.create_connection((host, port), CONNECT_SECONDS)
        try:
            line.settimeout(COMMAND_SECONDS)
            self.sock = line if context is None else context.wrap_socket(line, server_hostname=host)
        except BaseException:
            line.close()
            raise
        code, text = self.getreply()
        if code != 220:
            raise smtplib.SMTPConnectError(code, text)

    def secure(self, host: str, context: ssl.SSLContext) -> None:
        """Turn to TLS. Raises ConversationError where it is not offered, SMTPResponseException where it is refused, OSError."""
        if not self.has_extn("starttls"):
            raise ConversationError("does not offer STARTTLS")
        code, text = self.docmd("STARTTLS")
        if code != 220:
            raise smtplib.SMTPResponseException(code, text)
        if self._unread:
            # Whatever stands here came before the keys were agreed: anybody on the way can have put it there.
            raise ConversationError("says more than it was asked before TLS begins, so it is not trusted")
        assert self.sock is not None
        self.sock.settimeout(self._time_left())
        self.sock = context.wrap_socket(self.sock, server_hostname=host)
        # What was offered before may have been changed on the way.
        self.helo_resp = self.ehlo_resp = None
        self.esmtp_features = {}
        self.does_esmtp = False

    def sign_in(self, user: str, password: str) -> None:
        """Sign in, in the first way that both know; a wrong password is tried once, since some servers lock an account after three.

        Raises SMTPNotSupportedError where the server knows none, SMTPAuthenticationError where it refuses.
        """
        offered = self.esmtp_features.get("auth", "").upper().split()
        self.user, self.password = user, password
        # By now the line is encrypted, so the simplest comes first.
        if "PLAIN" in offered:
            self.auth("PLAIN", self.auth_plain)
        elif "LOGIN" in offered:
            self.auth("LOGIN", self.auth_login)
        elif "CRAM-MD5" in offered:
            self.auth("CRAM-MD5", self.auth_cram_md5)
        else:
            raise smtplib.SMTPNotSupportedError

    def send(self, s: Any) -> None:
        """Send text or bytes. Raises ConversationError."""
        content = s.encode("ascii") if isinstance(s, str) else bytes(s)
        assert self.sock is not None
        try:
            for start in range(0, len(content), _PIECE):
                self.sock.settimeout(self._time_left())
                self.sock.sendall(content[start : start + _PIECE])
        except TimeoutError:
            raise TooSlowError(_took_too_long()) from None
        except OSError:
            raise DroppedLineError("dropped the line") from None

    def getreply(self) -> tuple[int, bytes]:
        """The next reply: its code and its texts, a line each. Raises ConversationError."""
        texts: list[bytes] = []
        octets = 0
        while True:
            line = self._line(LONGEST_REPLY - octets)
            octets += len(line)
            code, mark, text = line[:3], line[3:4], line[4:].strip()
            if not code.isdigit() or mark not in (b"", b" ", b"-"):
                raise ConversationError("answers what is no mail server's answer")
            texts.append(text)
            if mark != b"-":
                return int(code), b"\n".join(texts)

    def _line(self, most: int) -> bytes:
        """The next line, without its end."""
        while b"\n" not in self._unread:
            if len(self._unread) > most:
                raise ConversationError(f"answers with more than {LONGEST_REPLY} characters at once")
            self._unread += self._received()
        line, _, self._unread = self._unread.partition(b"\n")
        if len(line) > most:
            raise ConversationError(f"answers with more than {LONGEST_REPLY} characters at once")
        return line.rstrip(b"\r")

    def _received(self) -> bytes:
        assert self.sock is not None
        try:
            self.sock.settimeout(self._time_left())
            received = self.sock.recv(_PIECE)
        except TimeoutError:
            raise TooSlowError(_took_too_long()) from None
        except OSError:
            raise DroppedLineError("dropped the line") from None
        if not received:
            raise DroppedLineError("dropped the line")
        return received

    def _time_left(self) -> float:
        """Seconds that the next step may take."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise TooSlowError(_took_too_long())
        return min(left, COMMAND_SECONDS)


def _took_too_long() -> str:
    return f"took longer than {COMMAND_SECONDS:.0f} seconds for an answer, or {MAIL_SECONDS:.0f} for one mail"
