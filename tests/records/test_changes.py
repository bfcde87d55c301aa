"""What changed since a day or a revision: for one subject, and for all at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from random import Random

import pytest

from planner.records.changes.view import view_of
from planner.records.facts.fact import NewFact, SubjectKey
from planner.records.facts.kinds import Kind
from planner.records.history.changes import NoSuchRevisionError, SubjectChanges, VisitChange, changes_of_all, changes_since
from planner.records.people.rights import NotAllowedError
from planner.records.pinned.contents import PinnedContents, put_calendar, put_protocol
from planner.records.store.database import Database
from planner.records.store.log import UnknownSubjectError, read_facts
from planner.schedule.calendar_sources import every_day_calendar
from planner.schedule.rows import VisitRow
from tests.records.amendments import amended_texts
from tests.records.databases import Fill, mostly_sqlite_url
from tests.records.ward import SUBJECT, UNTIL_CYCLE_2, Ward, at, booked, caller, done
from tests.schedule.studies import china

# These rules stand above the log, which is the same on both engines: PostgreSQL in the long tests.
database_url = mostly_sqlite_url


@pytest.fixture
def ward(filled: Callable[[Fill], Database]) -> Ward:
    """ULRRC PEK-001 with all visits up to F5 done and recorded by 20 March."""
    return Ward(filled(_write_ward))


def _write_ward(database: Database) -> None:
    ward = Ward(database)
    ward.enrol()
    early = {visit: day for visit, day in UNTIL_CYCLE_2.items() if visit != "C2D1"}
    ward.write(SUBJECT, *(done(visit, day) for visit, day in early.items()), when=at("2026-03-20"))


def since(ward: Ward, day: str | int, key: SubjectKey = SUBJECT, on: str = "2026-04-30") -> SubjectChanges:
    """What changed for a subject."""
    with ward.reading() as connection:
        return changes_since(connection, caller(on), key, day if isinstance(day, int) else date.fromisoformat(day))


def since_for_all(ward: Ward, day: str, who: str = "nurse", **asked: object) -> tuple[SubjectChanges, ...]:
    """What changed for all."""
    with ward.reading() as connection:
        return changes_of_all(connection, caller("2026-04-30", who=who), date.fromisoformat(day), **asked)  # type: ignore[arg-type]


def by_visit(found: SubjectChanges) -> dict[str, VisitChange]:
    """The changes by visit."""
    return {change.visit: change for change in found.visits}


class TestOneSubject:
    def test_a_late_cycle_moves_those_behind_it(self, ward: Ward) -> None:
        (late,) = ward.write(SUBJECT, done("C2D1", "2026-03-30"), when=at("2026-03-30"))
        found = since(ward, "2026-03-30")
        assert (found.before, found.now, found.site) == (late.number - 1, late.number, "PEK")
        assert [fact.number for fact in found.facts] == [late.number]
        changes = by_visit(found)
        assert set(changes) == {"C2D1", "C3D1", "C4D1", "C5D1", "SFU30", "SFU90", "CONTRA"}
        assert changes["C2D1"].what == ("standing", "effective")
        assert changes["C3D1"].what == ("planned", "earliest", "latest", "effective")
        assert {changes[visit].days_moved for visit in ("C2D1", "C3D1", "C5D1", "SFU30")} == {3}

    def test_since_a_day_counts_from_its_beginning(self, ward: Ward) -> None:
        ward.write(SUBJECT, done("C2D1", "2026-03-30"), when=at("2026-03-30", 0))
        assert since(ward, "2026-03-30").visits
        assert not since(ward, "2026-03-31").visits
        assert not since(ward, "2026-03-31").facts

    def test_the_day_is_that_of_the_site(self, ward: Ward) -> None:
        """17:00 UTC on 29 March is 30 March in China, but not where the calendar is in UTC."""
        chinese = ward.enrol(SubjectKey("ulrrc", "SHA-001"), site="SHA", calendar=china())
        for key in (SUBJECT, chinese):
            ward.write(key, booked("C3D1", "2026-04-16"), when=at("2026-03-29", 17))
        assert since(ward, "2026-03-30", chinese).facts
        assert not since(ward, "2026-03-30").facts
        assert [found.subject for found in since_for_all(ward, "2026-03-30")] == [chinese]

    def test_a_later_transfer_does_not_move_the_day_of_what_was_recorded_before(self, ward: Ward) -> None:
        """17:00 UTC on 29 March stays 30 March for a subject who was in China then; another who never was there is not asked about."""
        chinese = ward.enrol(SubjectKey("ulrrc", "SHA-001"), site="SHA", calendar=china())
        for key in (SUBJECT, chinese):
            ward.write(key, booked("C3D1", "2026-04-16"), when=at("2026-03-29", 17))
        with ward.database.writing() as connection:
            utc = put_calendar(connection, every_day_calendar())
        ward.write(chinese, NewFact(Kind.SITE_TRANSFERRED, "PEK", date(2026, 4, 22), details={"calendar": utc}), when=at("2026-04-21"))
        assert [fact.kind for fact in since(ward, "2026-03-30", chinese).facts] == [Kind.BOOKED, Kind.SITE_TRANSFERRED]
        found = since_for_all(ward, "2026-03-30")
        assert [(changes.subject, changes.before) for changes in found] == [(chinese, 2)]

    def test_since_a_revision(self, ward: Ward) -> None:
        (booking,) = ward.write(SUBJECT, booked("C3D1", "2026-04-16"), when=at("2026-03-30"))
        ward.write(SUBJECT, booked("C3D1", "2026-04-15", "10:00"), when=at("2026-03-30"))
        change = by_visit(since(ward, booking.number))["C3D1"]
        assert change.what == ("effective", "booked", "booked_at")
        assert change.days_moved == -1

    def test_a_booking_whose_time_alone_changed(self, ward: Ward) -> None:
        (booking,) = ward.write(SUBJECT, booked("C3D1", "2026-04-16", "09:00"), when=at("2026-03-30"))
        ward.write(SUBJECT, booked("C3D1", "2026-04-16", "10:00"), when=at("2026-03-30"))
        assert [(change.visit, change.what) for change in since(ward, booking.number).visits] == [("C3D1", ("booked_at",))]

    def test_since_revision_0_everything_was_added(self, ward: Ward) -> None:
        found = since(ward, 0)
        assert {change.what for change in found.visits} == {("added",)}
        assert len(found.visits) > 20
        assert {change.before for change in found.visits} == {None}

    @pytest.mark.parametrize("revision", [-1, 99])
    def test_a_revision_that_is_not_there(self, ward: Ward, revision: int) -> None:
        with pytest.raises(NoSuchRevisionError, match="has the revisions 1 to 11"):
            since(ward, revision)

    def test_what_was_done_and_taken_back_is_no_change(self, ward: Ward) -> None:
        (late,) = ward.write(SUBJECT, done("C2D1", "2026-03-30"), when=at("2026-03-30"))
        ward.write(SUBJECT, NewFact(Kind.UNDONE, replaces=late.number), when=at("2026-03-31"))
        found = since(ward, "2026-03-30")
        assert not found.visits
        assert len(found.facts) == 2

    def test_the_passing_of_time_is_no_change(self, ward: Ward) -> None:
        ward.write(SUBJECT, NewFact(Kind.NOTE, note="called"), when=at("2026-03-30"))
        for on in ("2026-03-30", "2026-04-19", "2027-04-01"):
            assert not since(ward, "2026-03-30", on=on).visits

    def test_a_decision_adds_one_branch_and_says_nothing_of_those_not_taken(self, ward: Ward) -> None:
        ward.write(SUBJECT, NewFact(Kind.DECISION_MADE, "management", date(2026, 4, 28), value="maintenance"), when=at("2026-04-28"))
        changes = by_visit(since(ward, "2026-04-28"))
        assert changes["M1"].what == ("added",)
        assert changes["M1"].before is not None
        assert changes["M1"].before.standing == "conditional"
        assert "SURG" not in changes

    def test_fewer_cycles_take_visits_away(self, ward: Ward) -> None:
        ward.write(SUBJECT, NewFact(Kind.PARAMETER_SET, "cycles", value="3"), when=at("2026-03-30"))
        changes = by_visit(since(ward, "2026-03-30"))
        assert (changes["C5D1"].what, changes["C5D1"].after) == (("gone",), None)
        assert "C4D1" not in changes

    def test_an_amendment(self, ward: Ward) -> None:
        """The second version has follow-up for 36 months at most; CAPOX cycles are 28 days in the first."""
        with ward.database.writing() as connection:
            amended = put_protocol(connection, amended_texts("ulrrc")[1])
        ward.write(SUBJECT, NewFact(Kind.PROTOCOL_AMENDED, value=amended, details={"plan": "plan"}), when=at("2026-03-30"))
        changes = by_visit(since(ward, "2026-03-30"))
        assert changes["C3D1"].days_moved == 7
        assert changes["C4D1"].days_moved == 14
        assert "F5" not in changes

    def test_an_enrolment_that_was_taken_back(self, ward: Ward) -> None:
        ward.write(SUBJECT, NewFact(Kind.UNDONE, replaces=1), when=at("2026-03-30"))
        found = since(ward, "2026-03-30")
        assert {change.what for change in found.visits} == {("gone",)}
        assert found.site == "PEK"


class TestAll:
    def test_it_is_the_same_as_one_by_one(self, ward: Ward) -> None:
        random = Random(5)
        subjects = [SUBJECT]
        for number in range(2, 9):
            key = SubjectKey(random.choice(["ulrrc", "crlm"]), f"PEK-{number:03}")
            subjects.append(ward.enrol(key, calendar=random.choice([None, china()]), when=at(f"2026-02-{20 + number % 3}")))
        with ward.database.writing() as connection:
            amended = put_protocol(connection, amended_texts("ulrrc")[1])
        for key in subjects:
            facts = [booked("C3D1", "2026-04-15", "09:00"), booked("C3D1", "2026-04-20", "10:00"), done("C1D1", "2026-03-03")]
            if key.study == "ulrrc":
                facts.append(NewFact(Kind.PARAMETER_SET, "cycles", value="5"))
                facts.append(NewFact(Kind.PROTOCOL_AMENDED, value=amended, details={"plan": "plan"}))
            for day in range(10, 20):
                if random.random() < 0.4:
                    ward.write(key, random.choice(facts), when=at(f"2026-04-{day}"))
        seen = 0
        for day in ("2026-02-01", "2026-02-21", "2026-04-12", "2026-04-15", "2026-04-18", "2026-05-01"):
            found = {changes.subject: changes for changes in since_for_all(ward, day)}
            assert list(found) == sorted(found)
            for key in subjects:
                alone = since(ward, day, key)
                if key not in found:
                    assert not alone.facts
                    continue
                assert (found[key].visits, found[key].before, found[key].now) == (alone.visits, alone.before, alone.now)
                assert found[key].site == alone.site == "PEK"
                seen += len(alone.visits)
        assert seen > 200

    def test_both_states_are_those_of_the_log_as_it_stood(self, ward: Ward) -> None:
        """The states compared are what the rows of a view say, date by date."""
        ward.write(SUBJECT, done("C2D1", "2026-03-30"), booked("C3D1", "2026-04-21"), when=at("2026-03-30"))
        (found,) = since_for_all(ward, "2026-03-30")
        with ward.reading() as connection:
            facts = read_facts(connection, SUBJECT)
            views = [
                view_of(some, PinnedContents(connection), caller("2026-04-30"), date(2026, 4, 30)).rows
                for some in (facts[: found.before], facts)
            ]
        before, after = ({row.visit: dates(row) for row in rows} for rows in views)
        moved = {row.visit for row in views[1] if row.status not in ("conditional", "cancelled") and before[row.visit] != dates(row)}
        assert "SFU90" in moved
        assert {change.visit for change in found.visits} == moved
        for change in found.visits:
            for state, rows in ((change.before, before), (change.after, after)):
                assert state is not None
                assert (state.planned, state.earliest, state.latest, state.effective) == rows[change.visit]

    def test_only_those_who_may_be_read_and_are_asked_for(self, ward: Ward) -> None:
        other = ward.enrol(SubjectKey("crlm", "SHA-001"), site="SHA", when=at("2026-03-30"))
        ward.write(SUBJECT, done("C2D1", "2026-03-30"), when=at("2026-03-30"))
        assert len(since_for_all(ward, "2026-03-30")) == 2
        assert [found.subject for found in since_for_all(ward, "2026-03-30", studies=["ulrrc"])] == [SUBJECT]
        assert [found.subject for found in since_for_all(ward, "2026-03-30", sites=["SHA"])] == [other]
        ward.grant("nurse", "nurse", "SHA")
        assert [found.subject for found in since_for_all(ward, "2026-03-30")] == [other]
        with pytest.raises(UnknownSubjectError):
            since(ward, "2026-03-30")
        with pytest.raises(NotAllowedError):
            since_for_all(ward, "2026-03-30", who="stranger")

    def test_an_enrolment_that_was_taken_back_is_among_them(self, ward: Ward) -> None:
        ward.write(SUBJECT, NewFact(Kind.UNDONE, replaces=1), when=at("2026-03-30"))
        (found,) = since_for_all(ward, "2026-03-30", sites=["PEK"])
        assert {change.what for change in found.visits} == {("gone",)}

    def test_nobody_is_enrolled(self, database: Database) -> None:
        assert not since_for_all(Ward(database), "2026-03-30")


def dates(row: VisitRow) -> tuple[date | None, ...]:
    """What a change compares."""
    return row.planned, row.earliest, row.latest, row.effective
