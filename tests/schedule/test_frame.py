"""The DataFrame against the rows: the same visits in the same order with the same values, in whole columns."""

from __future__ import annotations

from datetime import date

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.schedule.facts import SubjectFacts
from planner.schedule.frame import to_frame
from planner.schedule.schedule import Schedule
from planner.schedule.table import visit_table
from planner.schedule.visit_rows import table_rows
from tests.cases import Case
from tests.schedule.studies import STUDIES, compiled, enrolled, expanded, study
from tests.strategies import seeded_cases

COLUMNS = ["subject", "visit", "name", "epoch", "kind", "n", "study_day", "anchor", "nominal", "earliest", "latest", "planned"]
COLUMNS += ["effective", "status", "certainty", "days_off", "flags"]
DATES = ("nominal", "earliest", "latest", "planned", "effective")
PROFILE = settings.default.max_examples


def assert_frame_equals_rows(schedule: Schedule, *, all_visits: bool) -> None:
    frame = to_frame(schedule, all_visits=all_visits)
    rows = list(table_rows(visit_table(schedule, all_visits=all_visits)))
    assert list(frame.columns) == COLUMNS
    assert len(frame) == len(rows)
    expected: dict[str, list[object]] = {
        name: [getattr(row, {"n": "number"}.get(name, name)) for row in rows] for name in COLUMNS if name != "flags"
    }
    expected["flags"] = [";".join(row.flags) for row in rows]
    for name in COLUMNS:
        assert values(frame[name], name) == expected[name], name


def values(column: pd.Series, name: str) -> list[object]:
    if name in DATES:
        return [None if pd.isna(value) else value.date() for value in column]
    return [None if pd.isna(value) else value for value in column.tolist()]


@settings(max_examples=2 * PROFILE)
@given(seeded_cases(subjects=4), st.booleans())
def test_a_frame_equals_its_rows(case: Case, all_visits: bool) -> None:
    assert_frame_equals_rows(expanded(compiled(case.protocol), case.subjects, case.as_of, case.calendar), all_visits=all_visits)


@settings(max_examples=PROFILE // 5)
@given(st.sampled_from(STUDIES).flatmap(lambda name: seeded_cases(study(name), subjects=3)))
def test_a_frame_of_a_study_equals_its_rows(case: Case) -> None:
    schedule = expanded(compiled(case.protocol), case.subjects, case.as_of, case.calendar)
    assert_frame_equals_rows(schedule, all_visits=True)
    assert_frame_equals_rows(schedule, all_visits=False)


def test_numbers_that_run_on_from_another_series() -> None:
    """C4D1 is the first cycle after radiotherapy of the second subject, the third of the first, and before it for the last."""
    before = [enrolled(subject=f"S{count}", parameters={"cycles_before": str(count)}) for count in (1, 3, 6, 2)]
    schedule = expanded("crlm", before)
    assert_frame_equals_rows(schedule, all_visits=True)
    frame = to_frame(schedule)
    fourth = frame[frame["visit"] == "C4D1"].set_index("subject")
    assert fourth["epoch"].to_dict() == {"S1": "Consolidation", "S3": "Consolidation", "S6": "Induction", "S2": "Consolidation"}
    assert fourth["n"].tolist() == [4, 4, 4, 4]
    assert fourth["anchor"].str.split().str[0].to_dict() == {"S1": "C3D1", "S3": "SBRT.last", "S6": "C3D1", "S2": "C3D1"}


def test_the_types_of_the_columns() -> None:
    frame = to_frame(expanded("ulrrc", enrolled()))
    assert {name: str(frame[name].dtype) for name in DATES} == dict.fromkeys(DATES, "datetime64[s]")
    for name in ("subject", "visit", "name", "epoch", "kind", "anchor", "status", "certainty", "flags"):
        assert isinstance(frame[name].dtype, pd.CategoricalDtype), name
    for name in ("n", "study_day", "days_off"):
        assert str(frame[name].dtype) == "Int32", name


def test_missing_values_are_missing() -> None:
    frame = to_frame(expanded("ulrrc", enrolled(milestones={}))).set_index("visit")
    consent = frame.loc["ICF"]
    assert all(pd.isna(consent[name]) for name in (*DATES, "study_day", "days_off", "n"))
    assert (consent["flags"], consent["anchor"]) == ("milestone_missing:CONSENT", "CONSENT")


def test_rows_stand_by_subject_then_date() -> None:
    frame = to_frame(expanded("ulrrc", [enrolled(date(2026, 6, 1), subject="Z"), enrolled(subject="A")]))
    assert frame["subject"].unique().tolist() == ["Z", "A"]
    for _, part in frame.groupby("subject", observed=True):
        assert part["effective"].is_monotonic_increasing


def test_a_cohort_without_subjects_is_an_empty_frame() -> None:
    frame = to_frame(expanded("crlm", []))
    assert list(frame.columns) == COLUMNS
    assert len(frame) == 0


def test_a_subject_named_twice_is_shown_with_its_place() -> None:
    twice = [SubjectFacts("S1", date(2026, 3, 2)), SubjectFacts("S1", date(2026, 4, 1))]
    assert to_frame(expanded("ulrrc", twice))["subject"].unique().tolist() == ["S1#0", "S1#1"]
