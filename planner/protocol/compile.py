"""From a protocol to a plan: every possible visit as a slot, in dependency order, ready for arrays."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from itertools import product

from planner.protocol.durations import Duration, parse_duration
from planner.protocol.model import (
    DRUG_FREE_DOSES,
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
    Protocol,
    Reference,
    RepeatEvery,
    RepeatTimes,
    RepeatUntil,
    SeriesReference,
    SinceCheck,
    Term,
    VisitReference,
    VisitShape,
)
from planner.protocol.plan import (
    ActivityRule,
    CheckRule,
    ConditionTests,
    EndsRule,
    OffsetTable,
    Plan,
    ReferenceRule,
    Slot,
    TermRule,
    Test,
    UntilRule,
)
from planner.protocol.slots import CodeBook, DraftSlot, draft_slots, series_name


def compile_plan(protocol: Protocol) -> Plan:
    """The plan of a protocol that ``planner.protocol.read`` accepted.

    Raises ValueError if the visits' references go in a circle, which the reader has already refused.
    """
    return _Compiler(protocol).plan()


class _Compiler:
    """Works on drafts by rank (file order); only the last step renumbers them into dependency order."""

    def __init__(self, protocol: Protocol) -> None:
        self.protocol = protocol
        self.book = CodeBook(protocol)
        self.drafts = draft_slots(protocol, self.book)
        self.by_series: dict[str, list[int]] = {}
        self.by_definition: dict[int, list[int]] = {}
        for draft in self.drafts:
            self.by_definition.setdefault(draft.definition, []).append(draft.rank)
            name = series_name(protocol.visits[draft.definition])
            if name is not None:
                self.by_series.setdefault(name, []).append(draft.rank)
        self.ids = self._ids()
        self.references: dict[ReferenceRule, int] = {}

    def plan(self) -> Plan:
        rules = [self._rules(draft) for draft in self.drafts]
        needs = [self._needs(draft, *rule) for draft, rule in zip(self.drafts, rules, strict=True)]
        checks = [self._check(check) for check in self.protocol.checks]
        ends = self._ends(needs)
        order = _dependency_order(needs, [draft.shape.name for draft in self.drafts])
        place = {rank: index for index, rank in enumerate(order)}
        slots = [self._slot(self.drafts[rank], place, frozenset(place[other] for other in needs[rank]), *rules[rank]) for rank in order]
        series = tuple(self.by_series)
        return Plan(
            protocol=self.protocol,
            slots=tuple(slots),
            references=tuple(_renumbered(rule, place) for rule in self.references),
            parameters=self.book.parameters,
            milestones=self.book.milestones,
            decisions=self.book.decisions,
            decision_slot=tuple(place[self.ids[self.protocol.decisions[name].visit][0]] for name in self.book.decisions),
            activities=self.book.activities,
            doses=self.book.doses,
            drugs=sum(self.book.dose_bit(dose) for dose in self.book.doses if dose not in DRUG_FREE_DOSES),
            series=series,
            series_slots=tuple(tuple(place[rank] for rank in self.by_series[name]) for name in series),
            ends=tuple(
                EndsRule(rule.decision, rule.choice, rule.everything, frozenset(place[rank] for rank in rule.reaches)) for rule in ends
            ),
            checks=tuple(
                CheckRule(rule.check, rule.start, rule.end, tuple(sorted(place[rank] for rank in rule.members)), rule.doses)
                for rule in checks
            ),
            start_slot=next(slot.index for slot in slots if slot.start),
            slots_by_id={visit: tuple(place[rank] for rank in ranks) for visit, ranks in self.ids.items()},
        )

    # --- ids ---

    def _ids(self) -> dict[str, list[int]]:
        """Every id that a draft may bear; a series that numbers on from another bears one for each length of it."""
        ids: dict[str, list[int]] = {}
        for draft in self.drafts:
            for number in self._numbers(draft):
                ids.setdefault(_visit_id(self.protocol.visits[draft.definition].id, number), []).append(draft.rank)
        return ids

    def _numbers(self, draft: DraftSlot) -> Sequence[int | None]:
        if draft.number is None or not draft.number_after:
            return [draft.number]
        lengths = [[int(value) for value in self._values(parameter)] for parameter in draft.number_after]
        return sorted({draft.number + sum(combination) for combination in product(*lengths)})

    def _values(self, parameter: int) -> tuple[str, ...]:
        return self.protocol.parameters[self.book.parameters[parameter]].values

    # --- references ---

    def _term(self, term: Term, draft: DraftSlot) -> TermRule:
        return TermRule(self._reference(term.reference, draft), self._offset(term.offset, draft.number), term.text)

    def _reference(self, reference: Reference, draft: DraftSlot) -> int:
        rule = self._reference_rule(reference, draft)
        return self.references.setdefault(rule, len(self.references))

    def _reference_rule(self, reference: Reference, draft: DraftSlot) -> ReferenceRule:
        match reference:
            case VisitReference(visit):
                return self._visit_rule(visit)
            case MilestoneReference(milestone) if (named := self.protocol.milestones[milestone].reference) is not None:
                return self._reference_rule(named, draft)
            case MilestoneReference(milestone):
                return ReferenceRule("milestone", milestone=self.book.milestones.index(milestone))
            case SeriesReference(series, which):
                return ReferenceRule(which, tuple(self.by_series[series]))
            case DoseReference(doses, "previous"):
                return ReferenceRule("dose_previous", self._earlier_doses(doses, draft), doses=self._mask(doses))
            case DoseReference(doses, which):
                return ReferenceRule(which, self._giving(self._mask(doses)), doses=self._mask(doses))
            case PreviousReference():
                return ReferenceRule("previous", (self._member(draft, draft.position - 1),), ((),))
            case FirstMemberReference():
                return ReferenceRule("visit", (self._member(draft, 1),), ((),))
            case AccompaniedReference() if draft.accompanied is not None:
                return ReferenceRule("accompanied", (draft.accompanied,), ((),))
        raise ValueError(f"{self.protocol.visits[draft.definition].id} cannot count from {reference}")

    def _visit_rule(self, visit: str) -> ReferenceRule:
        """The slots that may bear an id, each with the parameter values under which it is theirs (docs/date-rules.md, R2).

        Where the numbers depend on the lengths of other series, every combination of these is a case of its own.
        """
        ranks = self.ids[visit]
        lengths = sorted({parameter for rank in ranks for parameter in self.drafts[rank].number_after})
        if not lengths:
            return ReferenceRule("visit", (ranks[0],), ((),))
        cases: dict[tuple[int, tuple[Test, ...]], None] = {}
        for codes in product(*(range(len(self._values(parameter))) for parameter in lengths)):
            chosen = dict(zip(lengths, codes, strict=True))
            owner = self._owner(visit, ranks, chosen)
            if owner is not None:
                tests = tuple(
                    Test(parameter, tuple(at == code for at in range(len(self._values(parameter))))) for parameter, code in chosen.items()
                )
                cases[owner, tests] = None
        return ReferenceRule("visit", tuple(rank for rank, _ in cases), tuple(tests for _, tests in cases))

    def _owner(self, visit: str, ranks: list[int], codes: dict[int, int]) -> int | None:
        """The draft that bears an id for these lengths: one within its count if there is one, else the last."""
        bearers = []
        for rank in ranks:
            draft = self.drafts[rank]
            added = sum(int(self._values(parameter)[codes[parameter]]) for parameter in draft.number_after)
            number = None if draft.number is None else draft.number + added
            if _visit_id(self.protocol.visits[draft.definition].id, number) == visit:
                bearers.append(rank)
        within = [rank for rank in bearers if self._within_count(self.drafts[rank], codes)]
        return within[0] if within else (bearers[-1] if bearers else None)

    def _within_count(self, draft: DraftSlot, codes: dict[int, int]) -> bool:
        if draft.accompanied is not None:
            return self._within_count(self.drafts[draft.accompanied], codes)
        repeat = self.protocol.visits[draft.definition].repeat
        if not isinstance(repeat, RepeatTimes) or isinstance(repeat.times, int):
            return True
        parameter = self.book.parameters.index(repeat.times)
        return parameter not in codes or draft.position <= int(self._values(parameter)[codes[parameter]])

    def _mask(self, doses: Iterable[str]) -> int:
        return sum(self.book.dose_bit(dose) for dose in set(doses))

    def _giving(self, mask: int) -> tuple[int, ...]:
        return tuple(draft.rank for draft in self.drafts if self._possible_doses(draft.shape) & mask)

    def _earlier_doses(self, doses: Iterable[str], draft: DraftSlot) -> tuple[int, ...]:
        return tuple(
            rank
            for rank in self._giving(self._mask(doses))
            if self.drafts[rank].definition < draft.definition
            or (self.drafts[rank].definition == draft.definition and self.drafts[rank].position < draft.position)
        )

    def _possible_doses(self, shape: VisitShape) -> int:
        return self._mask(
            dose for use in shape.activities if (dose := self.protocol.activities[use.activity].dose) is not None
        )

    def _member(self, draft: DraftSlot, position: int) -> int:
        return self.by_definition[draft.definition][position - 1]

    # --- checks ---

    def _check(self, check: Check) -> CheckRule:
        """A check with its references by number; they are those of visits, so that both share one value."""
        anywhere = self.drafts[0]
        match check:
            case OrderCheck():
                end = None if check.then is None else self._reference(check.then, anywhere)
                return CheckRule(check, self._reference(check.before, anywhere), end)
            case IntervalCheck():
                return CheckRule(check, self._reference(check.start, anywhere), self._reference(check.end, anywhere))
            case BetweenCheck(series=None):
                mask = self._mask(check.doses)
                return CheckRule(check, members=self._giving(mask), doses=mask)
            case BetweenCheck():
                return CheckRule(check, members=tuple(self.by_series[check.series or ""]))
            case LateCheck():
                return CheckRule(check, members=tuple(self.by_series[check.series]))
            case SinceCheck():
                mask = self._mask(check.doses)
                return CheckRule(check, members=self._giving(mask), doses=mask)
            case AgeCheck():
                return CheckRule(check, self._reference(check.at, anywhere))

    # --- durations ---

    def _offset(self, offset: Offset, number: int | None) -> OffsetTable:
        times = offset.sign * ((number or 1) if offset.times_number else 1)
        if isinstance(offset.duration, Duration):
            return offset_table([offset.duration.times(times)])
        parameter = self.protocol.parameters[offset.duration.parameter]
        texts = parameter.values
        if offset.duration.attribute is not None:
            texts = tuple(parameter.attributes[value][offset.duration.attribute] for value in parameter.values)
        durations = [parse_duration(text) for text in texts]
        known = [duration.times(times) for duration in durations if duration is not None]
        if len(known) != len(texts):
            raise ValueError(f"{offset.duration.parameter} does not give a duration for each of its values")
        return offset_table(known, self.book.parameters.index(offset.duration.parameter))

    # --- slots ---

    def _rules(self, draft: DraftSlot) -> tuple[tuple[TermRule, ...], tuple[TermRule, ...], UntilRule | None]:
        """The anchor, the bounds and the ``until`` of a draft, with references by number."""
        repeat = self.protocol.visits[draft.definition].repeat
        anchor = tuple(self._term(term, draft) for term in draft.shape.anchor)
        if isinstance(repeat, RepeatEvery) and anchor:
            anchor = (TermRule(anchor[0].reference, self._step_offset(repeat, draft.position), anchor[0].text),)
        bounds = tuple(self._term(term, draft) for term in draft.shape.not_before)
        until = None
        if isinstance(repeat, RepeatUntil):
            from_first = isinstance(repeat.until.reference, FirstMemberReference)
            until = UntilRule(self._term(repeat.until, draft), from_first)
        return anchor, bounds, until

    def _step_offset(self, repeat: RepeatEvery, position: int) -> OffsetTable:
        total = Duration()
        left = position
        for step in repeat.steps:
            total = total.plus(step.duration.times(min(left, step.count)))
            left -= min(left, step.count)
        return offset_table([total])

    def _needs(
        self, draft: DraftSlot, anchor: tuple[TermRule, ...], bounds: tuple[TermRule, ...], until: UntilRule | None
    ) -> set[int]:
        rules = list(self.references)
        used = [term.reference for term in (*anchor, *bounds)]
        if until is not None:
            used.append(until.term.reference)
        needs = {member for reference in used for member in rules[reference].members}
        if draft.shape.with_series is not None:
            needs |= set(self.by_series[draft.shape.with_series])
        if draft.position > 1 and draft.accompanied is None:
            needs.add(self._member(draft, draft.position - 1))
        if draft.accompanied is not None:
            needs.add(draft.accompanied)
        for requirement in draft.shape.ends_when:
            if requirement.about == "decision":
                needs.add(self.ids[self.protocol.decisions[requirement.name].visit][0])
        needs.discard(draft.rank)
        return needs

    def _ends(self, needs: list[set[int]]) -> list[EndsRule]:
        """The choices with ``ends:``, and for each the drafts it may cancel; adds those dependencies to ``needs``."""
        rules = []
        for code, name in enumerate(self.book.decisions):
            decision = self.protocol.decisions[name]
            ending = [(index, choice) for index, choice in enumerate(decision.choices) if choice.ends is not None]
            if not ending:
                continue
            taken_at = self.ids[decision.visit][0]
            fixed = _ancestors(needs, taken_at) | {taken_at}
            free = frozenset(range(len(needs))) - fixed
            for index, choice in ending:
                rules.append(EndsRule(code, index, choice.ends == "everything", free))
            for rank in free:
                needs[rank].add(taken_at)
        return rules

    def _slot(
        self,
        draft: DraftSlot,
        place: dict[int, int],
        needs: frozenset[int],
        anchor: tuple[TermRule, ...],
        bounds: tuple[TermRule, ...],
        until: UntilRule | None,
    ) -> Slot:
        shape, definition = draft.shape, self.protocol.visits[draft.definition]
        when, unless = self.book.tests(shape.when), self.book.tests(shape.unless)
        name = series_name(definition)
        counts = self._count_tests(draft)
        exists = [*when.parameters, *counts]
        return Slot(
            index=place[draft.rank],
            definition=draft.definition,
            position=draft.position,
            file_rank=draft.rank,
            id_pattern=definition.id,
            name=shape.name,
            epoch=shape.epoch or self._accompanied_epoch(draft),
            kind=shape.kind,
            number=draft.number,
            number_after=draft.number_after,
            series=None if name is None else list(self.by_series).index(name),
            start=shape.start,
            milestone=None if shape.is_milestone is None else self.book.milestones.index(shape.is_milestone),
            decisions=tuple(
                code for code, key in enumerate(self.book.decisions) if self.ids[self.protocol.decisions[key].visit][0] == draft.rank
            ),
            accompanied=None if draft.accompanied is None else place[draft.accompanied],
            previous=place[self._member(draft, draft.position - 1)] if draft.position > 1 and not definition.like else None,
            within_count=counts[0] if counts and isinstance(definition.repeat, RepeatTimes) else None,
            exists_if=tuple(exists),
            not_if=() if unless.decisions else unless.parameters,
            until=until,
            last_possible=isinstance(definition.repeat, RepeatUntil) and draft.position == definition.repeat.at_most,
            branch=when.decisions,
            unless=unless if unless.decisions else ConditionTests(),
            ends_when=self.book.tests(shape.ends_when),
            anchor=anchor,
            earliest=offset_table([shape.window.earliest]),
            latest=offset_table([shape.window.latest]),
            window_from_anchor=shape.window.counted_from == "anchor",
            bounds=bounds,
            resource=shape.on,
            roll=shape.roll,
            open_also=tuple((self.book.tests(rule.condition).parameters, rule.days) for rule in shape.open_also),
            rides_on=() if shape.with_series is None else tuple(sorted(place[rank] for rank in self.by_series[shape.with_series])),
            redo=shape.redo,
            activities=tuple(self._activities(draft)),
            minutes=shape.minutes,
            needs=needs,
            possible_doses=self._given_doses(draft),
        )

    def _accompanied_epoch(self, draft: DraftSlot) -> str:
        return "" if draft.accompanied is None else self.drafts[draft.accompanied].shape.epoch

    def _given_doses(self, draft: DraftSlot) -> int:
        mask = 0
        for rule in self._activities(draft):
            mask |= rule.dose
        return mask

    def _count_tests(self, draft: DraftSlot) -> list[Test]:
        repeat = self.protocol.visits[draft.definition].repeat
        if isinstance(repeat, RepeatTimes) and isinstance(repeat.times, str):
            return [self.book.count_test(repeat.times, draft.position)]
        if isinstance(repeat, RepeatEvery):
            reached = 0
            for step in repeat.steps:
                reached += step.count
                if draft.position <= reached:
                    return list(self.book.tests(step.condition).parameters)
        return []

    def _activities(self, draft: DraftSlot) -> Iterable[ActivityRule]:
        for use in draft.shape.activities:
            if draft.position % use.every == 0:
                activity = self.protocol.activities[use.activity]
                yield ActivityRule(
                    self.book.activities.index(use.activity), self.book.tests(use.condition), self.book.dose_bit(activity.dose)
                )


def offset_table(durations: list[Duration], parameter: int | None = None) -> OffsetTable:
    """Durations as a table, one entry for each code of ``parameter``."""
    working = None
    if any(duration.working_days is not None for duration in durations):
        working = tuple(duration.working_days or 0 for duration in durations)
    return OffsetTable(
        tuple(duration.months for duration in durations), tuple(duration.days for duration in durations), working, parameter
    )


def _visit_id(pattern: str, number: int | None) -> str:
    return pattern if number is None else pattern.replace("{n}", str(number))


def _renumbered(rule: ReferenceRule, place: dict[int, int]) -> ReferenceRule:
    """A reference by slot index, members ascending so that a tie goes to the lowest slot."""
    pairs = sorted((place[rank], rule.conditions[at] if rule.conditions else ()) for at, rank in enumerate(rule.members))
    members = tuple(member for member, _ in pairs)
    conditions = tuple(condition for _, condition in pairs) if rule.conditions else ()
    return ReferenceRule(rule.kind, members, conditions, rule.milestone, rule.doses)


def _ancestors(needs: list[set[int]], of: int) -> set[int]:
    found: set[int] = set()
    waiting = list(needs[of])
    while waiting:
        rank = waiting.pop()
        if rank not in found:
            found.add(rank)
            waiting.extend(needs[rank])
    return found


def _dependency_order(needs: list[set[int]], names: list[str]) -> list[int]:
    """Ranks so that each comes after all it needs, otherwise in file order."""
    users: list[list[int]] = [[] for _ in needs]
    missing = [len(need) for need in needs]
    for rank, need in enumerate(needs):
        for other in need:
            users[other].append(rank)
    ready = [rank for rank, count in enumerate(missing) if count == 0]
    heapq.heapify(ready)
    order: list[int] = []
    while ready:
        rank = heapq.heappop(ready)
        order.append(rank)
        for user in users[rank]:
            missing[user] -= 1
            if missing[user] == 0:
                heapq.heappush(ready, user)
    if len(order) < len(needs):
        stuck = ", ".join(names[rank] for rank, count in enumerate(missing) if count)
        raise ValueError(f"these visits are counted from each other in a circle: {stuck}")
    return order
