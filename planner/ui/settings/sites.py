"""The sites: what is known of each, changing one, and adding one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import streamlit as st

from planner.records.facts.fact import NewFact
from planner.records.lists.site_schedules import SiteSchedule
from planner.records.people.administration import set_site, set_site_contact
from planner.records.people.settings import Settings, Site
from planner.records.people.subject_pattern import LONGEST_PATTERN
from planner.schedule.calendar import SiteCalendar
from planner.schedule.day_words import named_calendar
from planner.schedule.days import day_date
from planner.ui import cached, link
from planner.ui.components.site_fields import contact_field, site_fields, write_site
from planner.ui.language import in_language, t
from planner.ui.number_patterns import example_number
from planner.ui.settings.meanwhile import begin, save_typed
from planner.ui.settings.saving import fresh, save_by
from planner.ui.settings.shown import Shown, may_else_say
from planner.ui.text_table import text_table
from planner.ui.words import short_date

_FORM_WIDTH = 640


def sites_view(shown: Shown) -> None:
    """Draw them."""
    sites = shown.settings.sites
    if sites:
        _table(shown)
    else:
        st.info(t("There is no site yet. Set one up below: subjects are enrolled at a site, on its working days."))
    if not may_else_say(shown):
        return
    if sites:
        st.subheader(t("Change a site"), anchor=False)
        with st.container(width=_FORM_WIDTH):
            _change(shown)
    st.subheader(t("Add a site"), anchor=False)
    with st.container(width=_FORM_WIDTH):
        _add(shown)


def _table(shown: Shown) -> None:
    with shown.at.reading() as connection:
        counted = subjects_at(shown.at.schedules.of(connection, shown.at.caller))
        calendars = {
            site.code: cached.pinned_calendar(connection, site.calendar_hash)
            for site in shown.settings.sites.values()
            if site.calendar_hash
        }
    heads = (t("Site"), t("Subject numbers"), t("Working days"), t("Kept until"), t("Whom subjects call"), t("Subjects"))
    lines = [
        site_line(site, calendars.get(site.code), shown.settings.contacts.get(site.code, ""), counted[site.code])
        for site in shown.settings.sites.values()
    ]
    st.html(text_table(t("Sites"), heads, lines))


def subjects_at(found: Sequence[SiteSchedule]) -> Counter[str]:
    """How many subjects are now at each site."""
    counted: Counter[str] = Counter()
    for entry in found:
        numbers = np.bincount(entry.group.site, minlength=len(entry.group.sites))
        counted.update(dict(zip(entry.group.sites, numbers.tolist(), strict=True)))
    return counted


def site_line(site: Site, calendar: SiteCalendar | None, contact: str, subjects: int) -> tuple[str, ...]:
    """A site in the columns of the table."""
    example = example_number(site.subject_pattern)
    return (
        site.code,
        t("{pattern}, such as {example}", pattern=site.subject_pattern, example=example) if example else site.subject_pattern,
        "–" if calendar is None else f"{in_language(named_calendar(calendar.name))} ({calendar.zone})",
        "–" if calendar is None else short_date(day_date(calendar.last_day)),
        contact or t("nobody"),
        str(subjects),
    )


def _change(shown: Shown) -> None:
    """Other subject numbers, or another contact; what is empty again once it was saved."""
    code = st.selectbox(t("Site to change"), list(shown.settings.sites), key="settings.site-to-change", on_change=link.touched)
    site, contact = shown.settings.sites[code], shown.settings.contacts.get(code, "")
    typed = fresh(f"{code}.pattern"), fresh(f"{code}.contact")
    pattern = st.text_input(
        t("Pattern of subject numbers"),
        key=begin(typed[0], site.subject_pattern, shown.settings),
        max_chars=LONGEST_PATTERN,
        help=t("For subjects enrolled from now on; the numbers of those who are enrolled stay as they are."),
        on_change=link.touched,
    )
    begin(typed[1], contact, shown.settings)
    call = contact_field(fresh(code))
    wanted = (pattern or "").strip()
    changes = (wanted != site.subject_pattern, call != contact)
    if not st.button(t("Save {site}", site=code), key="settings.change", icon=":material/save:", disabled=not any(changes)):
        return

    def facts_of(settings: Settings) -> dict[str, NewFact]:
        new = (set_site(settings, code, wanted), set_site_contact(settings, code, call))
        return {key: fact for key, fact, is_changed in zip(typed, new, changes, strict=True) if is_changed}

    save_typed(shown.at, code, facts_of, t("Site {code} is changed.", code=code))


def _add(shown: Shown) -> None:
    entries = site_fields(fresh("new"))
    if entries is None:
        return
    at = shown.at
    if entries.code in shown.settings.sites:
        st.error(t("There is a site {code} already. Change it above, or give another code.", code=entries.code), icon=":material/error:")
        return
    save_by(at, lambda connection: write_site(connection, at.caller, entries), t("Site {code} is set up.", code=entries.code))
