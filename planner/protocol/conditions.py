"""Conditions: ``{management: surgery, regimen.pd1: [with_cycle, own_clock]}``; keys are *and*, a list is *or* (R11)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from planner.protocol.errors import did_you_mean, quoted
from planner.protocol.faults import STAND_IN, Faults
from planner.protocol.grammar import GrammarError, parse_parameter_path, parse_whole_range
from planner.protocol.located_yaml import Path
from planner.protocol.model import Condition, Parameter, Requirement
from planner.protocol.names import Names
from planner.protocol.said import said


@dataclass
class ConditionReader:
    """Reads conditions against the file's names, and remembers which choices of decisions they use."""

    names: Names
    faults: Faults
    used_choices: set[tuple[str, str]] = field(default_factory=set)

    def condition(self, path: Path, given: Mapping[str, list[str]], decisions_allowed: bool = True) -> Condition | None:
        """The condition at ``path``; None if it has a fault (each is reported). ``decisions_allowed``: else parameters only."""
        found = [self._requirement((*path, key), key, values, decisions_allowed) for key, values in given.items()]
        return None if None in found else tuple(requirement for requirement in found if requirement is not None)

    def required_choices(self, path: Path, decision: str, given: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
        """What a choice of ``decision`` ``requires``: other decisions, each with the choices that will do."""
        found = {}
        for name, values in given.items():
            if name == decision or name in self.names.parameters:
                message = said(
                    "`requires` speaks of {what}; name another decision and its choices",
                    what=said("itself") if name == decision else said("a parameter"),
                )
                self.faults.add_at_key((*path, name), "bad-condition", message)
            elif name not in self.names.decisions:
                others = [other for other in self.names.decisions if other != decision]
                hint = did_you_mean(name, others, said("other decision"))
                self.faults.add_at_key(
                    (*path, name), "unknown-decision", said("{name} is no decision; {hint}", name=quoted(name), hint=hint)
                )
            else:
                requirement = self._of_decision((*path, name), name, values, allowed=True)
                if requirement is not None:
                    found[name] = requirement.allowed
        return found

    def _requirement(self, path: Path, key: str, values: list[str], decisions_allowed: bool) -> Requirement | None:
        if key in self.names.decisions:
            return self._of_decision(path, key, values, decisions_allowed)
        parts = parse_parameter_path(key)
        name, attribute = parts if parts is not None else (key, None)
        parameter = self.names.parameters.get(name)
        if parameter is None:
            if name not in self.names.broken_parameters:
                known = [*self.names.parameters, *(self.names.decisions if decisions_allowed else ())]
                what = said("parameter or decision") if decisions_allowed else said("parameter")
                several = said("parameter or decisions") if decisions_allowed else said("parameters")
                self.faults.add_at_key(
                    path,
                    "unknown-parameter",
                    said("{key} is no {what}; {hint}", key=quoted(key), what=what, hint=did_you_mean(name, known, several)),
                )
            return None
        possible = self._possible(path, parameter, attribute)
        if possible is None:
            return None
        values_known = frozenset(possible)
        allowed = [found for value in values for found in self._values(parameter, value)]
        unknown = [value for value in allowed if value not in values_known]
        for value in unknown:
            about = key if attribute is not None else parameter.name
            hint = did_you_mean(value, possible, said("values"))
            self.faults.add(
                path,
                "unknown-value",
                said("{value} is not a value of {about}; {hint}", value=quoted(value), about=quoted(about), hint=hint),
            )
        if unknown or not allowed:
            if not allowed and not self.faults.touches(path):
                self.faults.add(path, "bad-condition", said("{key} lists no value; write at least one", key=quoted(key)))
            return None
        return Requirement("parameter", name, attribute, tuple(dict.fromkeys(allowed)))

    def _possible(self, path: Path, parameter: Parameter, attribute: str | None) -> tuple[str, ...] | None:
        if attribute is None:
            return parameter.values
        carried = {key: None for values in parameter.attributes.values() for key in values}
        if attribute not in carried:
            hint = did_you_mean(attribute, carried, said("values under the choices of {parameter}", parameter=quoted(parameter.name)))
            self.faults.add_at_key(
                path,
                "unknown-attribute",
                said(
                    "the choices of {parameter} carry no {attribute}; {hint}",
                    parameter=quoted(parameter.name),
                    attribute=quoted(attribute),
                    hint=hint,
                ),
            )
            return None
        return tuple(dict.fromkeys(values[attribute] for values in parameter.attributes.values() if attribute in values))

    @staticmethod
    def _values(parameter: Parameter, value: str) -> list[str]:
        """One value, or all values of ``2..6`` where the parameter is a range of whole numbers."""
        if not (parameter.is_range and ".." in value):
            return [value]
        try:
            low, high = parse_whole_range(value)
        except GrammarError:
            return [value]
        return [str(number) for number in range(low, min(high, low + 1000) + 1)]

    def _of_decision(self, path: Path, name: str, values: list[str], allowed: bool) -> Requirement | None:
        if not allowed:
            self.faults.add_at_key(
                path, "bad-condition", said("{name} is a decision; only parameters can stand in this condition", name=quoted(name))
            )
            return None
        choices = self.names.decisions[name]
        self.used_choices.update((name, value) for value in values)
        unknown = [value for value in values if value not in choices]
        for value in unknown:
            if STAND_IN not in choices:
                self.faults.add(
                    path,
                    "unknown-choice",
                    said(
                        "{value} is not a choice of {name}; {did_you_mean}",
                        value=quoted(value),
                        name=quoted(name),
                        did_you_mean=did_you_mean(value, choices, said("choices")),
                    ),
                )
        return None if unknown or not values else Requirement("decision", name, None, tuple(dict.fromkeys(values)))
