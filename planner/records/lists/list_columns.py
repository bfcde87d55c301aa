"""The columns of lists that leave the planner as files, named as in ``expand`` where the content is the same."""

from __future__ import annotations

WORKLIST_COLUMNS = (
    "kind",
    "subject",
    "visit",
    "name",
    "epoch",
    "visit_kind",
    "status",
    "certainty",
    "days",
    "planned",
    "earliest",
    "latest",
    "effective",
    "booked",
    "booked_at",
    "waiting",
    "flags",
    "study",
    "site",
    "as_of",
)
_WHICH_VISIT = ("site", "study", "subject", "visit", "name", "epoch", "kind")
_ITS_DATES = (
    "planned",
    "earliest",
    "latest",
    "effective",
    "booked",
    "booked_at",
    "status",
    "certainty",
    "days_off",
    "days_left",
    "flags",
)
VISIT_COLUMNS = (*_WHICH_VISIT, *_ITS_DATES)
CLINIC_VISIT_COLUMNS = (*_WHICH_VISIT, "resource", *_ITS_DATES)
"""Of a clinic's list, which says what each visit takes place at."""
DEVIATION_COLUMNS = (
    "subject",
    "visit",
    "kind",
    "date",
    "days",
    "side",
    "what",
    "status",
    "classed",
    "reason",
    "classed_by",
    "classed_at",
    "study",
    "site",
    "key",
)
"""Without free text: what may leave for others."""
DEVIATION_COLUMNS_WITH_NOTES = (*DEVIATION_COLUMNS, "explanation")
