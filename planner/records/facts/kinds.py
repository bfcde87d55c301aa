"""The kinds of facts in the log, and what the fields of a fact mean for each (docs/records.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a fact says. The text is what the log holds, so a kind is never renamed."""

    # --- a subject's own log
    ENROLLED = "enrolled"
    START_MOVED = "start_moved"
    PARAMETER_SET = "parameter_set"
    MILESTONE_SET = "milestone_set"
    VISIT_DONE = "visit_done"
    VISIT_MISSED = "visit_missed"
    ACTIVITY_OMITTED = "activity_omitted"
    BOOKED = "booked"
    RELEASED = "released"
    DECISION_MADE = "decision_made"
    HOLD_STARTED = "hold_started"
    HOLD_ENDED = "hold_ended"
    TREATMENT_STOPPED = "treatment_stopped"
    LEFT_STUDY = "left_study"
    SITE_TRANSFERRED = "site_transferred"
    UNSCHEDULED_VISIT = "unscheduled_visit"
    PROTOCOL_AMENDED = "protocol_amended"
    CALENDAR_REFRESHED = "calendar_refreshed"
    DEVIATION_CLASSED = "deviation_classed"
    UNDONE = "undone"
    NOTE = "note"
    # --- the administration log
    SITE_SET = "site_set"
    SITE_CALENDAR_SET = "site_calendar_set"
    SITE_CONTACT_SET = "site_contact_set"
    SITE_CAPACITY_SET = "site_capacity_set"
    PERSON_GRANTED = "person_granted"
    PERSON_REVOKED = "person_revoked"
    FEED_MADE = "feed_made"
    FEED_ROTATED = "feed_rotated"
    FEED_REVOKED = "feed_revoked"


ROUTINE_CARE = "routine_care"
"""The value of ``visit_done`` for a visit that needed no consent first."""


FEED_DETAILS = ("person", "purpose", "kind", "of", "event", "summary", "language", "conditional", "days_back", "days_ahead")
"""What a ``feed_made`` says of the feed, as texts and (the last two) whole numbers: see planner.records.feeds.feed."""


@dataclass(frozen=True, slots=True)
class KindShape:
    """What each field of a fact of one kind holds; "" where the kind does not use it."""

    item: str = ""
    day: str = ""
    until_day: str = ""
    value: str = ""
    refers: str = ""
    details: tuple[str, ...] = ()
    one_of_item: bool = False
    """Only one such fact per item is in force, and a second is refused: the first is corrected instead."""


SHAPES: Mapping[Kind, KindShape] = {
    Kind.ENROLLED: KindShape(
        item="site code",
        day="start: the day of cycle 1 day 1",
        value="hash of the protocol file's text",
        details=("plan", "calendar", "rescreen_of"),
        one_of_item=True,
    ),
    Kind.START_MOVED: KindShape(day="the new start"),
    Kind.PARAMETER_SET: KindShape(item="parameter", value="its value"),
    Kind.MILESTONE_SET: KindShape(item="milestone", day="its date", one_of_item=True),
    Kind.VISIT_DONE: KindShape(item="visit", day="when it took place", value='"routine_care", or ""', one_of_item=True),
    Kind.VISIT_MISSED: KindShape(item="visit", one_of_item=True),
    Kind.ACTIVITY_OMITTED: KindShape(item="visit", value="activity"),
    Kind.BOOKED: KindShape(item="visit", day="the booked day", value='local time "09:30", or ""', details=("minutes", "resource", "place")),
    Kind.RELEASED: KindShape(item="visit"),
    Kind.DECISION_MADE: KindShape(item="decision", day="its date, or none", value="choice", one_of_item=True),
    Kind.HOLD_STARTED: KindShape(
        item='stream, or "" for all drugs', day="first held day", until_day="resume day, or none", value="shift or skip"
    ),
    Kind.HOLD_ENDED: KindShape(day="resume day", refers="number of the hold"),
    Kind.TREATMENT_STOPPED: KindShape(item='stream, or "" for all drugs', day="the first day without it"),
    Kind.LEFT_STUDY: KindShape(day="the day", value="withdrawn, died, lost or screen_failure", one_of_item=True),
    Kind.SITE_TRANSFERRED: KindShape(item="code of the new site", day="the first day there", details=("calendar",)),
    Kind.UNSCHEDULED_VISIT: KindShape(item='stream of the dose given, or ""', day="the day"),
    Kind.PROTOCOL_AMENDED: KindShape(value="hash of the new protocol file's text", details=("plan",)),
    Kind.CALENDAR_REFRESHED: KindShape(item="site code", value="hash of the site's new calendar"),
    Kind.DEVIATION_CLASSED: KindShape(item="the deviation's key", value="important or not_important"),
    Kind.UNDONE: KindShape(),
    Kind.NOTE: KindShape(),
    Kind.SITE_SET: KindShape(item="site code", details=("subject_pattern",)),
    Kind.SITE_CALENDAR_SET: KindShape(item="site code", value="hash of the calendar"),
    Kind.SITE_CONTACT_SET: KindShape(item="site code", value='whom subjects call: an office and a number; "" for nobody'),
    Kind.SITE_CAPACITY_SET: KindShape(item="site code", value="resource", details=("places",)),
    Kind.PERSON_GRANTED: KindShape(item="person", value="role", details=("site",)),
    Kind.PERSON_REVOKED: KindShape(item="person", value="role", details=("site",)),
    Kind.FEED_MADE: KindShape(item="the feed's code", value="SHA-256 of its token", details=FEED_DETAILS),
    Kind.FEED_ROTATED: KindShape(item="the feed's code", value="SHA-256 of its new token"),
    Kind.FEED_REVOKED: KindShape(item="the feed's code"),
}

FEED_KINDS = frozenset({Kind.FEED_MADE, Kind.FEED_ROTATED, Kind.FEED_REVOKED})
"""Kinds that anybody may write for a feed of their own."""
ADMINISTRATION_KINDS = FEED_KINDS | {
    Kind.SITE_SET,
    Kind.SITE_CALENDAR_SET,
    Kind.SITE_CONTACT_SET,
    Kind.SITE_CAPACITY_SET,
    Kind.PERSON_GRANTED,
    Kind.PERSON_REVOKED,
}
"""Kinds of the administration log; all others are a subject's."""
