"""What can be recorded of a visit as it stands: what the dialog offers. Whether it is accepted is asked of the records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from planner.protocol.plan import Slot
from planner.records.facts.kinds import Kind
from planner.schedule.rows import VisitRow
from planner.ui.dialogs.visit_scene import Recorded, VisitScene
from planner.ui.language import t

VisitAct = Literal["done", "missed", "book", "omit", "release"]
KINDS: Mapping[VisitAct, Kind] = {
    "done": Kind.VISIT_DONE,
    "missed": Kind.VISIT_MISSED,
    "book": Kind.BOOKED,
    "omit": Kind.ACTIVITY_OMITTED,
    "release": Kind.RELEASED,
}
"""What an act writes, by which the rights to it are asked for."""


def act_name(act: VisitAct) -> str:
    """What an act is called in the dialog."""
    return {
        "done": t("Record done"),
        "missed": t("Missed"),
        "book": t("Book or move"),
        "omit": t("Not done at this visit"),
        "release": t("Release booking"),
    }[act]


def offered(row: VisitRow, slot: Slot, recorded: Recorded) -> tuple[VisitAct, ...]:
    """The acts that make sense, in the order in which they are offered; none for what nobody records here."""
    found = list(offered_as_it_stands(row, slot))
    if not found:
        return ()
    if row.status not in ("missed", "cancelled") and activities(row, recorded):
        found.append("omit")
    if recorded.booking is not None and row.status not in ("done", "missed"):
        found.append("release")
    return tuple(found)


def offered_as_it_stands(row: VisitRow, slot: Slot) -> tuple[VisitAct, ...]:
    """Those acts that hang on the visit's status alone: the dialog and the lists offer the same."""
    if slot.kind == "reminder" or slot.milestone is not None:
        return ()
    found: list[VisitAct] = ["done"]
    if not slot.start and row.is_on_calendar:
        found.append("missed")
    if row.status not in ("done", "missed", "cancelled"):
        found.append("book")
    return tuple(found)


def activities(row: VisitRow, recorded: Recorded) -> Sequence[str]:
    """What is to be done at the visit, and what is recorded as not done at it."""
    return (*row.activities, *(activity for activity in recorded.omitted if activity not in row.activities))


def first_act(scene: VisitScene) -> VisitAct | None:
    """The act that the dialog was opened for, if it is offered; else the first that is."""
    possible = offered(scene.row, scene.slot, scene.recorded)
    asked = next((act for act in possible if act == scene.about.entry), None)
    return asked or next(iter(possible), None)
