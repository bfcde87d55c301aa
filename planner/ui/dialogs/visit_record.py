"""The inputs for what happened at one visit: it took place, it was missed, or some activity was not done at it."""

from __future__ import annotations

from datetime import date

import streamlit as st

from planner.records.facts.kinds import ROUTINE_CARE
from planner.schedule.fact_faults import EARLIEST_START, LATEST_DATE
from planner.ui import link
from planner.ui.dialogs.visit_choices import activities
from planner.ui.dialogs.visit_consent import may_precede_consent
from planner.ui.dialogs.visit_day import day_buttons, first_day
from planner.ui.dialogs.visit_facts import Done, done_facts, missed_facts, omission_facts, takes_omission_back
from planner.ui.dialogs.visit_scene import VisitScene
from planner.ui.language import t


def draw_done(scene: VisitScene) -> None:
    """When it took place, and what was not done at it."""
    again = _asks_again(scene)
    day = _asks_day(scene, again=again)
    omitted = _asks_omitted(scene, t("Not done at this visit"))
    routine_care = _asks_routine_care(scene, day)
    if day is None:
        st.caption(t("Choose the date it took place."))
        return
    is_correction = scene.recorded.is_settled and not again
    if is_correction:
        st.caption(t("This visit is recorded already. What you save here corrects the record; the record before it stays in the history."))
    corrects = is_correction or takes_omission_back(scene.recorded, omitted)
    done = Done(day, omitted, routine_care, again)
    scene.end_in(lambda why: done_facts(scene, done, why), "always" if corrects else "if wanted", t("Save as done"))


def draw_missed(scene: VisitScene) -> None:
    """Why it did not take place is asked for by the panel."""
    st.caption(t("The visit did not take place and will not. What hangs on it goes on from its planned day."))
    scene.end_in(lambda why: missed_facts(scene, why), "always", t("Save as missed"))


def draw_omission(scene: VisitScene) -> None:
    """Which activities are not done at the visit; the visit itself stays as it is."""
    omitted = _asks_omitted(scene, t("Activities not done, or not to be done, at this visit"))
    corrects = takes_omission_back(scene.recorded, omitted)
    if not corrects and set(omitted) <= set(scene.recorded.omitted):
        st.caption(t("Choose the activities that are not done at this visit. A dose that is not given counts for no interval."))
        return
    scene.end_in(lambda why: omission_facts(scene, omitted, why), "always" if corrects else "if wanted", t("Save what is not done"))


def day_input(scene: VisitScene, name: str, label: str, usual: date | None) -> date | None:
    """A date that begins with the usual one, or empty."""
    st.date_input(
        label,
        min_value=EARLIEST_START,
        max_value=LATEST_DATE,
        format="YYYY-MM-DD",
        key=scene.begun(name, usual),
        persist_state="page",
        on_change=link.touched,
    )
    entered: date | None = st.session_state[scene.key(name)]
    return entered


def _asks_day(scene: VisitScene, *, again: bool) -> date | None:
    """The day recorded, to be corrected; else none before the person says one, unless the visit is planned or booked today."""
    label, recorded, today = t("Date it took place"), scene.recorded.done, scene.view.today
    if recorded is not None and not again:
        return day_input(scene, "done day", label, recorded.said.day)
    # Another input than for the correction: what stands in that one is the day of the earlier time.
    name, planned = ("done again day", None) if again else ("done day", scene.row)
    day_buttons(scene.key(name), planned, today)
    return day_input(scene, name, label, first_day(planned, today))


def _asks_again(scene: VisitScene) -> bool:
    """Whether a visit that may be repeated was done once more."""
    if scene.recorded.done is None or not scene.slot.redo:
        return False
    st.checkbox(
        t("It was done once more (the record of the earlier day stays)"),
        key=scene.begun("done again", value=False),
        persist_state="page",
        on_change=link.touched,
    )
    return bool(st.session_state[scene.key("done again")])


def _asks_omitted(scene: VisitScene, label: str) -> tuple[str, ...]:
    possible = activities(scene.row, scene.recorded)
    if not possible:
        return ()
    key = scene.begun("omitted", [activity for activity in possible if activity in scene.recorded.omitted])
    # An activity that another person's change took away cannot be chosen any more.
    st.session_state[key] = [activity for activity in st.session_state[key] if activity in possible]
    chosen = st.multiselect(
        label,
        possible,
        format_func=scene.texts.activity,
        key=key,
        persist_state="page",
        placeholder=t("Everything was done"),
        on_change=link.touched,
    )
    return tuple(chosen)


def _asks_routine_care(scene: VisitScene, day: date | None) -> bool:
    """Asked where a check compares the days of procedures with the consent's, of a day before that; and of what is recorded so."""
    recorded = scene.recorded.done
    begins = recorded is not None and recorded.said.value == ROUTINE_CARE
    if scene.row.kind not in ("clinic", "imaging") or not (begins or (day is not None and may_precede_consent(scene, day))):
        return False
    st.checkbox(
        t("Done as routine care, before the consent of the study was needed"),
        key=scene.begun("routine care", begins),
        persist_state="page",
        on_change=link.touched,
    )
    return bool(st.session_state[scene.key("routine care")])
