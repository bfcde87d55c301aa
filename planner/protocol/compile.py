"""From a protocol to a plan: every possible visit as a slot, in dependency order, ready for arrays."""

from __future__ import annotations

import heapq
from collections.abc import Iterable

from planner.protocol.drafts import Drafts
from planner.protocol.model import (
    DRUG_FREE_DOSES,
    FirstMemberReference,
    Protocol,
    RepeatEvery,
    RepeatTimes,
    RepeatUntil,
)
from planner.protocol.plan import (
    ActivityRule,
    CheckRule,
    ConditionTests,
    EndsRule,
    Plan,
    Slot,
    TermRule,
    Test,
    UntilRule,
)
from planner.protocol.reference_rules import ReferenceRules, offset_table, renumbered
from planner.protocol.slots import DraftSlot, series_name


def compile_plan(protocol: Protocol) -> Plan:
    """The plan of a protocol that ``planner.protocol.read`` accepted.

    Raises ValueError if the visits' references go in a circle, which the reader has already refused.
    """
    return _Compiler(protocol).plan()


class _Compiler:
    """Works on drafts by rank (file order); only the last step renumbers them into dependency order."""

    def __init__(self, protocol: Protocol) -> None:
        self.protocol = protocol
        self.drafts = Drafts(protocol)
        self.book = self.drafts.book
        self.references = ReferenceRules(self.drafts)

    def plan(self) -> Plan:
        rules = [self._rules(draft) for draft in self.drafts.all]
        needs = [self._needs(draft, *rule) for draft, rule in zip(self.drafts.all, rules, strict=True)]
        checks = [self.references.check(check) for check in self.protocol.checks]
        ends = self._ends(needs)
        order = _dependency_order(needs, [draft.shape.name for draft in self.drafts.all])
        place = {rank: index for index, rank in enumerate(order)}
        slots = [self._slot(self.drafts.all[rank], place, frozenset(place[other] for other in needs[rank]), *rules[rank]) for rank in order]
        series = tuple(self.drafts.by_series)
        return Plan(
            protocol=self.protocol,
            slots=tuple(slots),
            references=tuple(renumbered(rule, place) for rule in self.references.numbered),
            parameters=self.book.parameters,
            milestones=self.book.milestones,
            decisions=self.book.decisions,
            decision_slot=tuple(place[self.drafts.by_id[self.protocol.decisions[name].visit][0]] for name in self.book.decisions),
            activities=self.book.activities,
            doses=self.book.doses,
            drugs=sum(self.book.dose_bit(dose) for dose in self.book.doses if dose not in DRUG_FREE_DOSES),
            series=series,
            series_slots=tuple(tuple(place[rank] for rank in self.drafts.by_series[name]) for name in series),
            ends=tuple(
                EndsRule(rule.decision, rule.choice, rule.everything, frozenset(place[rank] for rank in rule.reaches)) for rule in ends
            ),
            checks=tuple(
                CheckRule(rule.check, rule.start, rule.end, tuple(sorted(place[rank] for rank in rule.members)), rule.doses)
                for rule in checks
            ),
            start_slot=next(slot.index for slot in slots if slot.start),
            slots_by_id={visit: tuple(place[rank] for rank in ranks) for visit, ranks in self.drafts.by_id.items()},
        )

    # --- slots ---

    def _rules(self, draft: DraftSlot) -> tuple[tuple[TermRule, ...], tuple[TermRule, ...], UntilRule | None]:
        """The anchor, the bounds and the ``until`` of a draft, with references by number."""
        repeat = self.protocol.visits[draft.definition].repeat
        anchor = tuple(self.references.term(term, draft) for term in draft.shape.anchor)
        if isinstance(repeat, RepeatEvery) and anchor:
            anchor = (TermRule(anchor[0].reference, self.references.step_offset(repeat, draft.position), anchor[0].text),)
        bounds = tuple(self.references.term(term, draft) for term in draft.shape.not_before)
        until = None
        if isinstance(repeat, RepeatUntil):
            from_first = isinstance(repeat.until.reference, FirstMemberReference)
            until = UntilRule(self.references.term(repeat.until, draft), from_first)
        return anchor, bounds, until

    def _needs(self, draft: DraftSlot, anchor: tuple[TermRule, ...], bounds: tuple[TermRule, ...], until: UntilRule | None) -> set[int]:
        rules = list(self.references.numbered)
        used = [term.reference for term in (*anchor, *bounds)]
        if until is not None:
            used.append(until.term.reference)
        needs = {member for reference in used for member in rules[reference].members}
        if draft.shape.with_series is not None:
            needs |= set(self.drafts.by_series[draft.shape.with_series])
        if draft.position > 1 and draft.accompanied is None:
            needs.add(self.drafts.member(draft, draft.position - 1))
        if draft.accompanied is not None:
            needs.add(draft.accompanied)
        for requirement in draft.shape.ends_when:
            if requirement.about == "decision":
                needs.add(self.drafts.by_id[self.protocol.decisions[requirement.name].visit][0])
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
            taken_at = self.drafts.by_id[decision.visit][0]
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
            series=None if name is None else list(self.drafts.by_series).index(name),
            start=shape.start,
            milestone=None if shape.is_milestone is None else self.book.milestones.index(shape.is_milestone),
            decisions=tuple(
                code
                for code, key in enumerate(self.book.decisions)
                if self.drafts.by_id[self.protocol.decisions[key].visit][0] == draft.rank
            ),
            accompanied=None if draft.accompanied is None else place[draft.accompanied],
            previous=place[self.drafts.member(draft, draft.position - 1)] if draft.position > 1 and not definition.like else None,
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
            rides_on=() if shape.with_series is None else tuple(sorted(place[rank] for rank in self.drafts.by_series[shape.with_series])),
            redo=shape.redo,
            activities=tuple(self._activities(draft)),
            minutes=shape.minutes,
            needs=needs,
            possible_doses=self._given_doses(draft),
        )

    def _accompanied_epoch(self, draft: DraftSlot) -> str:
        return "" if draft.accompanied is None else self.drafts.all[draft.accompanied].shape.epoch

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
