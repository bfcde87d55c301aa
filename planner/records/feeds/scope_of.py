"""What a feed may hold now: what it is of, as far as its person may still read it."""

from __future__ import annotations

from planner.records.facts.fact import SubjectKey
from planner.records.feeds.feed import Feed
from planner.records.people.rights import Action, NotAllowedError, allowed_sites
from planner.records.people.settings import Settings
from planner.records.revisions.scope import Scope


def scope_of(settings: Settings, feed: Feed) -> Scope | None:
    """The scope of a feed for the person it was made for; None where that person may read nothing of it, any more or yet."""
    try:
        permitted = allowed_sites(settings, feed.person, Action.READ)
    except NotAllowedError:
        return None
    first, _, second = feed.of.partition("/")
    match feed.kind:
        case "subject":
            return Scope(sites=permitted, subjects=frozenset({SubjectKey(first, second)}), conditional=feed.conditional)
        case "study":
            return Scope(sites=permitted, studies=frozenset({first}), conditional=feed.conditional)
        case "site" | "resource":
            if permitted is not None and first not in permitted:
                return None
            resource = second if feed.kind == "resource" else None
            return Scope(sites=frozenset({first}), resource=resource, conditional=feed.conditional)
