"""The worklist: each kind at its limits, what waits behind what, rights, and every row against the rows of the schedule."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.records.facts.fact import NewFact, SubjectKey
from planner.records.facts.kinds import Kind
from planner.records.lists.choices import UnknownChoiceError
from planner.records.lists.site_schedules import SiteSchedule, schedules
from planner.records.lists.worklist import Limits, Worklist, WorklistKind, WorklistRow, worklist, worklist_of
from planner.records.people.rights import NotAllowedError
from planner.records.store.database import Database
from planner.schedule.days import NO_DAY, day_date
from planner.schedule.rows import VisitRow
from planner.schedule.visit_ids import slot_of
from planner.schedule.visit_rows import subject_rows
from tests.records.databases import Fill, mostly_sqlite_url
from tests.records.random_schedules import random_schedules
from tests.records.ward import SUBJECT, UNTIL_CYCLE_2, Ward, at, booked, caller, done, held
from tests.schedule.studies import china

# These rules stand above the log, which is the same on both engines: PostgreSQL in the long tests.
database_url = mostly_sqlite_url

OVERDUE, DUE, CLOSING = WorklistKind.OVERDUE, WorklistKind.DUE, WorklistKind.CLOSING


@pytest.fixture
def ward(filled: Callable[[Fill], Database]) -> Ward:
    """ULRRC PEK-001, with all visits up to cycle 2 done on time; cycle 3 is planned on 17 April, from 14 to 20 April."""
    return Ward(filled(_write_ward))


def _write_ward(database: Database) -> None:
    ward = Ward(database)
    ward.enrol()
    ward.write(SUBJECT, *(done(visit, day) for visit, day in UNTIL_CYCLE_2.items()), when=at("2026-03-27"))


def seen(ward: Ward, day: str, *kinds: WorklistKind, who: str = "nurse", **asked: object) -> Worklist:
    """The worklist on a day."""
    with ward.reading() as connection:
        return worklist(connection, caller(day, who=who), kinds or None, **asked)  # type: ignore[arg-type]


def shown(found: Worklist) -> list[tuple[str, str, int]]:
    """Kind, visit and days of each row."""
    return [(row.kind.value, row.visit, row.days) for row in found.rows]


def row_of(found: Worklist, visit: str) -> WorklistRow:
    """The only row of a visit."""
    (row,) = [row for row in found.rows if row.visit == visit]
    return row


class TestWindow:
    def test_a_visit_is_due_from_its_first_day(self, ward: Ward) -> None:
        assert not any(row.visit == "C3D1" for row in seen(ward, "2026-04-13", DUE).rows)
        assert row_of(seen(ward, "2026-04-14", DUE), "C3D1").days == 6

    def test_the_last_day_of_the_window_is_due_and_the_next_overdue(self, ward: Ward) -> None:
        assert row_of(seen(ward, "2026-04-20", DUE), "C3D1").days == 0
        assert not seen(ward, "2026-04-20", OVERDUE).rows
        assert not any(row.visit == "C3D1" for row in seen(ward, "2026-04-21", DUE).rows)
        assert row_of(seen(ward, "2026-04-21", OVERDUE), "C3D1").days == -1

    def test_closing_holds_what_is_due_with_so_many_days_left(self, ward: Ward) -> None:
        assert not any(row.visit == "C3D1" for row in seen(ward, "2026-04-14", CLOSING, limits=Limits(closing=5)).rows)
        assert row_of(seen(ward, "2026-04-15", CLOSING, limits=Limits(closing=5)), "C3D1").days == 5

    def test_a_booking_behind_the_window_keeps_a_visit_from_being_overdue_until_it_has_passed(self, ward: Ward) -> None:
        ward.write(SUBJECT, booked("C3D1", "2026-04-25", "09:30"), when=at("2026-04-10"))
        row = row_of(seen(ward, "2026-04-25", DUE), "C3D1")
        assert (row.days, row.booked, str(row.booked_at), row.flags) == (0, date(2026, 4, 25), "09:30:00", ("outside_window:+5",))
        assert row_of(seen(ward, "2026-04-26", OVERDUE), "C3D1").days == -1

    def test_a_row_says_whose_visit_it_is_and_its_dates(self, ward: Ward) -> None:
        row = row_of(seen(ward, "2026-04-21", OVERDUE), "C3D1")
        assert (row.study, row.site, row.subject, row.name, row.epoch) == ("ulrrc", "PEK", "PEK-001", "Cycle 3 day 1", "Consolidation")
        assert (row.visit_kind, row.status, row.certainty, row.as_of) == ("treatment", "overdue", "fixed", date(2026, 4, 21))
        assert (row.planned, row.earliest, row.latest) == (date(2026, 4, 17), date(2026, 4, 14), date(2026, 4, 20))


class TestBehindOthers:
    def test_only_the_first_of_a_chain_is_overdue_and_counts_those_behind(self, ward: Ward) -> None:
        """C3D1 is overdue: C4D1 and C5D1 hang on it, and through the last dose SFU30, SFU90 and the contraception reminder."""
        found = seen(ward, "2026-06-30", OVERDUE)
        assert [row.visit for row in found.rows] == ["C3D1", "ASSESS"]
        assert row_of(found, "C3D1").waiting == 5
        assert row_of(found, "ASSESS").waiting == 1  # MDT

    def test_what_waits_is_neither_due_nor_closing_nor_to_be_booked(self, ward: Ward) -> None:
        with ward.reading() as connection:
            (site_schedule,) = schedules(connection, caller("2026-05-09"))
        stale = {row.visit for row in subject_rows(site_schedule.schedule, 0) if row.certainty == "stale"}
        assert "C4D1" in stale
        assert not stale & {row.visit for row in worklist_of([site_schedule]).rows}


class TestBookings:
    def test_unbooked_holds_visits_planned_within_the_limit(self, ward: Ward) -> None:
        unbooked = WorklistKind.UNBOOKED
        assert not seen(ward, "2026-04-02", unbooked).rows
        assert shown(seen(ward, "2026-04-03", unbooked)) == [("unbooked", "C3D1", 14)]
        assert shown(seen(ward, "2026-04-18", unbooked, limits=Limits(unbooked=3))) == [("unbooked", "C3D1", -1)]

    def test_a_booked_visit_is_not_unbooked(self, ward: Ward) -> None:
        ward.write(SUBJECT, booked("C3D1", "2026-04-16"), when=at("2026-04-01"))
        assert not seen(ward, "2026-04-03", WorklistKind.UNBOOKED).rows

    def test_a_decision_needs_no_booking(self, ward: Ward) -> None:
        assert "MDT" not in {row.visit for row in seen(ward, "2026-05-10", WorklistKind.UNBOOKED).rows}

    def test_a_booked_day_that_passed_is_unconfirmed(self, ward: Ward) -> None:
        ward.write(SUBJECT, booked("C3D1", "2026-04-16"), when=at("2026-04-01"))
        assert not seen(ward, "2026-04-16", WorklistKind.UNCONFIRMED).rows
        assert shown(seen(ward, "2026-04-18", WorklistKind.UNCONFIRMED)) == [("unconfirmed", "C3D1", -2)]
        ward.write(SUBJECT, done("C3D1", "2026-04-16"), when=at("2026-04-18"))
        assert not seen(ward, "2026-04-18", WorklistKind.UNCONFIRMED).rows


class TestDecisions:
    def test_a_due_board_waits_for_its_decision_and_the_branches_for_it(self, ward: Ward) -> None:
        ward.write(SUBJECT, done("ASSESS", "2026-05-01"), when=at("2026-05-01"))
        with ward.reading() as connection:
            (site_schedule,) = schedules(connection, caller("2026-05-02"))
        conditional = sum(row.status == "conditional" for row in subject_rows(site_schedule.schedule, 0, all_visits=True))
        row = row_of(worklist_of([site_schedule], [WorklistKind.DECISION]), "MDT")
        assert conditional > 10
        assert (row.status, row.days, row.waiting) == ("due", 27, conditional)

    def test_a_board_that_met_without_a_decision_is_listed_until_it_is_recorded(self, ward: Ward) -> None:
        ward.write(SUBJECT, done("ASSESS", "2026-05-01"), done("MDT", "2026-05-12"), when=at("2026-05-12"))
        assert shown(seen(ward, "2026-05-20", WorklistKind.DECISION)) == [("decision", "MDT", -8)]
        ward.write(SUBJECT, NewFact(Kind.DECISION_MADE, "management", value="maintenance"), when=at("2026-05-20"))
        assert not seen(ward, "2026-05-20", WorklistKind.DECISION).rows


class TestStoppedClocks:
    def test_a_hold_is_listed_once_it_has_lasted_longer_than_the_limit(self, ward: Ward) -> None:
        ward.write(SUBJECT, held("2026-04-10"), when=at("2026-04-10"))
        stopped = WorklistKind.STOPPED_CLOCK
        assert not seen(ward, "2026-04-24", stopped).rows
        row = row_of(seen(ward, "2026-04-25", stopped), "C3D1")
        assert (row.days, row.status) == (-15, "on_hold")
        # C4D1 and C5D1 are held too; SFU30, SFU90 and the reminder wait behind the last dose.
        assert row.waiting == 5
        assert shown(seen(ward, "2026-04-11", stopped, limits=Limits(held=0))) == [("stopped_clock", "C3D1", -1)]

    def test_a_hold_that_has_ended_is_not_listed(self, ward: Ward) -> None:
        (hold,) = ward.write(SUBJECT, held("2026-04-10"), when=at("2026-04-10"))
        ward.write(SUBJECT, NewFact(Kind.HOLD_ENDED, day=date(2026, 5, 10), refers=hold.number), when=at("2026-05-01"))
        assert row_of(seen(ward, "2026-05-09", WorklistKind.STOPPED_CLOCK), "C3D1").days == -29
        assert not seen(ward, "2026-05-10", WorklistKind.STOPPED_CLOCK).rows

    def test_of_two_holds_on_a_visit_the_longer_counts_once(self, ward: Ward) -> None:
        ward.write(SUBJECT, held("2026-04-10"), held("2026-04-01"), when=at("2026-04-10"))
        assert shown(seen(ward, "2026-04-30", WorklistKind.STOPPED_CLOCK)) == [("stopped_clock", "C3D1", -29)]


class TestWhoAndWhich:
    def test_only_subjects_at_sites_that_may_be_read(self, ward: Ward) -> None:
        other = ward.enrol(SubjectKey("crlm", "SHA-001"), site="SHA")
        ward.grant("nurse", "nurse", "PEK")
        ward.grant("monitor", "reader", "*")
        assert {row.site for row in seen(ward, "2026-04-21").rows} == {"PEK"}
        assert {row.study for row in seen(ward, "2026-04-21", who="monitor").rows} == {"ulrrc", "crlm"}
        assert {row.subject for row in seen(ward, "2026-04-21", who="monitor", studies=["crlm"]).rows} == {other.number}
        assert {row.site for row in seen(ward, "2026-04-21", who="monitor", sites=["SHA"]).rows} == {"SHA"}
        with pytest.raises(UnknownChoiceError, match="There is no site SHA"):
            seen(ward, "2026-04-21", who="nurse", sites=["SHA"])
        with pytest.raises(NotAllowedError):
            seen(ward, "2026-04-21", who="stranger")

    def test_bookings_keep_their_times_where_other_subjects_are_left_out(self, ward: Ward) -> None:
        ward.enrol(SubjectKey("ulrrc", "AAA-001"), site="AAA")
        ward.write(SUBJECT, booked("C3D1", "2026-04-16", "08:15"), when=at("2026-04-01"))
        row = row_of(seen(ward, "2026-04-18", WorklistKind.UNCONFIRMED, sites=["PEK"]), "C3D1")
        assert str(row.booked_at) == "08:15:00"

    def test_kinds_of_visits(self, ward: Ward) -> None:
        found = seen(ward, "2026-06-30", OVERDUE, visit_kinds=["imaging"])
        assert shown(found) == [("overdue", "ASSESS", -46)]
        assert found.counts == {OVERDUE: 1}

    def test_today_is_the_day_at_the_site(self, ward: Ward) -> None:
        """At 17:00 UTC it is tomorrow in China."""
        chinese = ward.enrol(SubjectKey("ulrrc", "SHA-001"), site="SHA", calendar=china())
        with ward.reading() as connection:
            found = worklist(connection, caller("2026-04-20", 17))
            given = worklist(connection, caller("2026-04-20", 17), as_of=date(2026, 4, 1))
        assert {(row.site, row.as_of) for row in found.rows} == {("PEK", date(2026, 4, 20)), ("SHA", date(2026, 4, 21))}
        assert {row.as_of for row in given.rows if row.subject == chinese.number} == {date(2026, 4, 1)}

    def test_the_most_urgent_only_while_counts_stay_whole(self, ward: Ward) -> None:
        ward.enrol(SubjectKey("ulrrc", "PEK-002"))
        whole, few = seen(ward, "2026-06-30"), seen(ward, "2026-06-30", most=1)
        assert few.counts == whole.counts
        assert few.rows == tuple(
            next(row for row in whole.rows if row.kind == kind) for kind in dict.fromkeys(row.kind for row in whole.rows)
        )
        assert not seen(ward, "2026-06-30", most=0).rows

    def test_an_empty_database_has_an_empty_worklist(self, database: Database) -> None:
        found = seen(Ward(database), "2026-06-30")
        assert not found.rows
        assert set(found.counts.values()) == {0}


# --- every row of random schedules against the rows of a subject's page, by a plain reading of docs/records.md ------------

PLAIN_KINDS = [kind for kind in WorklistKind if kind is not WorklistKind.STOPPED_CLOCK]


def plainly(row: VisitRow, as_of: date, booking: bool, is_milestone: bool, kind: WorklistKind, limits: Limits) -> bool:
    """Whether a visit is on the worklist (stopped clocks apart)."""
    waits = row.certainty == "stale"
    last = max(row.latest or date.min, row.effective or date.min)
    match kind:
        case WorklistKind.OVERDUE:
            return row.status == "overdue"
        case WorklistKind.DUE:
            return row.status == "due" and not waits
        case WorklistKind.CLOSING:
            return row.status == "due" and not waits and (last - as_of).days <= limits.closing
        case WorklistKind.UNBOOKED:
            soon = row.planned is not None and (row.planned - as_of).days <= limits.unbooked
            attended = row.kind in ("clinic", "treatment", "imaging") and not is_milestone
            return row.status in ("due", "upcoming") and not waits and not booking and attended and soon
        case WorklistKind.UNCONFIRMED:
            return "unconfirmed" in row.flags
        case WorklistKind.DECISION:
            come = row.status in ("done", "upcoming") and row.effective is not None and row.effective <= as_of
            return row.decision_pending and not waits and (row.status in ("due", "overdue") or come)
        case _:
            raise AssertionError(kind)


@settings(max_examples=settings.default.max_examples // 5)
@given(seed=st.integers(0, 2**32 - 1), closing=st.integers(0, 30), unbooked=st.integers(0, 60))
def test_the_worklist_is_what_its_definition_says(seed: int, closing: int, unbooked: int) -> None:
    limits, found = Limits(closing, unbooked), random_schedules(seed)
    expected: dict[WorklistKind, list[tuple[object, ...]]] = {kind: [] for kind in PLAIN_KINDS}
    for part in found:
        for column, key in enumerate(part.keys):
            as_of = day_date(part.schedule.as_of_day(column))
            for row, booking, is_milestone in rows_and_bookings(part, column):
                for kind in PLAIN_KINDS:
                    if plainly(row, as_of, booking, is_milestone, kind, limits):
                        expected[kind].append((key.number, row.visit, row.name, row.status, row.certainty, row.flags, row.effective, as_of))
    listed = worklist_of(found, None, limits)
    for kind in PLAIN_KINDS:
        rows = [row for row in listed.rows if row.kind is kind]
        plain = [(row.subject, row.visit, row.name, row.status, row.certainty, row.flags, row.effective, row.as_of) for row in rows]
        assert sorted(plain, key=str) == sorted(expected[kind], key=str)
        assert listed.counts[kind] == len(rows)
        assert rows == sorted(rows, key=lambda row: (row.days, row.study, row.site, row.subject))


@settings(max_examples=settings.default.max_examples // 5)
@given(seed=st.integers(0, 2**32 - 1))
def test_every_visit_that_waits_is_counted_behind_one_that_is_listed(seed: int) -> None:
    """R15: so what waits is never lost, although it is not listed itself."""
    found = random_schedules(seed)
    listed = worklist_of(found, [WorklistKind.OVERDUE, WorklistKind.STOPPED_CLOCK], Limits(held=-(10**6))).rows
    for part in found:
        for column, key in enumerate(part.keys):
            rows = subject_rows(part.schedule, column)
            waiting = sum(row.certainty == "stale" and row.status not in ("on_hold", "missed") for row in rows)
            behind = [row.waiting for row in listed if row.subject == key.number]
            assert bool(waiting) <= bool(sum(behind))
            assert max(behind, default=0) <= waiting + sum(row.status == "on_hold" for row in rows)


def rows_and_bookings(part: SiteSchedule, column: int) -> list[tuple[VisitRow, bool, bool]]:
    """A subject's visits on the calendar, each with whether it has a booking, and whether it is a milestone (``is:``)."""
    plan, booked = part.schedule.plan, part.schedule.cohort.booked
    codes = part.schedule.cohort.parameters[:, column].tolist()
    found = []
    for row in subject_rows(part.schedule, column):
        slot = slot_of(plan, row.visit, codes)
        assert slot is not None
        found.append((row, booked is not None and booked[slot.index, column] != NO_DAY, slot.milestone is not None))
    return found
