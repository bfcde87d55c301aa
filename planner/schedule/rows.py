"""One visit of one subject, in plain Python values: what a person, a calendar event or a table row needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import Literal

Status = Literal["done", "missed", "cancelled", "conditional", "on_hold", "overdue", "due", "upcoming"]
Certainty = Literal["fixed", "booked", "stale", "projected"]

STATUSES: tuple[Status, ...] = ("done", "missed", "cancelled", "conditional", "on_hold", "overdue", "due", "upcoming")
CERTAINTIES: tuple[Certainty, ...] = ("fixed", "booked", "stale", "projected")


@dataclass(frozen=True, slots=True)
class VisitRow:
    """A visit with its dates (None where it has none), status and flags; see docs/date-rules.md for each field."""

    subject: str
    visit: str
    """The concrete visit id, ``C3D1``."""
    definition: str
    """The id of its definition in the protocol file, ``C{n}D1``."""
    name: str
    epoch: str
    kind: str
    number: int | None
    study_day: int | None
    anchor: str
    """The reference and its date, ``SBRT.last 2026-03-20``."""
    nominal: date | None
    earliest: date | None
    latest: date | None
    planned: date | None
    effective: date | None
    status: Status
    certainty: Certainty
    days_off: int | None
    """Effective minus nominal date."""
    flags: tuple[str, ...]
    """``code`` or ``code:value``, from the list in docs/date-rules.md."""
    activities: tuple[str, ...]
    """Ids of the activities to do (or done), in the file's order, omitted ones left out."""
    booked_at: time | None
    """Local time at the site, where the visit is booked with one (and is not done or missed)."""
    minutes: int | None
    decision_pending: bool
    """A decision visit with a decision still to record."""
    days_left: int | None
    """Days until the window closes, as of the day asked (0 on its last day); None unless due, and where it has closed (a stale visit)."""

    @property
    def is_on_calendar(self) -> bool:
        """Whether it is on the default calendar: neither cancelled nor conditional."""
        return self.status not in ("cancelled", "conditional")
