"""What a person should look at before the schedule is used: checks that are not passed, and visits with a flag."""

from __future__ import annotations

from dataclasses import dataclass

from planner.schedule.checks import Finding
from planner.ui.preview import Preview
from planner.ui.words import counted, flag_sentences, short_date

_NOT_WORTH_A_WORD = ("provisional_calendar", "at_most_reached")


@dataclass(frozen=True, slots=True)
class Point:
    """One thing to look at: ``about`` is a visit or a check's label."""

    about: str
    text: str


def points_to_check(preview: Preview) -> list[Point]:
    """Breaches and warnings first, then visits with a flag; provisional years are said once for all visits."""
    points = [Point(found.label, _breach(found)) for found in preview.findings if found.result in ("breach", "warning")]
    for row in preview.rows:
        sentences = flag_sentences(row)
        texts = [text for flag, text in zip(row.flags, sentences, strict=True) if flag.partition(":")[0] not in _NOT_WORTH_A_WORD]
        if row.status == "overdue":
            texts.append(f"It is overdue: its window closed on {short_date(row.latest)} and nothing is recorded.")
        if texts:
            points.append(Point(f"{row.visit} {row.name}", " ".join(texts)))
    provisional = [row for row in preview.rows if "provisional_calendar" in row.flags]
    if provisional:
        years = sorted({row.effective.year for row in provisional if row.effective is not None})
        where = f"{counted(len(provisional), 'visit')} in {', '.join(map(str, years))}"
        text = f"{where}: the official calendar is not known yet, so these dates may change."
        points.append(Point("Provisional calendar", text))
    return points


def _breach(found: Finding) -> str:
    days = ", ".join(
        f"{name} {short_date(day)}".strip() for name, day in ((found.first, found.first_day), (found.second, found.second_day))
    )
    over = "" if found.over_by is None else f", over by {counted(found.over_by, 'day')}"
    return f"{found.result}: {days}; limit {found.limit}{over}."
