"""From what a person enters about one visit to facts: new ones, or corrections of what is recorded already."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from planner.protocol.said import said
from planner.records.changes import acts
from planner.records.changes.proposal import RefusedError
from planner.records.changes.undoing import undone_fact
from planner.records.facts.fact import Fact, NewFact
from planner.records.facts.kinds import ROUTINE_CARE
from planner.ui.dialogs.visit_scene import Recorded, VisitScene
from planner.ui.reasons import Why


@dataclass(frozen=True, slots=True)
class Done:
    """How a visit took place, as entered."""

    day: date
    omitted: tuple[str, ...]
    """The activities that were not done."""
    routine_care: bool
    again: bool
    """Whether it was done once more, beside what is recorded."""


@dataclass(frozen=True, slots=True)
class Booked:
    """Where a visit is put, as entered; texts are "" where nothing is known."""

    day: date
    at: str
    minutes: int | None
    resource: str
    place: str


def done_facts(scene: VisitScene, done: Done, why: Why) -> tuple[NewFact, ...]:
    """The visit took place; corrects what is recorded where that says otherwise. Raises RefusedError where nothing differs."""
    facts = [*_done(scene, done, why), *_omission_changes(scene, done.omitted, why)]
    if not facts:
        raise RefusedError((said("This is recorded already. Change what is different."),))
    return tuple(facts)


def missed_facts(scene: VisitScene, why: Why) -> tuple[NewFact, ...]:
    """The visit did not take place; takes back that it did, or corrects the reason."""
    visit, recorded, facts = scene.row.visit, scene.recorded, scene.view.facts
    if recorded.missed is not None:
        return acts.corrected(facts, recorded.missed.number, reason=why.reason, note=why.note)
    missed = acts.visit_missed(visit, reason=why.reason, note=why.note)
    return (*_taken_back(scene, recorded.done, why), *missed)


def omission_facts(scene: VisitScene, omitted: Collection[str], why: Why) -> tuple[NewFact, ...]:
    """The activities that are not done at the visit. Raises RefusedError where nothing differs."""
    facts = tuple(_omission_changes(scene, omitted, why))
    if not facts:
        raise RefusedError((said("Choose the activities that are not done at this visit."),))
    return facts


def booking_facts(scene: VisitScene, booked: Booked, why: Why) -> tuple[NewFact, ...]:
    """The visit is put on a day; the start is moved there, and booked where it was or more than the day is known (R16)."""
    booking = _booking(scene, booked, why)
    if not scene.slot.start or booked.day == scene.view.state.facts.start:
        return booking
    moved = acts.start_moved(booked.day, reason=why.reason, note=why.note)
    is_more = scene.recorded.booking is not None or booked.at or booked.minutes or booked.resource or booked.place
    return (*moved, *booking) if is_more else moved


def is_booked_so(scene: VisitScene, booked: Booked) -> bool:
    """Whether the visit is booked just like this already."""
    known, (asked,) = scene.recorded.booking, _booking(scene, booked, Why())
    return known is not None and (known.day, known.value, dict(known.details)) == (asked.day, asked.value, dict(asked.details))


def starts_elsewhere(scene: VisitScene, day: date) -> bool:
    """Whether putting the visit on this day moves the subject's start, which needs a reason."""
    return scene.slot.start and day != scene.view.state.facts.start


def takes_omission_back(recorded: Recorded, omitted: Collection[str]) -> bool:
    """Whether an activity that is recorded as not done is done after all, which corrects the record."""
    return any(activity not in omitted for activity in recorded.omitted)


def _booking(scene: VisitScene, booked: Booked, why: Why) -> tuple[NewFact, ...]:
    return acts.visit_booked(
        scene.row.visit, booked.day, booked.at, booked.minutes, booked.resource, booked.place, reason=why.reason, note=why.note
    )


def _done(scene: VisitScene, done: Done, why: Why) -> Iterator[NewFact]:
    recorded, visit, value = scene.recorded, scene.row.visit, ROUTINE_CARE if done.routine_care else ""
    if recorded.done is None or done.again:
        yield from _taken_back(scene, recorded.missed, why)
        yield from acts.visit_done(visit, done.day, routine_care=done.routine_care, reason=why.reason, note=why.note)
    elif (recorded.done.said.day, recorded.done.said.value) != (done.day, value):
        yield from acts.corrected(scene.view.facts, recorded.done.number, day=done.day, value=value, reason=why.reason, note=why.note)


def _omission_changes(scene: VisitScene, omitted: Collection[str], why: Why) -> Iterator[NewFact]:
    recorded = scene.recorded.omitted
    added = [activity for activity in omitted if activity not in recorded]
    yield from acts.activities_omitted(scene.row.visit, added, reason=why.reason, note=why.note)
    for activity, fact in recorded.items():
        if activity not in omitted:
            yield from undone_fact(scene.view.facts, fact.number, reason=why.reason, note=why.note)


def _taken_back(scene: VisitScene, fact: Fact | None, why: Why) -> Iterator[NewFact]:
    if fact is not None:
        yield from undone_fact(scene.view.facts, fact.number, reason=why.reason)
