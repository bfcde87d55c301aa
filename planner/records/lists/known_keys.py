"""Whether a deviation's key is one that the ledger could ever hold, by the protocol: no other text may be classed."""

from __future__ import annotations

from datetime import date

from planner.protocol.plan import Plan
from planner.records.lists.deviation_keys import OF_CHECKS, read_key, unscheduled_name

_TODAY = "today"
_UNSCHEDULED = unscheduled_name(date(2000, 1, 1)).removesuffix("2000-01-01")


def is_known_key(key: str, plan: Plan) -> bool:
    """Whether the key names a check of this plan, visits of it, days of unscheduled doses, and nothing else."""
    taken_apart = read_key(key)
    if taken_apart is None:
        return False
    visits = taken_apart.names
    if taken_apart.of == OF_CHECKS:
        check, *visits_of_check = taken_apart.names
        if not any(rule.check.id == check for rule in plan.checks):
            return False
        visits = tuple(visits_of_check)
    return all(visit in plan.slots_by_id or visit == _TODAY or _is_unscheduled(visit) for visit in visits)


def _is_unscheduled(name: str) -> bool:
    day = name.removeprefix(_UNSCHEDULED)
    try:
        return name == unscheduled_name(date.fromisoformat(day))
    except ValueError:
        return False
