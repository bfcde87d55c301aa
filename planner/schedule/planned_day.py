"""The planned date (R5, R6): the nominal date moved to an open day, inside its window and not before its bounds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.protocol.model import Roll
from planner.schedule.day_tables import Lookup
from planner.schedule.days import Days
from planner.schedule.masks import Mask


@dataclass(slots=True, eq=False)
class PlannedDay:
    """Planned days, and where the window could not be kept (and whether it holds an open day at all)."""

    days: Days
    no_open_day_in_window: Mask = False
    constraint_breaks_window: Mask = False


def planned_day(nominal: Days, earliest: Days, latest: Days, bound: Days | None, roll: Roll, lookup: Lookup | None) -> PlannedDay:
    """The planned day for each subject; ``bound`` is the first allowed day, ``lookup`` None where every day is open.

    The first guess is one table access: right unless it leaves the window or the bound, and only those are looked at again.
    """
    if bound is not None and not (bound > nominal).any():
        bound = None if not (bound > earliest).any() else bound
    if lookup is None:
        return _on_any_day(nominal, latest, bound)
    if roll == "nearest":
        guess = lookup.closest(nominal)
    elif roll == "next":
        guess = lookup.on_or_after(nominal)
    else:
        guess = lookup.on_or_before(nominal)
    wrong = (guess > latest) | (guess < earliest)
    if bound is not None:
        wrong |= guess < bound
    if not wrong.any():
        return PlannedDay(guess)
    subjects = np.flatnonzero(wrong)
    some_bound = None if bound is None else bound[subjects]
    some = _weighed(nominal[subjects], earliest[subjects], latest[subjects], some_bound, roll, lookup.at(subjects))
    guess[subjects] = some.days
    result = PlannedDay(guess)
    if isinstance(some.no_open_day_in_window, np.ndarray) and some.no_open_day_in_window.any():
        result.no_open_day_in_window = np.zeros(len(guess), dtype=np.bool_)
        result.no_open_day_in_window[subjects] = some.no_open_day_in_window
    if isinstance(some.constraint_breaks_window, np.ndarray) and some.constraint_breaks_window.any():
        result.constraint_breaks_window = np.zeros(len(guess), dtype=np.bool_)
        result.constraint_breaks_window[subjects] = some.constraint_breaks_window
    return result


def _on_any_day(nominal: Days, latest: Days, bound: Days | None) -> PlannedDay:
    if bound is None:
        return PlannedDay(nominal)
    days = np.maximum(nominal, bound)
    late = days > latest
    return PlannedDay(days, False, late if late.any() else False)


def _weighed(nominal: Days, earliest: Days, latest: Days, bound: Days | None, roll: Roll, lookup: Lookup) -> PlannedDay:
    """The rule in full: the best open day of [max(earliest, bound), latest], else the first one after it."""
    lowest = earliest if bound is None else np.maximum(earliest, bound)
    after = lookup.on_or_after(nominal if bound is None else np.maximum(nominal, bound))
    before = lookup.on_or_before(nominal)
    before_fits = before >= lowest
    after_fits = after <= latest
    if roll == "nearest":
        better = (nominal - before) < (after - nominal)
    elif roll == "next":
        better = np.zeros(len(nominal), dtype=np.bool_)
    else:
        better = np.ones(len(nominal), dtype=np.bool_)
    days = np.where(before_fits & (better | ~after_fits), before, after)
    late = days > latest
    holds_open_day = lookup.on_or_after(earliest) <= latest
    return PlannedDay(days, late & ~holds_open_day, late & holds_open_day)
