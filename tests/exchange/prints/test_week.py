"""A clinic's day sheet."""

from __future__ import annotations

from datetime import date, time

import pytest

from planner.exchange.prints.day_names import DayNames, PrintLanguage
from planner.exchange.prints.render import render_week
from planner.exchange.prints.week import Week, WeekPrint, WeekTextError, last_moment, shown_day, week_of, week_print
from planner.records.changes import acts
from planner.records.lists.site_schedules import schedules
from tests.exchange.prints.making import LANGUAGES
from tests.exchange.prints.reading import every_byte, squeezed, text_of
from tests.records.desk import LATE, Desk, someone
from tests.schedule.studies import china

W17 = Week(2026, 17)
"""20 to 26 April 2026."""


def sheet(desk: Desk, language: PrintLanguage = "en", week: Week = W17, site: str | None = None) -> WeekPrint:
    with desk.database.reading() as connection:
        found = schedules(connection, someone(LATE), sites=None if site is None else [site])
    return week_print(found, week, language, LATE, site)


def pdf_of(desk: Desk, language: PrintLanguage = "en") -> bytes:
    with desk.database.reading() as connection:
        found = schedules(connection, someone(LATE))
    return render_week(week_print(found, W17, language, LATE, None), last_moment(found)).pdf


@pytest.fixture
def ward(desk: Desk) -> Desk:
    """Three subjects at two sites; two are booked in week 17."""
    desk.add_site("SHA", china())
    desk.enrol("PEK-002", start=date(2026, 4, 20))
    other = desk.enrol("SHA-001", site="SHA", start=date(2026, 4, 21))
    desk.record(acts.visit_booked("C3D1", date(2026, 4, 22), "14:00", 45, "chair 7", "Planted-Place"))
    desk.record(acts.visit_booked("C1D1", date(2026, 4, 22), "08:30"), other)
    return desk


@pytest.mark.parametrize("text", ["2026-W17", "2026W17", " 2026-W17 "])
def test_a_week_is_written_in_one_way(text: str) -> None:
    assert week_of(text) == W17
    assert str(W17) == "2026-W17"
    assert W17.monday == date(2026, 4, 20)


@pytest.mark.parametrize(
    "text", ["", "17", "2026-17", "2026-W00", "2026-W54", "2027-W53", "0001-W01", "9999-W52", "2026-W17-1", "２０２６-W17"]
)
def test_what_is_no_week_is_refused(text: str) -> None:
    with pytest.raises(WeekTextError):
        week_of(text)


def test_the_53rd_week_is_there_in_the_years_that_have_it() -> None:
    assert week_of("2026-W53").days()[-1] == date(2027, 1, 3)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sheet_holds_each_visit_of_the_week_on_its_day(ward: Desk, language: PrintLanguage) -> None:
    expected = set()
    with ward.database.reading() as connection:
        from planner.records.changes.view import subject_view
        from planner.records.store.log import subject_keys

        for key in subject_keys(connection):
            for row in subject_view(connection, someone(LATE), key).rows:
                inside = row.effective in W17.days() and row.status not in ("cancelled", "conditional", "on_hold")
                expected |= {(DayNames(language).long_day(row.effective), key.number, row.visit)} if inside and row.effective else set()
    shown = {(day.heading, visit.subject, visit.visit) for day in sheet(ward, language).days for visit in day.visits}
    assert len(expected) >= 3
    assert shown == expected
    text = text_of(pdf_of(ward, language))
    for heading, subject, visit in expected:
        assert squeezed(heading) in text
        assert f"{subject}{visit}" in text


def test_times_come_first_in_their_order(ward: Desk) -> None:
    (wednesday,) = [day for day in sheet(ward).days if day.heading.startswith("Wednesday")]
    times = [visit.time for visit in wednesday.visits]
    assert times[:2] == ["08:30", "14:00"]
    assert [time.fromisoformat(text) for text in times if text] == sorted(time.fromisoformat(text) for text in times if text)


def test_the_resource_is_the_booked_one_else_the_protocols(ward: Desk) -> None:
    visits = {(visit.subject, visit.visit): visit for day in sheet(ward).days for visit in day.visits}
    assert visits["PEK-001", "C3D1"].resource == "chair 7"
    assert visits["SHA-001", "C1D1"].resource == "infusion"
    assert visits["PEK-001", "C3D1"].state == "booked"


def test_a_place_and_an_account_never_reach_the_sheet(ward: Desk) -> None:
    content = every_byte(pdf_of(ward))
    assert b"Planted" not in content
    assert b"nurse" not in content


def test_one_site_shows_only_its_subjects(ward: Desk) -> None:
    shown = {visit.site for day in sheet(ward, site="SHA").days for visit in day.visits}
    assert shown == {"SHA"}
    assert not sheet(ward, site="SHA").shows_site
    assert sheet(ward).shows_site


@pytest.mark.parametrize(("language", "words"), [("en", "booked; treatment is paused"), ("zh-CN", "已预约，治疗暂停中")])
def test_a_visit_booked_inside_a_hold_is_listed_as_paused(ward: Desk, language: PrintLanguage, words: str) -> None:
    ward.record(acts.hold_started(date(2026, 4, 20), reason="toxicity"))
    held = {visit.visit: visit for day in sheet(ward, language).days for visit in day.visits if visit.subject == "PEK-001"}
    assert (held["C3D1"].time, held["C3D1"].state_words) == ("14:00", words)
    assert squeezed(words) in text_of(pdf_of(ward, language))


def test_a_hold_with_a_known_end_leaves_an_estimate_and_one_without_leaves_nothing(desk: Desk) -> None:
    desk.record(acts.hold_started(date(2026, 4, 10), resume=date(2026, 5, 18), reason="toxicity"))
    listed = {visit.visit: visit.state for day in sheet(desk, week=Week(2026, 21)).days for visit in day.visits}
    assert listed["C3D1"] == "held_until"
    desk.record(acts.hold_started(date(2026, 4, 11), reason="toxicity"), on=date(2026, 4, 22))
    every = [week for number in range(14, 53) for week in sheet(desk, week=Week(2026, number)).days]
    assert "C3D1" not in {visit.visit for day in every for visit in day.visits}


def test_a_booked_visit_that_hangs_on_a_decision_is_listed(desk: Desk) -> None:
    desk.record(acts.visit_booked("M1", date(2026, 6, 22), "09:00"))
    listed = {visit.visit: (visit.time, visit.state) for day in sheet(desk, week=Week(2026, 26)).days for visit in day.visits}
    assert listed["M1"] == ("09:00", "depends")
    assert "M2" not in listed


def test_a_week_without_visits_is_a_sheet_too(desk: Desk) -> None:
    empty = sheet(desk, week=Week(2040, 1))
    assert [day.visits for day in empty.days] == [()] * 7
    assert text_of(render_week(empty, None).pdf).count("Novisits.") == 7


def test_a_day_that_passed_unrecorded_is_told_apart(desk: Desk) -> None:
    (visit,) = [visit for day in sheet(desk, week=Week(2026, 16)).days for visit in day.visits if visit.visit == "C3D1"]
    assert (visit.state, visit.state_words) == ("passed", "not recorded yet")


def test_the_day_shown_is_the_one_at_the_sites(desk: Desk) -> None:
    with desk.database.reading() as connection:
        assert shown_day(schedules(connection, someone(LATE))) == LATE
        assert shown_day(schedules(connection, someone(LATE), date(2026, 5, 1))) == date(2026, 5, 1)
    assert shown_day([]) is None
    assert last_moment([]) is None
