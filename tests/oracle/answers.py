"""What the parts of the oracle tell each other, and the memory that makes each of them answer once for each visit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

from planner.protocol.model import DRUG_FREE_DOSES, Term
from planner.schedule.facts import Hold
from tests.oracle.slots import Slot

if TYPE_CHECKING:
    from tests.oracle.schedule import Schedule

Answer = TypeVar("Answer")
_NOT_ASKED, _BEING_ASKED = object(), object()


class CircleError(Exception):
    """A visit's answer hangs on itself: the protocol is none that the reader would accept."""


def once(question: Callable[[Any, Slot], Answer]) -> Callable[[Any, Slot], Answer]:
    """Remember the answer for each slot; asked again while still being answered, it is a circle."""
    name = question.__name__

    @wraps(question)
    def ask(self: Schedule, slot: Slot) -> Answer:
        answers = self.answers[name]
        answer = answers.get(slot.order, _NOT_ASKED)
        if answer is _BEING_ASKED:
            raise CircleError(f"{name} of {slot.id} hangs on itself")
        if answer is _NOT_ASKED:
            answers[slot.order] = _BEING_ASKED
            try:
                answer = question(self, slot)
            except BaseException:
                del answers[slot.order]
                raise
            answers[slot.order] = answer
        return answer

    return ask


@dataclass(frozen=True)
class Found:
    """What a reference gives: a day and the visit that gives it (None: a milestone or an unscheduled dose), or why there is none."""

    day: date | None
    slot: Slot | None = None
    milestone_missing: bool = False
    milestone: str | None = None
    """The milestone that the reference itself names, if that is what is missing."""
    last_of: tuple[str, ...] = ()
    """The doses of ``any(...).last``: another of them may still come."""


NO_MEMBER = Found(None)


@dataclass(frozen=True)
class Nominal:
    """The nominal date with the term that gives it."""

    day: date | None
    term: Term | None = None
    found: Found = NO_MEMBER


@dataclass(frozen=True)
class Placed:
    """The planned date (R5, R6), with the visit it rides on and the flag it earned."""

    day: date | None
    rides_on: Slot | None = None
    flag: str | None = None


@dataclass(frozen=True)
class OpenPlan:
    """Where a visit stands as long as it is not done: planned date after holds, and the holds it lies in (R12)."""

    placed: Placed
    bounds: tuple[date, ...]
    held_by: tuple[Hold, ...] = ()
    booked_in_hold: bool = False
    skipped: bool = False


def in_hold(hold: Hold, day: date) -> bool:
    """Whether ``day`` lies in [first day, resume)."""
    return hold.first_day <= day and (hold.resume is None or day < hold.resume)


def reaches(stream: str | None, dose: str) -> bool:
    """Whether a hold or stop of ``stream`` (None: all drugs) touches ``dose``."""
    return dose not in DRUG_FREE_DOSES if stream is None else dose == stream
