"""Everybody's schedules, kept from one question to the next: many people look at the same log, and it seldom changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date
from functools import partial

from sqlalchemy import Connection

from planner.records.caller import Caller
from planner.records.feeds.log_end import LogEnd, log_end
from planner.records.fold.fact_columns import FactTable
from planner.records.fold.fact_table import read_fact_table
from planner.records.lists.schedule_size import octets_of
from planner.records.lists.site_schedules import SiteSchedule, schedules_from
from planner.records.lists.worked_out_once import WorkedOutOnce
from planner.records.paused_collection import paused_collection
from planner.records.people.rights import Action, permitted_sites

MOST_OF_NOW = 64
"""How many are kept of the present moment at most, one for each choice of sites that somebody may read."""
OCTETS_OF_NOW = 128 * 2**20
"""How large the arrays of these may be together: two answers for 10,000 subjects; the one asked for last is kept however large it is."""
MOST_OF_OTHER_DAYS = 8
"""How many are kept of days that somebody asked for; apart, so that looking about in the calendar costs nobody the present."""
OCTETS_OF_OTHER_DAYS = 64 * 2**20
_SECONDS_OF_A_QUARTER = 900


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked: the same answer for everybody who asks the same."""

    end: LogEnd
    sites: frozenset[str] | None
    moment: date | int
    """The day, or else the quarter of an hour that it is now."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """An answer, and how large its arrays are."""

    found: tuple[SiteSchedule, ...]
    octets: int


class _Shelf:
    """Answers that make room for one another."""

    def __init__(self, most: int, octets: int) -> None:
        self._most, self._octets = most, octets
        self.answers: dict[_Asked, Future[_Kept]] = {}
        """Those that are kept or being worked out; what was asked for last stands last."""
        self.once = WorkedOutOnce(self.answers)

    def let_go_of_older(self, end: LogEnd, quarter: int) -> None:
        """What is of another end of the log, or of an earlier quarter of an hour, is never asked for again."""

        def is_past(asked: _Asked) -> bool:
            return asked.end != end or (isinstance(asked.moment, int) and asked.moment < quarter)

        self.once.let_go(lambda answers: filter(is_past, answers))

    def make_room(self) -> None:
        """Let go of what was asked for longest ago, beyond what the shelf holds."""
        self.once.let_go(self._too_many)

    def _too_many(self, answers: Mapping[_Asked, Future[_Kept]]) -> Iterator[_Asked]:
        octets = 0
        for place, asked in enumerate(list(answers)[::-1]):
            octets += answers[asked].result().octets if answers[asked].done() else 0
            if place and (place >= self._most or octets > self._octets):
                yield asked


class KeptSchedules:
    """Answers as ``schedules`` does. Rights are asked for at each call; safe to share among threads."""

    def __init__(self) -> None:
        """Keep nothing yet."""
        self._now = _Shelf(MOST_OF_NOW, OCTETS_OF_NOW)
        self._other_days = _Shelf(MOST_OF_OTHER_DAYS, OCTETS_OF_OTHER_DAYS)
        self._tables: WorkedOutOnce[LogEnd, FactTable] = WorkedOutOnce({})

    def of(self, connection: Connection, caller: Caller, as_of: date | None = None) -> tuple[SiteSchedule, ...]:
        """The schedules of all subjects that ``caller`` may read, as of a day or else of today at each site.

        Who asks what another thread is working out waits for it, and gets the same answer or error; nobody else waits. Raises
        NotAllowedError where the caller may read nothing.
        """
        permitted = permitted_sites(connection, caller, Action.READ)
        # Time zones are a whole number of quarters of an hour apart, so no day begins anywhere within one.
        quarter = int(caller.now.timestamp() // _SECONDS_OF_A_QUARTER)
        shelf = self._now if as_of is None else self._other_days
        asked = _Asked(log_end(connection), permitted, quarter if as_of is None else as_of)
        for each in (self._now, self._other_days):
            each.let_go_of_older(asked.end, quarter)
        kept = shelf.once.of(asked, partial(self._worked_out, asked.end, connection, caller, as_of))
        shelf.make_room()
        return kept.found

    def _worked_out(self, end: LogEnd, connection: Connection, caller: Caller, as_of: date | None) -> _Kept:
        with paused_collection():
            found = schedules_from(self._table(end, connection), connection, caller, as_of)
        return _Kept(found, octets_of(found))

    def _table(self, end: LogEnd, connection: Connection) -> FactTable:
        """The facts of all subjects, read once for all answers: each of them holds it, so that many hold it no more than once."""
        self._tables.let_go(lambda ends: [other for other in ends if other != end])
        return self._tables.of(end, partial(read_fact_table, connection))
