"""Doses that a change puts inside a hold, told before it is saved: by the rule that the deviation ledger goes by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from planner.protocol.said import said
from planner.protocol.said_lists import sentences
from planner.records.changes.proposal import ChangeWarning
from planner.records.lists.deviation_keys import unscheduled_name
from planner.records.lists.doses_in_holds import HeldDose, doses_in_holds
from planner.schedule.days import day_date
from planner.schedule.schedule import Schedule
from planner.schedule.visit_ids import visit_id
from planner.schedule.walks import empty_result, walked


@dataclass(frozen=True, slots=True)
class GivenInHold:
    """A dose on record that was given while it was on hold."""

    visit: str
    """By id; "" for an unscheduled dose."""
    day: date
    doses: tuple[str, ...]
    """Those that were on hold."""
    first_day: date
    """Of the hold."""
    resume: date | None
    of_all_drugs: bool
    """Whether the hold is of all drugs."""


def given_in_holds(schedule: Schedule) -> list[list[GivenInHold]]:
    """For each subject of a schedule the doses that were given in holds; of a visit and day once, by the hold that began first."""
    count = len(schedule.cohort)
    found: list[dict[tuple[str, date], GivenInHold]] = [{} for _ in range(count)]
    if schedule.cohort.holds is not None:
        out = empty_result(len(schedule.plan.slots), count)
        for dose in doses_in_holds(walked(schedule.plan, schedule.cohort, schedule.calendars, schedule.as_of, out)):
            given = _given(schedule, dose)
            found[dose.subject].setdefault((given.visit, given.day), given)
    return [list(of_one.values()) for of_one in found]


def held_dose_warnings(before: Sequence[GivenInHold], after: Sequence[GivenInHold]) -> Iterator[ChangeWarning]:
    """The doses of ``after`` that lie in a hold and did not before."""
    known = {(given.visit, given.day) for given in before}
    for given in after:
        if (given.visit, given.day) not in known:
            yield ChangeWarning("visit", given.visit or unscheduled_name(given.day), _sentence(given))


def _given(schedule: Schedule, dose: HeldDose) -> GivenInHold:
    codes = schedule.cohort.parameters[:, dose.subject].tolist()
    return GivenInHold(
        visit=visit_id(schedule.plan, schedule.plan.slots[dose.giver], codes) if dose.giver >= 0 else "",
        day=day_date(dose.day),
        doses=dose.doses,
        first_day=day_date(dose.first_day),
        resume=None if dose.resume is None else day_date(dose.resume),
        of_all_drugs=dose.of_all_drugs,
    )


def _sentence(given: GivenInHold) -> str:
    text = "The dose of {visit} on {day} lies inside the hold." if given.visit else "The unscheduled dose on {day} lies inside the hold."
    dose = said(text, visit=given.visit, day=given.day)
    if given.resume is None:
        way = said("The hold stays open. If treatment was given again, record Resume treatment first.")
    else:
        way = said("If treatment was given again earlier, correct the day of resuming first.")
    return sentences((_hold(given), dose, way))


def _hold(given: GivenInHold) -> str:
    if given.resume is None:
        text = "On hold since {first}, with no day of resuming on record: {doses}."
        if given.of_all_drugs:
            text = "All drugs are on hold since {first}, and no day of resuming is recorded."
        return said(text, first=given.first_day, doses=given.doses)
    text = "On hold from {first} until {resume}: {doses}."
    if given.of_all_drugs:
        text = "All drugs are on hold from {first} until {resume}."
    return said(text, first=given.first_day, resume=given.resume, doses=given.doses)
