"""The fold against the replay, a slow and separate reading of docs/records.md: every array, every calendar, every fact that does not fit.

How many cases: the ``ci`` profile tries about 100 logs here, ``long`` 20 times that.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from planner.records.facts.fact import Fact, SubjectKey
from planner.records.fold.fact_columns import fact_table
from planner.records.fold.fold import fold
from planner.records.fold.prefixes import prefixes
from planner.records.fold.subject_facts import subject_state
from tests.records.comparing import calendar_differences, facts_differences, fold_differences
from tests.records.random_facts import random_log
from tests.records.worlds import World, random_calendars, random_world, study_world

PROFILE = settings.default.max_examples
SEEDS = st.integers(0, 2**32 - 1)


def logs_of(random: Random, world: World, subjects: int, acts: int) -> list[list[Fact]]:
    """Logs of several subjects, of up to so many acts each."""
    keys = [SubjectKey(world.study, f"PEK-{number:03}") for number in range(1, subjects + 1)]
    return [random_log(random, world, key, random.randint(1, acts), odd=random.choice([0.05, 0.4])) for key in keys]


def in_one_log(random: Random, logs: Sequence[Sequence[Fact]]) -> list[Fact]:
    """All subjects' facts, mixed, each subject's in its order."""
    from dataclasses import replace

    turns = [index for index, log in enumerate(logs) for _ in log]
    random.shuffle(turns)
    left = [iter(log) for log in logs]
    return [replace(next(left[turn]), position=position) for position, turn in enumerate(turns, start=1)]


def assert_subjects_agree(random: Random, world: World, subjects: int, acts: int) -> None:
    """Several subjects in one fold, and the prefixes and the state of each."""
    logs = logs_of(random, world, subjects, acts)
    table = fact_table(in_one_log(random, logs))
    by_subject = {log[0].subject: log for log in logs}
    rows = [by_subject[key] for key in table.subjects]
    note_logs(rows)
    assert fold_differences(fold(table, world), [world.replayed(log) for log in rows]) == []
    for row, log in enumerate(rows[:2]):
        beginnings = [log[: index + 1] for index in range(len(log))]
        assert fold_differences(fold(prefixes(table, row), world), [world.replayed(one) for one in beginnings]) == []
    for log in rows:
        assert_state_agrees(world, log)


def assert_state_agrees(world: World, log: Sequence[Fact]) -> None:
    """What the product says of one subject is what the replay says."""
    expected = world.replayed(log)
    if expected is None:
        return
    state = subject_state(fact_table(log), world)
    differences = facts_differences(world.plan(expected.protocol_hash), expected.facts, state.facts)
    said = {name: getattr(state, name) for name in ("key", "protocol_hash", "calendar_hash", "site", "revision")}
    differences += [
        f"{name} expected {getattr(expected, name)}, got {given}" for name, given in said.items() if given != getattr(expected, name)
    ]
    if (state.rescreen_of or "") != expected.rescreen_of:
        differences.append(f"rescreen_of expected {expected.rescreen_of}, got {state.rescreen_of}")
    if sorted(fact.number for fact in state.unfit) != sorted(expected.unfit):
        differences.append(f"unfit expected {expected.unfit}, got {state.unfit}")
    assert differences + calendar_differences(expected.calendar, state.calendar) == []
    assert state.plan is world.plan(expected.protocol_hash)


def note_logs(logs: Sequence[Sequence[Fact]]) -> None:
    """Show the logs of a case that fails."""
    for log in logs:
        for fact in log:
            note(f"{fact.subject} {fact.number} (act {fact.act}): {fact.said}")


@settings(max_examples=PROFILE // 3)
@given(SEEDS)
def test_random_protocols(seed: int) -> None:
    random = Random(seed)
    assert_subjects_agree(random, random_world(random), subjects=4, acts=14)


@pytest.mark.parametrize("study", ["small", "ulrrc", "crlm"])
@settings(max_examples=PROFILE // 6)
@given(SEEDS)
def test_studies(study: str, seed: int) -> None:
    random = Random(seed)
    assert_subjects_agree(random, study_world(study, random_calendars(random)), subjects=4, acts=14)


@settings(max_examples=PROFILE // 4)
@given(SEEDS)
def test_one_long_log(seed: int) -> None:
    random = Random(seed)
    world = random_world(random) if random.random() < 0.5 else study_world("small", random_calendars(random))
    assert_subjects_agree(random, world, subjects=1, acts=40)
