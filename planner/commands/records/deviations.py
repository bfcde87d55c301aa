"""``deviations`` and ``classify``: the ledger that the facts propose, and a person's judgement of each line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, cast

import typer

from planner.commands.failures import command
from planner.commands.options import AsOf, Bom, Out
from planner.commands.records import options
from planner.commands.records.changing import How, Known, change, one_of, parts_of
from planner.commands.records.desk import caller, existing_records
from planner.commands.records.listing import Listing, rows_of, show
from planner.commands.records.texts import optional_date
from planner.records.lists.list_columns import DEVIATION_COLUMNS as COLUMNS
from planner.records.lists.list_columns import DEVIATION_COLUMNS_WITH_NOTES as WITH_NOTES

if TYPE_CHECKING:
    from planner.records.facts.fact import NewFact
    from planner.records.lists.deviations import DeviationStatus

STATUSES = ("proposed", "important", "not_important", "withdrawn")


@command
def deviations(
    on: AsOf = None,
    kind: Annotated[
        list[str] | None,
        typer.Option("--kind", metavar="KIND", help="Only these kinds, such as missed. Repeatable.", show_default=False),
    ] = None,
    status: Annotated[
        list[str] | None,
        typer.Option("--status", metavar="STATUS", help="proposed, important, not_important or withdrawn. Repeatable.", show_default=False),
    ] = None,
    with_notes: Annotated[bool, typer.Option("--with-notes", help="The explanations too: free text, not for others.")] = False,
    site: options.Site = None,
    study: options.Study = None,
    format_: options.Format = None,
    out: Out = None,
    bom: Bom = False,
    account: options.Account = None,
) -> None:
    """List the deviations that the facts propose, and how they were classed."""
    from planner.records.lists.deviations import DeviationKind
    from planner.records.lists.deviations import deviations as ledger

    who = caller(account)
    kinds = [DeviationKind(one_of("--kind", text, [str(entry) for entry in DeviationKind])) for text in parts_of(kind)] or None
    statuses = [cast("DeviationStatus", one_of("--status", text, STATUSES)) for text in parts_of(status)] or None
    with existing_records() as database, database.reading() as connection:
        lines = ledger(
            connection,
            who,
            studies=None if study is None else [study],
            sites=None if site is None else [site],
            kinds=kinds,
            statuses=statuses,
            as_of=optional_date("--on", on),
        )
    columns = WITH_NOTES if with_notes else COLUMNS
    show(Listing(columns, rows_of(lines, columns), "No deviation."), format_, out, heading=f"{len(lines)} deviations", bom=bom)


@command
def classify(
    subject: options.Subject,
    key: Annotated[str, typer.Argument(metavar="KEY", help="The deviation's key, as `deviations` lists it.", show_default=False)],
    value: Annotated[str, typer.Argument(metavar="CLASS", help="important or not_important.", show_default=False)],
    reason: options.Reason = None,
    note: options.Note = None,
    seen: options.Seen = None,
    dry_run: options.DryRun = False,
    account: options.Account = None,
) -> None:
    """Class a deviation as important or not, with an explanation as the note."""
    how = How(reason, note, seen, dry_run, account)
    chosen = one_of("CLASS", value, ("important", "not_important"))
    change(subject, how, lambda known: (_classing(known, key, chosen, how),))


def _classing(known: Known, key: str, value: str, how: How) -> NewFact:
    from typing import Literal

    from planner.records.lists.deviations import classing
    from planner.records.lists.deviations import deviations as ledger

    lines = ledger(known.connection, known.caller, subjects=[known.subject])
    return classing(lines, key, cast(Literal["important", "not_important"], value), how.why["note"], how.why["reason"])
