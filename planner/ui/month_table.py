"""One month of visits as an HTML table: days, windows as bars, visits as buttons. Text only goes in escaped."""

from __future__ import annotations

import calendar as month_days
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from planner.schedule.calendar import CLINIC, SiteCalendar
from planner.schedule.days import day_number
from planner.schedule.rows import VisitRow
from planner.ui.words import KIND_SIGNS, KIND_WORDS, counted, day_and_month, month_name, spoken, status_words, window_words

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SUNDAY = 6
_NO_WINDOW = ("done", "missed", "cancelled")


@dataclass(frozen=True)
class Month:
    """What one month's table shows. ``picked`` is the visit whose explanation (``why``, HTML) is open."""

    first: date
    rows: Sequence[VisitRow]
    calendar: SiteCalendar
    as_of: date
    to_confirm: frozenset[str]
    """Visits with a part that the study's public record does not state."""
    notes: dict[str, str]
    """Visit id to what its button says beside its name: ``only if Surgery``."""
    picked: str | None = None
    why: str = ""


def month_html(month: Month) -> str:
    """The month with its buttons to other months."""
    weeks = month_days.Calendar().monthdatescalendar(month.first.year, month.first.month)
    body = "".join(_week(month, week) for week in weeks)
    heads = "".join(f'<th scope="col" role="columnheader"><abbr title="{day}">{day[:3]}</abbr></th>' for day in _WEEKDAYS)
    name = month_name(month.first.year, month.first.month)
    return (
        f'{_bar(month)}<table class="month" role="table" aria-label="Visits in {name}">'
        f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead><tbody role="rowgroup">{body}</tbody></table>{_nothing(month)}'
    )


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


def _bar(month: Month) -> str:
    counts = months_with_visits(month.rows)
    listed = dict(sorted({**counts, month.first: counts.get(month.first, 0)}.items()))
    options = "".join(
        f'<option value="{day:%Y-%m}"{" selected" if day == month.first else ""}>{day:%B %Y}: {_visits(count)}</option>'
        for day, count in listed.items()
    )
    before, after = month_after(month.first, -1), month_after(month.first, 1)
    return (
        f'<div class="bar">{_month_button(before, "Previous month", "‹ ", "")}'
        f'<select data-choose="month" data-focus="month" aria-label="Month shown">{options}</select>'
        f"{_month_button(after, 'Next month', '', ' ›')}"
        f'<span class="unseen" role="status">{month.first:%B %Y}, {_visits(listed[month.first])}</span></div>'
    )


def _visits(count: int) -> str:
    return counted(count, "visit") if count else "no visit"


def _month_button(first: date, what: str, before: str, after: str) -> str:
    return (
        f'<button type="button" class="go" data-choose="month" data-value="{first:%Y-%m}" data-focus="{what}" '
        f'aria-label="{what}, {first:%B %Y}">{before}{first:%b}{after}</button>'
    )


def _nothing(month: Month) -> str:
    if any(row.effective is not None and row.effective.replace(day=1) == month.first for row in month.rows):
        return ""
    return '<p class="nothing">No visit in this month. Choose another month above; the list names those with visits.</p>'


def _week(month: Month, days: Sequence[date]) -> str:
    lanes = _lanes(month, days)
    cells = "".join(_day(month, day, lanes) for day in days)
    opened = any(row.visit == month.picked and row.effective in days for row in month.rows)
    return f'<tr role="row">{cells}</tr>{_why_row(month) if opened else ""}'


def _why_row(month: Month) -> str:
    return f'<tr role="row" class="why-row"><td role="cell" colspan="7" id="why">{month.why}</td></tr>'


def _day(month: Month, day: date, lanes: Sequence[Sequence[VisitRow]]) -> str:
    index = day_number(day) - month.calendar.first_day
    known = 0 <= index < len(month.calendar.provisional)
    is_open = known and bool(month.calendar.open_table(CLINIC)[index])
    beside = day.month != month.first.month
    visits = [row for row in month.rows if row.effective == day]
    marks = {"closed": not is_open, "today": day == month.as_of, "busy": bool(visits), "other": beside}
    classes = " ".join(word for word, applies in marks.items() if applies)
    name = f" {day:%b}" if beside else ""
    as_of = '<span class="mark">as of</span>' if day == month.as_of else ""
    number = f'<span class="number"><span class="weekday">{day:%a} </span>{day.day}{name}</span>'
    parts = [f'<div class="head">{number}{as_of}</div>', *(_lane(lane, day) for lane in lanes), _day_note(month, day, is_open)]
    if visits:
        parts.append(f'<ul class="visits">{"".join(_visit(month, row) for row in visits)}</ul>')
    return f'<td role="cell" class="{classes}">{"".join(parts)}</td>'


def _day_note(month: Month, day: date, is_open: bool) -> str:
    """A holiday's name, or that the day is closed; a make-up working day says that it is open."""
    name = month.calendar.notes.get(day_number(day), "")
    text = f"{name} (open)" if name and is_open else name or ("" if is_open else "closed")
    return f'<div class="note">{escape(text)}</div>' if text else ""


def _visit(month: Month, row: VisitRow) -> str:
    picked = row.visit == month.picked
    note = month.notes.get(row.visit, "")
    said = spoken(row) + (f", {note}" if note else "")
    said += ", has parts to confirm" if row.visit in month.to_confirm else ""
    label, visit = escape(f"{row.visit}: {said}", quote=True), escape(row.visit, quote=True)
    opened = f'aria-expanded="{"true" if picked else "false"}"' + (' aria-controls="why"' if picked else "")
    state = status_words(row)
    small = note or ("" if state == "planned" else state)
    small_html = f'<span class="state">{escape(small)}</span>' if small else ""
    return (
        f'<li><button type="button" class="visit kind-{row.kind} status-{row.status}" data-choose="visit" data-value="{visit}" '
        f'data-focus="visit {visit}" aria-label="{label}" {opened}>'
        f'<span class="sign" aria-hidden="true">{KIND_SIGNS[row.kind]}</span> <b>{visit}</b>{_confirm_mark(row, month)}'
        f'<span class="name">{escape(row.name)}</span>{small_html}'
        f'<span class="narrow-only">{escape(window_words(row))}</span></button></li>'
    )


def _confirm_mark(row: VisitRow, month: Month) -> str:
    return '<sup aria-hidden="true">A</sup>' if row.visit in month.to_confirm else ""


def _lanes(month: Month, days: Sequence[date]) -> list[list[VisitRow]]:
    """The windows that touch a week, packed into as few lines as they need."""
    lanes: list[list[VisitRow]] = []
    touching = [row for row in _with_window(month.rows) if row.earliest <= days[-1] and row.latest >= days[0]]  # type: ignore[operator]
    for row in sorted(touching, key=lambda row: (row.earliest, row.latest)):
        free = next((lane for lane in lanes if lane[-1].latest < row.earliest), None)  # type: ignore[operator]
        if free is None:
            lanes.append([row])
        else:
            free.append(row)
    return lanes


def _with_window(rows: Iterable[VisitRow]) -> Iterator[VisitRow]:
    for row in rows:
        if row.earliest is not None and row.latest is not None and row.earliest < row.latest and row.status not in _NO_WINDOW:
            yield row


def _lane(lane: Sequence[VisitRow], day: date) -> str:
    """The part of one line of windows that lies on a day; a bar's text stands where it begins, and again in each week."""
    row = next((row for row in lane if row.earliest <= day <= row.latest), None)  # type: ignore[operator]
    if row is None or row.earliest is None or row.latest is None:
        return '<div class="lane"></div>'
    begins, ends = day == row.earliest, day == row.latest
    until = "" if ends or day.weekday() == _SUNDAY else f" to {day_and_month(row.latest)}"
    text = f'<span class="window-name">{escape(row.visit)} window{until}</span>' if begins or day.weekday() == 0 else ""
    edges = f"{' begins' if begins else ''}{' ends' if ends else ''}"
    return f'<div class="lane window kind-{row.kind}{edges}" aria-hidden="true">{text}</div>'


def legend_html() -> str:
    """What the shapes and marks mean."""
    kinds = "".join(f'<li><span aria-hidden="true">{KIND_SIGNS[kind]}</span> {word}</li>' for kind, word in KIND_WORDS.items())
    return (
        f'<ul class="legend" aria-label="Legend">{kinds}'
        '<li><span class="lane window sample" aria-hidden="true"></span> window</li>'
        '<li><span class="swatch" aria-hidden="true"></span> closed day</li>'
        '<li><sup aria-hidden="true">A</sup> has a part to confirm</li></ul>'
        '<p class="keys">Choose a visit to see why it is on that day. With the keyboard: Tab or arrow keys to a visit, '
        "Enter to open and close it, Page Up and Page Down for the months beside.</p>"
    )
