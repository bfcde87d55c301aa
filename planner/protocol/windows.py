"""Whether a nominal date lies in its own window, as far as that can be told without dates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import accumulate

from planner.protocol.durations import Duration, parse_duration
from planner.protocol.errors import quoted
from planner.protocol.faults import Faults
from planner.protocol.located_yaml import Path
from planner.protocol.model import Offset, Parameter, ParameterDuration, RepeatEvery, VisitDefinition, VisitShape, Window
from planner.protocol.names import Outline
from planner.protocol.said import said
from planner.protocol.written_visits import WrittenVisit


def days_at_least(length: Duration) -> int:
    """The fewest calendar days that a duration can come to."""
    return _months(length.months, fewest=True) + length.days + _working(length.working_days, fewest=True)


def days_at_most(length: Duration) -> int | None:
    """The most calendar days that a duration can come to; None for working days ahead, which have no limit."""
    if length.working_days is not None and length.working_days > 0:
        return None
    return _months(length.months, fewest=False) + length.days + _working(length.working_days, fewest=False)


def _months(months: int, fewest: bool) -> int:
    """Days of whole months: 28 to 31 for one, and closer together the more there are."""
    if months < 0:
        return -_months(-months, not fewest)
    return max(28 * months, months * 30437 // 1000 - 4) if fewest else min(31 * months, months * 30437 // 1000 + 4)


def _working(days: int | None, fewest: bool) -> int:
    if days is None or days == 0:
        return 0
    return days if (days > 0) == fewest else -10_000 if fewest else days


def surely_later(one: Duration, other: Duration) -> bool:
    """Whether ``one`` after any day is later than ``other`` after the same day, whatever the calendar."""
    if (one.working_days is None) == (other.working_days is None) and not (one.months or other.months):
        return (one.working_days or 0, one.days) > (other.working_days or 0, other.days)
    if one.months and other.months and not (one.days or other.days):
        return one.months > other.months
    most = days_at_most(other)
    return most is not None and days_at_least(one) > most


def offsets_of(offset: Offset, numbers: range, parameters: Mapping[str, Parameter]) -> Iterator[Duration]:
    """Every value that an offset can take, over the parameter's values and the members' numbers."""
    for base in _bases(offset, parameters):
        for number in {numbers[0], numbers[-1]} if offset.times_number and len(numbers) else {1}:
            yield base.times(offset.sign * number)


def _bases(offset: Offset, parameters: Mapping[str, Parameter]) -> list[Duration]:
    if not isinstance(offset.duration, ParameterDuration):
        return [offset.duration]
    parameter = parameters[offset.duration.parameter]
    attribute = offset.duration.attribute
    values = parameter.values if attribute is None else [carried.get(attribute, "") for carried in parameter.attributes.values()]
    return [length for value in values if (length := parse_duration(value)) is not None]


def report_window(
    definition: VisitDefinition, outline: Outline, written: WrittenVisit, parameters: Mapping[str, Parameter], faults: Faults
) -> None:
    """Report a window that runs backwards, or that the nominal date of this member is not in."""
    shape = definition.first if written.is_first else definition.then
    window = shape.window
    path = written.place("window" if window.counted_from == "nominal" else "within")
    if surely_later(window.earliest, window.latest):
        faults.add(
            path, "bad-window", said("the window begins after its end; write {shown}", shown=_shown(window.latest, window.earliest, window))
        )
    elif window.counted_from == "nominal":
        _report_around_nominal(window, path, faults)
    elif len(shape.anchor) > 1:
        faults.add(
            path, "bad-window", said("`within` counts from the one anchor and cannot stand with `latest of`; write `window: -3d/+7d`")
        )
    else:
        _report_within(definition, outline, shape, path, parameters, faults)


def _report_around_nominal(window: Window, path: Path, faults: Faults) -> None:
    nothing = Duration()
    if surely_later(window.earliest, nothing) or surely_later(nothing, window.latest):
        side = said("begins after") if surely_later(window.earliest, nothing) else said("ends before")
        message = said("the window {side} the nominal date, which must lie in it; write days before and after it: -3d/+7d", side=side)
        faults.add(path, "nominal-outside-window", message)


def _report_within(
    definition: VisitDefinition, outline: Outline, shape: VisitShape, path: Path, parameters: Mapping[str, Parameter], faults: Faults
) -> None:
    if isinstance(definition.repeat, RepeatEvery):
        steps = [step.duration for step in definition.repeat.steps for _ in range(step.count)]
        offsets: list[Duration] = list(accumulate(steps, Duration.plus))
    else:
        offsets = [offset for term in shape.anchor for offset in offsets_of(term.offset, outline.numbers, parameters)]
    for offset in offsets:
        if surely_later(shape.window.earliest, offset) or surely_later(offset, shape.window.latest):
            span = _shown(shape.window.earliest, shape.window.latest, shape.window)
            message = said(
                "the nominal date, {offset} from the anchor, is outside {span}; widen the window, or change the offset",
                offset=str(offset),
                span=quoted(span),
            )
            faults.add(path, "nominal-outside-window", message)
            return


def _shown(earliest: Duration, latest: Duration, window: Window) -> str:
    return f"{earliest}{'/' if window.counted_from == 'nominal' else '..'}{latest}"
