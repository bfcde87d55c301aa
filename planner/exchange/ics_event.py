"""One VEVENT: a visit, or the window of a visit.

The properties are few and always the same, so they are written directly, many times as fast as through a library; the tests read them
back with three. A visit that is due, overdue or stale (behind an overdue one) reads as the projected visit it was before, so that its
bytes, DTSTAMP and LAST-MODIFIED apart, hang on facts and not on the day they are written.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from planner.exchange.ics_settings import CalendarSettings
from planner.exchange.ics_text import content_line, escaped
from planner.exchange.ics_words import EventWords, event_words
from planner.exchange.time_zones import rule_covers, zone_info
from planner.exchange.uids import event_uid
from planner.schedule.rows import VisitRow

EventStatus = Literal["CONFIRMED", "TENTATIVE", "CANCELLED"]

DEFAULT_MINUTES = 60
"""The length of a visit booked with a time, where the protocol gives none."""

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Revision:
    """How often a visit's date, time or status has changed, and the moment (UTC) of the fact that last changed it."""

    sequence: int
    at: datetime


@dataclass(slots=True)
class EventWriter:
    """Writes the events of one calendar; ``local_times`` tells afterwards whether any of them needs the VTIMEZONE."""

    settings: CalendarSettings
    local_times: bool = False
    words: EventWords = field(init=False)
    zone: ZoneInfo = field(init=False)
    _labels: tuple[str, str, str] = field(init=False)
    _certainties: dict[str, str] = field(default_factory=dict)
    _preparations: dict[tuple[str, ...], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Look up once what all events share; raises UnknownZoneError."""
        self.words = event_words(self.settings.language)
        self.zone = zone_info(self.settings.zone)
        nominal, earliest, latest = (
            escaped(label + self.words.colon) for label in (self.words.nominal, self.words.earliest, self.words.latest)
        )
        self._labels = nominal, earliest, latest

    def event(self, row: VisitRow, revision: Revision) -> str | None:
        """The VEVENT of ``row``, CRLF line ends; None if it has no date (a window: no earliest and latest)."""
        return self._visit(row, revision) if self.settings.events == "visit" else self._window(row, revision)

    def _visit(self, row: VisitRow, revision: Revision) -> str | None:
        if row.effective is None:
            return None
        status = event_status(row)
        opaque = status == "CONFIRMED" and row.certainty == "booked"
        if row.booked_at is None:
            times = _all_day(row.effective, row.effective)
        else:
            times = self._timed(datetime.combine(row.effective, row.booked_at), event_minutes(row))
        texts = self._marked_title(row), self._description(row, status)
        uid = self._uid(row, "visit")
        # A program that knows events by what they say, not by UID, would take two visits of masked subjects on one day for one.
        masked = "" if "subject" in self.settings.summary else content_line(f"X-TRIAL-VISIT-PLANNER-EVENT:{uid}")
        return _vevent(uid, revision, times, texts, status, opaque, masked)

    def _window(self, row: VisitRow, revision: Revision) -> str | None:
        if row.earliest is None or row.latest is None:
            return None
        status = event_status(row)
        times = _all_day(row.earliest, row.latest)
        title = self.words.window_title.format(title=self._marked_title(row))
        related = content_line(f"RELATED-TO:{self._uid(row, 'visit')}")
        return _vevent(self._uid(row, "window"), revision, times, (title, self._description(row, status)), status, False, related)

    def _uid(self, row: VisitRow, kind: Literal["visit", "window"]) -> str:
        settings = self.settings
        return event_uid(settings.install_key, settings.study, row.subject, row.visit, kind, settings.host)

    def _marked_title(self, row: VisitRow) -> str:
        """``ULRRC 0042 C3D1``, after a word that says so if the visit is cancelled, missed or on hold."""
        parts = {"study": self.settings.study, "subject": row.subject, "visit": row.visit}
        title = " ".join(parts[part] for part in self.settings.summary) or self.words.visit
        marks = {"cancelled": self.words.cancelled_title, "missed": self.words.missed_title, "on_hold": self.words.on_hold_title}
        return marks[row.status].format(title=title) if row.status in marks else title

    def _description(self, row: VisitRow, status: EventStatus) -> str:
        """The lines of the description as one escaped text. What many events share is escaped once: it is most of what they say."""
        labels = self._labels
        dates = ((labels[0], row.nominal), (labels[1], row.earliest), (labels[2], row.latest))
        lines = [f"{label}{day.isoformat()}" for label, day in dates if day is not None]
        if status != "CANCELLED":
            lines.append(self._certainty(row))
            if said := self._preparation(row.activities):
                lines.append(said)
        if self.settings.link:
            lines.append(escaped(self.settings.link))
        return r"\n".join(lines)

    def _certainty(self, row: VisitRow) -> str:
        key = "conditional" if row.status == "conditional" else row.certainty
        text = self._certainties.get(key)
        if text is None:
            words = {"conditional": self.words.conditional, "fixed": self.words.fixed, "booked": self.words.booked}
            said = f"{self.words.certainty}{self.words.colon}{words.get(key, self.words.projected)}"
            text = self._certainties[key] = escaped(said)
        return text

    def _preparation(self, activities: tuple[str, ...]) -> str:
        """What to bring and how to prepare for these activities, each text once, escaped."""
        text = self._preparations.get(activities)
        if text is None:
            bring, prepare, words = self.settings.bring, self.settings.prepare, self.words
            said = [f"{words.bring}{words.colon}{bring[activity]}" for activity in activities if activity in bring]
            said += [f"{words.prepare}{words.colon}{prepare[activity]}" for activity in activities if activity in prepare]
            text = self._preparations[activities] = escaped("\n".join(dict.fromkeys(said)))
        return text

    def _timed(self, wall: datetime, minutes: int) -> str:
        """DTSTART and DTEND in local time; in UTC if a calendar program could read either local time as another moment."""
        start = wall.replace(tzinfo=self.zone).astimezone(UTC)
        end = start + timedelta(minutes=minutes)
        zone = self.settings.zone
        if rule_covers(zone, start) and self._is_plain(start) and self._is_plain(end):
            self.local_times = True
            return f"DTSTART;TZID={zone}:{_wall(start.astimezone(self.zone))}\r\nDTEND;TZID={zone}:{_wall(end.astimezone(self.zone))}\r\n"
        return f"DTSTART:{_utc(start)}\r\nDTEND:{_utc(end)}\r\n"

    def _is_plain(self, moment: datetime) -> bool:
        """Whether the wall clock shows the time of ``moment`` only once on that day."""
        local = moment.astimezone(self.zone)
        return local.replace(fold=0).utcoffset() == local.replace(fold=1).utcoffset()


def all_day_event(uid: str, revision: Revision, day: date, title: str) -> str:
    """A VEVENT that takes no time up and says only its title, on one day."""
    return _vevent(uid, revision, _all_day(day, day), (title, ""), "CONFIRMED", False)


def event_minutes(row: VisitRow) -> int:
    """How long a visit booked with a time takes in a calendar."""
    return row.minutes or DEFAULT_MINUTES


def event_status(row: VisitRow) -> EventStatus:
    """The iCalendar STATUS of a visit. A reminder counts as done merely because its day has passed, so it stays tentative."""
    if row.status in ("cancelled", "missed", "on_hold"):
        return "CANCELLED"
    if row.status == "conditional":
        return "TENTATIVE"
    if row.certainty == "booked" or (row.status == "done" and row.kind != "reminder"):
        return "CONFIRMED"
    return "TENTATIVE"


def _vevent(
    uid: str,
    revision: Revision,
    times: str,
    texts: tuple[str, str],
    status: EventStatus,
    opaque: bool,
    more: str = "",
) -> str:
    """The component; ``texts`` are title and escaped description ("": none), ``times`` and ``more`` whole lines."""
    stamp = _utc(revision.at)
    title, description = texts
    said = content_line("DESCRIPTION:" + description) if description else ""
    return (
        f"BEGIN:VEVENT\r\n{content_line('UID:' + uid)}DTSTAMP:{stamp}\r\nLAST-MODIFIED:{stamp}\r\nSEQUENCE:{revision.sequence}\r\n"
        f"{times}{content_line('SUMMARY:' + escaped(title))}{said}{more}"
        f"STATUS:{status}\r\nTRANSP:{'OPAQUE' if opaque else 'TRANSPARENT'}\r\n"
        f"X-MICROSOFT-CDO-BUSYSTATUS:{'BUSY' if opaque else 'FREE'}\r\nEND:VEVENT\r\n"
    )


def _all_day(first: date, last: date) -> str:
    return f"DTSTART;VALUE=DATE:{_day(first)}\r\nDTEND;VALUE=DATE:{_day(last + _ONE_DAY)}\r\n"


def _day(day: date) -> str:
    return day.isoformat().replace("-", "")


def _wall(local: datetime) -> str:
    return local.replace(tzinfo=None).isoformat(timespec="seconds").replace("-", "").replace(":", "")


def _utc(moment: datetime) -> str:
    return _wall(moment.astimezone(UTC)) + "Z"
