"""The value of a reference for each subject."""

from __future__ import annotations

from dataclasses import dataclass

from planner.schedule.days import Days
from planner.schedule.masks import Mask, either


@dataclass(slots=True, eq=False)
class ReferenceValue:
    """Days (``NO_DAY``: none), and masks of what is known about the visit or milestone that gives each day."""

    days: Days
    no_member: Mask = False
    """No date because nothing is there to count from."""
    lacks_milestone: Mask = False
    """No date because a milestone has not been given, here or up the chain."""
    conditional: Mask = False
    cancelled: Mask = False
    missed: Mask = False
    settled: Mask = False
    stale: Mask = False

    @property
    def dateless(self) -> Mask:
        """Where it has no date."""
        return either(self.no_member, self.lacks_milestone)
