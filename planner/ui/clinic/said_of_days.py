"""What is said above and below the days: how many come, where it is too many, and of what nobody knows how many it takes."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from planner.ui import link
from planner.ui.clinic.busy import Clinics, resource_word
from planner.ui.clinic.days import ShownDays
from planner.ui.language import t, tn
from planner.ui.places import PLACES
from planner.ui.words import days_in_words, listed, sentence, unformatted, visits_counted

_MOST_NAMED = 6


def in_numbers(shown: ShownDays, study: str) -> str:
    """``12 attendances, 15 visits. On 1 day more come than there are places or it is closed.``."""
    coming, visits = sum(day.coming for day in shown.days), sum(day.visits for day in shown.days)
    if not visits:
        return t("No visit.")
    said = [sentence(listed((tn("{number} attendance", "{number} attendances", coming), visits_counted(visits))))]
    if much := sum(any(line.is_too_much for line in day.busy) for day in shown.days):
        said.append(
            tn(
                "On {number} day a resource is closed or has too few places.",
                "On {number} days a resource is closed or has too few places.",
                much,
            )
        )
    if study:
        said.append(t("How busy a resource is counts all studies."))
    return ("" if days_in_words().is_chinese else " ").join(said)


def say_unknown(unknown: Sequence[tuple[str, str]], clinics: Clinics) -> None:
    """Name the resources of which nobody has said how many attendances they take, and where to say it."""
    if not unknown:
        return
    names = [
        resource_word(resource) if len(clinics.calendars) == 1 else t("{site} {resource}", site=site, resource=resource_word(resource))
        for site, resource in unknown
    ]
    if len(names) > _MOST_NAMED:
        left = len(names) - _MOST_NAMED
        names = [*names[:_MOST_NAMED], tn("{number} other", "{number} others", left)]
    with st.container(horizontal=True, vertical_alignment="center", key="calendar.unknown"):
        st.caption(
            unformatted(t("It is not known how many attendances a day these take: {resources}.", resources=listed(names))), width="content"
        )
        st.page_link(PLACES["settings"].file, label=t("Settings"), icon=":material/settings:", query_params=link.language_entry())
