"""Many calendar files as ical.js, Thunderbird's parser, reads them; one start of node for all."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from tests.exchange.calendar_reading import ICAL_JS, ReadEvent

SCRIPT = Path(__file__).with_name("ical_js_many.mjs")


@dataclass(frozen=True)
class IcalJsAnswer:
    """Of one file: what ical.js throws ("" for nothing), the calendar's NAME ("" for none), and the events in the file's order."""

    fault: str
    name: str
    events: tuple[ReadEvent, ...]


def read_many_by_ical_js(files: Mapping[str, bytes]) -> dict[str, IcalJsAnswer]:
    """The answers by the files' names."""
    if not (ICAL_JS / "node_modules" / "ical.js").is_dir():
        raise AssertionError("ical.js is not installed in tests/exchange/ical_js; `make test` installs it, or run `npm ci` there.")
    given = json.dumps({name: content.decode("utf-8") for name, content in files.items()}).encode()
    try:
        done = subprocess.run(["node", str(SCRIPT)], input=given, capture_output=True, timeout=300, check=False)
    except FileNotFoundError as error:
        raise AssertionError("node is not installed; the calendar tests need Node.js 18 or newer.") from error
    assert done.returncode == 0, done.stderr.decode()
    return {
        name: IcalJsAnswer(answer.get("fault", ""), answer.get("name") or "", tuple(_event(event) for event in answer["events"]))
        for name, answer in json.loads(done.stdout).items()
    }


def _event(event: dict[str, Any]) -> ReadEvent:
    start, end = (_moment(event[end]) for end in ("start", "end"))
    return ReadEvent(event["uid"], event["summary"], event["status"], start, end, event["description"] or "")


def _moment(given: str | int) -> date | datetime:
    return date.fromisoformat(given) if isinstance(given, str) else datetime.fromtimestamp(given, UTC)
