"""Visits for the tests of calendar files, and three programs that read such files back."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import icalendar

from planner.exchange.ics_settings import CalendarSettings
from planner.schedule.rows import VisitRow

FOLDER = Path(__file__).parent
ICAL_JS = FOLDER / "ical_js"

KHAL_CONFIGURATION = """\
[calendars]
[[visits]]
path = {folder}/events
[sqlite]
path = {folder}/khal.db
[locale]
local_timezone = UTC
default_timezone = UTC
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
[default]
default_calendar = visits
"""


def visit_row(**changes: Any) -> VisitRow:
    """A projected treatment visit on Wednesday, 1 April 2026, with what differs."""
    row: dict[str, Any] = {
        "subject": "0042",
        "visit": "C3D1",
        "definition": "C{n}D1",
        "name": "Cycle 3 day 1",
        "epoch": "Consolidation",
        "kind": "treatment",
        "number": 3,
        "study_day": 50,
        "anchor": "C2D1 2026-03-11",
        "nominal": date(2026, 4, 1),
        "earliest": date(2026, 3, 29),
        "latest": date(2026, 4, 4),
        "planned": date(2026, 4, 1),
        "effective": date(2026, 4, 1),
        "status": "upcoming",
        "certainty": "projected",
        "days_off": 0,
        "flags": (),
        "activities": (),
        "booked_at": None,
        "minutes": None,
        "decision_pending": False,
        "days_left": None,
    }
    return VisitRow(**(row | changes))


def calendar_settings(**changes: Any) -> CalendarSettings:
    settings: dict[str, Any] = {"study": "ULRRC", "zone": "Europe/Berlin", "as_of": date(2026, 3, 1), "install_key": b"k" * 32}
    return CalendarSettings(**(settings | changes))


@dataclass(frozen=True)
class ReadEvent:
    """What a reader makes of an event. ``start`` and ``end`` are dates (``end`` exclusive) or moments in UTC."""

    uid: str
    summary: str
    status: str
    start: date | datetime
    end: date | datetime
    description: str


def read_by_icalendar(content: bytes) -> dict[str, ReadEvent]:
    """By UID; times are understood from the VTIMEZONE in the file itself."""
    calendar = icalendar.Calendar.from_ical(content)
    zones = {str(zone["TZID"]): zone.to_tz(lookup_tzid=False) for zone in calendar.timezones}

    def moment(value: icalendar.vDDDTypes) -> date | datetime:
        if not isinstance(value.dt, datetime):
            return value.dt
        zone = zones[value.params["TZID"]] if "TZID" in value.params else UTC
        return value.dt.replace(tzinfo=zone).astimezone(UTC)

    return {
        str(event["UID"]): ReadEvent(
            str(event["UID"]),
            str(event["SUMMARY"]),
            str(event["STATUS"]),
            moment(event["DTSTART"]),
            moment(event["DTEND"]),
            str(event["DESCRIPTION"]),
        )
        for event in calendar.events
    }


def ical_js_answer(content: bytes) -> list[dict[str, Any]]:
    """The events as ical.js reads them, see ical_js/read.mjs."""
    if not (ICAL_JS / "node_modules" / "ical.js").is_dir():
        raise AssertionError("ical.js is not installed in tests/exchange/ical_js; `make test` installs it, or run `npm ci` there.")
    try:
        done = subprocess.run(["node", "read.mjs"], cwd=ICAL_JS, input=content, capture_output=True, timeout=60, check=False)
    except FileNotFoundError as error:
        raise AssertionError("node is not installed; the calendar tests need Node.js 18 or newer.") from error
    assert done.returncode == 0, done.stderr.decode()
    answer: list[dict[str, Any]] = json.loads(done.stdout)
    return answer


def read_by_ical_js(content: bytes) -> dict[str, ReadEvent]:
    """By UID, as Thunderbird's library reads them."""

    def moment(time: dict[str, Any]) -> date | datetime:
        return date.fromisoformat(time["local"]) if time["isDate"] else datetime.fromtimestamp(time["unix"], UTC)

    return {
        event["uid"]: ReadEvent(
            event["uid"], event["summary"], event["status"], moment(event["start"]), moment(event["end"]), event["description"]
        )
        for event in ical_js_answer(content)
    }


def read_by_khal(content: bytes, folder: Path, first: date, last: date) -> dict[str, ReadEvent]:
    """By UID, the events from ``first`` to ``last`` that khal lists after importing the file into the calendar in ``folder``."""
    program = Path(sys.executable).with_name("khal")
    if not program.exists():
        raise AssertionError("khal is not installed beside this Python; `make test` installs it (requirements-dev.txt).")
    (folder / "events").mkdir(parents=True, exist_ok=True)
    (folder / "khal.conf").write_text(KHAL_CONFIGURATION.format(folder=folder), encoding="utf-8")
    (folder / "visits.ics").write_bytes(content)
    khal = [str(program), "-c", str(folder / "khal.conf")]
    homes = {name: str(folder) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")}
    environment = dict(os.environ) | homes | {"TZ": "UTC", "LC_ALL": "C.UTF-8"}
    fields = ("uid", "title", "status", "start", "end", "description", "all-day")
    commands = [
        [*khal, "import", "--batch", "-a", "visits", str(folder / "visits.ics")],
        [*khal, "list", "--once", *(word for field in fields for word in ("--json", field)), str(first), str(last)],
    ]
    for command in commands:
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
    events = [event for line in done.stdout.splitlines() for event in json.loads(line)]
    return {event["uid"]: _as_read_by_khal(event) for event in events}


def _as_read_by_khal(event: dict[str, str]) -> ReadEvent:
    """khal shows the last day of an all-day event, not the day after it."""
    if event["all-day"] == "True":
        start: date | datetime = date.fromisoformat(event["start"])
        end: date | datetime = date.fromordinal(date.fromisoformat(event["end"]).toordinal() + 1)
    else:
        start, end = (datetime.fromisoformat(event[key]).replace(tzinfo=UTC) for key in ("start", "end"))
    return ReadEvent(event["uid"], event["title"], event["status"], start, end, event["description"])
