"""Other versions of a protocol: what an amendment may change, so that facts recorded under the old version may no longer fit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from random import Random

from planner.protocol.compile import compile_plan
from planner.protocol.model import Protocol
from planner.protocol.plan import Plan
from planner.schedule.calendar_sources import every_day_calendar
from planner.schedule.cohort_facts import cohort_of
from planner.schedule.days import day_number
from planner.schedule.expand import expand
from planner.schedule.facts import SubjectFacts
from tests.protocol.small_protocols import SMALL
from tests.schedule.studies import PROTOCOLS

TEXTS: dict[str, str] = {"small": SMALL, **{name: (PROTOCOLS / f"{name}.yaml").read_text(encoding="utf-8") for name in ("ulrrc", "crlm")}}
"""The text of each study, by its id."""

_CHANGES: dict[str, tuple[tuple[tuple[str, str], ...], ...]] = {
    "small": (
        (("CAPOX: {cycle: 21d,", "CAPOX: {cycle: 28d,"), ("repeat: {times: 5}", "repeat: {times: 4}")),
        (("choices: [good, poor]", "choices: [good, fair]"), ("unless: {response: poor}", "unless: {response: fair}")),
        (("cycles: {range: 3..6, default: 4}", "cycles: {range: 2..4, default: 3}"),),
        (("      FOLFOX: {cycle: 14d, pump: yes, pd1: own_clock}", "      XELIRI: {cycle: 14d, pump: yes, pd1: own_clock}"),),
        (("  PRIOR_RT_END: {", "  PRIOR_RT: {"), ("from: PRIOR_RT_END", "from: PRIOR_RT")),
        (("repeat: {times: 5}", "repeat: {times: 7}"),),
    ),
    "ulrrc": (
        (("CAPOX: {cycle: 21d,", "CAPOX: {cycle: 28d,"),),
        (("      FOLFOXIRI: {cycle: 14d, pump: yes, pd1: own_clock}\n", ""), ("range: 3..6, default: 4", "range: 4..8, default: 5")),
        (("choices: [24, 60], default: 24", "choices: [24, 36], default: 24"), ("follow_up_months: 60", "follow_up_months: 36")),
    ),
    "crlm": (
        (("range: 1..6, default: 1", "range: 1..3, default: 2"),),
        (("CAPOX: {cycle: 21d,", "CAPOX: {cycle: 28d,"), ("choices: [imaging, biopsy, both]", "choices: [both, biopsy, imaging]")),
    ),
}


def amended_texts(study: str) -> list[str]:
    """The study's text, then other versions of it that differ in what they know: cycles, choices, visits, milestones."""
    texts = [TEXTS[study]]
    for pieces in _CHANGES[study]:
        text = TEXTS[study]
        for old, new in pieces:
            assert old in text, old
            text = text.replace(old, new)
        texts.append(text)
    return texts


def amended_plan(random: Random, protocol: Protocol) -> Plan:
    """A plan of the protocol with one to three things changed; of the protocol itself where no change could be made."""
    plan = compile_plan(protocol)
    for _ in range(random.randint(1, 3)):
        change: Callable[[Random, Protocol], Protocol] = random.choice(
            [_without_visit, _without_visit, _without_choice, _other_values, _other_cycle, _without_activity, _without_milestone]
        )
        try:
            changed = compile_plan(change(random, plan.protocol))
            _try_out(changed)
        except (KeyError, ValueError, IndexError, RuntimeError, StopIteration, AssertionError):
            continue  # what was taken away is needed elsewhere in the protocol
        plan = changed
    return plan


def _try_out(plan: Plan) -> None:
    day = date(2026, 1, 5)
    expand(plan, cohort_of(plan, [SubjectFacts("S1", day)]), [every_day_calendar()], day_number(day))


def _without_visit(random: Random, protocol: Protocol) -> Protocol:
    gone = random.choice(protocol.visits)
    decisions = {name: decision for name, decision in protocol.decisions.items() if decision.visit != gone.id}
    return replace(protocol, visits=tuple(visit for visit in protocol.visits if visit is not gone), decisions=decisions)


def _without_choice(random: Random, protocol: Protocol) -> Protocol:
    decision = random.choice(list(protocol.decisions.values()))
    kept = list(decision.choices)
    kept.remove(random.choice(kept))
    return replace(protocol, decisions={**protocol.decisions, decision.name: replace(decision, choices=tuple(kept))})


def _other_values(random: Random, protocol: Protocol) -> Protocol:
    """A parameter with fewer values, in another order, or without the parameter where nothing needs it."""
    parameter = random.choice(list(protocol.parameters.values()))
    values = [value for value in parameter.values if value == parameter.default or random.random() < 0.7]
    if not parameter.is_range:
        random.shuffle(values)
    if not values:
        return replace(protocol, parameters={name: one for name, one in protocol.parameters.items() if one is not parameter})
    return replace(protocol, parameters={**protocol.parameters, parameter.name: replace(parameter, values=tuple(values))})


def _other_cycle(random: Random, protocol: Protocol) -> Protocol:
    parameter = protocol.parameters["regimen"]
    attributes = {choice: {**values, "cycle": random.choice(["10d", "17d", "35d"])} for choice, values in parameter.attributes.items()}
    return replace(protocol, parameters={**protocol.parameters, "regimen": replace(parameter, attributes=attributes)})


def _without_activity(random: Random, protocol: Protocol) -> Protocol:
    gone = random.choice(list(protocol.activities))
    uses = {use.activity for visit in protocol.visits for shape in (visit.first, visit.then) for use in shape.activities}
    if gone in uses:
        raise ValueError(gone)
    return replace(protocol, activities={name: activity for name, activity in protocol.activities.items() if name != gone})


def _without_milestone(random: Random, protocol: Protocol) -> Protocol:
    gone = random.choice(list(protocol.milestones))
    return replace(protocol, milestones={name: milestone for name, milestone in protocol.milestones.items() if name != gone})
