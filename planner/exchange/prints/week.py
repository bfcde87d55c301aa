"""A clinic's day sheet: everybody's visits of one week, day by day."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import numpy as np

from planner.exchange.prints.day_names import DayNames, PrintLanguage
from planner.exchange.prints.outlook import outlooks
from planner.exchange.prints.protocol_texts import ProtocolTexts, one_line
from planner.exchange.prints.states import state_of
from planner.exchange.prints.words import SIGNS, PrintWords, State, print_words
from planner.records.facts.moments import moment_of
from planner.records.lists.site_schedules import SiteSchedule
from planner.schedule.codes import CertaintyCode, StatusCode
from planner.schedule.days import day_date, day_number
from planner.schedule.rows import VisitRow
from planner.schedule.table import VisitTable, visit_table
from planner.schedule.visit_rows import table_rows

_WEEK = re.compile(r"(\d{4})-?W(\d{2})", re.ASCII)
_DAYS_OF_A_WEEK = 7
_NO_TIME = time.max


class WeekTextError(ValueError):
    """A text that is no week; the message says how one is written."""


@dataclass(frozen=True, slots=True)
class Week:
    """An ISO week: Monday to Sunday; week 1 has the year's first Thursday."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}-W{self.number:02d}"

    @property
    def monday(self) -> date:
        """The first day."""
        return date.fromisocalendar(self.year, self.number, 1)

    def days(self) -> tuple[date, ...]:
        """Monday to Sunday."""
        return tuple(self.monday + timedelta(days=place) for place in range(_DAYS_OF_A_WEEK))


def week_of(text: str) -> Week:
    """The week written as ``2026-W47``. Raises WeekTextError."""
    found = _WEEK.fullmatch(text.strip())
    if found is None:
        raise WeekTextError(f"{text[:24]!r} is no week; write 2026-W47.")
    week = Week(int(found[1]), int(found[2]))
    try:
        first = week.monday
    except ValueError:
        raise WeekTextError(f"There is no week {week}; a year has the weeks W01 to W52, some have W53.") from None
    if not 1990 <= first.year <= 2150:
        raise WeekTextError(f"{week} is far from every study; check the year.")
    return week


@dataclass(frozen=True, slots=True)
class SheetVisit:
    """One visit on the day sheet; texts are "" where there is nothing to say."""

    time: str
    study: str
    subject: str
    site: str
    visit: str
    name: str
    activities: tuple[str, ...]
    resource: str
    state: State
    sign: str
    state_words: str
    window: str
    is_attended: bool
    """Whether somebody comes; nobody does for a reminder."""


@dataclass(frozen=True, slots=True)
class SheetDay:
    """A day with its visits: those with a time first, then by site, study and subject."""

    heading: str
    count: str
    visits: tuple[SheetVisit, ...]


@dataclass(frozen=True, slots=True)
class WeekPrint:
    """The sheet, ready to be set."""

    language: PrintLanguage
    document_title: str
    week: str
    days_text: str
    sites: str
    rests_on: str
    footer: str
    shows_site: bool
    days: tuple[SheetDay, ...]
    words: Mapping[str, str]


def week_print(found: Sequence[SiteSchedule], week: Week, language: PrintLanguage, as_of: date, site: str | None) -> WeekPrint:
    """The day sheet of a week from everybody's schedules (``planner.records.lists.site_schedules.schedules``).

    Visits that are cancelled are not on it, nor those that hang on an open decision (unless booked) or wait without a date. ``as_of`` is
    the day that stands on the sheet; ``site`` the one site asked for.
    """
    words, days = print_words(language), DayNames(language)
    by_day: dict[date, list[tuple[time, SheetVisit]]] = {day: [] for day in week.days()}
    for entry in found:
        for day, at, visit in _Writer(entry, words, days).visits(week):
            by_day[day].append((at, visit))
    sites = sorted({visit.site for entries in by_day.values() for _, visit in entries})
    moment = last_moment(found)
    rests_on = (
        words.said("week_rests_on_nothing", day=days.day(as_of))
        if moment is None
        else words.said("week_rests_on", facts_day=f"{days.day(moment.date())} {moment:%H:%M} UTC", day=days.day(as_of))
    )
    title = words.said("week_document", week=week)
    return WeekPrint(
        language=language,
        document_title=f"{title} {site}" if site else title,
        week=words.said("week_title", week=week),
        days_text=days.days(week.days()[0], week.days()[-1]),
        sites=words.said("week_sites", sites=site or days.listed(tuple(sites)) or words.said("all_sites")),
        rests_on=rests_on,
        footer=" · ".join(part for part in (title, site or "", words.said("as_of", day=days.day(as_of))) if part),
        shows_site=site is None and len(sites) > 1,
        days=tuple(_day(day, entries, words, days) for day, entries in by_day.items()),
        words=words.texts,
    )


def last_moment(found: Sequence[SiteSchedule]) -> datetime | None:
    """When the last fact was recorded that any of these schedules rests on, in UTC and whole seconds; None where there is none."""
    moments = [int(entry.table.recorded_at[np.isin(entry.table.row, entry.group.rows)].max()) for entry in found if len(entry.keys)]
    return moment_of(max(moments)).astimezone(UTC).replace(microsecond=0) if moments else None


def _day(day: date, entries: list[tuple[time, SheetVisit]], words: PrintWords, days: DayNames) -> SheetDay:
    ordered = sorted(entries, key=lambda entry: (entry[0], entry[1].site, entry[1].study, entry[1].subject))
    coming = sum(visit.is_attended for _, visit in ordered)
    count = words.said("visit_count_one") if coming == 1 else words.said("visit_count", count=coming) if coming else ""
    return SheetDay(days.long_day(day), count, tuple(visit for _, visit in ordered))


class _Writer:
    """Writes the visits of subjects who follow one protocol text."""

    def __init__(self, entry: SiteSchedule, words: PrintWords, days: DayNames) -> None:
        self.entry = entry
        self.words = words
        self.outlooks = outlooks(entry.schedule)
        self.days = days
        self.texts = ProtocolTexts(entry.schedule.plan.protocol, words.language)

    def visits(self, week: Week) -> list[tuple[date, time, SheetVisit]]:
        """Day, time (the end of the day for none) and visit."""
        table = self._of_week(week)
        places = zip(table.slot.tolist(), table.subject.tolist(), table_rows(table), strict=True)
        return [
            (row.effective, row.booked_at or _NO_TIME, self._visit(slot, column, row, state))
            for slot, column, row in places
            if row.effective is not None and (state := state_of(row, self.outlooks[column])) != "on_hold"
        ]

    def _of_week(self, week: Week) -> VisitTable:
        schedule = self.entry.schedule
        table = visit_table(schedule, all_visits=True)
        effective, booked = table.days("effective"), table.of(schedule.certainty) == CertaintyCode.BOOKED
        expected = table.of(schedule.on_calendar) | ((table.of(schedule.status) == StatusCode.CONDITIONAL) & booked)
        first = day_number(week.monday)
        inside = (effective >= first) & (effective < first + _DAYS_OF_A_WEEK) & expected
        return table.some(np.flatnonzero(inside))

    def _visit(self, slot: int, column: int, row: VisitRow, state: State) -> SheetVisit:
        words = self.words
        return SheetVisit(
            time=self.days.time(row.booked_at) if row.booked_at is not None else "",
            study=self.entry.study.upper(),
            subject=row.subject,
            site=self.entry.site_of(column),
            visit=row.visit,
            name=self.texts.visit(row),
            activities=tuple(self.texts.activity(id_) for id_ in row.activities),
            resource=self._resource(slot, column),
            state=state,
            sign=SIGNS[state],
            state_words=words.texts.get(f"week_{state}") or words.said(f"state_{state}"),
            window="" if row.earliest is None or row.latest is None else self.days.days_of_year(row.earliest, row.latest),
            is_attended=row.kind != "reminder",
        )

    def _resource(self, slot: int, column: int) -> str:
        """Where the visit is booked, else what the protocol asks for; never the booking's place, which is free text."""
        booked = self.entry.group.booking_details.get((slot, column))
        asked = self.entry.schedule.plan.slots[slot].resource
        return one_line(booked.resource) if booked is not None and booked.resource else self.words.texts.get(f"on_{asked}", asked)


def shown_day(found: Sequence[SiteSchedule]) -> date | None:
    """The latest of the days that the subjects are looked at, where none was asked for: today at the site furthest east."""
    latest = [int(entry.as_of_days().max()) for entry in found if len(entry.keys)]
    return day_date(max(latest)) if latest else None
