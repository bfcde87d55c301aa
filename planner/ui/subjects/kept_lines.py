"""The lines of all subjects, made once for each state of the log: many people look at the same ones."""

from __future__ import annotations

from collections.abc import Sequence
from weakref import WeakKeyDictionary, ref

from planner.records.lists.site_schedules import SiteSchedule
from planner.records.lists.subject_list import SubjectLine, subject_lines
from planner.records.lists.worked_out_once import WorkedOutOnce

_Made = WorkedOutOnce[tuple[ref[SiteSchedule], ...], list[SubjectLine]]
"""Lines by the schedules that they were made from; it must hold none, or the first, under which it is kept, would never be freed."""

_kept: WorkedOutOnce[SiteSchedule, _Made] = WorkedOutOnce(WeakKeyDictionary())


def lines_of(found: tuple[SiteSchedule, ...]) -> Sequence[SubjectLine]:
    """What ``subject_lines`` says of these schedules; kept for as long as they are."""
    if not found:
        return []
    made: _Made = _kept.of(found[0], lambda: WorkedOutOnce({}))
    return made.of(tuple(map(ref, found)), lambda: subject_lines(found))
