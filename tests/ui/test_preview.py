"""Everything the screens show about one subject, without the screens."""

from datetime import date, timedelta

import pytest

from planner.exchange.prints.protocol_texts import ProtocolTexts
from planner.protocol.compile import compile_plan
from planner.protocol.library import load_protocol
from planner.schedule.calendar_sources import calendar_named
from planner.schedule.fact_faults import EARLIEST_START, LATEST_START, FactErrors
from planner.schedule.starts import better_starts
from planner.ui.branch_table import ABSENT, branch_table
from planner.ui.language import speaking
from planner.ui.preview import START_DAYS, first_start_compared, preview_of, starts_without_one
from planner.ui.start_days_html import start_days_html
from planner.ui.to_check import points_to_check
from tests.ui.worked_example import DATES, ENTRIES, preview


def test_the_worked_vector() -> None:
    planned = {row.visit: str(row.planned) for row in preview().rows}
    assert {visit: planned[visit] for visit in DATES} == DATES


def test_conditional_visits_are_there_but_not_on_the_calendar() -> None:
    example = preview()
    surgery = example.row("SURG")
    assert surgery is not None
    assert surgery.status == "conditional"
    assert surgery not in example.rows


def test_the_as_of_day_defaults_to_today() -> None:
    assert preview(on="").as_of == date(2026, 3, 1)
    assert preview().as_of == date(2026, 2, 20)


def test_a_visit_tells_why_and_what_is_assumed() -> None:
    example = preview()
    row = example.row("ASSESS")
    assert row is not None
    assert any("Labor Day" in step.text for step in example.why("ASSESS"))
    assert example.shape(row).source["window"] == "registry"


def test_the_first_member_of_a_series_has_its_own_rules() -> None:
    example = preview()
    first, second = example.row("C2D1"), example.row("C3D1")
    assert first is not None
    assert second is not None
    assert str(example.shape(first).anchor[0].text) == "SBRT.last"
    assert str(example.shape(second).anchor[0].text) == "previous"


def test_branches_have_a_column_each() -> None:
    branches = preview().branches()
    assert [branch.label for branch in branches] == ["Surgery", "Maintenance", "Withdrawal from the study"]
    texts = ProtocolTexts(preview().plan.protocol, "en")
    table = branch_table(branches, texts, only_different=True)
    lines = {line[0]: line[1:] for line in table.lines}
    assert table.columns == ("Visit", "Surgery", "Maintenance", "Withdrawal from the study")
    assert lines["SURG: Surgery"] == ("Fri 3 Jul 2026", ABSENT, ABSENT)
    assert not any(line.startswith("F1:") for line in lines)
    assert any(line[0].startswith("F1:") for line in branch_table(branches, texts, only_different=False).lines)


def test_a_branch_names_the_decision_it_needs() -> None:
    labels = [branch.label for branch in preview("crlm").branches()]
    assert "Watch and wait (Clinical complete response)" in labels
    assert preview("crlm", decide__response="non-CR", decide__management="maintenance").branches() == []
    with speaking("zh-CN"):
        assert "等待观察（临床完全缓解）" in [branch.label for branch in preview("crlm").branches()]


def test_a_forbidden_choice_tells_the_rule() -> None:
    with pytest.raises(FactErrors) as refused:
        preview("crlm", decide__response="non-CR", decide__management="watch_and_wait")
    (fault,) = refused.value.faults
    assert fault.fact == "decide.management"
    assert "cCR or pCR" in fault.message


def test_starts_are_compared_and_a_better_one_is_found() -> None:
    example = preview(start="2026-02-09", milestone__CONSENT="2026-01-20", on="2026-01-20")
    scores = example.starts()
    assert len(scores) == START_DAYS
    assert scores[0].start == date(2026, 1, 20)
    current = next(score for score in scores if score.start == date(2026, 2, 9))
    better = better_starts(scores, date(2026, 2, 9))[0]
    assert better.is_open
    assert len(better.not_fitting) < len(current.not_fitting)
    assert len(better.not_fitting) == min(len(score.not_fitting) for score in scores if score.is_open)
    again = preview(start=str(better.start), milestone__CONSENT="2026-01-20", on="2026-01-20")
    flags = {flag.partition(":")[0] for row in again.rows for flag in row.flags}
    assert len(better.without_open_day) == sum("no_open_day_in_window" in row.flags for row in again.rows)
    assert better.not_fitting or not flags & {"no_open_day_in_window", "constraint_breaks_window", "fraction_gap", "fraction_span"}


def test_a_good_start_has_no_better_one() -> None:
    assert better_starts(preview().starts(), date(2026, 3, 2)) == ()


def test_a_closed_start_has_a_better_one() -> None:
    better = better_starts(preview(start="2026-03-01", milestone__CONSENT="2026-01-20").starts(), date(2026, 3, 1))
    assert better
    assert all(score.is_open for score in better)


@pytest.mark.parametrize(
    ("start", "first"),
    [(date(2026, 3, 2), date(2026, 3, 1)), (date(2026, 1, 5), date(2025, 12, 29)), (date(2027, 1, 4), date(2026, 12, 28))],
)
def test_the_start_is_among_those_compared(start: date, first: date) -> None:
    assert first_start_compared(start, date(2026, 3, 1)) == first
    assert first <= start < first + timedelta(days=START_DAYS)


def test_starts_can_be_compared_before_one_is_given() -> None:
    entries = {name: text for name, text in ENTRIES.items() if name != "start"}
    scores = starts_without_one(entries, compile_plan(load_protocol("ulrrc")), calendar_named("CN"), date(2026, 3, 1))
    assert (scores[0].start, len(scores)) == (date(2026, 2, 20), START_DAYS)


@pytest.mark.parametrize("on", ["2050-12-31", "2051-02-01", "2058-12-31", "2012-01-01"])
def test_only_days_on_which_a_study_can_start_are_compared(on: str) -> None:
    entries = {**ENTRIES, "on": on, "start": "", "milestone.CONSENT": ""}
    scores = starts_without_one(
        {name: text for name, text in entries.items() if text}, compile_plan(load_protocol("ulrrc")), calendar_named("CN"), date(2026, 3, 1)
    )
    assert len(scores) == START_DAYS
    assert EARLIEST_START <= scores[0].start < scores[-1].start <= LATEST_START


def test_the_first_day_on_which_a_study_can_start_is_among_those_compared() -> None:
    assert first_start_compared(EARLIEST_START, date(2026, 3, 1)) == EARLIEST_START
    assert first_start_compared(LATEST_START, date(2026, 3, 1)) == LATEST_START - timedelta(days=START_DAYS - 1)


def test_points_to_check() -> None:
    points = {point.about: point.text for point in points_to_check(preview(start="2026-02-03", milestone__PRIOR_RT_END="2025-12-01"))}
    assert (
        "breach" in points["Previous radiotherapy ended more than 6 months before SBRT"]
        or "warning" in (points["Previous radiotherapy ended more than 6 months before SBRT"])
    )
    assert "may change" in points["Provisional calendar"]
    with speaking("zh-CN"):
        assert "既往放疗结束距SBRT须超过6个月" in [
            point.about for point in points_to_check(preview(start="2026-02-03", milestone__PRIOR_RT_END="2025-12-01"))
        ]


def test_a_missing_milestone_is_a_point_to_check() -> None:
    points = {point.about: point.text for point in points_to_check(preview(milestone__CONSENT=""))}
    assert "CONSENT" in points["ICF Consent"]


def test_an_eligibility_question_without_an_answer_is_a_point_to_check() -> None:
    points = {point.about: point.text for point in points_to_check(preview())}
    assert points["Previous radiotherapy ended more than 6 months before SBRT"] == (
        "cannot be checked yet: End of previous radiotherapy is not given."
    )
    assert "is not given" in points["Age 18 to 75 at consent"]
    assert not any("cannot be checked" in text for about, text in points.items() if "PD-1" in about)
    answered = {point.about for point in points_to_check(preview(milestone__PRIOR_RT_END="2024-12-01", set__birth_year="1970"))}
    assert not answered & {"Previous radiotherapy ended more than 6 months before SBRT", "Age 18 to 75 at consent"}
    with speaking("zh-CN"):
        assert any(point.text.startswith("尚无法核对：未填写") for point in points_to_check(preview()))


def test_a_start_that_leaves_screening_in_the_past_does_not_fit() -> None:
    made = preview(start="2026-11-20", milestone__CONSENT="2026-11-19", on="2026-11-20")
    score = next(score for score in made.starts() if score.start == date(2026, 11, 20))
    assert len(score.not_fitting) >= 2
    assert "already past: SCR" in start_days_html(made.starts(), date(2026, 11, 20))


def test_the_checks_are_worked_out_once() -> None:
    example = preview()
    assert example.findings is example.findings
    assert example.rows is example.rows


def test_the_same_entries_give_the_same_preview() -> None:
    plan, calendar = compile_plan(load_protocol("ulrrc")), calendar_named("CN")
    one, other = (preview_of(ENTRIES, plan, calendar, date(2026, 3, 1)) for _ in range(2))
    assert one.all_rows == other.all_rows
