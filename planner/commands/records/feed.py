"""``feed make``, ``feed list``, ``feed rotate`` and ``feed revoke``: calendars that somebody subscribes to."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated, cast

import typer

from planner.commands.failures import CallWrong, command
from planner.commands.output import tell
from planner.commands.records import options
from planner.commands.records.desk import caller, existing_records
from planner.commands.records.listing import Cell, Listing, show

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from planner.exchange.feed import FeedPart
    from planner.records.caller import Caller
    from planner.records.feeds.feed import Feed, SummaryPart
    from planner.records.feeds.granting import IssuedFeed
    from planner.records.people.settings import Settings

COLUMNS = ("code", "person", "purpose", "kind", "of", "events", "octets", "parts", "last_used")

Code = Annotated[str, typer.Argument(metavar="CODE", help="The feed's code, such as F3, which `feed list` shows.", show_default=False)]
Url = Annotated[
    str | None,
    typer.Option(
        "--url",
        metavar="BASE",
        help="Where the planner is reached: https://planner.example.org (PLANNER_PUBLIC_URL, else http://127.0.0.1:8501, if not given).",
        show_default=False,
    ),
]


@command
def make(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="subject, site, resource or study.", show_default=False)],
    of: Annotated[str, typer.Argument(metavar="OF", help="STUDY/NUMBER, SITE, SITE/RESOURCE or STUDY.", show_default=False)],
    purpose: Annotated[str, typer.Option("--purpose", metavar="WORD", help="What it is for: phone, outlook.", show_default=False)],
    person: Annotated[
        str | None, typer.Option("--for", metavar="ACCOUNT", help="Whose feed it is (your own if not given).", show_default=False)
    ] = None,
    windows: Annotated[bool, typer.Option("--windows", help="An event for each visit's window, instead of for the visit.")] = False,
    show_parts: Annotated[
        str, typer.Option("--show", metavar="PARTS", help="What titles are made of; none for a plain word.")
    ] = "study,subject,visit",
    language: Annotated[str, typer.Option("--lang", metavar="LANGUAGE", help="en or zh-CN.")] = "en",
    conditional: Annotated[bool, typer.Option("--conditional", help="Visits that hang on an open decision too.")] = False,
    back: Annotated[int, typer.Option("--back", metavar="DAYS", help="How many days back it reaches.")] = 60,
    ahead: Annotated[int, typer.Option("--ahead", metavar="DAYS", help="How many days ahead it reaches.")] = 400,
    url: Url = None,
    account: options.Account = None,
) -> None:
    """Make a feed and show its address, once."""
    from planner.exchange.install_key import install_key
    from planner.records.feeds.feed import Feed, FeedKind
    from planner.records.feeds.granting import make_feed

    who, base, key = caller(account), _base(url), install_key()
    wanted = Feed(
        code="",
        person=person or who.who,
        purpose=purpose,
        kind=cast(FeedKind, kind),
        of=of,
        token_hash="",
        event="window" if windows else "visit",
        summary=_parts_shown(show_parts),
        language=language,
        conditional=conditional,
        days_back=back,
        days_ahead=ahead,
    )
    with existing_records() as database, database.writing() as connection:
        issued = make_feed(connection, who, wanted)
        files = _files(connection, issued.feed, who, key)
    _tell_issued(issued, files, base)


@command
def list_(format_: options.Format = None, account: options.Account = None) -> None:
    """List the feeds that you may see: your own, and as an administrator all."""
    from planner.exchange.install_key import install_key
    from planner.records.feeds.granting import feeds_of
    from planner.records.people.settings import read_settings
    from planner.records.traces.feed_uses import last_uses

    who, key = caller(account), install_key()
    rows: list[list[Cell]] = []
    with existing_records() as database, database.reading() as connection:
        settings, uses = read_settings(connection), last_uses(connection)
        for feed in feeds_of(settings, who):
            files = _files_of(connection, settings, feed, who, key)
            size = sum(file.events for file in files), sum(len(file.body) for file in files)
            rows.append([feed.code, feed.person, feed.purpose, feed.kind, feed.of, *size, len(files), uses.get(feed.code)])
    show(Listing(COLUMNS, rows, "There is no feed yet. Make one: feed make KIND OF --purpose WORD"), format_)


@command
def rotate(code: Code, url: Url = None, account: options.Account = None) -> None:
    """Give a feed a new address and show it, once; the old one is worth nothing from then on."""
    from planner.exchange.install_key import install_key
    from planner.records.feeds.granting import rotate_feed

    who, base, key = caller(account), _base(url), install_key()
    with existing_records() as database, database.writing() as connection:
        issued = rotate_feed(connection, who, code)
        files = _files(connection, issued.feed, who, key)
    _tell_issued(issued, files, base)


@command
def revoke(code: Code, account: options.Account = None) -> None:
    """End a feed for good: its address is not found from then on."""
    from planner.records.feeds.granting import revoke_feed

    who = caller(account)
    with existing_records() as database, database.writing() as connection:
        feed = revoke_feed(connection, who, code)
    tell(f"{feed.code} of {feed.person} for {feed.purpose} is revoked: its address is not found any more.")


def _base(url: str | None) -> str:
    from planner.exchange.feed_address import DEFAULT_BASE, ENVIRONMENT_VARIABLE, FeedAddressError, checked_base

    set_before = os.environ.get(ENVIRONMENT_VARIABLE, "").strip()
    try:
        return checked_base(url or set_before or DEFAULT_BASE)
    except FeedAddressError as error:
        raise CallWrong([f"{'--url' if url else ENVIRONMENT_VARIABLE}: {error}"]) from None


def _parts_shown(text: str) -> tuple[SummaryPart, ...]:
    from planner.records.feeds.feed import SUMMARY_PARTS

    words = [word.strip() for word in text.split(",")]
    if words == ["none"]:
        return ()
    if unknown := [word for word in words if word not in SUMMARY_PARTS]:
        raise CallWrong([f"--show: titles have no {unknown[0][:24]!r}; give some of {', '.join(SUMMARY_PARTS)}, or none"])
    return tuple(part for part in SUMMARY_PARTS if part in words)


def _files(connection: Connection, feed: Feed, who: Caller, key: bytes) -> tuple[FeedPart, ...]:
    """The files of a feed that was made or rotated in the same transaction."""
    from planner.records.people.settings import read_settings

    return _files_of(connection, read_settings(connection), feed, who, key)


def _files_of(connection: Connection, settings: Settings, feed: Feed, who: Caller, key: bytes) -> tuple[FeedPart, ...]:
    from planner.exchange.feed import feed_parts

    return feed_parts(connection, settings, feed, who.now, key)


def _tell_issued(issued: IssuedFeed, files: tuple[FeedPart, ...], base: str) -> None:
    """The only place that shows a token."""
    from planner.exchange.feed_address import feed_address

    feed = issued.feed
    events = sum(file.events for file in files)
    tell(f"{feed.code}: {feed.kind} {feed.of} for {feed.person}, {feed.purpose}. It holds {events} event{'' if events == 1 else 's'} now.")
    for part in range(1, max(len(files), 1) + 1):
        address = feed_address(base, issued.token, part)
        if len(files) > 1:
            tell(f"Part {part} of {len(files)}, a calendar of its own:")
        tell(f"  {address.web}")
        tell(f"  {address.webcal}")
    tell("These addresses are shown only now. Whoever has them can read the feed: keep them like a password; `feed rotate` makes new ones.")
