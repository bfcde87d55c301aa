"""The working days of a site: those of a year that are not what their weekday says, and giving the site newer ones."""

from __future__ import annotations

import streamlit as st

from planner.records.people.rights import Action
from planner.schedule.calendar import CLINIC, SiteCalendar
from planner.schedule.day_words import named_calendar, named_day, named_resource
from planner.schedule.days import day_date
from planner.schedule.unusual_days import UnusualDay, provisional_years, unusual_days
from planner.ui import cached
from planner.ui.components.list_table import ROWS, first_row, turn_pages
from planner.ui.language import in_language, t, tn
from planner.ui.settings.chosen import site_chosen, year_chosen
from planner.ui.settings.refresh import refresh_panel
from planner.ui.settings.shown import Shown, may_else_say
from planner.ui.settings.years import years_words
from planner.ui.text_table import text_table
from planner.ui.words import short_date, unformatted

_DAYS = "settings.days"


def calendars_view(shown: Shown) -> None:
    """Draw them."""
    if not shown.settings.sites:
        st.info(t("There is no site yet. Set one up under Sites."))
        return
    above = st.container(horizontal=True, key="settings.calendar-of")
    below = st.container()
    with above:
        site = site_chosen(shown.settings.sites, below)
    present = shown.settings.sites[site].calendar_hash
    if present:
        with shown.at.reading() as connection:
            calendar = cached.pinned_calendar(connection, present)
        with above:
            year = year_chosen(_years(calendar), shown.at.caller.today(calendar.zone).year, below)
        _days(calendar, year, present)
    else:
        st.info(t("Site {site} has no working days yet. Give it some below.", site=site))
    st.subheader(t("Give {site} other working days", site=site), anchor=False)
    if may_else_say(shown) and may_else_say(shown, Action.REFRESH_CALENDAR, site):
        refresh_panel(shown.at, site)


def _years(calendar: SiteCalendar) -> range:
    return range(day_date(calendar.first_day).year, day_date(calendar.last_day).year + 1)


def _days(calendar: SiteCalendar, year: int, kept_as: str) -> None:
    name = in_language(named_calendar(calendar.name))
    st.subheader(unformatted(t("{name} ({zone}) in {year}", name=name, zone=calendar.zone, year=year)), anchor=False)
    provisional = provisional_years(calendar)
    if year in provisional:
        st.warning(t("The official calendar of {year} is not known yet: days may still change.", year=year), icon=":material/event_busy:")
    elif provisional:
        st.caption(t("Not official yet: {years}.", years=years_words(provisional)))
    found = unusual_days(calendar, year)
    if not found:
        st.markdown(t("Every day of this year is what its weekday says."))
        return
    st.caption(
        tn(
            "{number} day of the year is not what its weekday says. Kept as {short_hash}.",
            "{number} days of the year are not what their weekday says. Kept as {short_hash}.",
            len(found),
            short_hash=kept_as[:12],
        )
    )
    first = first_row(_DAYS, len(found))
    heads = (t("Day"), t("Where"), t("Open or closed"), t("Why"))
    st.html(text_table(t("Unusual days"), heads, map(day_line, found[first : first + ROWS])))
    turn_pages(_DAYS, len(found))


def day_line(one: UnusualDay) -> tuple[str, ...]:
    """An unusual day in the columns of the table."""
    where = t("the whole site") if one.resource == CLINIC else in_language(named_resource(one.resource))
    why = in_language(named_day(one.note)) or "–"
    return (
        short_date(one.day),
        where,
        t("✓ open") if one.is_open else t("✗ closed"),
        t("{why} (provisional)", why=why) if one.is_provisional else why,
    )
