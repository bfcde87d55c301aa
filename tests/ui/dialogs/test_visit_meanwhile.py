"""Two people have the dialog of one visit open: what the second one is told, and that nothing entered is lost."""

from datetime import date

import pytest

from planner.records.changes import acts
from planner.records.facts.fact import NewFact
from planner.records.facts.kinds import Kind
from planner.ui.reasons import REASONS_OF_A_CORRECTION, USUAL_REASONS, reason_label
from tests.ui.clock import MOMENT
from tests.ui.dialogs.dialog_screens import can_save, enter_day, give_reason, key, press, row, write
from tests.ui.dialogs.visit_screens import choose_act, last_facts, visit_dialog
from tests.ui.screens import texts

TODAY = MOMENT.date()
DUE = ("crlm/BEI-016", "FU2")
DAY_BEFORE = date(2026, 11, 19)


def test_who_recorded_it_meanwhile_is_said_and_what_was_typed_stays(demo_screens: str) -> None:
    at = visit_dialog(*DUE, "done")
    at.text_area(key=key("change.note")).set_value("came by taxi").run()
    write(demo_screens, DUE[0], *acts.visit_done("FU2", DAY_BEFORE))
    press(at, "change.save")
    shown = texts(at)
    assert "This visit was recorded meanwhile. Nothing of yours is saved; what you entered is still here." in shown
    assert "doctor2, Fri 20 Nov 2026 14:00: FU2 done on Thu 19 Nov 2026" in shown.replace("\\", "").replace(":small[]", "")
    assert not can_save(at)
    assert row(demo_screens, *DUE).effective == DAY_BEFORE
    at.run()
    assert at.date_input(key=key("done day")).value == TODAY
    press(at, "meanwhile.correct")
    assert "recorded meanwhile" not in texts(at)
    assert at.text_area(key=key("change.note")).value == "came by taxi"
    give_reason(at, "source_checked")
    press(at, "change.save")
    (fact,) = last_facts(demo_screens, DUE[0], 1)
    assert (fact.kind, fact.said.day, fact.said.note) == (Kind.VISIT_DONE, TODAY, "came by taxi")
    assert fact.said.replaces is not None


def test_it_can_be_closed_without_saving(demo_screens: str) -> None:
    at = visit_dialog(*DUE, "missed")
    write(demo_screens, DUE[0], *acts.visit_done("FU2", DAY_BEFORE))
    at.run()
    press(at, "meanwhile.close")
    assert "dialogs.open" not in at.session_state
    assert row(demo_screens, *DUE).effective == DAY_BEFORE


def test_a_record_that_was_taken_back_meanwhile_is_told_too(demo_screens: str) -> None:
    write(demo_screens, DUE[0], *acts.visit_done("FU2", DAY_BEFORE))
    at = enter_day(visit_dialog(*DUE, "done"), "done day", TODAY)
    (done,) = last_facts(demo_screens, DUE[0], 1)
    write(demo_screens, DUE[0], NewFact(Kind.UNDONE, replaces=done.number, reason="taken_back"))
    at.run()
    assert "recorded meanwhile" in texts(at)


def test_what_else_changed_of_the_visit_is_no_record_of_it(demo_screens: str) -> None:
    at = visit_dialog(*DUE, "done")
    write(demo_screens, DUE[0], *acts.visit_booked("FU2", date(2026, 11, 24)))
    at.run()
    assert "recorded meanwhile" not in texts(at)


def test_an_act_that_is_not_offered_never_becomes_another_one_in_silence(demo_screens: str) -> None:
    at = visit_dialog("crlm/NYC-005", "C1D1", "missed")
    assert "Missed: not possible for this visit as it stands." in texts(at)


@pytest.mark.parametrize("act", ["done", "missed"])
def test_a_correction_offers_the_reasons_of_the_record_first(demo_screens: str, act: str) -> None:
    at = choose_act(visit_dialog("ulrrc/BEI-004", "C2D1"), act)
    offered = at.selectbox(key=key("change.reason")).options
    assert offered == [reason_label(code) for code in REASONS_OF_A_CORRECTION]
    assert offered[0] == "It was written down wrongly"
    assert sorted(REASONS_OF_A_CORRECTION) == sorted(USUAL_REASONS)


def test_what_corrects_nothing_offers_the_reasons_as_usual(demo_screens: str) -> None:
    at = visit_dialog("ulrrc/BEI-018", "M10", "missed")
    assert at.selectbox(key=key("change.reason")).options == [reason_label(code) for code in USUAL_REASONS]
