"""The tour: three steps from what is to be done today to a subject's calendar in the hand, each on the page that it is about.

It begins by itself once after the first run, and from the help page; it is a panel above the page and covers nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from planner.records.errors import RecordsError
from planner.ui import link
from planner.ui.desk import desk
from planner.ui.language import t
from planner.ui.places import go_later

_STEP, _TAKEN = "tour.step", "tour.taken"


@dataclass(frozen=True, slots=True)
class _Step:
    place: str
    title: str
    text: str


def _steps() -> tuple[_Step, ...]:
    return (
        _Step(
            "today",
            t("What is to be done"),
            t(
                "Today lists the visits that are overdue, due or about to close, the most urgent first. Record a visit there, book it or "
                "move it: you see what else would move before anything is saved."
            ),
        ),
        _Step(
            "subjects",
            t("Everybody in the study"),
            t(
                "Subjects lists everybody with the next visit. New subject, in the menu, enrols one: the whole calendar appears while you "
                "type, and nothing is kept before you press Enrol."
            ),
        ),
        _Step(
            "subject",
            t("A calendar to take along"),
            t(
                "A subject’s page shows every visit and says why it is on its date. From there you print the calendar for the subject, or "
                "take it into a calendar program. Whatever you save can be taken back with one press."
            ),
        ),
    )


def begin_tour() -> None:
    """Show the first step when the page is drawn next: for callbacks, and before another page is shown."""
    st.session_state[_STEP] = 0
    st.session_state[_TAKEN] = True


def offer_tour() -> None:
    """The same, unless the tour was shown in this session already."""
    if not st.session_state.get(_TAKEN):
        begin_tour()


def tour() -> None:
    """Draw the step that the person is at, if the tour is being taken."""
    number: int | None = st.session_state.get(_STEP)
    if number is None:
        return
    steps = _steps()
    step = steps[number]
    with st.container(border=True, key="tour"):
        st.markdown(f"**{t('Tour, step {number} of {count}', number=number + 1, count=len(steps))}: {step.title}**\n\n{step.text}")
        with st.container(horizontal=True):
            if number:
                st.button(t("Back"), key="tour.back", on_click=_show, args=(number - 1,))
            if number + 1 < len(steps):
                st.button(t("Next"), key="tour.next", type="primary", on_click=_show, args=(number + 1,))
            st.button(t("End the tour"), key="tour.close", on_click=_end)


def start_tour() -> None:
    """Begin on the page that the first step is about: for callbacks."""
    begin_tour()
    _go_to(0)


def _show(number: int) -> None:
    st.session_state[_STEP] = number
    _go_to(number)


def _go_to(number: int) -> None:
    link.touched()
    place = _steps()[number].place
    if place != "subject":
        go_later(place)
        return
    subject = _some_subject()
    if subject:
        go_later(place, subject=subject)


def _some_subject() -> str:
    """A subject to look at; "" where there is none, or none that the person may read."""
    try:
        at = desk()
        with at.reading() as connection:
            found = at.schedules.of(connection, at.caller)
    except RecordsError:
        return ""
    return next((str(key) for entry in found for key in entry.keys), "")


def _end() -> None:
    link.touched()
    st.session_state.pop(_STEP, None)
