"""A protocol's rules in the notation of its file: ``previous + 21d``, ``-3d/+7d``, ``when management = surgery``."""

from __future__ import annotations

from planner.protocol.model import (
    AccompaniedReference,
    ActivityUse,
    AgeCheck,
    BetweenCheck,
    Check,
    Condition,
    DoseReference,
    FirstMemberReference,
    IntervalCheck,
    LateCheck,
    MilestoneReference,
    Offset,
    OrderCheck,
    ParameterDuration,
    PreviousReference,
    Reference,
    Repeat,
    RepeatEvery,
    RepeatTimes,
    RepeatUntil,
    SeriesReference,
    SinceCheck,
    Term,
    VisitDefinition,
    VisitReference,
    VisitShape,
)


def timing_notation(visit: VisitDefinition, shape: VisitShape) -> str:
    """From what a visit is counted, and how often it repeats; ``start`` for the start."""
    text = anchor_notation(shape)
    if shape.start or shape.is_milestone is not None or visit.repeat is None:
        return text
    return f"{text}; {repeat_notation(visit.repeat)}"


def anchor_notation(shape: VisitShape) -> str:
    """From what a visit is counted: ``C1D1 + 14d``."""
    if shape.start:
        return "start"
    if shape.is_milestone is not None:
        return shape.is_milestone
    terms = [term_notation(term) for term in shape.anchor]
    return terms[0] if len(terms) == 1 else f"latest of {', '.join(terms)}"


def repeat_notation(repeat: Repeat) -> str:
    """How often a visit repeats: ``5 times``, ``until LAST_DOSE``."""
    match repeat:
        case RepeatTimes(times=times):
            return f"{times} times" if isinstance(times, int) else f"as many as {times}"
        case RepeatUntil(until=until):
            return f"until {term_notation(until)}"
        case RepeatEvery(steps=steps):
            every = [
                f"{step.count} x {step.duration}{f' if {condition_notation(step.condition)}' if step.condition else ''}" for step in steps
            ]
            return f"every {', '.join(every)}"


def term_notation(term: Term) -> str:
    """One anchor with its offset: ``SBRT.last + 42d``."""
    return f"{term.text}{_offset(term.offset)}"


def window_notation(shape: VisitShape) -> str:
    """``-3d/+7d``, ``within -28d..-1d``; empty where it is the nominal day alone."""
    earliest, latest = shape.window.earliest, shape.window.latest
    if shape.start or shape.is_milestone is not None or (str(earliest), str(latest)) == ("0d", "0d"):
        return ""
    signed = [text if text.startswith("-") else f"+{text}" for text in (str(earliest), str(latest))]
    return f"{signed[0]}/{signed[1]}" if shape.window.counted_from == "nominal" else f"within {signed[0]}..{signed[1]}"


def when_notation(shape: VisitShape) -> str:
    """The conditions under which a visit takes place; empty for always."""
    parts = [f"when {condition_notation(shape.when)}"] if shape.when else []
    parts += [f"unless {condition_notation(shape.unless)}"] if shape.unless else []
    parts += [f"ends when {condition_notation(shape.ends_when)}"] if shape.ends_when else []
    return "; ".join(parts)


def condition_notation(condition: Condition) -> str:
    """``regimen.pump = yes and management = surgery or maintenance``."""
    return " and ".join(
        f"{requirement.name}{'.' + requirement.attribute if requirement.attribute else ''} = {' or '.join(requirement.allowed)}"
        for requirement in condition
    )


def activity_mark(use: ActivityUse) -> str:
    """When an activity is done at its visit: ``every 2, regimen.pd1 = with_cycle``; empty for each time."""
    parts = [f"every {use.every}"] if use.every > 1 else []
    if use.condition:
        parts.append(condition_notation(use.condition))
    return ", ".join(parts)


def reference_notation(reference: Reference) -> str:
    """``C1D1``, ``SBRT.last``, ``any(chemotherapy, pd1).last``."""
    match reference:
        case VisitReference(visit=name) | MilestoneReference(milestone=name):
            return name
        case SeriesReference(series=series, which=which):
            return f"{series}.{which}"
        case DoseReference(doses=doses, which=which):
            return f"any({', '.join(doses)}).{which}"
        case PreviousReference():
            return "previous"
        case FirstMemberReference():
            return "first"
        case AccompaniedReference():
            return "like"


def check_notation(check: Check) -> str:
    """A check's rule: ``from LAB to C1D1: at_most 15d``."""
    match check:
        case OrderCheck():
            return f"order: {check.before_text}, {check.then_text}"
        case IntervalCheck():
            return f"from {check.start_text} to {check.end_text}: {check.bound} {check.duration}"
        case BetweenCheck():
            return f"between {check.series or _any(check.doses)}: {check.bound} {check.duration}"
        case LateCheck():
            return f"late {check.series}: more_than {check.duration}"
        case SinceCheck():
            return f"since {_any(check.doses)}: more_than {check.duration}"
        case AgeCheck():
            return f"age {check.parameter} at {check.at_text}: {check.lowest}..{check.highest}"


def _any(doses: tuple[str, ...]) -> str:
    return f"any({', '.join(doses)})"


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
