"""``decide``, ``hold``, ``resume``, ``stop`` and ``withdraw``: what doctors and subjects decide."""

from __future__ import annotations

from typing import Annotated, cast, get_args

import typer

from planner.commands.failures import command
from planner.commands.records import options
from planner.commands.records.changing import How, change, one_of
from planner.commands.records.texts import optional_date, read_day


@command
def decide(
    subject: options.Subject,
    decision: Annotated[str, typer.Argument(metavar="DECISION", help="The decision, such as management.", show_default=False)],
    choice: Annotated[str, typer.Argument(metavar="CHOICE", help="What was chosen.", show_default=False)],
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="When; the day of its visit if not given.", show_default=False)
    ] = None,
    reason: options.Reason = None,
    note: options.Note = None,
    seen: options.Seen = None,
    dry_run: options.DryRun = False,
    account: options.Account = None,
) -> None:
    """Record a decision: it opens its branch and closes the others."""
    from planner.records.changes.acts import decision_made

    how = How(reason, note, seen, dry_run, account)
    day = optional_date("--on", on)
    change(subject, how, lambda _: decision_made(decision, choice, day, **how.why))


@command
def hold(
    subject: options.Subject,
    from_: Annotated[str, typer.Option("--from", metavar="DATE", help="The first day without treatment.", show_default=False)],
    until: Annotated[
        str | None,
        typer.Option("--until", metavar="DATE", help="The day from which treatment may be given again, if known.", show_default=False),
    ] = None,
    stream: options.Stream = None,
    mode: Annotated[str, typer.Option("--mode", metavar="shift|skip", help="Move the visits to the resume day, or miss them.")] = "shift",
    reason: options.Reason = None,
    note: options.Note = None,
    seen: options.Seen = None,
    dry_run: options.DryRun = False,
    account: options.Account = None,
) -> None:
    """Put treatment on hold: all drugs, or one stream."""
    from planner.records.changes.acts import hold_started
    from planner.schedule.facts import HoldMode

    how = How(reason, note, seen, dry_run, account)
    first, resume_day = read_day("--from", from_), optional_date("--until", until)
    chosen = cast(HoldMode, one_of("--mode", mode, get_args(HoldMode)))
    change(subject, how, lambda _: hold_started(first, (stream or "").strip(), resume_day, chosen, **how.why))


@command
def resume(
    subject: options.Subject,
    on: Annotated[
        str, typer.Option("--on", metavar="DATE", help="The first day on which treatment may be given again.", show_default=False)
    ],
    stream: Annotated[
        str | None,
        typer.Option("--stream", metavar="NAME", help="Whose hold ends, where several are open.", show_default=False),
    ] = None,
    reason: options.Reason = None,
    note: options.Note = None,
    seen: options.Seen = None,
    dry_run: options.DryRun = False,
    account: options.Account = None,
) -> None:
    """End a hold."""
    from planner.records.changes.acts import hold_ended

    how = How(reason, note, seen, dry_run, account)
    day = read_day("--on", on)
    change(subject, how, lambda known: hold_ended(known.facts, day, stream, **how.why))


@command
def stop(
    subject: options.Subject,
    on: Annotated[str, typer.Option("--on", metavar="DATE", help="The first day without the treatment.", show_default=False)],
    stream: options.Stream = None,
    reason: options.Reason = None,
    note: options.Note = None,
    seen: options.Seen = None,
    dry_run: options.DryRun = False,
    account: options.Account = None,
) -> None:
    """Stop treatment for good: all drugs, or one stream. Follow-up goes on."""
    from planner.records.changes.acts import treatment_stopped

    how = How(reason, note, seen, dry_run, account)
    day = read_day("--on", on)
    change(subject, how, lambda _: treatment_stopped(day, (stream or "").strip(), **how.why))


@command
def withdraw(
    subject: options.Subject,
    on: options.HappenedOn,
    because: Annotated[str, typer.Option("--because", metavar="WHY", help="withdrawn, died, lost or screen_failure.")] = "withdrawn",
    reason: options.Reason = None,
    note: options.Note = None,
    seen: options.Seen = None,
    dry_run: options.DryRun = False,
    account: options.Account = None,
) -> None:
    """Record that the subject left the study: withdrew, died, was lost to follow-up, or failed screening."""
    from planner.records.changes.acts import left_study
    from planner.schedule.facts import EndReason

    how = How(reason, note, seen, dry_run, account)
    day = read_day("--on", on)
    why = cast(EndReason, one_of("--because", because, get_args(EndReason)))
    change(subject, how, lambda _: left_study(day, why, **how.why))
