"""What to do about one event, from four sides: what the feed says, what was last put, what is listed there, and what was read there.

Nothing here asks the server or the database.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from planner.exchange.calendar_server.address import place
from planner.exchange.calendar_server.collection import StoredObject
from planner.exchange.calendar_server.compared import Aspect, SeenEvent, differences, seen_event, time_of
from planner.records.traces.pushed import PushedObject

StepKind = Literal["unchanged", "create", "change", "delete", "forget", "edited", "gone"]

_WORDS: dict[Aspect, str] = {"title": "its title", "status": "its status", "details": "its details"}


@dataclass(frozen=True, slots=True)
class WantedEvent:
    """An event of the feed."""

    uid: str
    body: str
    name: str
    """The visit, as messages name it."""
    zone: str
    """The IANA zone of its site."""
    is_off: bool
    """Whether the visit is off, so that nobody misses it."""


@dataclass(frozen=True, slots=True)
class Sides:
    """What is known of one UID."""

    uid: str
    wanted: WantedEvent | None
    put: PushedObject | None
    on_the_way: PushedObject | None
    """What a run that was cut off may have put there."""
    listed: StoredObject | None

    @property
    def is_to_be_read(self) -> bool:
        """Whether what stands on the server may be other than what was last put there."""
        if self.listed is None:
            return False
        return self.put is None or self.put.etag != self.listed.etag or place(self.put.href) != place(self.listed.path)


@dataclass(frozen=True, slots=True)
class Step:
    """What to do about one event."""

    kind: StepKind
    etag: str = ""
    """Of the object that is meant to stand there now."""
    stands: str = ""
    """What is to be noted as standing there, by that ETag: it is ours, merely stored in other words, or put by a run that was cut off."""
    text: str = ""
    """Of ``edited`` and ``gone``: what is otherwise there."""


def step_of(sides: Sides, read: StoredObject | None, *, overwrite: bool) -> Step:
    """The step for one UID; ``read`` is the object as it stands there, where it was to be read and is still there.

    ``overwrite``: somebody has said that what is there now does not count.
    """
    if sides.listed is None:
        return _of_absent(sides, overwrite=overwrite)
    if not sides.is_to_be_read:
        assert sides.put is not None, "what was never put is read"
        return _of_ours(sides.wanted, sides.put.body, Step("unchanged", sides.put.etag))
    if read is None:
        return Step("gone", text="it was deleted there a moment ago")
    return _of_read(sides, read, overwrite=overwrite)


def _of_absent(sides: Sides, *, overwrite: bool) -> Step:
    if sides.wanted is None:
        return Step("forget")
    if sides.put is None or overwrite:
        return Step("create")
    if sides.wanted.is_off:
        return Step("unchanged")
    return Step("gone", text="it was deleted there")


def _of_ours(wanted: WantedEvent | None, stands: str, step: Step) -> Step:
    """The step where ``stands`` is what the server holds, and it is ours."""
    if wanted is None:
        return replace(step, kind="delete")
    return step if stands == wanted.body else replace(step, kind="change")


def _of_read(sides: Sides, read: StoredObject, *, overwrite: bool) -> Step:
    wanted, put = sides.wanted, sides.put
    zone = wanted.zone if wanted is not None else "UTC"
    there = seen_event(read.data, sides.uid, zone)
    for ours in (put, sides.on_the_way):
        if ours is not None and _are_alike(there, seen_event(ours.body, sides.uid, zone)):
            return _of_ours(wanted, ours.body, Step("unchanged", read.etag, ours.body))
    was_put = None if put is None else seen_event(put.body, sides.uid, zone)
    is_wanted = None if wanted is None else seen_event(wanted.body, sides.uid, zone)
    if wanted is not None and there is not None and is_wanted is not None and _are_alike(there, is_wanted):
        # The same in another copy: somebody changed it there, and the log has followed. The server gets our copy.
        return Step("unchanged", read.etag, wanted.body) if there.sequence == is_wanted.sequence else Step("change", read.etag)
    if overwrite or _have_followed(there, was_put, is_wanted):
        return Step("delete" if wanted is None else "change", read.etag)
    return Step("edited", text=_what_differs(there, was_put or is_wanted, zone))


def _are_alike(one: SeenEvent | None, other: SeenEvent | None) -> bool:
    return one is not None and other is not None and not differences(one, other)


def _have_followed(there: SeenEvent | None, was_put: SeenEvent | None, wanted: SeenEvent | None) -> bool:
    """Whether all that somebody changed there is in the log by now: the event was moved, and the visit booked at that time."""
    if there is None or was_put is None or wanted is None:
        return False
    changed = [aspect for aspect in differences(there, was_put) if aspect != "details"]
    return bool(changed) and not set(changed) & set(differences(there, wanted))


def _what_differs(there: SeenEvent | None, ours: SeenEvent | None, zone: str) -> str:
    """What somebody changed; of texts only that they are others, since what somebody typed may tell who a subject is."""
    if there is None or ours is None:
        return "what stands there cannot be read as one event of this visit"
    found = differences(there, ours)
    parts = [f"its time (there {time_of(there, zone)}, put as {time_of(ours, zone)})"] if "time" in found else []
    parts += [_WORDS[aspect] for aspect in found if aspect != "time"]
    return f"changed there: {', '.join(parts)}"
