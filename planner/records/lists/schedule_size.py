"""How large kept schedules are, counted from their arrays: by far most of what they hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass

import numpy as np
from numpy.typing import NDArray

from planner.records.lists.site_schedules import SiteSchedule


def octets_of(found: Iterable[SiteSchedule]) -> int:
    """The octets of all arrays of these schedules, each array once; plans, calendars and the table of facts, which others share, not."""
    arrays = {id(array): array for entry in found for array in _arrays(entry)}
    return sum(array.nbytes for array in arrays.values())


def _arrays(entry: SiteSchedule) -> Iterator[NDArray[np.generic]]:
    for part in (entry.schedule, entry.schedule.cohort, entry.schedule.cohort.holds, entry.group, entry.group.cohort):
        if is_dataclass(part):
            yield from (value for each in fields(part) if isinstance(value := getattr(part, each.name), np.ndarray))
