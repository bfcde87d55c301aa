"""Many subjects at once against the same subjects one by one: both ways through the log must foresee the same."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from random import Random

import pytest

from planner.records.caller import Caller
from planner.records.changes.held_doses import given_in_holds, held_dose_warnings
from planner.records.changes.lost_visits import lost_warnings
from planner.records.changes.many_changes import compared, proposal_of
from planner.records.changes.moves import moves_between
from planner.records.changes.view import SubjectView, view_of
from planner.records.changes.worsening import unfit_warnings, warnings_between
from planner.records.facts.fact import Fact, NewFact, SubjectKey
from planner.records.facts.kinds import Kind
from planner.records.fold.fact_table import fact_table
from planner.records.fold.subject_facts import NotEnrolledError
from planner.records.people.roles import Action
from planner.schedule.checks import Finding
from planner.schedule.closed_with import visit_closed_with
from planner.schedule.expand import NoOpenDayError
from planner.schedule.held_days import held_until
from tests.records.random_facts import random_log, written
from tests.records.worlds import World, random_calendars, random_world, study_world

AT = datetime(2027, 3, 1, 12, tzinfo=UTC)
CALLER = Caller("nurse", AT)
ACTS: dict[str, tuple[NewFact, ...]] = {
    "amended": (NewFact(Kind.PROTOCOL_AMENDED, value="1", details={"plan": "x"}, reason="protocol_amendment"),),
    "refreshed": (NewFact(Kind.CALENDAR_REFRESHED, "PEK", value="calendar-1", reason="calendar_changed"),),
}


def view_or_none(facts: list[Fact], world: World) -> SubjectView | None:
    """The view of one subject's log, if it is enrolled and its calendar has the days."""
    try:
        return view_of(facts, world, CALLER)
    except (NotEnrolledError, NoOpenDayError):
        return None


def evaluated(view: SubjectView) -> list[Finding]:
    """The findings with both dates."""
    return [finding for finding in view.findings if finding.result != "not_evaluated" and finding.second_day is not None]


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("seed", range(12))
def test_many_are_as_one_by_one(act: str, seed: int) -> None:
    """Rows, findings, facts that do not fit, moves and warnings of random subjects before and after an act."""
    random = Random(seed)
    world = study_world("ulrrc", random_calendars(random)) if seed % 3 == 0 else random_world(random)
    hashes = list(world.plans)
    facts = tuple(
        NewFact(said.kind, value=hashes[1] if said.value == "1" else said.value, details=said.details, reason=said.reason)
        for said in ACTS[act]
    )
    expected, logs = {}, []
    for number in range(1, 6):
        key = SubjectKey(world.study, f"S{number}")
        log = random_log(random, world, key, random.randint(2, 14))
        before, after = view_or_none(log, world), view_or_none(written(log, facts, key, AT), world)
        if before is not None and after is not None:
            expected[key] = (before, after)
            logs.append(log)
    table = fact_table([fact for log in logs for fact in log])
    comparisons = compared(table, range(len(table.subjects)), facts, world, CALLER)
    assert [each.subject for each in comparisons] == list(table.subjects)
    for each in comparisons:
        before, after = expected[each.subject]
        proposal = proposal_of(each, facts, [Action.AMEND])
        assert (proposal.before, proposal.after) == (before.rows, after.rows)
        assert [each.before.findings, each.after.findings] == [evaluated(before), evaluated(after)]
        assert [(unfit.number, unfit.why) for unfit in proposal.unfit] == [(unfit.number, unfit.why) for unfit in after.unfit]
        assert proposal.moves == moves_between(before.rows, after.rows)
        why_closed, why_held = partial(visit_closed_with, after.schedule, 0), partial(held_until, after.schedule, 0)
        assert proposal.warnings == (
            *held_dose_warnings(given_in_holds(before.schedule)[0], given_in_holds(after.schedule)[0]),
            *lost_warnings(before.rows, after.rows, {fact.kind for fact in facts}),
            *warnings_between(before.rows, after.rows, before.findings, after.findings, why_closed, why_held),
            *unfit_warnings(before.unfit, after.unfit),
        )
        assert (proposal.last_seen, proposal.as_of) == (before.revision, after.today)
        assert proposal.needs == {(Action.AMEND, before.state.site)}
