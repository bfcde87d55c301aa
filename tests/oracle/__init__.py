"""A slow, plain, independent reading of docs/date-rules.md: what the engine in ``planner/schedule/`` is compared with.

One subject, one visit at a time, with ``datetime.date``; nothing here comes from the engine.
"""

from tests.oracle.answers import CircleError
from tests.oracle.calendars import PlainCalendar
from tests.oracle.checks import expected_findings, findings_of
from tests.oracle.difference import difference
from tests.oracle.rows import expected_rows, rows_of
from tests.oracle.schedule import Schedule

__all__ = ["CircleError", "PlainCalendar", "Schedule", "difference", "expected_findings", "expected_rows", "findings_of", "rows_of"]
