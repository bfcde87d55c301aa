"""Who asks, and when: every use of the records is for somebody, at a moment that is given and never looked up here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from planner.records.facts.account import require_account


@dataclass(frozen=True, slots=True)
class Caller:
    """An account (never a subject's name) and the moment of the request, aware and in UTC. Raises AccountError for what is no account."""

    who: str
    now: datetime

    def __post_init__(self) -> None:
        """The account is written beside each fact for good, so no name and no control character may pass."""
        require_account(self.who)

    def today(self, zone: str) -> date:
        """The date at a site in this IANA time zone (R17)."""
        return self.now.astimezone(ZoneInfo(zone)).date()
