"""Which conditions any subject can meet, and which choices of a decision are of use to anyone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product
from math import prod

from planner.protocol.errors import quoted
from planner.protocol.faults import Faults
from planner.protocol.model import Condition, Decision, Parameter, Requirement
from planner.protocol.said import said

_MOST_COMBINATIONS = 2_000


def can_be_met(requirements: Condition, parameters: Mapping[str, Parameter], decisions: Mapping[str, Decision]) -> bool:
    """Whether some values and some choices, each with what it ``requires``, meet all requirements at once."""
    for name in {requirement.name for requirement in requirements if requirement.about == "parameter"}:
        parameter = parameters[name]
        about = [requirement for requirement in requirements if requirement.about == "parameter" and requirement.name == name]
        if not any(
            all(_holds(parameter, value, requirement.attribute, requirement.allowed) for requirement in about) for value in parameter.values
        ):
            return False
    return _decidable([requirement for requirement in requirements if requirement.about == "decision"], decisions)


def _holds(parameter: Parameter, value: str, attribute: str | None, allowed: tuple[str, ...]) -> bool:
    return (value if attribute is None else parameter.attributes.get(value, {}).get(attribute)) in allowed


def _decidable(requirements: Iterable[Requirement], decisions: Mapping[str, Decision]) -> bool:
    allowed: dict[str, set[str]] = {}
    for requirement in requirements:
        name, values = requirement.name, set(requirement.allowed)
        allowed[name] = allowed.get(name, values) & values
    waiting = list(allowed)
    while waiting:
        for choice in decisions[waiting.pop()].choices:
            for needed in choice.requires:
                if needed not in allowed and needed in decisions:
                    allowed[needed] = {other.name for other in decisions[needed].choices}
                    waiting.append(needed)
    names = list(allowed)
    if prod(len(values) for values in allowed.values()) > _MOST_COMBINATIONS:
        return True
    requires = {(name, choice.name): choice.requires for name in names for choice in decisions[name].choices}
    for choices in product(*(sorted(allowed[name]) for name in names)):
        made = dict(zip(names, choices, strict=True))
        if all(made.get(other) in values for name, choice in made.items() for other, values in requires.get((name, choice), {}).items()):
            return True
    return not names


def requirement_loop(decisions: Mapping[str, Decision]) -> list[str] | None:
    """Decisions of which each needs the next one recorded first, back to the first; None if there are none."""
    for start in decisions:
        waiting = [[start]]
        seen: set[str] = set()
        while waiting:
            chain = waiting.pop()
            for choice in decisions[chain[-1]].choices:
                for needed in choice.requires:
                    if needed == start:
                        return [*chain, start]
                    if needed in decisions and needed not in seen:
                        seen.add(needed)
                        waiting.append([*chain, needed])
    return None


def report_unused_choices(decisions: Mapping[str, Decision], used: set[tuple[str, str]], faults: Faults) -> None:
    """Report each choice that changes nothing: no condition names it, and it ends nothing."""
    for name, decision in decisions.items():
        for choice in decision.choices:
            if (name, choice.name) not in used and choice.ends is None:
                message = said(
                    "nothing uses the choice {choice} of {name}; name it in a when, unless, ends_when or requires, give it "
                    "`ends:`, or remove it",
                    choice=quoted(choice.name),
                    name=quoted(name),
                )
                faults.add_at_key(("decisions", name, "choices", choice.name), "unused-choice", message)
