"""What kinds of deviations there are, and the keys by which they are named for good (docs/records.md, The deviation ledger)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class DeviationKind(StrEnum):
    """What is proposed as a deviation."""

    OUT_OF_WINDOW = "out_of_window"
    """A visit took place before or after its window."""
    MISSED = "missed"
    """A visit is recorded as missed; one that a hold skips is not, nor is a reminder."""
    INTERVAL = "interval"
    """An interval that the protocol watches is broken by dates that are final."""
    FRACTIONS = "fractions"
    """The gap between two fractions, or from the first to the last, is too long (R7)."""
    ORDER = "order"
    """Something was done before what must come first: a procedure before consent."""
    AGE = "age"
    """The age is out of range, whatever the birthday."""
    DOSE_IN_HOLD = "dose_in_hold"
    """A dose was given on a day of a hold of its stream."""
    OUTSIDE_PLAN = "outside_plan"
    """A visit took place that is not part of the subject's plan (R10)."""


OF_VISITS = (DeviationKind.OUT_OF_WINDOW, DeviationKind.MISSED, DeviationKind.DOSE_IN_HOLD, DeviationKind.OUTSIDE_PLAN)
"""Kinds whose keys are ``kind:visit``; all others come from a check, with keys ``check:id`` or ``check:id:visit...``."""
OF_CHECKS = "check"


@dataclass(frozen=True, slots=True)
class DeviationKey:
    """A key taken apart: ``of`` is a kind of ``OF_VISITS`` or ``check``, ``names`` what follows."""

    of: str
    names: tuple[str, ...]

    @property
    def visit(self) -> str:
        """The visit it is about: the last one named; "" for a check that names none."""
        if self.of == OF_CHECKS:
            return self.names[-1] if len(self.names) > 1 else ""
        return self.names[0]


def visit_key(kind: DeviationKind, visit: str) -> str:
    """The key of a deviation of one visit: ``out_of_window:C3D1``."""
    return f"{kind.value}:{visit}"


def check_key(check: str, *visits: str) -> str:
    """The key of a broken check: ``check:pd1-gap:C3D1:C4D1``, with the visits that make it one of several of that check."""
    return ":".join((OF_CHECKS, check, *visits))


def unscheduled_name(day: date) -> str:
    """How keys name an unscheduled dose: ``unscheduled-2026-03-01``."""
    return f"unscheduled-{day}"


def read_key(text: str) -> DeviationKey | None:
    """The key taken apart; None if this is none."""
    of, *names = text.split(":")
    known = of == OF_CHECKS or of in [kind.value for kind in OF_VISITS]
    return DeviationKey(of, tuple(names)) if known and names and all(names) else None
