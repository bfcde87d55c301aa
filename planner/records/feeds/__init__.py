"""Calendars that somebody subscribes to: what each holds, and who may have it."""
