"""What does not change from one run of the screen to the next: read protocols and calendars, kept by Streamlit for all sessions."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import streamlit as st
from sqlalchemy import Connection

from planner.exchange.prints.protocol_texts import ProtocolTexts
from planner.protocol.compile import compile_plan
from planner.protocol.errors import ProtocolErrors
from planner.protocol.library import known_protocols, load_protocol, protocol_path
from planner.protocol.plan import Plan
from planner.records.pinned.contents import PinnedContents
from planner.schedule.calendar import SiteCalendar
from planner.schedule.calendar_sources import calendar_named
from planner.ui.language import language


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


def titles(usable: Mapping[str, Plan]) -> dict[str, str]:
    """What each protocol is called in the language of the page, by its file's name."""
    return {name: ProtocolTexts(plan.protocol, language()).title() for name, plan in usable.items()}


@st.cache_resource(show_spinner=False, max_entries=64)
def _plan(path: Path, changed: int) -> Plan:  # noqa: ARG001 (part of the key that the cache goes by)
    """The compiled protocol; ``changed`` is when its file last changed, so that an edited one is read anew."""
    return compile_plan(load_protocol(str(path)))


@st.cache_resource(show_spinner=False, max_entries=32)
def calendar(name: str) -> SiteCalendar:
    """The calendar of that name; raises CalendarError."""
    return calendar_named(name)


@st.cache_resource(show_spinner=False, max_entries=32)
def pinned_calendar(_connection: Connection, calendar_hash: str) -> SiteCalendar:
    """The calendar kept under this hash, which is that of its content; raises UnknownContentError."""
    return PinnedContents(_connection).calendar(calendar_hash)
