"""The schedule of activities: what is done at which visit, as a table to read beside the protocol."""

from __future__ import annotations

from dataclasses import dataclass, replace

from planner.protocol.model import (
    Condition,
    Offset,
    ParameterDuration,
    Protocol,
    RepeatEvery,
    RepeatTimes,
    RepeatUntil,
    VisitDefinition,
    VisitShape,
)

ALWAYS = "X"


@dataclass(frozen=True, slots=True)
class VisitColumn:
    """One column: a visit, or the first or the later members of a series where they differ."""

    visit: str
    name: str
    epoch: str
    timing: str
    """Anchor and offset, and how often it repeats."""
    window: str
    when: str
    """The condition under which the visit takes place, "" for always."""
    marks: tuple[str, ...]
    """For each activity of the matrix: ``X``, the condition under which it is done, or "" if it is not."""


@dataclass(frozen=True, slots=True)
class ActivityMatrix:
    """``activities`` are (id, label), the rows; a column holds a mark for each of them."""

    activities: tuple[tuple[str, str], ...]
    columns: tuple[VisitColumn, ...]


def activity_matrix(protocol: Protocol) -> ActivityMatrix:
    """The schedule of activities of a protocol, both in the file's order; activities that no visit has are left out."""
    used = {use.activity for visit in protocol.visits for shape in (visit.first, visit.then) for use in shape.activities}
    activities = tuple((id_, activity.label) for id_, activity in protocol.activities.items() if id_ in used)
    columns = [column for visit in protocol.visits for column in _columns(visit, activities)]
    return ActivityMatrix(activities, tuple(columns))


def _columns(visit: VisitDefinition, activities: tuple[tuple[str, str], ...]) -> list[VisitColumn]:
    first = _column(visit, visit.first, activities)
    then = _column(visit, visit.then, activities)
    if visit.repeat is None or (first.timing, first.window, first.marks) == (then.timing, then.window, then.marks):
        return [first]
    return [_named(first, "first"), _named(then, "later")]


def _named(column: VisitColumn, which: str) -> VisitColumn:
    return replace(column, visit=f"{column.visit} {which}")


def _column(visit: VisitDefinition, shape: VisitShape, activities: tuple[tuple[str, str], ...]) -> VisitColumn:
    marks = {use.activity: _mark(use.condition, use.every) for use in shape.activities}
    return VisitColumn(
        visit=visit.id,
        name=shape.name,
        epoch=shape.epoch or "With the visit it goes with",
        timing=_timing(visit, shape),
        window=_window(shape),
        when=_when(shape),
        marks=tuple(marks.get(id_, "") for id_, _ in activities),
    )


def _mark(condition: Condition, every: int) -> str:
    parts = [f"every {every}"] if every > 1 else []
    if condition:
        parts.append(_condition(condition))
    return ", ".join(parts) or ALWAYS


def _condition(condition: Condition) -> str:
    return " and ".join(
        f"{requirement.name}{'.' + requirement.attribute if requirement.attribute else ''} = {' or '.join(requirement.allowed)}"
        for requirement in condition
    )


def _when(shape: VisitShape) -> str:
    parts = [f"when {_condition(shape.when)}"] if shape.when else []
    parts += [f"unless {_condition(shape.unless)}"] if shape.unless else []
    parts += [f"ends when {_condition(shape.ends_when)}"] if shape.ends_when else []
    return "; ".join(parts)


def _timing(visit: VisitDefinition, shape: VisitShape) -> str:
    if shape.start:
        return "start"
    if shape.is_milestone is not None:
        return shape.is_milestone
    terms = [f"{term.text}{_offset(term.offset)}" for term in shape.anchor]
    text = terms[0] if len(terms) == 1 else f"latest of {', '.join(terms)}"
    match visit.repeat:
        case RepeatTimes(times=times):
            return f"{text}; {times} times" if isinstance(times, int) else f"{text}; as many as {times}"
        case RepeatUntil(until=until):
            return f"{text}; until {until.text}{_offset(until.offset)}"
        case RepeatEvery(steps=steps):
            every = [f"{step.count} x {step.duration}{f' if {_condition(step.condition)}' if step.condition else ''}" for step in steps]
            return f"{text}; every {', '.join(every)}"
        case _:
            return text


def _offset(offset: Offset) -> str:
    sign = "+" if offset.sign > 0 else "-"
    duration = offset.duration
    if isinstance(duration, ParameterDuration):
        written = duration.parameter + (f".{duration.attribute}" if duration.attribute else "")
    else:
        written = str(duration)
        if written == "0d":
            return ""
    return f" {sign} {written}" + (" * n" if offset.times_number else "")


def _window(shape: VisitShape) -> str:
    earliest, latest = shape.window.earliest, shape.window.latest
    if shape.start or shape.is_milestone is not None or (str(earliest), str(latest)) == ("0d", "0d"):
        return ""
    signed = [text if text.startswith("-") else f"+{text}" for text in (str(earliest), str(latest))]
    return f"{signed[0]}/{signed[1]}" if shape.window.counted_from == "nominal" else f"within {signed[0]}..{signed[1]}"
