"""A real Thunderbird without a screen, with a profile of its own, subscribed to calendars on this machine."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from tests.clients.marionette import Marionette
from tests.clients.requirement import skip_or_fail
from tests.exchange.calendar_reading import ReadEvent

PROGRAM = Path(os.environ.get("THUNDERBIRD") or "/usr/bin/thunderbird")
SECONDS_TO_START = 90.0
SECONDS_TO_ANSWER = 60.0

PREFERENCES: dict[str, str | int | bool] = {
    # Nothing but this machine can be reached, and nothing asks for anything at the first start.
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "network.proxy.no_proxies_on": "127.0.0.1",
    "app.update.enabled": False,
    "app.donation.eoy.version.viewed": 999,
    "datareporting.policy.dataSubmissionEnabled": False,
    "mail.provider.suppress_dialog_on_startup": True,
    "mail.rights.version": 1,
    "mail.shell.checkDefaultClient": False,
    "mail.spotlight.firstRunDone": True,
    "mailnews.start_page.enabled": False,
    "toolkit.telemetry.enabled": False,
    "calendar.timezone.useSystemTimezone": False,
    "calendar.timezone.local": "UTC",
    "marionette.port": 0,
}

EVENTS = """
const { cal } = ChromeUtils.importESModule("resource:///modules/calendar/calUtils.sys.mjs");
const calendar = cal.manager.getCalendars().find((each) => each.id == given[0]);
const items = await calendar.getItemsAsArray(Ci.calICalendar.ITEM_FILTER_ALL_ITEMS, 0, null, null);
const moment = (time) => (time.isDate ? time.icalString : time.nativeTime / 1e6);
return items.map((item) => ({
  uid: item.id, summary: item.title, status: item.status, description: item.descriptionText,
  start: moment(item.startDate), end: moment(item.endDate),
}));
"""

REFRESH = """
const { cal } = ChromeUtils.importESModule("resource:///modules/calendar/calUtils.sys.mjs");
const calendar = cal.manager.getCalendars().find((each) => each.id == given[0]);
calendar.refresh();
"""


@dataclass(frozen=True)
class Thunderbird:
    """A Thunderbird at work."""

    marionette: Marionette

    def events(self, calendar: str) -> list[ReadEvent]:
        """All that it holds of a calendar, sorted by UID, duplicates too."""
        return sorted((_event(event) for event in self.marionette.run(EVENTS, calendar)), key=lambda event: event.uid)

    def refresh(self, calendar: str) -> None:
        """Ask for the calendar anew, as a person does by the button."""
        self.marionette.run(REFRESH, calendar)

    def events_once(self, calendar: str, is_there: Callable[[list[ReadEvent]], bool], seconds: float) -> list[ReadEvent]:
        """The events as soon as they are as wished, or as they are after so many seconds."""
        give_up = time.monotonic() + seconds
        while not is_there(events := self.events(calendar)) and time.monotonic() < give_up:
            time.sleep(0.2)
        return events


def require_thunderbird() -> None:
    """Skip with the reason where there is none; fail where ``CI`` is set."""
    if not PROGRAM.exists():
        skip_or_fail(f"No Thunderbird at {PROGRAM}: install Debian's (apt-get install thunderbird) or set THUNDERBIRD to one.")


@contextmanager
def thunderbird(folder: Path, calendars: Mapping[str, str]) -> Iterator[Thunderbird]:
    """Thunderbird with the profile in ``folder``, made at its first start, subscribed to calendars (id to address), each minute anew."""
    profile, home = folder / "profile", folder / "home"
    profile.mkdir(parents=True, exist_ok=True)
    home.mkdir(exist_ok=True)
    _write_preferences(profile, calendars)
    port_file = profile / "MarionetteActivePort"
    port_file.unlink(missing_ok=True)
    command = [str(PROGRAM), "--headless", "--no-remote", "--profile", str(profile), "--marionette", "--remote-allow-system-access"]
    environment = {
        name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS")
    }
    with (folder / "thunderbird.log").open("ab") as log:
        process = subprocess.Popen(
            command,
            env=environment | {"HOME": str(home), "MOZ_HEADLESS": "1", "TZ": "UTC", "MOZ_CRASHREPORTER_DISABLE": "1"},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        with Marionette(_port(process, port_file, folder / "thunderbird.log"), SECONDS_TO_ANSWER) as marionette:
            yield Thunderbird(marionette)
            marionette.command("Marionette:Quit", flags=["eForceQuit"])
        process.wait(timeout=30)
    finally:
        _end(process)


def _write_preferences(profile: Path, calendars: Mapping[str, str]) -> None:
    preferences = dict(PREFERENCES)
    for name, url in calendars.items():
        prefix = f"calendar.registry.{name}"
        preferences |= {f"{prefix}.name": name, f"{prefix}.type": "ics", f"{prefix}.uri": url, f"{prefix}.readOnly": True}
        preferences |= {f"{prefix}.cache.enabled": True, f"{prefix}.refreshInterval": "1"}
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in preferences.items()]
    (profile / "user.js").write_text("".join(lines), encoding="utf-8")


def _port(process: subprocess.Popen[bytes], port_file: Path, log: Path) -> int:
    give_up = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < give_up and process.poll() is None:
        if port_file.exists() and (text := port_file.read_text().strip()):
            return int(text)
        time.sleep(0.1)
    words = log.read_text(encoding="utf-8", errors="replace")[-1500:]
    raise AssertionError(f"Thunderbird could not be reached (ended with {process.poll()}). Its last words: {words}")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End it and all that it started: they are a process group of their own."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait(timeout=30)


def _event(event: dict[str, Any]) -> ReadEvent:
    start, end = (_moment(event[side]) for side in ("start", "end"))
    return ReadEvent(event["uid"], event["summary"], event["status"], start, end, event["description"])


def _moment(given: str | float) -> date | datetime:
    return date.fromisoformat(given) if isinstance(given, str) else datetime.fromtimestamp(given, UTC)
