"""Making feeds, giving them new addresses, revoking them: facts of the administration log. A token is shown once and kept nowhere."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from planner.protocol.errors import nearest
from planner.protocol.said import said
from planner.records.caller import Caller
from planner.records.errors import RecordsError
from planner.records.facts.account import require_account
from planner.records.facts.fact import ADMINISTRATION, Act, Author, NewFact
from planner.records.facts.kinds import Kind
from planner.records.feeds.feed import EVENT_KINDS, FEED_KINDS, LANGUAGES, Feed
from planner.records.feeds.resources import resources_at
from planner.records.people.readable import open_subject, readable_subjects
from planner.records.people.rights import Action, NotAllowedError, allowed_role, allowed_sites
from planner.records.people.roles import EVERYWHERE, Role
from planner.records.people.settings import Settings, read_settings
from planner.records.store.append import append

TOKEN_OCTETS = 32
MOST_DAYS = 3_660
_PURPOSE = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?", re.ASCII)


class FeedError(RecordsError, ValueError):
    """A feed that cannot be made, or that there is not; the message says what would be right."""


@dataclass(frozen=True, slots=True)
class IssuedFeed:
    """A feed with its token, which is shown now and never again."""

    feed: Feed
    token: str = field(repr=False)


def make_feed(connection: Connection, caller: Caller, wanted: Feed) -> IssuedFeed:
    """Make the feed that ``wanted`` describes (its code and token hash are given here); ``connection`` is that of a ``writing()``.

    Everybody may have feeds of what they may read; for somebody else an administrator makes them. Raises FeedError, NotAllowedError,
    UnknownSubjectError and UnknownSiteError.
    """
    settings = read_settings(connection)
    role = _role(settings, caller, wanted.person)
    feed = replace(_checked(connection, settings, caller, wanted), code=f"F{settings.feeds_made + 1}")
    if taken := [other.code for other in settings.feeds.values() if (other.person, other.purpose) == (feed.person, feed.purpose)]:
        raise FeedError(
            said(
                "{person} has a feed for {purpose} already, {taken}. Rotate or revoke it, or name another purpose.",
                person=feed.person,
                purpose=feed.purpose,
                taken=taken[0],
            )
        )
    token = new_token()
    feed = replace(feed, token_hash=token_hash(token))
    _append(connection, settings, caller, role, NewFact(Kind.FEED_MADE, item=feed.code, value=feed.token_hash, details=feed.details))
    return IssuedFeed(feed, token)


def rotate_feed(connection: Connection, caller: Caller, code: str) -> IssuedFeed:
    """Give a feed a new token; the old one is worth nothing from now on. Raises FeedError and NotAllowedError."""
    settings = read_settings(connection)
    feed = own_feed(settings, caller, code)
    role = _role(settings, caller, feed.person)
    token = new_token()
    _append(connection, settings, caller, role, NewFact(Kind.FEED_ROTATED, item=feed.code, value=token_hash(token)))
    return IssuedFeed(replace(feed, token_hash=token_hash(token)), token)


def revoke_feed(connection: Connection, caller: Caller, code: str) -> Feed:
    """End a feed for good. Raises FeedError and NotAllowedError."""
    settings = read_settings(connection)
    feed = own_feed(settings, caller, code)
    _append(connection, settings, caller, _role(settings, caller, feed.person), NewFact(Kind.FEED_REVOKED, item=feed.code))
    return feed


def feeds_of(settings: Settings, caller: Caller) -> list[Feed]:
    """The feeds that a caller may see: an administrator all, everybody else their own."""
    return [feed for feed in settings.feeds.values() if feed.person == caller.who or _is_administrator(settings, caller)]


def own_feed(settings: Settings, caller: Caller, code: str) -> Feed:
    """A feed that the caller may see, by its code. Raises FeedError: the same sentence where there is none."""
    seen = {feed.code: feed for feed in feeds_of(settings, caller)}
    found = seen.get(code.strip().upper())
    if found is None:
        near = nearest(code.strip().upper(), seen)
        hint = (
            said("Did you mean {near}?", near=near)
            if near
            else said("`feed list` shows them.")
            if seen
            else said("There is none yet: `feed make` makes one.")
        )
        raise FeedError(said("There is no feed {code!r} that this account may see. {hint}", code=code[:24], hint=hint))
    return found


def new_token() -> str:
    """32 random octets, as text that can stand in an address."""
    return secrets.token_urlsafe(TOKEN_OCTETS)


def token_hash(token: str) -> str:
    """What is kept of a token: its SHA-256, hexadecimal."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _checked(connection: Connection, settings: Settings, caller: Caller, wanted: Feed) -> Feed:
    require_account(wanted.person)
    if _PURPOSE.fullmatch(wanted.purpose) is None:
        raise FeedError(said("A feed's purpose is a word of small letters, digits and -, such as outlook or phone; never a name."))
    for what, given, known in (
        ("kind", wanted.kind, FEED_KINDS),
        ("event", wanted.event, EVENT_KINDS),
        ("language", wanted.language, LANGUAGES),
    ):
        if given not in known:
            raise FeedError(said("A feed has no {what} {given!r}. Give one of {known}.", what=what, given=given[:24], known=tuple(known)))
    for days in (wanted.days_back, wanted.days_ahead):
        if not 0 <= days <= MOST_DAYS:
            raise FeedError(said("A feed reaches 0 to {most_days} days back and ahead, not {days}.", most_days=MOST_DAYS, days=days))
    reader = replace(caller, who=wanted.person)
    permitted = allowed_sites(settings, wanted.person, Action.READ)
    if wanted.kind == "subject":
        return replace(wanted, of=str(open_subject(connection, reader, wanted.of).key))
    if wanted.kind == "study":
        return replace(wanted, of=_study(connection, reader, wanted.of))
    site, mark, resource = wanted.of.partition("/")
    settings.at(permitted).site(site)
    if (wanted.kind == "resource") != bool(mark):
        raise FeedError(said("A feed of a resource is of SITE/RESOURCE, such as PEK/linac; one of a site is of its code alone."))
    if mark:
        _require_resource(resource, site, resources_at(connection, settings, reader, site))
    return wanted


def _require_resource(resource: str, site: str, known: Collection[str]) -> None:
    """Refuse a name that nothing at the site has: it would stay empty, and stand in the name of the calendar."""
    if resource not in known:
        near = nearest(resource, known)
        there = (
            said("Did you mean {near}?", near=near)
            if near
            else said("There is {known}.", known=tuple(sorted(known)))
            if known
            else said("It has none.")
        )
        raise FeedError(
            said(
                "No protocol, calendar or booking at {site} names a resource {resource!r}. {there}",
                site=site,
                resource=resource[:24],
                there=there,
            )
        )


def _study(connection: Connection, reader: Caller, study: str) -> str:
    """The study as the log has it; one none of whose subjects the reader may read is like one that there is not."""
    known = {key.study.lower(): key.study for key in readable_subjects(connection, reader)}
    if study.lower() not in known:
        near = nearest(study.lower(), known)
        hint = said("Did you mean {near}?", near=near) if near else said("`subject list` shows all studies.")
        raise FeedError(said("{who} may read no subject of a study {study!r}. {hint}", who=reader.who, study=study[:24], hint=hint))
    return known[study.lower()]


def _role(settings: Settings, caller: Caller, person: str) -> Role:
    """The role that allows the caller to see to a feed of this person. Raises NotAllowedError."""
    if person != caller.who:
        return allowed_role(settings, caller.who, Action.ADMINISTER, EVERYWHERE)
    sites = allowed_sites(settings, caller.who, Action.FEED)
    return allowed_role(settings, caller.who, Action.FEED, EVERYWHERE if sites is None else min(sites))


def _is_administrator(settings: Settings, caller: Caller) -> bool:
    try:
        allowed_role(settings, caller.who, Action.ADMINISTER, EVERYWHERE)
    except NotAllowedError:
        return False
    return True


def _append(connection: Connection, settings: Settings, caller: Caller, role: Role, fact: NewFact) -> None:
    append(connection, [Act(ADMINISTRATION, settings.revision, (fact,))], Author(caller.who, str(role)), caller.now)
