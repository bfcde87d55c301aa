"""A study site with a feed, a calendar server, and somebody who calls `caldav push` and `caldav pull` at a shell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time

import pytest
import typer
from typer.testing import CliRunner, Result

from planner.commands.once import OnceCommand
from planner.commands.records.caldav_ import pull, push
from planner.exchange import today
from planner.exchange.event_objects import EventObject, event_objects
from planner.records.changes import acts
from planner.records.feeds.feed import Feed
from planner.records.feeds.granting import make_feed
from planner.records.people.settings import read_settings
from planner.records.store.database import Database
from tests.records.desk import SUBJECT, Desk, someone

KEY = b"a key of the tests, no secret at all"
ON = date(2026, 3, 28)
"""The day on which everything begins; what is there already was recorded the day before."""
BEFORE = date(2026, 3, 27)

app = typer.Typer()
app.command("push", cls=OnceCommand)(push)
app.command("pull", cls=OnceCommand)(pull)


@dataclass
class Clinic:
    """The site's records, and where its feed is pushed to."""

    desk: Desk
    url: str
    """Of the calendar."""
    monkeypatch: pytest.MonkeyPatch
    environment: Mapping[str, str]
    database_url: str
    on: date = ON

    def __post_init__(self) -> None:
        for name, value in {
            **self.environment,
            "PLANNER_DATABASE_URL": self.database_url,
            "PLANNER_ACCOUNT": "nurse",
            "PLANNER_INSTALL_KEY": KEY.decode(),
        }.items():
            self.monkeypatch.setenv(name, value)
        self.monkeypatch.setattr(today, "now", lambda: self.now)

    @property
    def now(self) -> datetime:
        return datetime.combine(self.on, time(5), UTC)

    def make_feed(self, purpose: str = "server", **given: object) -> str:
        """A feed of the subject, of sixty days; its code."""
        wanted = Feed("", "nurse", purpose, "subject", str(SUBJECT), "", days_back=20, days_ahead=40)
        with self.desk.database.writing() as connection:
            return make_feed(connection, someone(ON), replace(wanted, **given)).feed.code  # type: ignore[arg-type]

    def push(self, *options: str, feed: str = "F1", url: str = "") -> Result:
        return CliRunner().invoke(app, ["push", feed, url or self.url, *options])

    def pull(self, *options: str, feed: str = "F1", url: str = "") -> Result:
        return CliRunner().invoke(app, ["pull", feed, url or self.url, *options])

    def objects(self, feed: str = "F1") -> dict[str, EventObject]:
        """What the feed holds now, by visit."""
        with self.desk.database.reading() as connection:
            settings = read_settings(connection)
            found = event_objects(connection, settings, settings.feeds[feed], self.now, KEY)
        assert found is not None
        return {one.revision.row.visit: one for one in found}

    def name(self, visit: str) -> str:
        """What the object of a visit is called on the server."""
        return f"{self.objects()[visit].uid}.ics"


def site(database: Database) -> Desk:
    """A subject with a few booked visits."""
    desk = Desk.opened(database)
    desk.enrol()
    desk.record_done({"C1D1": "2026-03-02", "SIM": "2026-03-09", "F1": "2026-03-16"}, on=BEFORE)
    desk.record(acts.visit_booked("C3D1", date(2026, 4, 17), "09:30", 60), on=BEFORE)
    return desk


def counts(result: Result) -> dict[str, int]:
    """What the summary line of a push counts, noughts left out."""
    line = next(line for line in result.stdout.splitlines() if re.match(r"\d+ created", line))
    return {what: int(count) for count, what in re.findall(r"(\d+) ([a-z ]+?)[,.]", line) if int(count)}


def passed(result: Result) -> dict[str, int]:
    """The same of a push that must have succeeded."""
    assert result.exit_code == 0, (result.stdout, result.stderr, result.exception)
    return counts(result)


def failed(result: Result) -> str:
    """What a command that must have failed says; it must be sentences, and no password."""
    assert result.exit_code == 1, (result.exit_code, result.stdout, result.stderr, result.exception)
    assert "Traceback" not in result.stderr
    assert "planner itself failed" not in result.stderr
    return result.stderr
