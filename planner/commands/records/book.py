"""``book`` and ``release``: days that the clinic has confirmed."""

from __future__ import annotations

from typing import Annotated

import typer

from planner.commands.failures import command
from planner.commands.records import options
from planner.commands.records.changing import How, change
from planner.commands.records.texts import read_booking


@command
def book(
    subject: options.Subject,
    visit: options.Visit,
    on: Annotated[str, typer.Option("--on", metavar="DATE[THH:MM]", help="The day, and the local time if known.", show_default=False)],
    minutes: Annotated[
        int | None, typer.Option("--minutes", metavar="N", help="How long it takes.", min=1, max=1440, show_default=False)
    ] = None,
    resource: Annotated[
        str | None, typer.Option("--resource", metavar="NAME", help="The machine, chair or room.", show_default=False)
    ] = None,
    place: Annotated[str | None, typer.Option("--place", metavar="TEXT", help="Where to come to.", show_default=False)] = None,
    reason: options.Reason = None,
    note: options.Note = None,
    seen: options.Seen = None,
    dry_run: options.DryRun = False,
    account: options.Account = None,
) -> None:
    """Book a visit, or book it anew: it no longer moves by itself."""
    from planner.records.changes.acts import visit_booked

    how = How(reason, note, seen, dry_run, account)
    booking = read_booking("--on", on)
    at = "" if booking.at is None else f"{booking.at:%H:%M}"
    words = ((resource or "").strip(), (place or "").strip())
    change(subject, how, lambda _: visit_booked(visit, booking.day, at, minutes, *words, **how.why))


@command
def release(
    subject: options.Subject,
    visit: options.Visit,
    reason: options.Reason = None,
    note: options.Note = None,
    seen: options.Seen = None,
    dry_run: options.DryRun = False,
    account: options.Account = None,
) -> None:
    """Give a visit's booking back: it moves again with the visits before it."""
    from planner.records.changes.acts import booking_released

    how = How(reason, note, seen, dry_run, account)
    change(subject, how, lambda _: booking_released(visit, **how.why))
