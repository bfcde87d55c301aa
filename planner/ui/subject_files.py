"""What can be taken along of one subject: the printed calendar, the calendar file and the table, made when they are asked for."""

from __future__ import annotations

from planner.exchange.feed import feed_events
from planner.exchange.prints.day_names import PrintLanguage
from planner.exchange.prints.render import render_patient
from planner.exchange.prints.subject_print import subject_print
from planner.exchange.revision_events import calendar_file
from planner.exchange.schedule_csv import schedule_csv, with_byte_order_mark
from planner.records.changes.view import subject_view
from planner.records.facts.fact import SubjectKey
from planner.records.feeds.feed import Feed
from planner.records.people.readable import read_subject
from planner.records.people.settings import read_settings
from planner.records.traces.prints import note_print
from planner.ui.desk import Desk

_MOST_DAYS = 3_660


def printed(at: Desk, subject: SubjectKey, language: PrintLanguage) -> bytes:
    """The subject's calendar of today as PDF; it is noted as printed, so that the next one says what changed since."""
    with at.reading() as connection:
        found = subject_print(connection, at.caller, str(subject), language)
    rendered = render_patient(found.data, found.moment)
    with at.writing() as connection:
        note_print(connection, found.subject, found.revision, language, at.caller)
    return rendered.pdf


def calendar_of(at: Desk, subject: SubjectKey, language: str, install_key: bytes) -> bytes:
    """The subject's visits as an iCalendar file: the events, UIDs and sequence numbers are those of the feeds."""
    feed = Feed(
        code="",
        person=at.caller.who,
        purpose="",
        kind="subject",
        of=str(subject),
        token_hash="",
        language=language,
        days_back=_MOST_DAYS,
        days_ahead=_MOST_DAYS,
    )
    with at.reading() as connection:
        # Asked first: a feed of what may not be read is empty, and an empty file would look like a subject without visits.
        read_subject(connection, at.caller, subject)
        events = feed_events(connection, read_settings(connection), feed, at.caller.now, install_key) or []
    return calendar_file(events)


def table_of(at: Desk, subject: SubjectKey) -> bytes:
    """The subject's visits on the calendar as CSV, as of today, for a spreadsheet program."""
    with at.reading() as connection:
        view = subject_view(connection, at.caller, subject)
    rows = [row for row in view.rows if row.is_on_calendar]
    return "".join(with_byte_order_mark(schedule_csv(rows))).encode("utf-8")
