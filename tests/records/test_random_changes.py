"""Random people recording random things: what is accepted is foreseen rightly, what is refused is said in whole sentences."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from planner.records.caller import Caller
from planner.records.changes.change import worked_out
from planner.records.changes.proposal import Proposal, RefusedError
from planner.records.changes.standing import standing_of
from planner.records.changes.view import view_of
from planner.records.facts.fact import Fact, SubjectKey
from planner.records.facts.kinds import SHAPES, Kind
from planner.records.fold.fact_table import fact_table
from planner.records.fold.subject_facts import SubjectState, subject_state
from planner.records.people.settings import Settings
from planner.schedule.fact_faults import faults_of, parameter_codes
from planner.schedule.visit_ids import slot_of
from tests.records.random_facts import random_act, written
from tests.records.worlds import World, random_calendars, random_world, study_world

SEEDS = 20
STEPS = 15


@pytest.mark.parametrize("seed", range(SEEDS))
def test_random_changes(seed: int) -> None:
    """A subject's log grows by what is accepted."""
    random = Random(seed)
    world = study_world("ulrrc", random_calendars(random)) if seed % 3 == 0 else random_world(random)
    key = SubjectKey(world.study, "S1")
    at = datetime(2026, 1, 5, 9, tzinfo=UTC)
    log: list[Fact] = []
    outcomes: Counter[str] = Counter()
    for _ in range(STEPS):
        at += timedelta(days=random.randrange(20))
        facts = random_act(random, world, log, at.date(), odd=0.2)
        caller = Caller("nurse", at)
        try:
            proposal = worked_out(key, log, facts, caller, Settings(), world)
        except RefusedError as error:
            assert_sentences(error.messages)
            outcomes["refused"] += 1
            continue
        longer = written(log, facts, key, at)
        assert_kept(proposal, log, longer, world, caller)
        log = longer
        outcomes["accepted"] += 1
    assert outcomes["accepted"], outcomes


def assert_sentences(messages: tuple[str, ...]) -> None:
    """Whole sentences, each once."""
    assert messages and len(set(messages)) == len(messages)
    for message in messages:
        assert message[-1] in ".?" and len(message) > 15 and "None" not in message, message


def assert_kept(proposal: Proposal, log: list[Fact], longer: list[Fact], world: World, caller: Caller) -> None:
    """What was foreseen comes about, and nothing that is refused came in."""
    assert proposal.last_seen == len(log)
    if not proposal.after:
        assert not any(fact.kind is Kind.ENROLLED for fact in standing_of(longer).values())
        return
    view = view_of(longer, world, caller)
    assert proposal.after == view.rows
    assert not {unfit.number for unfit in view.unfit} - set(range(1, len(log) + 1)), "a new fact does not fit"
    if log and proposal.before:
        before = subject_state(fact_table(log), world)
        if before.protocol_hash == view.state.protocol_hash:
            assert_same_slots(before, view.state)
            assert len(new_faults(before, view.state, view.today)) == 0
    redo = {slot.id_pattern for slot in view.state.plan.slots if slot.redo}
    counted = Counter(
        (fact.kind, fact.said.item)
        for fact in standing_of(longer).values()
        if SHAPES[fact.kind].one_of_item and fact.number > len(log) and fact.said.item not in redo
    )
    assert all(number == 1 for number in counted.values()), counted


def new_faults(before: SubjectState, after: SubjectState, today: date) -> set[tuple[str, str]]:
    """What R18 refuses and did not refuse before."""
    old, new = ({(fault.fact, fault.message) for fault in faults_of(state.plan, state.facts, today)} for state in (before, after))
    return new - old


def assert_same_slots(before: SubjectState, after: SubjectState) -> None:
    """R10: what was recorded of a visit is still about the same one."""
    codes = [parameter_codes(state.plan, state.facts) for state in (before, after)]
    for visit in (*before.facts.actual, *before.facts.missed, *before.facts.booked):
        assert slot_of(before.plan, visit, codes[0]) is slot_of(before.plan, visit, codes[1]), visit
