"""Every date a visit has had, and the schedule as it was known: against folds of the log as it stood then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from time import perf_counter

import pytest

from planner.records.changes.view import view_of
from planner.records.facts.fact import NewFact, SubjectKey
from planner.records.facts.kinds import Kind
from planner.records.history.history import HistoryStep, NotKnownYetError, UnknownVisitError, VisitHistory, known_on, visit_history
from planner.records.pinned.contents import PinnedContents, put_calendar
from planner.records.store.database import Database
from planner.records.store.log import UnknownSubjectError, read_facts
from planner.schedule.calendar_sources import every_day_calendar
from tests.records.databases import Fill, mostly_sqlite_url
from tests.records.ward import SUBJECT, UNTIL_CYCLE_2, Ward, at, booked, caller, done, held
from tests.schedule.studies import china

# These rules stand above the log, which is the same on both engines: PostgreSQL in the long tests.
database_url = mostly_sqlite_url


@pytest.fixture
def ward(filled: Callable[[Fill], Database]) -> Ward:
    """ULRRC PEK-001, enrolled on 21 February."""
    return Ward(filled(_write_ward))


def _write_ward(database: Database) -> None:
    ward = Ward(database)
    ward.enrol()


def history(ward: Ward, visit: str, on: str = "2026-04-30", key: SubjectKey = SUBJECT, who: str = "nurse") -> VisitHistory:
    """A visit's history."""
    with ward.reading() as connection:
        return visit_history(connection, caller(on, who=who), key, visit)


def effective(steps: tuple[HistoryStep, ...]) -> list[str]:
    """The effective date after each step."""
    return [str(step.after and step.after.effective) for step in steps]


class TestVisitHistory:
    def test_a_visit_that_never_changed_has_one_step(self, ward: Ward) -> None:
        (step,) = history(ward, "C3D1").steps
        assert (step.revision, step.who, step.role, step.recorded_at) == (2, "nurse", "local", at("2026-02-21"))
        assert step.facts == ("enrolled at PEK, start 2026-03-02", "CONSENT on 2026-02-20")
        assert step.before is None
        assert step.after is not None
        assert (step.after.standing, step.after.planned, step.after.latest) == ("planned", date(2026, 4, 17), date(2026, 4, 20))

    def test_each_date_it_has_had_with_who_and_why(self, ward: Ward) -> None:
        ward.write(SUBJECT, booked("C3D1", "2026-04-16", "09:30"), when=at("2026-04-01"), who="coordinator")
        late = NewFact(Kind.VISIT_DONE, "C2D1", date(2026, 3, 30), reason="no_slot", note="No chair.")
        ward.write(SUBJECT, late, when=at("2026-04-02"))
        ward.write(SUBJECT, NewFact(Kind.RELEASED, "C3D1", reason="patient_request"), when=at("2026-04-03"))
        ward.write(SUBJECT, done("C3D1", "2026-04-22"), when=at("2026-04-22"))
        found = history(ward, "C3D1")
        assert found.name == "Cycle 3 day 1"
        assert effective(found.steps) == ["2026-04-17", "2026-04-16", "2026-04-16", "2026-04-20", "2026-04-22"]
        enrolled, booking, moved, released, finished = found.steps
        assert (booking.who, booking.changed) == ("coordinator", ("effective", "booked", "booked_at"))
        assert (moved.facts, moved.reasons, moved.notes) == (("C2D1 done on 2026-03-30",), ("no_slot",), ("No chair.",))
        assert moved.changed == ("planned", "earliest", "latest")
        assert released.reasons == ("patient_request",)
        assert released.changed == ("effective", "booked", "booked_at")
        assert finished.changed == ("standing", "effective")
        for before, after in zip(found.steps, found.steps[1:], strict=False):
            assert before.after == after.before
        assert enrolled.revision < booking.revision < moved.revision < released.revision < finished.revision

    def test_facts_that_change_nothing_of_it_are_left_out(self, ward: Ward) -> None:
        ward.write(SUBJECT, done("SCR", "2026-02-20"), NewFact(Kind.NOTE, note="called"), when=at("2026-02-22"))
        assert len(history(ward, "C3D1").steps) == 1

    def test_facts_written_together_are_one_step(self, ward: Ward) -> None:
        both = (done("C1D1", "2026-03-02"), booked("C3D1", "2026-04-16"), booked("C3D1", "2026-04-15"))
        written = ward.write(SUBJECT, *both, when=at("2026-04-01"))
        _, step = history(ward, "C3D1").steps
        assert step.facts[1:] == ("C3D1 booked on 2026-04-16", "C3D1 booked on 2026-04-15")
        assert step.revision == written[-1].number
        assert effective((step,)) == ["2026-04-15"]

    def test_a_correction_and_an_undo_are_steps_of_their_own(self, ward: Ward) -> None:
        (wrong,) = ward.write(SUBJECT, done("C1D1", "2026-03-04"), when=at("2026-03-05"))
        (right,) = ward.write(
            SUBJECT,
            NewFact(Kind.VISIT_DONE, "C1D1", date(2026, 3, 3), replaces=wrong.number, reason="transcription_error"),
            when=at("2026-03-06"),
        )
        ward.write(SUBJECT, NewFact(Kind.UNDONE, replaces=right.number), when=at("2026-03-07"))
        assert effective(history(ward, "C1D1").steps) == ["2026-03-02", "2026-03-04", "2026-03-03", "2026-03-04"]

    def test_the_passing_of_time_is_no_step(self, ward: Ward) -> None:
        ward.write(SUBJECT, NewFact(Kind.NOTE, note="called"), when=at("2026-12-01"))
        for on in ("2026-02-22", "2026-04-18", "2027-01-01"):
            assert len(history(ward, "C3D1", on).steps) == 1

    def test_a_hold_and_its_end(self, ward: Ward) -> None:
        ward.write(SUBJECT, *(done(visit, day) for visit, day in UNTIL_CYCLE_2.items()), when=at("2026-03-27"))
        (hold,) = ward.write(SUBJECT, held("2026-04-10"), when=at("2026-04-10"))
        ward.write(SUBJECT, NewFact(Kind.HOLD_ENDED, day=date(2026, 4, 28), refers=hold.number), when=at("2026-04-27"))
        steps = history(ward, "C3D1").steps[-2:]
        assert [step.after and step.after.standing for step in steps] == ["on_hold", "planned"]
        assert effective(steps) == ["2026-04-17", "2026-04-28"]

    def test_branches_appear_and_go(self, ward: Ward) -> None:
        ward.write(SUBJECT, done("MDT", "2026-05-12"), when=at("2026-05-12"))
        ward.write(SUBJECT, NewFact(Kind.DECISION_MADE, "management", value="maintenance"), when=at("2026-05-13"))
        standings = [step.after and step.after.standing for step in history(ward, "SURG", "2026-05-20").steps]
        assert standings == ["conditional", "cancelled"]
        assert history(ward, "M1", "2026-05-20").steps[-1].changed == ("standing",)

    def test_a_parameter_can_take_a_visit_away_and_bring_it_back(self, ward: Ward) -> None:
        ward.write(SUBJECT, NewFact(Kind.PARAMETER_SET, "cycles", value="3"), when=at("2026-03-01"))
        ward.write(SUBJECT, NewFact(Kind.PARAMETER_SET, "cycles", value="4"), when=at("2026-03-02"))
        steps = history(ward, "C5D1").steps
        assert [step.after is None for step in steps] == [False, True, False]
        assert history(ward, "C5D1").name == "Cycle 5 day 1"

    def test_an_amendment_and_a_transfer_are_part_of_it(self, ward: Ward) -> None:
        ward.enrol(SubjectKey("ulrrc", "SHA-001"), site="SHA", calendar=china())
        with ward.reading() as connection:
            chinese = str(read_facts(connection, SubjectKey("ulrrc", "SHA-001"))[0].said.details["calendar"])
        moved = NewFact(Kind.SITE_TRANSFERRED, "SHA", date(2026, 4, 1), details={"calendar": chinese})
        ward.write(SUBJECT, moved, when=at("2026-03-20"))
        steps = history(ward, "FU1").steps  # 20 June 2026 is a Saturday
        assert effective(steps) == ["2026-06-20", "2026-06-22"]
        assert steps[1].facts == ("transferred to SHA on 2026-04-01",)

    def test_a_visit_that_never_was_names_near_ones(self, ward: Ward) -> None:
        with pytest.raises(UnknownVisitError, match=r"ulrrc/PEK-001 has never had a visit C3D; did you mean C3D1\?"):
            history(ward, "C3D")

    def test_a_subject_whose_enrolment_was_taken_back_still_has_one(self, ward: Ward) -> None:
        ward.write(SUBJECT, NewFact(Kind.UNDONE, replaces=1), when=at("2026-02-22"))
        first, last = history(ward, "C3D1").steps
        assert (first.after is None, last.after) == (False, None)

    def test_only_those_who_may_read_the_site(self, ward: Ward) -> None:
        ward.grant("nurse", "nurse", "SHA")
        for key in (SUBJECT, SubjectKey("ulrrc", "PEK-009")):
            with pytest.raises(UnknownSubjectError, match=f"There is no subject {key} that this account may read"):
                history(ward, "C3D1", key=key)

    def test_two_hundred_facts_take_well_under_a_tenth_of_a_second(self, ward: Ward) -> None:
        for number in range(198):
            ward.write(SUBJECT, booked("C3D1", f"2026-04-{10 + number % 5}"), when=at("2026-04-01"))
        history(ward, "C3D1")
        began = perf_counter()
        found = history(ward, "C3D1")
        assert len(found.steps) == 199
        assert perf_counter() - began < 0.3  # a tenth on a machine of its own


class TestKnownOn:
    def test_it_is_what_the_facts_recorded_by_then_say(self, ward: Ward) -> None:
        """Also facts about earlier days that were recorded only later are left out."""
        for index, (visit, day) in enumerate(UNTIL_CYCLE_2.items()):
            ward.write(SUBJECT, done(visit, day), when=at(f"2026-03-{10 + index}"))
        for day in ("2026-02-21", "2026-03-10", "2026-03-14", "2026-03-20", "2026-04-30"):
            with ward.reading() as connection:
                found = known_on(connection, caller("2026-04-30"), SUBJECT, date.fromisoformat(day))
                facts = [fact for fact in read_facts(connection, SUBJECT) if fact.recorded_at.date() <= date.fromisoformat(day)]
                then = view_of(facts, PinnedContents(connection), caller("2026-04-30"), date.fromisoformat(day))
            assert found.rows == then.rows
            assert found.revision == facts[-1].number

    def test_a_day_ends_at_midnight_at_the_site(self, ward: Ward) -> None:
        """16:30 UTC is half past midnight in China."""
        chinese = ward.enrol(SubjectKey("ulrrc", "SHA-001"), site="SHA", calendar=china())
        ward.write(chinese, done("SCR", "2026-02-24"), when=at("2026-02-24", 16).replace(minute=30))
        with ward.reading() as connection:
            revisions = [known_on(connection, caller("2026-04-30"), chinese, date(2026, 2, day)).revision for day in (24, 25)]
        assert revisions == [2, 3]

    def test_a_later_transfer_changes_nothing_of_what_was_known(self, ward: Ward) -> None:
        """20:00 UTC is the next day in China and the same in New York: what was recorded in China was recorded on a Chinese day."""
        chinese = ward.enrol(SubjectKey("ulrrc", "SHA-001"), site="SHA", calendar=china())
        ward.write(chinese, done("SCR", "2026-03-17"), when=at("2026-03-17", 20))

        def known(day: str) -> int:
            with ward.reading() as connection:
                return known_on(connection, caller("2026-04-30"), chinese, date.fromisoformat(day)).revision

        assert [known("2026-03-17"), known("2026-03-18")] == [2, 3]
        with ward.database.writing() as connection:
            american = put_calendar(connection, replace(every_day_calendar(), zone="America/New_York"))
        moved = NewFact(Kind.SITE_TRANSFERRED, "NYC", date(2026, 4, 22), details={"calendar": american})
        (transfer,) = ward.write(chinese, moved, when=at("2026-04-20", 20))
        ward.write(chinese, done("LAB", "2026-04-22"), when=at("2026-04-23", 2))
        assert [known("2026-03-17"), known("2026-03-18")] == [2, 3]
        assert [known("2026-04-20"), known("2026-04-21")] == [3, 4]
        assert [known("2026-04-21"), known("2026-04-22")] == [4, 5]
        ward.write(chinese, NewFact(Kind.UNDONE, replaces=transfer.number), when=at("2026-04-25", 20))
        ward.write(chinese, NewFact(Kind.NOTE), when=at("2026-04-26", 20))
        assert [known(day) for day in ("2026-03-17", "2026-04-21", "2026-04-22", "2026-04-25", "2026-04-26", "2026-04-27")] == [
            *(2, 4, 5),
            *(6, 6, 7),
        ]

    def test_facts_written_together_are_known_together(self, ward: Ward) -> None:
        """A transfer to the east, recorded when it is tomorrow there already, with the visit that it makes way for."""
        with ward.database.writing() as connection:
            east = put_calendar(connection, china())
        transfer = NewFact(Kind.SITE_TRANSFERRED, "SHA", date(2026, 3, 18), details={"calendar": east})
        ward.write(SUBJECT, transfer, done("SCR", "2026-03-17"), when=at("2026-03-17", 20))
        with ward.reading() as connection:
            assert known_on(connection, caller("2026-04-30"), SUBJECT, date(2026, 3, 17)).revision == 4

    def test_before_the_first_fact_nothing_was_known(self, ward: Ward) -> None:
        with ward.reading() as connection, pytest.raises(NotKnownYetError, match="its first fact was recorded on 2026-02-21"):
            known_on(connection, caller("2026-04-30"), SUBJECT, date(2026, 2, 20))
