"""How the worklist is spoken of: its views, why a visit is in one, and what can be done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from planner.ui.language import t, tn
from planner.ui.words import flag_sentences, listed, short_date, span
from planner.ui.worklist_lines import Line
from planner.ui.worklist_views import LIMITS


def view_label(view: str) -> str:
    """What a view is called."""
    return {
        "all": t("Everything"),
        "overdue": t("Overdue"),
        "due_today": t("Due today"),
        "closing": tn("Closing within {number} day", "Closing within {number} days", LIMITS.closing),
        "unconfirmed": t("Unconfirmed"),
        "decision": t("Decisions"),
        "stopped_clock": t("Long holds"),
        "due": t("Window open"),
        "unbooked": t("Not booked"),
    }[view]


def view_about(view: str) -> str:
    """What is in a view, in a sentence."""
    return {
        "all": t("Everything that somebody has to see to, each visit once."),
        "overdue": t("The window has closed, the date has passed, and nothing is recorded."),
        "due_today": t("The window is open, and the visit is planned or booked for the day itself."),
        "closing": t("The window is open and closes within {days} days.", days=LIMITS.closing),
        "unconfirmed": t("The booked day has passed, and nothing is recorded."),
        "decision": t("A decision is to be recorded: its day has come, or its window is open."),
        "stopped_clock": t("The first visit that waits for a hold which has lasted longer than {days} days.", days=LIMITS.held),
        "due": t("The window is open, and no earlier visit stands in the way."),
        "unbooked": t("The subject has to come within the next {days} days, and no day is booked.", days=LIMITS.unbooked),
    }[view]


def act_label(act: str) -> str:
    """What the button of an act says."""
    return {
        "done": t("Done"),
        "missed": t("Missed"),
        "book": t("Book"),
        "move": t("Move"),
        "decide": t("Decide"),
        "resume": t("Resume"),
        "milestone": t("Give the date"),
        "open": t("Open"),
    }[act]


def why_words(line: Line) -> list[str]:
    """Why a visit is on the worklist, beside its status."""
    return [words for view, days in line.why if (words := _why(line, view, days))]


def _why(line: Line, view: str, days: int) -> str:
    past = -days
    match view:
        case "overdue":
            return tn("{number} day past", "{number} days past", past)
        case "unconfirmed":
            return tn("booked {number} day ago, nothing recorded", "booked {number} days ago, nothing recorded", past)
        case "due_today":
            return t("due on this day")
        case "decision":
            return t("decision to record")
        case "stopped_clock":
            return tn("for {number} day", "for {number} days", past)
        case "closing" if line.row.days_left is None:
            return tn("closes in {number} day", "closes in {number} days", days)
        case "unbooked":
            return t("not booked")
        case _:
            # The status says so already.
            return ""


def flag_words(line: Line) -> list[str]:
    """The flags of a visit in sentences, but for what is said already."""
    said = "unconfirmed" if any(view == "unconfirmed" for view, _ in line.why) else ""
    return [text for flag, text in zip(line.row.flags, flag_sentences(line.row), strict=True) if flag != said]


def date_words(line: Line) -> list[str]:
    """The day of a visit: booked, and as it is planned where that is another day."""
    row = line.row
    if line.booked is None or row.status == "done":
        return [short_date(row.effective)]
    time = f" {row.booked_at:%H:%M}" if row.booked_at else ""
    booked = t("{day}, booked", day=short_date(line.booked) + time)
    return [booked] if row.planned in (None, line.booked) else [booked, t("planned {day}", day=short_date(row.planned))]


def window_of(line: Line) -> str:
    """The window of a visit."""
    row = line.row
    if row.earliest is None or row.latest is None:
        return "–"
    return t("that day only") if row.earliest == row.latest else span(row.earliest, row.latest)


def waiting_words(line: Line) -> str:
    """How many visits wait behind a visit; "" where none does."""
    return tn("{number} visit waits", "{number} visits wait", line.waiting) if line.waiting else ""


def days_and_sites(days: Mapping[date, Sequence[str]]) -> str:
    """``Fri 20 Nov 2026``; with the sites of each day where it is not the same day everywhere."""
    if len(days) == 1:
        return short_date(next(iter(days)))
    return listed(t("{day} at {sites}", day=short_date(day), sites=listed(sites)) for day, sites in days.items())
