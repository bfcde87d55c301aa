"""What will hurt later in a protocol that has no faults, as ``validate`` shows it; what depends on a calendar is told elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from planner.protocol.durations import Duration
from planner.protocol.errors import ProtocolError, quoted
from planner.protocol.model import (
    AccompaniedReference,
    Condition,
    DoseReference,
    Protocol,
    Reference,
    RepeatEvery,
    Requirement,
    SeriesReference,
    Step,
    VisitDefinition,
    VisitReference,
    VisitShape,
)
from planner.protocol.names import number_in
from planner.protocol.said import said
from planner.protocol.windows import days_at_least, days_at_most

WARNING_CODES: dict[str, str] = {
    "conditional-anchor": said("A visit counts from one that not every subject has; without it the visit is conditional or cancelled."),
    "overlapping-windows": said("Two neighbouring members of a series counted from one anchor can have windows that overlap."),
    "idle-decision-visit": said("A visit of kind `decision` at which no decision is taken."),
}
"""Every warning with its meaning; the documentation's table is checked against this one."""


def protocol_warnings(protocol: Protocol, file_name: str = "<protocol>") -> tuple[ProtocolError, ...]:
    """All warnings, by line; each at its visit's entry."""
    found: dict[ProtocolError, None] = {}
    decided_at = {decision.visit for decision in protocol.decisions.values()}
    for definition in protocol.visits:
        messages = [("conditional-anchor", message) for message in _conditional_anchors(definition, protocol)]
        messages += [("overlapping-windows", message) for message in _overlaps(definition)]
        if definition.first.kind == "decision" and definition.id not in decided_at:
            messages.append(
                (
                    "idle-decision-visit",
                    said("no decision is taken at {definition}; name it in a decision's `at:`", definition=quoted(definition.id)),
                )
            )
        for code, message in messages:
            found[ProtocolError(definition.line, 1, code, message, file_name)] = None
    return tuple(sorted(found))


def _conditional_anchors(definition: VisitDefinition, protocol: Protocol) -> Iterator[str]:
    for shape in (definition.first, definition.then):
        missing = [_missing(definition, shape, term.reference, protocol) for term in shape.anchor]
        if missing and all(missing):
            for term, conditions in zip(shape.anchor, missing, strict=True):
                shown = tuple(quoted(_shown(requirement)) for requirement in conditions)
                message = said(
                    "{definition} counts from {term}, which is there only for {shown}",
                    definition=quoted(definition.id),
                    term=quoted(term.text),
                    shown=shown,
                )
                yield said("{message}; give it the same `when`, or another anchor", message=message)


def _missing(definition: VisitDefinition, shape: VisitShape, reference: Reference, protocol: Protocol) -> Condition:
    """What every visit that could give the reference asks for, and this visit does not."""
    givers = list(_givers(definition, reference, protocol))
    if not givers:
        return ()
    common = [requirement for requirement in givers[0].when if all(_asks(other, requirement) for other in givers)]
    return tuple(requirement for requirement in common if not _asks(shape, requirement))


def _asks(shape: VisitShape, requirement: Requirement) -> bool:
    """Whether the shape's ``when`` is at least as narrow as the requirement."""
    return any(
        (own.about, own.name, own.attribute) == (requirement.about, requirement.name, requirement.attribute)
        and set(own.allowed) <= set(requirement.allowed)
        for own in shape.when
    )


def _givers(definition: VisitDefinition, reference: Reference, protocol: Protocol) -> Iterator[VisitShape]:
    """The shapes of the visits whose date the reference may be."""
    for other in protocol.visits:
        for shape in (other.first, other.then):
            if isinstance(reference, VisitReference):
                fits = other.id == reference.visit or number_in(other.id, reference.visit) is not None
            elif isinstance(reference, SeriesReference):
                fits = other.repeat is not None and reference.series in (other.series, other.id)
            elif isinstance(reference, AccompaniedReference):
                fits = not other.like and (other.series in definition.like or other.id in definition.like)
            elif isinstance(reference, DoseReference):
                fits = any(protocol.activities[use.activity].dose in reference.doses for use in shape.activities)
            else:
                fits = False
            if fits:
                yield shape


def _shown(requirement: Requirement) -> str:
    name = requirement.name if requirement.attribute is None else f"{requirement.name}.{requirement.attribute}"
    return f"{name}: {' or '.join(requirement.allowed)}"


def _overlaps(definition: VisitDefinition) -> Iterator[str]:
    shape = definition.then
    window = shape.window
    longest = days_at_most(window.latest)
    if longest is None or window.counted_from == "anchor" or any(bound.working_days for bound in (window.earliest, window.latest)):
        return
    width = longest - days_at_least(window.earliest)
    for step in _steps(definition, shape):
        if days_at_least(step) <= width:
            span = quoted(f"{window.earliest}/{window.latest}")
            yield said(
                "members of {definition} come {step} apart, and their windows {span} overlap; narrow the window",
                definition=quoted(definition.id),
                step=str(step),
                span=span,
            )
            return


def _steps(definition: VisitDefinition, shape: VisitShape) -> list[Duration]:
    """The steps between neighbouring members that are counted from one anchor."""
    if isinstance(definition.repeat, RepeatEvery):
        steps: list[Step] = [step for step in definition.repeat.steps for _ in range(min(step.count, 2))]
        return [later.duration for _, later in pairwise(steps)]
    if definition.repeat is not None and len(shape.anchor) == 1 and shape.anchor[0].offset.times_number:
        duration = shape.anchor[0].offset.duration
        return [duration] if isinstance(duration, Duration) and not duration.working_days else []
    return []
