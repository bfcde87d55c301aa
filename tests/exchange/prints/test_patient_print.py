"""A patient's calendar: what is printed is the schedule, in both languages, and nothing that tells who somebody is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from planner.exchange.ics_settings import texts_to_bring, texts_to_prepare
from planner.exchange.prints.day_names import DayNames, PrintLanguage
from planner.exchange.prints.outlook import Outlook
from planner.exchange.prints.possible_days import first_allowed
from planner.exchange.prints.states import state_of
from planner.records.changes import acts
from planner.records.changes.view import SubjectView
from planner.schedule.rows import VisitRow
from tests.exchange.prints.making import LANGUAGES, found, rendered, set_contact
from tests.exchange.prints.reading import every_byte, page_texts, squeezed, text_of
from tests.records.desk import LATE, SUBJECT, Desk

BOOKED = acts.visit_booked("C3D1", date(2026, 4, 22), "09:30", 45, "infusion", "Planted-Place 12")


def on_calendar(view: SubjectView) -> list[VisitRow]:
    return [row for row in view.rows if row.status not in ("cancelled", "conditional")]


def seen_on(day: date) -> Outlook:
    return Outlook(day, lacks_doses=False, has_open_hold=False)


def name_of(view: SubjectView, row: VisitRow, language: PrintLanguage) -> str:
    translation = view.schedule.plan.protocol.languages.get(language)
    name = translation.visits.get(row.definition, row.name) if translation else row.name
    return name.replace("{n}", str(row.number))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_text_holds_every_visit_with_its_date_window_name_and_time(desk: Desk, language: PrintLanguage) -> None:
    desk.record(BOOKED)
    view = desk.view()
    text = text_of(rendered(desk, language).pdf)
    days = DayNames(language)
    rows = on_calendar(view)
    bounds = first_allowed(view.schedule)
    assert len(rows) > 25
    for row in rows:
        assert row.effective is not None
        day = squeezed("" if row.kind == "reminder" else days.short_day(row.effective))
        # The list's cells follow one another: date with state, then id and name, then activities, then the window.
        assert f"{row.visit}{squeezed(name_of(view, row, language))}" in text
        assert day in text
        if row.earliest and row.latest and row.status != "done" and row.kind != "reminder" and row.certainty != "booked":
            first = max(row.earliest, bounds.get(row.visit, row.earliest), LATE)
            if first <= row.latest:
                assert squeezed(days.days(first, row.latest)) in text
    assert "09:30" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_dates_and_visits_belong_together(desk: Desk, language: PrintLanguage) -> None:
    """Not only somewhere in the text: between a date and its visit stands its state, and nothing else."""
    desk.record(BOOKED)
    view = desk.view()
    text = text_of(rendered(desk, language).pdf)
    data = found(desk, language).data
    lines = {line.visit: line for line in (*data.to_come, *data.so_far)}
    days = DayNames(language)
    for row in on_calendar(view):
        assert row.effective is not None
        line = lines[row.visit]
        day = lines[row.visit].day if row.kind == "reminder" else days.short_day(row.effective)
        expected = f"{day}{line.time}{line.sign}{line.state_words}{row.visit}{name_of(view, row, language)}"
        assert squeezed(expected) in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_to_bring_and_to_prepare_is_said_for_every_activity_to_come(desk: Desk, language: PrintLanguage) -> None:
    protocol = desk.view().schedule.plan.protocol
    text = text_of(rendered(desk, language).pdf)
    to_come = {activity for row in on_calendar(desk.view()) if row.status not in ("done", "missed") for activity in row.activities}
    said = 0
    for texts in (texts_to_bring(protocol, language), texts_to_prepare(protocol, language)):
        for activity in to_come & texts.keys():
            assert squeezed(texts[activity]) in text
            said += 1
    assert said > 10


def test_chinese_prints_hold_the_protocols_chinese_texts(desk: Desk) -> None:
    text = text_of(rendered(desk, "zh-CN").pdf)
    assert "请勿自行拆除化疗泵" not in text, "no pump is planned for this subject"
    assert "请清淡饮食" in text
    assert "Eatlightly" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_months_show_each_visit_on_its_day(desk: Desk, language: PrintLanguage) -> None:
    view = desk.view()
    days = DayNames(language)
    cells = {
        (month.title, cell.day, visit.visit)
        for month in found(desk, language).data.months
        for week in month.weeks
        for cell in week
        for visit in cell.visits
    }
    expected = {
        (days.month(row.effective.year, row.effective.month), row.effective.day, row.visit)
        for row in on_calendar(view)
        if row.effective is not None and row.effective >= LATE.replace(day=1) and row.kind != "reminder"
    }
    assert cells == expected
    pages = page_texts(rendered(desk, language).pdf)
    for month in found(desk, language).data.months:
        assert any(page.startswith(squeezed(month.title)) for page in pages)


def test_each_month_page_is_one_page(desk: Desk) -> None:
    titles = [squeezed(month.title) for month in found(desk).data.months]
    pages = page_texts(rendered(desk).pdf)
    assert [page for page in pages if page.startswith(tuple(titles))] == pages[-len(titles) :]


def test_months_without_a_visit_have_no_page_and_are_named(desk: Desk) -> None:
    data = found(desk).data
    assert data.months[0].title == "April 2026"
    shown = [month.title for month in data.months]
    assert "July 2026" not in shown
    assert [month.note for month in data.months if month.title == "August 2026"] == ["No visit in July 2026."]


def test_more_months_than_asked_for_are_cut_and_said(desk: Desk) -> None:
    data = found(desk, most_months=2).data
    assert [month.title for month in data.months] == ["April 2026", "May 2026"]
    assert data.months_cut.startswith("Visits after May 2026")
    assert len(data.to_come) == len(found(desk).data.to_come)
    assert not found(desk, most_months=18).data.months_cut


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_print_says_what_it_rests_on(desk: Desk, language: PrintLanguage) -> None:
    days = DayNames(language)
    for page in page_texts(rendered(desk, language).pdf):
        assert str(SUBJECT.number) in page
        assert squeezed(days.day(LATE)) in page
    first = page_texts(rendered(desk, language).pdf)[0]
    assert squeezed(days.day(date(2026, 3, 28))) in first, "the day of the last fact"
    assert str(desk.view().revision) in first


@pytest.mark.parametrize(("language", "line"), [("en", "Telephone"), ("zh-CN", "电话（由研究人员填写）")])
def test_whom_to_call(desk: Desk, language: PrintLanguage, line: str) -> None:
    assert line in text_of(rendered(desk, language).pdf)
    set_contact(desk, "Study office 010-5555 0101")
    text = text_of(rendered(desk, language).pdf)
    assert "Studyoffice010-55550101" in text
    assert line not in text


def test_the_next_visit_is_the_first_to_come_that_is_attended(desk: Desk) -> None:
    desk.record(BOOKED)
    shown = found(desk).data.next_visit
    assert shown is not None
    (visit,) = shown.visits
    assert (visit.line.visit, shown.day, visit.line.time) == ("C3D1", "Wednesday 22 April 2026", "09:30")
    assert any("Eat lightly" in entry.prepare for entry in visit.preparations)


def test_no_next_visit_once_the_subject_has_left(desk: Desk) -> None:
    desk.record(acts.left_study(date(2026, 4, 20), "withdrawn"))
    data = found(desk).data
    assert data.next_visit is None
    assert "C4D1" not in {line.visit for line in data.to_come}
    assert "Nofurthervisitisplanned" in text_of(rendered(desk).pdf)


def test_visits_on_hold_have_no_date(desk: Desk) -> None:
    desk.record(acts.hold_started(date(2026, 4, 1), reason="toxicity"), on=date(2026, 4, 2))
    data = found(desk).data
    held = [line for line in data.to_come if line.state == "on_hold"]
    assert {line.visit for line in held} >= {"C3D1", "C4D1"}
    assert {line.day for line in held} == {"Date open"}
    in_months = {visit.visit for month in data.months for week in month.weeks for cell in week for visit in cell.visits}
    assert not in_months & {line.visit for line in held}


def test_a_visit_whose_day_has_passed_is_not_shown_as_planned(desk: Desk) -> None:
    row = desk.rows()["C4D1"]
    assert row.effective is not None
    assert state_of(row, seen_on(row.effective)) != "passed"
    assert state_of(row, seen_on(row.effective.replace(day=row.effective.day + 1))) == "passed"


def test_a_date_on_a_provisional_calendar_may_still_move(desk: Desk) -> None:
    row = replace(desk.rows()["C3D1"], status="upcoming", certainty="fixed", flags=())
    assert state_of(row, seen_on(date(2026, 4, 1))) == "planned"
    assert state_of(replace(row, flags=("provisional_calendar",)), seen_on(date(2026, 4, 1))) == "moving"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_hangs_on_an_open_decision_is_not_dated(desk: Desk, language: PrintLanguage) -> None:
    view = desk.view()
    waiting = {row.visit for row in view.rows if row.status == "conditional"}
    assert waiting
    data = found(desk, language).data
    assert not waiting & {line.visit for line in (*data.to_come, *data.so_far)}
    assert data.open_decisions
    assert squeezed(data.open_decisions) in text_of(rendered(desk, language).pdf)
    desk.record(acts.decision_made("management", "surgery", date(2026, 4, 20)))
    assert not found(desk, language).data.open_decisions


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_typed_about_a_subject_reaches_the_file(desk: Desk, language: PrintLanguage) -> None:
    planted = "Zzplanted"
    desk.record(acts.noted(f"{planted} note"))
    desk.record(BOOKED)
    desk.record(acts.hold_started(date(2026, 6, 1), resume=date(2026, 6, 8), reason="toxicity", note=f"{planted} hold"))
    desk.record(acts.visit_missed("SFU30", reason="no_show", note=f"{planted} missed") if "SFU30" in desk.rows() else ())
    desk.record(acts.noted(f"{planted} again"), who="zzplanted.account")
    content = every_byte(rendered(desk, language, since=3).pdf).lower()
    for secret in (planted, "Planted-Place", "toxicity", "zzplanted.account", "nurse", "recurrent"):
        assert secret.lower().encode() not in content
    assert SUBJECT.number.encode().lower() in content
