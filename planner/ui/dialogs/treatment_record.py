"""The record itself: a note about a subject, and putting right or taking back what was recorded."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from planner.exchange.time_zones import zone_info
from planner.records.changes.acts import corrected, noted
from planner.records.changes.standing import replacement_of, root_kind, standing_of
from planner.records.changes.undoing import undone_fact
from planner.records.changes.view import SubjectView
from planner.records.facts.fact import Fact, NewFact
from planner.records.facts.form import LONGEST_TEXT
from planner.records.facts.kinds import Kind
from planner.records.people.rights import Action
from planner.ui import link
from planner.ui.desk import Desk
from planner.ui.dialogs.opened import OpenDialog
from planner.ui.dialogs.treatment import Acting
from planner.ui.dialogs.treatment_fact_fields import Right, is_correctable, right_fields
from planner.ui.language import in_language, t
from planner.ui.reasons import Why, reason_label
from planner.ui.treatment_texts import fact_words
from planner.ui.words import short_date, unformatted


def note_title(about: OpenDialog) -> str:
    """What stands above."""
    return t("Note about {subject}", subject=about.subject)


def fact_title(about: OpenDialog) -> str:
    """What stands above."""
    return t("Fact {number} of {subject}", number=about.entry, subject=about.subject)


def draw_note(about: OpenDialog, desk: Desk, view: SubjectView) -> None:
    """The text; it changes no date."""
    acting = Acting(about, desk, view)
    acting.require(Kind.NOTE)
    text = st.text_area(
        t("Note"),
        key=acting.key("text"),
        persist_state="page",
        max_chars=LONGEST_TEXT,
        help=t("Stays in the log of this installation and in no calendar. Never a name, initials or a record number. On one line."),
        on_change=link.touched,
    )
    if not (text or "").strip():
        # The text reaches the planner when the field is left.
        st.button(t("Save the note"), key=acting.key("nothing"), disabled=True, help=t("Write the note, then press Tab."))
        return
    acting.finish(lambda _: noted(text.strip()), "not at all", t("Save the note"))


def draw_fact(about: OpenDialog, desk: Desk, view: SubjectView) -> None:
    """What the fact says and who wrote it; what is right, or that it is taken back; then before and after."""
    acting = Acting(about, desk, view)
    fact = next((fact for fact in view.facts if str(fact.number) == about.entry), None)
    if fact is None:
        st.info(t("This subject has no such fact."))
        return
    _say(acting, fact)
    if not _is_in_force(view, fact):
        return
    acting.require_action(Action.CORRECT)
    acting.require(root_kind({each.number: each.said for each in view.facts}, fact.number))
    ways = {"back": t("Bring back what it took back") if fact.kind is Kind.UNDONE else t("Take it back")}
    if is_correctable(fact.kind):
        ways = {"right": t("Correct it"), **ways}
    way = st.radio(
        t("What to do"), list(ways), format_func=ways.__getitem__, key=acting.key("way"), persist_state="page", on_change=link.touched
    )
    if way == "back":
        acting.finish(lambda why: undone_fact(view.facts, fact.number, reason=why.reason, note=why.note), "always", t("Save: taken back"))
        return
    right = right_fields(acting, fact)
    acting.finish(lambda why: _corrected(view.facts, fact, right, why), "always", t("Save the correction"))


def _say(acting: Acting, fact: Fact) -> None:
    at = fact.recorded_at.astimezone(zone_info(acting.view.state.calendar.zone))
    lines = [
        f"**{unformatted(fact_words(fact.said))}**",
        t(
            "Recorded by {who} ({role}) on {day} at {time}.",
            who=unformatted(fact.who),
            role=in_language(fact.role),
            day=short_date(at.date()),
            time=f"{at:%H:%M}",
        ),
    ]
    if fact.said.reason:
        lines.append(t("Reason: {reason}", reason=unformatted(reason_label(fact.said.reason))))
    if fact.said.note:
        lines.append(t("Note: {note}", note=unformatted(fact.said.note)))
    st.markdown("\n\n".join(lines))


def _is_in_force(view: SubjectView, fact: Fact) -> bool:
    standing = standing_of(view.facts)
    if fact.number in standing:
        return True
    instead = replacement_of(standing, view.facts, fact.number)
    if instead is None:
        st.info(t("It is no longer in force: it was taken back. It stays in the log."))
    else:
        text = t(
            "It is no longer in force. Fact {number} stands in its place: {fact}",
            number=instead.number,
            fact=unformatted(fact_words(instead.said)),
        )
        st.info(text)
    return False


def _corrected(facts: Sequence[Fact], fact: Fact, right: Right, why: Why) -> Sequence[NewFact]:
    return corrected(
        facts,
        fact.number,
        item=right.item,
        day=right.day,
        until_day=right.until_day,
        value=right.value,
        details=right.details,
        reason=why.reason,
        note=why.note,
    )
