"""Calendar files as libical takes them: what it finds wrong, and the events that it reads.

libical's restrictions depend on METHOD. Without one it asks little of an event, so each file is also looked at as what it would be if a
program published it: with ``METHOD:PUBLISH`` and an organizer, for which UID, DTSTAMP, DTSTART and SUMMARY are demanded.
"""

from __future__ import annotations

import base64
import ctypes.util
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from tests.clients.requirement import skip_or_fail
from tests.exchange.calendar_reading import ReadEvent

ROOT = Path(__file__).parents[2]
ORGANIZER = b"ORGANIZER:mailto:planner@example.org\r\n"


@dataclass(frozen=True)
class LibicalAnswer:
    """Of one file: the faults in libical's words, the calendar's NAME ("" for none), and the events in the file's order."""

    faults: tuple[str, ...]
    name: str
    events: tuple[ReadEvent, ...]


def libical_path() -> str:
    """The library; without one the test is skipped with the reason, and fails where ``CI`` is set."""
    named = os.environ.get("LIBICAL")
    if named and Path(named).is_file():
        return named
    found = None if named else ctypes.util.find_library("ical")
    if found is None:
        skip_or_fail("No libical: install Debian's (apt-get install libical3), or set LIBICAL to the path of libical.so.3.")
    return found


def published(content: bytes) -> bytes:
    """The same calendar as a program would publish it; the strictest of libical's tables that fits an event without attendees."""
    with_method = content.replace(b"BEGIN:VCALENDAR\r\n", b"BEGIN:VCALENDAR\r\nMETHOD:PUBLISH\r\n", 1)
    return with_method.replace(b"BEGIN:VEVENT\r\n", b"BEGIN:VEVENT\r\n" + ORGANIZER)


def read_by_libical(files: Mapping[str, bytes]) -> dict[str, LibicalAnswer]:
    """The answers by the files' names."""
    given = {name: base64.b64encode(content).decode("ascii") for name, content in files.items()}
    done = subprocess.run(
        [sys.executable, "-m", "tests.clients.libical_reading", libical_path()],
        cwd=ROOT,
        input=json.dumps(given).encode(),
        capture_output=True,
        timeout=120,
        check=False,
    )
    busy_with = done.stderr.decode("utf-8", "replace").strip()
    assert done.returncode == 0, f"libical's process ended with {done.returncode}, last words: {busy_with[-500:]}"
    return {
        name: LibicalAnswer(tuple(dict.fromkeys(answer["faults"])), answer["name"], tuple(_event(event) for event in answer["events"]))
        for name, answer in json.loads(done.stdout).items()
    }


def checked_by_libical(files: Mapping[str, bytes]) -> dict[str, LibicalAnswer]:
    """The same with the faults that libical finds in the files as they are and as published."""
    as_they_are = read_by_libical(files)
    as_published = read_by_libical({name: published(content) for name, content in files.items()})
    return {
        name: replace(answer, faults=tuple(dict.fromkeys(answer.faults + as_published[name].faults)))
        for name, answer in as_they_are.items()
    }


def faults_in(answers: Mapping[str, LibicalAnswer]) -> dict[str, tuple[str, ...]]:
    """The faults of the files that have any, by their names."""
    return {name: answer.faults for name, answer in answers.items() if answer.faults}


def _event(event: dict[str, Any]) -> ReadEvent:
    start, end = (_moment(event[end]) for end in ("start", "end"))
    return ReadEvent(event["uid"], event["summary"], event["status"], start, end, event["description"])


def _moment(given: str | int) -> date | datetime:
    return date.fromisoformat(given) if isinstance(given, str) else datetime.fromtimestamp(given, UTC)
