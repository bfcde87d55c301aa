"""``record``, ``miss``, ``omit`` and ``unscheduled``: what took place and what did not."""

from __future__ import annotations

from typing import Annotated

import typer

from planner.commands.failures import command
from planner.commands.records import options
from planner.commands.records.changing import How, change, parts_of
from planner.commands.records.texts import read_day

Omitted = Annotated[
    list[str] | None,
    typer.Option("--omit", metavar="ACTIVITY", help="An activity that was not done. Repeatable.", show_default=False),
]


@command
def record(
    subject: options.Subject,
    visit: options.Visit,
    on: options.HappenedOn,
    omit: Omitted = None,
    routine_care: Annotated[bool, typer.Option("--routine-care", help="Done as routine care, which needs no consent first.")] = False,
    reason: options.Reason = None,
    note: options.Note = None,
    seen: options.Seen = None,
    dry_run: options.DryRun = False,
    account: options.Account = None,
) -> None:
    """Record that a visit took place."""
    from planner.records.changes.acts import visit_done

    how = How(reason, note, seen, dry_run, account)
    day = read_day("--on", on)
    change(subject, how, lambda _: visit_done(visit, day, tuple(parts_of(omit)), routine_care=routine_care, **how.why))


@command
def miss(
    subject: options.Subject,
    visit: options.Visit,
    reason: options.Reason = None,
    note: options.Note = None,
    seen: options.Seen = None,
    dry_run: options.DryRun = False,
    account: options.Account = None,
) -> None:
    """Record that a visit did not take place and will not."""
    from planner.records.changes.acts import visit_missed

    how = How(reason, note, seen, dry_run, account)
    change(subject, how, lambda _: visit_missed(visit, **how.why))


@command
def omit(
    subject: options.Subject,
    visit: options.Visit,
    activities: Annotated[list[str], typer.Argument(metavar="ACTIVITY...", help="Activities not to be done.", show_default=False)],
    reason: options.Reason = None,
    note: options.Note = None,
    seen: options.Seen = None,
    dry_run: options.DryRun = False,
    account: options.Account = None,
) -> None:
    """Record that activities of a visit were not done, or will not be."""
    from planner.records.changes.acts import activities_omitted

    how = How(reason, note, seen, dry_run, account)
    change(subject, how, lambda _: activities_omitted(visit, tuple(parts_of(activities)), **how.why))


@command
def unscheduled(
    subject: options.Subject,
    on: options.HappenedOn,
    stream: Annotated[
        str | None, typer.Option("--stream", metavar="NAME", help="The dose given, such as pd1; none if left out.", show_default=False)
    ] = None,
    reason: options.Reason = None,
    note: options.Note = None,
    seen: options.Seen = None,
    dry_run: options.DryRun = False,
    account: options.Account = None,
) -> None:
    """Record a visit that no plan asks for, and the dose given at it if any."""
    from planner.records.changes.acts import unscheduled_visit

    how = How(reason, note, seen, dry_run, account)
    day = read_day("--on", on)
    change(subject, how, lambda _: unscheduled_visit(day, (stream or "").strip(), **how.why))
