"""Everybody's schedules, kept: worked out once for all who ask the same, let go of in time, and never somebody else's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Event
from typing import cast

import pytest
from sqlalchemy import Connection

from planner.records.caller import Caller
from planner.records.feeds.log_end import LogEnd
from planner.records.fold.fact_columns import FactTable
from planner.records.lists import kept_schedules, worked_out_once
from planner.records.lists.kept_schedules import (
    MOST_OF_NOW,
    MOST_OF_OTHER_DAYS,
    OCTETS_OF_NOW,
    OCTETS_OF_OTHER_DAYS,
    KeptSchedules,
)
from planner.records.lists.schedule_size import octets_of
from planner.records.lists.site_schedules import SiteSchedule, schedules
from planner.records.people.administration import append_administration, revoke_role
from planner.records.people.rights import NotAllowedError
from planner.records.people.settings import read_settings
from planner.records.store.database import Database
from tests.records.desk import Desk, someone

NOON = datetime(2026, 4, 30, 4, tzinfo=UTC)
DAYS = [date(2026, 5, day) for day in range(1, 2 * MOST_OF_OTHER_DAYS)]
NOWHERE = cast("Connection", None)
"""For what asks no database."""
SOON = 10
"""Seconds in which a thread must have come to what it is waited for; it takes none, unless there is an error."""


class Pretended:
    """Stands for the log: counts what is worked out, and can be made to wait or to fail there."""

    def __init__(self) -> None:
        self.end = LogEnd(1, "head")
        self.worked_out: list[tuple[str, date | None]] = []
        self.held: dict[str, Event] = {}
        """Until when it takes to work out what an account asks."""
        self.begun: dict[str, Event] = {}
        self.error: BaseException | None = None
        self.waiting: list[object] = []
        """One for each that came to wait for another."""
        self.octets = 1
        """How large an answer is."""
        self.tables = 0
        """How often the facts of all subjects were read."""

    def hold(self, who: str) -> None:
        """What the account asks is worked out only when ``held`` is set."""
        self.held[who], self.begun[who] = Event(), Event()

    def table(self, connection: Connection) -> FactTable:
        self.tables += 1
        return cast("FactTable", object())

    def schedules(self, table: FactTable, connection: Connection, caller: Caller, as_of: date | None) -> tuple[SiteSchedule, ...]:
        self.worked_out.append((caller.who, as_of))
        if caller.who in self.held:
            self.begun[caller.who].set()
            assert self.held[caller.who].wait(SOON)
        if self.error is not None:
            raise self.error
        return (cast("SiteSchedule", object()),)


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Pretended:
    """Each account may read its own site only; those that begin alike, the same."""
    pretended = Pretended()

    class Watched(Future[object]):
        def result(self, timeout: float | None = None) -> object:
            if not self.done():
                pretended.waiting.append(self)
            return super().result(timeout)

    monkeypatch.setattr(worked_out_once, "Future", Watched)
    monkeypatch.setattr(kept_schedules, "read_fact_table", pretended.table)
    monkeypatch.setattr(kept_schedules, "octets_of", lambda found: pretended.octets)
    monkeypatch.setattr(kept_schedules, "schedules_from", pretended.schedules)
    monkeypatch.setattr(kept_schedules, "log_end", lambda connection: pretended.end)
    monkeypatch.setattr(kept_schedules, "permitted_sites", lambda connection, caller, action: frozenset({caller.who.split("-")[0]}))
    return pretended


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as executor:
        yield executor


def eventually(is_so: Callable[[], bool]) -> None:
    waiting = Event()
    for _ in range(SOON * 100):
        if is_so():
            return
        waiting.wait(0.01)
    pytest.fail("it never came to that")


def asked(kept: KeptSchedules, who: str = "nurse", as_of: date | None = None, later: timedelta = timedelta()) -> tuple[SiteSchedule, ...]:
    return kept.of(NOWHERE, Caller(who, NOON + later), as_of)


def test_who_asks_the_same_meanwhile_waits_for_it(log: Pretended, threads: ThreadPoolExecutor) -> None:
    kept = KeptSchedules()
    log.hold("PEK-1")
    first = threads.submit(asked, kept, "PEK-1")
    assert log.begun["PEK-1"].wait(SOON)
    second = threads.submit(asked, kept, "PEK-2")
    eventually(lambda: len(log.waiting) == 1)
    assert not second.done()
    log.held["PEK-1"].set()
    assert first.result(SOON) is second.result(SOON)
    assert log.worked_out == [("PEK-1", None)]


def test_who_asks_something_else_does_not_wait(log: Pretended, threads: ThreadPoolExecutor) -> None:
    kept = KeptSchedules()
    known = asked(kept, "SHA")
    log.hold("PEK")
    slow = threads.submit(asked, kept, "PEK")
    assert log.begun["PEK"].wait(SOON)
    assert threads.submit(asked, kept, "SHA").result(SOON) is known
    threads.submit(asked, kept, "CAN").result(SOON)
    threads.submit(asked, kept, "SHA", DAYS[0]).result(SOON)
    assert not slow.done()
    log.held["PEK"].set()
    assert slow.result(SOON)


@pytest.mark.parametrize("error", [ValueError("unreadable"), KeyboardInterrupt()])
def test_an_error_reaches_all_who_wait_and_is_not_kept(log: Pretended, threads: ThreadPoolExecutor, error: BaseException) -> None:
    kept = KeptSchedules()
    log.error = error
    log.hold("PEK-1")
    first = threads.submit(asked, kept, "PEK-1")
    assert log.begun["PEK-1"].wait(SOON)
    others = [threads.submit(asked, kept, f"PEK-{number}") for number in (2, 3)]
    eventually(lambda: len(log.waiting) == 2)
    log.held["PEK-1"].set()
    assert [waiter.exception(SOON) for waiter in (first, *others)] == [error] * 3
    assert log.worked_out == [("PEK-1", None)]
    log.error = None
    assert asked(kept, "PEK-1") is asked(kept, "PEK-2")


def test_as_many_as_there_are_sites_in_turn_are_worked_out_once(log: Pretended) -> None:
    kept = KeptSchedules()
    sites = [f"S{number}" for number in range(MOST_OF_NOW)]
    for site in sites * 3:
        asked(kept, site)
    assert [who for who, _ in log.worked_out] == sites
    asked(kept, "S0")
    asked(kept, "new")
    log.worked_out.clear()
    asked(kept, "S0")
    assert not log.worked_out
    asked(kept, "S1")
    assert log.worked_out == [("S1", None)], "who was asked longest ago makes room"


def test_other_days_cost_nobody_the_present(log: Pretended) -> None:
    kept = KeptSchedules()
    asked(kept)
    for day in DAYS:
        asked(kept, as_of=day)
    log.worked_out.clear()
    asked(kept)
    for day in reversed(DAYS[-MOST_OF_OTHER_DAYS:]):
        asked(kept, as_of=day)
    assert not log.worked_out
    asked(kept, as_of=DAYS[0])
    assert log.worked_out == [("nurse", DAYS[0])]


def test_large_answers_make_room_for_one_another(log: Pretended) -> None:
    kept = KeptSchedules()
    log.octets = OCTETS_OF_NOW // 2
    for who in ("PEK", "SHA", "PEK", "CAN"):
        asked(kept, who)
    log.worked_out.clear()
    for who in ("PEK", "CAN"):
        asked(kept, who)
    assert not log.worked_out
    asked(kept, "SHA")
    assert log.worked_out == [("SHA", None)], "who was asked longest ago makes room"
    assert len(kept._now.answers) == 2


def test_the_newest_answer_is_kept_however_large_it_is(log: Pretended) -> None:
    kept = KeptSchedules()
    log.octets = OCTETS_OF_NOW + OCTETS_OF_OTHER_DAYS
    assert asked(kept) is asked(kept)
    for day in DAYS[:2]:
        assert asked(kept, as_of=day) is asked(kept, as_of=day)
    assert len(kept._other_days.answers) == 1


def test_all_answers_share_one_table_until_somebody_writes(log: Pretended) -> None:
    kept = KeptSchedules()
    for who in ("PEK", "SHA"):
        asked(kept, who)
    asked(kept, as_of=DAYS[0])
    assert log.tables == 1
    log.end = LogEnd(2, "next")
    asked(kept, "PEK")
    assert log.tables == 2
    assert len(kept._tables) == 1, "the facts as they were are let go of"


def test_the_next_quarter_of_an_hour_lets_go_of_the_last_at_once(log: Pretended) -> None:
    kept = KeptSchedules()
    for who in ("PEK", "SHA"):
        asked(kept, who)
    asked(kept, as_of=DAYS[0])
    assert asked(kept, "PEK", later=timedelta(minutes=14)) is asked(kept, "PEK")
    asked(kept, "PEK", later=timedelta(minutes=15))
    assert len(kept._now.answers) == 1
    log.worked_out.clear()
    asked(kept, as_of=DAYS[0], later=timedelta(hours=1))
    assert not log.worked_out, "a day that is named is the same at every hour"
    assert not kept._now.answers


def test_another_end_of_the_log_lets_go_of_all(log: Pretended) -> None:
    kept = KeptSchedules()
    before = asked(kept), asked(kept, as_of=DAYS[0])
    log.end = LogEnd(1, "restored")
    assert asked(kept) is not before[0]
    assert not kept._other_days.answers
    assert asked(kept, as_of=DAYS[0]) is not before[1]


def test_what_is_worked_out_while_somebody_writes_is_not_kept(log: Pretended, threads: ThreadPoolExecutor) -> None:
    kept = KeptSchedules()
    log.hold("PEK")
    slow = threads.submit(asked, kept, "PEK")
    assert log.begun["PEK"].wait(SOON)
    log.end = LogEnd(2, "next")
    asked(kept, "SHA")
    log.held["PEK"].set()
    early = slow.result(SOON)
    assert asked(kept, "PEK") is not early


def test_rights_are_asked_for_at_each_call(database: Database) -> None:
    desk = Desk.opened(database, "PEK", "SHA")
    desk.enrol("PEK-001")
    desk.enrol("SHA-001", site="SHA")
    desk.grant(("nurse", "reader", "*"), ("local", "reader", "SHA"), ("other", "reader", "*"))
    kept = KeptSchedules()

    def seen(who: str) -> list[str]:
        with database.reading() as connection:
            found = kept.of(connection, someone(who=who))
            assert subjects(found) == subjects(schedules(connection, someone(who=who)))
        return subjects(found)

    assert seen("nurse") == seen("other") == ["PEK-001", "SHA-001"]
    assert seen("local") == ["SHA-001"]
    with pytest.raises(NotAllowedError):
        seen("stranger")
    with database.writing() as connection:
        append_administration(connection, someone(who="administrator"), [revoke_role(read_settings(connection), "nurse", "reader", "*")])
    with pytest.raises(NotAllowedError):
        seen("nurse")
    assert seen("other") == ["PEK-001", "SHA-001"]


def test_the_answer_for_one_site_is_smaller(database: Database) -> None:
    desk = Desk.opened(database, "PEK", "SHA")
    for number in range(1, 4):
        desk.enrol(f"PEK-00{number}")
    desk.enrol("SHA-001", site="SHA")
    desk.grant(("boss", "reader", "*"), ("local", "reader", "SHA"))
    kept = KeptSchedules()
    with database.reading() as connection:
        of_all, of_one = (kept.of(connection, someone(who=who)) for who in ("boss", "local"))
        assert of_one[0].table is of_all[0].table
        assert octets_of(of_one) < octets_of(of_all) / 3
        assert octets_of(of_all) == octets_of([*of_all, *of_all]) > of_all[0].schedule.effective.nbytes


def subjects(found: tuple[SiteSchedule, ...]) -> list[str]:
    return sorted(key.number for entry in found for key in entry.keys)
