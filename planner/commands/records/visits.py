"""``visits``: every visit of every subject that the caller may read, in a row each."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Annotated

import typer

from planner.commands.failures import CallWrong, command
from planner.commands.options import AsOf, Bom, Out
from planner.commands.records import options
from planner.commands.records.changing import one_of, parts_of
from planner.commands.records.desk import caller, existing_records
from planner.commands.records.listing import Listing, rows_of, show
from planner.commands.records.texts import optional_date
from planner.records.lists.list_columns import VISIT_COLUMNS as COLUMNS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from planner.records.lists.listed_visits import ListedVisit
    from planner.records.lists.site_schedules import SiteSchedule
    from planner.schedule.rows import VisitRow


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
        lines = [line for entry in found for line in _lines(entry, is_asked_for, all_visits=all_)]
        # Within a subject the lines come by date and then in protocol order; sorting keeps that.
        rows = rows_of(sorted(lines, key=attrgetter("site", "subject", "study")), COLUMNS)
    show(Listing(COLUMNS, rows, "No visit."), format_, out, heading=f"{len(rows)} visits", bom=bom)


def _lines(entry: SiteSchedule, is_asked_for: Callable[[VisitRow], bool], *, all_visits: bool) -> Iterator[ListedVisit]:
    """The lines of the subjects who follow one protocol text."""
    from planner.records.lists.listed_visits import listed_visit
    from planner.schedule.table import visit_table
    from planner.schedule.visit_rows import table_rows

    table = visit_table(entry.schedule, all_visits=all_visits)
    for row, slot, column in zip(table_rows(table), table.slot.tolist(), table.subject.tolist(), strict=True):
        if is_asked_for(row):
            yield listed_visit(entry, slot, column, row)


def _is_between(day: date | None, first: date | None, last: date | None) -> bool:
    """Whether a day is in a span that may be open at its ends; a visit without a date is in none but the one that is open at both."""
    if day is None:
        return first is None and last is None
    return (first is None or first <= day) and (last is None or day <= last)
