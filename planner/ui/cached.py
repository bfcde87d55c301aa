"""What does not change from one run of the screen to the next: read protocols and calendars, kept by Streamlit for all sessions."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from planner.protocol.compile import compile_plan
from planner.protocol.errors import ProtocolErrors
from planner.protocol.library import known_protocols, load_protocol, protocol_path
from planner.protocol.plan import Plan
from planner.schedule.calendar import SiteCalendar
from planner.schedule.calendar_sources import calendar_named


def plans() -> tuple[dict[str, Plan], dict[str, ProtocolErrors]]:
    """The protocols of the library by their file's name: those that can be used, and those with faults."""
    usable: dict[str, Plan] = {}
    faulty: dict[str, ProtocolErrors] = {}
    for name in known_protocols():
        try:
            path = protocol_path(name)
            usable[name] = _plan(path, path.stat().st_mtime_ns)
        except ProtocolErrors as errors:
            faulty[name] = errors
    return usable, faulty


@st.cache_resource(show_spinner=False, max_entries=64)
def _plan(path: Path, changed: int) -> Plan:  # noqa: ARG001 (part of the key that the cache goes by)
    """The compiled protocol; ``changed`` is when its file last changed, so that an edited one is read anew."""
    return compile_plan(load_protocol(str(path)))


@st.cache_resource(show_spinner=False, max_entries=32)
def calendar(name: str) -> SiteCalendar:
    """The calendar of that name; raises CalendarError."""
    return calendar_named(name)
