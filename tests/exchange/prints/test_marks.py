"""What changed since an earlier print, as it is marked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest

from planner.exchange.prints.day_names import DayNames, PrintLanguage
from planner.exchange.prints.marks import change_text, gone_text
from planner.exchange.prints.shown import ShownActivity, ShownVisit
from planner.exchange.prints.words import print_words
from planner.records.changes import acts
from planner.records.changes.undoing import undone_last_act
from planner.records.history.changes import NoSuchRevisionError
from planner.records.store.database import open_database
from tests.exchange.prints.making import LANGUAGES, found, note_printed, rendered
from tests.exchange.prints.reading import squeezed, text_of
from tests.records.desk import LATE, Desk

DAY, NEXT = date(2026, 4, 17), date(2026, 4, 20)
BLOOD = ShownActivity("SAFE", "Blood test", "Do not eat before it.", "")
PLANNED: dict[str, Any] = {
    "visit": "C3D1",
    "name": "Cycle 3",
    "kind": "clinic",
    "state": "planned",
    "day": DAY,
    "at": None,
    "window": (date(2026, 4, 15), date(2026, 4, 21)),
    "allowed": (date(2026, 4, 15), date(2026, 4, 21)),
    "is_booked": False,
    "activities": (BLOOD,),
}
BOOKED = {**PLANNED, "state": "booked", "is_booked": True, "window": None, "allowed": None}
DONE = {**PLANNED, "state": "done", "window": None, "allowed": None}
MISSED = {**DONE, "state": "missed"}
HELD = {**PLANNED, "state": "on_hold", "day": None, "window": None, "allowed": None}
HELD_UNTIL = {**PLANNED, "state": "held_until", "window": None, "allowed": None}
HELD_BOOKED = {**BOOKED, "state": "held_booked"}


def told(before: dict[str, Any] | None, after: dict[str, Any]) -> str | None:
    return change_text(None if before is None else ShownVisit(**before), ShownVisit(**after), print_words("en"), DayNames("en"))


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        (None, PLANNED, "new"),
        (PLANNED, PLANNED, None),
        (PLANNED, {**PLANNED, "day": NEXT}, "was 17 April 2026"),
        ({**BOOKED, "at": time(9, 30)}, {**BOOKED, "day": NEXT}, "was 17 April 2026, 09:30"),
        ({**BOOKED, "at": time(9, 30)}, {**PLANNED, "day": NEXT}, "was 17 April 2026, 09:30; no longer booked"),
        (PLANNED, DONE, "now done"),
        (PLANNED, {**DONE, "day": NEXT}, "now done; was 17 April 2026"),
        (PLANNED, MISSED, "changed"),
        (DONE, PLANNED, "was shown as done"),
        (DONE, BOOKED, "was shown as done"),
        (DONE, MISSED, "was shown as done"),
        (MISSED, PLANNED, "was shown as not having taken place"),
        (MISSED, BOOKED, "was shown as not having taken place"),
        (PLANNED, HELD, "now paused; was 17 April 2026"),
        (HELD, PLANNED, "was paused; had no date before"),
        (HELD_UNTIL, PLANNED, "was paused"),
        (HELD_BOOKED, BOOKED, "was paused"),
        (BOOKED, HELD_BOOKED, "now paused"),
        (HELD_BOOKED, {**BOOKED, "state": "passed"}, None),
        (PLANNED, {**PLANNED, "state": "passed"}, None),
        (PLANNED, {**PLANNED, "state": "moving"}, "now an estimate"),
        ({**PLANNED, "state": "moving"}, PLANNED, None),
        ({**BOOKED, "state": "depends"}, BOOKED, "changed"),
        (PLANNED, BOOKED, "now booked"),
        (BOOKED, PLANNED, "no longer booked"),
        (BOOKED, {**BOOKED, "at": time(9, 30)}, "time is new"),
        ({**BOOKED, "at": time(9, 30)}, {**BOOKED, "at": time(10)}, "time was 09:30"),
        ({**BOOKED, "at": time(9, 30)}, BOOKED, "time was 09:30"),
        (PLANNED, {**PLANNED, "window": (DAY, NEXT), "allowed": (DAY, NEXT)}, "possible days were 15 to 21 April 2026"),
        ({**PLANNED, "window": None, "allowed": None}, PLANNED, "possible days are new"),
        (PLANNED, {**PLANNED, "window": (DAY, date(2026, 4, 21))}, None),
        (PLANNED, {**PLANNED, "activities": ()}, "preparation changed"),
        (PLANNED, {**PLANNED, "activities": (replace(BLOOD, bring="A list."),)}, "preparation changed"),
        (PLANNED, {**PLANNED, "activities": (BLOOD, ShownActivity("X", "Weight", "", ""))}, "what is done has changed"),
        (PLANNED, {**PLANNED, "kind": "phone"}, "changed"),
        (DONE, {**DONE, "activities": ()}, None),
    ],
)
def test_a_change_is_told_as_a_patient_sees_it(before: dict[str, Any] | None, after: dict[str, Any], text: str | None) -> None:
    assert told(before, after) == text


def test_a_visit_that_is_gone_is_named_with_the_date_it_had() -> None:
    words, days = print_words("en"), DayNames("en")
    assert gone_text(ShownVisit(**PLANNED), words, days) == "C3D1 Cycle 3 (was 17 April 2026)"
    assert gone_text(ShownVisit(**HELD), words, days) == "C3D1 Cycle 3"


def changes(desk: Desk, on: date, language: PrintLanguage = "en") -> dict[str, str]:
    """What is marked on the print of that day, by visit; the sentence above must agree."""
    data = found(desk, language, on=on).data
    marked = {line.visit: line.change for line in (*data.to_come, *data.so_far) if line.change}
    said = {"en": ("no date has changed", "marked ▲"), "zh-CN": ("日期没有变化", "标有▲")}[language]
    assert (said[0] in data.compared) == (not marked and not data.gone)
    assert (said[1] in data.compared) == bool(marked)
    return marked


def take_back(desk: Desk, on: date) -> None:
    desk.record(undone_last_act(desk.facts(), reason="wrong_subject"), on=on)


@pytest.mark.parametrize(("language", "text"), [("en", "was shown as not having taken place"), ("zh-CN", "原标为未进行")])
def test_a_missed_visit_that_comes_back_on_its_date_is_marked(desk: Desk, language: PrintLanguage, text: str) -> None:
    desk.record(acts.visit_missed("C3D1", reason="toxicity"), on=date(2026, 4, 2))
    note_printed(desk, date(2026, 4, 2))
    take_back(desk, date(2026, 4, 3))
    assert changes(desk, date(2026, 4, 3), language)["C3D1"] == text


def test_a_visit_done_by_the_wrong_subject_that_comes_back_is_marked(desk: Desk) -> None:
    desk.record(acts.visit_done("C3D1", DAY), on=DAY)
    note_printed(desk, DAY)
    take_back(desk, DAY)
    assert changes(desk, DAY)["C3D1"] == "was shown as done"


def test_a_hold_that_ended_by_the_clock_is_marked_and_looked_at_as_it_was_printed(desk: Desk) -> None:
    desk.record(acts.hold_started(date(2026, 4, 10), resume=date(2026, 5, 18), reason="toxicity"), on=date(2026, 4, 2))
    note_printed(desk, date(2026, 4, 12))
    assert changes(desk, date(2026, 5, 18)) == {"C3D1": "was paused"}, "the same revision, printed on an earlier day"
    desk.record(acts.noted("Called."), on=date(2026, 5, 10))
    assert changes(desk, date(2026, 5, 18)) == {"C3D1": "was paused"}


def test_a_cancelled_visit_that_comes_back_is_marked(desk: Desk) -> None:
    desk.record(acts.treatment_stopped(date(2026, 4, 5), reason="toxicity"), on=date(2026, 4, 5))
    note_printed(desk, date(2026, 4, 5))
    take_back(desk, date(2026, 4, 6))
    assert changes(desk, date(2026, 4, 6))["C3D1"] == "new"


def test_an_activity_that_is_left_out_is_marked(desk: Desk) -> None:
    note_printed(desk, date(2026, 4, 2))
    desk.record(acts.activities_omitted("C3D1", ["PD1"], reason="toxicity"), on=date(2026, 4, 3))
    assert changes(desk, date(2026, 4, 3)) == {"C3D1": "preparation changed"}


def test_against_a_state_without_an_enrolment_every_visit_is_new(sqlite_url: str) -> None:
    database = open_database(sqlite_url)
    desk = Desk.opened(database)
    desk.enrol()
    desk.record(undone_last_act(desk.facts(), reason="wrong_subject"), on=date(2026, 2, 26))
    revision = desk.facts()[-1].number
    desk.enrol()
    data = found(desk, since=revision, on=date(2026, 2, 26)).data
    assert f"Compared with revision {revision} of 26 February 2026:" in data.compared
    assert {line.change for line in (*data.to_come, *data.so_far)} == {"new"}
    database.close()


@pytest.mark.parametrize("since", [0, 99])
def test_a_revision_that_there_is_not_is_refused(desk: Desk, since: int) -> None:
    with pytest.raises(NoSuchRevisionError, match=f"not {since}"):
        found(desk, since=since)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_late_visit_marks_what_it_moves(desk: Desk, language: PrintLanguage) -> None:
    before = desk.rows()
    revision = note_printed(desk, LATE)
    assert not found(desk, language).data.gone
    desk.record_done({"C3D1": "2026-04-24"}, on=date(2026, 4, 24))
    after = desk.rows(on=date(2026, 4, 24))
    moved = {visit for visit, row in after.items() if visit in before and row.effective != before[visit].effective}
    moved = {visit for visit in moved | {"C3D1"} if after[visit].status not in ("cancelled", "conditional")}
    moved -= {"CONTRA"}  # No date stands on a print before it is settled.
    assert "C4D1" in moved
    data = found(desk, language, on=date(2026, 4, 24)).data
    marked = {line.visit for line in (*data.to_come, *data.so_far) if line.change}
    assert marked == moved
    in_months = {visit.visit for month in data.months for week in month.weeks for cell in week for visit in cell.visits if visit.is_changed}
    assert in_months == {visit for visit in moved if (after[visit].effective or LATE) >= date(2026, 4, 1)}
    text = text_of(rendered(desk, language, on=date(2026, 4, 24)).pdf)
    was = before["C4D1"].effective
    assert was is not None
    assert squeezed(f"▲ {print_words(language).said('was', day=DayNames(language).day(was))}") in text
    assert squeezed(DayNames(language).day(LATE)) in text, "the day of the print that it is compared with"
    assert str(revision) in text


def test_a_second_print_of_the_same_revision_is_the_same(desk: Desk) -> None:
    note_printed(desk, LATE)
    desk.record_done({"C3D1": "2026-04-24"}, on=date(2026, 4, 24))
    first = rendered(desk, on=date(2026, 4, 24)).pdf
    note_printed(desk, date(2026, 4, 24))
    assert rendered(desk, on=date(2026, 4, 24)).pdf == first


def test_a_first_print_again_on_the_same_day_has_no_earlier_one(desk: Desk) -> None:
    first = rendered(desk).pdf
    note_printed(desk, LATE)
    assert rendered(desk).pdf == first
    assert "no date has changed" in found(desk, on=date(2026, 4, 22)).data.compared


def test_visits_that_are_gone_are_named(desk: Desk) -> None:
    note_printed(desk, LATE)
    planned = desk.rows()["C4D1"].effective
    desk.record(acts.treatment_stopped(date(2026, 4, 21), reason="toxicity"))
    data = found(desk).data
    assert planned is not None
    assert f"C4D1 Cycle 4 day 1 (was {DayNames('en').day(planned)})" in data.gone
    assert squeezed(data.gone[0]) in text_of(rendered(desk).pdf)


def test_changes_since_a_revision_that_was_not_printed(desk: Desk) -> None:
    revision = desk.view().revision
    desk.record_done({"C3D1": "2026-04-24"}, on=date(2026, 4, 24))
    data = found(desk, on=date(2026, 4, 24), since=revision).data
    assert f"Compared with revision {revision} of 28 March 2026:" in data.compared
    assert any(line.change for line in data.to_come)


def test_no_earlier_print_is_said(desk: Desk) -> None:
    assert found(desk).data.compared == "There is no earlier print to compare with."


def test_nothing_changed_is_said(desk: Desk) -> None:
    note_printed(desk, LATE)
    desk.record(acts.noted("Called."))
    assert found(desk).data.compared.endswith("no date has changed.")
