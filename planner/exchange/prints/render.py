"""From a print's data to a tagged PDF (PDF/UA-1), by Typst: the same data give the same bytes on every machine.

Data goes in as JSON and is never read as markup. Only the shipped fonts are used, and no file but the templates is read.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from planner.exchange.prints.glyphs import FONTS, Glyphs
from planner.exchange.prints.patient import PatientPrint
from planner.exchange.prints.study import StudyPrint
from planner.exchange.prints.week import WeekPrint

if TYPE_CHECKING:
    import typst

TEMPLATES = Path(__file__).parent / "templates"

Template = Literal["patient", "week", "study"]


@dataclass(frozen=True, slots=True)
class RenderedPrint:
    """A PDF, and the sentence to say about characters that are not shown in it (None: all are)."""

    pdf: bytes
    warning: str | None


def render_patient(data: PatientPrint, moment: datetime) -> RenderedPrint:
    """A patient's calendar, dated by the moment (UTC) of the facts it rests on."""
    return _rendered("patient", asdict(data), moment)


def render_week(data: WeekPrint, moment: datetime | None) -> RenderedPrint:
    """A clinic's day sheet, dated by the last fact it rests on; without a date where there is none."""
    return _rendered("week", asdict(data), moment)


def render_study(data: StudyPrint) -> RenderedPrint:
    """A schedule of activities, without a date: a protocol file has none."""
    return _rendered("study", asdict(data), None)


def _rendered(template: Template, data: dict[str, object], moment: datetime | None) -> RenderedPrint:
    import typst

    glyphs = Glyphs()
    shown = glyphs.shown(data)
    date = None if moment is None else [moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second]
    text = json.dumps({"data": shown, "date": date}, ensure_ascii=False, sort_keys=True)
    pdf: bytes = typst.compile(
        str(TEMPLATES / f"{template}.typ"),
        root=str(TEMPLATES),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"print": text},
        pdf_standards=["ua-1"],
    )
    return RenderedPrint(pdf, glyphs.warning())


@cache
def _fonts() -> typst.Fonts:
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
