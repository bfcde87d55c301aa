"""``visits``: every visit of every subject that the caller may read, in a row each."""

from __future__ import annotations

from itertools import repeat
from typing import TYPE_CHECKING, Annotated

import typer

from planner.commands.failures import CallWrong, command
from planner.commands.options import AsOf, Bom, Out
from planner.commands.records import options
from planner.commands.records.changing import one_of, parts_of
from planner.commands.records.desk import caller, existing_records
from planner.commands.records.listing import Cell, Listing, show
from planner.commands.records.texts import optional_date

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from planner.records.lists.site_schedules import SiteSchedule
    from planner.schedule.rows import VisitRow

COLUMNS = (
    "site",
    "study",
    "subject",
    "visit",
    "name",
    "epoch",
    "kind",
    "planned",
    "earliest",
    "latest",
    "effective",
    "booked",
    "booked_at",
    "status",
    "certainty",
    "days_off",
    "days_left",
    "flags",
)
"""Named as in ``expand`` where the content is the same."""


@command
def visits(
    on: AsOf = None,
    from_: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="Only visits on this day or later.", show_default=False)
    ] = None,
    to: Annotated[str | None, typer.Option("--to", metavar="DATE", help="Only visits on this day or before.", show_default=False)] = None,
    status: Annotated[
        list[str] | None,
        typer.Option("--status", metavar="STATUS", help="Only these, such as due or overdue. Repeatable.", show_default=False),
    ] = None,
    all_: Annotated[bool, typer.Option("--all", help="Cancelled and conditional visits too.")] = False,
    site: options.Site = None,
    study: options.Study = None,
    format_: options.Format = None,
    out: Out = None,
    bom: Bom = False,
    account: options.Account = None,
) -> None:
    """List every visit of every subject with its dates, window and status, by site, subject and date."""
    from planner.records.lists.site_schedules import schedules
    from planner.records.paused_collection import paused_collection
    from planner.schedule.rows import STATUSES

    who = caller(account)
    first, last = optional_date("--from", from_), optional_date("--to", to)
    if first is not None and last is not None and first > last:
        raise CallWrong([f"--from {first} is after --to {last}, so no day is between them; give the earlier one as --from"])
    statuses = frozenset(one_of("--status", text, STATUSES) for text in parts_of(status)) or frozenset(STATUSES)

    def is_asked_for(row: VisitRow) -> bool:
        return row.status in statuses and _is_between(row.effective, first, last)

    with existing_records() as database, database.reading() as connection, paused_collection():
        found = schedules(
            connection,
            who,
            optional_date("--on", on),
            studies=None if study is None else [study],
            sites=None if site is None else [site],
        )
        # Within a subject the rows come by date and then in protocol order; sorting keeps that.
        rows = sorted((row for entry in found for row in _rows(entry, is_asked_for, all_visits=all_)), key=_site_and_subject)
    show(Listing(COLUMNS, rows, "No visit."), format_, out, heading=f"{len(rows)} visits", bom=bom)


def _rows(entry: SiteSchedule, is_asked_for: Callable[[VisitRow], bool], *, all_visits: bool) -> Iterator[list[Cell]]:
    """The rows of the subjects who follow one protocol text."""
    from planner.schedule.days import EARLIEST_REAL_DAY, day_date
    from planner.schedule.table import visit_table
    from planner.schedule.visit_rows import table_rows

    table = visit_table(entry.schedule, all_visits=all_visits)
    booked = entry.schedule.cohort.booked
    days = repeat(None, len(table)) if booked is None else (None if day < EARLIEST_REAL_DAY else day for day in table.of(booked).tolist())
    for row, column, day in zip(table_rows(table), table.subject.tolist(), days, strict=True):
        if is_asked_for(row):
            yield _cells(row, entry.site_of(column), entry.study, None if day is None else day_date(day))


def _cells(row: VisitRow, site: str, study: str, booked: date | None) -> list[Cell]:
    return [
        site,
        study,
        row.subject,
        row.visit,
        row.name,
        row.epoch,
        row.kind,
        row.planned,
        row.earliest,
        row.latest,
        row.effective,
        None if row.status in ("done", "missed") else booked,
        row.booked_at,
        row.status,
        row.certainty,
        row.days_off,
        row.days_left,
        row.flags,
    ]


def _is_between(day: date | None, first: date | None, last: date | None) -> bool:
    """Whether a day is in a span that may be open at its ends; a visit without a date is in none but the one that is open at both."""
    if day is None:
        return first is None and last is None
    return (first is None or first <= day) and (last is None or day <= last)


def _site_and_subject(row: list[Cell]) -> tuple[str, str, str]:
    return str(row[0]), str(row[2]), str(row[1])
