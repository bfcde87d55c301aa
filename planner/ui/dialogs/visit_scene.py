"""What every act on one visit begins with: the visit, the subject as it is now, and what is recorded of the visit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import streamlit as st

from planner.exchange.prints.protocol_texts import ProtocolTexts
from planner.protocol.plan import Slot
from planner.records.changes.present_booking import present_booking
from planner.records.changes.standing import standing_of
from planner.records.changes.view import SubjectView
from planner.records.facts.fact import Fact, NewFact
from planner.records.facts.kinds import Kind
from planner.schedule.fact_faults import parameter_codes
from planner.schedule.rows import VisitRow
from planner.schedule.visit_ids import slot_of
from planner.ui.components.change_panel import AsksWhy, change_panel
from planner.ui.desk import Desk
from planner.ui.dialogs.beginnings import seen
from planner.ui.dialogs.opened import OpenDialog, close_dialog
from planner.ui.language import language
from planner.ui.reasons import Why

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Recorded:
    """The facts in force about one visit."""

    done: Fact | None
    """The newest, where a visit may be done again."""
    missed: Fact | None
    omitted: Mapping[str, Fact]
    """By activity."""
    booking: NewFact | None

    @property
    def is_settled(self) -> bool:
        """Whether it is recorded that the visit took place, or did not: to say otherwise is a correction."""
        return self.done is not None or self.missed is not None


@dataclass(frozen=True, eq=False)
class VisitScene:
    """One visit in the dialog that is open."""

    about: OpenDialog
    desk: Desk
    view: SubjectView
    row: VisitRow
    slot: Slot
    recorded: Recorded
    is_to_be_looked_at: bool = False
    """Whether somebody else recorded the visit meanwhile, so that nothing is saved before the person has seen it."""

    @property
    def texts(self) -> ProtocolTexts:
        """The protocol's texts in the language of the page."""
        return ProtocolTexts(self.view.state.plan.protocol, language())

    def key(self, name: str) -> str:
        """The key of an input."""
        return f"{self.about.key}.{name}"

    def begun(self, name: str, value: Value) -> str:
        """The key of an input that begins with ``value``; what was entered since stays, whatever others write meanwhile."""
        st.session_state.setdefault(self.key(name), value)
        return self.key(name)

    def end_in(self, facts_of: Callable[[Why], Sequence[NewFact]], asks_why: AsksWhy, save_label: str) -> None:
        """Why, before and after, save."""
        if self.is_to_be_looked_at:
            self._keep_what_was_typed()
            return
        change_panel(
            self.desk,
            self.about.subject,
            self.view.state.plan.protocol,
            facts_of,
            key=self.key("change"),
            seen=seen(self.about, self.view),
            asks_why=asks_why,
            save_label=save_label,
            on_saved=close_dialog,
        )

    def _keep_what_was_typed(self) -> None:
        """The reason and the note are not drawn now; Streamlit would forget them."""
        for name in ("change.reason", "change.note"):
            if self.key(name) in st.session_state:
                st.session_state[self.key(name)] = st.session_state[self.key(name)]


def scene_of(about: OpenDialog, desk: Desk, view: SubjectView) -> VisitScene | None:
    """The visit that the dialog is about; None where the subject has no such visit (any more)."""
    row = next((row for row in view.rows if row.visit == about.visit), None)
    slot = slot_of(view.state.plan, about.visit, parameter_codes(view.state.plan, view.state.facts))
    if row is None or slot is None:
        return None
    return VisitScene(about, desk, view, row, slot, recorded_of(view.facts, about.visit))


def recorded_of(facts: Sequence[Fact], visit: str) -> Recorded:
    """What the facts of a subject say of one visit."""
    of_visit = [fact for fact in standing_of(facts).values() if fact.said.item == visit]
    done = [fact for fact in of_visit if fact.kind is Kind.VISIT_DONE and fact.said.day is not None]
    return Recorded(
        done=max(done, key=lambda fact: str(fact.said.day), default=None),
        missed=next((fact for fact in of_visit if fact.kind is Kind.VISIT_MISSED), None),
        omitted={fact.said.value: fact for fact in of_visit if fact.kind is Kind.ACTIVITY_OMITTED},
        booking=present_booking(facts, visit),
    )
