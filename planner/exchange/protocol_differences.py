"""In what two versions of a protocol differ, by what they mean: comments, layout and the order of keys do not count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Literal

from planner.exchange.protocol_notation import (
    activity_mark,
    anchor_notation,
    check_notation,
    condition_notation,
    reference_notation,
    repeat_notation,
    term_notation,
    when_notation,
    window_notation,
)
from planner.protocol.model import (
    Check,
    Decision,
    Milestone,
    Parameter,
    Protocol,
    RepeatUntil,
    Translation,
    VisitDefinition,
    VisitShape,
)

Section = Literal["study", "parameter", "milestone", "decision", "activity", "visit", "check", "translation"]
Parts = Mapping[str, str]
"""Part of a rule (``window``, ``later members: window``) to its notation."""

WHOLE = ""
"""The part of a difference that says that something is in one of the two only."""
ORDER = "order"
"""The part of a difference that says that the same things stand in another order."""
FIRST_MEMBER, LATER_MEMBERS = "first", "later"


@dataclass(frozen=True, slots=True)
class Difference:
    """One part of one thing that is not the same in both; texts are in the notation of the file."""

    section: Section
    name: str
    """The id of what differs; "" for the study itself."""
    part: str
    """``window``, ``label``, and so on; for members of a series that are not alike ``first window``, ``later window``. Or ``WHOLE``."""
    before: str
    """Empty where the first has none."""
    after: str


def differences(before: Protocol, after: Protocol) -> tuple[Difference, ...]:
    """All differences, in the order of the files: what the second has, then what only the first had."""
    return tuple(
        difference
        for section, old, new in zip(_SECTIONS, _sections(before), _sections(after), strict=True)
        for difference in _between(section, old, new)
    )


def _between(section: Section, before: Mapping[str, Parts], after: Mapping[str, Parts]) -> Iterator[Difference]:
    for name in dict.fromkeys((*after, *before)):
        old, new = before.get(name), after.get(name)
        if old is None or new is None:
            yield Difference(section, name, WHOLE, "" if old is None else _summary(old), "" if new is None else _summary(new))
            continue
        for part in dict.fromkeys((*new, *old)):
            was, is_now = old.get(part, ""), new.get(part, "")
            if was != is_now:
                yield Difference(section, name, part, was, is_now)
    old_order, new_order = [name for name in before if name in after], [name for name in after if name in before]
    if old_order != new_order:
        yield Difference(section, "", ORDER, ", ".join(old_order), ", ".join(new_order))


def _summary(parts: Parts) -> str:
    """The parts that identify a thing, for where it is in one of the two only."""
    told = (parts.get(part) or parts.get(f"{FIRST_MEMBER} {part}", "") for part in ("label", "name", "anchor", "repeat", "window", "when"))
    return "; ".join(dict.fromkeys(text for text in told if text))


_SECTIONS: tuple[Section, ...] = ("study", "parameter", "milestone", "decision", "activity", "visit", "check", "translation")


def _sections(protocol: Protocol) -> tuple[Mapping[str, Parts], ...]:
    return (
        {"": {"id": protocol.id, "version": protocol.version, "title": protocol.title, "registry": protocol.registry or ""}},
        {name: _parameter(parameter) for name, parameter in protocol.parameters.items()},
        {name: _milestone(milestone) for name, milestone in protocol.milestones.items()},
        {name: _decision(decision) for name, decision in protocol.decisions.items()},
        {
            name: {part: getattr(activity, part) or "" for part in ("label", "dose", "prepare", "bring")}
            for name, activity in protocol.activities.items()
        },
        {visit.id: _visit(visit) for visit in protocol.visits},
        {check.id: _check(check) for check in protocol.checks},
        {code: _translation(translation) for code, translation in protocol.languages.items()},
    )


def _parameter(parameter: Parameter) -> Parts:
    values = f"{parameter.values[0]}..{parameter.values[-1]}" if parameter.is_range else ", ".join(parameter.values)
    attributes = {
        f"value {value}": ", ".join(f"{name}: {text}" for name, text in carried.items()) for value, carried in parameter.attributes.items()
    }
    return {
        "label": parameter.label,
        "values": values,
        "default": parameter.default or "",
        "optional": "yes" if parameter.optional else "",
        **attributes,
    }


def _milestone(milestone: Milestone) -> Parts:
    return {
        "label": milestone.label,
        "optional": "yes" if milestone.optional else "",
        "anchor": "" if milestone.reference is None else reference_notation(milestone.reference),
    }


def _decision(decision: Decision) -> Parts:
    choices = {}
    for choice in decision.choices:
        requires = [f"requires {name} = {' or '.join(allowed)}" for name, allowed in choice.requires.items()]
        ends = [f"ends {choice.ends}"] if choice.ends else []
        choices[f"choice {choice.name}"] = "; ".join([choice.label, *requires, *ends])
    names = ", ".join(choice.name for choice in decision.choices)
    return {"label": decision.label, "visit": decision.visit, "choices": names, **choices}


def _check(check: Check) -> Parts:
    return {"label": check.label, "rule": check_notation(check)}


def _visit(visit: VisitDefinition) -> Parts:
    first, then = _shape(visit.first), _shape(visit.then)
    alike = visit.first is visit.then or first == then
    parts = {
        "series": visit.series or "",
        "repeat": "" if visit.repeat is None else repeat_notation(visit.repeat),
        "at_most": str(visit.repeat.at_most) if isinstance(visit.repeat, RepeatUntil) else "",
        "numbering": _numbering(visit),
        "like": ", ".join(visit.like),
    }
    if alike:
        return {**parts, **first}
    for part, text in first.items():
        if text == then[part]:
            parts[part] = text
        else:
            parts[f"{FIRST_MEMBER} {part}"], parts[f"{LATER_MEMBERS} {part}"] = text, then[part]
    return parts


def _numbering(visit: VisitDefinition) -> str:
    if visit.repeat is None:
        return ""
    numbering = visit.repeat.numbering
    return f"after {numbering.after}" if numbering.after is not None else f"from {numbering.start}"


def _shape(shape: VisitShape) -> dict[str, str]:
    return {
        "name": shape.name,
        "epoch": shape.epoch,
        "kind": shape.kind,
        "anchor": anchor_notation(shape),
        "window": window_notation(shape),
        "not_before": ", ".join(map(term_notation, shape.not_before)),
        "on": shape.on,
        "roll": shape.roll,
        "open_also": "; ".join(f"{condition_notation(also.condition)}: {also.days:+d}d" for also in shape.open_also),
        "with": shape.with_series or "",
        "redo": "yes" if shape.redo else "",
        "activities": ", ".join(f"{use.activity} ({mark})" if (mark := activity_mark(use)) else use.activity for use in shape.activities),
        "when": when_notation(shape),
        "minutes": "" if shape.minutes is None else str(shape.minutes),
        "source": ", ".join(f"{part}: {source}" for part, source in shape.source.items()),
        "rationale": shape.rationale or "",
    }


def _translation(translation: Translation) -> Parts:
    return dict(_flat(asdict(translation), ""))


def _flat(value: object, path: str) -> Iterator[tuple[str, str]]:
    """Texts by their path: ``visits C1D1``."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _flat(inner, f"{path} {name}".strip())
    elif value is not None:
        yield path, str(value)
