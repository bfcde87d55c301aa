"""What other working days would do to the subjects of a site, as counts and as lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from html import escape

from planner.records.changes.calendar_refresh import CalendarRefresh
from planner.records.changes.moves import Move
from planner.records.changes.proposal import Proposal
from planner.records.facts.fact import SubjectKey
from planner.ui.language import t, tn
from planner.ui.list_html import ActButton, acts_html, list_html
from planner.ui.words import days_counted, short_date

_CLOSED, _PROVISIONAL = "closed_day", "provisional_calendar"


@dataclass(frozen=True, slots=True)
class Effect:
    """What becomes of one subject."""

    subject: SubjectKey
    changed: int
    """Visits of the calendar that change in any way."""
    moved: int
    """Those of them that get another date."""
    first: Move | None
    """The first that gets another date."""
    bookings: int
    """Bookings that would then lie on a closed day."""
    provisional: int
    """Visits that would then lie in a year whose official calendar is not known."""
    warnings: int
    """How many things there are to look at before it is saved."""
    printed: datetime | None
    """When the subject's calendar was last printed, UTC."""


def effects(refresh: CalendarRefresh, printed: Mapping[SubjectKey, datetime]) -> list[Effect]:
    """Of each subject some of whose visits on the calendar change: those to be told first, then those with bookings, then by day."""
    found = [effect_of(proposal, printed.get(proposal.subject)) for proposal in refresh.moved]
    return sorted((effect for effect in found if effect.changed or effect.warnings), key=_urgency)


def effect_of(proposal: Proposal, printed: datetime | None) -> Effect:
    """Of one subject."""
    seen = [move for move in proposal.moves if move.is_on_calendar]
    moved = [move for move in seen if move.days]
    return Effect(
        subject=proposal.subject,
        changed=len(seen),
        moved=len(moved),
        first=moved[0] if moved else None,
        bookings=sum(_is_booked(move) and _CLOSED in move.new_flags for move in seen),
        provisional=sum(_PROVISIONAL in move.new_flags for move in seen),
        warnings=len(proposal.warnings),
        printed=printed,
    )


def without_visits(refresh: CalendarRefresh) -> CalendarRefresh:
    """The same to be kept until it is saved: what is written, not what is shown, which takes many times the memory."""
    kept = (replace(proposal, before=(), after=(), moves=(), warnings=(), unfit=()) for proposal in refresh.proposals)
    return replace(refresh, proposals=tuple(kept))


def _urgency(effect: Effect) -> tuple[bool, bool, date, SubjectKey]:
    must_be_told = effect.printed is not None and effect.moved > 0
    before = None if effect.first is None or effect.first.before is None else effect.first.before.effective
    return not must_be_told, not effect.bookings, before or date.max, effect.subject


def counts_words(found: Sequence[Effect], followers: int) -> list[str]:
    """What is said above the list; ``followers`` subjects get the new days in all."""
    moving = [effect for effect in found if effect.moved]
    visits = sum(effect.moved for effect in moving)
    said = [
        tn("{number} subject follows the new days from now on.", "{number} subjects follow the new days from now on.", followers),
        t("{visits} of {subjects} get another date.", visits=_visits(visits), subjects=_subjects(len(moving)))
        if visits
        else t("No visit gets another date."),
    ]
    bookings = sum(effect.bookings for effect in found)
    if bookings:
        said.append(
            tn(
                "! {number} booking would lie on a closed day. It stays, and is marked until somebody moves it.",
                "! {number} bookings would lie on closed days. They stay, and are marked until somebody moves them.",
                bookings,
            )
        )
    provisional = sum(effect.provisional for effect in found)
    if provisional:
        said.append(
            tn(
                "{number} visit would lie in a year whose official calendar is not known yet.",
                "{number} visits would lie in years whose official calendar is not known yet.",
                provisional,
            )
        )
    told = sum(effect.printed is not None for effect in moving)
    if told:
        said.append(
            tn(
                "! {number} of these subjects has a printed calendar: print a new one, and tell the subject.",
                "! {number} of these subjects have a printed calendar: print new ones, and tell them.",
                told,
            )
        )
    return said


def effects_html(found: Sequence[Effect]) -> str:
    """The subjects as a table, each with a button that shows its visits before and after."""
    return list_html(t("Subjects whose visits change"), (*effect_columns(), t("Look")), map(_html_line, found))


def effect_columns() -> tuple[str, ...]:
    """The headings, also of the file."""
    return (
        t("Subject"),
        t("Visits with another date"),
        t("The first of them"),
        t("Bookings on closed days"),
        t("Warnings"),
        t("Printed"),
    )


def effect_line(effect: Effect) -> tuple[str, ...]:
    """One subject in these columns."""
    return (
        str(effect.subject),
        str(effect.moved) if effect.moved else t("none; {number} otherwise changed", number=effect.changed),
        _first(effect.first),
        str(effect.bookings) if effect.bookings else "–",
        str(effect.warnings) if effect.warnings else "–",
        t("{day}: tell the subject", day=short_date(effect.printed.date())) if effect.printed and effect.moved else "–",
    )


def _html_line(effect: Effect) -> tuple[str, ...]:
    name = t("Before and after of {subject}", subject=effect.subject)
    button = ActButton("show", str(effect.subject), t("Before and after"), name)
    return (*map(escape, effect_line(effect)), acts_html(button))


def _first(move: Move | None) -> str:
    if move is None or move.before is None or move.after is None or not move.days:
        return "–"
    count = days_counted(abs(move.days))
    moved = t("{days} later", days=count) if move.days > 0 else t("{days} earlier", days=count)
    return f"{move.visit}: {short_date(move.before.effective)} → {short_date(move.after.effective)} ({moved})"


def _is_booked(move: Move) -> bool:
    return move.after is not None and move.after.certainty == "booked"


def _visits(number: int) -> str:
    return tn("{number} visit", "{number} visits", number)


def _subjects(number: int) -> str:
    return tn("{number} subject", "{number} subjects", number)
