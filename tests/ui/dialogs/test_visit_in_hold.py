"""The dialog of a visit whose treatment is on hold, and of a day that has passed: what is told before anything is saved."""

from datetime import date

from streamlit.testing.v1 import AppTest

from planner.records.changes import acts
from tests.ui.clock import MOMENT
from tests.ui.dialogs.dialog_screens import dialog, enter_day, key, press, row, said, write
from tests.ui.dialogs.visit_screens import take, visit_dialog
from tests.ui.screens import texts

TODAY = MOMENT.date()
HELD = ("ulrrc/NYC-018", "C2D1")
"""All drugs held since 16 October, with no day of resuming."""
BOOKED = ("ulrrc/BEI-004", "C3D1")
"""On Monday 7 December, by the protocol three weeks after C2D1."""


def _warnings(at: AppTest) -> str:
    return "\n".join(warning.value for warning in at.warning)


def test_a_dose_inside_an_open_hold_is_told_first_of_all(demo_screens: str) -> None:
    at = visit_dialog(*HELD, "done")
    enter_day(at, "done day", TODAY)
    told = _warnings(at).split("\n\n")[1].splitlines()
    assert told[0] == (
        "* All drugs are on hold since Fri 16 Oct 2026, and no day of resuming is recorded. "
        "The dose of C2D1 on Fri 20 Nov 2026 lies inside the hold. The hold stays open. "
        "If treatment was given again, record Resume treatment first."
    )


def test_no_day_of_an_open_hold_is_called_best(demo_screens: str) -> None:
    at = visit_dialog(*HELD, "book")
    shown = texts(at)
    assert "Best:" not in shown
    assert not any(button.key == key("foresight.best") for button in at.button)
    assert "No day can be advised: treatment is held since Fri 16 Oct 2026, no day of resuming is known." in shown
    take(at, date(2026, 11, 23))
    assert "✗ Monday 23 November 2026: treatment is held since Fri 16 Oct 2026, no day of resuming is known, open day" in texts(at)


def test_a_booking_made_inside_a_hold_never_was_there_before(demo_screens: str) -> None:
    at = take(visit_dialog(*HELD, "book"), date(2026, 11, 23))
    told = _warnings(at)
    assert "C2D1 is booked on Mon 23 Nov 2026, inside the hold." in told
    assert "stays booked" not in told
    press(at, "change.save")
    again = take(visit_dialog(*HELD, "book"), date(2026, 11, 24))
    assert "C2D1 is booked on Tue 24 Nov 2026, inside the hold." in _warnings(again), "another day of the same hold"


def test_after_a_hold_with_an_end_the_best_day_is_outside_it(demo_screens: str) -> None:
    write(demo_screens, BOOKED[0], *acts.hold_started(date(2026, 12, 3), resume=date(2026, 12, 14), reason="toxicity"))
    shown = texts(visit_dialog(*BOOKED, "book"))
    assert "Best: Mon 14 Dec 2026" in shown
    at = take(visit_dialog(*BOOKED, "book"), date(2026, 12, 8))
    assert "Tuesday 8 December 2026: treatment is held from Thu 3 Dec 2026 until Mon 14 Dec 2026, open day, in its window" in texts(at)
    take(at, date(2026, 12, 2))
    assert "minimum gap" not in texts(at), "the hold's end is no minimum gap for a day before the hold"


def test_a_booking_inside_a_new_hold_does_not_wait_and_is_no_next_dose(demo_screens: str) -> None:
    at = enter_day(enter_day(dialog("hold", BOOKED[0]), "from", date(2026, 12, 3)), "until", date(2026, 12, 14))
    shown = said(at)
    assert "1 visit is booked inside the hold and must be rebooked or released; tell the clinic: C3D1." in shown
    assert "Next dose: Mon 7 Dec 2026" not in shown
    assert "Next dose: Mon 14 Dec 2026 (C3D1, once its booking is released)." in shown
    assert "wait: C3D1" not in shown
    assert "waits: C3D1" not in shown
    press(at, "mode.shift")
    told = _warnings(at)
    assert "C3D1 cannot be inside its window (Fri 4 Dec 2026 to Thu 10 Dec 2026), because treatment is held until Mon 14 Dec 2026." in told
    assert "C3D1 on Mon 7 Dec 2026 cannot be inside its window" not in told


def test_a_day_that_has_passed_is_told_with_the_way_to_record_it(demo_screens: str) -> None:
    at = take(visit_dialog("ulrrc/BEI-018", "M10", "book"), date(2026, 11, 18))
    assert "M10 is booked on Wed 18 Nov 2026, which has passed. Did it take place? Then record it as done instead." in _warnings(at)
    press(at, "took place")
    assert at.segmented_control(key=key("act")).value == "done"
    assert at.date_input(key=key("done day")).value == date(2026, 11, 18)
    press(at, "change.save")
    done = row(demo_screens, "ulrrc/BEI-018", "M10")
    assert (done.status, done.effective) == ("done", date(2026, 11, 18))


def test_a_day_to_come_is_no_passed_one(demo_screens: str) -> None:
    at = take(visit_dialog(*BOOKED, "book"), date(2026, 12, 8))
    assert "has passed" not in texts(at)
    assert not any(button.key == key("took place") for button in at.button)


def test_before_and_after_say_that_a_due_visit_is_booked(demo_screens: str) -> None:
    at = take(visit_dialog("crlm/BEI-016", "FU2", "book"), date(2026, 11, 23))
    assert "due, 14 days left → booked, due, 14 days left" in texts(at)
