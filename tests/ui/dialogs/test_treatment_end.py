"""Stopping treatment and leaving the study."""

from datetime import date

import pytest

from tests.ui.dialogs.dialog_screens import can_save, dialog, enter_day, give_reason, grant, key, press, row, said, view

TREATED = "ulrrc/BEI-036"
GONE = "ulrrc/BEI-010"


def test_all_drugs_are_stopped_with_a_reason(demo_screens: str) -> None:
    at = dialog("stop", TREATED)
    assert not can_save(at)
    give_reason(at, "toxicity")
    assert "C4D1: Cycle 4 day 1" in said(at)
    press(at, "change.save")
    assert row(demo_screens, TREATED, "C4D1").status == "cancelled"
    assert row(demo_screens, TREATED, "FU1").status != "cancelled"


def test_one_stream_is_stopped_and_the_visit_goes_on(demo_screens: str) -> None:
    press(give_reason(dialog("stop", TREATED, entry="pd1"), "toxicity"), "change.save")
    after = row(demo_screens, TREATED, "C4D1")
    assert after.status != "cancelled"
    assert "PD1" not in after.activities


def test_a_withdrawal_keeps_the_reminder_and_says_so(demo_screens: str) -> None:
    at = dialog("leave", TREATED)
    assert not can_save(at)
    at.radio(key=key("because")).set_value("withdrawn").run()
    assert "this reminder stays on the calendar" in at.info[0].value
    press(give_reason(at, "consent_withdrawn"), "change.save")
    rows = view(demo_screens, TREATED).rows
    assert {found.kind for found in rows if found.status in ("upcoming", "due")} == {"reminder"}


@pytest.mark.parametrize("because", ["died", "lost", "screen_failure"])
def test_every_other_end_cancels_all(because: str, demo_screens: str) -> None:
    at = dialog("leave", TREATED)
    at.radio(key=key("because")).set_value(because).run()
    assert at.info[0].value == "All visits after this day that are not done are cancelled."
    press(give_reason(at, "progression"), "change.save")
    end = view(demo_screens, TREATED).state.facts.end
    assert end is not None
    assert end.reason == because
    assert not [found for found in view(demo_screens, TREATED).rows if found.status in ("upcoming", "on_hold")]


def test_who_left_already_does_not_leave_again_and_what_was_entered_stays(demo_screens: str) -> None:
    at = dialog("leave", GONE)
    at.radio(key=key("because")).set_value("withdrawn").run()
    give_reason(enter_day(at, "on", date(2026, 11, 18)), "consent_withdrawn")
    assert "instead" in at.error[0].value
    assert not can_save(at)
    assert at.date_input(key=key("on")).value == date(2026, 11, 18)


def test_a_coordinator_may_neither_stop_nor_end(demo_screens: str) -> None:
    grant(demo_screens, "nurse1", "coordinator")
    assert "may not stop treatment" in dialog("stop", TREATED).error[0].value
    assert "may not end a subject's study" in dialog("leave", TREATED).error[0].value


def test_in_chinese(demo_screens: str) -> None:
    at = dialog("leave", TREATED, language="zh-CN")
    assert list(at.radio(key=key("because")).options) == ["退出研究", "死亡", "失访", "筛选失败"]
    assert "First day" not in said(dialog("stop", TREATED, language="zh-CN"))
