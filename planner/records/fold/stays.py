"""Enrolments, and where each subject has been since: the start, the protocol, the site and the calendar that count."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from planner.records.facts.kinds import Kind
from planner.records.fold.distinct import distinct_pairs
from planner.records.fold.fact_columns import KIND_CODES, Codes, FactTable
from planner.records.fold.folded import UnfitFact
from planner.records.fold.in_force import Indexes, StandingFacts
from planner.records.pinned.pinned import Pinned
from planner.schedule.calendar import CalendarError, SiteCalendar
from planner.schedule.calendar_transfer import after_transfer
from planner.schedule.days import Days, day_date

Stay = tuple[str, str, int]
"""A site, the hash of its calendar, and the first day there (not looked at for the first stay)."""


@dataclass(frozen=True, eq=False)
class Enrolments:
    """The rows of a fact table with an enrolment in force; arrays have one entry per such row."""

    row: Indexes
    fact: Indexes
    """The enrolment, into the standing facts."""
    start: Days
    protocol: Codes
    """The word that is the hash of the protocol's text."""
    site: Codes
    """The word that is the code of the site where the subject now is."""


def enrolments_of(standing: StandingFacts) -> Enrolments:
    """Who is enrolled, and what of start, protocol and site counts."""
    facts = standing.facts
    index = standing.counting(Kind.ENROLLED)
    index = index[np.argsort(facts.row[index], kind="stable")]
    row = facts.row[index]
    place = np.full(len(facts.subjects), -1, dtype=np.int32)
    place[row] = np.arange(len(row), dtype=np.int32)
    start, protocol, site = facts.day[index].copy(), facts.value[index].copy(), facts.item[index].copy()
    for kind, present, said in (
        (Kind.START_MOVED, start, facts.day),
        (Kind.PROTOCOL_AMENDED, protocol, facts.value),
        (Kind.SITE_TRANSFERRED, site, facts.item),
    ):
        # Facts of a row stand by their origin, so that of several transfers the last is written last.
        later = standing.counting(kind)
        later = later[place[facts.row[later]] >= 0]
        present[place[facts.row[later]]] = said[later]
    return Enrolments(row.astype(np.intp), index, start, protocol, site)


@dataclass(frozen=True, eq=False)
class SiteCalendars:
    """The subjects' calendars, transfers included; equal histories share one object, within a fold and between folds."""

    calendars: tuple[SiteCalendar, ...]
    hashes: tuple[str, ...]
    """For each calendar, the hash of the site's where its subjects now are."""
    calendar: NDArray[np.intp]
    """For each enrolment, the index into ``calendars``."""
    unfit: tuple[UnfitFact, ...]


def site_calendars(standing: StandingFacts, enrolments: Enrolments, pinned: Pinned) -> SiteCalendars:
    """The calendar of each enrolled subject: the one at enrolment, then each refresh and transfer in the order of the log.

    A transfer or refresh whose calendar does not reach far enough does not fit: the calendar stays what it was.
    Raises UnknownContentError.
    """
    return _CalendarFold(standing, enrolments, pinned).folded()


class _CalendarFold:
    """All subjects go through their histories together, one fact of each at a time; only distinct histories are looked at."""

    def __init__(self, standing: StandingFacts, enrolments: Enrolments, pinned: Pinned) -> None:
        self.facts = standing.facts
        self.standing = standing
        self.enrolments = enrolments
        self.pinned = pinned
        self.histories: list[tuple[Stay, ...]] = []
        self.numbers: dict[tuple[Stay, ...], int] = {}
        self.made: dict[tuple[Stay, ...], SiteCalendar] = {}
        self.unfit: list[UnfitFact] = []

    def folded(self) -> SiteCalendars:
        facts, enrolled = self.facts, self.enrolments.fact
        pairs, which = distinct_pairs(facts.item[enrolled], facts.details[enrolled])
        first = [self._number(((facts.words[site], _calendar_in(facts, details), 0),)) for site, details in pairs]
        history = np.array(first, dtype=np.intp)[which]
        for place, fact in self._rounds():
            self._apply(history, place, fact)
        used, place = np.unique(history, return_inverse=True)
        stays = [self.histories[number] for number in used.tolist()]
        # Histories at other sites may lead to the same days: those subjects share one object.
        made = {(id(self._calendar(each)), each[-1][1]): (self._calendar(each), each[-1][1]) for each in stays}
        numbers = {key: number for number, key in enumerate(made)}
        shared = np.array([numbers[id(self._calendar(each)), each[-1][1]] for each in stays], dtype=np.intp)
        calendars, hashes = zip(*made.values(), strict=True) if made else ((), ())
        return SiteCalendars(calendars, hashes, shared[place], tuple(self.unfit))

    def _rounds(self) -> list[tuple[Indexes, Indexes]]:
        """The first transfer or refresh of each subject, then the second, and so on: enrolments and facts by index."""
        facts = self.facts
        index = np.r_[self.standing.counting(Kind.SITE_TRANSFERRED), self.standing.counting(Kind.CALENDAR_REFRESHED)]
        enrolment = np.full(len(facts.subjects), -1, dtype=np.intp)
        enrolment[self.enrolments.row] = np.arange(len(self.enrolments.row))
        index = index[enrolment[facts.row[index]] >= 0]
        index = index[np.lexsort((self.standing.origin[index], facts.row[index]))]
        rank = rank_in_runs(facts.row[index])
        return [(enrolment[facts.row[index[rank == turn]]], index[rank == turn]) for turn in range(int(rank.max(initial=-1)) + 1)]

    def _apply(self, history: NDArray[np.intp], place: Indexes, fact: Indexes) -> None:
        """Take one fact of each of several subjects into their histories."""
        same_fact = self._distinct_facts(fact)
        pairs, which = distinct_pairs(history[place], same_fact)
        after = np.zeros(len(pairs), dtype=np.intp)
        why: dict[int, str] = {}
        for number, (before, example) in enumerate(pairs):
            try:
                after[number] = self._number(self._next(self.histories[before], int(fact[example])))
            except CalendarError as error:
                after[number], why[number] = before, str(error)
        history[place] = after[which]
        for bad in why:
            for index in fact[which == bad].tolist():
                row = int(self.facts.row[index])
                self.unfit.append(UnfitFact(row, self.facts.subjects[row], int(self.facts.number[index]), why[bad]))

    def _distinct_facts(self, fact: Indexes) -> NDArray[np.intp]:
        """For each fact the place, among these, of the first that says the same."""
        said = np.stack([getattr(self.facts, name)[fact] for name in ("kind", "item", "day", "value", "details")])
        _, first, which = np.unique(said, axis=1, return_index=True, return_inverse=True)
        return first[which.reshape(-1)]

    def _next(self, stays: tuple[Stay, ...], fact: int) -> tuple[Stay, ...]:
        """A history with one fact more; raises CalendarError if no calendar can be made of it."""
        facts = self.facts
        site = facts.words[facts.item[fact]]
        if facts.kind[fact] == KIND_CODES[Kind.SITE_TRANSFERRED]:
            later = (*stays, (site, _calendar_in(facts, int(facts.details[fact])), int(facts.day[fact])))
        else:
            there = next((place for place in reversed(range(len(stays))) if stays[place][0] == site), None)
            if there is None:
                return stays
            later = (*stays[:there], (site, facts.words[facts.value[fact]], stays[there][2]), *stays[there + 1 :])
        self._calendar(later)
        return later

    def _number(self, stays: tuple[Stay, ...]) -> int:
        if stays not in self.numbers:
            self.numbers[stays] = len(self.histories)
            self.histories.append(stays)
        return self.numbers[stays]

    def _calendar(self, stays: tuple[Stay, ...]) -> SiteCalendar:
        if stays not in self.made:
            *earlier, (_, name, day) = stays
            own = self.pinned.calendar(name)
            self.made[stays] = _transferred(self._calendar(tuple(earlier)), own, day) if earlier else own
        return self.made[stays]


def _calendar_in(facts: FactTable, details: int) -> str:
    """The calendar that the details of an enrolment or a transfer name."""
    return str(facts.details_of(details).get("calendar", ""))


@lru_cache(maxsize=256)
def _transferred(before: SiteCalendar, after: SiteCalendar, day: int) -> SiteCalendar:
    """One object for the same two calendars and day, so that subjects, and the engine's caches, share it."""
    return after_transfer(before, after, day_date(day))


def rank_in_runs(keys: NDArray[np.integer]) -> NDArray[np.intp]:
    """For each entry its place, from 0, in its run of equal neighbours."""
    if not len(keys):
        return np.zeros(0, dtype=np.intp)
    starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]])
    return np.arange(len(keys)) - np.repeat(starts, np.diff(np.r_[starts, len(keys)]))
