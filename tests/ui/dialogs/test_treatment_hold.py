"""Holding and resuming: to move or to miss, side by side, saved, and refused."""

from datetime import date

from streamlit.testing.v1 import AppTest

from planner.records.changes.acts import hold_started
from planner.records.changes.standing import open_holds
from planner.records.facts.kinds import Kind
from tests.ui.dialogs.dialog_screens import can_save, dialog, enter_day, give_reason, grant, key, press, resume_on, row, said, view, write

TREATED = "ulrrc/BEI-036"
"""In chemotherapy; the next cycle is on 27 November."""
ON_HOLD = "ulrrc/NYC-018"
"""All drugs held since 16 October, with no end."""
FINISHED = "ulrrc/BEI-031"
"""In follow-up: no dose is left."""
FIRST, RESUME = date(2026, 11, 23), date(2026, 12, 14)


def test_to_move_and_to_miss_stand_side_by_side(demo_screens: str) -> None:
    shown = said(_hold_until_known())
    assert "by up to" in shown
    assert "waits" not in shown
    assert "Next dose: Mon 14 Dec 2026 (C4D1)." in shown
    assert "is missed: C4D1" in shown or "are missed: C4D1" in shown
    assert '<th scope="col">As it is now</th><th scope="col">Move the visits</th><th scope="col">Miss the visits</th>' in shown
    assert "Fri 27 Nov 2026, missed" in shown


def test_a_hold_that_moves_is_saved(demo_screens: str) -> None:
    at = press(_hold_until_known(), "mode.shift")
    assert not can_save(at)
    press(give_reason(at, "toxicity"), "change.save")
    assert row(demo_screens, TREATED, "C4D1").effective == RESUME


def test_a_hold_that_misses_is_saved(demo_screens: str) -> None:
    press(give_reason(press(_hold_until_known(), "mode.skip"), "toxicity"), "change.save")
    assert row(demo_screens, TREATED, "C4D1").status == "missed"


def test_what_is_shown_before_the_choice_is_what_is_written(demo_screens: str) -> None:
    at = _hold_until_known()
    shown = said(at)
    press(give_reason(press(at, "mode.shift"), "toxicity"), "change.save")
    after = row(demo_screens, TREATED, "C5D1")
    assert after.effective is not None
    assert f"{after.effective:%a} {after.effective.day} {after.effective:%b} {after.effective.year}" in shown


def test_a_hold_without_an_end_asks_later(demo_screens: str) -> None:
    at = dialog("hold", TREATED)
    assert "you choose whether they move to the resume day or are missed" in str([info.value for info in at.info])
    press(give_reason(at, "toxicity"), "change.save")
    assert row(demo_screens, TREATED, "C4D1").status == "on_hold"


def test_one_stream_of_a_shared_visit_is_left_out(demo_screens: str) -> None:
    at = enter_day(enter_day(dialog("hold", TREATED, entry="pd1"), "from", FIRST), "until", RESUME)
    assert at.radio(key=key("stream")).value == "pd1"
    assert "1 visit takes place without PD-1 antibody: C4D1." in said(at)
    assert not [button for button in at.button if button.key and button.key.startswith(key("mode"))]
    press(give_reason(at, "toxicity"), "change.save")
    after = row(demo_screens, TREATED, "C4D1")
    assert (after.status, after.effective, "PD1" in after.activities) == ("upcoming", date(2026, 11, 27), False)


def test_a_resume_day_before_the_hold_is_refused_and_what_was_entered_stays(demo_screens: str) -> None:
    at = enter_day(enter_day(dialog("hold", TREATED), "from", RESUME), "until", FIRST)
    assert at.error[0].value == "Treatment can be given again only after the first day without it. Check both days."
    assert at.date_input(key=key("from")).value == RESUME
    assert not can_save(at)


def test_radiotherapy_is_no_drug_and_what_is_over_is_not_offered(demo_screens: str) -> None:
    options = dialog("hold", TREATED).radio(key=key("stream")).options
    assert options[0] == "All drugs (Chemotherapy, PD-1 antibody, Maintenance drug)"
    assert "Surgery" in options
    assert not any("SBRT" in option for option in options)


def test_nothing_left_to_hold(demo_screens: str) -> None:
    at = dialog("hold", FINISHED)
    assert "No dose is left to give" in at.info[0].value


def test_treatment_resumes_as_it_was_held(demo_screens: str) -> None:
    at = dialog("resume", ON_HOLD)
    assert "all drugs held from Fri 16 Oct 2026" in said(at)
    assert at.button(key=key(_mode(demo_screens, "shift"))).label == "Chosen: Move the visits"
    press(resume_on(at, date(2026, 11, 24)), "change.save")
    # The pump would have to be taken off on Thanksgiving, so the next day it is.
    assert row(demo_screens, ON_HOLD, "C2D1").effective == date(2026, 11, 25)
    assert not open_holds(view(demo_screens, ON_HOLD).facts)


def test_a_hold_that_began_today_opens_without_a_resume_day_and_without_an_error(demo_screens: str) -> None:
    write(demo_screens, TREATED, *hold_started(date(2026, 11, 20), reason="toxicity"))
    at = dialog("resume", TREATED)
    assert not at.error
    assert "Enter the first day on which treatment may be given again." in said(at)
    assert not can_save(at)
    resume_on(at, date(2026, 11, 24))
    assert can_save(at)


def test_what_waited_can_be_missed_after_all_with_a_reason(demo_screens: str) -> None:
    at = press(dialog("resume", ON_HOLD), _mode(demo_screens, "skip"))
    assert not can_save(at)
    press(give_reason(at, "investigator_decision"), "change.save")
    assert row(demo_screens, ON_HOLD, "C2D1").status == "missed"
    written = view(demo_screens, ON_HOLD).facts[-2:]
    assert [fact.kind for fact in written] == [Kind.HOLD_STARTED, Kind.HOLD_ENDED]
    at.button(key="notice.undo").click().run()
    assert row(demo_screens, ON_HOLD, "C2D1").status == "on_hold"


def test_of_several_holds_the_one_that_ends_is_chosen(demo_screens: str) -> None:
    write(demo_screens, ON_HOLD, *hold_started(date(2026, 11, 20), "radiotherapy", reason="machine_failure"))
    at = dialog("resume", ON_HOLD)
    holds = open_holds(view(demo_screens, ON_HOLD).facts)
    at.selectbox(key=key("hold")).set_value(holds[1].number).run()
    press(resume_on(at, date(2026, 11, 25)), "change.save")
    assert [hold.said.item for hold in open_holds(view(demo_screens, ON_HOLD).facts)] == [""]


def test_nothing_on_hold(demo_screens: str) -> None:
    at = dialog("resume", TREATED)
    assert at.info[0].value == "Nothing is on hold."
    assert not can_save(at)


def test_a_nurse_may_not_hold_or_resume(demo_screens: str) -> None:
    grant(demo_screens, "nurse1", "nurse")
    for name, subject in (("hold", TREATED), ("resume", ON_HOLD)):
        at = dialog(name, subject)
        assert "may not hold or resume treatment" in at.error[0].value
        assert not can_save(at)


def test_in_chinese(demo_screens: str) -> None:
    at = enter_day(enter_day(dialog("hold", TREATED, language="zh-CN"), "from", FIRST), "until", RESUME)
    shown = said(at)
    assert "下次用药：2026年12月14日 周一（C4D1）。" in shown
    assert "Move" not in shown and "Next" not in shown


def _hold_until_known() -> AppTest:
    return enter_day(enter_day(dialog("hold", TREATED), "from", FIRST), "until", RESUME)


def test_what_was_chosen_for_one_hold_is_not_chosen_for_another(demo_screens: str) -> None:
    write(demo_screens, ON_HOLD, *hold_started(date(2026, 11, 20), "radiotherapy", reason="machine_failure"))
    first, second = (hold.number for hold in open_holds(view(demo_screens, ON_HOLD).facts))
    at = dialog("resume", ON_HOLD)
    press(at, f"mode.{first}.skip")
    at.selectbox(key=key("hold")).set_value(second).run()
    chosen = [button.label for button in at.button if (button.key or "").startswith(key("mode")) and button.label.startswith("Chosen")]
    assert chosen in ([], ["Chosen: Move the visits"])
    assert at.session_state[key(f"mode.{first}")] == "skip"


def _mode(url: str, mode: str) -> str:
    """The button that takes this mode for the hold that is open."""
    return f"mode.{open_holds(view(url, ON_HOLD).facts)[0].number}.{mode}"
