"""What a patient is told of a visit that the earlier print said something else of."""

from __future__ import annotations

from planner.exchange.prints.day_names import DayNames
from planner.exchange.prints.shown import OPEN_WINDOW, ShownVisit
from planner.exchange.prints.states import PAUSED
from planner.exchange.prints.words import PrintWords


def change_text(before: ShownVisit | None, after: ShownVisit, words: PrintWords, days: DayNames) -> str | None:
    """What to write beside a visit; None where both prints say the same, or only the day of the visit has passed meanwhile.

    ``before`` is what the earlier print said, None where the visit was not on it.
    """
    if before is None:
        return words.said("new")
    parts = (
        _standing_change(before, after, words),
        _date_change(before, after, words, days),
        _booking_change(before, after, words, days),
        _window_change(before, after, words, days),
        _content_change(before, after, words),
    )
    said = tuple(dict.fromkeys(part for part in parts if part is not None))
    return ("；" if days.is_chinese else "; ").join(said) or None


def gone_text(before: ShownVisit, words: PrintWords, days: DayNames) -> str:
    """A visit that was on the earlier print and no longer is, with the date that it had there."""
    if before.day is None:
        return words.said("gone_visit_open", visit=before.visit, name=before.name)
    return words.said("gone_visit", visit=before.visit, name=before.name, day=days.day(before.day))


def _standing_change(before: ShownVisit, after: ShownVisit, words: PrintWords) -> str | None:
    old, new = before.state, after.state
    if old == new:
        return None
    if old in ("done", "missed"):
        return words.said(f"was_{old}")
    if new in ("done", "missed"):
        return words.said("now_done" if new == "done" else "changed")
    if new == "passed":
        # That a day has passed is no news of the visit, and its state says so.
        return None
    if (old in PAUSED) != (new in PAUSED):
        return words.said("was_paused" if old in PAUSED else "now_paused")
    if "depends" in (old, new):
        return words.said("changed")
    return words.said("now_estimate") if old in ("planned", "reminder") and new == "moving" else None


def _date_change(before: ShownVisit, after: ShownVisit, words: PrintWords, days: DayNames) -> str | None:
    if before.day == after.day:
        return None
    if before.day is None:
        return words.said("had_no_date")
    if before.at is not None:
        return words.said("was_at", day=days.day(before.day), time=days.time(before.at))
    return words.said("was", day=days.day(before.day))


def _booking_change(before: ShownVisit, after: ShownVisit, words: PrintWords, days: DayNames) -> str | None:
    """Of a visit that was, and is, still to come. An old time that is said with the old day is not said twice."""
    if before.is_behind or after.is_behind:
        return None
    if before.is_booked != after.is_booked:
        return words.said("now_booked" if after.is_booked else "no_longer_booked")
    if before.at is None:
        return None if after.at is None else words.said("time_new")
    return words.said("time_was", time=days.time(before.at)) if before.day == after.day and before.at != after.at else None


def _window_change(before: ShownVisit, after: ShownVisit, words: PrintWords, days: DayNames) -> str | None:
    """Other possible days of a visit whose date stayed; where the date moved, they moved with it. Days gone by are no change."""
    if before.state not in OPEN_WINDOW or after.state not in OPEN_WINDOW or before.day != after.day or before.is_booked:
        return None
    if after.window is None or before.allowed == after.allowed:
        return None
    return words.said("window_new") if before.window is None else words.said("window_was", days=days.days(*before.window))


def _content_change(before: ShownVisit, after: ShownVisit, words: PrintWords) -> str | None:
    """What is done, and how to prepare for it, of a visit that was, and is, still to come."""
    if before.is_behind or after.is_behind:
        return None
    if (before.name, before.kind) != (after.name, after.kind):
        return words.said("changed")
    if _preparations(before) != _preparations(after):
        return words.said("preparation_changed")
    labels = [{done.label for done in shown.activities} for shown in (before, after)]
    return words.said("activities_changed") if labels[0] != labels[1] else None


def _preparations(shown: ShownVisit) -> set[tuple[str, str]]:
    return {(done.prepare, done.bring) for done in shown.activities if done.prepare or done.bring}
