"""What the web process makes feeds from, as whoever starts it says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from planner.server.request_limits import Rates


@dataclass(frozen=True, slots=True)
class FeedSource:
    """The database, the secret behind UIDs, the clock, and how much is answered."""

    database_url: str
    install_key: bytes
    clock: Callable[[], datetime]
    """This moment, aware."""
    rates: Rates = field(default_factory=Rates)
