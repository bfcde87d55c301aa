"""What a reader of a print needs to know of a visit on the day asked: its state, one word for each."""

from __future__ import annotations

from planner.exchange.prints.outlook import Outlook
from planner.exchange.prints.words import State
from planner.schedule.rows import VisitRow

BEHIND: tuple[State, ...] = ("done", "missed")
PAUSED: tuple[State, ...] = ("on_hold", "held_until", "held_booked")
DATELESS: tuple[State, ...] = ("on_hold", "reminder_open", "reminder_moving")
"""States in which no date is printed, whatever the schedule reckons with."""


def is_on_print(row: VisitRow) -> bool:
    """Whether a print shows the visit at all: neither cancelled, nor hanging on an open decision without being booked."""
    return row.status != "cancelled" and (row.status != "conditional" or is_booked(row))


def is_booked(row: VisitRow) -> bool:
    """Whether somebody expects the patient then."""
    return row.certainty == "booked"


def state_of(row: VisitRow, outlook: Outlook) -> State:
    """The state of a visit that is on the print.

    A visit whose day has passed is told apart even if its window is still open: that day is no plan any more. A date on a calendar that
    is still provisional (a holiday not announced yet) may move.
    """
    if row.status in ("done", "missed") and row.kind != "reminder":
        return "done" if row.status == "done" else "missed"
    if row.kind == "reminder":
        return _reminder_state(row, outlook)
    if row.status == "on_hold":
        return _held_state(row, outlook)
    if row.status == "overdue" or _has_passed(row, outlook):
        return "passed"
    if row.status == "conditional":
        return "depends"
    if is_booked(row):
        return "booked"
    return "planned" if row.certainty == "fixed" and "provisional_calendar" not in row.flags else "moving"


def _held_state(row: VisitRow, outlook: Outlook) -> State:
    """A booking stays what it is until somebody moves it; else there is a date only where it is known when treatment goes on."""
    if is_booked(row):
        return "passed" if _has_passed(row, outlook) else "held_booked"
    waits_without_end = row.certainty == "stale" and outlook.has_open_hold
    return "on_hold" if waits_without_end or row.effective is None or _has_passed(row, outlook) else "held_until"


def _reminder_state(row: VisitRow, outlook: Outlook) -> State:
    """A reminder such as the end of contraception is never "done", and has no date while it is not settled when the last dose is.

    A patient would keep to a date even if it stood there as an estimate: it is said once no decision, and no visit to come, can move it.
    """
    if row.status == "missed":
        return "missed"
    if row.effective is None or row.certainty == "stale" or outlook.lacks_doses:
        return "reminder_open"
    if outlook.may_have_more_doses:
        return "reminder_moving"
    if row.status == "done":
        return "reminder_due"
    if row.effective <= outlook.as_of:
        return "reminder_open"
    return "reminder" if row.certainty == "fixed" else "reminder_moving"


def _has_passed(row: VisitRow, outlook: Outlook) -> bool:
    return row.effective is not None and row.effective < outlook.as_of
