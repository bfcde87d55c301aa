"""The dates that both studies were worked out to by hand, with China's calendar of 2026, from the protocol files themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from planner.protocol.compile import compile_plan
from planner.protocol.durations import Duration
from planner.protocol.model import BetweenCheck, Numbering, RepeatTimes
from planner.schedule.checks import findings
from planner.schedule.facts import Booking, Hold, Stop
from tests.cases.by_hand import protocol, series, shape, start, visit
from tests.schedule.studies import AS_OF, by_visit, china, enrolled, expanded, planned


def test_ulrrc_with_the_defaults() -> None:
    rows = by_visit(expanded("ulrrc", enrolled()))
    assert planned(rows, "F1 F2 F3 F4 F5") == ["03-16", "03-17", "03-18", "03-19", "03-20"]
    assert planned(rows, "C2D1 C3D1 C4D1 C5D1") == ["03-27", "04-17", "05-08", "05-29"]
    assert {rows[cycle].planned.strftime("%a") for cycle in ("C2D1", "C3D1", "C4D1", "C5D1")} == {"Fri"}
    assess = rows["ASSESS"]
    assert assess.nominal == date(2026, 5, 1)
    assert assess.planned == assess.effective == date(2026, 4, 30)
    assert (assess.earliest, assess.latest) == (date(2026, 4, 17), date(2026, 5, 15))
    assert (assess.days_off, assess.anchor, assess.flags) == (-1, "SBRT.last 2026-03-20", ())
    assert rows["MDT"].planned == date(2026, 5, 15)
    assert "C6D1" not in rows


def test_ulrrc_around_the_dates_that_others_count_from() -> None:
    rows = by_visit(expanded("ulrrc", enrolled()))
    assert planned(rows, "ICF C1D1 SIM SFU30 SFU90") == ["02-20", "03-02", "03-09", "06-29", "08-27"]
    assert (rows["ICF"].study_day, rows["C1D1"].study_day, rows["F1"].study_day) == (-10, 1, 15)
    assert [rows[name].nominal for name in ("FU1", "FU2", "FU8")] == [date(2026, 6, 20), date(2026, 9, 20), date(2028, 3, 20)]
    assert rows["CONTRA"].planned == date(2026, 11, 29)
    assert not [name for name in rows if name.startswith("PD1-") or name.endswith("D3") or name == "FU9"]


def test_screening_is_not_before_consent() -> None:
    rows = by_visit(expanded("ulrrc", enrolled()))
    assert rows["SCR"].nominal == date(2026, 2, 16)
    for name in ("SCR", "LAB"):
        assert rows[name].planned >= rows["ICF"].planned
        assert rows[name].earliest <= rows[name].planned <= rows[name].latest
    assert (rows["SCR"].planned, rows["LAB"].planned) == (date(2026, 2, 24), date(2026, 2, 24))


def test_a_make_up_saturday_is_the_only_open_day_of_a_window() -> None:
    plan = compile_plan(protocol(start(), visit("V", "C1D1 + 15d", window="-3d/3d")))
    rows = by_visit(expanded(plan, enrolled(date(2026, 2, 2)), date(2026, 1, 20)))
    assert rows["V"].nominal == date(2026, 2, 17)
    open_days = [day for day in range(14, 21) if china().is_open("clinic", date(2026, 2, day))]
    assert open_days == [14]
    assert (rows["V"].planned, rows["V"].flags) == (date(2026, 2, 14), ())
    assert rows["V"].planned.strftime("%A") == "Saturday"


def test_five_daily_fractions_across_the_spring_festival() -> None:
    """C1D1 on 2026-01-29 puts the first fraction on Thu 2026-02-12; its window opens a week earlier."""
    schedule = expanded("ulrrc", enrolled(date(2026, 1, 29), milestones={"CONSENT": date(2026, 1, 20)}), date(2026, 1, 25))
    rows = by_visit(schedule)
    assert planned(rows, "F1 F2 F3 F4 F5") == ["02-12", "02-13", "02-14", "02-24", "02-25"]
    gap = next(one for one in findings(schedule) if one.check == "sbrt-gap" and one.result != "passed")
    assert (gap.first, gap.first_day, gap.second, gap.second_day) == ("F3", date(2026, 2, 14), "F4", date(2026, 2, 24))
    assert (gap.days, gap.result, gap.limit_day, gap.over_by, gap.limit) == (10, "warning", date(2026, 2, 18), 6, "at most 4d")
    flagged = {name: row.flags for name, row in rows.items() if any("fraction" in flag for flag in row.flags)}
    assert list(flagged) == ["F4"]
    assert flagged["F4"] == ("fraction_gap:2026-02-10",)
    assert rows["F1"].earliest <= date(2026, 2, 10) <= rows["F1"].latest


def test_the_advised_first_fraction_day_avoids_the_gap_and_a_later_one_does_not() -> None:
    known = enrolled(date(2026, 1, 29), milestones={"CONSENT": date(2026, 1, 20)})
    for day, kept in ((10, True), (11, False), (9, True)):
        schedule = expanded("ulrrc", replace(known, booked={"F1": Booking(date(2026, 2, day))}), date(2026, 1, 25))
        assert all(one.result == "passed" for one in findings(schedule) if one.check == "sbrt-gap") is kept
        assert (not any("fraction" in flag for row in by_visit(schedule).values() for flag in row.flags)) is kept


def test_fractions_by_hand_with_no_better_day_name_none() -> None:
    fractions = series(
        "SBRT",
        "F{n}",
        RepeatTimes(5, Numbering()),
        shape("C1D1 + 10d", activities="FRACTION"),
        shape("previous + 1wd", "0wd/1wd", activities="FRACTION"),
    )
    gap = BetweenCheck("gap", "", "SBRT", (), "at_most", Duration(days=4))
    schedule = expanded(compile_plan(protocol(start(), fractions, checks=(gap,))), enrolled(date(2026, 2, 2)), date(2026, 1, 20))
    rows = by_visit(schedule)
    assert planned(rows, "F1 F2 F3 F4 F5") == ["02-12", "02-13", "02-14", "02-24", "02-25"]
    assert rows["F4"].flags == ("fraction_gap",)


def test_crlm_with_the_defaults() -> None:
    rows = by_visit(expanded("crlm", enrolled()))
    assert planned(rows, "F1 F2 F3 F4 F5") == ["03-16", "03-18", "03-20", "03-23", "03-25"]
    assert planned(rows, "C2D1 C3D1 C4D1 C5D1") == ["04-08", "04-22", "05-06", "05-20"]
    assert planned(rows, "PD1-1 PD1-2") == ["04-29", "05-20"]
    assert planned(rows, "ASSESS MDT") == ["05-20", "05-27"]
    assert "PD1-3" not in rows
    assert "PD1B-1" not in rows
    assert planned(rows, "C1D3 C2D3 C5D3") == ["03-04", "04-10", "05-22"]


def test_crlm_with_three_cycles_before_numbers_on() -> None:
    rows = by_visit(expanded("crlm", enrolled(parameters={"cycles_before": "3"})))
    assert planned(rows, "C1D1 C2D1 C3D1") == ["03-02", "03-16", "03-30"]
    assert [rows[name].epoch for name in ("C3D1", "C4D1")] == ["Induction", "Consolidation"]
    assert "C7D1" in rows
    assert "C8D1" not in rows
    assert rows["C4D1"].anchor.startswith("SBRT.last ")
    assert rows["C5D1"].anchor == f"C4D1 {rows['C4D1'].planned}"
    assert rows["C4D3"].anchor == f"C4D1 {rows['C4D1'].planned}"


def test_ulrrc_with_mfolfox6_needs_a_day_for_the_pump() -> None:
    rows = by_visit(expanded("ulrrc", enrolled(parameters={"regimen": "mFOLFOX6"})))
    assert (rows["C2D1"].nominal, rows["C2D1"].planned) == (date(2026, 3, 27), date(2026, 3, 30))
    assert china().is_open("infusion", date(2026, 3, 27))
    assert rows["C3D1"].nominal == date(2026, 4, 13)
    assert rows["C2D3"].planned == date(2026, 4, 1)
    cycles = [row for row in rows.values() if row.definition == "C{n}D1" and row.visit != "C1D1"]
    assert all((row.planned.toordinal() - row.nominal.toordinal()) <= 3 for row in cycles)
    assert rows["PD1-1"].nominal == date(2026, 4, 20)


@pytest.mark.parametrize("name", ["ulrrc", "crlm"])
def test_2027_is_provisional_in_china(name: str) -> None:
    rows = by_visit(expanded(name, enrolled()))
    later = [row for row in rows.values() if row.effective and row.effective.year >= 2027]
    assert later
    needing_a_day = [row for row in later if row.kind != "reminder"]
    assert all("provisional_calendar" in row.flags for row in needing_a_day)
    sooner = [row for row in rows.values() if row.effective and row.effective.year == 2026]
    assert not any("provisional_calendar" in row.flags for row in sooner)


def test_nothing_is_late_before_the_start() -> None:
    for name in ("ulrrc", "crlm"):
        schedule = expanded(name, enrolled(), AS_OF)
        assert {one.result for one in findings(schedule)} <= {"passed", "not_evaluated"}


@pytest.mark.parametrize(
    ("hold", "outside"),
    [
        (Hold(date(2026, 3, 25), date(2026, 4, 2), "pd1"), True),
        (Hold(date(2026, 3, 28), date(2026, 4, 2), "pd1"), False),  # begins the day after
        (Hold(date(2026, 3, 20), date(2026, 3, 27), "pd1"), False),  # treatment goes on that day
    ],
)
def test_a_dose_given_while_it_was_held_and_the_rest_was_stopped_is_outside_the_plan(hold: Hold, outside: bool) -> None:
    """C2D1 gives chemotherapy and the antibody; it was done on 2026-03-27, after the chemotherapy had been stopped (R10, R12)."""
    done = {"C1D1": date(2026, 3, 2), "C2D1": date(2026, 3, 27)}
    facts = enrolled(actual=done, stops=(Stop(date(2026, 3, 20), "chemotherapy"),), holds=(hold,))
    row = by_visit(expanded("ulrrc", facts, date(2026, 4, 10)))["C2D1"]
    assert (row.status, "outside_plan" in row.flags) == ("done", outside)
    assert {"CHEMO", "PD1"} <= set(row.activities)
