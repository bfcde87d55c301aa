"""From what a person does to the facts that say it: plain values in, new facts out, nothing looked up and nothing checked but form.

Whether they are accepted is answered by ``planner.records.changes.change.propose``. Every act takes a reason (a code of
``planner.records.facts.reasons.REASONS``) and a note; where an act gives several facts, all have the reason and the first has the note.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from planner.protocol.said import said
from planner.protocol.said_lists import clauses
from planner.records.changes.proposal import RefusedError
from planner.records.changes.standing import fact_numbered, open_holds
from planner.records.facts.fact import Fact, NewFact
from planner.records.facts.kinds import ROUTINE_CARE, Kind
from planner.records.facts.wording import in_words
from planner.records.people.settings import Settings
from planner.schedule.facts import EndReason, HoldMode


def visit_done(
    visit: str, day: date, omitted: Sequence[str] = (), *, routine_care: bool = False, reason: str = "", note: str = ""
) -> tuple[NewFact, ...]:
    """A visit took place on ``day``; ``omitted`` are the activities that were not done."""
    done = NewFact(Kind.VISIT_DONE, item=visit, day=day, value=ROUTINE_CARE if routine_care else "", reason=reason, note=note)
    return done, *(NewFact(Kind.ACTIVITY_OMITTED, item=visit, value=activity, reason=reason) for activity in omitted)


def activities_omitted(visit: str, activities: Sequence[str], *, reason: str = "", note: str = "") -> tuple[NewFact, ...]:
    """Activities not done, or not to be done, at a visit."""
    return tuple(
        NewFact(Kind.ACTIVITY_OMITTED, item=visit, value=activity, reason=reason, note="" if place else note)
        for place, activity in enumerate(activities)
    )


def visit_missed(visit: str, *, reason: str = "", note: str = "") -> tuple[NewFact, ...]:
    """A visit did not take place and will not."""
    return (NewFact(Kind.VISIT_MISSED, item=visit, reason=reason, note=note),)


def visit_booked(
    visit: str,
    day: date,
    at: str = "",
    minutes: int | None = None,
    resource: str = "",
    place: str = "",
    *,
    reason: str = "",
    note: str = "",
) -> tuple[NewFact, ...]:
    """A visit is booked on a day, with the local time ``09:30``, minutes, resource and place where known."""
    details: dict[str, str | int] = {} if minutes is None else {"minutes": minutes}
    details |= {name: text for name, text in (("resource", resource), ("place", place)) if text}
    return (NewFact(Kind.BOOKED, item=visit, day=day, value=at, details=details, reason=reason, note=note),)


def booking_released(visit: str, *, reason: str = "", note: str = "") -> tuple[NewFact, ...]:
    """A visit's booking is given back."""
    return (NewFact(Kind.RELEASED, item=visit, reason=reason, note=note),)


def decision_made(decision: str, choice: str, day: date | None = None, *, reason: str = "", note: str = "") -> tuple[NewFact, ...]:
    """A decision was taken; without a day its date is that of its visit (R11)."""
    return (NewFact(Kind.DECISION_MADE, item=decision, day=day, value=choice, reason=reason, note=note),)


def hold_started(
    day: date, stream: str = "", resume: date | None = None, mode: HoldMode = "shift", *, reason: str = "", note: str = ""
) -> tuple[NewFact, ...]:
    """Treatment (a stream, or all drugs) is held from ``day`` on, until ``resume`` where that is known."""
    return (NewFact(Kind.HOLD_STARTED, item=stream, day=day, until_day=resume, value=mode, reason=reason, note=note),)


def treatment_stopped(day: date, stream: str = "", *, reason: str = "", note: str = "") -> tuple[NewFact, ...]:
    """Treatment (a stream, or all drugs) is stopped for good; ``day`` is the first without it."""
    return (NewFact(Kind.TREATMENT_STOPPED, item=stream, day=day, reason=reason, note=note),)


def left_study(day: date, why: EndReason, *, reason: str = "", note: str = "") -> tuple[NewFact, ...]:
    """The subject withdrew, died, was lost to follow-up or failed screening on ``day``."""
    return (NewFact(Kind.LEFT_STUDY, day=day, value=why, reason=reason, note=note),)


def start_moved(day: date, *, reason: str = "", note: str = "") -> tuple[NewFact, ...]:
    """The start, not yet done, is set on another day."""
    return (NewFact(Kind.START_MOVED, day=day, reason=reason, note=note),)


def parameter_set(parameter: str, value: str, *, reason: str = "", note: str = "") -> tuple[NewFact, ...]:
    """A parameter is chosen, or chosen anew."""
    return (NewFact(Kind.PARAMETER_SET, item=parameter, value=value, reason=reason, note=note),)


def milestone_set(milestone: str, day: date, *, reason: str = "", note: str = "") -> tuple[NewFact, ...]:
    """A milestone's date is given."""
    return (NewFact(Kind.MILESTONE_SET, item=milestone, day=day, reason=reason, note=note),)


def unscheduled_visit(day: date, stream: str = "", *, reason: str = "", note: str = "") -> tuple[NewFact, ...]:
    """A visit that no plan asks for took place; ``stream`` is the dose given at it, if any."""
    return (NewFact(Kind.UNSCHEDULED_VISIT, item=stream, day=day, reason=reason, note=note),)


def site_transferred(settings: Settings, site: str, day: date, *, reason: str = "", note: str = "") -> tuple[NewFact, ...]:
    """The subject is at another site from ``day`` on, by that site's present calendar.

    Raises UnknownSiteError, and RefusedError for a site without a calendar.
    """
    return (
        NewFact(
            Kind.SITE_TRANSFERRED, item=site, day=day, details={"calendar": calendar_of_site(settings, site)}, reason=reason, note=note
        ),
    )


def calendar_of_site(settings: Settings, code: str) -> str:
    """The hash of a site's present calendar. Raises UnknownSiteError, and RefusedError for a site that has none."""
    site = settings.site(code)
    if not site.calendar_hash:
        raise RefusedError((said("Site {site} has no calendar yet. Give it one first.", site=code),))
    return site.calendar_hash


def noted(text: str) -> tuple[NewFact, ...]:
    """A note about the subject."""
    return (NewFact(Kind.NOTE, note=text),)


def deviation_classed(deviation: str, value: str, *, reason: str = "", note: str = "") -> tuple[NewFact, ...]:
    """A deviation (by its key in the ledger) is judged ``important`` or ``not_important``; the note explains it."""
    return (NewFact(Kind.DEVIATION_CLASSED, item=deviation, value=value, reason=reason, note=note),)


def corrected(
    facts: Sequence[Fact],
    number: int,
    *,
    item: str | None = None,
    day: date | None = None,
    until_day: date | None = None,
    value: str | None = None,
    details: Mapping[str, str | int] | None = None,
    reason: str = "",
    note: str = "",
) -> tuple[NewFact, ...]:
    """What fact ``number`` of a subject's ``facts`` should have said: the same but for what is given; ``details`` one by one.

    Raises RefusedError where there is no such fact, nothing differs, or it takes another one back.
    """
    wrong = fact_numbered(facts, number).said
    if wrong.kind is Kind.UNDONE:
        text = "Fact {number} takes fact {other} back. To bring that one back, take back fact {number}."
        raise RefusedError((said(text, number=number, other=wrong.replaces),))
    right = replace(
        wrong,
        item=wrong.item if item is None else item,
        day=wrong.day if day is None else day,
        until_day=wrong.until_day if until_day is None else until_day,
        value=wrong.value if value is None else value,
        details=wrong.details if details is None else {**wrong.details, **details},
    )
    is_its_text = (wrong.kind is Kind.NOTE and note != wrong.note) or (wrong.kind is Kind.VISIT_MISSED and reason != wrong.reason)
    if right == wrong and not is_its_text:
        text = "Fact {number} says that already ({fact}). Give what is different."
        raise RefusedError((said(text, number=number, fact=in_words(wrong)),))
    return (replace(right, replaces=number, reason=reason, note=note),)


def hold_ended(facts: Sequence[Fact], day: date, stream: str | None = None, *, reason: str = "", note: str = "") -> tuple[NewFact, ...]:
    """Treatment may be given again from ``day`` on: ends the open hold of a stream ("" for a hold of all drugs; None: of any).

    ``facts`` are the subject's. Raises RefusedError where no hold, or several, could be meant.
    """
    held = open_holds(facts)
    found = [fact for fact in held if stream is None or fact.said.item == stream]
    named = clauses(said("fact {number}, {fact}", number=fact.number, fact=in_words(fact.said)) for fact in held)
    if not found:
        text = "No such hold is open. Open is {holds}." if held else "No such hold is open. Nothing is on hold."
        raise RefusedError((said(text, holds=named),))
    if len(found) > 1:
        raise RefusedError((said("Several holds are open: {holds}. Name the stream of the one that ends.", holds=named),))
    return (NewFact(Kind.HOLD_ENDED, day=day, refers=found[0].number, reason=reason, note=note),)
