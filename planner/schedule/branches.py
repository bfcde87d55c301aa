"""The branches of a subject's open decisions, each as a subject of its own: one call to the engine compares them (R11)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from planner.protocol.model import Choice, Protocol
from planner.protocol.plan import Plan
from planner.schedule.facts import DecisionMade, SubjectFacts


def branch_facts(plan: Plan, facts: SubjectFacts) -> tuple[SubjectFacts, ...]:
    """One subject ``ID/decision=choice`` for each choice still open that opens, closes or ends something.

    A choice that requires another decision takes the first outcome that allows it; one that contradicts a recorded
    decision is left out.
    """
    protocol = plan.protocol
    branches = []
    for name in plan.decisions:
        if name in facts.decisions or not _matters(protocol, name):
            continue
        for choice in protocol.decisions[name].choices:
            decisions = _with_required(protocol, facts.decisions, choice)
            if decisions is not None:
                decisions[name] = DecisionMade(choice.name)
                branches.append(replace(facts, subject=f"{facts.subject}/{name}={choice.name}", decisions=decisions))
    return tuple(branches)


def _matters(protocol: Protocol, decision: str) -> bool:
    """Whether any visit or activity depends on the decision, or a choice of it ends something."""
    if any(choice.ends for choice in protocol.decisions[decision].choices):
        return True
    shapes = [shape for visit in protocol.visits for shape in (visit.first, visit.then)]
    conditions = [condition for shape in shapes for condition in (shape.when, shape.unless, shape.ends_when)]
    conditions += [use.condition for shape in shapes for use in shape.activities]
    return any(requirement.about == "decision" and requirement.name == decision for condition in conditions for requirement in condition)


def _with_required(protocol: Protocol, recorded: Mapping[str, DecisionMade], choice: Choice) -> dict[str, DecisionMade] | None:
    """The decisions on record and those that ``choice`` requires, to the end of the chain; None if they contradict."""
    decisions = dict(recorded)
    for other, allowed in choice.requires.items():
        made = decisions.get(other)
        if made is not None:
            if made.choice not in allowed:
                return None
            continue
        for outcome in (known for known in protocol.decisions[other].choices if known.name in allowed):
            further = _with_required(protocol, decisions, outcome)
            if further is not None:
                decisions = {**further, other: DecisionMade(outcome.name)}
                break
        else:
            return None
    return decisions
