"""What a protocol file means: frozen data, with every reference, duration and condition already understood.

A ``Protocol`` holds no date and knows no subject. ``planner.protocol.read`` makes it from a file, and refuses
the file when anything in it does not fit; so whoever holds a ``Protocol`` may rely on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from planner.protocol.durations import Duration

DRUG_FREE_DOSES = frozenset({"radiotherapy", "surgery"})
"""Doses that a hold or a stop reaches only by name (R12, R13); every other dose is a drug."""

RADIOTHERAPY = "radiotherapy"
"""The dose of fractions, whose gaps and spans are watched (R7)."""

MOST_SLOTS = 400
"""How many visits one subject may have at most, all branches together."""

Kind = Literal["clinic", "treatment", "imaging", "phone", "decision", "reminder"]
Roll = Literal["nearest", "next", "previous"]
Source = Literal["stated", "registry", "assumed"]


# --- choices made per subject -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Parameter:
    """A choice made per subject (R10).

    Either ``choices`` (the names, each with its values such as ``cycle: 21d``) or a range of whole numbers or of
    durations in one unit. Values are always texts: ``CAPOX``, ``4``, ``12mo``; ``values`` lists all of them in
    order. ``default`` is None only for an ``optional`` parameter, which may stay unknown (birth year).
    """

    name: str
    label: str
    values: tuple[str, ...]
    default: str | None
    optional: bool = False
    attributes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """For each choice its values: ``{"CAPOX": {"cycle": "21d", "pump": "no"}}``."""
    unit: Literal["d", "w", "mo", "y"] | None = None
    """For a range of durations, the unit that ``values`` are written in."""
    is_range: bool = False


@dataclass(frozen=True, slots=True)
class Milestone:
    """A date given from outside, or (with ``reference``) a name for a reference (R8)."""

    id: str
    label: str
    optional: bool = False
    reference: Reference | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One outcome of a decision (R11)."""

    name: str
    label: str
    requires: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ends: Literal["treatment", "everything"] | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """A recorded choice that opens and closes branches; ``visit`` is the id of the visit it is taken at."""

    name: str
    label: str
    visit: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Activity:
    """What is done at a visit; ``dose`` names the stream if it gives one."""

    id: str
    label: str
    dose: str | None = None
    prepare: str | None = None
    bring: str | None = None


# --- conditions ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Requirement:
    """One key of a condition: the value of a parameter (or of a choice's attribute) or of a decision is one of ``allowed``."""

    about: Literal["parameter", "decision"]
    name: str
    attribute: str | None
    allowed: tuple[str, ...]


Condition = tuple[Requirement, ...]
"""All requirements must hold; an empty condition always holds."""


# --- references ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class VisitReference:
    """One visit by its id (``C1D1``); a series member by its concrete id (``C2D1``)."""

    visit: str


@dataclass(frozen=True, slots=True)
class MilestoneReference:
    """A milestone whose date is given from outside."""

    milestone: str


@dataclass(frozen=True, slots=True)
class SeriesReference:
    """The earliest / latest effective date over a series' members that are done or on the calendar and not missed."""

    series: str
    which: Literal["first", "last"]


@dataclass(frozen=True, slots=True)
class DoseReference:
    """``any(chemotherapy, pd1).last`` and so on: the same over all visits that give one of these doses.

    ``previous`` is for ``not_before`` only: see docs/date-rules.md.
    """

    doses: tuple[str, ...]
    which: Literal["first", "last", "previous"]


@dataclass(frozen=True, slots=True)
class PreviousReference:
    """``previous``: the next lower number of the visit's own series, whatever its state (R3)."""


@dataclass(frozen=True, slots=True)
class AccompaniedReference:
    """In a companion (``like:``), the visit that it accompanies (written ``C{n}D1``)."""


@dataclass(frozen=True, slots=True)
class FirstMemberReference:
    """``first`` in ``until:``: the lowest-numbered member of the visit's own series."""


Reference = (
    VisitReference | MilestoneReference | SeriesReference | DoseReference | PreviousReference | AccompaniedReference | FirstMemberReference
)


@dataclass(frozen=True, slots=True)
class ParameterDuration:
    """A duration that is a parameter's value: ``regimen.cycle`` or ``maintenance_months``."""

    parameter: str
    attribute: str | None


@dataclass(frozen=True, slots=True)
class Offset:
    """What is added to an anchor: ``sign * duration``, and times the member's number where ``* n`` is written."""

    duration: Duration | ParameterDuration
    sign: Literal[1, -1] = 1
    times_number: bool = False


NO_OFFSET = Offset(Duration())


@dataclass(frozen=True, slots=True)
class Term:
    """One anchor with its offset; ``text`` is the reference as written in the file (``SBRT.last``, ``LAST_DOSE``)."""

    reference: Reference
    offset: Offset
    text: str


# --- visits -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Window:
    """Inclusive bounds (R4), counted from the nominal date, or (``within:``) from the anchor itself."""

    earliest: Duration
    latest: Duration
    counted_from: Literal["nominal", "anchor"] = "nominal"


NOMINAL_DAY_ONLY = Window(Duration(), Duration())


@dataclass(frozen=True, slots=True)
class ActivityUse:
    """An activity of a visit: only under ``condition``, and only at every ``every``-th member (position 1, 2, ... of the definition)."""

    activity: str
    condition: Condition = ()
    every: int = 1


@dataclass(frozen=True, slots=True)
class OpenAlso:
    """R5: under ``condition``, a day counts as open only if the day ``days`` later is open too."""

    condition: Condition
    days: int


@dataclass(frozen=True, slots=True)
class VisitShape:
    """All that ``first:`` and ``then:`` may override: one member's rules, fully merged.

    Exactly one of these says where the date comes from: ``start``, ``is_milestone``, or ``anchor`` (one term, or
    several for ``latest of [...]``). In an ``every:`` series the anchor has no offset of its own; the steps give it.
    """

    name: str
    epoch: str
    """Empty for a companion that says none: it is in the epoch of the visit it accompanies."""
    kind: Kind
    start: bool
    is_milestone: str | None
    anchor: tuple[Term, ...]
    window: Window
    not_before: tuple[Term, ...]
    on: str
    """``clinic``, ``any`` or a resource's name."""
    roll: Roll
    """Resolved: ``next`` where an activity gives a dose and nothing else is written, else ``nearest``."""
    open_also: tuple[OpenAlso, ...]
    with_series: str | None
    redo: bool
    activities: tuple[ActivityUse, ...]
    when: Condition
    unless: Condition
    ends_when: Condition
    minutes: int | None
    source: Mapping[str, Source]
    """``visit``, ``anchor``, ``offset``, ``window``, ``repeat``, ``activities``, ``when``: where each part comes from."""
    rationale: str | None


@dataclass(frozen=True, slots=True)
class Numbering:
    """The first member's number: ``start``, or one more than the last number of series ``after``."""

    start: int = 1
    after: str | None = None


@dataclass(frozen=True, slots=True)
class RepeatTimes:
    """``times`` members, a fixed count or a parameter's value."""

    times: int | str
    numbering: Numbering


@dataclass(frozen=True, slots=True)
class RepeatUntil:
    """Members while the nominal date is not after ``until``, at most ``at_most``."""

    until: Term
    at_most: int
    numbering: Numbering


@dataclass(frozen=True, slots=True)
class Step:
    """``count`` steps of ``duration``, only under ``condition`` (parameters only; conditional steps stand last)."""

    count: int
    duration: Duration
    condition: Condition = ()


@dataclass(frozen=True, slots=True)
class RepeatEvery:
    """One member per step; the n-th offset is the sum of the first n steps, added once (R2)."""

    steps: tuple[Step, ...]
    numbering: Numbering


Repeat = RepeatTimes | RepeatUntil | RepeatEvery


@dataclass(frozen=True, slots=True)
class VisitDefinition:
    """One entry of ``visits:``: a single visit, a series, or the companions of other visits.

    ``id`` holds ``{n}`` if and only if the definition repeats or is ``like`` others. ``series`` is the name others
    refer to; a repeating definition without one is its own series under its id.
    ``first`` is the shape of the lowest-numbered member, ``then`` of all others; they are the same object where the
    file does not tell them apart. ``like`` holds ids of definitions or names of series.
    """

    id: str
    series: str | None
    repeat: Repeat | None
    like: tuple[str, ...]
    first: VisitShape
    then: VisitShape
    line: int = 0


# --- checks (R19) -------------------------------------------------------------------------------------------

Bound = Literal["at_least", "at_most", "more_than", "less_than"]


@dataclass(frozen=True, slots=True)
class OrderCheck:
    """``order: [CONSENT, any procedure]``: the first is not after the second. ``then`` None means any procedure."""

    id: str
    label: str
    before: Reference
    before_text: str
    then: Reference | None
    then_text: str


@dataclass(frozen=True, slots=True)
class IntervalCheck:
    """``to`` compared with ``from + duration``: ``at_most`` is to <= from + duration, and so on."""

    id: str
    label: str
    start: Reference
    start_text: str
    end: Reference
    end_text: str
    bound: Bound
    duration: Duration


@dataclass(frozen=True, slots=True)
class BetweenCheck:
    """Each two consecutive dates of a series, or of the doses of a stream."""

    id: str
    label: str
    series: str | None
    doses: tuple[str, ...]
    bound: Bound
    duration: Duration


@dataclass(frozen=True, slots=True)
class LateCheck:
    """A member of ``series`` that is later than its nominal date by more than ``duration``."""

    id: str
    label: str
    series: str
    duration: Duration


@dataclass(frozen=True, slots=True)
class SinceCheck:
    """More than ``duration`` since the last dose given, while a later one is planned."""

    id: str
    label: str
    doses: tuple[str, ...]
    duration: Duration


@dataclass(frozen=True, slots=True)
class AgeCheck:
    """Age in whole years at ``at`` between ``lowest`` and ``highest``, from the birth year in ``parameter``."""

    id: str
    label: str
    parameter: str
    at: Reference
    at_text: str
    lowest: int
    highest: int


Check = OrderCheck | IntervalCheck | BetweenCheck | LateCheck | SinceCheck | AgeCheck


@dataclass(frozen=True, slots=True)
class Translation:
    """The texts of a protocol in one language, each by the id (or the English text, for epochs) it stands for."""

    title: str | None = None
    epochs: Mapping[str, str] = field(default_factory=dict)
    visits: Mapping[str, str] = field(default_factory=dict)
    """Definition id to name (with ``{n}``)."""
    activities: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Activity id to ``label`` / ``prepare`` / ``bring``."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    milestones: Mapping[str, str] = field(default_factory=dict)
    decisions: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Decision or parameter name to choice name to label."""
    checks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Protocol:
    """One version of a study's schedule; see docs/protocol-format.md for each key."""

    id: str
    version: str
    title: str
    registry: str | None
    parameters: Mapping[str, Parameter]
    milestones: Mapping[str, Milestone]
    decisions: Mapping[str, Decision]
    activities: Mapping[str, Activity]
    visits: tuple[VisitDefinition, ...]
    checks: tuple[Check, ...]
    languages: Mapping[str, Translation]
