"""What the lists keep for a schedule is made once, and while it is made for one person nobody else waits."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Event
from types import ModuleType

import pytest
from sqlalchemy import Connection

from planner.records.caller import Caller
from planner.records.lists.site_schedules import SiteSchedule, schedules
from planner.records.store.database import Database, open_database
from planner.ui import deviation_lines, worklist_views
from planner.ui.subjects import kept_lines
from tests.ui.clock import MOMENT

NURSE = Caller("nurse1", MOMENT)
SOON = 30
"""Seconds in which a thread must have come to what it is waited for."""

Asked = Callable[[Connection, tuple[SiteSchedule, ...]], object]
KEPT: dict[str, tuple[ModuleType, str, Asked]] = {
    "worklist": (worklist_views, "_found_entries", lambda _, found: worklist_views.counts(found, worklist_views.Wanted())),
    "subjects": (kept_lines, "subject_lines", lambda _, found: kept_lines.lines_of(found)),
    "deviations": (deviation_lines, "deviations_of", deviation_lines.ledger_of),
}


@pytest.fixture
def database(demo_database_url: str) -> Iterator[Database]:
    opened = open_database(demo_database_url)
    yield opened
    opened.close()


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(3) as executor:
        yield executor


@pytest.mark.parametrize("name", KEPT)
def test_nobody_waits_for_what_somebody_else_asked(
    name: str, database: Database, threads: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, maker, ask = KEPT[name]
    make = getattr(module, maker)
    begun, may_end, made = Event(), Event(), []

    def held_up(*args: object) -> object:
        made.append(args)
        if len(made) == 1:
            begun.set()
            assert may_end.wait(SOON)
        return make(*args)

    monkeypatch.setattr(module, maker, held_up)

    def asked(found: tuple[SiteSchedule, ...]) -> object:
        with database.reading() as connection:
            return ask(connection, found)

    with database.reading() as connection:
        one, other = schedules(connection, NURSE), schedules(connection, NURSE, date(2026, 11, 1))
    slow = threads.submit(asked, one)
    try:
        assert begun.wait(SOON)
        same = threads.submit(asked, one)
        assert threads.submit(asked, other).result(SOON)
        assert not slow.done()
        assert not same.done()
    finally:
        may_end.set()
    assert slow.result(SOON) == same.result(SOON)
    times = len(made)
    asked(one)
    asked(other)
    assert len(made) == times, "each is made once"
