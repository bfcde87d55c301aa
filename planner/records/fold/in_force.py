"""Which facts are in force, and which of those count (docs/records.md, "What is in force"); nothing here knows a protocol."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from planner.records.facts.kinds import Kind
from planner.records.fold.fact_columns import KIND_CODES, KINDS, FactTable

Mask = NDArray[np.bool_]
Indexes = NDArray[np.intp]

_LATEST_OF_SUBJECT = (Kind.ENROLLED, Kind.START_MOVED, Kind.PROTOCOL_AMENDED, Kind.LEFT_STUDY)
_LATEST_OF_ITEM = (Kind.PARAMETER_SET, Kind.MILESTONE_SET, Kind.VISIT_MISSED, Kind.DECISION_MADE, Kind.DEVIATION_CLASSED)
_NEVER_COUNT = (Kind.RELEASED, Kind.UNDONE, Kind.NOTE)


def in_force(table: FactTable) -> Mask:
    """For each fact whether none replaces it but such as were taken back.

    A correction that was itself corrected still replaces its fact; only one that an `undone` takes back gives it free again.
    """
    replacing, replaced = _replacements(table)
    takes_back = table.kind[replacing] == KIND_CODES[Kind.UNDONE]
    # Where a replaced fact itself replaces one: the place among ``replacing``, else -1.
    among = _places(replacing.astype(np.int64), replaced.astype(np.int64))
    acts = np.ones(len(replacing), dtype=np.bool_)
    while True:
        found = np.ones_like(acts)
        found[among[acts & takes_back & (among >= 0)]] = False
        if (found == acts).all():
            break
        acts = found
    mask = np.ones(len(table), dtype=np.bool_)
    mask[replaced[acts]] = False
    return mask


def facts_in_force(table: FactTable) -> FactTable:
    """The facts in force, as they stand in ``table``: also notes, what is undone by itself, and facts that a later one outdates."""
    return table.taken(in_force(table))


@dataclass(frozen=True, eq=False)
class StandingFacts:
    """The facts in force, kind by kind (``of_kind``), those of a subject in the order of their numbers within a kind."""

    facts: FactTable
    """``refers`` of a hold, and of the end of one, is the number of the hold that its chain of corrections began with (0: unknown)."""
    counts: Mask
    """Whether a fact counts: not outdated by a later one (per item, where the contract says so), no released booking, no mere note."""
    origin: NDArray[np.int32]
    """The number of the fact that each one's chain of corrections began with, its own where it corrects none: a correction stands where
    the fact stood that it corrects, so that correcting an old booking does not outdate a newer one."""
    first: NDArray[np.intp]

    def of_kind(self, kind: Kind) -> slice:
        """Where the facts of a kind stand."""
        code = KIND_CODES[kind]
        return slice(int(self.first[code]), int(self.first[code + 1]))

    def counting(self, kind: Kind) -> Indexes:
        """The indexes of the facts of a kind that count."""
        part = self.of_kind(kind)
        return np.flatnonzero(self.counts[part]) + np.intp(part.start)


def standing_facts(table: FactTable) -> StandingFacts:
    """The facts in force of ``table``, sorted by kind, and which of them count."""
    standing = np.flatnonzero(in_force(table))
    origin = _origins(table)
    kinds = table.kind.astype(np.uint8)[standing]
    if (origin == table.number).all():
        by_kind = standing[np.argsort(kinds, kind="stable")]
    else:
        by_kind = standing[np.lexsort((origin[standing], table.row[standing], kinds))]
    facts = replace(table, refers=_with_chains(table, origin)).taken(by_kind)
    first = np.searchsorted(facts.kind, np.arange(len(KINDS) + 1))
    unjudged = StandingFacts(facts, np.ones(len(facts), dtype=np.bool_), origin[by_kind], first)
    return replace(unjudged, counts=_counts(unjudged))


def _keys(row: NDArray[np.int32], number: NDArray[np.int32]) -> NDArray[np.int64]:
    return row.astype(np.int64) << 32 | number.astype(np.int64)


def _places(known: NDArray[np.int64], wanted: NDArray[np.int64]) -> Indexes:
    """The index in ``known`` (any order, no repeats) of each wanted value, -1 where it is not there."""
    if not len(known):
        return np.full(len(wanted), -1, dtype=np.intp)
    order = np.argsort(known, kind="stable")
    place = order[np.minimum(np.searchsorted(known, wanted, sorter=order), len(known) - 1)]
    return np.where(known[place] == wanted, place, -1)


def _replacements(table: FactTable) -> tuple[Indexes, Indexes]:
    """The facts that replace an earlier one that is in the table, and those they replace."""
    replacing = np.flatnonzero((table.replaces > 0) & (table.replaces < table.number))
    concerned = np.zeros(len(table.subjects), dtype=np.bool_)
    concerned[table.row[replacing]] = True
    candidates = np.flatnonzero(concerned[table.row]) if len(replacing) else replacing
    places = _places(_keys(table.row[candidates], table.number[candidates]), _keys(table.row[replacing], table.replaces[replacing]))
    known = places >= 0
    return replacing[known], candidates[places[known]]


def _origins(table: FactTable) -> NDArray[np.int32]:
    """For each fact the number of the one that its chain of corrections began with; what takes back corrects nothing."""
    origin = table.number.copy()
    replacing, replaced = _replacements(table)
    corrects = table.kind[replacing] == table.kind[replaced]
    corrects &= table.kind[replacing] != KIND_CODES[Kind.UNDONE]
    replacing, replaced = replacing[corrects], replaced[corrects]
    while (origin[replacing] != origin[replaced]).any():
        origin[replacing] = origin[replaced]
    return origin


def _with_chains(table: FactTable, origin: NDArray[np.int32]) -> NDArray[np.int32]:
    """``refers``, where for holds and their ends it is the number of the hold that the chain of corrections began with."""
    refers = table.refers.copy()
    holds = np.flatnonzero(table.kind == KIND_CODES[Kind.HOLD_STARTED])
    ends = np.flatnonzero(table.kind == KIND_CODES[Kind.HOLD_ENDED])
    refers[holds] = origin[holds]
    ended = _places(_keys(table.row[holds], table.number[holds]), _keys(table.row[ends], table.refers[ends]))
    refers[ends] = np.where(ended >= 0, refers[holds][ended], 0) if len(holds) else 0
    return refers


def _counts(standing: StandingFacts) -> Mask:
    facts, origin = standing.facts, standing.origin
    counts = np.ones(len(facts), dtype=np.bool_)
    for kind in _LATEST_OF_SUBJECT:
        part = standing.of_kind(kind)
        counts[part] = _latest(facts.row[part].astype(np.int64), origin[part])
    for kind in _LATEST_OF_ITEM:
        part = standing.of_kind(kind)
        counts[part] = _latest(_keys(facts.row[part], facts.item[part]), origin[part])
    done = standing.of_kind(Kind.VISIT_DONE)
    # A visit with `redo` may be done several times: the newest day counts, on the same day the later fact.
    counts[done] = _latest(_keys(facts.row[done], facts.item[done]), origin[done], facts.day[done])
    ended = standing.of_kind(Kind.HOLD_ENDED)
    counts[ended] = _latest(_keys(facts.row[ended], facts.refers[ended]), origin[ended])
    booked, released = standing.of_kind(Kind.BOOKED), standing.of_kind(Kind.RELEASED)
    both = np.r_[booked, released]
    counts[both] = _latest(_keys(facts.row[both], facts.item[both]), origin[both])
    for kind in _NEVER_COUNT:
        counts[standing.of_kind(kind)] = False
    return counts


def _latest(keys: NDArray[np.int64], number: NDArray[np.int32], day: NDArray[np.int32] | None = None) -> Mask:
    """For each fact whether it is the one of its key with the greatest day (where given), then number."""
    latest = np.ones(len(keys), dtype=np.bool_)
    ordered = np.sort(keys)
    repeated = ordered[1:][ordered[1:] == ordered[:-1]]
    if not len(repeated):
        return latest
    several = np.flatnonzero(np.isin(keys, repeated))
    by = (number[several], keys[several]) if day is None else (number[several], day[several], keys[several])
    order = several[np.lexsort(by)]
    latest[order[:-1][keys[order[1:]] == keys[order[:-1]]]] = False
    return latest
