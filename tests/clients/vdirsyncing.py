"""vdirsyncer, which keeps a folder of events equal to a feed, and khal, which shows that folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from tests.exchange.calendar_reading import KHAL_CONFIGURATION, ReadEvent

CONFIGURATION = """\
[general]
status_path = "{folder}/status"
[pair visits]
a = "feed"
b = "here"
collections = null
conflict_resolution = "a wins"
[storage feed]
type = "http"
url = "{url}"
[storage here]
type = "filesystem"
path = "{folder}/events"
fileext = ".ics"
"""

KHAL_FIELDS = ("uid", "title", "status", "start", "end", "description", "all-day")


class SyncedFolder:
    """A folder that vdirsyncer keeps equal to the feed at an address."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.events = folder / "events"
        self.events.mkdir(parents=True)
        (folder / "vdirsyncer.conf").write_text(CONFIGURATION.format(folder=folder, url=url), encoding="utf-8")
        (folder / "khal.conf").write_text(KHAL_CONFIGURATION.format(folder=folder), encoding="utf-8")
        self._vdirsyncer("discover", "visits")

    def sync(self) -> list[str]:
        """What vdirsyncer says it does with single events: nothing where nothing has changed."""
        said = self._vdirsyncer("sync", "visits")
        return [line for line in said.splitlines() if line.startswith(("Copying", "Deleting"))]

    def files(self) -> list[bytes]:
        """The events, each a file of its own."""
        return [file.read_bytes() for file in sorted(self.events.glob("*.ics"))]

    def listed_by_khal(self, first: date, last: date) -> list[ReadEvent]:
        """What khal lists from ``first`` to ``last``, duplicates too; times in UTC."""
        fields = [word for field in KHAL_FIELDS for word in ("--json", field)]
        said = self._run("khal", "-c", str(self.folder / "khal.conf"), "list", "--once", *fields, str(first), str(last))
        return [_event(event) for line in said.splitlines() for event in json.loads(line)]

    def _vdirsyncer(self, *words: str) -> str:
        return self._run("vdirsyncer", "-c", str(self.folder / "vdirsyncer.conf"), *words)

    def _run(self, name: str, *words: str) -> str:
        program = Path(sys.executable).with_name(name)
        if not program.exists():
            raise AssertionError(f"{name} is not installed beside this Python; `make test` installs it (requirements-dev.txt).")
        homes = {key: str(self.folder) for key in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")}
        environment = dict(os.environ) | homes | {"TZ": "UTC", "LC_ALL": "C.UTF-8"}
        done = subprocess.run(
            [str(program), *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            env=environment,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, f"{name} ended with {done.returncode}: {done.stdout[-1500:]}"
        return done.stdout


def _event(event: dict[str, str]) -> ReadEvent:
    """khal shows the last day of an all-day event, not the day after it."""
    if event["all-day"] == "True":
        start: date | datetime = date.fromisoformat(event["start"])
        end: date | datetime = date.fromisoformat(event["end"]) + timedelta(days=1)
    else:
        start, end = (datetime.fromisoformat(event[side]).replace(tzinfo=UTC) for side in ("start", "end"))
    return ReadEvent(event["uid"], event["title"], event["status"], start, end, event["description"])
