"""What is refused for what a change would make of the subject: names the plan does not know, impossible dates, other ids (R10, R18)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np

from planner.protocol.plan import Plan, Slot
from planner.protocol.said import Said, said
from planner.protocol.said_lists import enumerated
from planner.records.changes.view import SubjectView
from planner.records.facts.fact import Fact
from planner.records.facts.kinds import Kind
from planner.records.facts.sentences import ended, sentence
from planner.records.fold.subject_facts import SubjectState
from planner.records.lists.known_keys import is_known_key
from planner.schedule.days import NO_DAY, Days, day_date
from planner.schedule.fact_faults import faults_of, parameter_codes
from planner.schedule.schedule import Schedule
from planner.schedule.visit_ids import exists_by_parameters, slot_of, visit_id

_ANOTHER_VISIT = (
    "{visit} is recorded as {how}, and with {changed} {becomes}. A change that would give a recorded visit another id or "
    "series is refused: take back what is recorded of {visit} first, if it is wrong."
)
_OTHER_VISITS = (
    "{visits} are recorded, and with {changed} they would be other visits. A change that would give a recorded visit another id or "
    "series is refused: take back what is recorded of them first, if it is wrong."
)
_PARTS = {"hold": "The hold", "stop": "The stop", "end": "The end", "unscheduled": "The unscheduled visit", "start": "The start"}


def unfit_refusals(new: Sequence[Fact], after: SubjectView) -> Iterator[str]:
    """New facts that the plan does not know, classed deviations among them."""
    numbers = {fact.number: fact for fact in new}
    for unfit in after.unfit:
        if unfit.number in numbers:
            yield _sentence(unfit.why)
    known = {fact.said.item for fact in after.facts if fact.number not in numbers and fact.kind is Kind.DEVIATION_CLASSED}
    for fact in new:
        # One that was classed before may be withdrawn, or of an earlier version of the protocol.
        if fact.kind is Kind.DEVIATION_CLASSED and fact.said.item not in known and not is_known_key(fact.said.item, after.state.plan):
            yield said("The protocol knows no such deviation. Give its key as `deviations` lists it.")


def fault_refusals(before: SubjectState | None, after: SubjectState, today: date) -> Iterator[str]:
    """What R18 and the plan refuse about the facts as they would be; what was wrong before is no fault of this change.

    Across an amendment nothing is: what no longer fits is shown, never refused.
    """
    if before is not None and before.protocol_hash != after.protocol_hash:
        return
    known = set() if before is None else {(fault.fact, fault.message) for fault in faults_of(before.plan, before.facts, today)}
    for fault in faults_of(after.plan, after.facts, today):
        if before is not None and _is_older(before, after, fault.fact, (fault.fact, fault.message) in known):
            continue
        about, _, item = fault.fact.partition(".")
        message = _today_at(after.site, fault.message)
        label = item or said(_PARTS.get(about, about))
        yield _sentence(message if message.startswith(f"{label} ") else said("{about}: {fault}", about=label, fault=message))


def _today_at(site: str, message: str) -> str:
    """A fault that names the day asked about, which is today at the site."""
    if isinstance(message, Said) and "asked_about" in message.values:
        return Said(message.template, {**message.values, "asked_about": said("today at {site}", site=site)})
    return message


def _is_older(before: SubjectState, after: SubjectState, fact: str, is_known: bool) -> bool:
    """Whether a fault was there before (``is_known``), or is about a booking or a miss that was.

    What was booked or missed of a visit that the parameters now leave out is warned of, never refused (R10); a new booking of it is.
    """
    about, _, visit = fact.partition(".")
    if about == "booked" and before.facts.booked.get(visit) != after.facts.booked.get(visit):
        return False
    if is_known:
        return True
    recorded = before.facts.booked if about == "booked" else before.facts.missed if about == "missed" else {}
    codes = parameter_codes(after.plan, after.facts)
    slot = slot_of(after.plan, visit, codes)
    return visit in recorded and slot is not None and not exists_by_parameters(after.plan, slot, codes)


def start_refusals(before: SubjectView | None, new: Sequence[Fact]) -> Iterator[str]:
    """A start that is moved although it is done: then its actual date is the start (R16)."""
    if before is None or not any(fact.kind is Kind.START_MOVED for fact in new):
        return
    plan, facts = before.state.plan, before.state.facts
    start = visit_id(plan, plan.slots[plan.start_slot], parameter_codes(plan, facts))
    if start in facts.actual:
        text = "{visit} is recorded as done on {day}, so the start cannot be moved. If that day is wrong, correct it."
        yield said(text, visit=start, day=facts.actual[start])


def transfer_refusals(before: SubjectView | None, new: Sequence[Fact]) -> Iterator[str]:
    """A transfer to where the subject is."""
    for fact in new:
        if before is not None and fact.kind is Kind.SITE_TRANSFERRED and fact.said.replaces is None and fact.said.item == before.state.site:
            yield said("The subject is at {site} already. Give the site that the subject moves to.", site=before.state.site)


def parameter_reason_refusals(before: SubjectView | None, new: Sequence[Fact]) -> Iterator[str]:
    """A parameter changed without a reason once treatment has begun."""
    if before is None or not treatment_began(before):
        return
    for fact in new:
        if fact.kind is Kind.PARAMETER_SET and not fact.said.reason and fact.said.replaces is None:
            text = "Treatment has begun, so setting {parameter} needs a reason. Pick one from the list."
            yield said(text, parameter=fact.said.item)


def treatment_began(view: SubjectView) -> bool:
    """Whether a visit of kind treatment is done."""
    return any(row.status == "done" and row.kind == "treatment" for row in view.rows)


def identity_refusals(before: SubjectView | None, after: SubjectView) -> Iterator[str]:
    """A change that would make another visit of a recorded one (R10)."""
    if before is not None:
        yield from other_visits(before.schedule, 0, after.schedule, 0)


def other_visits(before: Schedule, column_before: int, after: Schedule, column_after: int) -> Iterator[str]:
    """The recorded visits of one subject (a column of each schedule) whose ids would be those of other visits, in one sentence (R10).

    An id that another version of the protocol does not know is no fault: what is recorded of it is shown as not fitting.
    """
    old, new = (schedule.cohort.parameters[:, column].tolist() for schedule, column in ((before, column_before), (after, column_after)))
    if before.plan is after.plan and old == new:
        return
    changed = _changed(before.plan, old, after.plan, new)
    found: dict[str, tuple[str, str]] = {}
    for visit, (slot, how) in _recorded(before, column_before, old).items():
        will_be = slot_of(after.plan, visit, new)
        if will_be is None and before.plan is not after.plan:
            continue
        if will_be is None or _identity(before.plan, slot) != _identity(after.plan, will_be):
            becomes = said("there would be no such visit") if will_be is None else _described(after.plan, will_be)
            found[visit] = how, becomes
    if len(found) > 1:
        yield said(_OTHER_VISITS, visits=tuple(sorted(found)), changed=changed)
    for visit, (how, becomes) in found.items() if len(found) == 1 else ():
        yield said(_ANOTHER_VISIT, visit=visit, how=how, changed=changed, becomes=becomes)


def _identity(plan: Plan, slot: Slot) -> tuple[str, str | None, int]:
    """What makes a visit the same one in two versions of a protocol."""
    return plan.protocol.visits[slot.definition].id, None if slot.series is None else plan.series[slot.series], slot.position


def _changed(old_plan: Plan, old: Sequence[int], new_plan: Plan, new: Sequence[int]) -> str:
    """The parameters that differ, with their new values; the version of the protocol where that does."""
    was = {name: old_plan.protocol.parameters[name].values[code] for name, code in zip(old_plan.parameters, old, strict=True) if code >= 0}
    now = {name: new_plan.protocol.parameters[name].values[code] for name, code in zip(new_plan.parameters, new, strict=True) if code >= 0}
    version = [] if old_plan is new_plan else [said("the other version of the protocol")]
    return enumerated([*version, *(f"{name} = {value}" for name, value in now.items() if was.get(name) != value)])


def _recorded(schedule: Schedule, column: int, codes: Sequence[int]) -> dict[str, tuple[Slot, str]]:
    """Every visit of a subject with something recorded, and what."""
    plan, cohort = schedule.plan, schedule.cohort
    found: dict[int, str] = {}
    for masks, how in ((cohort.omitted, said("having activities omitted")), (cohort.routine_care, said("routine care"))):
        if masks is not None:
            found |= dict.fromkeys(np.flatnonzero(masks[:, column]).tolist(), how)
    if cohort.booked is not None:
        found |= _dated(cohort.booked[:, column], "booked on {day}")
    if cohort.missed is not None:
        found |= dict.fromkeys(np.flatnonzero(cohort.missed[:, column]).tolist(), said("missed"))
    if cohort.actual is not None:
        found |= _dated(cohort.actual[:, column], "done on {day}")
    return {visit_id(plan, plan.slots[slot], codes): (plan.slots[slot], how) for slot, how in found.items()}


def _dated(days: Days, how: str) -> dict[int, str]:
    return {slot: said(how, day=day_date(int(days[slot]))) for slot in np.flatnonzero(days != NO_DAY).tolist()}


def _described(plan: Plan, slot: Slot) -> str:
    if slot.series is None:
        return said("that id would be another visit")
    return said("that id would be a visit of the series {series}", series=plan.series[slot.series])


def _sentence(text: str) -> str:
    # Ids of visits and names of parameters, which stand first elsewhere, are written as they are.
    return sentence(text) if text.startswith("there ") else ended(text)
