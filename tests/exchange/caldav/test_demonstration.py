"""The demonstration's sixty subjects on Radicale, from the first push to a fact pulled back."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import CliRunner, Result

from planner.exchange import today
from planner.exchange.event_objects import EventObject, event_objects
from planner.records.caller import Caller
from planner.records.changes import acts
from planner.records.changes.change import propose, save
from planner.records.feeds.feed import Feed
from planner.records.feeds.granting import make_feed
from planner.records.people.settings import read_settings
from planner.records.store.database import Database, open_database
from tests.exchange.caldav.clinic import KEY, app, passed
from tests.exchange.caldav.radicale_server import RadicaleServer
from tests.exchange.calendar_reading import read_by_icalendar

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


@pytest.fixture
def database(demo_sqlite_url: str) -> Iterator[Database]:
    opened = open_database(demo_sqlite_url)
    yield opened
    opened.close()


def objects(database: Database, code: str, now: datetime) -> dict[str, EventObject]:
    with database.reading() as connection:
        settings = read_settings(connection)
        found = event_objects(connection, settings, settings.feeds[code], now, KEY)
    assert found is not None
    return {one.uid: one for one in found}


@pytest.mark.parametrize(("back", "ahead"), [(3, 10), pytest.param(60, 400, marks=pytest.mark.long)])
def test_a_site_of_the_demonstration_is_kept_equal(
    database: Database, radicale: RadicaleServer, monkeypatch: pytest.MonkeyPatch, back: int, ahead: int
) -> None:
    with database.writing() as connection:
        code = make_feed(
            connection, Caller("me", NOW), Feed("", "me", "server", "site", "BEI", "", days_back=back, days_ahead=ahead)
        ).feed.code
    account = {"PLANNER_DATABASE_URL": database.url.render_as_string(), "PLANNER_ACCOUNT": "me", "PLANNER_INSTALL_KEY": KEY.decode()}
    for name, value in {**radicale.environment, **account}.items():
        monkeypatch.setenv(name, value)
    clock = [NOW]
    monkeypatch.setattr(today, "now", lambda: clock[0])
    calendar = f"demo-{ahead}"

    def call(*words: str) -> Result:
        return CliRunner().invoke(app, [words[0], code, f"{radicale.home}{calendar}/", *words[1:]])

    def is_equal() -> bool:
        expected = {f"{uid}.ics": read_by_icalendar(one.body) for uid, one in objects(database, code, clock[0]).items()}
        there = {name: read_by_icalendar(radicale.file(calendar, name).read_bytes()) for name in radicale.names(calendar)}
        assert there == expected
        return True

    first = objects(database, code, NOW)
    assert passed(call("push", "--create")) == {"created": len(first)}
    assert is_equal()
    before = radicale.requests()
    assert passed(call("push")) == {"unchanged": len(first)}
    assert radicale.requests() - before == {"PROPFIND": 2}

    booked = [one for one in first.values() if one.revision.row.certainty == "booked" and not one.revision.is_off]
    upcoming = next(one for one in booked if one.revision.row.effective and one.revision.row.effective > NOW.date())
    clock[0] += timedelta(hours=1)
    row = upcoming.revision.row
    assert row.effective is not None
    facts = acts.visit_booked(row.visit, row.effective, "07:15", 60)
    with database.writing() as connection:
        save(connection, Caller("me", clock[0]), propose(connection, Caller("me", clock[0]), upcoming.revision.subject, facts))
    second = objects(database, code, clock[0])
    changed = {uid for uid in second if uid not in first or second[uid].body != first[uid].body}
    assert upcoming.uid in changed
    log = len(radicale.log)
    passed(call("push"))
    assert set(re.findall(r"PUT request for '/[^']*/([^/']*)\.ics'", radicale.log[log:])) == changed
    assert is_equal()

    radicale.edit(calendar, f"{upcoming.uid}.ics", "T071500", "T110000")
    radicale.edit(calendar, f"{upcoming.uid}.ics", "T081500", "T120000")
    assert passed(call("push"))["edited there"] == 1
    clock[0] += timedelta(hours=1)
    pulled = call("pull", "--yes")
    assert pulled.exit_code == 0, pulled.stderr
    assert f"{row.visit} booked on {row.effective} at 11:00" in pulled.stdout
    assert "edited there" not in passed(call("push"))
    assert is_equal()

    clock[0] += timedelta(days=ahead + back + 1)
    assert passed(call("push"))["deleted"] > 0
    assert is_equal()
