"""The days that a visit could be put on, week by week, as an HTML table of buttons."""

from __future__ import annotations

from datetime import date, timedelta
from html import escape

from planner.ui.foresight import ForeseenDay, Foresight
from planner.ui.foresight_words import in_full, short_notes, sign_of, standing_of_day
from planner.ui.language import t
from planner.ui.words import day_and_month, listed, weekday_names


def foresight_html(foreseen: Foresight, chosen: date | None, style: str) -> str:
    """The table; ``chosen`` is the day that is entered, ``style`` the CSS that it is drawn with."""
    first = foreseen.days[0].day
    monday = first - timedelta(days=first.weekday())
    by_day = {day.day: day for day in foreseen.days}
    weeks = range((foreseen.days[-1].day - monday).days // 7 + 1)
    heads = "".join(f'<th scope="col" role="columnheader">{name}</th>' for name in weekday_names())
    body = "".join(
        '<tr role="row">'
        + "".join(_cell(by_day.get(monday + timedelta(days=7 * week + place)), foreseen, chosen) for place in range(7))
        + "</tr>"
        for week in weeks
    )
    name = escape(t("Days for {visit}", visit=foreseen.row.visit), quote=True)
    return (
        f'<style>{style}</style><table class="days" role="table" aria-label="{name}">'
        f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead><tbody role="rowgroup">{body}</tbody></table>'
    )


def _cell(day: ForeseenDay | None, foreseen: Foresight, chosen: date | None) -> str:
    if day is None:
        return '<td role="cell" class="beside"></td>'
    standing = standing_of_day(day.day, foreseen.row)
    is_best = foreseen.best is not None and foreseen.best.day == day.day
    marks = [text for text in (standing, t("best") if is_best else "", t("chosen") if day.day == chosen else "") if text]
    level = "none" if day.is_well else "many" if day.breaks_a_rule else "some"
    window = "inside" if day.what.in_window else "outside"
    said = listed((*marks, in_full(day)))
    notes = "".join(f'<span class="what">{escape(note)}</span>' for note in short_notes(day))
    badges = "".join(f'<span class="badge">{escape(text)}</span>' for text in marks)
    weekday = weekday_names()[day.day.weekday()]
    return (
        f'<td role="cell"><button type="button" class="candidate level-{level} {window}" data-choose="day" data-value="{day.day}" '
        f'data-focus="day {day.day}" aria-pressed="{"true" if day.day == chosen else "false"}">'
        f'<span aria-hidden="true"><span class="top"><b><span class="weekday">{weekday} </span>{day_and_month(day.day)}</b> '
        f'<span class="sign">{sign_of(day)}</span></span>{badges}{notes}</span><span class="unseen">{escape(said)}</span></button></td>'
    )
