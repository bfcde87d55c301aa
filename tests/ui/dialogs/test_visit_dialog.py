"""The dialog of one visit: recorded, missed, booked with foresight, without an activity, corrected; refused, and in somebody's way."""

from datetime import date, timedelta

import pytest

from planner.records.changes import acts
from planner.records.facts.kinds import Kind
from planner.records.people.administration import append_administration, set_site_capacity, settings_to_change
from planner.records.store.database import open_database
from tests.ui.clock import MOMENT
from tests.ui.dialogs.dialog_screens import NURSE, can_save, dialog, enter_day, give_reason, grant, key, press, row, view, write
from tests.ui.dialogs.visit_screens import acts_offered, choose_act, last_facts, take, visit_dialog
from tests.ui.screens import texts

TODAY = MOMENT.date()
DUE = ("crlm/BEI-016", "FU2")
"""Its window is open, its day is today."""
OVERDUE = ("ulrrc/BEI-018", "M10")
BOOKED = ("ulrrc/BEI-004", "C3D1")
"""On Monday 7 December; three cycles and more hang on it."""
DONE = ("ulrrc/BEI-004", "C2D1")


def test_a_visit_is_recorded_as_done_on_its_day(demo_screens: str) -> None:
    at = visit_dialog(*DUE, "done")
    assert acts_offered(at) == ["Record done", "Missed", "Book or move", "Not done at this visit"]
    assert at.date_input(key=key("done day")).value == TODAY
    press(at, "change.save")
    assert row(demo_screens, *DUE).status == "done"
    assert "Saved crlm/BEI-016: FU2 done on Fri 20 Nov 2026" in texts(at).replace("\\", "")


@pytest.mark.parametrize(("button", "day"), [("planned", date(2026, 10, 13)), ("today", TODAY)])
def test_no_day_stands_there_that_nobody_said_and_the_likely_ones_are_one_press(demo_screens: str, button: str, day: date) -> None:
    at = visit_dialog(*OVERDUE, "done")
    assert at.date_input(key=key("done day")).value is None
    assert not can_save(at)
    assert at.button(key=key("done day.planned")).label == "On its booked day, Tue 13 Oct 2026"
    press(at, f"done day.{button}")
    assert at.date_input(key=key("done day")).value == day
    press(at, "change.save")
    done = row(demo_screens, *OVERDUE)
    assert (done.status, done.effective) == ("done", day)


def test_a_visit_still_to_come_was_not_done_on_its_day(demo_screens: str) -> None:
    at = visit_dialog(*BOOKED, "done")
    assert at.date_input(key=key("done day")).value is None
    assert not any(button.key == key("done day.planned") for button in at.button)
    assert at.button(key=key("done day.today"))


def test_routine_care_is_asked_of_a_day_before_the_consent(demo_screens: str) -> None:
    at = visit_dialog("ulrrc/BEI-018", "FU3", "done")

    def is_asked() -> bool:
        return any(box.key == key("routine care") for box in at.checkbox)

    assert not is_asked()
    consent = view(demo_screens, "ulrrc/BEI-018").state.facts.milestones["CONSENT"]
    for day, asked in ((consent + timedelta(days=-1), True), (consent, False), (TODAY, False)):
        enter_day(at, "done day", day)
        assert is_asked() == asked, day


def test_a_day_outside_the_window_is_told_before_it_is_saved(demo_screens: str) -> None:
    at = visit_dialog(*OVERDUE, "done")
    enter_day(at, "done day", TODAY)
    assert "after its window ends" in texts(at)
    press(at, "change.save")
    assert row(demo_screens, *OVERDUE).effective == TODAY


def test_what_was_not_done_is_recorded_with_it(demo_screens: str) -> None:
    at = visit_dialog("ulrrc/BEI-036", "C4D1", "done", seen=None)
    enter_day(at, "done day", TODAY)
    at.multiselect(key=key("omitted")).set_value(["PD1"]).run()
    assert "not done: PD-1" in texts(at)
    press(at, "change.save")
    done, omitted = last_facts(demo_screens, "ulrrc/BEI-036", 2)
    assert (done.kind, omitted.kind, omitted.said.value) == (Kind.VISIT_DONE, Kind.ACTIVITY_OMITTED, "PD1")


def test_a_missed_visit_needs_a_reason(demo_screens: str) -> None:
    at = visit_dialog(*OVERDUE, "missed")
    assert not can_save(at)
    assert "To save, choose the reason." in texts(at)
    give_reason(at, "no_show")
    press(at, "change.save")
    assert row(demo_screens, *OVERDUE).status == "missed"
    (fact,) = last_facts(demo_screens, OVERDUE[0], 1)
    assert fact.said.reason == "no_show"


def test_a_move_is_foreseen_and_shown_before_and_after(demo_screens: str) -> None:
    at = visit_dialog(*BOOKED, "book")
    assert "Best: Mon 7 Dec 2026 (its planned day, 21 days after C2D1)" in texts(at)
    assert not can_save(at), "nothing is different yet"
    take(at, date(2026, 12, 8))
    shown = texts(at)
    assert (
        "Tuesday 8 December 2026: open day, in its window, breaks no interval that the protocol file checks, 22 days after C2D1, "
        "4 other visits move" in shown
    )
    assert "6 visits change" in shown
    at.text_input(key=key("at")).set_value("9:15").run()
    press(at, "change.save")
    moved = row(demo_screens, *BOOKED)
    assert (moved.effective, f"{moved.booked_at:%H:%M}", moved.certainty) == (date(2026, 12, 8), "09:15", "booked")


def test_a_day_that_breaks_a_rule_can_be_chosen_and_says_so(demo_screens: str) -> None:
    at = visit_dialog(*BOOKED, "book")
    take(at, date(2026, 11, 30))
    assert "✗ Monday 30 November 2026: open day, outside its window, breaks: " in texts(at)
    press(at, "change.save")
    assert row(demo_screens, *BOOKED).effective == date(2026, 11, 30)


def test_the_best_day_is_one_press(demo_screens: str) -> None:
    at = visit_dialog(*BOOKED, "book")
    take(at, date(2026, 12, 10))
    press(at, "foresight.best")
    assert at.date_input(key=key("day")).value == date(2026, 12, 7)


def test_an_overdue_visit_is_booked_from_today_on(demo_screens: str) -> None:
    at = visit_dialog(*OVERDUE, "book")
    assert "Best: Fri 20 Nov 2026 (outside its window" in texts(at)
    press(at, "foresight.best")
    press(at, "change.save")
    assert row(demo_screens, *OVERDUE).effective == TODAY


def test_how_much_room_is_left_is_said_where_it_is_known(demo_screens: str) -> None:
    with open_database(demo_screens).writing() as connection:
        append_administration(connection, NURSE, [set_site_capacity(settings_to_change(connection, NURSE), "BEI", "infusion", 1)])
    at = visit_dialog(*BOOKED, "book")
    assert "no place left: 1 come, room for 1" in texts(at)
    assert "Best: Mon 7 Dec 2026 (no place left: 1 come, room for 1)" in texts(at), "no other day of the window does better"


def test_a_start_is_moved_with_a_reason_and_everything_with_it(demo_screens: str) -> None:
    at = visit_dialog("crlm/NYC-005", "C1D1", "book")
    assert acts_offered(at)[:2] == ["Record done", "Book or move"], "a start is not missed"
    take(at, date(2026, 11, 30))
    assert "other visits move" in texts(at)
    assert not can_save(at)
    give_reason(at, "no_slot")
    press(at, "change.save")
    assert view(demo_screens, "crlm/NYC-005").state.facts.start == date(2026, 11, 30)
    assert row(demo_screens, "crlm/NYC-005", "C1D1").effective == date(2026, 11, 30), "its booking goes with it"
    assert [fact.kind for fact in last_facts(demo_screens, "crlm/NYC-005", 2)] == [Kind.START_MOVED, Kind.BOOKED]


def test_an_activity_is_left_out_and_brought_back(demo_screens: str) -> None:
    at = visit_dialog(*BOOKED, "omit")
    assert not can_save(at)
    at.multiselect(key=key("omitted")).set_value(["PD1"]).run()
    press(at, "change.save")
    assert "PD1" not in row(demo_screens, *BOOKED).activities
    at = visit_dialog(*BOOKED, "omit")
    at.multiselect(key=key("omitted")).set_value([]).run()
    assert not can_save(at), "bringing it back corrects the record"
    give_reason(at, "transcription_error")
    press(at, "change.save")
    assert "PD1" in row(demo_screens, *BOOKED).activities


def test_a_booking_is_released(demo_screens: str) -> None:
    at = visit_dialog(*BOOKED, "release")
    press(at, "change.save")
    assert row(demo_screens, *BOOKED).certainty != "booked"
    assert "Release booking" not in acts_offered(visit_dialog(*BOOKED))


def test_a_correction_asks_why_and_keeps_what_was_recorded(demo_screens: str) -> None:
    at = visit_dialog(*DONE, "done")
    assert acts_offered(at) == ["Record done", "Missed", "Not done at this visit"]
    enter_day(at, "done day", date(2026, 11, 17))
    assert not can_save(at)
    give_reason(at, "source_checked")
    press(at, "change.save")
    (fact,) = last_facts(demo_screens, DONE[0], 1)
    assert (fact.kind, fact.said.day, fact.said.reason) == (Kind.VISIT_DONE, date(2026, 11, 17), "source_checked")
    assert fact.said.replaces is not None


def test_done_becomes_missed_and_missed_becomes_done(demo_screens: str) -> None:
    at = choose_act(visit_dialog(*DONE), "missed")
    give_reason(at, "wrong_subject")
    press(at, "change.save")
    assert row(demo_screens, *DONE).status == "missed"
    at = visit_dialog(*DONE, "done")
    enter_day(at, "done day", date(2026, 11, 16))
    give_reason(at, "transcription_error")
    press(at, "change.save")
    assert row(demo_screens, *DONE).status == "done"


def test_what_is_recorded_already_is_not_written_twice(demo_screens: str) -> None:
    at = visit_dialog(*DONE, "done")
    give_reason(at, "source_checked")
    assert "This is recorded already" in texts(at)
    assert not can_save(at)


def test_a_refusal_says_why_and_keeps_what_was_typed(demo_screens: str) -> None:
    at = visit_dialog(*DUE, "done")
    tomorrow = TODAY + timedelta(days=1)
    enter_day(at, "done day", tomorrow)
    at.text_area(key=key("change.note")).set_value("bus was late").run()
    assert "is after Fri 20 Nov 2026" in texts(at)
    assert not can_save(at)
    assert at.date_input(key=key("done day")).value == tomorrow
    assert at.text_area(key=key("change.note")).value == "bus was late"


@pytest.mark.parametrize("written", ["9h", "25:00"])
def test_a_time_that_is_none_is_refused_in_words(demo_screens: str, written: str) -> None:
    at = visit_dialog(*BOOKED, "book")
    at.text_input(key=key("at")).set_value(written).run()
    assert "written HH:MM" in texts(at).replace("\\", "")


def test_somebody_elses_change_is_told_and_nothing_typed_is_lost(demo_screens: str) -> None:
    at = visit_dialog(*BOOKED, "book")
    take(at, date(2026, 12, 9))
    at.text_input(key=key("place")).set_value("Ward 4").run()
    write(demo_screens, BOOKED[0], *acts.visit_booked("C3D1", date(2026, 12, 10), "08:00"))
    press(at, "change.save")
    assert row(demo_screens, *BOOKED).effective == date(2026, 12, 10), "the other one's booking stands until this is looked at"
    at.run()
    assert (at.date_input(key=key("day")).value, at.text_input(key=key("place")).value) == (date(2026, 12, 9), "Ward 4")
    press(at, "change.again")
    assert "Wed 9 Dec 2026" in texts(at)
    press(at, "change.save")
    assert row(demo_screens, *BOOKED).effective == date(2026, 12, 9)
    assert last_facts(demo_screens, BOOKED[0], 1)[0].said.details["place"] == "Ward 4"


def test_what_the_page_had_not_seen_is_told(demo_screens: str) -> None:
    at = visit_dialog(*DUE, "done", seen=view(demo_screens, DUE[0]).revision - 1)
    assert not can_save(at)
    press(at, "change.again")
    assert can_save(at)


def test_a_reader_is_told_who_may(demo_screens: str) -> None:
    grant(demo_screens, "nurse1", "reader")
    at = visit_dialog(*DUE, "done")
    assert "may not record visits" in texts(at)
    assert not can_save(at)


@pytest.mark.parametrize(
    ("subject", "visit", "said"),
    [("ulrrc/BEI-004", "CONTRA", "This is a reminder"), ("ulrrc/BEI-004", "C19D1", "has no visit C19D1 any more")],
)
def test_where_there_is_nothing_to_record_it_says_so(demo_screens: str, subject: str, visit: str, said: str) -> None:
    assert said in texts(visit_dialog(subject, visit))


def test_a_decision_to_be_taken_at_the_visit_is_one_press_away(demo_screens: str) -> None:
    at = visit_dialog("ulrrc/NYC-009", "MDT")
    press(at, "decision.management")
    assert at.session_state["dialogs.open"].name == "decision"


def test_what_is_decided_is_not_offered_to_a_nurse(demo_screens: str) -> None:
    grant(demo_screens, "nurse1", "nurse")
    at = visit_dialog("ulrrc/NYC-009", "MDT")
    assert acts_offered(at)
    assert not any(button.key == key("decision.management") for button in at.button)


def test_it_speaks_chinese(demo_screens: str) -> None:
    at = visit_dialog(*BOOKED, "book", language="zh-CN")
    assert "最佳：" in texts(at)
    assert "在窗口期内" in texts(at)


def test_an_unscheduled_visit_with_a_dose(demo_screens: str) -> None:
    at = dialog("unscheduled", BOOKED[0])
    assert at.date_input(key=key("day")).value is None
    enter_day(at, "day", date(2026, 11, 18))
    at.selectbox(key=key("stream")).set_value("pd1").run()
    press(at, "change.save")
    (fact,) = last_facts(demo_screens, BOOKED[0], 1)
    assert (fact.kind, fact.said.day, fact.said.item) == (Kind.UNSCHEDULED_VISIT, date(2026, 11, 18), "pd1")
