"""The resources of a site (chairs, rooms, machines), and how many subjects each takes on one day."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from planner.records.facts.fact import NewFact
from planner.records.facts.form import MOST_PLACES
from planner.records.feeds.resources import resources_named
from planner.records.people.administration import set_site_capacity
from planner.records.people.settings import Settings
from planner.ui import link
from planner.ui.clinic.busy import resource_word
from planner.ui.language import t
from planner.ui.settings.chosen import site_chosen
from planner.ui.settings.meanwhile import begin, save_typed
from planner.ui.settings.saving import fresh
from planner.ui.settings.shown import Shown, may_else_say
from planner.ui.text_table import text_table
from planner.ui.words import unformatted

_FORM_WIDTH = 480


def resources_view(shown: Shown) -> None:
    """Draw them."""
    if not shown.settings.sites:
        st.info(t("There is no site yet. Set one up under Sites."))
        return
    st.markdown(t("What takes place in a chair, a room or at a machine competes for it. The calendar shows the days on which it is full."))
    site = site_chosen(shown.settings.sites)
    known = {resource: places for (at_site, resource), places in shown.settings.capacities.items() if at_site == site}
    with shown.at.reading() as connection:
        found = shown.at.schedules.of(connection, shown.at.caller)
        named = resources_named(connection, shown.settings, site, found)
    st.html(text_table(t("Resources"), (t("Resource"), t("Named by"), t("Subjects on one day")), resource_lines(known, named)))
    if may_else_say(shown):
        with st.container(width=_FORM_WIDTH):
            _change(shown, site, known, named)


def resource_lines(known: Mapping[str, int], named: frozenset[str]) -> list[tuple[str, str, str]]:
    """Each resource by name: who names it, how many it takes."""
    return [
        (
            resource_word(resource),
            t("the site's calendar, a protocol or a booking") if resource in named else t("nothing any more"),
            str(known[resource]) if resource in known else t("not known"),
        )
        for resource in sorted(named | known.keys())
    ]


def _change(shown: Shown, site: str, known: Mapping[str, int], named: frozenset[str]) -> None:
    """A number for each; what is left empty is not known."""
    st.subheader(t("How many subjects on one day"), anchor=False)
    entered = {resource: _number(shown.settings, site, resource, known.get(resource)) for resource in sorted(named | known.keys())}
    changed = {resource: places for resource, places in entered.items() if places != known.get(resource, 0)}
    if not st.button(t("Save the numbers"), key="settings.capacities", icon=":material/save:", disabled=not changed):
        return

    def facts_of(settings: Settings) -> dict[str, NewFact]:
        return {_key(site, resource): set_site_capacity(settings, site, resource, places) for resource, places in changed.items()}

    save_typed(shown.at, site, facts_of, t("The numbers of {site} are saved.", site=site))


def _key(site: str, resource: str) -> str:
    return fresh(f"{site}.{resource}")


def _number(settings: Settings, site: str, resource: str, present: int | None) -> int:
    """How many it takes; 0 where that is not known."""
    entered = st.number_input(
        t("Subjects at {resource} on one day", resource=unformatted(resource_word(resource))),
        min_value=1,
        max_value=MOST_PLACES,
        value=None,
        step=1,
        # Not as the input's own value: that one could be changed, and never be emptied.
        key=begin(_key(site, resource), present, settings),
        placeholder=t("not known"),
        on_change=link.touched,
    )
    return int(entered or 0)
