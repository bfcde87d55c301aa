"""Who asks, and when, in all measurements of the records; light, since processes timed from cold import it."""

from __future__ import annotations

from datetime import UTC, datetime

from benchmarks.study import AS_OF, AS_OF_DAY
from planner.records.caller import Caller

__all__ = ["AS_OF", "AS_OF_DAY", "CALLER"]

CALLER = Caller("coordinator", datetime(AS_OF.year, AS_OF.month, AS_OF.day, 4, tzinfo=UTC))
"""Noon of the day asked about, at the sites."""
