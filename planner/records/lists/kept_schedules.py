"""Everybody's schedules, kept from one question to the next: many people look at the same log, and it seldom changes."""

from __future__ import annotations

from collections import OrderedDict
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import date
from threading import Lock

from sqlalchemy import Connection

from planner.records.caller import Caller
from planner.records.feeds.log_end import LogEnd, log_end
from planner.records.lists.site_schedules import SiteSchedule, schedules
from planner.records.paused_collection import paused_collection
from planner.records.people.rights import Action, permitted_sites

MOST_OF_NOW = 8
"""How many are kept of the present moment, one for each choice of sites that somebody may read; 10,000 subjects take some 100 MB."""
MOST_OF_OTHER_DAYS = 2
"""How many are kept of days that somebody asked for; apart, so that looking about in the calendar costs nobody the present."""
_SECONDS_OF_A_QUARTER = 900


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked: the same answer for everybody who asks the same."""

    end: LogEnd
    sites: frozenset[str] | None
    moment: date | int
    """The day, or else the quarter of an hour that it is now."""


@dataclass(frozen=True, slots=True)
class _Shelf:
    """The answers that are kept or being worked out; who was asked last stands last."""

    most: int
    answers: OrderedDict[_Asked, Future[tuple[SiteSchedule, ...]]] = field(default_factory=OrderedDict)


class KeptSchedules:
    """Answers as ``schedules`` does. Rights are asked for at each call; safe to share among threads."""

    def __init__(self) -> None:
        """Keep nothing yet."""
        self._lock = Lock()
        self._now = _Shelf(MOST_OF_NOW)
        self._other_days = _Shelf(MOST_OF_OTHER_DAYS)

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
        with self._lock:
            self._let_go_of_older(asked.end, quarter)
            answer = shelf.answers.get(asked)
            is_first = answer is None
            if answer is None:
                answer = shelf.answers[asked] = Future()
            shelf.answers.move_to_end(asked)
            while len(shelf.answers) > shelf.most:
                shelf.answers.popitem(last=False)
        if not is_first:
            return answer.result()
        try:
            with paused_collection():
                found = schedules(connection, caller, as_of)
        except BaseException as error:  # whatever it is, those who wait must not wait for ever
            with self._lock:
                if shelf.answers.get(asked) is answer:
                    del shelf.answers[asked]
            answer.set_exception(error)
            raise
        answer.set_result(found)
        return found

    def _let_go_of_older(self, end: LogEnd, quarter: int) -> None:
        """What is of another end of the log, or of an earlier quarter of an hour, is never asked for again."""
        for shelf in (self._now, self._other_days):
            for asked in list(shelf.answers):
                is_past = isinstance(asked.moment, int) and asked.moment < quarter
                if asked.end != end or is_past:
                    del shelf.answers[asked]
