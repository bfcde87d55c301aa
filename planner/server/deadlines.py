"""Clients that send or read too slowly are let go, so that nobody holds all connections with an octet now and then."""

from __future__ import annotations

import asyncio
from enum import Enum
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

SECONDS_FOR_A_HEAD = 10.0
"""From the connection, or from the answer before, to the end of a request's head."""
SECONDS_FOR_A_BODY = 60.0
"""From the end of a request's head to the end of its body: what is uploaded to the screens is small."""
SECONDS_TO_READ = 30.0
"""Within which a client takes ``LEAST_OCTETS`` of its answer, or all that the system cannot hold any more."""
LEAST_OCTETS = 64 * 1024


class _Awaited(Enum):
    HEAD = SECONDS_FOR_A_HEAD
    BODY = SECONDS_FOR_A_BODY
    NOTHING = None


class Deadlines(H11Protocol):
    """uvicorn's protocol, which by itself waits for ever for the rest of a request, and for a client that does not read."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._awaited = _Awaited.NOTHING
        self._is_handed_over = False
        self._sending: asyncio.TimerHandle | None = None
        self._reading: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first head."""
        super().connection_made(transport)
        # Writing pauses as soon as the system takes no more: so there is a deadline for the last octets of an answer too.
        transport.set_write_buffer_limits(high=0)
        self._wait_for(_Awaited.HEAD)

    def handle_events(self) -> None:
        """Go on waiting for what is missing: of what was received, or of a request that waited for the answer before."""
        super().handle_events()
        if self._is_handed_over:
            # To h11 it stays a request whose body is still to come.
            return
        awaited = {h11.IDLE: _Awaited.HEAD, h11.SEND_BODY: _Awaited.BODY}.get(self.conn.their_state, _Awaited.NOTHING)
        if awaited is not self._awaited:
            self._wait_for(awaited)

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """From here on another protocol has the connection, with deadlines of its own."""
        self._is_handed_over = True
        self._wait_for(_Awaited.NOTHING)
        _stop(self._reading)
        self.transport.set_write_buffer_limits()
        super().handle_websocket_upgrade(event)

    def pause_writing(self) -> None:
        """Begin to wait for the client to read."""
        super().pause_writing()
        self._wait_for_reading()

    def resume_writing(self) -> None:
        """It has read."""
        _stop(self._reading)
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing to wait for any more."""
        _stop(self._sending)
        _stop(self._reading)
        super().connection_lost(exc)

    def _wait_for(self, awaited: _Awaited) -> None:
        _stop(self._sending)
        self._awaited = awaited
        self._sending = None if awaited.value is None else self.loop.call_later(awaited.value, self.transport.close)

    def _wait_for_reading(self) -> None:
        unread = self.transport.get_write_buffer_size()
        self._reading = self.loop.call_later(SECONDS_TO_READ, self._let_go_or_wait_on, unread)

    def _let_go_or_wait_on(self, unread: int) -> None:
        if unread - self.transport.get_write_buffer_size() < LEAST_OCTETS:
            self.transport.abort()
        else:
            self._wait_for_reading()


def _stop(timer: asyncio.TimerHandle | None) -> None:
    if timer is not None:
        timer.cancel()
