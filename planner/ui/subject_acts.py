"""What can be done about a subject and about one of its visits now: each act opens a dialog, and rights are asked again on saving."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from planner.exchange.prints.protocol_texts import ProtocolTexts
from planner.protocol.plan import Slot
from planner.records.changes.standing import open_holds
from planner.records.changes.view import SubjectView
from planner.records.facts.kinds import Kind
from planner.records.people.roles import Action, action_of
from planner.schedule.fact_faults import parameter_codes
from planner.schedule.rows import VisitRow
from planner.schedule.visit_ids import slot_of, visit_id
from planner.ui.dialogs.visit_choices import KINDS, VisitAct, act_name, offered
from planner.ui.dialogs.visit_scene import recorded_of
from planner.ui.language import language, t

May = Callable[[Action], bool]
"""Whether the person may do this at the subject's site."""

_ORDER: tuple[VisitAct, ...] = ("done", "book", "missed", "omit", "release")
_ORDER_BEFORE: tuple[VisitAct, ...] = ("book", "done", "missed", "omit", "release")
"""Of a visit still to come."""
_ICONS: Mapping[VisitAct, str] = {
    "done": ":material/check:",
    "book": ":material/edit_calendar:",
    "missed": ":material/event_busy:",
    "omit": ":material/remove_done:",
    "release": ":material/undo:",
}


@dataclass(frozen=True, slots=True)
class Act:
    """A button: what it opens and what it is called."""

    dialog: str
    """A name of ``planner.ui.dialogs.registry``."""
    label: str
    icon: str
    visit: str = ""
    entry: str = ""

    @property
    def code(self) -> str:
        """All of it in one text, for the values of buttons."""
        return f"{self.dialog}|{self.visit}|{self.entry}"


def visit_acts(view: SubjectView, row: VisitRow, may: May) -> tuple[Act, ...]:
    """What can be done about a visit; nothing about a reminder."""
    facts, plan = view.state.facts, view.state.plan
    slot = slot_of(plan, row.visit, parameter_codes(plan, facts))
    if slot is None:
        return ()
    if slot.milestone is not None:
        return tuple(_milestone(view, plan.milestones[slot.milestone], may))
    return (*_decisions(view, slot, may), *_of_visit(view, row, slot, may))


def _milestone(view: SubjectView, milestone: str, may: May) -> Iterator[Act]:
    """The date on which a visit takes place that is a milestone itself; named ones have none of their own."""
    if view.state.plan.protocol.milestones[milestone].reference is not None or not may(action_of(Kind.MILESTONE_SET)):
        return
    if milestone not in view.state.facts.milestones:
        yield Act("milestone", t("Give the date"), ":material/event:", entry=milestone)
    elif may(Action.CORRECT):
        yield Act("milestone", t("Correct the date"), ":material/event:", entry=milestone)


def _decisions(view: SubjectView, slot: Slot, may: May) -> Iterator[Act]:
    """The decisions to be taken at the visit."""
    if not may(action_of(Kind.DECISION_MADE)):
        return
    texts = ProtocolTexts(view.state.plan.protocol, language())
    for number in slot.decisions:
        name = view.state.plan.decisions[number]
        if name not in view.state.facts.decisions:
            yield _decision(texts, name)


def _decision(texts: ProtocolTexts, name: str) -> Act:
    return Act("decision", t("Decide: {decision}", decision=texts.decision(name)), ":material/alt_route:", entry=name)


def _of_visit(view: SubjectView, row: VisitRow, slot: Slot, may: May) -> Iterator[Act]:
    """Of what the visit's dialog offers: the most frequent first. Of a settled visit its correction, and what was not done at it."""
    recorded = recorded_of(view.facts, row.visit)
    possible = offered(row, slot, recorded)
    order = _ORDER_BEFORE if _is_to_come(row, view.today) else _ORDER
    for act in (act for act in order if act in possible and may(action_of(KINDS[act]))):
        if not recorded.is_settled or act == "omit":
            yield Act("visit", act_name(act), _ICONS[act], row.visit, act)
        elif act == row.status and may(Action.CORRECT):
            yield Act("visit", t("Correct what is recorded"), ":material/edit:", row.visit, act)


def _is_to_come(row: VisitRow, today: date) -> bool:
    """Whether the visit can still be arranged, rather than be recorded: neither its window nor its booked day has come."""
    has_come = row.certainty == "booked" and row.effective is not None and row.effective <= today
    return row.status not in ("due", "overdue") and not has_come


def subject_acts(view: SubjectView, may: May, *, sites: int) -> tuple[Act, ...]:
    """What can be done about the subject; of one who left, only a note. ``sites`` is how many there are."""
    offered = [*_of_treatment(view), *_of_participation(view, sites)] if view.state.facts.end is None else []
    offered.append((Kind.NOTE, Act("note", t("Note"), ":material/sticky_note_2:")))
    return tuple(act for kind, act in offered if may(action_of(kind)))


def _of_treatment(view: SubjectView) -> Iterator[tuple[Kind, Act]]:
    protocol, facts = view.state.plan.protocol, view.state.facts
    texts = ProtocolTexts(protocol, language())
    for name in protocol.decisions:
        if name not in facts.decisions:
            yield Kind.DECISION_MADE, _decision(texts, name)
    yield Kind.HOLD_STARTED, Act("hold", t("Hold treatment"), ":material/pause:")
    if open_holds(view.facts):
        yield Kind.HOLD_ENDED, Act("resume", t("Resume treatment"), ":material/play_arrow:")
    yield Kind.TREATMENT_STOPPED, Act("stop", t("Stop treatment"), ":material/stop_circle:")
    if protocol.parameters:
        yield Kind.PARAMETER_SET, Act("parameter", t("Change cycles or another parameter"), ":material/tune:")


def _of_participation(view: SubjectView, sites: int) -> Iterator[tuple[Kind, Act]]:
    plan, facts = view.state.plan, view.state.facts
    if any(milestone.reference is None for milestone in plan.protocol.milestones.values()):
        yield Kind.MILESTONE_SET, Act("milestone", t("Give a milestone's date"), ":material/flag:")
    start = visit_id(plan, plan.slots[plan.start_slot], parameter_codes(plan, facts))
    if start not in facts.actual:
        yield Kind.START_MOVED, Act("start", t("Move the start"), ":material/first_page:")
    yield Kind.UNSCHEDULED_VISIT, Act("unscheduled", t("Unscheduled visit"), ":material/add:")
    if sites > 1:
        yield Kind.SITE_TRANSFERRED, Act("transfer", t("Transfer to another site"), ":material/move_location:")
    yield Kind.LEFT_STUDY, Act("leave", t("Leave the study"), ":material/logout:")
