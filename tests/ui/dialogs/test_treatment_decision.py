"""The dialog of a decision: its choices side by side, saved, taken back, corrected and refused."""

from datetime import date

from planner.records.changes.acts import decision_made, noted
from planner.records.facts.kinds import Kind
from tests.ui.dialogs.dialog_screens import can_save, dialog, enter_day, give_reason, grant, key, press, row, said, view, write

BEFORE_MDT = "ulrrc/NYC-009"
"""Its tumour board is due, and nothing is decided."""
BOOKED_AFTER = "ulrrc/BEI-023"
"""Its tumour board is due; the safety visit 30 days after the last dose is booked."""
WATCHED = "crlm/NYC-020"
"""Its tumour board is overdue; two decisions are taken at it."""


def test_the_branches_stand_side_by_side_before_one_is_chosen(demo_screens: str) -> None:
    at = dialog("decision", BEFORE_MDT, entry="management")
    shown = said(at)
    assert "Opens 3 visits: Surgery, 30 days after surgery, 90 days after surgery." in shown
    assert "Maintenance 1 to Maintenance" in shown
    assert "Ends the study for this subject." in shown
    assert '<th scope="col">Surgery</th><th scope="col">Maintenance</th>' in shown
    assert "SURG: Surgery" in shown
    assert not can_save(at)


def test_a_choice_is_shown_before_and_after_then_saved_and_taken_back_by_one_press(demo_screens: str) -> None:
    assert row(demo_screens, BEFORE_MDT, "SURG").status == "conditional"
    at = press(dialog("decision", BEFORE_MDT, entry="management"), "choice.management.surgery")
    assert "Choose the date on which it was decided." in said(at)
    assert not can_save(at)
    press(at, "day.management.planned")
    assert "depends on a decision → planned" in said(at)
    press(at, "change.save")
    assert row(demo_screens, BEFORE_MDT, "SURG").status == "upcoming"
    assert row(demo_screens, BEFORE_MDT, "MDT").status == "done"
    assert "dialogs.open" not in at.session_state
    at.button(key="notice.undo").click().run()
    assert row(demo_screens, BEFORE_MDT, "SURG").status == "conditional"


def test_the_day_decides_what_is_shown_and_written(demo_screens: str) -> None:
    at = dialog("decision", BEFORE_MDT, entry="management")
    assert at.date_input(key=key("day.management")).value is None
    press(at, "day.management.planned")
    assert at.date_input(key=key("day.management")).value == row(demo_screens, BEFORE_MDT, "MDT").effective
    enter_day(at, "day.management", date(2026, 11, 19))
    press(press(at, "choice.management.maintenance"), "change.save")
    assert view(demo_screens, BEFORE_MDT).state.facts.decisions["management"].day == date(2026, 11, 19)


def test_what_a_choice_needs_is_asked_for_and_saved_with_it(demo_screens: str) -> None:
    at = press(dialog("decision", WATCHED, entry="management"), "choice.management.watch_and_wait")
    assert at.selectbox(key=key("required.watch_and_wait.response")).label == "Watch and wait also needs: Response"
    assert not can_save(at)
    at.selectbox(key=key("required.watch_and_wait.response")).set_value("cCR").run()
    press(at, "day.management.planned")
    press(at, "change.save")
    decided = view(demo_screens, WATCHED).state.facts.decisions
    assert {name: made.choice for name, made in decided.items()} == {"response": "cCR", "management": "watch_and_wait"}


def test_a_decision_that_moves_nothing_says_what_it_makes_possible(demo_screens: str) -> None:
    shown = said(dialog("decision", WATCHED, entry="response"))
    assert "No visit depends on this by itself." in shown
    assert "Makes possible: Watch and wait." in shown


def test_a_booking_that_a_choice_makes_senseless_is_told_of_and_marked(demo_screens: str) -> None:
    at = dialog("decision", BOOKED_AFTER, entry="management")
    shown = said(at)
    told = "SFU30 is booked on Fri 18 Dec 2026, then outside its window (Fri 24 Dec 2027 to Fri 7 Jan 2028): rebook it."
    assert {str(each.value).count(told) for each in at.markdown if "rebook it" in str(each.value)} == {1}
    assert "<td>Fri 18 Dec 2026</td><td>Fri 18 Dec 2026, booked, then outside its window</td>" in shown
    # Under surgery the booking stays what it is, and nothing is said of it.
    first = next(str(each.value) for each in at.markdown if "Opens 3 visits" in str(each.value))
    assert "SFU30" not in first


def test_a_choice_ruled_out_by_another_decision_says_so(demo_screens: str) -> None:
    write(demo_screens, WATCHED, *decision_made("response", "non-CR", date(2026, 11, 4)))
    at = dialog("decision", WATCHED, entry="management")
    assert "Not possible: Response is recorded as No complete response." in said(at)


def test_a_recorded_decision_is_corrected_with_a_reason(demo_screens: str) -> None:
    write(demo_screens, BEFORE_MDT, *decision_made("management", "surgery", date(2026, 11, 16)))
    at = press(dialog("decision", BEFORE_MDT, entry="management"), "choice.management.maintenance")
    assert "On record as fact" in str([info.value for info in at.info])
    assert not can_save(at)
    press(give_reason(at, "transcription_error"), "change.save")
    assert view(demo_screens, BEFORE_MDT).state.facts.decisions["management"].choice == "maintenance"


def test_somebody_else_was_quicker_and_nothing_typed_is_lost(demo_screens: str) -> None:
    seen = view(demo_screens, BEFORE_MDT).revision
    write(demo_screens, BEFORE_MDT, *noted("seen by the second reader"))
    at = press(dialog("decision", BEFORE_MDT, entry="management", seen=seen), "choice.management.surgery")
    press(at, "day.management.planned")
    at.text_area(key=key("change.note")).set_value("as the board wrote").run()
    assert not can_save(at)
    press(at, "change.again")
    assert at.text_area(key=key("change.note")).value == "as the board wrote"
    press(at, "change.save")
    assert [fact.said.note for fact in view(demo_screens, BEFORE_MDT).facts if fact.kind is Kind.DECISION_MADE] == ["as the board wrote"]


def test_what_was_written_while_a_dialog_from_a_list_was_open_is_told(demo_screens: str) -> None:
    at = press(dialog("decision", BEFORE_MDT, entry="management"), "choice.management.surgery")
    press(at, "day.management.planned")
    write(demo_screens, BEFORE_MDT, *noted("seen by the second reader"))
    press(at, "change.save")
    assert "management" not in view(demo_screens, BEFORE_MDT).state.facts.decisions
    assert any(button.key == key("change.again") for button in at.button)


def test_a_nurse_may_not_decide_and_is_told_who_may(demo_screens: str) -> None:
    grant(demo_screens, "nurse1", "nurse")
    at = dialog("decision", BEFORE_MDT, entry="management")
    assert "may not record decisions" in at.error[0].value
    assert not can_save(at)
    assert any(button.key == key("close") for button in at.button)


def test_without_a_name_the_open_decisions_are_offered_first(demo_screens: str) -> None:
    write(demo_screens, WATCHED, *decision_made("response", "cCR", date(2026, 11, 4)))
    at = dialog("decision", WATCHED)
    assert at.selectbox(key=key("decision")).value == "management"


def test_in_chinese(demo_screens: str) -> None:
    at = press(dialog("decision", BEFORE_MDT, entry="management", language="zh-CN"), "choice.management.surgery")
    press(at, "day.management.today")
    shown = said(at)
    assert "手术" in shown
    assert "Opens" not in shown and "Choose" not in shown
    assert at.button(key=key("change.save")).label == "保存决策"


def test_a_date_that_is_taken_out_is_taken_out(demo_screens: str) -> None:
    write(demo_screens, BEFORE_MDT, *decision_made("management", "surgery", date(2026, 11, 16)))
    at = enter_day(dialog("decision", BEFORE_MDT, entry="management"), "day.management", None)
    press(give_reason(at, "transcription_error"), "change.save")
    made = view(demo_screens, BEFORE_MDT).state.facts.decisions["management"]
    assert (made.choice, made.day) == ("surgery", None)
