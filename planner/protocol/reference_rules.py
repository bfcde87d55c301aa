"""References, offsets and checks with all names turned into numbers of drafts and parameters."""

from __future__ import annotations

from itertools import product

from planner.protocol.drafts import Drafts
from planner.protocol.durations import Duration, parse_duration
from planner.protocol.model import (
    AccompaniedReference,
    AgeCheck,
    BetweenCheck,
    Check,
    DoseReference,
    FirstMemberReference,
    IntervalCheck,
    LateCheck,
    MilestoneReference,
    Offset,
    OrderCheck,
    PreviousReference,
    Reference,
    RepeatEvery,
    SeriesReference,
    SinceCheck,
    Term,
    VisitReference,
)
from planner.protocol.plan import CheckRule, OffsetTable, ReferenceRule, TermRule, Test
from planner.protocol.slots import DraftSlot


class ReferenceRules:
    """Numbers the references of a protocol: equal ones share a number, so that the engine looks each up once."""

    def __init__(self, drafts: Drafts) -> None:
        """References between ``drafts``."""
        self.drafts = drafts
        self.numbered: dict[ReferenceRule, int] = {}

    def term(self, term: Term, draft: DraftSlot) -> TermRule:
        """A term as ``draft`` counts it."""
        return TermRule(self.number(term.reference, draft), self._offset(term.offset, draft.number), term.text)

    def number(self, reference: Reference, draft: DraftSlot) -> int:
        """The number of a reference as ``draft`` means it."""
        rule = self._reference_rule(reference, draft)
        return self.numbered.setdefault(rule, len(self.numbered))

    def _reference_rule(self, reference: Reference, draft: DraftSlot) -> ReferenceRule:
        match reference:
            case VisitReference(visit):
                return self._visit_rule(visit)
            case MilestoneReference(milestone) if (named := self.drafts.protocol.milestones[milestone].reference) is not None:
                return self._reference_rule(named, draft)
            case MilestoneReference(milestone):
                return ReferenceRule("milestone", milestone=self.drafts.book.milestones.index(milestone))
            case SeriesReference(series, which):
                return ReferenceRule(which, tuple(self.drafts.by_series[series]))
            case DoseReference(doses, "previous"):
                return ReferenceRule("dose_previous", self.drafts.earlier_giving(doses, draft), doses=self.drafts.dose_mask(doses))
            case DoseReference(doses, which):
                return ReferenceRule(which, self.drafts.giving(self.drafts.dose_mask(doses)), doses=self.drafts.dose_mask(doses))
            case PreviousReference():
                return ReferenceRule("previous", (self.drafts.member(draft, draft.position - 1),), ((),))
            case FirstMemberReference():
                return ReferenceRule("visit", (self.drafts.member(draft, 1),), ((),))
            case AccompaniedReference() if draft.accompanied is not None:
                return ReferenceRule("accompanied", (draft.accompanied,), ((),))
        raise ValueError(f"{self.drafts.protocol.visits[draft.definition].id} cannot count from {reference}")

    def _visit_rule(self, visit: str) -> ReferenceRule:
        """The slots that may bear an id, each with the parameter values under which it is theirs (docs/date-rules.md, R2).

        Where the numbers depend on the lengths of other series, every combination of these is a case of its own.
        """
        ranks = self.drafts.by_id[visit]
        lengths = sorted({parameter for rank in ranks for parameter in self.drafts.all[rank].number_after})
        if not lengths:
            return ReferenceRule("visit", (ranks[0],), ((),))
        cases: dict[tuple[int, tuple[Test, ...]], None] = {}
        for codes in product(*(range(len(self.drafts.values(parameter))) for parameter in lengths)):
            chosen = dict(zip(lengths, codes, strict=True))
            owner = self.drafts.owner(visit, ranks, chosen)
            if owner is not None:
                tests = tuple(
                    Test(parameter, tuple(at == code for at in range(len(self.drafts.values(parameter)))))
                    for parameter, code in chosen.items()
                )
                cases[owner, tests] = None
        return ReferenceRule("visit", tuple(rank for rank, _ in cases), tuple(tests for _, tests in cases))

    def check(self, check: Check) -> CheckRule:
        """A check with its references by number; they are those of visits, so that both share one value."""
        anywhere = self.drafts.all[0]
        match check:
            case OrderCheck():
                end = None if check.then is None else self.number(check.then, anywhere)
                return CheckRule(check, self.number(check.before, anywhere), end)
            case IntervalCheck():
                return CheckRule(check, self.number(check.start, anywhere), self.number(check.end, anywhere))
            case BetweenCheck(series=None):
                mask = self.drafts.dose_mask(check.doses)
                return CheckRule(check, members=self.drafts.giving(mask), doses=mask)
            case BetweenCheck():
                return CheckRule(check, members=tuple(self.drafts.by_series[check.series or ""]))
            case LateCheck():
                return CheckRule(check, members=tuple(self.drafts.by_series[check.series]))
            case SinceCheck():
                mask = self.drafts.dose_mask(check.doses)
                return CheckRule(check, members=self.drafts.giving(mask), doses=mask)
            case AgeCheck():
                return CheckRule(check, self.number(check.at, anywhere))

    def _offset(self, offset: Offset, number: int | None) -> OffsetTable:
        times = offset.sign * ((number or 1) if offset.times_number else 1)
        if isinstance(offset.duration, Duration):
            return offset_table([offset.duration.times(times)])
        parameter = self.drafts.protocol.parameters[offset.duration.parameter]
        texts = parameter.values
        if offset.duration.attribute is not None:
            texts = tuple(parameter.attributes[value][offset.duration.attribute] for value in parameter.values)
        durations = [parse_duration(text) for text in texts]
        known = [duration.times(times) for duration in durations if duration is not None]
        if len(known) != len(texts):
            raise ValueError(f"{offset.duration.parameter} does not give a duration for each of its values")
        return offset_table(known, self.drafts.book.parameters.index(offset.duration.parameter))

    def step_offset(self, repeat: RepeatEvery, position: int) -> OffsetTable:
        """The sum of the first ``position`` steps (R2)."""
        total = Duration()
        left = position
        for step in repeat.steps:
            total = total.plus(step.duration.times(min(left, step.count)))
            left -= min(left, step.count)
        return offset_table([total])


def offset_table(durations: list[Duration], parameter: int | None = None) -> OffsetTable:
    """Durations as a table, one entry for each code of ``parameter``."""
    working = None
    if any(duration.working_days is not None for duration in durations):
        working = tuple(duration.working_days or 0 for duration in durations)
    return OffsetTable(tuple(duration.months for duration in durations), tuple(duration.days for duration in durations), working, parameter)


def renumbered(rule: ReferenceRule, place: dict[int, int]) -> ReferenceRule:
    """A reference by slot index, members ascending so that a tie goes to the lowest slot."""
    pairs = sorted((place[rank], rule.conditions[at] if rule.conditions else ()) for at, rank in enumerate(rule.members))
    members = tuple(member for member, _ in pairs)
    conditions = tuple(condition for _, condition in pairs) if rule.conditions else ()
    return ReferenceRule(rule.kind, members, conditions, rule.milestone, rule.doses)
