"""``correct`` and ``undo``: new facts that put earlier ones right, while those stay in the log."""

from __future__ import annotations

from typing import Annotated

import typer

from planner.commands.failures import CallWrong, command
from planner.commands.records import options
from planner.commands.records.changing import How, change
from planner.commands.records.texts import optional_date

_CORRECTABLE = "The number of the fact (`history SUBJECT` shows it)."


@command
def correct(
    subject: options.Subject,
    fact: Annotated[int, typer.Argument(metavar="FACT", help=_CORRECTABLE, show_default=False)],
    on: Annotated[str | None, typer.Option("--on", metavar="DATE[THH:MM]", help="The right day.", show_default=False)] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="DATE", help="Of a hold: the right resume day.", show_default=False)
    ] = None,
    value: Annotated[
        str | None, typer.Option("--value", metavar="TEXT", help="The right value, choice or mode.", show_default=False)
    ] = None,
    item: Annotated[
        str | None, typer.Option("--item", metavar="NAME", help="The right visit, stream or decision.", show_default=False)
    ] = None,
    reason: options.Reason = None,
    note: options.Note = None,
    seen: options.Seen = None,
    dry_run: options.DryRun = False,
    account: options.Account = None,
) -> None:
    """Correct a fact: the same but for what is given. The wrong one stays in the log."""
    from planner.commands.records.texts import read_booking
    from planner.records.changes.acts import corrected

    if on is None and until is None and value is None and item is None and not note and not reason:
        raise CallWrong(["Say what is right: --on, --until, --value or --item"])
    how = How(reason, note, seen, dry_run, account)
    why = how.why
    booking = None if on is None else read_booking("--on", on)
    at = value if booking is None or booking.at is None else f"{booking.at:%H:%M}"
    resume_day = optional_date("--until", until)
    day = None if booking is None else booking.day
    change(
        subject,
        how,
        lambda known: corrected(
            known.facts, fact, item=item, day=day, until_day=resume_day, value=at, reason=why["reason"], note=why["note"]
        ),
    )


@command
def undo(
    subject: options.Subject,
    fact: Annotated[
        int | None, typer.Argument(metavar="[FACT]", help=f"{_CORRECTABLE} The last act if left out.", show_default=False)
    ] = None,
    reason: Annotated[str, typer.Option("--reason", metavar="CODE", help="Why, from the list that `reasons` shows.")] = "taken_back",
    note: options.Note = None,
    seen: options.Seen = None,
    dry_run: options.DryRun = False,
    account: options.Account = None,
) -> None:
    """Take back the last thing recorded, or one fact; undoing an undo brings it back."""
    from planner.records.changes.undoing import undone_fact, undone_last_act

    how = How(reason, note, seen, dry_run, account)
    if fact is None:
        change(subject, how, lambda known: undone_last_act(known.facts, **how.why))
    else:
        change(subject, how, lambda known: undone_fact(known.facts, fact, **how.why))
