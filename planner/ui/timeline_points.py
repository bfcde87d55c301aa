"""What the timeline draws: a point and a bar for each visit, and labels that stand clear of each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from planner.schedule.rows import VisitRow

_LETTER_WIDTH, _GAP = 6.5, 8.0
"""In pixels, for the font of the labels."""


@dataclass(frozen=True, slots=True)
class Label:
    """One text above a lane, for one visit or several that stand close together."""

    epoch: str
    day: date
    text: str


def labels(rows: Sequence[VisitRow], width: float) -> list[Label]:
    """A label for each visit; those that would overlap at that width (pixels for the whole time shown) share one: ``F1–F5``."""
    days = [row.effective for row in rows if row.effective is not None]
    if not days:
        return []
    pixels_a_day = width / max((max(days) - min(days)).days, 1)
    return [
        label
        for epoch in dict.fromkeys(row.epoch for row in rows)
        for label in _lane([row for row in rows if row.epoch == epoch and row.effective is not None], pixels_a_day)
    ]


def _lane(rows: Sequence[VisitRow], pixels_a_day: float) -> list[Label]:
    groups: list[list[VisitRow]] = []
    for row in rows:
        if groups and _overlap(_label(groups[-1]), _label([row]), pixels_a_day):
            groups[-1].append(row)
        else:
            groups.append([row])
        while groups[1:] and _overlap(_label(groups[-2]), _label(groups[-1]), pixels_a_day):
            groups[-2:] = [groups[-2] + groups[-1]]
    return [_label(group) for group in groups]


def _overlap(one: Label, other: Label, pixels_a_day: float) -> bool:
    return (other.day - one.day).days * pixels_a_day < (len(one.text) + len(other.text)) / 2 * _LETTER_WIDTH + _GAP


def _label(group: Sequence[VisitRow]) -> Label:
    first, last = group[0], group[-1]
    assert first.effective is not None and last.effective is not None
    middle = first.effective + timedelta(days=(last.effective - first.effective).days // 2)
    if len(group) <= 2:
        return Label(first.epoch, middle, ", ".join(_named(row) for row in group))
    return Label(first.epoch, middle, f"{_named(first)}–{_named(last)}")


def _named(row: VisitRow) -> str:
    return f"{row.visit}?" if row.status == "conditional" else row.visit
