"""What the calendars of the sites say of a day: closed, and what a holiday is called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from planner.schedule.calendar import CLINIC, SiteCalendar
from planner.schedule.day_words import named_day
from planner.schedule.days import day_number
from planner.ui.clinic.busy import is_open
from planner.ui.language import in_language, t, tn
from planner.ui.words import listed

_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class DayNote:
    """Of one day."""

    is_closed: bool
    """At every site looked at."""
    text: str
    """"" where there is nothing to say."""


def day_note(calendars: Mapping[str, SiteCalendar | None], day: date, resource: str = "") -> DayNote:
    """A holiday's name and where it is, and whether it is closed: a make-up working day has a name too."""
    shut = {site for site, calendar in calendars.items() if not is_open(calendar, resource or CLINIC, day)}
    texts = {site: _said(calendar, day, is_shut=site in shut) for site, calendar in calendars.items()}
    distinct = set(texts.values())
    is_closed = len(shut) == len(calendars) > 0
    if len(distinct) == 1:
        return DayNote(is_closed, distinct.pop())
    named = [t("{site}: {text}", site=site, text=text) for site, text in texts.items() if text]
    if len(named) > _MOST_NAMED:
        return DayNote(is_closed, tn("closed at {number} site", "closed at {number} sites", len(shut)) if shut else "")
    return DayNote(is_closed, listed(named))


def _said(calendar: SiteCalendar | None, day: date, *, is_shut: bool) -> str:
    name = "" if calendar is None else in_language(named_day(calendar.notes.get(day_number(day), "")))
    if not name:
        return t("closed") if is_shut else ""
    return t("{holiday} (closed)", holiday=name) if is_shut else t("{holiday} (open)", holiday=name)
