"""``worklist``: what somebody has to see to, over all subjects."""

from __future__ import annotations

from typing import Annotated

import typer

from planner.commands.failures import command
from planner.commands.options import AsOf, Bom, Out
from planner.commands.records import options
from planner.commands.records.changing import one_of, parts_of
from planner.commands.records.desk import caller, existing_records
from planner.commands.records.listing import Listing, rows_of, show
from planner.commands.records.texts import optional_date
from planner.records.lists.list_columns import WORKLIST_COLUMNS as COLUMNS


@command
def worklist(
    on: AsOf = None,
    kind: Annotated[
        list[str] | None,
        typer.Option(
            "--kind",
            metavar="KIND",
            help="overdue, unconfirmed, decision, stopped_clock, closing, due or unbooked. Repeatable; all if left out.",
            show_default=False,
        ),
    ] = None,
    visit_kind: Annotated[
        list[str] | None,
        typer.Option("--visit-kind", metavar="KIND", help="Only clinic, treatment, imaging, phone or decision.", show_default=False),
    ] = None,
    within: Annotated[int, typer.Option("--within", metavar="N", help="Closing: at most so many days left.", min=0, max=3660)] = 7,
    unbooked: Annotated[
        int, typer.Option("--unbooked", metavar="N", help="Unbooked: planned at most so many days from now.", min=0, max=3660)
    ] = 14,
    held: Annotated[int, typer.Option("--held", metavar="N", help="Stopped clock: on hold for more days than this.", min=0, max=3660)] = 14,
    site: options.Site = None,
    study: options.Study = None,
    format_: options.Format = None,
    out: Out = None,
    bom: Bom = False,
    account: options.Account = None,
) -> None:
    """List what is overdue, due, closing, unbooked, to be decided or waiting for a hold to end; the most urgent first."""
    from planner.records.lists.worklist import Limits, WorklistKind
    from planner.records.lists.worklist import worklist as found_worklist

    who = caller(account)
    names = [str(entry) for entry in WorklistKind]
    kinds = [WorklistKind(one_of("--kind", text, names)) for text in parts_of(kind)] or None
    visit_kinds = [one_of("--visit-kind", text, VISIT_KINDS) for text in parts_of(visit_kind)] or None
    with existing_records() as database, database.reading() as connection:
        found = found_worklist(
            connection,
            who,
            kinds,
            Limits(within, unbooked, held),
            studies=None if study is None else [study],
            sites=None if site is None else [site],
            visit_kinds=visit_kinds,
            as_of=optional_date("--on", on),
        )
    counts = ", ".join(f"{count} {entry.replace('_', ' ')}" for entry, count in found.counts.items())
    show(Listing(COLUMNS, rows_of(found.rows, COLUMNS), "Nothing to see to."), format_, out, heading=counts, bom=bom)


VISIT_KINDS = ("clinic", "treatment", "imaging", "phone", "decision")
