"""All dialogs by name, and the drawing of the one that is open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import streamlit as st

from planner.records.changes.view import SubjectView, subject_view
from planner.records.store.database import DatabaseError
from planner.ui.desk import Desk, desk
from planner.ui.dialogs.opened import OpenDialog, close_dialog, opened
from planner.ui.language import t
from planner.ui.refusals import SAYS_WHY, say_refusal


@dataclass(frozen=True, slots=True)
class Dialog:
    """How a dialog is called and drawn."""

    title: Callable[[OpenDialog], str]
    """In the language of the page."""
    draw: Callable[[OpenDialog, Desk, SubjectView], None]
    """Draws its inputs; ends in ``planner.ui.components.change_panel.change_panel``."""


def _dialogs() -> Mapping[str, Dialog]:
    """Loaded when one is opened: each brings what it needs."""
    from planner.ui.dialogs import (
        classify,
        feed_link,
        treatment_decision,
        treatment_end,
        treatment_hold,
        treatment_place,
        treatment_record,
        treatment_setting,
        visit,
        visit_unscheduled,
    )

    return {
        "visit": Dialog(visit.title, visit.draw),
        "unscheduled": Dialog(visit_unscheduled.title, visit_unscheduled.draw),
        "decision": Dialog(treatment_decision.decision_title, treatment_decision.draw_decision),
        "hold": Dialog(treatment_hold.hold_title, treatment_hold.draw_hold),
        "resume": Dialog(treatment_hold.resume_title, treatment_hold.draw_resume),
        "stop": Dialog(treatment_end.stop_title, treatment_end.draw_stop),
        "leave": Dialog(treatment_end.leave_title, treatment_end.draw_leave),
        "parameter": Dialog(treatment_setting.parameter_title, treatment_setting.draw_parameter),
        "milestone": Dialog(treatment_setting.milestone_title, treatment_setting.draw_milestone),
        "start": Dialog(treatment_place.start_title, treatment_place.draw_start),
        "transfer": Dialog(treatment_place.transfer_title, treatment_place.draw_transfer),
        "note": Dialog(treatment_record.note_title, treatment_record.draw_note),
        "classify": Dialog(classify.classify_title, classify.draw_classify),
        "fact": Dialog(treatment_record.fact_title, treatment_record.draw_fact),
        "feed": Dialog(feed_link.title, feed_link.draw),
    }


def draw_dialog() -> None:
    """Draw the dialog that is open, if one is; called once by every page, at its end."""
    about = opened()
    if about is None:
        return
    dialog = _dialogs().get(about.name)
    if dialog is None:
        close_dialog()
        return
    st.dialog(dialog.title(about), width="large", on_dismiss=close_dialog)(_draw)(about, dialog)


def _draw(about: OpenDialog, dialog: Dialog) -> None:
    """What stands in the dialog; drawn again by itself at each input."""
    try:
        at = desk()
        with at.reading() as connection:
            view = subject_view(connection, at.caller, about.subject)
        dialog.draw(about, at, view)
    except DatabaseError as error:
        # Its inputs are not drawn now; ``persist_state`` of each keeps what was entered.
        say_refusal(error)
        st.markdown(t("What you entered is still here. Try again once the database answers."))
        with st.container(horizontal=True):
            st.button(t("Try again"), key=f"{about.key}.again", type="primary", icon=":material/refresh:")
            _close_button(about)
    except SAYS_WHY as error:
        say_refusal(error)
        _close_button(about)


def _close_button(about: OpenDialog) -> None:
    if st.button(t("Close"), key=f"{about.key}.close"):
        close_dialog()
        st.rerun()
