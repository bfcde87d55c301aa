"""One event from outside beside the visit that it is of: the same, moved, merely an old copy, or something for a person to look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from planner.exchange.ics_event import event_minutes
from planner.exchange.outside.earlier_times import EarlierTimes
from planner.exchange.outside.event_times import LONGEST_MINUTES
from planner.exchange.outside.findings import Finding, FindingKind
from planner.exchange.outside.outside_event import OutsideEvent
from planner.exchange.outside.shown_time import ShownTime, shown_time
from planner.exchange.outside.times_in_words import revision_in_words, time_in_words, visit_in_words
from planner.exchange.time_zones import zone_info
from planner.protocol.said import said
from planner.records.revisions.visit_revisions import VisitRevision

_OFF = {"cancelled": said("is cancelled"), "missed": said("is recorded as missed"), "on_hold": said("is on hold")}


def finding_of(event: OutsideEvent, revision: VisitRevision, earlier: EarlierTimes) -> Finding:
    """What an event with the UID of a visit says of it."""
    place = _place(event, revision.zone)
    verdict = _Comparison(event, revision, place, earlier).verdict()
    text = said("{visit} {verdict}", visit=visit_in_words(revision), verdict=verdict.text) if verdict.text else ""
    return Finding(
        verdict.kind, event.uid, revision, event, event.line, place.day, place.at, verdict.minutes, text, returns=verdict.returns
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an event is by the clock of the visit's site."""

    day: date
    at: time | None
    cannot_be_booked: str = ""
    """Why no booking can say this time."""


@dataclass(frozen=True, slots=True)
class _Verdict:
    kind: FindingKind
    text: str = ""
    """Without the visit's name."""
    minutes: int | None = None
    returns: bool = False


def _place(event: OutsideEvent, zone: str) -> _Place:
    if not isinstance(event.start, datetime):
        return _Place(event.start, None)
    local = event.start.astimezone(zone_info(zone)).replace(tzinfo=None, fold=0)
    if datetime.combine(local.date(), local.time(), zone_info(zone)).astimezone(UTC) != event.start:
        return _Place(local.date(), local.time(), said("is in the hour that the clock shows twice, the second time"))
    if local.second:
        return _Place(local.date(), local.time(), said("is no whole minute at the site"))
    return _Place(local.date(), local.time())


class _Comparison:
    """An event, and the visit as calendars of ours show it."""

    def __init__(self, event: OutsideEvent, revision: VisitRevision, place: _Place, earlier: EarlierTimes) -> None:
        self.event, self.revision, self.place, self.earlier = event, revision, place, earlier
        self.ours = shown_time(revision.row, revision.zone)
        self.here = revision_in_words(revision)
        self.there = time_in_words(place.day, place.at, event.minutes)

    def verdict(self) -> _Verdict:
        """What the event comes to."""
        if self.revision.is_off or self.event.status == "CANCELLED":
            return self._called_off()
        if self.revision.row.kind == "reminder" or self.revision.row.status == "done":
            return self._settled()
        is_as_long = self.event.minutes in (None, event_minutes(self.revision.row))
        if self._begins_alike and is_as_long:
            return _Verdict("same")
        if self.place.cannot_be_booked:
            return _Verdict(
                "unreadable",
                said(
                    "is on {there} there, which {cannot_be_booked}; book it here by hand.",
                    there=self.there,
                    cannot_be_booked=self.place.cannot_be_booked,
                ),
            )
        return self._moved(None if is_as_long else self.event.minutes)

    @property
    def _begins_alike(self) -> bool:
        return self.ours is not None and (self.event.start == self.ours.start or self._is_our_whole_day)

    @property
    def _is_our_whole_day(self) -> bool:
        """Whether the event is a day without a time, and ours is booked from midnight to midnight of that day: both are written alike."""
        row = self.revision.row
        is_whole = row.booked_at == time() and row.minutes == LONGEST_MINUTES
        return self.event.all_day and is_whole and self.event.start == row.effective

    def _called_off(self) -> _Verdict:
        """A visit that is off here, there or on both sides: told, but never written."""
        if self.revision.is_off and self.event.status == "CANCELLED":
            return _Verdict("same")
        if self.revision.is_off:
            return _Verdict("settled", said("{off} here, and is on {there} there.", off=_OFF[self.revision.row.status], there=self.there))
        if self.event.sequence < self.revision.sequence:
            return _Verdict("older", said("is cancelled there, by a copy that is older than what is known here: {here}.", here=self.here))
        return _Verdict(
            "cancelled", said("is cancelled there, and is on {here} here; release or miss it here if that is so.", here=self.here)
        )

    def _settled(self) -> _Verdict:
        """A visit that is not booked, or not any more: only its day is looked at, since it is shown without a time."""
        if self.place.day == self.revision.row.effective:
            return _Verdict("same")
        if self._had_before:
            return self._older()
        what = said("is a reminder, which is never booked") if self.revision.row.kind == "reminder" else said("is done")
        return _Verdict("settled", said("{what}: it is on {here} here, and on {there} there.", what=what, here=self.here, there=self.there))

    def _moved(self, minutes: int | None) -> _Verdict:
        """Another time: somebody moved it there, or we moved it here and the copy is from before that."""
        is_older = self.event.sequence < self.revision.sequence
        if not self._had_before:
            unseen = said(", in a copy from before the date here last changed") if is_older else ""
            return _Verdict(
                "moved", said("is moved from {here} to {there}{unseen}.", here=self.here, there=self.there, unseen=unseen), minutes
            )
        changed = self.event.changed_at
        if is_older or changed is None or changed <= self.revision.at:
            return self._older()
        back = said(
            "is moved from {here} back to {there}, where it was before; make sure that this is meant.", here=self.here, there=self.there
        )
        return _Verdict("moved", back, minutes, returns=True)

    @property
    def _had_before(self) -> bool:
        """Whether calendars of ours once showed the visit at the event's time."""
        known = self.earlier.of(self.revision)
        if self._begins_alike:
            return ShownTime(self.event.start, self.event.minutes) in known.times
        return self.event.start in known.starts

    def _older(self) -> _Verdict:
        return _Verdict(
            "older",
            said("is on {there} there, as it once was here; that copy is old, and it stays on {here}.", there=self.there, here=self.here),
        )
