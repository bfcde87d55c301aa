"""What can befall an invented subject of the demonstration, once its treatment is under way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from planner.records.facts.fact import NewFact
from planner.records.facts.kinds import Kind
from planner.schedule.rows import VisitRow

STORIES = (
    "steady",
    "late",
    "held",
    "steady",
    "held_still",
    "skipped",
    "missed",
    "unrecorded",
    "withdrawn",
    "stopped",
    "corrected",
    "undone",
    "omitted",
    "unscheduled",
    "died",
    "lost",
    "transferred",
    "late",
    "moved_start",
    "booked",
)
"""The stories, in turn; in between everything goes as planned, or a few days late. ``moved_start`` is told at enrolment."""

LAST_ONES = frozenset({"unrecorded", "withdrawn", "died", "lost"})
"""Stories after which nothing more is recorded."""

RECENT_ONES = frozenset({"unrecorded", "held_still"})
"""Stories that are still going on, and so begin shortly before the day asked for."""


@dataclass(frozen=True, slots=True)
class Happening:
    """Facts recorded on a day by an account."""

    day: date
    who: str
    facts: tuple[NewFact, ...]


@dataclass(frozen=True, slots=True)
class Scene:
    """The visit at which a story begins, and what the story needs to know."""

    visit: VisitRow
    day: date
    """The day on which the visit should take place."""
    facts_so_far: int
    other_site: str
    other_calendar: str


def happenings(story: str, scene: Scene) -> list[Happening]:
    """What a story makes happen at its visit, in order; nothing where it only changes what follows."""
    visit, day = scene.visit, scene.day
    match story:
        case "late":
            late = day + timedelta(days=5)
            return [_one(late, "nurse", NewFact(Kind.VISIT_DONE, item=visit.visit, day=late, reason="toxicity"))]
        case "missed":
            return [_one(day, "nurse", NewFact(Kind.VISIT_MISSED, item=visit.visit, reason="no_show"))]
        case "omitted":
            omitted = NewFact(Kind.ACTIVITY_OMITTED, item=visit.visit, value="PD1", reason="drug_supply")
            done = NewFact(Kind.VISIT_DONE, item=visit.visit, day=day)
            return [Happening(day, "nurse", (done, omitted) if "PD1" in visit.activities else (done,))]
        case "booked" | "unrecorded":
            details: dict[str, str | int] = {"minutes": visit.minutes or 30}
            booked = NewFact(Kind.BOOKED, item=visit.visit, day=day, value="09:30", details=details)
            return [_one(day - timedelta(days=7), "coordinator", booked)]
        case "unscheduled":
            earlier = day - timedelta(days=3)
            return [_one(earlier, "nurse", NewFact(Kind.UNSCHEDULED_VISIT, day=earlier, reason="toxicity"))]
        case "corrected" | "undone":
            return _mistakes(story, scene)
        case _:
            return _treatment(story, scene)


def _mistakes(story: str, scene: Scene) -> list[Happening]:
    """Something written down wrongly, and put right the day after."""
    visit, day, number = scene.visit.visit, scene.day, scene.facts_so_far + 1
    after = day + timedelta(days=1)
    if story == "corrected":
        wrong = NewFact(Kind.VISIT_DONE, item=visit, day=after)
        right = NewFact(Kind.VISIT_DONE, item=visit, day=day, replaces=number, reason="transcription_error")
        return [_one(after, "nurse", wrong), _one(after + timedelta(days=1), "coordinator", right)]
    wrong = NewFact(Kind.VISIT_MISSED, item=visit, reason="no_show")
    return [_one(day, "nurse", wrong), _one(after, "nurse", NewFact(Kind.UNDONE, replaces=number, reason="wrong_subject"))]


def _treatment(story: str, scene: Scene) -> list[Happening]:
    """Holds, stops, ends and a transfer."""
    day, doctor = scene.day, "investigator"
    match story:
        case "held":
            until = day + timedelta(days=12)
            held = NewFact(Kind.HOLD_STARTED, day=day, value="shift", reason="toxicity")
            return [_one(day, doctor, held), _one(until, doctor, NewFact(Kind.HOLD_ENDED, day=until, refers=scene.facts_so_far + 1))]
        case "held_still":
            return [_one(day, doctor, NewFact(Kind.HOLD_STARTED, day=day, value="shift", reason="illness"))]
        case "skipped":
            until = day + timedelta(days=10)
            skipped = NewFact(Kind.HOLD_STARTED, item="pd1", day=day, until_day=until, value="skip", reason="toxicity")
            return [_one(day, doctor, skipped)]
        case "stopped":
            return [_one(day, doctor, NewFact(Kind.TREATMENT_STOPPED, item="pd1", day=day, reason="toxicity"))]
        case "withdrawn" | "died" | "lost":
            reason = {"withdrawn": "consent_withdrawn", "died": "progression", "lost": "moved_away"}[story]
            # The day before: a visit on the day itself would stay open (R13 cancels what comes after it).
            before = day - timedelta(days=1)
            return [_one(before, doctor, NewFact(Kind.LEFT_STUDY, day=before, value=story, reason=reason))]
        case "transferred":
            details: dict[str, str | int] = {"calendar": scene.other_calendar}
            moved = NewFact(Kind.SITE_TRANSFERRED, item=scene.other_site, day=day, details=details, reason="moved_away")
            return [_one(day, "coordinator", moved)]
        case _:
            return []


def _one(day: date, who: str, fact: NewFact) -> Happening:
    return Happening(day, who, (fact,))
