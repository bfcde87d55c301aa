"""Visits in a hold, reminders, and bookings that hang on a decision: what the patient is told of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from planner.exchange.prints.day_names import PrintLanguage
from planner.exchange.prints.outlook import Outlook
from planner.exchange.prints.patient import PatientPrint
from planner.exchange.prints.states import state_of
from planner.exchange.prints.visit_lines import VisitLine
from planner.records.changes import acts
from planner.records.facts.fact import NewFact
from tests.exchange.prints.making import LANGUAGES, found, rendered
from tests.exchange.prints.reading import squeezed, text_of
from tests.records.desk import Desk

APRIL_2, APRIL_12 = date(2026, 4, 2), date(2026, 4, 12)
BOOKED = acts.visit_booked("C3D1", date(2026, 4, 17), "09:30")
OPEN_HOLD = acts.hold_started(date(2026, 4, 10), reason="toxicity")
HOLD = acts.hold_started(date(2026, 4, 10), resume=date(2026, 5, 18), reason="toxicity")
ASK = "Ask your study doctor before you stop contraception."


def line_of(data: PatientPrint, visit: str) -> VisitLine:
    (line,) = [line for line in (*data.to_come, *data.so_far) if line.visit == visit]
    return line


def in_months(data: PatientPrint) -> set[str]:
    return {visit.visit for month in data.months for week in month.weeks for cell in week for visit in cell.visits}


@pytest.mark.parametrize("hold", [OPEN_HOLD, HOLD], ids=["without an end", "with an end"])
@pytest.mark.parametrize(
    ("language", "words"), [("en", "booked, but paused: ask us before coming"), ("zh-CN", "已预约，但治疗暂停：来院前请先询问我们")]
)
def test_a_visit_booked_inside_a_hold_keeps_day_and_time_and_says_to_ask(
    desk: Desk, hold: tuple[NewFact, ...], language: PrintLanguage, words: str
) -> None:
    desk.record(BOOKED, on=date(2026, 4, 1))
    desk.record(hold, on=APRIL_2)
    data = found(desk, language, on=APRIL_12).data
    line = line_of(data, "C3D1")
    assert (line.time, line.state_words, line.window) == ("09:30", words, "")
    assert "17" in line.day
    assert "C3D1" in in_months(data)
    assert data.next_visit is not None
    assert [visit.line.visit for visit in data.next_visit.visits] == ["C3D1"]
    assert squeezed(f"{line.day}09:30{line.sign}{words}") in text_of(rendered(desk, language, on=APRIL_12).pdf)


def test_a_booking_inside_a_hold_whose_day_has_passed_says_so(desk: Desk) -> None:
    desk.record(BOOKED, on=date(2026, 4, 1))
    desk.record(HOLD, on=APRIL_2)
    assert line_of(found(desk, on=date(2026, 4, 18)).data, "C3D1").state == "passed"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_hold_with_a_known_end_leaves_the_visit_an_estimated_date(desk: Desk, language: PrintLanguage) -> None:
    desk.record(HOLD, on=APRIL_2)
    data = found(desk, language, on=APRIL_12).data
    line = line_of(data, "C3D1")
    assert (line.state, line.window) == ("held_until", "")
    assert line.day == {"en": "Mon 18 May 2026", "zh-CN": "2026年5月18日 周一"}[language]
    assert "C3D1" in in_months(data)


def test_only_a_hold_without_an_end_takes_the_date(desk: Desk) -> None:
    desk.record(OPEN_HOLD, on=APRIL_2)
    data = found(desk, on=APRIL_12).data
    assert (line_of(data, "C3D1").day, line_of(data, "C3D1").state) == ("Date open", "on_hold")
    assert "C3D1" not in in_months(data)


@pytest.mark.parametrize("on", [date(2026, 12, 10), date(2027, 6, 1)])
@pytest.mark.parametrize(
    ("language", "words"), [("en", "ask your study doctor; the date is not known yet"), ("zh-CN", "日期尚不能确定，请咨询研究医生")]
)
def test_the_end_of_contraception_has_no_date_while_a_dose_is_unrecorded(desk: Desk, on: date, language: PrintLanguage, words: str) -> None:
    data = found(desk, language, on=on).data
    line = line_of(data, "CONTRA")
    assert (line.day, line.state_words) == ({"en": "Date open", "zh-CN": "日期待定"}[language], words)
    assert "CONTRA" not in in_months(data)


def test_nor_after_booked_doses_that_nobody_recorded(desk: Desk) -> None:
    for visit, day in (("C3D1", date(2026, 4, 17)), ("C4D1", date(2026, 5, 8)), ("C5D1", date(2026, 5, 29))):
        desk.record(acts.visit_booked(visit, day), on=date(2026, 4, 1))
    assert line_of(found(desk, on=date(2026, 4, 2)).data, "CONTRA").day == "Date open"
    for on in (date(2026, 5, 30), date(2026, 12, 10)):
        assert line_of(found(desk, on=on).data, "CONTRA").state == "reminder_open"


@pytest.mark.parametrize("on", [date(2026, 5, 2), date(2026, 10, 1)])
def test_nor_after_a_withdrawal_with_an_unrecorded_dose_before_it(desk: Desk, on: date) -> None:
    desk.record(acts.left_study(date(2026, 5, 1), "withdrawn"), on=date(2026, 5, 1))
    assert line_of(found(desk, on=on).data, "CONTRA").state == "reminder_open"


def test_nor_after_a_booked_dose_that_hangs_on_a_decision_and_passed_unrecorded(desk: Desk) -> None:
    desk.record_done({"C3D1": "2026-04-17", "C4D1": "2026-05-08", "C5D1": "2026-05-29"}, on=date(2026, 5, 29))
    desk.record(acts.visit_booked("M1", date(2026, 6, 22)), on=date(2026, 5, 30))
    assert line_of(found(desk, on=date(2026, 6, 22)).data, "CONTRA").state != "reminder_open"
    assert line_of(found(desk, on=date(2026, 6, 23)).data, "CONTRA").state == "reminder_open"


def test_nor_once_its_day_has_come_while_it_was_still_an_estimate(desk: Desk) -> None:
    row = replace(desk.rows(on=APRIL_2)["CONTRA"], status="upcoming", certainty="projected", effective=date(2026, 11, 29))
    states = [state_of(row, Outlook(day, lacks_doses=False, has_open_hold=False)) for day in (date(2026, 11, 28), date(2026, 11, 29))]
    assert states == ["reminder_moving", "reminder_open"]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "The day depends on your later treatment. Go on until your study team tells you."),
        ("zh-CN", "日期取决于您之后的治疗。请继续，直到研究团队通知您。"),
    ],
)
def test_nor_while_treatment_is_to_come_or_a_decision_may_bring_more(desk: Desk, language: PrintLanguage, words: str) -> None:
    screened = {"SCR": "2026-02-26", "LAB": "2026-02-26"}
    desk.record_done({visit: day for visit, day in screened.items() if desk.rows()[visit].status != "done"}, on=APRIL_2)
    planned = line_of(found(desk, language, on=APRIL_2).data, "CONTRA")
    desk.record_done({"C3D1": "2026-04-17", "C4D1": "2026-05-08", "C5D1": "2026-05-29"}, on=date(2026, 5, 29))
    data = found(desk, language, on=date(2026, 5, 30)).data
    for line in (planned, line_of(data, "CONTRA")):
        assert (line.day, line.state_words) == ({"en": "Date open", "zh-CN": "日期待定"}[language], words)
    assert "CONTRA" not in in_months(data)
    assert squeezed(words) in text_of(rendered(desk, language, on=date(2026, 5, 30)).pdf)


def test_once_the_decision_brings_no_more_doses_the_reminder_has_its_date(desk: Desk) -> None:
    desk.record_done({"C3D1": "2026-04-17", "C4D1": "2026-05-08", "C5D1": "2026-05-29"}, on=date(2026, 5, 29))
    desk.record(acts.decision_made("management", "surgery", date(2026, 5, 29)), on=date(2026, 5, 30))
    line = line_of(found(desk, on=date(2026, 5, 30)).data, "CONTRA")
    assert (line.state, line.day) == ("reminder", "Sun 29 November 2026")


def test_nor_while_treatment_is_on_hold_without_an_end(desk: Desk) -> None:
    desk.record(OPEN_HOLD, on=APRIL_2)
    assert line_of(found(desk, on=APRIL_12).data, "CONTRA").state == "reminder_open"


@pytest.mark.parametrize(
    ("language", "words", "ask"),
    [("en", "from this day on: ask your study doctor", ASK), ("zh-CN", "自该日起：请咨询研究医生", "停止避孕前请先咨询研究医生。")],
)
def test_once_its_day_has_come_for_sure_it_is_not_done_and_still_says_to_ask(
    desk: Desk, language: PrintLanguage, words: str, ask: str
) -> None:
    desk.record(acts.left_study(date(2026, 4, 10), "withdrawn"), on=date(2026, 4, 10))
    assert line_of(found(desk, on=date(2026, 4, 11)).data, "CONTRA").state == "reminder"
    for on in (date(2026, 9, 27), date(2026, 12, 10)):
        data = found(desk, language, on=on).data
        assert "CONTRA" in {line.visit for line in data.to_come}
        assert line_of(data, "CONTRA").state_words == words
        assert ask in {entry.prepare for entry in data.preparations}
        assert squeezed(words) in text_of(rendered(desk, language, on=on).pdf)


@pytest.mark.parametrize(("language", "words"), [("en", "booked; depends on a decision"), ("zh-CN", "已预约，取决于尚未作出的决策")])
def test_a_booked_visit_that_hangs_on_a_decision_is_on_the_print(desk: Desk, language: PrintLanguage, words: str) -> None:
    assert desk.rows()["M1"].status == "conditional"
    desk.record(acts.visit_booked("M1", date(2026, 6, 22), "09:00"), on=APRIL_2)
    data = found(desk, language, on=APRIL_2).data
    line = line_of(data, "M1")
    assert (line.time, line.state_words) == ("09:00", words)
    assert "M1" in in_months(data)
    assert "M2" not in {line.visit for line in data.to_come}
    assert data.open_decisions
