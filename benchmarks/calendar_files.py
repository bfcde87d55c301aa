"""Calendar files: the project's own writer beside the ``icalendar`` library, on the same events."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from icalendar import Calendar, Event

from benchmarks.cohort import expanded
from benchmarks.measure import Figure, side_by_side
from benchmarks.study import AS_OF, calendar, plan
from planner.exchange.ics import PRODUCT, calendar_bytes
from planner.exchange.ics_settings import CalendarSettings, texts_to_bring, texts_to_prepare
from planner.exchange.uids import event_uid
from planner.schedule.cohort import Cohort
from planner.schedule.rows import VisitRow
from planner.schedule.table import visit_table
from planner.schedule.visit_rows import table_rows

SECTION = "Calendar files (.ics)"
_SUBJECTS = 60
_KILO = 1e3
_ONE_DAY = timedelta(days=1)


class EventsDifferError(Exception):
    """The two files do not hold the same events on the same days."""


def calendar_file_figures(cohort: Cohort) -> Iterator[Figure]:
    """Events per second, all-day events from the same rows; raises EventsDifferError before anything is timed."""
    schedule = expanded(cohort.part(0, _SUBJECTS))
    rows = [row for row in table_rows(visit_table(schedule)) if row.effective is not None]
    settings = _settings()
    own, other = (_days_by_uid(data) for data in (calendar_bytes(rows, settings), _by_library(rows, settings)))
    if own != other or len(own) != len(rows):
        raise EventsDifferError(f"{len(rows)} visits, {len(own)} events by the planner, {len(other)} by icalendar, and they differ")
    seconds = side_by_side({"own": lambda: calendar_bytes(rows, settings), "library": lambda: _by_library(rows, settings)}, rounds=5)
    speed = {name: len(rows) / taken / _KILO for name, taken in seconds.items()}
    yield Figure(SECTION, f"{len(rows):,} events", speed["own"], "thousand events/s", "icalendar, with shorter texts", speed["library"])


def _settings() -> CalendarSettings:
    protocol = plan().protocol
    return CalendarSettings(
        study=protocol.id.upper(),
        zone=calendar().zone,
        as_of=AS_OF,
        install_key=b"a key for measurements alone, no secret",
        bring=texts_to_bring(protocol, "en"),
        prepare=texts_to_prepare(protocol, "en"),
    )


def _by_library(rows: list[VisitRow], settings: CalendarSettings) -> bytes:
    file = Calendar()
    file.add("version", "2.0")
    file.add("prodid", PRODUCT)
    stamp = datetime.combine(settings.as_of, time(), UTC)
    for row in rows:
        assert row.effective is not None
        event = Event()
        event.add("uid", event_uid(settings.install_key, settings.study, row.subject, row.visit, "visit", settings.host))
        event.add("dtstamp", stamp)
        event.add("last-modified", stamp)
        event.add("sequence", 0)
        event.add("dtstart", row.effective)
        event.add("dtend", row.effective + _ONE_DAY)
        event.add("summary", f"{settings.study} {row.subject} {row.visit}")
        event.add("description", f"Nominal date: {row.nominal}\nEarliest: {row.earliest}\nLatest: {row.latest}\nCertainty: {row.certainty}")
        event.add("status", "TENTATIVE" if row.certainty == "projected" else "CONFIRMED")
        event.add("transp", "OPAQUE" if row.certainty == "booked" else "TRANSPARENT")
        file.add_component(event)
    data: bytes = file.to_ical()
    return data


def _days_by_uid(data: bytes) -> dict[str, tuple[date, date]]:
    """Both files are read back by the library."""
    events = Calendar.from_ical(data).walk("VEVENT")
    return {str(event["uid"]): (event.decoded("dtstart"), event.decoded("dtend")) for event in events}
