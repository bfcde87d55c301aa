"""What becomes of the facts that a file gives of one subject: each against the log, and all of them together against the protocol."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from planner.protocol.plan import Plan
from planner.protocol.said import said
from planner.protocol.said_lists import with_small_letter
from planner.records.changes.log_refusals import reason_refusals
from planner.records.facts.fact import NewFact, SubjectKey
from planner.records.facts.kinds import Kind
from planner.records.imports.compare import Answer, Recorded, compared
from planner.records.imports.merge import with_facts
from planner.records.imports.rows import CellFault
from planner.records.imports.said import Said, in_log_order
from planner.schedule.fact_faults import FactFault, faults_of, parameter_value
from planner.schedule.facts import SubjectFacts

_UNREAD_HIDES: Mapping[str, frozenset[str]] = {
    "decide": frozenset({"decide"}),
    "actual": frozenset({"milestone"}),
    "missed": frozenset({"actual"}),
}
"""What the protocol says of a kind of fact may only be so because a fact of these kinds could not be read."""


@dataclass(slots=True)
class CheckedSubject:
    """What a file says of one subject, judged."""

    key: SubjectKey
    new: list[Said] = field(default_factory=list)
    """To be written, in the order of the log; what is neither here nor refused is recorded already."""
    faults: list[CellFault] = field(default_factory=list)
    otherwise: list[tuple[Said, int]] = field(default_factory=list)
    """What the log says otherwise, and the number of the fact that does."""
    after: SubjectFacts | None = None
    """What would be known of the subject; None where nothing is new."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a subject's facts are judged by."""

    plan: Plan
    as_of: date
    """Today at the subject's site."""


def checked(
    recorded: Recorded, given: Sequence[Said], before: SubjectFacts, rules: Rules, unread: frozenset[str] = frozenset()
) -> CheckedSubject:
    """What becomes of all that a file says of one subject.

    ``before`` are the facts recorded already (of a new subject none but its start); ``unread`` are columns whose cell could not be read.
    """
    found = CheckedSubject(recorded.key)
    for one in _without_repeats(given, rules.plan, found):
        comparison = compared(one.new, recorded, rules.plan)
        if comparison.answer is Answer.NEW:
            found.new.append(one)
        elif comparison.answer is Answer.OTHERWISE:
            found.otherwise.append((one, comparison.number))
    found.new = in_log_order(found.new, rules.plan)
    if found.new:
        found.after = with_facts(before, [one.new for one in found.new])
        found.faults += _protocol_faults(found.new, before, found.after, rules, unread)
        found.faults += _reason_faults(found.new)
    if recorded.state is not None:
        found.faults += _parameter_faults(found.new, before, rules.plan)
    return found


def _without_repeats(given: Sequence[Said], plan: Plan, found: CheckedSubject) -> list[Said]:
    """Lines that repeat or contradict each other are faults, and the first of them is judged further; one line's facts all are."""
    groups: dict[tuple[str, ...], list[Said]] = defaultdict(list)
    for one in given:
        groups[_same_thing(one.new, plan)].append(one)
    kept = []
    for group in groups.values():
        lines = sorted({one.line for one in group})
        kept += [one for one in group if one.line == lines[0]]
        for one in group if len(lines) > 1 else ():
            others = tuple(str(line) for line in [line for line in lines if line != one.line][:6])
            found.faults.append(
                one.fault(
                    said(
                        "{new_item} of this subject stands on line {others} too; keep one of these rows",
                        new_item=one.new.item,
                        others=others,
                    )
                )
            )
    return kept


def _same_thing(new: NewFact, plan: Plan) -> tuple[str, ...]:
    """What a file may say once of a subject: of a visit that can be done several times each day, of other visits what became of them."""
    if new.kind is Kind.VISIT_DONE and any(plan.slots[index].redo for index in plan.slots_by_id.get(new.item, ())):
        return new.kind, new.item, str(new.day)
    if new.kind in (Kind.VISIT_DONE, Kind.VISIT_MISSED):
        return Kind.VISIT_DONE, new.item
    return new.kind, new.item, str(new.day), new.value


def _parameter_faults(new: Sequence[Said], before: SubjectFacts, plan: Plan) -> Iterator[CellFault]:
    """Parameters that would redraw the visits of a subject of whom visits are recorded: that is to be seen before it is saved."""
    if not (before.actual or before.missed or before.booked):
        return
    for one in new:
        parameter = plan.protocol.parameters.get(one.new.item)
        if (
            one.new.kind is Kind.PARAMETER_SET
            and parameter is not None
            and parameter_value(plan, one.new.item, one.new.value) != parameter.default
        ):
            yield one.fault(
                said(
                    "{fact}: visits of this subject are recorded, with {new_item} = {default} by default; set it for the "
                    "subject alone, which shows what moves",
                    fact=one.fact,
                    new_item=one.new.item,
                    default=parameter.default or said("nothing"),
                )
            )


def _reason_faults(new: Sequence[Said]) -> Iterator[CellFault]:
    """Missed visits without a reason, as if they were recorded one by one. A file has no place for the reason of a hold or a stop."""
    for one in new:
        if one.new.kind is Kind.VISIT_MISSED:
            for refusal in reason_refusals(one.new):
                yield one.fault(said("{fact}: {refusal}", fact=one.fact, refusal=with_small_letter(refusal)))


def _protocol_faults(
    new: Sequence[Said], before: SubjectFacts, after: SubjectFacts, rules: Rules, unread: frozenset[str]
) -> Iterator[CellFault]:
    """What the protocol refuses of the state with the new facts, at the cell that gives each."""
    faults = [fault for fault in faults_of(rules.plan, after, rules.as_of) if not _is_hidden(fault.fact, unread)]
    by_fact = {one.fact: one for one in new}
    not_of_file = [fault for fault in faults if fault.fact not in by_fact]
    known = _known_faults(new, before, rules) if not_of_file else frozenset()
    for fault in faults:
        if fault.fact in by_fact:
            yield by_fact[fault.fact].fault(said("{fact}: {message}", fact=fault.fact, message=fault.message))
        elif fault not in known:
            visit = fault.fact.partition(".")[2]
            one = next((other for other in new if visit and other.new.item == visit), new[0])
            yield one.fault(said("{fact}: {message}", fact=fault.fact, message=fault.message))


def _known_faults(new: Sequence[Said], before: SubjectFacts, rules: Rules) -> frozenset[FactFault]:
    """What the log breaks already, without this file's help; nothing of a subject that is only now enrolled."""
    if any(one.new.kind is Kind.ENROLLED for one in new):
        return frozenset()
    return frozenset(faults_of(rules.plan, before, rules.as_of))


def _is_hidden(fact: str, unread: frozenset[str]) -> bool:
    kind = fact.partition(".")[0]
    return bool(unread) and (fact in unread or bool(_UNREAD_HIDES.get(kind, frozenset()) & {column.partition(".")[0] for column in unread}))
