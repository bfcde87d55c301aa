"""The first worked vector of docs/studies.md: the ulrrc study with its defaults, China's calendar, C1D1 on Monday 2 March 2026."""

from datetime import date

from planner.protocol.compile import compile_plan
from planner.protocol.library import load_protocol
from planner.schedule.calendar_sources import calendar_named
from planner.ui.preview import Preview, preview_of

ENTRIES = {
    "protocol": "ulrrc",
    "calendar": "CN",
    "start": "2026-03-02",
    "milestone.CONSENT": "2026-02-20",
    "on": "2026-02-20",
    "subject": "0042",
}

DATES = {
    "C1D1": "2026-03-02",
    "F1": "2026-03-16",
    "F2": "2026-03-17",
    "F3": "2026-03-18",
    "F4": "2026-03-19",
    "F5": "2026-03-20",
    "C2D1": "2026-03-27",
    "C3D1": "2026-04-17",
    "ASSESS": "2026-04-30",
    "C4D1": "2026-05-08",
    "MDT": "2026-05-15",
    "C5D1": "2026-05-29",
}


def preview(protocol: str = "ulrrc", calendar: str = "CN", **entries: str) -> Preview:
    """The preview of the example with other entries; ``milestone__CONSENT`` stands for ``milestone.CONSENT``."""
    changed = {**ENTRIES, **{name.replace("__", "."): text for name, text in entries.items()}}
    return preview_of(
        {name: text for name, text in changed.items() if text},
        compile_plan(load_protocol(protocol)),
        calendar_named(calendar),
        date(2026, 3, 1),
    )
