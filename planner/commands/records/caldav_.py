"""``caldav push`` and ``caldav pull``: a calendar on a server, kept equal to a feed, and what a clinic moved in it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from planner.commands.failures import InputWrong, command, say
from planner.commands.output import tell
from planner.commands.records import options
from planner.commands.records.changing import How
from planner.commands.records.desk import caller, existing_records
from planner.commands.records.outside_changes import Yes, carry_over, consent_of

if TYPE_CHECKING:
    from planner.exchange.calendar_server.push import PushReport
    from planner.exchange.calendar_server.server import CalendarServer

_COUNTED = ("created", "changed", "deleted", "adopted", "edited there", "unchanged", "refused")

Feed = Annotated[str, typer.Argument(metavar="FEED", help="The feed's code, such as F1 (`feed list` shows it).", show_default=False)]
Url = Annotated[
    str,
    typer.Argument(
        metavar="URL",
        help="The address of the calendar, or of the place for calendars, on the server. The account comes from PLANNER_CALDAV_USER and "
        "PLANNER_CALDAV_PASSWORD.",
        show_default=False,
    ),
]
Timeout = Annotated[
    int, typer.Option("--timeout", metavar="SECONDS", help="Give up after so long; what was done is kept.", min=1, max=86_400)
]


@command
def push(
    feed: Feed,
    url: Url,
    create: Annotated[bool, typer.Option("--create", help="Make the calendar if it is not there.")] = False,
    overwrite: Annotated[
        list[str] | None,
        typer.Option(
            "--overwrite",
            metavar="VISIT",
            help="Put this event again, whatever was changed there: STUDY/NUMBER VISIT, or the UID. Repeatable.",
            show_default=False,
        ),
    ] = None,
    overwrite_all: Annotated[bool, typer.Option("--overwrite-all", help="The same for all events that were changed there.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be sent, and send nothing.")] = False,
    timeout: Timeout = 600,
    account: options.Account = None,
) -> None:
    """Make a calendar on a CalDAV server equal to a feed; what somebody changed there is reported, not overwritten."""
    from planner.exchange.calendar_server.push import PushOrder
    from planner.exchange.calendar_server.push import push as push_feed
    from planner.exchange.install_key import install_key

    who = caller(account)
    names = frozenset(name.strip() for name in overwrite or ())
    order = PushOrder(feed, create=create, only_look=dry_run, overwrite=names, overwrite_all=overwrite_all)
    with existing_records() as database, _server(url, timeout) as server:
        report = push_feed(database, who, order, server, install_key())
    _tell_report(report, dry_run=dry_run)


@command
def pull(
    feed: Feed,
    url: Url,
    yes: Yes = False,
    reason: options.Reason = None,
    note: options.Note = None,
    dry_run: options.DryRun = False,
    timeout: Timeout = 600,
    account: options.Account = None,
) -> None:
    """Propose to book the visits that somebody moved in a calendar that `caldav push` keeps, and book them once confirmed."""
    from planner.exchange.calendar_server.changed_there import findings_there, look_there
    from planner.exchange.install_key import install_key

    consent = consent_of(yes=yes, dry_run=dry_run)
    who = caller(account)
    key = install_key()
    with existing_records() as database:
        with _server(url, timeout) as server:
            looked = look_there(database, who, feed, server)
        if not looked.changed.read and not looked.changed.gone:
            tell(f"Nothing was changed in the calendar of {looked.feed.code} since it was last pushed.")
            return
        source = f"The calendar of {looked.feed.code}"
        how = How(reason, note, None, dry_run, account)
        carry_over(database, who, source, lambda connection: findings_there(connection, who, looked, key), how, consent)


@contextmanager
def _server(url: str, timeout: int) -> Iterator[CalendarServer]:
    """The line to the server of an address, closed again at the end. Raises CalendarAddressError."""
    from planner.exchange.calendar_server.address import credentials, server_address
    from planner.exchange.calendar_server.bounded_session import Deadline
    from planner.exchange.calendar_server.server import CalendarServer

    server = CalendarServer(server_address(url), credentials(os.environ), Deadline(timeout))
    try:
        yield server
    finally:
        server.close()


def _tell_report(report: PushReport, *, dry_run: bool) -> None:
    """The summary on standard output, all else on standard error. Raises InputWrong where something was not done."""
    for sent in report.sent if dry_run else ():
        tell(f"Would {sent}")
    for edit in report.edits:
        say(edit)
    if report.edits:
        say(
            "Left as it is there. `caldav pull` proposes what was moved; --overwrite 'STUDY/NUMBER VISIT' puts an event again as it is "
            "here, --overwrite-all every one."
        )
    counts = ", ".join(f"{report.counts[what]} {what}" for what in _COUNTED if what != "refused" or report.counts[what])
    tell(f"{counts}.{' Nothing was sent (--dry-run).' if dry_run else ''}")
    if problems := [*report.refusals, *([report.failure] if report.failure else [])]:
        raise InputWrong(problems)
