"""Visit revisions as events: each in its site's time zone, with the texts of its protocol version."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from planner.exchange.ics import CALENDAR_END, calendar_head
from planner.exchange.ics_event import EventWriter, Revision
from planner.exchange.ics_settings import DEFAULT_HOST, CalendarSettings, texts_to_bring, texts_to_prepare
from planner.exchange.uids import event_uid
from planner.exchange.vtimezone import vtimezone
from planner.records.feeds.feed import SUMMARY_PARTS, EventKind, SummaryPart
from planner.records.revisions.visit_revisions import VisitRevision

_LOCAL = "\r\nDTSTART;TZID="
"""In an event this can only be its start: the line ends of texts are escaped."""


@dataclass(frozen=True, slots=True)
class EventForm:
    """How the events of one calendar are written."""

    install_key: bytes
    event: EventKind = "visit"
    summary: tuple[SummaryPart, ...] = SUMMARY_PARTS
    language: str = "en"
    host: str = DEFAULT_HOST


@dataclass(frozen=True, slots=True)
class RevisionEvent:
    """An event as it stands in a file, and the visit revision that it is of."""

    text: str
    """The VEVENT, CRLF line ends."""
    revision: VisitRevision

    @property
    def day(self) -> date:
        """The first day of the event."""
        row = self.revision.row
        day = row.effective or row.earliest
        assert day is not None, "a visit without a date is no event"
        return day


def study_code(revision: VisitRevision) -> str:
    """The study's code as titles and UIDs have it."""
    return revision.protocol.id.upper()


def visit_uid(revision: VisitRevision, form: EventForm) -> str:
    """The UID of a visit's event."""
    return event_uid(form.install_key, study_code(revision), revision.subject.number, revision.row.visit, form.event, form.host)


def revision_events(revisions: Iterable[VisitRevision], form: EventForm) -> list[RevisionEvent]:
    """The events of these visits, in their order. Raises UnknownZoneError."""
    writers: dict[tuple[int, str], EventWriter] = {}
    found = []
    for revision in revisions:
        key = (id(revision.protocol), revision.zone)
        writer = writers.get(key)
        if writer is None:
            writer = writers[key] = EventWriter(_settings(revision, form))
        text = writer.event(revision.row, Revision(revision.sequence, revision.at))
        if text is not None:
            found.append(RevisionEvent(text, revision))
    return found


def time_zones(events: Sequence[RevisionEvent]) -> str:
    """The VTIMEZONE components that these events need, by name."""
    return "".join(vtimezone(zone) for zone in sorted({event.revision.zone for event in events if _LOCAL in event.text}))


def calendar_file(events: Sequence[RevisionEvent], name: str | None = None, more: str = "") -> bytes:
    """A calendar file of these events, in their order; ``more``: whole components to stand behind them."""
    return "".join([calendar_head(name), time_zones(events), *(event.text for event in events), more, CALENDAR_END]).encode("utf-8")


def _settings(revision: VisitRevision, form: EventForm) -> CalendarSettings:
    # What to bring tells what the visit is for, so it goes where titles do not name the visit.
    named = "visit" in form.summary
    return CalendarSettings(
        study=study_code(revision),
        zone=revision.zone,
        as_of=revision.at.date(),
        install_key=form.install_key,
        host=form.host,
        language=form.language,
        events=form.event,
        summary=form.summary,
        bring=texts_to_bring(revision.protocol, form.language) if named else {},
        prepare=texts_to_prepare(revision.protocol, form.language) if named else {},
    )
