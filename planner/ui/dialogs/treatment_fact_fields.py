"""The fields of a fact that a correction can put right, by its kind, as inputs with what is on record in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import get_args

import streamlit as st

from planner.records.facts.fact import Fact, NewFact
from planner.records.facts.form import LONGEST_BOOKING
from planner.records.facts.kinds import ROUTINE_CARE, SHAPES, Kind
from planner.records.lists.deviation_rows import CLASSES
from planner.schedule.fact_faults import EARLIEST_DATE
from planner.schedule.facts import HoldMode
from planner.ui import link
from planner.ui.dialogs.treatment import Acting
from planner.ui.dialogs.treatment_end import end_labels
from planner.ui.dialogs.treatment_setting import value_input
from planner.ui.language import t
from planner.ui.treatment_texts import choice_label, stream_label

_VISITS = frozenset({Kind.VISIT_DONE, Kind.VISIT_MISSED, Kind.ACTIVITY_OMITTED, Kind.BOOKED, Kind.RELEASED})
_STREAMS = frozenset({Kind.HOLD_STARTED, Kind.TREATMENT_STOPPED, Kind.UNSCHEDULED_VISIT})
_NOTHING_TO_CORRECT = frozenset({Kind.UNDONE, Kind.PROTOCOL_AMENDED, Kind.CALENDAR_REFRESHED})


@dataclass(frozen=True, slots=True)
class Right:
    """What a fact should have said; None for what stays."""

    item: str | None = None
    day: date | None = None
    until_day: date | None = None
    value: str | None = None
    details: Mapping[str, str | int] | None = None


def is_correctable(kind: Kind) -> bool:
    """Whether anything of such a fact can be corrected; the others can only be taken back."""
    return kind not in _NOTHING_TO_CORRECT


def right_fields(acting: Acting, fact: Fact) -> Right:
    """The fields that such a fact has, to be put right."""
    said = fact.said
    if said.kind is Kind.NOTE:
        # The reason's note is the text of the new note.
        st.session_state.setdefault(acting.key("change.note"), said.note)
        st.caption(t("Write below, as the note, what it should have said."))
    if said.kind is Kind.VISIT_MISSED:
        st.caption(t("The reason that you choose below takes the place of the one on record."))
    return Right(_item(acting, said), _day(acting, said), _until(acting, said), _value(acting, said), _details(acting, said))


def _item(acting: Acting, said: NewFact) -> str | None:
    if said.kind in _VISITS:
        names = {row.visit: f"{row.visit}: {acting.texts.visit(row)}" for row in acting.view.rows}
        return _chosen(acting, "item", t("Visit"), [*names, said.item], said.item, lambda visit: names.get(visit, visit))
    if said.kind in _STREAMS:
        plan = acting.view.state.plan
        none = t("No dose") if said.kind is Kind.UNSCHEDULED_VISIT else stream_label(plan, "")
        return _chosen(
            acting,
            "item",
            t("Treatment"),
            ["", *plan.doses, said.item],
            said.item,
            lambda stream: stream_label(plan, stream) if stream else none,
        )
    return None


def _day(acting: Acting, said: NewFact) -> date | None:
    if not SHAPES[said.kind].day:
        return None
    labels = {
        Kind.ENROLLED: t("Start"),
        Kind.HOLD_STARTED: t("First day without treatment"),
        Kind.HOLD_ENDED: t("First day on which treatment may be given again"),
        Kind.TREATMENT_STOPPED: t("First day without it"),
        Kind.SITE_TRANSFERRED: t("First day there"),
    }
    day = acting.day("right.day", labels.get(said.kind, t("Right date")), said.day, first=EARLIEST_DATE)
    if day is None and said.day is not None:
        _say_it_stays(t("A correction cannot take the date away. Enter the right one, or take back what is recorded here."))
    return day


def _until(acting: Acting, said: NewFact) -> date | None:
    if said.kind is not Kind.HOLD_STARTED:
        return None
    label = t("First day on which treatment may be given again (leave empty if not known)")
    day = acting.day("right.until", label, said.until_day)
    if day is None and said.until_day is not None:
        _say_it_stays(t("A correction cannot take the resume day away. Take the hold back and record it anew."))
    return day


def _say_it_stays(why: str) -> None:
    """What was left empty stays as it is on record, and the person is told what to do instead."""
    st.warning(why, icon=":material/warning:")


def _value(acting: Acting, said: NewFact) -> str | None:
    match said.kind:
        case Kind.VISIT_DONE:
            routine = st.checkbox(
                t("Done as routine care, which needs no consent first"),
                value=said.value == ROUTINE_CARE,
                key=acting.key("right.routine"),
                persist_state="page",
                on_change=link.touched,
            )
            return ROUTINE_CARE if routine else ""
        case Kind.BOOKED:
            return _time(acting, said)
        case Kind.PARAMETER_SET if said.item in acting.protocol.parameters:
            return value_input(acting, acting.protocol.parameters[said.item], said.value, t("Right value"), "right.value")
        case _:
            known = _values(acting, said)
            if not known:
                return None
            return _chosen(acting, "value", t("Right value"), list(known), said.value, lambda value: known.get(value, value))


def _values(acting: Acting, said: NewFact) -> Mapping[str, str]:
    """The values that such a fact can have, and what they are called; none where it has no value, or it is a pinned text."""
    match said.kind:
        case Kind.HOLD_STARTED:
            modes: Mapping[HoldMode, str] = {"shift": t("Move the visits"), "skip": t("Miss the visits")}
            return {mode: modes[mode] for mode in get_args(HoldMode)}
        case Kind.LEFT_STUDY:
            return {str(code): label for code, label in end_labels().items()}
        case Kind.DECISION_MADE if said.item in acting.protocol.decisions:
            choices = acting.protocol.decisions[said.item].choices
            return {choice.name: choice_label(acting.protocol, said.item, choice) for choice in choices}
        case Kind.ACTIVITY_OMITTED:
            return {id_: acting.texts.activity(id_) for id_ in acting.protocol.activities}
        case Kind.DEVIATION_CLASSED:
            words = {"important": t("Important"), "not_important": t("Not important")}
            return {code: words[code] for code in CLASSES}
        case _:
            return {}


def _time(acting: Acting, said: NewFact) -> str:
    at: time | None = st.time_input(
        t("Time (leave empty if not known)"),
        value=None,
        key=_begun(acting, "right.time", time.fromisoformat(said.value) if said.value else None),
        persist_state="page",
        on_change=link.touched,
    )
    return "" if at is None else f"{at:%H:%M}"


def _begun(acting: Acting, name: str, value: int | time | None) -> str:
    """The key of an input that begins with ``value`` and can be emptied: one with a usual value goes back to it."""
    st.session_state.setdefault(acting.key(name), value)
    return acting.key(name)


def _details(acting: Acting, said: NewFact) -> Mapping[str, str | int] | None:
    """Of a booking: how long, and where; only what differs, so that what is empty stays away."""
    if said.kind is not Kind.BOOKED:
        return None
    known = said.details.get("minutes")
    minutes = st.number_input(
        t("Minutes"),
        min_value=1,
        max_value=LONGEST_BOOKING,
        value=None,
        step=5,
        key=_begun(acting, "right.minutes", known if isinstance(known, int) else None),
        persist_state="page",
        on_change=link.touched,
    )
    if minutes is None and known is not None:
        _say_it_stays(t("A correction cannot take the minutes away. Take the booking back and book the visit anew."))
    place = st.text_input(
        t("Place"),
        value=str(said.details.get("place", "")),
        key=acting.key("right.place"),
        persist_state="page",
        max_chars=200,
        on_change=link.touched,
    )
    found: dict[str, str | int] = {} if minutes is None else {"minutes": minutes}
    if place.strip() or "place" in said.details:
        found["place"] = place.strip()
    return found


def _chosen(acting: Acting, name: str, label: str, options: Sequence[str], present: str, words: Callable[[str], str]) -> str | None:
    every = list(dict.fromkeys(options))
    return st.selectbox(
        label,
        every,
        index=every.index(present) if present in every else None,
        format_func={each: words(each) for each in every}.__getitem__,
        key=acting.key(f"right.{name}"),
        persist_state="page",
        on_change=link.touched,
    )
