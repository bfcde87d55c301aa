"""From the log to cohorts: the same arrays as one subject's facts after another give, for all subjects and prefixes at once."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from random import Random

import numpy as np
import pytest

from planner.records.facts.fact import Fact, NewFact, SubjectKey
from planner.records.facts.kinds import Kind
from planner.records.fold.fact_table import FactTable, fact_table, prefixes
from planner.records.fold.fold import fold
from planner.records.fold.folded import Folded, FoldedGroup
from planner.records.fold.subject_facts import NotEnrolledError, SubjectState, subject_state
from planner.schedule.cohort import Cohort, Holds
from planner.schedule.cohort_facts import cohort_of
from planner.schedule.days import day_number
from planner.schedule.expand import expand
from tests.records.hand_logs import KEY, enrolled, log_of, mixed, protocol_hash, ulrrc
from tests.records.random_facts import random_log
from tests.records.worlds import World, random_calendars, study_world

DAY = date(2026, 3, 9)


def key(number: int) -> SubjectKey:
    return SubjectKey("ulrrc", f"PEK-{number:03}")


def assert_equal_cohorts(expected: Cohort, given: Cohort) -> None:
    """Every array the same, with the same type; None where the other is None. Calendars apart."""
    assert given.subjects == expected.subjects
    assert given.booked_at == expected.booked_at
    for name in (entry.name for entry in fields(Cohort) if entry.name not in ("subjects", "booked_at", "calendar", "holds")):
        assert_equal_arrays(name, getattr(expected, name), getattr(given, name))
    assert (expected.holds is None) == (given.holds is None)
    if expected.holds is not None:
        for name in (entry.name for entry in fields(Holds)):
            assert_equal_arrays(name, getattr(expected.holds, name), getattr(given.holds, name))


def assert_equal_arrays(name: str, expected: np.ndarray | None, given: np.ndarray | None) -> None:
    assert (expected is None) == (given is None), name
    if expected is not None and given is not None:
        assert given.dtype == expected.dtype, name
        np.testing.assert_array_equal(given, expected, err_msg=name)


def state_or_none(table: FactTable, row: int, world: World) -> SubjectState | None:
    try:
        return subject_state(table.of_row(row), world)
    except NotEnrolledError:
        return None


def calendar_of(group: FoldedGroup, column: int) -> object:
    return group.calendars[0 if group.cohort.calendar is None else int(group.cohort.calendar[column])]


def assert_folded(table: FactTable, folded: Folded, world: World) -> None:
    """The fold says of each row what the subject's own state says."""
    states = {row: state for row in range(len(table.subjects)) if (state := state_or_none(table, row, world)) is not None}
    assert sorted(row for group in folded.groups for row in group.rows.tolist()) == sorted(states)
    for group in folded.groups:
        own = [states[row] for row in group.rows.tolist()]
        assert_equal_cohorts(cohort_of(group.plan, [state.facts for state in own]), group.cohort)
        assert {state.protocol_hash for state in own} == {group.protocol_hash}
        assert [group.sites[site] for site in group.site.tolist()] == [state.site for state in own]
        assert group.revision.tolist() == [state.revision for state in own]
        assert [calendar_of(group, column) for column in range(len(own))] == [state.calendar for state in own]
        assert len(set(map(id, group.calendars))) == len(group.calendars)
    expected = [(row, fact.number, fact.why) for row, state in states.items() for fact in state.unfit]
    assert [(fact.row, fact.number) for fact in folded.unfit] == sorted((row, number) for row, number, _ in expected)
    assert all(fact.subject == table.subjects[fact.row] for fact in folded.unfit)


@pytest.mark.parametrize("study", ["ulrrc", "crlm"])
@pytest.mark.parametrize("seed", range(4))
def test_random_logs_of_many_subjects(study: str, seed: int) -> None:
    random = Random(seed)
    world = study_world(study, random_calendars(random))
    logs = [random_log(random, world, SubjectKey(study, f"PEK-{number:03}"), random.randint(1, 16), odd=0.1) for number in range(12)]
    table = fact_table(mixed(random, logs))
    assert_folded(table, fold(table, world), world)


@pytest.mark.parametrize("seed", range(3))
def test_all_prefixes_of_a_random_log(seed: int) -> None:
    random = Random(seed)
    log = random_log(random, ulrrc(), KEY, 25, odd=0.1)
    table = prefixes(fact_table(log))
    assert len(table.subjects) == len(log)
    assert_folded(table, fold(table, ulrrc()), ulrrc())


def folded_logs(*logs: list[Fact]) -> Folded:
    return fold(fact_table(mixed(Random(1), logs)), ulrrc())


def test_no_subjects_give_no_groups() -> None:
    folded = fold(fact_table([]), ulrrc())
    assert (folded.subjects, folded.groups, folded.unfit) == ((), (), ())


def test_a_subject_whose_enrolment_is_undone_is_in_no_group() -> None:
    folded = folded_logs(
        log_of(enrolled(), NewFact(Kind.VISIT_DONE, "X9", DAY), NewFact(Kind.UNDONE, replaces=1)), log_of(enrolled(), key=key(2))
    )
    assert [group.cohort.subjects for group in folded.groups] == [("PEK-002",)]
    assert folded.unfit == ()


def test_a_group_for_each_protocol_text_with_calendars_shared() -> None:
    amended = NewFact(Kind.PROTOCOL_AMENDED, value=protocol_hash(2))
    moved = NewFact(Kind.SITE_TRANSFERRED, "SHA", DAY, details={"calendar": "calendar-1"})
    logs = [
        log_of(enrolled(), key=key(1)),
        log_of(enrolled(), amended, key=key(2)),
        log_of(enrolled(version=2), key=key(3)),
        log_of(enrolled(), moved, key=key(4)),
        log_of(enrolled(), moved, key=key(5)),
    ]
    folded = fold(fact_table([fact for log in logs for fact in log]), ulrrc())
    # Positions repeat from log to log, so rows come in the order of the subjects' first facts.
    first, second = folded.groups
    assert (first.protocol_hash, first.cohort.subjects) == (protocol_hash(), ("PEK-001", "PEK-004", "PEK-005"))
    assert (second.protocol_hash, second.cohort.subjects) == (protocol_hash(2), ("PEK-002", "PEK-003"))
    assert first.cohort.calendar is not None
    assert len(first.calendars) == 2
    assert first.cohort.calendar[1] == first.cohort.calendar[2] != first.cohort.calendar[0]
    assert second.cohort.calendar is None
    assert second.calendars == (ulrrc().calendar("calendar-0"),)
    assert [first.sites[site] for site in first.site] == ["PEK", "SHA", "SHA"]


def test_the_ids_of_visits_follow_each_subjects_parameters() -> None:
    booked = NewFact(Kind.BOOKED, "C6D1", DAY, value="08:00")
    six = NewFact(Kind.PARAMETER_SET, "cycles", value="6")
    folded = folded_logs(log_of(enrolled(), booked, key=key(1)), log_of(enrolled(), six, booked, key=key(2)))
    for group in folded.groups:
        for column, number in enumerate(group.cohort.subjects):
            state = subject_state(fact_table(log_of(enrolled(), *((six,) if number == "PEK-002" else ()), booked)), ulrrc())
            alone = cohort_of(group.plan, [state.facts])
            assert alone.booked is not None
            assert group.cohort.booked is not None
            np.testing.assert_array_equal(group.cohort.booked[:, column], alone.booked[:, 0])


def test_a_decision_dates_its_visit_unless_the_visit_has_its_own_date() -> None:
    decided = NewFact(Kind.DECISION_MADE, "management", DAY, value="surgery")
    done = NewFact(Kind.VISIT_DONE, "MDT", date(2026, 3, 5))
    group = folded_logs(log_of(enrolled(), decided, key=key(1)), log_of(enrolled(), done, decided, key=key(2))).groups[0]
    slot = group.plan.decision_slot[group.plan.decisions.index("management")]
    assert group.cohort.actual is not None
    by_subject = dict(zip(group.cohort.subjects, group.cohort.actual[slot].tolist(), strict=True))
    assert by_subject == {"PEK-001": day_number(DAY), "PEK-002": day_number(date(2026, 3, 5))}


def test_folded_prefixes_can_be_expanded_at_once() -> None:
    late = NewFact(Kind.VISIT_DONE, "C1D1", date(2026, 3, 5))
    table = prefixes(fact_table(log_of(enrolled(), late, NewFact(Kind.UNDONE, replaces=2))))
    group = fold(table, ulrrc()).groups[0]
    schedule = expand(group.plan, group.cohort, list(group.calendars), day_number(DAY))
    before, moved, back = schedule.effective.T
    assert (before != moved).any()
    np.testing.assert_array_equal(before, back)
