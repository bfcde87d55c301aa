"""What can only be seen with the whole file understood: the start, decisions' visits, windows, branches, circles."""

from __future__ import annotations

from collections.abc import Mapping

from planner.protocol.branches import report_unused_choices, requirement_loop
from planner.protocol.circles import Graph, loops_in
from planner.protocol.errors import did_you_mean, quoted
from planner.protocol.faults import STAND_IN, Faults
from planner.protocol.file_shape import ProtocolShape
from planner.protocol.located_yaml import Path
from planner.protocol.model import MOST_SLOTS, Decision, VisitDefinition
from planner.protocol.names import Names
from planner.protocol.reachability import Reachability
from planner.protocol.said import said
from planner.protocol.windows import report_window
from planner.protocol.written_visits import written_visit


class CrossChecks:
    """Checks over all definitions that could be built, by their place in the file."""

    def __init__(
        self,
        shape: ProtocolShape,
        names: Names,
        definitions: Mapping[int, VisitDefinition],
        decisions: Mapping[str, Decision],
        faults: Faults,
    ) -> None:
        """Check these definitions; faults are reported to ``faults``."""
        self.shape = shape
        self.names = names
        self.definitions = definitions
        self.decisions = decisions
        self.faults = faults

    def run(self, used_choices: set[tuple[str, str]]) -> None:
        """Report everything that does not fit together."""
        self._start()
        self._decision_visits()
        report_unused_choices(self.decisions, used_choices, self.faults)
        loop = requirement_loop(self.decisions)
        if loop is not None:
            message = said("these decisions each require the next one first: {loop}; remove one `requires`", loop=" -> ".join(loop))
            self.faults.add_at_key(("decisions", loop[0]), "circle", message)
        elif self.names.most_slots <= MOST_SLOTS:
            Reachability(self.shape, self.names, self.definitions, self.decisions, self.faults).run()
        if self.names.most_slots <= MOST_SLOTS:
            self._windows()
            self._circles()

    def _start(self) -> None:
        starts: list[Path] = []
        for index, entry in enumerate(self.shape.visits):
            if (entry.first.start if entry.first is not None else None) and entry.repeat is not None:
                starts.append(("visits", index, "first", "start"))
            elif entry.start:
                starts.append(("visits", index, "start"))
                if entry.repeat is not None:
                    message = said(
                        "only a series' first member can be the start; write `first: {{start: true}}`, and `then: {{at: previous + 21d}}`"
                    )
                    self.faults.add_at_key(("visits", index, "start"), "start-count", message)
            if entry.then is not None and entry.then.start:
                message = said("a later member cannot be the start; write `first: {{start: true}}`")
                self.faults.add_at_key(("visits", index, "then", "start"), "start-count", message)
        for path in starts[1:]:
            line = self.faults.line(starts[0])
            self.faults.add_at_key(
                path, "start-count", said("line {line} is the start already; keep `start: true` at one visit", line=line)
            )
        unclear = any(
            STAND_IN in entry.id or self.faults.touches(("visits", index, "start")) for index, entry in enumerate(self.shape.visits)
        )
        if not starts and not unclear:
            message = said("no visit is the start; write `start: true` at the one whose date is given at enrolment")
            self.faults.add_at_key(("visits",), "start-count", message)

    def _decision_visits(self) -> None:
        for name, decision in self.decisions.items():
            path: Path = ("decisions", name, "at")
            outline = self.names.visits.get(decision.visit)
            if outline is None:
                hint = did_you_mean(decision.visit, self.names.visits, said("visits"))
                self.faults.add(
                    path,
                    "not-a-decision-visit",
                    said("{visit} is no single visit to decide at; {hint}", visit=quoted(decision.visit), hint=hint),
                )
            elif outline.entry.kind != "decision" and not self.faults.touches(("visits", outline.index, "kind")):
                line = self.faults.line(("visits", outline.index))
                message = said(
                    "{visit} (line {line}) is not of kind decision; add `kind: decision` there", visit=quoted(decision.visit), line=line
                )
                self.faults.add(path, "not-a-decision-visit", message)

    def _windows(self) -> None:
        for index, definition in self.definitions.items():
            outline = self.names.outlines[index]
            blocks = [written_visit(index, outline.entry, "first")]
            if definition.then is not definition.first:
                blocks.append(written_visit(index, outline.entry, "then"))
            for written in blocks:
                report_window(definition, outline, written, self.names.parameters, self.faults)

    def _circles(self) -> None:
        for loop in loops_in(Graph(self.names, self.definitions, self.decisions)):
            entry = self.shape.visits[loop.definition]
            path: Path = ("visits", loop.definition, "at")
            if entry.at is None and entry.first is not None and entry.first.at is not None:
                path = ("visits", loop.definition, "first", "at")
            self.faults.add(
                path,
                "circle",
                said(
                    "these visits count from each other in a circle: {loop}; let one of them count from a visit outside it", loop=loop.text
                ),
            )
