"""The calendar of a subject who moves from one site to another (R17)."""

from __future__ import annotations

from datetime import date

import numpy as np

from planner.protocol.said import said
from planner.schedule.calendar import CLINIC, CalendarError, SiteCalendar, require_open_days
from planner.schedule.days import day_date, day_number


def after_transfer(before: SiteCalendar, after: SiteCalendar, day: date) -> SiteCalendar:
    """Site ``before``'s days up to the day before ``day``, and site ``after``'s from ``day`` on.

    Every resource that differs at either site has a table; where one site lists no days for it, that site's own count.
    The zone is the new site's. Raises CalendarError if one of the two does not cover its part.
    """
    transfer = day_number(day)
    first = min(before.first_day, transfer)
    if transfer > first and before.last_day < transfer - 1:
        text = "Calendar {calendar} ends on {last}, before the transfer on {day}. Extend it."
        raise CalendarError(said(text, calendar=before.name, last=day_date(before.last_day), day=day))
    if not after.first_day <= transfer <= after.last_day:
        text = "Calendar {calendar} covers {first} to {last}, not the transfer on {day}. Extend it."
        first_covered, last_covered = day_date(after.first_day), day_date(after.last_day)
        raise CalendarError(said(text, calendar=after.name, first=first_covered, last=last_covered, day=day))
    kept, start = transfer - first, transfer - after.first_day
    resources = dict.fromkeys([CLINIC, *before.open_days, *after.open_days])
    notes = {number: note for number, note in before.notes.items() if number < transfer}
    notes |= {number: note for number, note in after.notes.items() if number >= transfer}
    return require_open_days(
        SiteCalendar(
            name=f"{before.name}, from {day} {after.name}",
            zone=after.zone,
            first_day=first,
            open_days={
                resource: np.concatenate([before.open_table(resource)[:kept], after.open_table(resource)[start:]]) for resource in resources
            },
            provisional=np.concatenate([before.provisional[:kept], after.provisional[start:]]),
            notes=notes,
        )
    )
