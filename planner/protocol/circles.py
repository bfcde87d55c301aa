"""Visits that count from each other in a circle, found over every possible member, with the whole loop named."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from planner.protocol.model import (
    AccompaniedReference,
    Decision,
    DoseReference,
    FirstMemberReference,
    PreviousReference,
    Reference,
    RepeatUntil,
    SeriesReference,
    Term,
    VisitDefinition,
    VisitReference,
    VisitShape,
)
from planner.protocol.names import NUMBER_MARK, Names

Member = tuple[int, int]
Node = Member | str
"""A member (definition's place in the file, position from 1), or the text of a reference to several members."""


@dataclass(frozen=True, slots=True)
class Loop:
    """A circle: the file place of the visit it is told from, and its members by id, the first one again at the end."""

    definition: int
    text: str


@dataclass(frozen=True, slots=True)
class Graph:
    """What each member's dates and state are computed from."""

    names: Names
    definitions: Mapping[int, VisitDefinition]
    decisions: Mapping[str, Decision]

    def members(self, index: int) -> list[Member]:
        """Every possible member of a definition."""
        return [(index, position) for position in range(1, self.names.outlines[index].most + 1)]

    def all_edges(self) -> dict[Node, list[Node]]:
        """Each member to all it needs; references to many stand between as nodes of their own."""
        edges: dict[Node, list[Node]] = {}
        for index, definition in self.definitions.items():
            for node in self.members(index):
                edges[node] = list(dict.fromkeys(self._needed(index, definition, node[1], edges)))
        return edges

    def _needed(self, index: int, definition: VisitDefinition, position: int, edges: dict[Node, list[Node]]) -> Iterator[Node]:
        shape = definition.first if position == 1 else definition.then
        repeat = definition.repeat
        terms: list[Term] = [*shape.anchor, *shape.not_before]
        if isinstance(repeat, RepeatUntil):
            terms.append(repeat.until)
            if position > 1:
                yield (index, position - 1)
        for term in terms:
            yield from self._members_of(term.reference, index, position, edges)
        if shape.with_series is not None:
            yield self._group(f"with {shape.with_series}", self._series(shape.with_series), edges)
        if definition.like:
            yield from self._accompanied(index, position)
        yield from self._ending_decisions(shape)

    def _ending_decisions(self, shape: VisitShape) -> Iterator[Node]:
        for requirement in shape.ends_when:
            decision = self.decisions.get(requirement.name) if requirement.about == "decision" else None
            if decision is not None:
                yield from self._visit(decision.visit)

    def _members_of(self, reference: Reference, index: int, position: int, edges: dict[Node, list[Node]]) -> Iterator[Node]:
        if isinstance(reference, VisitReference):
            yield from self._visit(reference.visit)
        elif isinstance(reference, PreviousReference):
            yield (index, position - 1)
        elif isinstance(reference, FirstMemberReference):
            if position > 1:
                yield (index, 1)
        elif isinstance(reference, AccompaniedReference):
            yield from self._accompanied(index, position)
        elif isinstance(reference, SeriesReference):
            yield self._group(f"{reference.series}.{reference.which}", self._series(reference.series), edges)
        elif isinstance(reference, DoseReference):
            name = f"any({', '.join(reference.doses)}).{reference.which}"
            if reference.which == "previous":
                giving = self._giving(reference.doses)
                yield self._group(f"{name} of entry {index}", [member for member in giving if member[0] < index], edges)
                yield from (member for member in giving if member[0] == index and member[1] < position)
            else:
                yield self._group(name, self._giving(reference.doses), edges)

    @staticmethod
    def _group(name: str, members: list[Member], edges: dict[Node, list[Node]]) -> Node:
        edges.setdefault(name, list(members))
        return name

    def _series(self, name: str) -> list[Member]:
        outline = self.names.series.get(name)
        return self.members(outline.index) if outline is not None else []

    def _visit(self, visit: str) -> Iterator[Node]:
        single = self.names.visits.get(visit)
        if single is not None:
            yield (single.index, 1)
            return
        for outline, number in self.names.members(visit):
            for start in range(outline.lowest_start, outline.highest_start + 1):
                if outline.is_series and 1 <= number - start + 1 <= outline.most:
                    yield (outline.index, number - start + 1)
            if not outline.is_series:
                yield from self.members(outline.index)

    def _accompanied(self, index: int, position: int) -> Iterator[Node]:
        """The visit that the companion at this position follows: the accompanied ones' members, one after the other."""
        for accompanied in self.names.accompanied_by(self.names.outlines[index]):
            if position <= accompanied.most:
                yield (accompanied.index, position)
                return
            position -= accompanied.most

    def _giving(self, doses: tuple[str, ...]) -> list[Member]:
        return [
            node
            for index, definition in self.definitions.items()
            for node in self.members(index)
            if self._gives(definition, node[1], doses)
        ]

    def _gives(self, definition: VisitDefinition, position: int, doses: tuple[str, ...]) -> bool:
        shape = definition.first if position == 1 else definition.then
        return any(position % use.every == 0 and self.names.activities.get(use.activity) in doses for use in shape.activities)

    def shown(self, node: Node) -> str:
        """A member's id."""
        if isinstance(node, str):
            return node
        outline = self.names.outlines[node[0]]
        if outline.accompanied_numbers is None:
            return outline.id.replace(NUMBER_MARK, str(outline.lowest_start + node[1] - 1))
        numbers = outline.accompanied_numbers
        return outline.id.replace(NUMBER_MARK, str(numbers[min(node[1], len(numbers)) - 1] if numbers else node[1]))


def loops_in(graph: Graph) -> list[Loop]:
    """One loop, the shortest, for each knot of visits that count from each other."""
    edges = graph.all_edges()
    found: list[Loop] = []
    while True:
        try:
            TopologicalSorter(edges).prepare()
        except CycleError as error:
            on_loop = set(error.args[1])
        else:
            return found
        start = min(node for node in on_loop if not isinstance(node, str))
        loop = _shortest_loop(start, edges)
        found.append(Loop(start[0], _told(loop, graph)))
        edges = _without_knot(start, edges)


def _shortest_loop(start: Node, edges: Mapping[Node, list[Node]]) -> list[Node]:
    """The nodes from ``start`` back to it."""
    came_from: dict[Node, Node] = {}
    waiting = deque([start])
    while waiting:
        node = waiting.popleft()
        for needed in edges.get(node, ()):
            if needed == start:
                back = [node]
                while back[-1] != start:
                    back.append(came_from[back[-1]])
                return [*reversed(back), start]
            if needed not in came_from:
                came_from[needed] = node
                waiting.append(needed)
    return [start, start]


def _without_knot(start: Node, edges: Mapping[Node, list[Node]]) -> dict[Node, list[Node]]:
    """The graph without the nodes that reach ``start`` and are reached from it."""
    knot = _reached(start, edges) & _reached(start, _reversed(edges)) | {start}
    return {node: [needed for needed in found if needed not in knot] for node, found in edges.items() if node not in knot}


def _reversed(edges: Mapping[Node, list[Node]]) -> dict[Node, list[Node]]:
    back: dict[Node, list[Node]] = {}
    for node, found in edges.items():
        for needed in found:
            back.setdefault(needed, []).append(node)
    return back


def _reached(start: Node, edges: Mapping[Node, list[Node]]) -> set[Node]:
    seen: set[Node] = set()
    waiting = [start]
    while waiting:
        for needed in edges.get(waiting.pop(), ()):
            if needed not in seen:
                seen.add(needed)
                waiting.append(needed)
    return seen


def _told(loop: list[Node], graph: Graph) -> str:
    """``M1 (any(pd1).last) -> M1``: each visit in order, with the reference that leads on."""
    told = ""
    for node in loop:
        if isinstance(node, str):
            told += f" ({node.split(' of entry ')[0]})"
        else:
            told += (" -> " if told else "") + graph.shown(node)
    return told
