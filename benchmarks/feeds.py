"""Feeds: a cold one from the database, and its bytes beside hand-joined strings, ``icalendar``, ``ics`` and ``vobject``."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import ics
import vobject
from icalendar import Calendar, Event

from benchmarks.measure import Figure, median_seconds, side_by_side
from benchmarks.records_day import AS_OF
from benchmarks.records_store import PROTOCOL_FILE, fill, latest_started, subjects_of, url_of
from benchmarks.study import PROTOCOL
from planner.exchange.feed import feed_events, feed_parts
from planner.exchange.ics import PRODUCT
from planner.exchange.ics_settings import texts_to_bring, texts_to_prepare
from planner.exchange.revision_events import EventForm, calendar_file, revision_events, study_code, visit_uid
from planner.protocol.read import read_protocol
from planner.records.feeds.feed import Feed
from planner.records.people.settings import read_settings
from planner.records.revisions.visit_revisions import VisitRevision
from planner.records.store.database import Database, open_database
from planner.schedule.cohort import Cohort

SECTION = "Feeds"
KEY = b"a key for measurements alone, no secret"
NOW = datetime.combine(AS_OF, time(9), UTC)
SIZES = ((1_000, 37, "under 0.1 s"), (10_000, 357, "under 0.6 s"))
"""Events asked for, subjects that have about as many in the window, and the aim."""
_MILLI = 1e3
_ONE_DAY = timedelta(days=1)


class BytesDifferError(Exception):
    """The writers that are compared do not say the same of the same visits."""


def feed_figures(cohort: Cohort) -> Iterator[Figure]:
    """Cold feeds of two sizes; then the bytes of the larger one by each writer, from the same visit revisions."""
    for events, subjects, aim in SIZES:
        with TemporaryDirectory(prefix="planner-bench-") as folder:
            database = _database(cohort, subjects, Path(folder))
            yield _cold(database, events, aim)
            if events == SIZES[-1][0]:
                yield from _writers(database)
            database.close()


def _database(cohort: Cohort, subjects: int, folder: Path) -> Database:
    database = open_database(url_of(folder / "feeds.sqlite"))
    fill(database, subjects_of(latest_started(cohort, subjects)))
    return database


def _feed() -> Feed:
    return Feed("F1", "bench", "bench", "study", PROTOCOL, "")


def _cold(database: Database, events: int, aim: str) -> Figure:
    """From the database to bytes: nothing is kept between two rounds but the compiled protocol and calendar."""

    def build() -> int:
        with database.reading() as connection:
            return sum(part.events for part in feed_parts(connection, read_settings(connection), _feed(), NOW, KEY))

    found = build()
    if not events <= found <= events * 1.4:
        raise BytesDifferError(f"a feed of about {events:,} events was asked for, and it has {found:,}")
    return Figure(SECTION, f"cold feed of {found:,} events", median_seconds(build, 5) * _MILLI, "ms", aim=aim)


def _writers(database: Database) -> Iterator[Figure]:
    with database.reading() as connection:
        events = (feed_events(connection, read_settings(connection), _feed(), NOW, KEY) or [])[: SIZES[-1][0]]
    revisions = [event.revision for event in events]
    form = EventForm(KEY)
    protocol = read_protocol(PROTOCOL_FILE.read_text(encoding="utf-8"))
    texts = texts_to_bring(protocol, "en"), texts_to_prepare(protocol, "en")
    plain = [_plain(revision, form, texts) for revision in revisions]
    calls: dict[str, Callable[[], object]] = {
        "own": lambda: _own(revisions, form),
        "hand-joined strings": lambda: _joined(plain),
        "icalendar": lambda: _by_icalendar(plain),
        "ics": lambda: _by_ics(plain),
        "vobject": lambda: _by_vobject(plain),
    }
    _require_alike(calls)
    seconds = side_by_side(calls, rounds=3)
    for name in list(calls)[1:]:
        aim = "within 1.5 times" if name == "hand-joined strings" else ""
        yield Figure(SECTION, f"bytes of {len(revisions):,} events", seconds["own"] * _MILLI, "ms", name, seconds[name] * _MILLI, aim)


Plain = tuple[str, date, str, str, datetime, int, str, bool]
"""UID, day, title, description, moment, sequence, status, whether it takes time up: all that an event says, already worked out."""


def _plain(revision: VisitRevision, form: EventForm, texts: tuple[dict[str, str], dict[str, str]]) -> Plain:
    row, (bring, prepare) = revision.row, texts
    assert row.effective is not None
    title = f"{study_code(revision)} {revision.subject.number} {row.visit}"
    said = [f"Bring: {bring[one]}" for one in row.activities if one in bring]
    said += [f"Prepare: {prepare[one]}" for one in row.activities if one in prepare]
    dates = [f"Nominal date: {row.nominal}", f"Earliest: {row.earliest}", f"Latest: {row.latest}", f"Certainty: {row.certainty}"]
    status = "CANCELLED" if revision.is_off else "CONFIRMED" if row.certainty in ("fixed", "booked") else "TENTATIVE"
    description = "\n".join([*dates, *dict.fromkeys(said)])
    return visit_uid(revision, form), row.effective, title, description, revision.at, revision.sequence, status, row.certainty == "booked"


def _own(revisions: Sequence[VisitRevision], form: EventForm) -> bytes:
    return calendar_file(revision_events(revisions, form))


def _joined(events: Sequence[Plain]) -> bytes:
    """The floor: strings put together, texts escaped and folded by octets the simplest way."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}"]
    for uid, day, title, description, at, sequence, status, busy in events:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{uid}",
            f"DTSTAMP:{at:%Y%m%dT%H%M%SZ}",
            f"LAST-MODIFIED:{at:%Y%m%dT%H%M%SZ}",
            f"SEQUENCE:{sequence}",
            f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{day + _ONE_DAY:%Y%m%d}",
            *_folded(f"SUMMARY:{_escaped(title)}"),
            *_folded(f"DESCRIPTION:{_escaped(description)}"),
            f"STATUS:{status}",
            f"TRANSP:{'OPAQUE' if busy else 'TRANSPARENT'}",
            f"X-MICROSOFT-CDO-BUSYSTATUS:{'BUSY' if busy else 'FREE'}",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR\r\n")
    return "\r\n".join(lines).encode()


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    yield line[:75]
    for first in range(75, len(line), 74):
        yield " " + line[first : first + 74]


def _by_icalendar(events: Sequence[Plain]) -> bytes:
    file = Calendar()
    file.add("version", "2.0")
    file.add("prodid", PRODUCT)
    for uid, day, title, description, at, sequence, status, busy in events:
        event = Event()
        event.add("uid", uid)
        event.add("dtstamp", at)
        event.add("last-modified", at)
        event.add("sequence", sequence)
        event.add("dtstart", day)
        event.add("dtend", day + _ONE_DAY)
        event.add("summary", title)
        event.add("description", description)
        event.add("status", status)
        event.add("transp", "OPAQUE" if busy else "TRANSPARENT")
        event.add("x-microsoft-cdo-busystatus", "BUSY" if busy else "FREE")
        file.add_component(event)
    data: bytes = file.to_ical()
    return data


def _by_ics(events: Sequence[Plain]) -> bytes:
    file = ics.Calendar()
    for uid, day, title, description, at, _, status, busy in events:
        event = ics.Event(uid=uid, name=title, begin=day, description=description, last_modified=at, status=status, transparent=not busy)
        event.make_all_day()
        file.events.add(event)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        data: bytes = file.serialize().encode()
    return data


def _by_vobject(events: Sequence[Plain]) -> bytes:
    file = vobject.iCalendar()
    for uid, day, title, description, at, sequence, status, busy in events:
        event = file.add("vevent")
        event.add("uid").value = uid
        event.add("dtstamp").value = at.replace(tzinfo=vobject.icalendar.utc)
        event.add("last-modified").value = at.replace(tzinfo=vobject.icalendar.utc)
        event.add("sequence").value = str(sequence)
        event.add("dtstart").value = day
        event.add("dtend").value = day + _ONE_DAY
        event.add("summary").value = title
        event.add("description").value = description
        event.add("status").value = status
        event.add("transp").value = "OPAQUE" if busy else "TRANSPARENT"
    data: bytes = file.serialize().encode()
    return data


def _require_alike(calls: dict[str, Callable[[], object]]) -> None:
    """Every writer's file, read back, has the same visits on the same days with the same titles; raises BytesDifferError."""
    read = {name: _read_back(call()) for name, call in calls.items()}
    for name, found in read.items():
        if found != read["hand-joined strings"]:
            differ = len(set(found.items()) ^ set(read["hand-joined strings"].items()))
            raise BytesDifferError(f"{name} and hand-joined strings differ in {differ} entries")


def _read_back(data: object) -> dict[str, tuple[date, str]]:
    assert isinstance(data, bytes)
    events = Calendar.from_ical(data).walk("VEVENT")
    return {str(event["uid"]): (_day(event.decoded("dtstart")), str(event["summary"]).removeprefix("Cancelled: ")) for event in events}


def _day(start: date | datetime) -> date:
    return start.date() if isinstance(start, datetime) else start
