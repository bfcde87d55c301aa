"""The page Calendar: who comes when, to which site and resource, and whether there is room for all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from urllib.parse import parse_qsl

import streamlit as st
from sqlalchemy import Connection

from planner.capacity.clinic_visits import Wanted, nearest_days, resources_named
from planner.records.lists.site_schedules import SiteSchedule
from planner.records.people.rights import Action
from planner.records.people.settings import Settings, read_settings
from planner.ui import link
from planner.ui.cached import pinned_calendar
from planner.ui.clinic.busy import Clinics, resource_word
from planner.ui.clinic.days import Scene, ShownDays, shown_days
from planner.ui.clinic.days_html import Frame, day_html, legend_html, month_html, week_html
from planner.ui.clinic.feed_dialog import draw_feed, feed_button, feed_choices, forget_feed
from planner.ui.clinic.looked_at import PAGE, arrive, chooser, entries, look_at, row_asked, span_shown
from planner.ui.clinic.said_of_days import in_numbers, say_unknown
from planner.ui.clinic.span import DAY, MONTH, Span
from planner.ui.clinic.take_along import take_along
from planner.ui.components.filter_bar import Filter, clear_filters, filter_bar, site_filter, study_filter
from planner.ui.components.followed_links import followed_links
from planner.ui.components.list_table import arrived_at_list, landing, row_entry, skip_link, start_over, turn_pages
from planner.ui.desk import Desk, desk
from planner.ui.enrol_offer import enrol_button
from planner.ui.language import t
from planner.ui.places import go_later
from planner.ui.words import long_date
from planner.ui.worklist_views import sites_of, studies_of

_NAMES = ("site", "study", "resource")
_ENTRIES = (*_NAMES, "view", "day", "row")
_STYLE = (Path(__file__).parents[1] / "components" / "clinic.css").read_text(encoding="utf-8")


def calendar_page() -> None:
    """Draw the page."""
    arrived = arrived_at_list(PAGE, _ENTRIES)
    arrive(arrived)
    if arrived is not None:
        forget_feed()
    st.title(t("Calendar"), anchor=False)
    at = desk()
    with at.reading() as connection:
        found = at.schedules.of(connection, at.caller)
        settings = read_settings(connection)
        clinics = _clinics(connection, settings, sites_of(found))
    if not found:
        _nobody_yet(at, settings)
        return
    skip_link("clinic-days", t("Skip to the visits"), t("Everybody whom you may read, of all studies."))
    above = st.container()
    chosen = filter_bar(PAGE, _filters(found, clinics), arrived, start_over)
    wanted = Wanted(chosen["site"], chosen["study"], chosen["resource"])
    scene = _scene(at, found, clinics, wanted)
    span = span_shown(scene.today)
    with above:
        chooser(span, scene.today)
    shown = _days(scene, span, {name: text for name, text in chosen.items() if text})
    _foot(at, settings, scene, span, shown)
    link.write({**chosen, **entries(), "row": row_entry(PAGE, _rows(shown, span))})


def _clinics(connection: Connection, settings: Settings, sites: Sequence[str]) -> Clinics:
    calendars = {}
    for site in sites:
        known = settings.sites.get(site)
        calendars[site] = pinned_calendar(connection, known.calendar_hash) if known is not None and known.calendar_hash else None
    return Clinics(calendars, settings.capacities)


def _scene(at: Desk, found: tuple[SiteSchedule, ...], clinics: Clinics, wanted: Wanted) -> Scene:
    """What is looked at, and which day it is there; at several sites the latest of their days."""
    if wanted.site:
        clinics = Clinics({wanted.site: clinics.calendars[wanted.site]}, clinics.places)
    zones = {"UTC" if calendar is None else calendar.zone for calendar in clinics.calendars.values()}
    return Scene(found, clinics, wanted, max(at.caller.today(zone) for zone in zones))


def _filters(found: Sequence[SiteSchedule], clinics: Clinics) -> list[Filter]:
    named = {*resources_named(found, ""), *(resource for site, resource in clinics.places if site in clinics.calendars)}
    resources = {resource: resource_word(resource) for resource in sorted(named)}
    return [
        site_filter(clinics.calendars),
        study_filter(studies_of(found)),
        Filter("resource", t("Resource"), t("All resources"), resources),
    ]


def _nobody_yet(at: Desk, settings: Settings) -> None:
    """Nobody is enrolled, or nobody whom this person may see."""
    st.info(t("There is no subject yet. Once one is enrolled, everybody's visits stand here."), icon=":material/person_add:")
    enrol_button(at, settings, "calendar.enrol")


def _days(scene: Scene, span: Span, kept: dict[str, str]) -> ShownDays:
    """The days, or what to do where there is no visit on them."""
    shown = shown_days(scene, span, row_asked() if span.view == DAY else 0)
    st.subheader(span.in_words(), anchor=False)
    landing("clinic-days", in_numbers(shown, scene.wanted.study))
    if not shown.has_visits:
        _empty(scene, span)
        return shown
    frame = Frame(len(scene.clinics.calendars), kept)
    followed_links(f"<style>{_STYLE}</style>{_html(shown, span, frame)}{legend_html(frame)}", f"calendar.days.{span.view}", _followed)
    turn_pages(PAGE, _rows(shown, span))
    say_unknown(shown.busy.unknown, scene.clinics)
    return shown


def _rows(shown: ShownDays, span: Span) -> int:
    """How many rows there are to turn the pages of: a day's attendances."""
    return shown.days[0].total if span.view == DAY else 0


def _html(shown: ShownDays, span: Span, frame: Frame) -> str:
    if span.view == DAY:
        return day_html(shown.days[0], frame)
    return month_html(shown.days, frame, span.in_words()) if span.view == MONTH else week_html(shown.days, frame)


def _followed(target: str) -> None:
    """Show the day, or the visit on its subject's page, that a pressed link leads to."""
    said = dict(parse_qsl(target))
    if "day" in said:
        look_at(date.fromisoformat(said["day"]), DAY)
    elif "subject" in said:
        link.touched()
        go_later("subject", subject=said["subject"], visit=said.get("visit", ""))


def _empty(scene: Scene, span: Span) -> None:
    """The days with visits before and after, one press away; else the way back to everything."""
    st.info(t("Nobody's visit is on these days."), icon=":material/event_busy:")
    before, after = nearest_days(scene.found, scene.wanted, span.first, span.last)
    with st.container(horizontal=True, key="calendar.nearest"):
        if before is not None:
            label = t("Last visits before: {day}", day=long_date(before))
            st.button(label, key="calendar.last", icon=":material/arrow_back:", on_click=look_at, args=(before,))
        if after is not None:
            label = t("Next visits: {day}", day=long_date(after))
            st.button(label, key="calendar.next", icon=":material/arrow_forward:", type="primary", on_click=look_at, args=(after,))
        if scene.wanted != Wanted():
            st.button(t("Show everybody's visits"), key="calendar.clear", icon=":material/filter_alt_off:", on_click=_show_all)


def _show_all() -> None:
    start_over(PAGE)
    clear_filters(PAGE, _NAMES)


def _foot(at: Desk, settings: Settings, scene: Scene, span: Span, shown: ShownDays) -> None:
    """Files and feeds of what is looked at."""
    sites = list(scene.clinics.calendars)
    if shown.has_visits:
        take_along(at, scene.wanted, span)

    if any(at.may(settings, Action.FEED, site) for site in sites):
        feed_button()
        resources = [(site, resource) for site in sites for resource in resources_named(scene.found, site)]
        draw_feed(feed_choices(sites, studies_of(scene.found), resources), scene.wanted)
