"""The oracle itself, against dates worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from planner.protocol.model import (
    AgeCheck,
    BetweenCheck,
    Choice,
    Decision,
    IntervalCheck,
    LateCheck,
    MilestoneReference,
    Numbering,
    OpenAlso,
    OrderCheck,
    Parameter,
    Protocol,
    RepeatEvery,
    RepeatTimes,
    RepeatUntil,
    SeriesReference,
    SinceCheck,
    Step,
    VisitReference,
)
from planner.protocol.read import read_protocol
from planner.schedule.facts import Booking, DecisionMade, End, Hold, Stop, SubjectFacts, UnscheduledDose
from planner.schedule.rows import VisitRow
from tests.cases.by_hand import companions, duration, protocol, series, shape, start, term, visit, when
from tests.oracle import PlainCalendar, difference, expected_findings, expected_rows

PROTOCOLS = Path(__file__).parents[1] / "protocols"
START = date(2026, 3, 2)
AS_OF = date(2026, 2, 1)
FIRST, LAST = date(2020, 1, 1), date(2035, 12, 31)
EVERY_DAY = frozenset(FIRST + timedelta(days=k) for k in range((LAST - FIRST).days + 1))
WEEKDAYS = frozenset(day for day in EVERY_DAY if day.weekday() < 5)
CLOSED_2026 = "01-01 01-02 02-16 02-17 02-18 02-19 02-20 02-23 04-06 05-01 05-04 05-05 06-19 09-25 10-01 10-02 10-05 10-06 10-07"
OPEN_2026 = "01-04 02-14 02-28 05-09 09-20 10-10"


def _in_2026(days: str) -> frozenset[date]:
    return frozenset(date.fromisoformat(f"2026-{day}") for day in days.split())


CHINA = PlainCalendar(FIRST, LAST, {"clinic": WEEKDAYS - _in_2026(CLOSED_2026) | _in_2026(OPEN_2026)})
MONDAY_TO_FRIDAY = PlainCalendar(FIRST, LAST, {"clinic": WEEKDAYS})
ALWAYS = PlainCalendar(FIRST, LAST, {"clinic": EVERY_DAY})


def facts(first_day: date = START, **known: object) -> SubjectFacts:
    """A subject with a consent ten days before the start."""
    known.setdefault("milestones", {"CONSENT": first_day - timedelta(days=10)})
    return SubjectFacts("S1", first_day, **known)


def rows(study: Protocol, known: SubjectFacts, calendar: PlainCalendar = CHINA, as_of: date = AS_OF) -> dict[str, dict[str, object]]:
    """The rows by visit."""
    return {str(row["visit"]): row for row in expected_rows(study, known, calendar, as_of)}


def planned(found: dict[str, dict[str, object]], visits: str) -> list[str]:
    """The effective dates of some visits as month and day."""
    return [str(found[name]["effective"])[5:] for name in visits.split()]


def results(study: Protocol, known: SubjectFacts, as_of: date, calendar: PlainCalendar = ALWAYS) -> list[tuple[object, ...]]:
    """Check, first, second, days and result of each finding."""
    found = expected_findings(study, known, calendar, as_of)
    return [(one["check"], one["first"], one["second"], one["days"], one["result"]) for one in found]


def sbrt(first: str, **rules: object) -> object:
    """Five daily fractions."""
    then = shape("previous + 1wd", "0wd/1wd", activities="FRACTION", on="linac", name="Fraction {n}")
    return series(
        "SBRT", "F{n}", RepeatTimes(5, Numbering()), shape(first, activities="FRACTION", on="linac", name="Fraction {n}", **rules), then
    )


def ulrrc(cycle: str = "21d", open_also: tuple[OpenAlso, ...] = ()) -> Protocol:
    """The visits of the ulrrc study that its worked dates speak of."""
    first = shape("SBRT.last + 7d", "0d/7d", activities="CHEMO PD1", open_also=open_also)
    then = shape(f"previous + {cycle}", "-3d/3d", activities="CHEMO PD1", open_also=open_also)
    return protocol(
        visit("ICF", is_milestone="CONSENT"),
        visit("LAB", "C1D1 - 7d", within="-15d..0d", not_before=[":CONSENT"], redo=True),
        start(activities="CHEMO PD1", kind="treatment"),
        visit("SIM", "C1D1 + 7d", window="-3d/4d"),
        sbrt("C1D1 + 14d", window="-7d/0d", not_before=["SIM + 3d"]),
        series("CHEMO", "C{n}D1", RepeatTimes(4, Numbering(2)), first, then),
        visit("ASSESS", "SBRT.last + 6w", window="-14d/14d"),
        visit("MDT", "SBRT.last + 8w", window="-14d/14d", not_before=["ASSESS"], kind="decision"),
        decisions=(Decision("management", "", "MDT", (Choice("go", ""), Choice("stop", "", ends="treatment"))),),
        checks=(BetweenCheck("sbrt-gap", "", "SBRT", (), "at_most", duration("4d")),),
    )


# --- the worked dates of the two studies ------------------------------------------------------------------------


def test_ulrrc_with_a_three_week_cycle() -> None:
    found = rows(ulrrc(), facts())
    assert planned(found, "F1 F2 F3 F4 F5") == ["03-16", "03-17", "03-18", "03-19", "03-20"]
    assert planned(found, "C2D1 C3D1 C4D1 C5D1") == ["03-27", "04-17", "05-08", "05-29"]
    assess = found["ASSESS"]
    assert [str(assess[key]) for key in ("nominal", "earliest", "latest", "planned")] == [
        "2026-05-01",
        "2026-04-17",
        "2026-05-15",
        "2026-04-30",
    ]
    assert planned(found, "MDT") == ["05-15"]
    assert assess["anchor"] == "SBRT.last 2026-03-20"
    assert found["C3D1"]["anchor"] == "C2D1 2026-03-27"
    assert found["C1D1"]["anchor"] == "start 2026-03-02"
    assert found["ICF"]["anchor"] == "CONSENT 2026-02-20"
    assert (found["C1D1"]["study_day"], found["ICF"]["study_day"], found["F1"]["study_day"]) == (1, -10, 15)


def test_ulrrc_with_a_pump_needs_the_day_after_next_open_too() -> None:
    found = rows(ulrrc("14d", (OpenAlso((), 2),)), facts())
    assert (found["C2D1"]["nominal"], found["C2D1"]["planned"]) == (date(2026, 3, 27), date(2026, 3, 30))
    assert found["C3D1"]["nominal"] == date(2026, 4, 13)


def test_the_only_open_day_of_a_window_is_a_make_up_saturday() -> None:
    study = protocol(start(), visit("V", "C1D1 + 15d", window="-3d/3d"))
    assert planned(rows(study, facts(date(2026, 2, 2))), "V") == ["02-14"]


def test_five_daily_fractions_across_the_spring_festival() -> None:
    study = protocol(
        start(), sbrt("C1D1 + 10d", window="-7d/0d"), checks=(BetweenCheck("sbrt-gap", "", "SBRT", (), "at_most", duration("4d")),)
    )
    found = rows(study, facts(date(2026, 2, 2)), as_of=date(2026, 1, 20))
    assert planned(found, "F1 F2 F3 F4 F5") == ["02-12", "02-13", "02-14", "02-24", "02-25"]
    assert [visit for visit, row in found.items() if any("fraction" in str(flag) for flag in row["flags"])] == ["F4"]
    assert found["F4"]["flags"] == ["fraction_gap:2026-02-10"]
    assert ("sbrt-gap", "F3", "F4", 10, "warning") in results(study, facts(date(2026, 2, 2)), date(2026, 1, 20), CHINA)


def test_crlm_with_pd1_on_its_own_clock() -> None:
    cycles = shape("previous + 14d", "-3d/3d", activities="CHEMO", open_also=(OpenAlso((), 2),))
    clock = {"window": "-3d/3d", "activities": "PD1", "not_before": ["any(pd1).previous + 18d"], "with_series": "CHEMO"}
    own = shape("CHEMO.first + 21d", **clock), shape("previous + 21d", **clock)
    first = shape("SBRT.last + 14d", "-7d/7d", activities="CHEMO PD1", open_also=(OpenAlso((), 2),))
    fraction = shape("C1D1 + 14d", "0d/7d", activities="FRACTION", not_before=["SIM + 7d"])
    study = protocol(
        start(activities="CHEMO PD1"),
        visit("SIM", "C1D1 + 4d", window="-4d/3d"),
        series("SBRT", "F{n}", RepeatTimes(5, Numbering()), fraction, shape("previous + 2d", "0d/2d", activities="FRACTION")),
        series("CHEMO", "C{n}D1", RepeatTimes(4, Numbering(2)), first, cycles),
        series("PD1", "PD1-{n}", RepeatUntil(term("CHEMO.last"), 12, Numbering()), *own),
        visit("ASSESS", "SBRT.last + 8w", window="-14d/14d"),
        visit("MDT", "ASSESS + 7d", window="-7d/7d"),
    )
    found = rows(study, facts())
    assert planned(found, "F1 F2 F3 F4 F5") == ["03-16", "03-18", "03-20", "03-23", "03-25"]
    assert planned(found, "C2D1 C3D1 C4D1 C5D1") == ["04-08", "04-22", "05-06", "05-20"]
    assert planned(found, "PD1-1 PD1-2 ASSESS MDT") == ["04-29", "05-20", "05-20", "05-27"]
    assert "PD1-3" not in found


def test_the_files_of_both_studies() -> None:
    ulrrc_file = read_protocol((PROTOCOLS / "ulrrc.yaml").read_text(encoding="utf-8"))
    found = rows(ulrrc_file, facts())
    assert planned(found, "F1 F5 C2D1 C3D1 C4D1 C5D1 ASSESS MDT") == [
        "03-16",
        "03-20",
        "03-27",
        "04-17",
        "05-08",
        "05-29",
        "04-30",
        "05-15",
    ]
    pump = rows(ulrrc_file, facts(parameters={"regimen": "mFOLFOX6"}))
    assert planned(pump, "C2D1 C2D3 C3D1") == ["03-30", "04-01", "04-13"]
    crlm_file = read_protocol((PROTOCOLS / "crlm.yaml").read_text(encoding="utf-8"))
    found = rows(crlm_file, facts())
    dates = ["03-16", "03-25", "04-08", "04-22", "05-06", "05-20", "04-29", "05-20", "05-20", "05-27"]
    assert planned(found, "F1 F5 C2D1 C3D1 C4D1 C5D1 PD1-1 PD1-2 ASSESS MDT") == dates
    assert [name for name in found if name.startswith("M") and name != "MDT" and found[name]["status"] != "conditional"] == []


# --- dates ------------------------------------------------------------------------------------------------------


def test_multiples_of_months_never_drift() -> None:
    by_n = shape("C1D1 + 3mo * n", "0d/0d")
    study = protocol(start(), series("FU", "FU{n}", RepeatTimes(3, Numbering()), by_n))
    assert planned(rows(study, facts(date(2026, 8, 31)), ALWAYS), "FU1 FU2 FU3") == ["11-30", "02-28", "05-31"]


def test_every_adds_the_sum_of_its_steps_once() -> None:
    steps = (Step(2, duration("1mo")), Step(1, duration("6mo")))
    study = protocol(start(), series("FU", "FU{n}", RepeatEvery(steps, Numbering()), shape("C1D1", "-14d/14d")))
    assert planned(rows(study, facts(date(2026, 1, 31)), ALWAYS), "FU1 FU2 FU3") == ["02-28", "03-31", "09-30"]


def test_a_bound_pushes_past_the_window() -> None:
    study = protocol(start(), visit("A", "C1D1 + 20d"), visit("V", "C1D1 + 7d", window="-2d/2d", not_before=["A"]))
    row = rows(study, facts(), ALWAYS)["V"]
    assert (row["planned"], row["flags"]) == (date(2026, 3, 22), ["constraint_breaks_window", "outside_window:+11"])


@pytest.mark.parametrize(("roll", "day"), [("nearest", "03-09"), ("next", "03-09"), ("previous", "03-06")])
def test_roll(roll: str, day: str) -> None:
    study = protocol(start(), visit("V", "C1D1 + 6d", window="-3d/3d", roll=roll))
    assert planned(rows(study, facts(), MONDAY_TO_FRIDAY), "V") == [day]


def test_a_late_cycle_moves_all_later_ones_and_a_missed_one_none() -> None:
    study = ulrrc()
    late = rows(study, facts(actual={"C2D1": date(2026, 3, 31)}), as_of=date(2026, 4, 1))
    assert planned(late, "C3D1 C4D1") == ["04-21", "05-12"]
    missed = rows(study, facts(missed={"C2D1": "unwell"}, booked={"C2D1": Booking(date(2026, 4, 1))}), as_of=date(2026, 4, 1))
    assert (missed["C2D1"]["status"], missed["C2D1"]["effective"]) == ("missed", date(2026, 3, 27))
    assert planned(missed, "C3D1") == ["04-17"]
    assert missed["C3D1"]["flags"] == ["anchor_missed"]


def test_the_start_takes_its_actual_date() -> None:
    row = rows(ulrrc(), facts(actual={"C1D1": date(2026, 3, 7)}), as_of=date(2026, 3, 9))["C1D1"]
    assert (row["nominal"], row["planned"], row["days_off"], row["study_day"]) == (date(2026, 3, 7), date(2026, 3, 7), 0, 1)
    assert row["flags"] == ["closed_day"]


def test_a_repeatable_test_expires_when_its_anchor_slips() -> None:
    row = rows(ulrrc(), facts(date(2026, 4, 1), actual={"LAB": date(2026, 3, 10)}), as_of=date(2026, 3, 20))["LAB"]
    assert (row["status"], row["effective"], row["flags"]) == ("due", date(2026, 3, 25), ["expired"])


def test_the_last_member_within_a_limit() -> None:
    then = shape("previous + 21d", "-3d/3d")
    study = protocol(start(), series("M", "M{n}", RepeatUntil(term("first + 2mo"), 5, Numbering()), shape("C1D1 + 7d"), then))
    assert [visit for visit in rows(study, facts(), ALWAYS) if visit.startswith("M")] == ["M1", "M2", "M3"]
    study = protocol(start(), series("M", "M{n}", RepeatUntil(term("first + 2mo"), 2, Numbering()), shape("C1D1 + 7d"), then))
    assert rows(study, facts(), ALWAYS)["M2"]["flags"] == ["at_most_reached"]


def test_a_milestone_not_given_leaves_a_visit_without_a_date() -> None:
    study = protocol(start(), visit("V", ":CONSENT + 7d"), visit("W", "V + 7d"))
    found = rows(study, facts(milestones={}))
    assert [(found[name]["status"], found[name]["nominal"], found[name]["flags"]) for name in "VW"] == [
        ("upcoming", None, ["milestone_missing:CONSENT"]),
        ("upcoming", None, ["milestone_missing"]),
    ]
    assert found["V"]["anchor"] == "CONSENT"


def test_one_id_belongs_to_the_series_within_whose_count_it_lies() -> None:
    number = Parameter("before", "", ("1", "2", "3"), "1", is_range=True)
    chain = shape("previous + 21d")
    study = protocol(
        series("PRE", "C{n}D1", RepeatTimes("before", Numbering()), shape(start=True), chain),
        series("POST", "C{n}D1", RepeatTimes(2, Numbering(after="PRE")), shape("PRE.last + 100d"), chain),
        companions("C{n}D3", ("PRE", "POST"), shape("C{n}D1 + 2d")),
        parameters=(number,),
    )
    assert planned(rows(study, facts(), ALWAYS), "C2D1 C3D1 C2D3") == ["06-10", "07-01", "06-12"]
    two = rows(study, facts(parameters={"before": "2"}), ALWAYS)
    assert planned(two, "C2D1 C3D1 C2D3") == ["03-23", "07-01", "03-25"]
    assert two["C2D3"]["anchor"] == "C2D1 2026-03-23"


# --- decisions --------------------------------------------------------------------------------------------------


def branches() -> Protocol:
    """A board that opens one branch and ends a series."""
    return protocol(
        start(activities="CHEMO"),
        series("M", "M{n}", RepeatTimes(4, Numbering()), shape("C1D1 + 14d * n", activities="DRUG", ends_when=when("board", "operate"))),
        visit("B", "C1D1 + 30d", kind="decision"),
        visit("OP", "B + 7d", when=when("board", "operate")),
        visit("AFTER", "OP + 7d"),
        visit("WATCH", "B + 20d", unless=when("board", "operate")),
        visit("REMIND", "C1D1 + 90d", kind="reminder", on="any"),
        decisions=(Decision("board", "", "B", (Choice("operate", ""), Choice("wait", ""), Choice("leave", "", ends="everything"))),),
    )


def test_an_undecided_branch_is_conditional_with_all_that_hangs_on_it() -> None:
    found = rows(branches(), facts())
    assert [found[name]["status"] for name in ("OP", "AFTER", "WATCH")] == ["conditional", "conditional", "upcoming"]
    assert found["B"]["decision_pending"] is True


def test_a_choice_opens_one_branch_and_ends_others() -> None:
    known = facts(actual={"C1D1": START}, decisions={"board": DecisionMade("operate", date(2026, 4, 1))})
    found = rows(branches(), known, as_of=date(2026, 4, 2))
    assert (found["B"]["status"], found["B"]["effective"], found["B"]["decision_pending"]) == ("done", date(2026, 4, 1), False)
    assert [found[name]["status"] for name in ("OP", "AFTER", "WATCH", "M2", "M3")] == [
        "upcoming",
        "upcoming",
        "cancelled",
        "overdue",
        "cancelled",
    ]
    assert found["M3"]["flags"] == ["ended_by_decision"]
    assert (found["OP"]["certainty"], found["AFTER"]["certainty"]) == ("fixed", "projected")


def test_a_branch_not_chosen_takes_what_hangs_on_it_with_it() -> None:
    found = rows(branches(), facts(decisions={"board": DecisionMade("wait")}), as_of=date(2026, 5, 1))
    assert [found[name]["flags"] for name in ("OP", "AFTER")] == [["not_chosen"], ["anchor_cancelled"]]
    assert (found["B"]["status"], found["B"]["certainty"]) == ("done", "fixed")


def test_leaving_keeps_the_reminder_and_what_the_decision_counts_from() -> None:
    found = rows(branches(), facts(decisions={"board": DecisionMade("leave")}), as_of=date(2026, 4, 20))
    assert [found[name]["status"] for name in ("C1D1", "B", "M3", "WATCH", "REMIND")] == [
        "overdue",
        "done",
        "cancelled",
        "cancelled",
        "upcoming",
    ]
    assert found["M3"]["flags"] == ["ended"]


# --- holds, stops, ends -----------------------------------------------------------------------------------------


def test_a_shift_hold_moves_a_cycle_and_the_chain() -> None:
    found = rows(ulrrc(), facts(holds=(Hold(date(2026, 3, 25), date(2026, 4, 2)),)), ALWAYS, date(2026, 3, 26))
    assert planned(found, "C2D1 C3D1") == ["04-02", "04-23"]
    assert (found["C2D1"]["status"], found["C3D1"]["status"]) == ("on_hold", "upcoming")
    assert planned(found, "F5") == ["03-20"]


def test_a_skip_hold_misses_a_cycle_and_leaves_the_chain() -> None:
    found = rows(ulrrc(), facts(holds=(Hold(date(2026, 3, 25), date(2026, 4, 2), mode="skip"),)), ALWAYS)
    assert (found["C2D1"]["status"], found["C2D1"]["flags"]) == ("missed", ["missed_by_hold"])
    assert (planned(found, "C3D1"), found["C3D1"]["flags"]) == (["04-17"], ["anchor_missed"])


def test_a_hold_of_one_stream_omits_it() -> None:
    found = rows(ulrrc(), facts(holds=(Hold(date(2026, 3, 25), date(2026, 4, 2), "pd1"),)), ALWAYS)
    assert (found["C2D1"]["activities"], found["C2D1"]["flags"], found["C2D1"]["effective"]) == (
        ["CHEMO"],
        ["omitted:PD1"],
        date(2026, 3, 27),
    )


def test_a_hold_without_end_makes_what_follows_stale() -> None:
    found = rows(ulrrc(), facts(holds=(Hold(date(2026, 3, 25)),)), ALWAYS, date(2026, 6, 1))
    assert [found[name]["status"] for name in ("C2D1", "C3D1")] == ["on_hold", "on_hold"]
    assert [found[name]["certainty"] for name in ("C2D1", "C3D1")] == ["stale", "stale"]


def test_an_overdue_visit_makes_what_follows_stale_not_overdue() -> None:
    found = rows(ulrrc(), facts(actual={"C1D1": START}), ALWAYS, date(2026, 6, 1))
    assert [(found[name]["status"], found[name]["certainty"]) for name in ("SIM", "F1", "F2")] == [
        ("overdue", "fixed"),
        ("due", "stale"),
        ("due", "stale"),
    ]


def test_a_stop_cancels_doses_and_spares_the_fractions() -> None:
    found = rows(ulrrc(), facts(stops=(Stop(date(2026, 3, 18)),)), ALWAYS)
    assert [found[name]["status"] for name in ("F5", "C2D1", "ASSESS")] == ["upcoming", "cancelled", "upcoming"]
    assert found["C2D1"]["flags"] == ["stopped"]
    one = rows(ulrrc(), facts(stops=(Stop(date(2026, 3, 18), "pd1"),)), ALWAYS)
    assert (one["C2D1"]["status"], one["C2D1"]["activities"]) == ("upcoming", ["CHEMO"])


def test_the_last_dose_counts_only_what_was_given_once_all_is_stopped() -> None:
    study = protocol(start(activities="CHEMO"), visit("C2", "C1D1 + 21d", activities="CHEMO"), visit("SFU", "any(chemotherapy).last + 30d"))
    given = {"C1D1": START}
    assert planned(rows(study, facts(actual=given), ALWAYS, START), "SFU") == ["04-22"]
    stopped = rows(study, facts(actual=given, stops=(Stop(date(2026, 3, 20)),)), ALWAYS, START)
    assert (planned(stopped, "SFU"), stopped["SFU"]["certainty"]) == (["04-01"], "fixed")
    extra = rows(study, facts(actual=given, unscheduled=(UnscheduledDose(date(2026, 4, 1), "chemotherapy"),)), ALWAYS, START)
    assert planned(extra, "SFU") == ["05-01"]


def test_a_done_visit_after_the_end_stays() -> None:
    found = rows(branches(), facts(end=End("died", date(2026, 4, 10)), actual={"M3": date(2026, 4, 14)}), as_of=date(2026, 5, 1))
    assert (found["M3"]["status"], found["M3"]["flags"]) == ("done", ["outside_plan", "outside_window:+1", "earlier_unrecorded"])
    assert found["REMIND"]["status"] == "cancelled"


# --- checks -----------------------------------------------------------------------------------------------------


def test_checks() -> None:
    study = protocol(
        start(activities="CHEMO", kind="treatment"),
        series("C", "C{n}", RepeatTimes(3, Numbering(2)), shape("C1D1 + 21d * n", "-3d/3d", activities="CHEMO")),
        visit("LAB", "C1D1 + 1d"),
        parameters=(Parameter("born", "", ("1950", "1951", "2000"), None, optional=True),),
        checks=(
            OrderCheck("consent", "", MilestoneReference("CONSENT"), "CONSENT", None, "any procedure"),
            IntervalCheck("lab", "", VisitReference("LAB"), "LAB", SeriesReference("C", "last"), "C.last", "more_than", duration("3mo")),
            BetweenCheck("gap", "", None, ("chemotherapy",), "at_most", duration("30d")),
            LateCheck("late", "", "C", duration("5d")),
            SinceCheck("since", "", ("chemotherapy",), duration("40d")),
            AgeCheck("age", "", "born", MilestoneReference("CONSENT"), "CONSENT", 18, 75),
        ),
    )
    known = facts(actual={"C1D1": START}, milestones={"CONSENT": date(2026, 3, 3)}, parameters={"born": "1950"})
    assert results(study, known, date(2026, 4, 21)) == [
        ("consent", "CONSENT", "C1D1", -1, "breach"),
        ("lab", "LAB", "C.last", 83, "warning"),
        ("gap", "C1D1", "C2", 42, "warning"),
        ("gap", "C2", "C3", 21, "passed"),
        ("gap", "C3", "C4", 21, "passed"),
        ("late", "C2", "C2", 8, "warning"),
        ("late", "C3", "C3", 0, "passed"),
        ("late", "C4", "C4", 0, "passed"),
        ("since", "C1D1", "C2", 50, "breach"),
        ("age", None, "CONSENT", None, "cannot_tell"),
    ]


# --- what is compared -------------------------------------------------------------------------------------------


def test_a_difference_names_the_visit_and_the_field() -> None:
    expected = expected_rows(protocol(start(), visit("V", "C1D1 + 7d")), facts(), ALWAYS, AS_OF)
    same = [_as_row(row) for row in expected]
    assert difference(expected, same) is None
    assert difference(expected, same[:1]) == "rows missing: V; rows too many: none"
    assert difference(expected, same[::-1]) == "order: expected C1D1, V; got V, C1D1"
    changed = [same[0], replace(same[1], status="due", flags=("expired",))]
    assert difference(expected, changed) == "V: status expected upcoming, got due, flags expected [], got [expired]"


def _as_row(row: dict[str, Any]) -> VisitRow:
    values = {**row, "number": row["n"], "flags": tuple(row["flags"]), "activities": tuple(row["activities"])}
    del values["n"]
    return VisitRow(subject="S1", booked_at=None, minutes=None, **values)
