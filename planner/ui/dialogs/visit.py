"""The dialog of one visit: it took place, was missed, is booked or moved, is without an activity, or its booking is released."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import cast

import streamlit as st

from planner.records.changes.view import SubjectView
from planner.records.facts.kinds import Kind
from planner.records.people.rights import action_of
from planner.records.people.settings import read_settings
from planner.ui import link
from planner.ui.desk import Desk
from planner.ui.dialogs.beginnings import require
from planner.ui.dialogs.opened import OpenDialog, close_dialog, open_dialog
from planner.ui.dialogs.visit_booking import draw_booking, draw_release
from planner.ui.dialogs.visit_choices import KINDS, VisitAct, act_name, first_act, offered
from planner.ui.dialogs.visit_meanwhile import say_recorded_meanwhile
from planner.ui.dialogs.visit_record import draw_done, draw_missed, draw_omission
from planner.ui.dialogs.visit_scene import VisitScene, scene_of
from planner.ui.language import t
from planner.ui.words import long_date, status_words, unformatted, window_words

_DRAWN: Mapping[VisitAct, Callable[[VisitScene], None]] = {
    "done": draw_done,
    "missed": draw_missed,
    "book": draw_booking,
    "omit": draw_omission,
    "release": draw_release,
}


def title(about: OpenDialog) -> str:
    """The heading of the dialog."""
    return t("{visit} of {subject}", visit=unformatted(about.visit), subject=unformatted(str(about.subject)))


def draw(about: OpenDialog, desk: Desk, view: SubjectView) -> None:
    """Draw the visit as it stands, the acts, and the inputs of the one chosen."""
    scene = scene_of(about, desk, view)
    if scene is None:
        _say_gone(about)
        return
    st.markdown(_standing(scene))
    scene = replace(scene, is_to_be_looked_at=say_recorded_meanwhile(scene))
    act = _chosen_act(scene)
    _ways_to_others(scene)
    if act is not None:
        require(desk, view, KINDS[act])
        _DRAWN[act](scene)


def _say_gone(about: OpenDialog) -> None:
    st.warning(
        t(
            "{subject} has no visit {visit} any more: a parameter or the protocol was changed. Close this, and look at its visits.",
            subject=unformatted(str(about.subject)),
            visit=unformatted(about.visit),
        ),
        icon=":material/warning:",
    )
    if st.button(t("Close"), key=f"{about.key}.close"):
        close_dialog()
        st.rerun()


def _standing(scene: VisitScene) -> str:
    """The visit's name, status, day and window, in a line."""
    row = scene.row
    parts = [f"**{unformatted(scene.texts.visit(row))}**", unformatted(status_words(row))]
    if row.effective is not None:
        parts.append(long_date(row.effective) + (f" {row.booked_at:%H:%M}" if row.booked_at else ""))
    if row.planned is not None and row.planned != row.effective:
        parts.append(t("planned day {day}", day=long_date(row.planned)))
    parts.append(window_words(row))
    return " · ".join(part for part in parts if part)


def _chosen_act(scene: VisitScene) -> VisitAct | None:
    possible, first = offered(scene.row, scene.slot, scene.recorded), first_act(scene)
    if first is None:
        st.info(_nothing_to_record(scene), icon=":material/info:")
        return None
    asked = next((act for act in KINDS if act == scene.about.entry), None)
    if asked is not None and asked not in possible:
        st.info(t("{act}: not possible for this visit as it stands. Choose what happened.", act=act_name(asked)), icon=":material/info:")
    key = scene.key("act")
    if st.session_state.get(key) not in possible:
        st.session_state[key] = first
    chosen = st.segmented_control(
        t("What happened, or should happen?"),
        possible,
        format_func=act_name,
        key=key,
        persist_state="page",
        required=True,
        on_change=link.touched,
    )
    return cast(VisitAct, chosen)


def _nothing_to_record(scene: VisitScene) -> str:
    if scene.slot.milestone is None:
        return t("This is a reminder. There is nothing to record.")
    milestone = scene.view.state.plan.milestones[scene.slot.milestone]
    label = scene.texts.milestone(milestone)
    return t("This visit happens on the date of a milestone: {milestone}. Give that date.", milestone=unformatted(label))


def _ways_to_others(scene: VisitScene) -> None:
    """What is recorded elsewhere: the date of a milestone, the decisions taken at the visit."""
    about, plan = scene.about, scene.view.state.plan
    if scene.slot.milestone is not None and _may(scene, Kind.MILESTONE_SET):
        milestone = plan.milestones[scene.slot.milestone]
        if st.button(t("Give the date"), key=scene.key("milestone"), icon=":material/flag:"):
            open_dialog("milestone", about.subject, seen=about.seen, entry=milestone)
            st.rerun()
    for number in scene.slot.decisions if _may(scene, Kind.DECISION_MADE) else ():
        decision = plan.decisions[number]
        if decision in scene.view.state.facts.decisions:
            continue
        label = t("Record the decision: {decision}", decision=unformatted(scene.texts.decision(decision)))
        if st.button(label, key=scene.key(f"decision.{decision}"), icon=":material/account_tree:"):
            open_dialog("decision", about.subject, seen=about.seen, visit=about.visit, entry=decision)
            st.rerun()


def _may(scene: VisitScene, kind: Kind) -> bool:
    """Whether the person may write such facts, by which the ways are offered; their dialogs and the records ask again."""
    with scene.desk.reading() as connection:
        settings = read_settings(connection)
    return scene.desk.may(settings, action_of(kind), scene.view.state.site)
