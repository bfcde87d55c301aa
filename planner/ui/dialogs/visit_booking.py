"""The inputs for putting a visit on a day, with foresight, and for giving a booking back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

import streamlit as st

from planner.capacity.load import Load, load_of
from planner.records.changes import acts
from planner.records.facts.form import LONGEST_BOOKING
from planner.records.people.settings import read_settings
from planner.schedule.calendar import ANY_DAY
from planner.ui import link
from planner.ui.components.candidate_days import candidate_days
from planner.ui.dialogs.visit_choices import offered
from planner.ui.dialogs.visit_facts import Booked, booking_facts, is_booked_so, starts_elsewhere
from planner.ui.dialogs.visit_record import day_input
from planner.ui.dialogs.visit_scene import VisitScene
from planner.ui.foresight import days_to_show, foresight
from planner.ui.language import t
from planner.ui.words import short_date

_LOAD = "visit.load"
_CLOCK = re.compile(r"(\d{1,2})[:：.]?(\d{2})", re.ASCII)
_LONGEST_TEXT = 60


def draw_booking(scene: VisitScene) -> None:
    """The days with what each would do, then the booking's details."""
    booking = scene.recorded.booking
    usual = scene.row.effective or scene.view.today
    scene.begun("day", usual)
    scene.begun("resource", None if booking is None else str(booking.details.get("resource", "")) or None)
    places = _places(scene)
    _draw_days(scene, places)
    day = day_input(scene, "day", t("Day"), usual)
    booked = _details(scene, day, places)
    if booked is None:
        st.caption(t("Choose the day."))
        return
    if is_booked_so(scene, booked):
        st.caption(t("This is how the visit is booked now. Choose another day, or change the time, the length or the place."))
        return
    _offer_done(scene, booked.day)
    moves_start = starts_elsewhere(scene, booked.day)
    if moves_start:
        st.caption(t("This is the start of treatment: every day of the schedule is counted from it and moves with it."))
    label = t("Save the new start") if moves_start else t("Save the booking")
    scene.end_in(lambda why: booking_facts(scene, booked, why), "always" if moves_start else "if wanted", label)


def draw_release(scene: VisitScene) -> None:
    """Giving the booking back needs no input but why."""
    st.caption(t("The visit goes back to its planned day, and moves again when something before it moves."))
    visit = scene.row.visit
    scene.end_in(lambda why: acts.booking_released(visit, reason=why.reason, note=why.note), "if wanted", t("Release booking"))


def clock(text: str) -> str:
    """``09:30`` for ``9:30``, ``9.30`` and ``0930``; what is written otherwise stays, and is refused with a sentence."""
    found = _CLOCK.fullmatch(text.strip())
    return f"{int(found[1]):02}:{found[2]}" if found else text.strip()


def _offer_done(scene: VisitScene, day: date) -> None:
    """On a day that has passed a visit took place or not: the way to say so, with the day taken along."""
    if day < scene.view.today and "done" in offered(scene.row, scene.slot, scene.recorded):
        label = t("It took place on {day}: record it as done", day=short_date(day))
        st.button(label, key=scene.key("took place"), icon=":material/check:", on_click=_record_done, args=(scene, day))


def _record_done(scene: VisitScene, day: date) -> None:
    link.touched()
    st.session_state[scene.key("act")] = "done"
    st.session_state[scene.key("done day")] = day


def _draw_days(scene: VisitScene, places: Mapping[str, int]) -> None:
    days = days_to_show(scene.row, scene.slot, scene.view.today)
    if not days:
        st.info(t("This visit has no date yet, so nothing can be said of its days. It can be put on any day."), icon=":material/info:")
        return
    asked = scene.slot.resource
    resource = st.session_state[scene.key("resource")] or asked
    load = None if resource == ANY_DAY else _load(scene, days)
    foreseen = foresight(scene.view, scene.row, days, resource, load, places)
    candidate_days(foreseen, st.session_state[scene.key("day")], key=scene.key("foresight"), on_chosen=lambda day: _take(scene, day))


def _take(scene: VisitScene, day: date) -> None:
    link.touched()
    st.session_state[scene.key("day")] = day


def _load(scene: VisitScene, days: Sequence[date]) -> Load:
    """How busy these days are: counted when the dialog shows them first, since that looks at everybody's schedule."""
    wanted = (scene.about.key, scene.view.state.site, days[0], len(days))
    kept: tuple[object, Load] | None = st.session_state.get(_LOAD)
    if kept is None or kept[0] != wanted:
        with scene.desk.reading() as connection:
            found = scene.desk.schedules.of(connection, scene.desk.caller)
        kept = wanted, load_of(found, scene.view.state.site, days[0], len(days), leaving_out=scene.about.subject)
        st.session_state[_LOAD] = kept
    return kept[1]


def _places(scene: VisitScene) -> dict[str, int]:
    """How many attendances each resource of the subject's site takes on one day, where that is known."""
    with scene.desk.reading() as connection:
        capacities = read_settings(connection).capacities
    return {resource: places for (site, resource), places in capacities.items() if site == scene.view.state.site}


def _details(scene: VisitScene, day: date | None, places: Mapping[str, int]) -> Booked | None:
    """Time, length, resource and place; None while there is no day."""
    said = {} if scene.recorded.booking is None else scene.recorded.booking.details
    at = scene.row.booked_at
    time, length = st.columns(2)
    time.text_input(
        t("Time (HH:MM)"),
        key=scene.begun("at", f"{at:%H:%M}" if at else ""),
        persist_state="page",
        max_chars=5,
        placeholder="09:30",
        on_change=link.touched,
    )
    length.number_input(
        t("Minutes"),
        min_value=1,
        max_value=LONGEST_BOOKING,
        value=None,
        step=5,
        key=scene.begun("minutes", said.get("minutes")),
        persist_state="page",
        placeholder="" if scene.row.minutes is None else str(scene.row.minutes),
        on_change=link.touched,
    )
    resource, place = st.columns(2)
    resource.selectbox(
        t("Resource"),
        _resources(scene, places),
        index=None,
        key=scene.key("resource"),
        persist_state="page",
        accept_new_options=True,
        placeholder=_asked_resource(scene),
        help=t("The machine, chair or room. Choose one, or type its name."),
        on_change=link.touched,
    )
    place.text_input(
        t("Place"),
        key=scene.begun("place", str(said.get("place", ""))),
        persist_state="page",
        max_chars=_LONGEST_TEXT,
        help=t("Where the subject comes to: building, floor, room. Never a name."),
        on_change=link.touched,
    )
    state = {name: st.session_state[scene.key(name)] for name in ("at", "minutes", "resource", "place")}
    if day is None:
        return None
    return Booked(day, clock(state["at"]), state["minutes"], (state["resource"] or "").strip(), state["place"].strip())


def _asked_resource(scene: VisitScene) -> str:
    asked = scene.slot.resource
    return t("any resource") if asked == ANY_DAY else t("as the protocol asks: {resource}", resource=asked)


def _resources(scene: VisitScene, places: Mapping[str, int]) -> list[str]:
    """Machines, chairs and rooms that the site's calendar, its capacities or the protocol name."""
    state = scene.view.state
    named = {*state.calendar.open_days, *places, *(slot.resource for slot in state.plan.slots)}
    chosen = st.session_state[scene.key("resource")]
    return sorted(named - {"", ANY_DAY} | ({chosen} if chosen else set()))
