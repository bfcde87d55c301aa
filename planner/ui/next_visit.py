"""Which of a subject's visits comes next."""

from __future__ import annotations

from planner.records.lists.subject_list import NO_NEXT, next_visits
from planner.schedule.rows import VisitRow
from planner.schedule.visit_ids import visit_id
from planner.ui.preview import Preview


def next_visit(preview: Preview) -> VisitRow | None:
    """The visit that the list of subjects names as the next one; None where there is none."""
    slots, days = next_visits(preview.schedule)
    if int(days[0]) == NO_NEXT:
        return None
    codes = preview.schedule.cohort.parameters[:, 0].tolist()
    return preview.row(visit_id(preview.plan, preview.plan.slots[int(slots[0])], codes))
