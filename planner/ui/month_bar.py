"""The head of a month calendar: which month is shown, and the ways to others."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from planner.schedule.rows import VisitRow
from planner.ui.language import t
from planner.ui.words import days_in_words, listed, month_name, visits_counted


def months_with_visits(rows: Iterable[VisitRow]) -> dict[date, int]:
    """The first day of each month with a visit, in order, and how many visits it has."""
    counts: dict[date, int] = {}
    for day in sorted(row.effective for row in rows if row.effective is not None):
        counts[day.replace(day=1)] = counts.get(day.replace(day=1), 0) + 1
    return counts


def month_after(first: date, months: int) -> date:
    """The first day of the month that many months later (negative: earlier)."""
    count = first.year * 12 + first.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def month_bar(first: date, rows: Iterable[VisitRow]) -> str:
    """Buttons to the months beside, and a list of those with visits."""
    counts = months_with_visits(rows)
    options = "".join(
        f'<option value="{day:%Y-%m}"{" selected" if day == first else ""}>{_named(day)}: {_visits(count)}</option>'
        for day, count in sorted({**counts, first: counts.get(first, 0)}.items())
    )
    before, after = month_after(first, -1), month_after(first, 1)
    return (
        f'<div class="bar">{_button(before, "before", t("Previous month, {month}", month=_named(before)), f"‹ {_short(before)}")}'
        f'<select data-choose="month" data-focus="month" aria-label="{t("Month shown")}">{options}</select>'
        f"{_button(after, 'after', t('Next month, {month}', month=_named(after)), f'{_short(after)} ›')}"
        f'<span class="unseen" role="status">{listed((_named(first), _visits(counts.get(first, 0))))}</span></div>'
        f'<p class="paper-only">{_named(first)}</p>'
    )


def _button(first: date, which: str, name: str, text: str) -> str:
    return (
        f'<button type="button" class="go" data-choose="month" data-value="{first:%Y-%m}" data-focus="{which}" '
        f'aria-label="{name}">{text}</button>'
    )


def _named(first: date) -> str:
    return month_name(first.year, first.month)


def _short(first: date) -> str:
    return f"{first.month}月" if days_in_words().is_chinese else f"{first:%b}"


def _visits(count: int) -> str:
    return visits_counted(count) if count else t("no visit")
