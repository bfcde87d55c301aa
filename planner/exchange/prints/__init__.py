"""Prints: patient calendars, day sheets and schedules of activities as PDF (docs/prints.md)."""
