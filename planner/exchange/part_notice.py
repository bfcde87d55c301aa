"""The event on the last day of a feed's part that tells whoever looks at it that there is another part."""

from __future__ import annotations

from datetime import date, datetime

from planner.exchange.ics_event import Revision, all_day_event
from planner.exchange.ics_words import event_words
from planner.exchange.revision_events import EventForm
from planner.exchange.uids import event_uid
from planner.records.feeds.feed import Feed


def part_notice(feed: Feed, form: EventForm, part: int, day: date, at: datetime) -> str:
    """The VEVENT that says on ``day`` that the calendar goes on in part ``part``; stamped with the newest fact before it."""
    uid = event_uid(form.install_key, feed.code, str(part), day.isoformat(), form.event, form.host)
    return all_day_event(uid, Revision(0, at), day, event_words(feed.language).goes_on.format(part=part))
