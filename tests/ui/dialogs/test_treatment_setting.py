"""Parameters, milestones, the start, and the site."""

from datetime import date

from tests.ui.dialogs.dialog_screens import can_save, dialog, enter_day, give_reason, grant, key, press, row, said, view

TREATED = "ulrrc/BEI-036"
NOT_STARTED = "ulrrc/BEI-001"
"""Starts on 2 December."""


def test_the_number_of_cycles_is_changed_with_a_reason_once_treatment_has_begun(demo_screens: str) -> None:
    at = dialog("parameter", TREATED, entry="cycles")
    assert "Cycles after SBRT now: **4**" in said(at)
    assert not can_save(at)
    at.number_input(key=key("value.cycles")).set_value(6).run()
    assert not can_save(at)
    give_reason(at, "investigator_decision")
    assert "C7D1: Cycle 7 day 1" in said(at)
    press(at, "change.save")
    assert view(demo_screens, TREATED).state.facts.parameters["cycles"] == "6"
    at.button(key="notice.undo").click().run()
    assert view(demo_screens, TREATED).state.facts.parameters.get("cycles", "4") == "4"


def test_before_treatment_no_reason_is_asked_for(demo_screens: str) -> None:
    at = dialog("parameter", NOT_STARTED, entry="cycles")
    at.number_input(key=key("value.cycles")).set_value(5).run()
    press(at, "change.save")
    assert view(demo_screens, NOT_STARTED).state.facts.parameters["cycles"] == "5"


def test_durations_and_choices_have_words(demo_screens: str) -> None:
    at = dialog("parameter", NOT_STARTED)
    at.selectbox(key=key("name")).set_value("maintenance_months").run()
    assert "Length of maintenance now: **12 months**" in said(at)
    at.number_input(key=key("value.maintenance_months")).set_value(6).run()
    press(at, "change.save")
    assert view(demo_screens, NOT_STARTED).state.facts.parameters["maintenance_months"] == "6mo"


def test_what_would_make_another_visit_of_a_recorded_one_is_refused(demo_screens: str) -> None:
    at = dialog("parameter", "ulrrc/BEI-005", entry="regimen")
    other = next(
        value for value in ("FOLFOXIRI", "CAPOX") if value != view(demo_screens, "ulrrc/BEI-005").state.facts.parameters.get("regimen")
    )
    at.selectbox(key=key("value.regimen")).set_value(other).run()
    give_reason(at, "toxicity")
    assert can_save(at) or at.error


def test_a_date_on_record_is_corrected_with_a_reason(demo_screens: str) -> None:
    at = dialog("milestone", NOT_STARTED, entry="CONSENT")
    present = at.date_input(key=key("milestone.CONSENT")).value
    assert isinstance(present, date)
    enter_day(at, "milestone.CONSENT", present.replace(day=present.day - 1))
    assert not can_save(at)
    press(give_reason(at, "transcription_error"), "change.save")
    assert view(demo_screens, NOT_STARTED).state.facts.milestones["CONSENT"] == present.replace(day=present.day - 1)


def test_a_date_not_yet_known_is_entered(demo_screens: str) -> None:
    at = dialog("milestone", NOT_STARTED, entry="PRIOR_RT_END")
    press(enter_day(at, "milestone.PRIOR_RT_END", date(2025, 3, 1)), "change.save")
    assert view(demo_screens, NOT_STARTED).state.facts.milestones["PRIOR_RT_END"] == date(2025, 3, 1)


def test_the_start_is_moved_to_a_day_on_which_every_visit_fits(demo_screens: str) -> None:
    at = dialog("start", NOT_STARTED)
    assert not can_save(at)
    enter_day(at, "start", date(2026, 12, 5))
    assert "Saturday 5 December 2026: a closed day;" in said(at)
    better = next(button for button in at.button if button.key and button.key.startswith(key("start.2026")))
    better.click().run()
    day = at.date_input(key=key("start")).value
    assert isinstance(day, date) and day.weekday() < 5
    press(give_reason(at, "patient_request"), "change.save")
    assert row(demo_screens, NOT_STARTED, "C1D1").effective == day


def test_a_start_that_is_done_is_not_moved(demo_screens: str) -> None:
    at = dialog("start", TREATED)
    assert "treatment has begun, so its start cannot be moved" in at.info[0].value
    assert not can_save(at)


def test_a_subject_goes_to_another_site(demo_screens: str) -> None:
    at = dialog("transfer", TREATED)
    sites = at.selectbox(key=key("site")).options
    assert "BEI" not in sites
    at.selectbox(key=key("site")).set_value(sites[0]).run()
    press(at, "change.save")
    assert view(demo_screens, TREATED).state.site == sites[0]


def test_a_nurse_may_change_neither_parameters_nor_start_nor_site(demo_screens: str) -> None:
    grant(demo_screens, "nurse1", "nurse")
    for name, words in (("parameter", "set parameters"), ("start", "move starts"), ("transfer", "transfer subjects")):
        at = dialog(name, TREATED)
        assert words in at.error[0].value
        assert not can_save(at)


def test_in_chinese(demo_screens: str) -> None:
    at = dialog("parameter", NOT_STARTED, entry="maintenance_months", language="zh-CN")
    assert "维持治疗时长目前为：**12 个月**" in said(at)
    for name, english in (("start", "Start now"), ("transfer", "New site"), ("milestone", "Enter a date")):
        assert english not in said(dialog(name, NOT_STARTED, language="zh-CN"))
