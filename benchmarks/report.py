"""The figures as a table in the terminal and as JSON."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.measure import Figure

LATEST = Path(__file__).parent / "results" / "latest.json"
RECORDS = LATEST.with_name("records.json")
LATEST_CALENDARS = LATEST.with_name("calendars.json")
SCREENS = LATEST.with_name("screens.json")
_WIDTH = 170
_LIBRARIES = (
    "numpy",
    "pandas",
    "icalendar",
    "ics",
    "vobject",
    "typst",
    "starlette",
    "uvicorn",
    "python-dateutil",
    "sqlalchemy",
    "psycopg",
    "streamlit",
)


def machine() -> dict[str, object]:
    """What the figures were measured on."""
    return {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "system": platform.system(),
        "sqlite": sqlite3.sqlite_version,
        "libraries": {name: version(name) for name in _LIBRARIES},
    }


def number(value: float) -> str:
    """Three significant digits, without an exponent."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def table_of(figures: Sequence[Figure]) -> Table:
    """One row per figure, a heading for each section."""
    table = Table(title="How fast, as medians; every ratio is from one run", title_justify="left", show_edge=False, pad_edge=False)
    for heading, justify in (
        ("what", "left"),
        ("figure", "right"),
        ("unit", "left"),
        ("beside", "left"),
        ("figure", "right"),
        ("ratio", "right"),
    ):
        table.add_column(heading, justify=justify, overflow="fold")  # type: ignore[arg-type]
    table.add_column("aim", overflow="fold")
    section = None
    for figure in figures:
        if figure.section != section:
            section = figure.section
            table.add_section()
            table.add_row(f"[bold]{section}")
        beside = "" if figure.beside_value is None else number(figure.beside_value)
        ratio = "" if figure.ratio is None else number(figure.ratio)
        table.add_row(figure.what, number(figure.value), figure.unit, figure.beside, beside, ratio, figure.aim)
    return table


def print_table(figures: Sequence[Figure]) -> None:
    """To the terminal, or as plain text to a file, as wide as the table needs."""
    terminal = Console()
    Console(width=max(_WIDTH, terminal.width), soft_wrap=True).print(table_of(figures))


def write_json(figures: Sequence[Figure], path: Path = LATEST) -> None:
    """All figures with the machine and the moment; written beside and moved, so that no half file is left."""
    path.parent.mkdir(exist_ok=True)
    found = {
        "measured": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        "figures": [{**asdict(figure), "ratio": figure.ratio} for figure in figures],
    }
    unfinished = path.with_suffix(".new")
    unfinished.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    unfinished.replace(path)
