"""Each flag in a sentence, with the rule it follows; one closed list, shared by explanations and screens."""

from __future__ import annotations

from datetime import date

FLAG_REASONS: dict[str, tuple[str, str]] = {
    "no_anchor": ("R8", "It is cancelled: there is no visit left to count it from."),
    "companion_missed": ("R9", "It is cancelled: the visit it goes with was missed."),
    "not_chosen": ("R11", "It is cancelled: the decision went to another branch."),
    "ended_by_decision": ("R11", "It is cancelled: a recorded decision ends it."),
    "stopped": ("R13", "It is cancelled: this treatment has been stopped."),
    "ended": ("R13", "It is cancelled: the subject has left the study before it."),
    "anchor_cancelled": ("R11", "It is cancelled: the visit it is counted from is cancelled."),
    "milestone_missing": ("R8", "It has no date because a milestone has not been given: {value}."),
    "anchor_missed": ("R9", "The visit it is counted from was missed, so it counts from that visit's planned date."),
    "missed_by_hold": ("R12", "It was skipped by a hold."),
    "outside_plan": ("R10", "It was done although it is not part of the subject's plan; it counts all the same."),
    "expired": ("R9", "Its result of {value} is older than the window allows and no longer counts: it is open again."),
    "no_open_day_in_window": ("R5", "There is no open day in its window."),
    "constraint_breaks_window": ("R6", "The earliest allowed day lies after every open day of its window."),
    "outside_window": ("R4", "Its date lies outside its window by {value} days."),
    "closed_day": ("R5", "Its date is a closed day."),
    "booked_in_hold": ("R12", "It is booked on a day of a hold; the booking stays until someone moves it."),
    "omitted": ("R9", "At this visit {value} is not given."),
    "unconfirmed": ("R14", "The booked day has passed and nothing is recorded."),
    "earlier_unrecorded": ("R18", "An earlier one of its series is not recorded yet."),
    "at_most_reached": ("R2", "The series has reached the largest number that the protocol file allows."),
    "fraction_gap": ("R7", "The gap to the fraction before is too long. First fraction day that avoids it: {value}."),
    "fraction_span": ("R7", "The fractions take too long from first to last. First fraction day that avoids it: {value}."),
    "provisional_calendar": ("R17", "The official calendar of that year is not known yet; the date may change."),
}

_NAMING_A_DAY = frozenset({"fraction_gap", "fraction_span"})


def flag_value(code: str, value: str) -> str | date:
    """What stands behind a flag's colon, for its sentence: a day as a day."""
    return date.fromisoformat(value) if value and code in _NAMING_A_DAY else value
