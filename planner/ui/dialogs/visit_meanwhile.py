"""What somebody else recorded of a visit while its dialog was open: told, with what was entered kept, before anything goes on."""

from __future__ import annotations

import streamlit as st

from planner.records.facts.fact import Fact
from planner.records.facts.wording import in_words
from planner.ui import link
from planner.ui.dialogs.beginnings import seen
from planner.ui.dialogs.opened import close_dialog
from planner.ui.dialogs.visit_scene import VisitScene, recorded_of
from planner.ui.language import in_language, t
from planner.ui.visit_past import moment_words
from planner.ui.words import unformatted


def say_recorded_meanwhile(scene: VisitScene) -> bool:
    """Say who recorded that the visit took place, or did not, since it was looked at; whether there was anything to say."""
    facts = _recorded_meanwhile(scene)
    if not facts:
        return False
    zone = scene.view.state.calendar.zone
    told = [
        t("{who}, {moment}: {what}", who=fact.who, moment=moment_words(fact.recorded_at, zone), what=in_language(in_words(fact.said)))
        for fact in facts
    ]
    st.warning(
        f"**{t('This visit was recorded meanwhile. Nothing of yours is saved; what you entered is still here.')}**\n\n"
        + "\n".join(f"* {unformatted(text)}" for text in told),
        icon=":material/group:",
    )
    with st.container(horizontal=True):
        st.button(
            t("Correct what is recorded"),
            key=scene.key("meanwhile.correct"),
            type="primary",
            icon=":material/edit:",
            on_click=_go_on,
            args=(scene,),
        )
        st.button(t("Close without saving"), key=scene.key("meanwhile.close"), on_click=close_dialog)
    return True


def _recorded_meanwhile(scene: VisitScene) -> tuple[Fact, ...]:
    """The facts by which it is recorded otherwise than when it was looked at that the visit took place, or did not."""
    looked_at, facts, visit = seen(scene.about, scene.view), scene.view.facts, scene.row.visit
    before, now = recorded_of([fact for fact in facts if fact.number <= looked_at], visit), scene.recorded
    known = {fact.number for fact in (before.done, before.missed) if fact is not None}
    stand = {fact.number for fact in (now.done, now.missed) if fact is not None}
    if known == stand:
        return ()
    return tuple(fact for fact in facts if fact.number > looked_at and (fact.number in stand or fact.said.replaces in known))


def _go_on(scene: VisitScene) -> None:
    """From here on the person has seen it, and what is saved corrects it."""
    link.touched()
    st.session_state[f"{scene.about.key}.opened"] = scene.view.revision
    st.session_state.pop(f"{scene.key('change')}.seen", None)
