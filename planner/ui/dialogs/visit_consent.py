"""Whether a visit on some day would come before the consent: what the protocol's own check says of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from planner.protocol.model import OrderCheck
from planner.schedule.calendar import CalendarError
from planner.schedule.checks import findings
from planner.schedule.cohort_facts import cohort_of
from planner.schedule.days import day_number
from planner.schedule.expand import NoOpenDayError, expand
from planner.ui.dialogs.visit_scene import VisitScene


def may_precede_consent(scene: VisitScene, day: date) -> bool:
    """Whether a check that every procedure follows a date would not pass for the visit, done on ``day`` and not as routine care.

    So too while that date is not known. Of a day for which the calendar has no dates nothing is said here: saving it is refused.
    """
    state, visit = scene.view.state, scene.row.visit
    checks = {check.id for check in state.plan.protocol.checks if isinstance(check, OrderCheck) and check.then is None}
    if not checks:
        return False
    facts = replace(
        state.facts,
        actual={**state.facts.actual, visit: day},
        missed={missed: reason for missed, reason in state.facts.missed.items() if missed != visit},
        routine_care=state.facts.routine_care - {visit},
    )
    try:
        schedule = expand(state.plan, cohort_of(state.plan, [facts]), [state.calendar], day_number(scene.view.as_of))
    except (NoOpenDayError, CalendarError):
        return False
    return any(found.check in checks and found.second == visit and found.result != "passed" for found in findings(schedule, [0]))
