"""The feeds that somebody could make of the demonstration."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from planner.exchange.event_objects import EventObject, event_objects
from planner.exchange.feed import FeedPart, feed_parts
from planner.records.feeds.feed import EventKind, Feed, FeedKind, SummaryPart
from planner.records.people.settings import read_settings
from planner.records.store.database import Database
from tests.clients.demo_subjects import KEY, NOW, DemoSubject

RESOURCES = ("infusion", "linac", "imaging")
MASKS: tuple[tuple[SummaryPart, ...], ...] = (("study", "subject", "visit"), ("study", "visit"), ("subject",), ())


def feed(kind: FeedKind, of: str, event: EventKind = "visit", language: str = "en", **more: object) -> Feed:
    """A feed of the demonstration, in which everybody may read everything."""
    return Feed("F1", "nurse", "phone", kind, of, "", event, language=language, **more)  # type: ignore[arg-type]


def demo_feeds(subjects: Sequence[DemoSubject], event: EventKind, language: str) -> Iterator[tuple[str, Feed]]:
    """A name and a feed for each subject, site, resource and study; titles masked in turn, with conditional visits in every other."""
    sites = sorted({subject.key.number.split("-")[0] for subject in subjects})
    wanted: list[tuple[FeedKind, str]] = [("subject", str(subject.key)) for subject in subjects]
    wanted += [("site", site) for site in sites]
    wanted += [("resource", f"{site}/{resource}") for site in sites for resource in RESOURCES]
    wanted += [("study", study) for study in sorted({subject.key.study for subject in subjects})]
    for number, (kind, of) in enumerate(wanted):
        mask = MASKS[number % len(MASKS)]
        yield f"{kind} {of}", feed(kind, of, event, language, summary=mask, conditional=number % 2 == 0)


def parts_of(database: Database, one: Feed) -> tuple[FeedPart, ...]:
    """The files of a feed on the day of the demonstration."""
    with database.reading() as connection:
        return feed_parts(connection, read_settings(connection), one, NOW, KEY)


def objects_of(database: Database, one: Feed) -> list[EventObject]:
    """The feed's events as a CalDAV server would keep them."""
    with database.reading() as connection:
        found = event_objects(connection, read_settings(connection), one, NOW, KEY)
    assert found is not None
    return found
