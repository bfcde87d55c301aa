"""The deviation ledger: what facts propose, how it is classed, and that nothing classed is ever lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import pytest

from planner.records.facts.fact import NewFact, SubjectKey
from planner.records.facts.kinds import Kind
from planner.records.lists.deviation_keys import DeviationKind, read_key
from planner.records.lists.deviations import FREE_TEXT_FIELDS, Deviation, UnknownDeviationError, classing, deviations
from planner.records.people.rights import NotAllowedError
from planner.records.store.database import Database
from tests.records.databases import Fill, mostly_sqlite_url
from tests.records.ward import SUBJECT, UNTIL_CYCLE_2, Ward, at, booked, caller, done, held

# These rules stand above the log, which is the same on both engines: PostgreSQL in the long tests.
database_url = mostly_sqlite_url


@pytest.fixture
def ward(filled: Callable[[Fill], Database]) -> Ward:
    """ULRRC PEK-001 and nothing but the enrolment."""
    return Ward(filled(_write_ward))


def _write_ward(database: Database) -> None:
    ward = Ward(database)
    ward.enrol()


def ledger(ward: Ward, on: str = "2026-04-30", who: str = "nurse", **asked: object) -> dict[str, Deviation]:
    """The ledger by key, on a day; no key comes twice for the one subject."""
    with ward.reading() as connection:
        lines = deviations(connection, caller(on, who=who), **asked)  # type: ignore[arg-type]
    by_key = {line.key: line for line in lines}
    assert len(by_key) == len(lines)
    return by_key


def record(ward: Ward, visits: Mapping[str, date | str], *more: NewFact, key: SubjectKey = SUBJECT) -> None:
    """Visits done, and other facts."""
    ward.write(key, *(done(visit, day) for visit, day in visits.items()), *more, when=at("2026-04-29"))


def keys(ward: Ward, on: str = "2026-04-30") -> set[str]:
    """The keys of the ledger."""
    return set(ledger(ward, on))


class TestWhatIsProposed:
    def test_nothing_where_all_went_by_the_plan(self, ward: Ward) -> None:
        record(ward, UNTIL_CYCLE_2)
        assert not ledger(ward)

    def test_nothing_that_is_only_planned(self, ward: Ward) -> None:
        record(ward, UNTIL_CYCLE_2, booked("C3D1", "2026-05-05"))
        assert not ledger(ward)

    def test_a_visit_behind_its_window(self, ward: Ward) -> None:
        record(ward, {**UNTIL_CYCLE_2, "C3D1": "2026-04-23"})
        line = ledger(ward)["out_of_window:C3D1"]
        assert (line.kind, line.study, line.site, line.subject, line.visit) == ("out_of_window", "ulrrc", "PEK", "PEK-001", "C3D1")
        assert (line.date, line.days, line.side, line.status) == (date(2026, 4, 23), 3, "late", "proposed")
        assert line.what == "C3D1 took place on 2026-04-23, 3 days after its window, 2026-04-14 to 2026-04-20."

    def test_a_visit_before_its_window(self, ward: Ward) -> None:
        record(ward, {**UNTIL_CYCLE_2, "C3D1": "2026-04-13"})
        line = ledger(ward)["out_of_window:C3D1"]
        assert (line.days, line.side) == (1, "early")
        assert "1 day before its window" in line.what

    @pytest.mark.parametrize("day", ["2026-04-14", "2026-04-20"])
    def test_not_on_the_first_and_last_day_of_the_window(self, ward: Ward, day: str) -> None:
        record(ward, {**UNTIL_CYCLE_2, "C3D1": day})
        assert not ledger(ward)

    def test_a_start_on_another_day_is_none(self, ward: Ward) -> None:
        record(ward, {"SCR": "2026-02-20", "LAB": "2026-02-25", "C1D1": "2026-03-03"})
        assert not ledger(ward)

    def test_a_missed_visit(self, ward: Ward) -> None:
        record(ward, UNTIL_CYCLE_2, NewFact(Kind.VISIT_MISSED, "C3D1", reason="no_show"))
        line = ledger(ward)["missed:C3D1"]
        assert (line.date, line.days, line.side, line.visit) == (date(2026, 4, 17), None, "", "C3D1")
        assert line.what == "C3D1, planned on 2026-04-17, was missed."

    def test_a_visit_that_a_hold_skips_is_no_deviation(self, ward: Ward) -> None:
        record(ward, UNTIL_CYCLE_2, held("2026-04-10", "2026-04-25", mode="skip"))
        assert not ledger(ward)

    def test_gap_and_span_of_fractions(self, ward: Ward) -> None:
        late = {"F1": "2026-03-16", "F2": "2026-03-21", "F3": "2026-03-22", "F4": "2026-03-23", "F5": "2026-03-31"}
        record(ward, {**UNTIL_CYCLE_2, **late, "C2D1": "2026-04-07"})
        found = ledger(ward, kinds=[DeviationKind.FRACTIONS])
        assert set(found) == {"check:sbrt-gap:F1:F2", "check:sbrt-gap:F4:F5", "check:sbrt-span"}
        gap, span = found["check:sbrt-gap:F1:F2"], found["check:sbrt-span"]
        assert (gap.visit, gap.date, gap.days, gap.side) == ("F2", date(2026, 3, 21), 1, "late")
        assert (span.date, span.days, span.side) == (date(2026, 3, 31), 1, "late")
        assert "from F1 (2026-03-16) to F2 (2026-03-21) it was 5 days; allowed is at most 4d" in gap.what

    def test_doses_too_close(self, ward: Ward) -> None:
        record(ward, {**UNTIL_CYCLE_2, "C3D1": "2026-04-13"})
        line = ledger(ward)
        assert "check:pd1-gap:C2D1:C3D1" in line
        assert (line["check:pd1-gap:C2D1:C3D1"].days, line["check:pd1-gap:C2D1:C3D1"].side) == (1, "early")

    def test_a_procedure_before_consent(self, ward: Ward) -> None:
        record(ward, {"SCR": "2026-02-18"})
        line = ledger(ward)["check:consent-first:SCR"]
        assert (line.kind, line.visit, line.days, line.side) == ("order", "SCR", 2, "early")
        assert line.what.endswith("SCR was on 2026-02-18, before CONSENT on 2026-02-20.")

    def test_routine_care_before_consent_is_none(self, ward: Ward) -> None:
        ward.write(SUBJECT, done("SCR", "2026-02-18", "routine_care"), when=at("2026-02-21"))
        assert "check:consent-first:SCR" not in ledger(ward)

    def test_a_dose_in_a_hold_of_its_stream(self, ward: Ward) -> None:
        record(ward, {**UNTIL_CYCLE_2, "C3D1": "2026-04-17"}, held("2026-04-15", stream="pd1"))
        line = ledger(ward)["dose_in_hold:C3D1"]
        assert line.what == "C3D1 gave pd1 on 2026-04-17, on hold from 2026-04-15 with no resume day."

    @pytest.mark.parametrize("hold", [held("2026-04-18"), held("2026-04-01", "2026-04-17"), held("2026-04-15", stream="radiotherapy")])
    def test_no_dose_in_a_hold_before_it_after_it_or_of_another_stream(self, ward: Ward, hold: NewFact) -> None:
        record(ward, {**UNTIL_CYCLE_2, "C3D1": "2026-04-17"}, hold)
        assert not [key for key in ledger(ward) if key.startswith("dose_in_hold")]

    def test_a_dose_that_was_left_out_is_not_given_in_a_hold(self, ward: Ward) -> None:
        omitted = NewFact(Kind.ACTIVITY_OMITTED, "C3D1", value="PD1")
        record(ward, {**UNTIL_CYCLE_2, "C3D1": "2026-04-17"}, held("2026-04-15", stream="pd1"), omitted)
        assert "dose_in_hold:C3D1" not in ledger(ward)

    def test_an_unscheduled_dose_in_a_hold(self, ward: Ward) -> None:
        record(ward, UNTIL_CYCLE_2, held("2026-04-15"), NewFact(Kind.UNSCHEDULED_VISIT, "chemotherapy", date(2026, 4, 18)))
        line = ledger(ward)["dose_in_hold:unscheduled-2026-04-18"]
        assert (line.visit, line.date) == ("", date(2026, 4, 18))

    def test_a_visit_outside_the_plan_is_that_and_not_out_of_a_window(self, ward: Ward) -> None:
        record(ward, UNTIL_CYCLE_2, NewFact(Kind.TREATMENT_STOPPED, day=date(2026, 4, 1)), done("C3D1", "2026-04-25"))
        found = {key for key in ledger(ward) if key.endswith(":C3D1")}
        assert "outside_plan:C3D1" in found
        assert "out_of_window:C3D1" not in found

    def test_every_key_can_be_taken_apart(self, ward: Ward) -> None:
        record(ward, {"SCR": "2026-02-18", "F1": "2026-03-16", "F2": "2026-03-28"}, NewFact(Kind.VISIT_MISSED, "LAB"))
        found = ledger(ward)
        assert len(found) >= 4
        for key, line in found.items():
            taken_apart = read_key(key)
            assert taken_apart is not None
            assert taken_apart.visit in (line.visit, "")


class TestWhatStays:
    """A late cycle and a lapse are checked while a dose is planned (R19); as deviations they stay once it was given."""

    def test_a_late_cycle_stays_after_later_ones_were_given(self, ward: Ward) -> None:
        record(ward, {**UNTIL_CYCLE_2, "C3D1": "2026-05-20"})
        before = ledger(ward, "2026-05-21")["check:cycle-late:C3D1"]
        record(ward, {"C4D1": "2026-06-10", "C5D1": "2026-07-01"})
        assert ledger(ward, "2026-07-02")["check:cycle-late:C3D1"] == before
        assert (before.days, before.side, before.date) == (5, "late", date(2026, 5, 20))

    @pytest.mark.parametrize(
        "later",
        [
            NewFact(Kind.VISIT_MISSED, "C5D1", reason="illness"),
            NewFact(Kind.TREATMENT_STOPPED, day=date(2026, 6, 20)),
            NewFact(Kind.LEFT_STUDY, day=date(2026, 6, 20), value="withdrawn"),
            held("2026-06-20", "2026-09-01", mode="skip"),
        ],
        ids=["missed", "stopped", "left", "skipped"],
    )
    def test_a_late_cycle_stays_whatever_becomes_of_later_ones(self, ward: Ward, later: NewFact) -> None:
        """It was given too late all the same."""
        record(ward, {**UNTIL_CYCLE_2, "C3D1": "2026-04-17", "C4D1": "2026-06-20"})
        before = ledger(ward, "2026-09-02")["check:cycle-late:C4D1"]
        assert (before.days, before.date) == (15, date(2026, 6, 20))
        record(ward, {}, later)
        assert ledger(ward, "2026-09-02")["check:cycle-late:C4D1"] == before

    def test_the_last_cycle_of_all_is_not_looked_at(self, ward: Ward) -> None:
        record(ward, {**UNTIL_CYCLE_2, "C3D1": "2026-04-17", "C4D1": "2026-05-08", "C5D1": "2026-07-10"})
        found = keys(ward, "2026-07-11")
        assert "out_of_window:C5D1" in found
        assert "check:cycle-late:C5D1" not in found

    def test_a_lapse_keeps_its_key_and_gets_its_dates_when_the_next_dose_is_given(self, ward: Ward) -> None:
        record(ward, UNTIL_CYCLE_2)
        assert "check:pd1-lapse:C2D1" not in keys(ward, "2026-06-19")
        line = ledger(ward, "2026-06-20")["check:pd1-lapse:C2D1"]
        assert (line.date, line.days) == (date(2026, 6, 20), 1)
        assert ledger(ward, "2026-06-25")["check:pd1-lapse:C2D1"].date == date(2026, 6, 20)
        record(ward, {"C3D1": "2026-06-24"})
        line = ledger(ward, "2026-09-01")["check:pd1-lapse:C2D1"]
        assert (line.date, line.days, line.visit) == (date(2026, 6, 24), 5, "C3D1")
        record(ward, {"C4D1": "2026-07-15", "C5D1": "2026-08-05"})
        assert ledger(ward, "2026-09-01")["check:pd1-lapse:C2D1"] == line


class TestClassing:
    @pytest.fixture
    def late(self, ward: Ward) -> Ward:
        record(ward, {**UNTIL_CYCLE_2, "C3D1": "2026-04-23"})
        return ward

    def class_it(self, ward: Ward, value: str, note: str, who: str, on: str) -> int:
        """The number of the fact that classes the late cycle."""
        lines = list(ledger(ward, on).values())
        (fact,) = ward.write(
            SUBJECT,
            classing(lines, "out_of_window:C3D1", value, note, "no_slot"),  # type: ignore[arg-type]
            when=at(on),
            who=who,
        )
        return fact.number

    def test_a_classed_deviation_says_who_when_and_why(self, late: Ward) -> None:
        self.class_it(late, "not_important", "No chair was free.", "coordinator", "2026-05-02")
        line = ledger(late)["out_of_window:C3D1"]
        assert (line.status, line.classed, line.classed_by, line.classed_at) == (
            "not_important",
            "not_important",
            "coordinator",
            at("2026-05-02"),
        )
        assert (line.reason, line.explanation) == ("no_slot", "No chair was free.")

    def test_the_latest_classing_counts_and_can_be_taken_back(self, late: Ward) -> None:
        self.class_it(late, "not_important", "first", "coordinator", "2026-05-02")
        second = self.class_it(late, "important", "second", "investigator", "2026-05-03")
        assert ledger(late)["out_of_window:C3D1"].status == "important"
        late.write(SUBJECT, NewFact(Kind.UNDONE, replaces=second), when=at("2026-05-04"))
        assert ledger(late)["out_of_window:C3D1"].explanation == "first"

    def test_it_is_withdrawn_and_not_lost_when_the_fact_is_corrected(self, late: Ward) -> None:
        self.class_it(late, "important", "Ill.", "coordinator", "2026-05-02")
        with late.reading() as connection:
            wrong = connection.exec_driver_sql("SELECT number FROM facts WHERE item = 'C3D1' AND kind = 'visit_done'").scalar_one()
        late.write(SUBJECT, NewFact(Kind.VISIT_DONE, "C3D1", date(2026, 4, 17), replaces=wrong), when=at("2026-05-05"))
        line = ledger(late)["out_of_window:C3D1"]
        assert (line.status, line.classed, line.kind, line.visit, line.date) == ("withdrawn", "important", "out_of_window", "C3D1", None)
        assert line.explanation == "Ill."
        with pytest.raises(UnknownDeviationError, match="withdrawn"):
            classing([line], line.key, "important")

    def test_a_key_that_is_none_names_a_near_one(self, late: Ward) -> None:
        with pytest.raises(UnknownDeviationError, match=r"Did you mean out_of_window:C3D1\?"):
            classing(list(ledger(late).values()), "out_of_window:C4D1", "important")
        with pytest.raises(UnknownDeviationError, match="has no deviation"):
            classing([], "missed:C3D1", "important")

    def test_free_text_can_be_left_out(self, late: Ward) -> None:
        self.class_it(late, "important", "Only for the site.", "coordinator", "2026-05-02")
        line = ledger(late)["out_of_window:C3D1"].for_others()
        assert [getattr(line, name) for name in FREE_TEXT_FIELDS] == [""]
        assert line.classed_by == "coordinator"

    def test_classings_of_two_subjects_are_kept_apart(self, late: Ward) -> None:
        other = late.enrol(SubjectKey("ulrrc", "PEK-002"))
        record(late, {**UNTIL_CYCLE_2, "C3D1": "2026-04-23"}, key=other)
        self_classed = classing([line for line in deviations_of_subject(late, other)], "out_of_window:C3D1", "important", "other")
        late.write(other, self_classed, when=at("2026-05-02"))
        assert {line.status for line in deviations_of_subject(late, other)} == {"important"}
        assert {line.status for line in deviations_of_subject(late, SUBJECT)} == {"proposed"}

    def test_lines_can_be_chosen_by_status(self, late: Ward) -> None:
        assert not ledger(late, statuses=["important"])
        assert len(ledger(late, statuses=["proposed"])) == 1


def deviations_of_subject(ward: Ward, key: SubjectKey) -> tuple[Deviation, ...]:
    """One subject's ledger."""
    with ward.reading() as connection:
        return deviations(connection, caller("2026-05-06"), subjects=[key])


def test_only_sites_that_may_be_read(ward: Ward) -> None:
    other = ward.enrol(SubjectKey("crlm", "SHA-001"), site="SHA")
    for key in (SUBJECT, other):
        record(ward, {"SCR": "2026-02-18"}, key=key)
    ward.grant("nurse", "nurse", "SHA")
    assert {line.subject for line in ledger(ward).values()} == {"SHA-001"}
    with pytest.raises(NotAllowedError):
        ledger(ward, who="stranger")
