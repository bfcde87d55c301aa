"""Messages that whoever connects can cause, kept from filling the log."""

from __future__ import annotations

import logging
from collections.abc import Callable
from time import monotonic

SECONDS = 60.0
_CAUSED_BY_CLIENTS = frozenset({"Exceeded concurrency limit.", "Invalid HTTP request received.", "Unsupported upgrade request."})
"""As uvicorn words them."""


class OnceAMinute(logging.Filter):
    """Lets each of uvicorn's messages about what a client did through once a minute, and all others always."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._next: dict[str, float] = {}
        """By message: not before this moment."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is shown."""
        message = str(record.msg)
        if message not in _CAUSED_BY_CLIENTS:
            return True
        now = self._clock()
        if now < self._next.get(message, now):
            return False
        self._next[message] = now + SECONDS
        return True
