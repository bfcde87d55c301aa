"""Branches that nobody can reach: conditions that exclude themselves, or what they hang on."""

from __future__ import annotations

from collections.abc import Mapping

from planner.protocol.branches import can_be_met
from planner.protocol.errors import quoted
from planner.protocol.faults import Faults
from planner.protocol.file_shape import ProtocolShape
from planner.protocol.located_yaml import Path
from planner.protocol.model import (
    AccompaniedReference,
    Condition,
    Decision,
    RepeatEvery,
    Requirement,
    VisitDefinition,
    VisitReference,
    VisitShape,
)
from planner.protocol.names import Names, Outline
from planner.protocol.said import said


class Reachability:
    """Reports every choice, visit, activity and step that no subject can come to."""

    def __init__(
        self,
        shape: ProtocolShape,
        names: Names,
        definitions: Mapping[int, VisitDefinition],
        decisions: Mapping[str, Decision],
        faults: Faults,
    ) -> None:
        """Look at these definitions, by their place in the file; faults are reported to ``faults``."""
        self.shape = shape
        self.names = names
        self.definitions = definitions
        self.decisions = decisions
        self.faults = faults

    def run(self) -> None:
        """Look at everything."""
        for decision in self.decisions.values():
            for choice in decision.choices:
                if choice.requires and not self._possible((Requirement("decision", decision.name, None, (choice.name,)),)):
                    message = said(
                        "the choice {choice} can never be made: what it requires is impossible; mend its `requires`",
                        choice=quoted(choice.name),
                    )
                    self.faults.add(("decisions", decision.name, "choices", choice.name, "requires"), "unreachable-branch", message)
        for index, definition in self.definitions.items():
            self._visit(index, definition, definition.first, "first")
            self._visit(index, definition, definition.then, "then")
            self._steps(index, definition)

    def _visit(self, index: int, definition: VisitDefinition, shape: VisitShape, block: str) -> None:
        path: Path = ("visits", index)
        override = getattr(self.shape.visits[index], block)
        place = (*path, block, "when") if override is not None and override.when is not None else (*path, "when")
        if shape.when and not self._possible(shape.when):
            message = said("no subject can meet this `when`: its choices, or what they `require`, exclude each other; mend one of them")
            self.faults.add(place, "unreachable-branch", message)
        elif not self._possible(self._with_anchors(definition, shape, set())):
            message = said(
                "{definition} hangs on a visit of another branch, so no subject can reach it; change `when`, or its anchor",
                definition=quoted(definition.id),
            )
            self.faults.add(place if shape.when else (*path, "at"), "unreachable-branch", message)
        for use in shape.activities:
            if use.condition and not self._possible((*shape.when, *use.condition)):
                message = said(
                    "no subject of this visit can have {activity}: `when` excludes the activity's condition; mend one of them",
                    activity=quoted(use.activity),
                )
                self.faults.add((*path, "activities"), "unreachable-branch", message)

    def _steps(self, index: int, definition: VisitDefinition) -> None:
        if not isinstance(definition.repeat, RepeatEvery):
            return
        for position, step in enumerate(definition.repeat.steps):
            if step.condition and not self._possible((*definition.then.when, *step.condition)):
                message = said("no subject can meet this step's condition; mend it, or remove the step")
                self.faults.add(("visits", index, "repeat", "every", position), "unreachable-branch", message)

    def _possible(self, condition: Condition) -> bool:
        return can_be_met(condition, self.names.parameters, self.decisions)

    def _with_anchors(self, definition: VisitDefinition, shape: VisitShape, seen: set[str]) -> Condition:
        """The visit's own condition with those of the visits it hangs on, where it hangs on just one."""
        found = [*shape.when]
        if len(shape.anchor) == 1 and definition.id not in seen:
            seen.add(definition.id)
            reference = shape.anchor[0].reference
            if isinstance(reference, VisitReference):
                found += self._condition_of(self.names.visits.get(reference.visit), seen)
            elif isinstance(reference, AccompaniedReference) and len(definition.like) == 1:
                name = definition.like[0]
                found += self._condition_of(self.names.visits.get(name) or self.names.series.get(name), seen)
        return tuple(found)

    def _condition_of(self, outline: Outline | None, seen: set[str]) -> Condition:
        anchor = self.definitions.get(outline.index) if outline is not None else None
        return self._with_anchors(anchor, anchor.then, seen) if anchor is not None else ()
