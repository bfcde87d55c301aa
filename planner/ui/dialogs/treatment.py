"""What all dialogs about a subject's treatment and record share: whom they are about, who may save, and how each of them ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st

from planner.exchange.prints.protocol_texts import ProtocolTexts
from planner.protocol.model import Protocol
from planner.records.changes.view import SubjectView
from planner.records.facts.fact import NewFact
from planner.records.facts.kinds import Kind
from planner.records.people.rights import Action
from planner.schedule.fact_faults import EARLIEST_START, LATEST_DATE
from planner.ui import link
from planner.ui.components.change_panel import AsksWhy, change_panel
from planner.ui.desk import Desk
from planner.ui.dialogs.beginnings import require, require_action, seen
from planner.ui.dialogs.opened import OpenDialog, close_dialog
from planner.ui.language import language
from planner.ui.reasons import Why


@dataclass(frozen=True, eq=False)
class Acting:
    """One of these dialogs while it is drawn."""

    about: OpenDialog
    desk: Desk
    view: SubjectView

    @property
    def protocol(self) -> Protocol:
        """The version that the subject is on."""
        return self.view.state.plan.protocol

    @property
    def texts(self) -> ProtocolTexts:
        """What its visits and activities are called in the language of the page."""
        return ProtocolTexts(self.protocol, language())

    @property
    def today(self) -> date:
        """The date at the subject's site."""
        return self.view.today

    def key(self, name: str) -> str:
        """The key of an input of this dialog."""
        return f"{self.about.key}.{name}"

    def require(self, kind: Kind) -> None:
        """Go on only where the person may write such facts about this subject. Raises NotAllowedError."""
        require(self.desk, self.view, kind)

    def require_action(self, action: Action) -> None:
        """The same for an action by itself. Raises NotAllowedError."""
        require_action(self.desk, self.view, action)

    def day(
        self,
        name: str,
        label: str,
        value: date | None,
        *,
        first: date = EARLIEST_START,
        last: date = LATEST_DATE,
        help_text: str | None = None,
    ) -> date | None:
        """A date that the person enters; ``value`` is what stands there first."""
        # An input with a usual value goes back to it when it is emptied; one that is only begun with a value can be empty.
        st.session_state.setdefault(self.key(name), None if value is None else min(max(value, first), last))
        day: date | None = st.date_input(
            label,
            value=None,
            min_value=first,
            max_value=last,
            format="YYYY-MM-DD",
            key=self.key(name),
            persist_state="page",
            help=help_text,
            on_change=link.touched,
        )
        return day

    def finish(self, facts_of: Callable[[Why], Sequence[NewFact]], asks_why: AsksWhy, save_label: str) -> None:
        """Why, before and after, save."""
        change_panel(
            self.desk,
            self.view.state.key,
            self.protocol,
            facts_of,
            key=self.key("change"),
            seen=seen(self.about, self.view),
            asks_why=asks_why,
            save_label=save_label,
            on_saved=close_dialog,
        )
