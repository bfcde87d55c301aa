"""What random logs propose as deviations, against the rows and findings of a subject's page: a plain reading of docs/records.md."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from planner.protocol.model import LateCheck, SinceCheck
from planner.records.lists.deviation_rows import ProposedDeviation
from planner.records.lists.proposed_deviations import proposed
from planner.records.lists.site_schedules import SiteSchedule
from planner.schedule.checks import findings
from planner.schedule.rows import VisitRow
from planner.schedule.visit_rows import subject_rows
from tests.records.random_schedules import random_schedules


@settings(max_examples=settings.default.max_examples // 5)
@given(seed=st.integers(0, 2**32 - 1))
def test_what_is_proposed_is_what_its_definition_says(seed: int) -> None:
    for part in random_schedules(seed):
        lines = proposed(part)
        for column in range(len(part.keys)):
            own = {line.key: line for line in lines if line.column == column}
            assert len(own) == sum(line.column == column for line in lines)
            rows = {row.visit: row for row in subject_rows(part.schedule, column)}
            expected = visit_deviations(part, rows)
            assert {key for key in own if not key.startswith(("check:", "dose_in_hold:"))} == expected
            for key, line in own.items():
                if key.startswith("out_of_window:"):
                    assert f"outside_window:{line.days if line.side == 'late' else -(line.days or 0):+d}" in rows[line.visit].flags
            assert_findings(part, column, own)


def visit_deviations(part: SiteSchedule, rows: Mapping[str, VisitRow]) -> set[str]:
    """The keys of all deviations of visits, doses in holds apart."""
    milestones = {slot.id_pattern for slot in part.schedule.plan.slots if slot.milestone is not None}
    found = set()
    for visit, row in rows.items():
        own = row.kind != "reminder" and row.definition not in milestones
        outside_plan = "outside_plan" in row.flags
        if row.status == "done" and outside_plan:
            found.add(f"outside_plan:{visit}")
        if row.status == "done" and own and not outside_plan and any(flag.startswith("outside_window:") for flag in row.flags):
            found.add(f"out_of_window:{visit}")
        if row.status == "missed" and own and "missed_by_hold" not in row.flags:
            found.add(f"missed:{visit}")
    return found


def assert_findings(part: SiteSchedule, column: int, own: Mapping[str, ProposedDeviation]) -> None:
    """Every breach found is proposed, with its dates; of ``late`` and ``since`` there may be more."""
    checks = {rule.check.id: rule.check for rule in part.schedule.plan.checks}
    breaches = [finding for finding in findings(part.schedule, [column]) if finding.result == "breach"]
    for finding in breaches:
        lines = [line for key, line in own.items() if key.split(":")[:2] == ["check", finding.check]]
        assert any(line.days == (None if line.kind == "age" else finding.over_by) for line in lines)
        assert any(str(finding.second_day) in line.what or line.kind == "age" for line in lines)
    lasting = {name for name, check in checks.items() if isinstance(check, LateCheck | SinceCheck)}
    proposed_names = sorted(key.split(":")[1] for key in own if key.startswith("check:"))
    assert [name for name in proposed_names if name not in lasting] == sorted(f.check for f in breaches if f.check not in lasting)
