"""Days with their attendances as HTML, and a month with counts. Links lead to subjects and days; all text goes in escaped."""

from __future__ import annotations

import calendar as month_days
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from urllib.parse import urlencode

from planner.ui.clinic.busy import SIGNS, Busy, busy_words, resource_word
from planner.ui.clinic.shown import ShownAttendance, ShownDay, ShownVisit
from planner.ui.language import t, tn
from planner.ui.places import address, subject_address
from planner.ui.visit_standing import standing_sign, standing_words
from planner.ui.words import (
    KIND_SIGNS,
    KINDS,
    day_and_month,
    flag_sentences,
    kind_word,
    listed,
    visits_counted,
    weekday_names,
    window_words,
)


@dataclass(frozen=True, slots=True)
class Frame:
    """What is looked at around the days."""

    sites: int
    """How many sites."""
    entries: Mapping[str, str]
    """What the address holds besides the view and the day, so that links to days keep it."""


def week_html(days: Sequence[ShownDay], frame: Frame) -> str:
    """Seven columns on a desk, one day below the other on a phone."""
    return f'<ol class="clinic-week">{"".join(_column(day, frame) for day in days)}</ol>'


def day_html(day: ShownDay, frame: Frame) -> str:
    """One day in order of time, with all details."""
    people = "".join(_detailed(one, frame) for one in day.shown)
    return (
        f'<section class="clinic-day">{_note(day)}{busy_html(day.busy, with_fixed=True)}'
        f'<ol class="people" aria-label="{_quoted(t("Attendances"))}">{people}</ol></section>'
    )


def month_html(days: Sequence[ShownDay], frame: Frame, name: str) -> str:
    """The month as a table; a list of the days with visits where there is little room. Only counts."""
    by_day = {day.day: day for day in days}
    first = days[0].day
    weeks = month_days.Calendar().monthdatescalendar(first.year, first.month)
    body = "".join(f'<tr role="row">{"".join(_cell(by_day.get(day), frame) for day in week)}</tr>' for week in weeks)
    heads = "".join(f'<th scope="col" role="columnheader">{escape(day)}</th>' for day in weekday_names())
    return (
        f'<table class="clinic-month" role="table"><caption class="unseen">{escape(name)}</caption>'
        f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead><tbody role="rowgroup">{body}</tbody></table>'
    )


def legend_html(frame: Frame) -> str:
    """What the shapes and marks mean."""
    kinds = "".join(f'<li><span aria-hidden="true">{KIND_SIGNS[kind]}</span> {escape(kind_word(kind))}</li>' for kind in KINDS)
    marks = {
        SIGNS["room"]: t("places left"),
        SIGNS["full"]: t("every place taken"),
        SIGNS["over"]: t("too many, or closed"),
        SIGNS["unknown"]: t("places not known"),
        **({SIGNS["sum"]: t("all sites together")} if frame.sites > 1 else {}),
    }
    signs = "".join(f'<li><span aria-hidden="true">{sign}</span> {escape(text)}</li>' for sign, text in marks.items())
    return f'<ul class="legend" aria-label="{_quoted(t("Legend"))}">{kinds}{signs}</ul>'


def busy_html(busy: Sequence[Busy], *, with_fixed: bool = False) -> str:
    """How busy each resource is."""
    if not busy:
        return ""
    lines = "".join(
        f'<li class="{line.pressure}"><span class="sign" aria-hidden="true">{SIGNS[line.pressure]}</span> '
        f"{escape(listed(_busy_parts(line, with_fixed=with_fixed)))}</li>"
        for line in busy
    )
    return f'<ul class="busy" aria-label="{_quoted(t("Attendances by resource"))}">{lines}</ul>'


def followed_day(day: date) -> str:
    """What a pressed link to a day says of itself."""
    return urlencode({"day": day.isoformat()})


def _busy_parts(line: Busy, *, with_fixed: bool) -> tuple[str, ...]:
    fixed = tn("{number} of them done or booked", "{number} of them done or booked", line.fixed)
    return (busy_words(line), fixed) if with_fixed else (busy_words(line),)


def _column(day: ShownDay, frame: Frame) -> str:
    people = "".join(_brief(one, frame) for one in day.shown)
    left_out = day.total - len(day.shown)
    more = tn("{number} more on this day", "{number} more on this day", left_out)
    left = f'<p class="more">{_day_link(day.day, frame, more)}</p>' if left_out else ""
    everyone = f'<ol class="people">{people}</ol>' if people else f'<p class="nobody">{escape(t("no visit"))}</p>'
    weekday = weekday_names()[day.day.weekday()]
    named = f'<span class="weekday-name">{escape(weekday)}</span> {_day_link(day.day, frame, day_and_month(day.day))}'
    return f'<li class="{_classes(day)}"><h3>{named}{_today_mark(day)}</h3>{_day_head_lines(day)}{busy_html(day.busy)}{everyone}{left}</li>'


def _day_head_lines(day: ShownDay) -> str:
    return f'{_note(day)}<p class="count">{escape(_counted(day))}</p>' if day.visits else _note(day)


def _note(day: ShownDay) -> str:
    return f'<p class="note">{escape(day.note.text)}</p>' if day.note.text else ""


def _counted(day: ShownDay) -> str:
    people = tn("{number} subject comes", "{number} subjects come", day.coming) if day.coming else t("nobody comes")
    return listed((people, visits_counted(day.visits)))


def _cell(day: ShownDay | None, frame: Frame) -> str:
    if day is None:
        return '<td role="cell" class="beside"></td>'
    weekday = f'<span class="weekday">{escape(weekday_names()[day.day.weekday()])} </span>'
    label = t("{day}: show the day", day=day_and_month(day.day))
    number = _day_link(day.day, frame, str(day.day.day), label) if day.visits else f'<span class="number">{day.day.day}</span>'
    return (
        f'<td role="cell" class="{_classes(day)}"><div class="head">{weekday}{number}{_today_mark(day)}</div>'
        f"{_day_head_lines(day)}{busy_html(day.busy)}</td>"
    )


def _classes(day: ShownDay) -> str:
    marks = {"day": True, "closed": day.note.is_closed, "today": day.is_today, "busy-day": bool(day.visits)}
    return " ".join(word for word, applies in marks.items() if applies)


def _today_mark(day: ShownDay) -> str:
    return f' <span class="mark">{escape(t("today"))}</span>' if day.is_today else ""


def _day_link(day: date, frame: Frame, text: str, label: str = "") -> str:
    to = _quoted(address("calendar", **frame.entries, view="day", day=day.isoformat()))
    said = f' aria-label="{_quoted(label)}"' if label else ""
    return f'<a class="day-link" href="{to}" target="_self" data-follow="{_quoted(followed_day(day))}"{said}>{escape(text)}</a>'


def _brief(one: ShownAttendance, frame: Frame) -> str:
    visits = "".join(f"<li>{_visit_link(one, visit)}</li>" for visit in one.visits)
    return f'<li class="{_comes(one)}">{_person(one, frame)}<ul class="visits">{visits}</ul></li>'


def _detailed(one: ShownAttendance, frame: Frame) -> str:
    visits = "".join(f"<li>{_visit_link(one, visit)}{_details(visit)}</li>" for visit in one.visits)
    return f'<li class="{_comes(one)}">{_person(one, frame)}<ul class="visits">{visits}</ul></li>'


def _comes(one: ShownAttendance) -> str:
    return "person" if one.attendance.comes else "person nobody-comes"


def _person(one: ShownAttendance, frame: Frame) -> str:
    """Who, when and where; that several visits on the day are one attendance."""
    attendance = one.attendance
    at = f'<span class="time">{attendance.at:%H:%M}</span> ' if attendance.at is not None else ""
    where = " · ".join(part for part in (attendance.site if frame.sites > 1 else "", attendance.subject.study) if part)
    together = tn("{number} visit at once", "{number} visits at once", len(one.visits)) if len(one.visits) > 1 else ""
    small = " · ".join(part for part in (where, together) if part)
    return f'<p class="who">{at}<b>{escape(attendance.subject.number)}</b> <span class="small">{escape(small)}</span></p>'


def _visit_link(one: ShownAttendance, visit: ShownVisit) -> str:
    row, subject = visit.row, one.attendance.subject
    to = _quoted(subject_address(subject, visit=row.visit))
    followed = _quoted(urlencode({"subject": str(subject), "visit": row.visit}))
    return (
        f'<a class="visit kind-{row.kind} status-{row.status}" href="{to}" target="_self" data-follow="{followed}">'
        f'<span class="sign" aria-hidden="true">{KIND_SIGNS[row.kind]}</span><span class="unseen">{escape(kind_word(row.kind))}</span> '
        f'<b>{escape(row.visit)}</b> <span class="name">{escape(visit.name)}</span>'
        f'<span class="state"><span aria-hidden="true">{standing_sign(row)}</span> {escape(standing_words(row))}</span>'
        f'{_where(visit)}<span class="unseen"> {escape(subject.number)}</span></a>'
    )


def _where(visit: ShownVisit) -> str:
    return f'<span class="at">{escape(resource_word(visit.resource))}</span>' if visit.resource else ""


def _details(visit: ShownVisit) -> str:
    """What there is to do, how long it takes, and what to look at."""
    minutes = tn("{number} minute", "{number} minutes", visit.minutes) if visit.minutes else ""
    parts = [part for part in (window_words(visit.row), minutes, listed(visit.activities)) if part]
    warnings = "".join(f'<p class="warning"><span aria-hidden="true">⚠</span> {escape(text)}</p>' for text in flag_sentences(visit.row))
    about = "".join(f"<p>{escape(part)}</p>" for part in parts)
    return f'<div class="details">{about}{warnings}</div>' if about or warnings else ""


def _quoted(text: str) -> str:
    return escape(text, quote=True)
