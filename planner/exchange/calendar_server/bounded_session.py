"""The line to a calendar server, bounded in time and size: what caldav sends goes through here, and to that server alone."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import niquests
from niquests.auth import HTTPDigestAuth

from planner.exchange.calendar_server.plain_xml import is_plain_xml
from planner.exchange.calendar_server.server_error import CalendarServerError, unusable

MOST_BYTES = 20 * 2**20
"""Of one answer."""
MOST_BYTES_OF_A_RUN = 200 * 2**20
"""Of all answers that are read in one run, since what they hold is kept until its end."""
CONNECT_SECONDS, READ_SECONDS = 10, 30
MULTI_STATUS = 207

_KEPT_HEADERS = ("ETag", "Location", "Retry-After", "WWW-Authenticate")
_NO_XML = {"Content-Type": "text/plain"}
"""Of an answer of another type caldav would log the whole text; this one it merely tries to read as XML."""


class Deadline:
    """When a run must have ended, however slowly a server answers."""

    def __init__(self, seconds: float) -> None:
        """So many seconds from now."""
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    @property
    def left(self) -> float:
        """Seconds until then, 0 where it is over."""
        return max(0.0, self._end - time.monotonic())


@dataclass(frozen=True, slots=True)
class Answer:
    """What caldav gets to see of a server's answer: the few headers that are used, and no text but a multi-status."""

    status_code: int
    url: str
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes = field(default=b"", repr=False)
    reason: str = ""

    @property
    def text(self) -> str:
        """Asked by caldav only to see whether there is any."""
        return ""


Outcome = queue.SimpleQueue[Answer | Exception]
Task = tuple[Callable[[], Answer], Outcome]


def _carry_out(tasks: queue.SimpleQueue[Task | None]) -> None:
    while (task := tasks.get()) is not None:
        ask, outcome = task
        try:
            outcome.put(ask())
        except Exception as error:
            outcome.put(error)


class BoundedSession:
    """Stands where caldav has its session."""

    def __init__(self, host: str, deadline: Deadline) -> None:
        """``host`` is named in messages."""
        self._host = host
        self._deadline = deadline
        self._octets_read = 0
        # Whatever could lead to another host is off: proxies and .netrc of the environment, HTTP/3 (which a header of the server can point
        # elsewhere), questions to the certificate's issuer. Cookies are not needed.
        self._session = niquests.Session(
            retries=0, disable_http2=True, disable_http3=True, revocation_configuration=None, allow_incoming_cookies=False
        )
        self._session.trust_env = False
        # All requests in one thread, since niquests keeps what a digest sign-in has agreed on for each thread.
        self._tasks: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
        threading.Thread(target=_carry_out, args=(self._tasks,), daemon=True, name="calendar server").start()

    def request(self, method: str, url: str, *, data: bytes, headers: Mapping[str, str], auth: Any, **_: object) -> Answer:
        """What caldav asks for; its own settings for time, proxies and certificates do not count. Raises CalendarServerError."""
        sent = {**headers, "Accept-Encoding": "identity"}
        return self._within_time(lambda: self._ask(method, url, data or None, sent, auth))

    def close(self) -> None:
        """Close the line."""
        self._tasks.put(None)
        self._session.close()

    def _within_time(self, ask: Callable[[], Answer]) -> Answer:
        """What ``ask`` gives, unless the time is over before: a server that sends an octet now and then keeps a read alive for ever."""
        outcome: Outcome = queue.SimpleQueue()
        self._tasks.put((ask, outcome))
        try:
            found = outcome.get(timeout=self._deadline.left)
        except queue.Empty:
            raise self._too_late() from None
        if isinstance(found, Exception):
            raise self._in_words(found) from None
        return found

    def _ask(self, method: str, url: str, data: bytes | None, headers: Mapping[str, str], auth: Any) -> Answer:
        with self._session.request(
            method,
            url,
            data=data,
            headers=dict(headers),
            auth=auth,
            timeout=(CONNECT_SECONDS, READ_SECONDS),
            allow_redirects=False,
            stream=True,
        ) as response:
            kept = {name: str(response.headers[name]) for name in _KEPT_HEADERS if name in response.headers}
            status = int(response.status_code or 0)
            content = self._multi_status(response) if status == MULTI_STATUS else b""
        return Answer(status, url, kept | _NO_XML, content)

    def _multi_status(self, response: niquests.Response) -> bytes:
        """The body, within bounds. Raises CalendarServerError."""
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise unusable(self._host, "answers compressed, though it was asked not to; switch that off for its calendars")
        content = self._read(response)
        if not is_plain_xml(content):
            raise unusable(self._host, "answers with something else than plain XML in UTF-8; is the address that of a calendar?")
        return content

    def _read(self, response: niquests.Response) -> bytes:
        octets = bytearray()
        for piece in response.iter_content(-1):
            octets += piece if isinstance(piece, bytes) else piece.encode()
            if len(octets) > MOST_BYTES:
                raise unusable(self._host, f"sends an answer of more than {MOST_BYTES // 2**20} MB, of which no more is read")
            if self._octets_read + len(octets) > MOST_BYTES_OF_A_RUN:
                most = MOST_BYTES_OF_A_RUN // 2**20
                raise unusable(
                    self._host, f"sends more than {most} MB in this run, of which no more is read; use a calendar with fewer events"
                )
            if not self._deadline.left:
                raise self._too_late()
        self._octets_read += len(octets)
        return bytes(octets)

    def _too_late(self) -> CalendarServerError:
        return unusable(self._host, f"is too slow: the run was not done within {self._deadline.seconds:g} seconds (--timeout)")

    def _in_words(self, error: Exception) -> Exception:
        failures = niquests.exceptions
        match error:
            case CalendarServerError():
                return error
            case failures.SSLError():
                return unusable(
                    self._host, "cannot be trusted: no safe line to it, or no certificate that this machine knows and that fits"
                )
            case failures.ConnectTimeout():
                return unusable(self._host, f"does not answer within {CONNECT_SECONDS} seconds; is it running, and reachable from here")
            case failures.Timeout():
                return unusable(self._host, f"fell silent for {READ_SECONDS} seconds")
            case failures.ConnectionError():
                return unusable(self._host, "cannot be reached, or broke off; check the address, and whether it runs")
            case failures.RequestException() | OSError() | ValueError():
                # ValueError: niquests looks at a redirect's address though it is not to follow it.
                return unusable(self._host, "broke off, or answers with something that is no HTTP")
            case _:
                return error


class BoundedDigest(HTTPDigestAuth):
    """Digest sign-in that takes no text of a refusal: niquests would read all of it, however much it is."""

    def handle_401(self, r: niquests.Response, **arguments: Any) -> niquests.Response:
        """Ask again with the answer to the server's challenge."""
        if r.status_code == 401 and not r._content_consumed:
            r._content, r._content_consumed = b"", True
        answered: niquests.Response = super().handle_401(r, **arguments)  # type: ignore[no-untyped-call]
        return answered
