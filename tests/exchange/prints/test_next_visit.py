"""The box that is read first."""

from __future__ import annotations

from datetime import date

from planner.exchange.prints.next_visit import NextDay
from planner.exchange.prints.preparations import each_once
from planner.records.changes import acts
from tests.exchange.prints.making import found, rendered
from tests.exchange.prints.reading import page_texts, squeezed
from tests.records.desk import Desk

DAY, EARLIER = date(2026, 4, 17), date(2026, 4, 2)
SCREENING = {"SCR": "2026-02-26", "LAB": "2026-02-26"}


def box(desk: Desk, on: date) -> NextDay:
    shown = found(desk, on=on).data.next_visit
    assert shown is not None
    return shown


def test_every_visit_of_the_next_day_is_shown_by_its_time(desk: Desk) -> None:
    desk.record(acts.visit_booked("C3D1", DAY, "15:00"), on=EARLIER)
    desk.record(acts.visit_booked("ASSESS", DAY, "14:00"), on=date(2026, 4, 3))
    shown = box(desk, date(2026, 4, 3))
    assert shown.day == "Friday 17 April 2026"
    assert [(visit.line.time, visit.line.visit) for visit in shown.visits] == [("14:00", "ASSESS"), ("15:00", "C3D1")]
    assert any("pacemaker" in entry.prepare for entry in shown.visits[0].preparations)
    assert any("Eat lightly" in entry.prepare for entry in shown.visits[1].preparations)
    first = page_texts(rendered(desk, on=date(2026, 4, 3)).pdf)[0]
    assert first.index("14:00ASSESS") < first.index(squeezed("Tell us beforehand of a pacemaker")) < first.index("15:00C3D1")


def test_the_list_and_the_month_follow_the_time_of_day(desk: Desk) -> None:
    desk.record(acts.visit_booked("C3D1", DAY, "15:00"), on=EARLIER)
    desk.record(acts.visit_booked("ASSESS", DAY, "14:00"), on=date(2026, 4, 3))
    data = found(desk, on=date(2026, 4, 3)).data
    order = [line.visit for line in data.to_come]
    assert order.index("ASSESS") + 1 == order.index("C3D1")
    (cell,) = [cell for week in data.months[0].weeks for cell in week if cell.in_month and cell.day == DAY.day]
    assert [visit.visit for visit in cell.visits] == ["ASSESS", "C3D1"]


def test_a_visit_offered_while_an_earlier_one_passed_unrecorded_says_to_ask_first(desk: Desk) -> None:
    passed = {line.visit for line in found(desk, on=EARLIER).data.to_come if line.state == "passed"}
    desk.record_done(dict.fromkeys(sorted(passed), "2026-02-26"), on=EARLIER)
    assert found(desk, on=EARLIER).data.ask_first == ""
    late = date(2026, 4, 18)
    assert [visit.line.visit for visit in box(desk, late).visits] == ["ASSESS"]
    said = found(desk, on=late).data.ask_first
    assert "ask us first" in said
    assert squeezed(said) in page_texts(rendered(desk, on=late).pdf)[0]
    assert "来院前请先询问我们" in page_texts(rendered(desk, "zh-CN", on=late).pdf)[0]


def test_a_window_is_never_printed_beside_a_date_outside_it_nor_of_a_booked_visit(desk: Desk) -> None:
    desk.record(acts.visit_booked("C3D1", date(2026, 4, 28), "10:00"), on=date(2026, 4, 3))
    data = found(desk, on=date(2026, 4, 4)).data
    (line,) = [line for line in data.to_come if line.visit == "C3D1"]
    assert (line.state, line.window) == ("booked", "")
    assert box(desk, date(2026, 4, 4)).visits[0].window == ""


def test_a_booked_day_that_has_passed_has_none_either(desk: Desk) -> None:
    desk.record(acts.visit_booked("C3D1", DAY, "10:00"), on=EARLIER)
    (line,) = [line for line in found(desk, on=date(2026, 4, 18)).data.to_come if line.visit == "C3D1"]
    assert (line.state, line.time, line.window) == ("passed", "10:00", "")


def test_a_planned_date_outside_its_window_has_none(desk: Desk) -> None:
    desk.record(acts.hold_started(date(2026, 4, 10), resume=date(2026, 5, 18), reason="toxicity"), on=EARLIER)
    on = date(2026, 5, 18)
    data = found(desk, on=on).data
    (line,) = [line for line in data.to_come if line.visit == "C3D1"]
    assert (line.day, line.state, line.window) == ("Mon 18 May 2026", "planned", "")
    (cell,) = [visit for week in data.months[0].weeks for cell in week for visit in cell.visits if visit.visit == "C3D1"]
    assert cell.window == ""
    assert [visit.window for visit in box(desk, on).visits] == [""]


def test_what_to_bring_is_said_once() -> None:
    medicines = "A list of all medicines you take."
    assert each_once([medicines, f"{medicines} Something to eat.", medicines, "Earlier images"]) == [
        medicines,
        "Something to eat.",
        "Earlier images",
    ]
    assert each_once(["药物清单。", "药物清单。可自备饮食。请早到。"]) == ["药物清单。", "可自备饮食。请早到。"]
