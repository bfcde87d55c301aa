"""One month of visits as an HTML table: days, windows as bars, visits as buttons. Text only goes in escaped."""

from __future__ import annotations

import calendar as month_days
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from planner.exchange.prints.protocol_texts import ProtocolTexts
from planner.schedule.calendar import CLINIC, SiteCalendar
from planner.schedule.day_words import named_day
from planner.schedule.days import day_number
from planner.schedule.rows import VisitRow
from planner.ui.language import in_language, t, tn
from planner.ui.month_bar import month_bar
from planner.ui.month_lanes import Bar, lane_html, lanes_of
from planner.ui.visit_standing import booked_words, standing_sign, standing_words
from planner.ui.words import KIND_SIGNS, KINDS, day_and_month, days_in_words, kind_word, listed, month_name, spoken, weekday_names
from planner.ui.words import window_words as window_of


@dataclass(frozen=True)
class Month:
    """What one month's table shows. ``picked`` is the visit whose explanation (``why``, HTML) is open."""

    first: date
    rows: Sequence[VisitRow]
    calendar: SiteCalendar
    as_of: date
    texts: ProtocolTexts
    to_confirm: frozenset[str]
    """Visits with a part that the study's public record does not state."""
    notes: dict[str, str]
    """Visit id to what its button says beside its name: ``only if Surgery``."""
    picked: str | None = None
    why: str = ""
    as_of_word: str = ""
    """What the as-of day is called; "" for just that."""


def month_html(month: Month) -> str:
    """The month with its buttons to other months."""
    weeks = month_days.Calendar().monthdatescalendar(month.first.year, month.first.month)
    body = "".join(_week(month, week) for week in weeks)
    heads = "".join(f'<th scope="col" role="columnheader"><abbr title="{day}">{_short(day)}</abbr></th>' for day in weekday_names())
    name = t("Visits in {month}", month=month_name(month.first.year, month.first.month))
    return (
        f'{month_bar(month.first, month.rows)}<table class="month" role="table" aria-label="{name}">'
        f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead><tbody role="rowgroup">{body}</tbody></table>{_nothing(month)}'
    )


def _short(weekday: str) -> str:
    return weekday if days_in_words().is_chinese else weekday[:3]


def _nothing(month: Month) -> str:
    if any(row.effective is not None and row.effective.replace(day=1) == month.first for row in month.rows):
        return ""
    text = t("No visit in this month. Choose another month above; the list names those with visits.")
    return f'<p class="nothing">{text}</p>'


def _week(month: Month, days: Sequence[date]) -> str:
    lanes = lanes_of(month.rows, days)
    cells = "".join(_day(month, day, lanes) for day in days)
    opened = any(row.visit == month.picked and row.effective in days for row in month.rows)
    return f'<tr role="row">{cells}</tr>{_why_row(month) if opened else ""}'


def _why_row(month: Month) -> str:
    return f'<tr role="row" class="why-row"><td role="cell" colspan="7" id="why">{month.why}</td></tr>'


def _day(month: Month, day: date, lanes: Sequence[Sequence[Bar]]) -> str:
    index = day_number(day) - month.calendar.first_day
    known = 0 <= index < len(month.calendar.provisional)
    is_open = known and bool(month.calendar.open_table(CLINIC)[index])
    beside = day.month != month.first.month
    visits = [row for row in month.rows if row.effective == day]
    marks = {"closed": not is_open, "today": day == month.as_of, "busy": bool(visits), "other": beside}
    classes = " ".join(word for word, applies in marks.items() if applies)
    as_of = f'<span class="mark">{escape(month.as_of_word or t("as of"))}</span>' if day == month.as_of else ""
    weekday = f'<span class="weekday">{_short(weekday_names()[day.weekday()])} </span>'
    number = f'<span class="number">{weekday}{day_and_month(day) if beside else day.day}</span>'
    parts = [f'<div class="head">{number}{as_of}</div>', *(lane_html(lane, day) for lane in lanes), _day_note(month, day, is_open)]
    if visits:
        parts.append(_attendance(month, visits))
    return f'<td role="cell" class="{classes}">{"".join(parts)}</td>'


def _day_note(month: Month, day: date, is_open: bool) -> str:
    """A holiday's name, or that the day is closed; a make-up working day says that it is open."""
    name = in_language(named_day(month.calendar.notes.get(day_number(day), "")))
    text = t("{holiday} (open)", holiday=name) if name and is_open else name or ("" if is_open else t("closed"))
    return f'<div class="note">{escape(text)}</div>' if text else ""


def _attendance(month: Month, visits: Sequence[VisitRow]) -> str:
    """All visits of a day in one box: the subject comes once."""
    buttons = "".join(_visit(month, row) for row in visits)
    if len(visits) == 1:
        return f'<ul class="visits">{buttons}</ul>'
    together = tn("{number} visit on this day", "{number} visits on this day", len(visits))
    return f'<div class="attendance"><p class="together">{together}</p><ul class="visits" aria-label="{together}">{buttons}</ul></div>'


def _visit(month: Month, row: VisitRow) -> str:
    picked, note, name = row.visit == month.picked, month.notes.get(row.visit, ""), month.texts.visit(row)
    label, visit = escape(f"{row.visit}: {_said(month, row, name, note)}", quote=True), escape(row.visit, quote=True)
    opened = f'aria-expanded="{"true" if picked else "false"}"' + (' aria-controls="why"' if picked else "")
    return (
        f'<li><button type="button" class="visit kind-{row.kind} status-{row.status}" data-choose="visit" data-value="{visit}" '
        f'data-focus="visit {visit}" aria-label="{label}" {opened}>'
        f'<span class="sign" aria-hidden="true">{KIND_SIGNS[row.kind]}</span> <b>{visit}</b>{_confirm_mark(row, month)}'
        f'<span class="name">{escape(name)}</span>'
        f'<span class="state">{standing_sign(row)} {escape(listed(part for part in (standing_words(row), note) if part))}</span>'
        f'<span class="narrow-only">{escape(window_of(row))}</span></button></li>'
    )


def _said(month: Month, row: VisitRow, name: str, note: str) -> str:
    """A visit's button, as a screen reader says it."""
    parts = [spoken(row, name)]
    if row.certainty == "booked" and (row.booked_at is not None or row.status != "upcoming"):
        parts.append(booked_words(row.booked_at))
    if note:
        parts.append(note)
    if row.visit in month.to_confirm:
        parts.append(t("has parts to confirm"))
    return listed(parts)


def _confirm_mark(row: VisitRow, month: Month) -> str:
    return '<sup aria-hidden="true">A</sup>' if row.visit in month.to_confirm else ""


def legend_html(more_keys: str = "") -> str:
    """What the shapes and marks mean, and which keys there are, ``more_keys`` besides those of the calendar."""
    kinds = "".join(f'<li><span aria-hidden="true">{KIND_SIGNS[kind]}</span> {kind_word(kind)}</li>' for kind in KINDS)
    keys = t(
        "Choose a visit to see why it is on that day. With the keyboard: Tab or arrow keys to a visit, Enter to open and close it, "
        "Page Up and Page Down for the months beside."
    )
    return (
        f'<ul class="legend" aria-label="{t("Legend")}">{kinds}'
        f'<li><span class="lane window sample" aria-hidden="true"></span> {t("window")}</li>'
        f'<li><span class="swatch" aria-hidden="true"></span> {t("closed day")}</li>'
        f'<li><sup aria-hidden="true">A</sup> {t("has a part to confirm")}</li></ul>'
        f'<p class="keys">{keys} {escape(more_keys)}</p>'
    )
