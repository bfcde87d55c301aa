"""A protocol's rules in words: what a visit counts from, its window, how often it repeats, and what the checks watch."""

from __future__ import annotations

from planner.exchange.prints.protocol_texts import one_line
from planner.exchange.protocol_notation import reference_notation
from planner.protocol.durations import Duration
from planner.protocol.model import (
    AgeCheck,
    BetweenCheck,
    Bound,
    Check,
    Condition,
    IntervalCheck,
    LateCheck,
    OrderCheck,
    ParameterDuration,
    Protocol,
    RepeatEvery,
    RepeatTimes,
    RepeatUntil,
    Requirement,
    SinceCheck,
    Term,
    Translation,
    VisitDefinition,
    VisitShape,
)
from planner.ui.language import language, length_in_words, t, tn
from planner.ui.treatment_texts import choice_label, milestone_label, parameter_label, value_label
from planner.ui.words import listed


def anchor_words(protocol: Protocol, shape: VisitShape) -> str:
    """``14 days after C1D1``; what the day is where it is not counted."""
    if shape.start:
        return t("the start of the study, as given")
    if shape.is_milestone is not None:
        return t("the date of {milestone}, as given", milestone=milestone_label(protocol, shape.is_milestone))
    terms = [term_words(protocol, term) for term in shape.anchor]
    return terms[0] if len(terms) == 1 else t("the latest of: {days}", days="; ".join(terms))


def not_before_words(protocol: Protocol, shape: VisitShape) -> str:
    """The days that a visit is never planned before; empty for none."""
    days = "; ".join(term_words(protocol, term) for term in shape.not_before)
    return t("not before: {days}", days=days) if days else ""


def term_words(protocol: Protocol, term: Term) -> str:
    """``14 days after C1D1``."""
    offset = term.offset
    if isinstance(offset.duration, ParameterDuration):
        label = parameter_label(protocol, offset.duration.parameter)
        length = label if offset.duration.attribute is None else t("{attribute} of {what}", attribute=offset.duration.attribute, what=label)
        later = offset.sign > 0
    else:
        if _is_nothing(offset.duration):
            return t("the day of {what}", what=reference_words(term.text))
        length = length_in_words(offset.duration)
        later = _is_ahead(offset.duration) == (offset.sign > 0)
    if offset.times_number:
        length = t("{length} times the number", length=length)
    if later:
        return t("{length} after {what}", length=length, what=reference_words(term.text))
    return t("{length} before {what}", length=length, what=reference_words(term.text))


def reference_words(text: str) -> str:
    """A reference as the file writes it (``SBRT.last``, ``previous``), in other languages in words; an id or a name stays as it is."""
    of, _, which = text.rpartition(".")
    if of and which == "first":
        return t("{of}.first", of=of)
    if of and which == "last":
        return t("{of}.last", of=of)
    return {"previous": t("previous"), "first": t("first"), "like": t("like")}.get(text, text)


def window_words(shape: VisitShape) -> str:
    """``3 days before to 7 days after``; ``that day only``."""
    earliest, latest = shape.window.earliest, shape.window.latest
    if shape.start or shape.is_milestone is not None:
        return t("the day given")
    if _is_nothing(earliest) and _is_nothing(latest):
        return t("that day only")
    first, last = _side(earliest), _side(latest)
    if shape.window.counted_from == "nominal":
        return t("{first} to {last}", first=first, last=last)
    return t("{first} to {last}, counted from {what}", first=first, last=last, what=reference_words(shape.anchor[0].text))


def _side(bound: Duration) -> str:
    if _is_nothing(bound):
        return t("the day itself")
    length = length_in_words(bound)
    return t("{length} later", length=length) if _is_ahead(bound) else t("{length} earlier", length=length)


def _is_nothing(length: Duration) -> bool:
    return not (length.months or length.days or length.working_days)


def _is_ahead(length: Duration) -> bool:
    return (length.months, length.days, length.working_days or 0) > (0, 0, 0)


def repeat_words(protocol: Protocol, visit: VisitDefinition) -> str:
    """How often a visit repeats; empty for once."""
    if visit.like:
        return t("with each visit of {visits}", visits=listed(visit.like))
    match visit.repeat:
        case RepeatTimes(times=int(times)):
            return tn("{number} time", "{number} times", times)
        case RepeatTimes(times=times):
            return t("as often as “{parameter}” says", parameter=parameter_label(protocol, str(times)))
        case RepeatUntil(until=until, at_most=most):
            return t("until {end}, at most {most} times", end=term_words(protocol, until), most=most)
        case RepeatEvery(steps=steps):
            return "; ".join(
                t("{count} times every {length}", count=step.count, length=length_in_words(step.duration))
                + (f" ({condition_words(protocol, step.condition)})" if step.condition else "")
                for step in steps
            )
        case _:
            return ""


def when_words(protocol: Protocol, shape: VisitShape) -> str:
    """Under which conditions a visit takes place; empty for always."""
    parts = []
    if shape.when:
        parts.append(t("only if {condition}", condition=condition_words(protocol, shape.when)))
    if shape.unless:
        parts.append(t("unless {condition}", condition=condition_words(protocol, shape.unless)))
    if shape.ends_when:
        parts.append(t("ends with {condition}", condition=condition_words(protocol, shape.ends_when)))
    return "; ".join(parts)


def condition_words(protocol: Protocol, condition: Condition) -> str:
    """``Chemotherapy: pump = yes and Management: Surgery``."""
    return t(" and ").join(_requirement(protocol, requirement) for requirement in condition)


def _requirement(protocol: Protocol, requirement: Requirement) -> str:
    name, allowed = requirement.name, requirement.allowed
    if requirement.about == "decision":
        decision = protocol.decisions[name]
        label = one_line(_translation(protocol).decisions.get(name) or decision.label)
        values = [choice_label(protocol, name, choice) for choice in decision.choices if choice.name in allowed]
    else:
        label = parameter_label(protocol, name)
        values = (
            [attribute_word(value) for value in allowed]
            if requirement.attribute
            else [value_label(protocol, name, value) for value in allowed]
        )
    what = label if requirement.attribute is None else f"{label} ({requirement.attribute})"
    return f"{what} = {t(' or ').join(values)}"


def attribute_word(value: str) -> str:
    """What a value that parameters carry along is called, where the shipped protocols use it."""
    return {
        "own_clock": t("on its own days"),
        "with_cycle": t("with each cycle"),
        "yes": t("yes"),
        "no": t("no"),
    }.get(value, value)


def _translation(protocol: Protocol) -> Translation:
    return protocol.languages.get(language(), Translation())


def check_words(check: Check) -> str:
    """What a check watches, as a phrase."""
    match check:
        case OrderCheck():
            then = t("any procedure") if check.then is None else reference_words(check.then_text)
            return t("{first} is not after {then}", first=reference_words(check.before_text), then=then)
        case IntervalCheck():
            first, then = reference_words(check.start_text), reference_words(check.end_text)
            return t("from {first} to {then}: {limit}", first=first, then=then, limit=_limit(check.bound, check.duration))
        case BetweenCheck():
            what = check.series or listed(check.doses)
            return t("between neighbouring dates of {what}: {limit}", what=what, limit=_limit(check.bound, check.duration))
        case LateCheck():
            length = length_in_words(check.duration)
            return t("a visit of {series} more than {length} later than its exact day", series=check.series, length=length)
        case SinceCheck():
            return t("more than {length} since the last dose of {doses}", length=length_in_words(check.duration), doses=listed(check.doses))
        case AgeCheck():
            where = reference_words(reference_notation(check.at))
            return t("age at {visit}: {lowest} to {highest} years", visit=where, lowest=check.lowest, highest=check.highest)


def check_label(protocol: Protocol, check: Check) -> str:
    """What a check is called in the language of the page."""
    return one_line(_translation(protocol).checks.get(check.id) or check.label)


def _limit(bound: Bound, length: Duration) -> str:
    word = {"at_least": t("at least"), "at_most": t("at most"), "more_than": t("more than"), "less_than": t("less than")}[bound]
    return f"{word} {length_in_words(length)}"
