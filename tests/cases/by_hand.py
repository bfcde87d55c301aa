"""Small protocols written in a line or two, for tests of single rules."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from planner.protocol.durations import Duration, parse_duration
from planner.protocol.model import (
    NO_OFFSET,
    AccompaniedReference,
    Activity,
    ActivityUse,
    Check,
    Condition,
    Decision,
    DoseReference,
    FirstMemberReference,
    Milestone,
    MilestoneReference,
    Offset,
    Parameter,
    PreviousReference,
    Protocol,
    Reference,
    Repeat,
    Requirement,
    SeriesReference,
    Term,
    VisitDefinition,
    VisitReference,
    VisitShape,
    Window,
)
from tests.cases.protocols import ACTIVITIES, PLAIN

_TERM = re.compile(r"(?P<reference>.+?)(?: (?P<sign>[+-]) (?P<duration>\w+)(?P<times> \* n)?)?")


def duration(text: str) -> Duration:
    """A duration as written."""
    found = parse_duration(text)
    assert found is not None, text
    return found


def reference(text: str) -> Reference:
    """A reference as written; milestones are written in capitals after a colon (``:CONSENT``)."""
    if text.startswith(":"):
        return MilestoneReference(text[1:])
    if text == "previous":
        return PreviousReference()
    if text == "first":
        return FirstMemberReference()
    if "{n}" in text:
        return AccompaniedReference()
    if text.startswith("any("):
        doses, which = text[4:].split(").")
        return DoseReference(tuple(doses.split(", ")), which)
    if "." in text:
        series, which = text.split(".")
        return SeriesReference(series, which)
    return VisitReference(text)


def term(text: str) -> Term:
    """``SBRT.last + 3mo * n``."""
    match = _TERM.fullmatch(text)
    assert match is not None, text
    offset = NO_OFFSET
    if match["duration"]:
        offset = Offset(duration(match["duration"]), sign=-1 if match["sign"] == "-" else 1, times_number=match["times"] is not None)
    return Term(reference(match["reference"]), offset, match["reference"].lstrip(":"))


def shape(at: str | tuple[str, ...] = (), window: str = "0d/0d", within: str = "", activities: str = "", **rules: Any) -> VisitShape:
    """A shape; ``at`` is a term or several for ``latest of``, ``activities`` are separated by spaces."""
    edges = within.split("..") if within else window.split("/")
    counted_from = "anchor" if within else "nominal"
    uses = tuple(ActivityUse(name) for name in activities.split())
    gives_dose = any(ACTIVITIES[use.activity].dose for use in uses)
    rules = {"roll": "next" if gives_dose else "nearest", **rules}
    if "not_before" in rules:
        rules["not_before"] = tuple(term(text) for text in rules["not_before"])
    return replace(
        PLAIN,
        anchor=tuple(term(text) for text in ((at,) if isinstance(at, str) else at)),
        window=Window(duration(edges[0]), duration(edges[1]), counted_from),
        activities=uses,
        **rules,
    )


def visit(id: str, at: str | tuple[str, ...] = (), **rules: Any) -> VisitDefinition:
    """A single visit."""
    made = shape(at, **{"name": id, **rules})
    return VisitDefinition(id, None, None, (), made, made)


def start(id: str = "C1D1", **rules: Any) -> VisitDefinition:
    """The start visit."""
    return visit(id, start=True, **rules)


def series(name: str, id: str, repeat: Repeat, first: VisitShape, then: VisitShape | None = None) -> VisitDefinition:
    """A series."""
    return VisitDefinition(id, name, repeat, (), first, then or first)


def companions(id: str, like: tuple[str, ...], made: VisitShape) -> VisitDefinition:
    """The companions of other visits."""
    return VisitDefinition(id, None, None, like, made, made)


def when(decision: str, *allowed: str) -> Condition:
    """A condition on a decision."""
    return (Requirement("decision", decision, None, allowed),)


def protocol(
    *visits: VisitDefinition,
    parameters: tuple[Parameter, ...] = (),
    milestones: tuple[Milestone, ...] = (Milestone("CONSENT", "Consent"),),
    decisions: tuple[Decision, ...] = (),
    checks: tuple[Check, ...] = (),
    activities: dict[str, Activity] = ACTIVITIES,
) -> Protocol:
    """A protocol of these parts."""
    return Protocol(
        id="by-hand",
        version="1",
        title="",
        registry=None,
        parameters={parameter.name: parameter for parameter in parameters},
        milestones={milestone.id: milestone for milestone in milestones},
        decisions={decision.name: decision for decision in decisions},
        activities=activities,
        visits=visits,
        checks=checks,
        languages={},
    )
