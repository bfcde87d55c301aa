"""Sending what differs to a calendar on a server, each event noted as soon as it is there; or, for a dry run, doing nothing of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from planner.exchange.calendar_server.collection import Collection, Opened, make_collection
from planner.records.store.database import Database
from planner.records.traces.pushed import PushedObject, PushTarget, clear_pushed, forget_pushed, hand_over, note_pushed

_PUT = (200, 201, 204)
_DELETED = (200, 202, 204, 404, 410)


class Sender(Protocol):
    """What a run does to the server and to the notes of what stands there.

    Everything raises DatabaseError, and what asks the server CalendarServerError, where nothing more can be done.
    """

    def begin(self, opened: Opened, revoked: Sequence[PushTarget]) -> None:
        """Make the calendar if it is missing, and take over what feeds that are no more have left in it."""

    def note_before(self, standing: Sequence[PushedObject], forgotten: Sequence[str], leaving: Sequence[PushedObject]) -> None:
        """Note what stands there, which UIDs are gone from both sides, and what is about to be put there."""

    def put(self, event: PushedObject, etag: str, /) -> int:
        """Put an event at its place, where ``etag`` stands ("": nothing); the status with which it is refused, 0 where it is taken."""

    def delete(self, uid: str, path: str, etag: str, /) -> int:
        """Delete an event; the status with which that is refused, 0 where it is gone."""

    def note_after(self) -> None:
        """Note that nothing is on the way any more."""


class RealSender:
    """Sends and notes."""

    def __init__(self, database: Database, target: PushTarget, collection: Collection, on_the_way: Mapping[str, PushedObject]) -> None:
        """``on_the_way`` is what a run that was cut off may have put there."""
        self._database = database
        self._target = target
        self._collection = collection
        self._on_the_way = on_the_way

    def begin(self, opened: Opened, revoked: Sequence[PushTarget]) -> None:
        """See Sender."""
        if opened.is_missing:
            make_collection(opened.collection)
        if revoked:
            with self._database.writing() as connection:
                for old in revoked:
                    hand_over(connection, old, self._target)

    def note_before(self, standing: Sequence[PushedObject], forgotten: Sequence[str], leaving: Sequence[PushedObject]) -> None:
        """See Sender."""
        if standing or forgotten or leaving or self._on_the_way:
            with self._database.writing() as connection:
                note_pushed(connection, self._target, standing)
                forget_pushed(connection, self._target, forgotten)
                clear_pushed(connection, self._target.on_the_way)
                note_pushed(connection, self._target.on_the_way, leaving)

    def put(self, event: PushedObject, etag: str, /) -> int:
        """See Sender."""
        status, new = self._collection.put(event.href, event.body.encode("utf-8"), etag)
        if status not in _PUT:
            return status
        with self._database.writing() as connection:
            note_pushed(connection, self._target, [PushedObject(event.uid, event.href, new, event.body)])
        return 0

    def delete(self, uid: str, path: str, etag: str, /) -> int:
        """See Sender."""
        status = self._collection.delete(path, etag)
        if status not in _DELETED:
            return status
        with self._database.writing() as connection:
            forget_pushed(connection, self._target, [uid])
        return 0

    def note_after(self) -> None:
        """See Sender."""
        with self._database.writing() as connection:
            clear_pushed(connection, self._target.on_the_way)


class DrySender:
    """Sends and notes nothing, and is refused nothing."""

    def begin(self, opened: Opened, revoked: Sequence[PushTarget]) -> None:
        """Nothing."""

    def note_before(self, standing: Sequence[PushedObject], forgotten: Sequence[str], leaving: Sequence[PushedObject]) -> None:
        """Nothing."""

    def put(self, _event: PushedObject, _etag: str, /) -> int:
        """Taken."""
        return 0

    def delete(self, _uid: str, _path: str, _etag: str, /) -> int:
        """Gone."""
        return 0

    def note_after(self) -> None:
        """Nothing."""
