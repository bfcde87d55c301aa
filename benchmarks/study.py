"""What all measurements share: the study, its plan, China's calendar, and the day asked about."""

from __future__ import annotations

from datetime import date
from functools import cache

from planner.protocol.compile import compile_plan
from planner.protocol.library import load_protocol
from planner.protocol.plan import Plan
from planner.schedule.calendar import SiteCalendar
from planner.schedule.calendar_sources import country_calendar
from planner.schedule.days import day_number

PROTOCOL = "ulrrc"
FIRST_START = date(2025, 9, 1)
AS_OF = date(2026, 9, 1)
"""A year after the first start: the subjects stand anywhere between enrolment and the tumour board's branches."""
AS_OF_DAY = day_number(AS_OF)
DAYS_OF_STARTS = 365


@cache
def plan(study: str = PROTOCOL) -> Plan:
    """The compiled plan."""
    return compile_plan(load_protocol(study))


@cache
def calendar() -> SiteCalendar:
    """China's working days, make-up weekends included."""
    return country_calendar("CN")
