"""The lines of all subjects, made once for each state of the log: many people look at the same ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from weakref import WeakKeyDictionary, ref

from planner.records.lists.site_schedules import SiteSchedule
from planner.records.lists.subject_list import SubjectLine, subject_lines


@dataclass(frozen=True, slots=True)
class _Lines:
    """What is kept; it must hold no schedule, or the first, under which it is kept, would never be freed."""

    made_from: tuple[ref[SiteSchedule], ...]
    lines: list[SubjectLine]

    def are_of(self, found: tuple[SiteSchedule, ...]) -> bool:
        """Whether they were made from these very schedules."""
        return len(self.made_from) == len(found) and all(made() is entry for made, entry in zip(self.made_from, found, strict=True))


_lock = Lock()
_kept: WeakKeyDictionary[SiteSchedule, _Lines] = WeakKeyDictionary()


def lines_of(found: tuple[SiteSchedule, ...]) -> Sequence[SubjectLine]:
    """What ``subject_lines`` says of these schedules; kept for as long as they are."""
    if not found:
        return []
    with _lock:
        kept = _kept.get(found[0])
        if kept is None or not kept.are_of(found):
            kept = _kept[found[0]] = _Lines(tuple(ref(entry) for entry in found), subject_lines(found))
        return kept.lines
