"""The random cases: that they are of use to whoever compares with the oracle."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings

from planner.protocol.read import read_protocol
from planner.schedule.rows import CERTAINTIES, STATUSES
from tests.cases import Case, random_case
from tests.oracle import Schedule, expected_findings, expected_rows
from tests.strategies import cases

PROTOCOLS = Path(__file__).parents[1] / "protocols"
FLAGS = """no_anchor companion_missed not_chosen ended_by_decision stopped ended anchor_cancelled milestone_missing anchor_missed
missed_by_hold outside_plan expired no_open_day_in_window constraint_breaks_window outside_window closed_day booked_in_hold omitted
unconfirmed earlier_unrecorded at_most_reached fraction_gap fraction_span provisional_calendar"""
RESULTS = {"passed", "breach", "warning", "cannot_tell", "not_evaluated"}


def test_random_cases_reach_every_status_certainty_flag_and_result() -> None:
    seen: Counter[str] = Counter()
    for seed in range(150):
        case = random_case(Random(seed))
        for facts in case.subjects:
            for row in expected_rows(case.protocol, facts, case.plain, case.as_of):
                seen.update([f"status {row['status']}", f"certainty {row['certainty']}"])
                seen.update(flag.split(":")[0] for flag in row["flags"])
            seen.update(str(finding["result"]) for finding in expected_findings(case.protocol, facts, case.plain, case.as_of))
    wanted = {f"status {status}" for status in STATUSES} | {f"certainty {certainty}" for certainty in CERTAINTIES}
    assert not (wanted | set(FLAGS.split()) | RESULTS) - set(seen)


@settings(max_examples=40, deadline=None)
@given(cases())
def test_facts_are_accepted(case: Case) -> None:
    for facts in case.subjects:
        _assert_accepted(case, facts)


@pytest.mark.parametrize("name", ["ulrrc", "crlm"])
def test_the_two_studies_have_an_answer_for_random_facts(name: str) -> None:
    protocol = read_protocol((PROTOCOLS / f"{name}.yaml").read_text(encoding="utf-8"))
    for seed in range(10):
        case = random_case(Random(seed), protocol, subjects=2)
        for facts in case.subjects:
            _assert_accepted(case, facts)
            assert expected_rows(protocol, facts, case.plain, case.as_of)
            assert len(expected_findings(protocol, facts, case.plain, case.as_of)) >= len(protocol.checks)


def _assert_accepted(case: Case, facts: object) -> None:
    """R18, for each fact."""
    schedule = Schedule(case.protocol, facts, case.plain, case.as_of)
    known = schedule.facts
    given = [
        *known.actual.values(),
        *(made.day for made in known.decisions.values() if made.day),
        *(dose.day for dose in known.unscheduled),
    ]
    assert all(day <= case.as_of for day in given)
    assert {*known.actual, *known.missed, *known.booked} <= set(schedule.by_id)
    latest: dict[str, date] = {}
    for slot in schedule.slots:
        if schedule.by_id[slot.id] is not slot:
            continue
        if slot.id in known.missed:
            assert not slot.shape.start
        assert slot.shape.is_milestone is None or not {slot.id} & {*known.missed, *known.actual, *known.booked}
        if slot.series is not None and slot.id in known.actual:
            assert known.actual[slot.id] > latest.get(slot.series, date.min)
            latest[slot.series] = known.actual[slot.id]
    assert all(hold.resume is None or hold.resume > hold.first_day for hold in known.holds)
    for name, made in known.decisions.items():
        choice = next(choice for choice in case.protocol.decisions[name].choices if choice.name == made.choice)
        for other, allowed in choice.requires.items():
            assert known.decisions[other].choice in allowed
