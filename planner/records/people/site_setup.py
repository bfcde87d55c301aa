"""Setting up a site: its code, what its subjects' numbers look like, and its first calendar."""

from __future__ import annotations

from sqlalchemy import Connection

from planner.protocol.said import said
from planner.records.caller import Caller
from planner.records.facts.fact import Fact, NewFact
from planner.records.facts.kinds import Kind
from planner.records.people.administration import AdministrationError, append_administration, set_site
from planner.records.people.settings import read_settings
from planner.records.pinned.contents import put_calendar
from planner.schedule.calendar import SiteCalendar


def set_up_site(connection: Connection, caller: Caller, code: str, subject_pattern: str, calendar: SiteCalendar | None) -> list[Fact]:
    """Make a site with its calendar, or change the pattern of one that is there; ``connection`` is that of a ``writing()``.

    Raises NotAllowedError, SubjectPatternError, and AdministrationError: a new site without a calendar, or another calendar for a site
    that has one, which only a refresh may give since it moves visits.
    """
    settings = read_settings(connection)
    facts = [set_site(settings, code, subject_pattern)]
    present = settings.sites[code].calendar_hash if code in settings.sites else ""
    if calendar is None and not present:
        raise AdministrationError(said("Site {code} is new and needs a calendar. Give one: --calendar CN, or a file.", code=code))
    if calendar is not None:
        calendar_hash = put_calendar(connection, calendar)
        if not present:
            facts.append(NewFact(Kind.SITE_CALENDAR_SET, item=code, value=calendar_hash))
        elif present != calendar_hash:
            raise AdministrationError(
                said("Site {code} has another calendar already. Look at what a new one moves: calendar refresh {code}", code=code)
            )
    return append_administration(connection, caller, facts)
