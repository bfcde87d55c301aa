"""The ids of visits, series and companions, and how many members each may have, before any date is looked at."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from planner.protocol.declarations import check_name, refuse_shared_names
from planner.protocol.errors import did_you_mean, quoted
from planner.protocol.faults import STAND_IN, Faults
from planner.protocol.file_shape import ProtocolShape, RepeatShape, VisitEntry
from planner.protocol.grammar import RESERVED, VISIT_ID, GrammarError, is_count, parse_steps
from planner.protocol.located_yaml import Path
from planner.protocol.model import MOST_SLOTS, Activity, Parameter
from planner.protocol.names import NUMBER_MARK, Names, Outline, number_in
from planner.protocol.said import said


def names_of(
    shape: ProtocolShape,
    parameters: Mapping[str, Parameter],
    decisions: Mapping[str, tuple[str, ...]],
    activities: Mapping[str, Activity],
    milestones: Mapping[str, str | None],
    faults: Faults,
) -> Names:
    """All names of the file; reports ids that are malformed or used twice, and more visits than the planner holds."""
    counted = [_counted(index, entry, parameters, faults) for index, entry in enumerate(shape.visits)]
    numbered = _number_on(counted, faults)
    singles: dict[str, Outline] = {}
    series: dict[str, Outline] = {}
    companions = []
    paths: tuple[dict[str, Path], dict[str, Path]] = {}, {}
    for outline in numbered:
        if outline.entry.like:
            companions.append(outline)
        elif outline.is_series:
            _take(outline, outline.series_name, said("series"), series, paths[1], faults)
        else:
            _take(outline, outline.id, said("visit"), singles, paths[0], faults)
    refuse_shared_names(
        ((said("milestone"), {name: ("milestones", name) for name in milestones}), (said("visit"), paths[0]), (said("series"), paths[1])),
        faults,
    )
    broken = frozenset(shape.parameters) - frozenset(parameters)
    doses = {activity.id: activity.dose for activity in activities.values()}
    names = Names(parameters, broken, milestones, decisions, doses, tuple(numbered), singles, series, tuple(companions))
    outlines = tuple(_with_companion_numbers(outline, names) for outline in numbered)
    names = replace(names, outlines=outlines, companions=tuple(outline for outline in outlines if outline.entry.like))
    _refuse_shared_members(names, faults)
    return names


def _take(outline: Outline, name: str, what: str, taken: dict[str, Outline], paths: dict[str, Path], faults: Faults) -> None:
    path: Path = ("visits", outline.index, "series" if outline.entry.series and what == "series" else "id")
    if name in taken:
        line = faults.line(("visits", taken[name].index))
        hint = (
            said("one series is one entry (`first:` and `then:` tell its members apart)")
            if what == "series"
            else said("give each visit its own id")
        )
        faults.add(
            path,
            "duplicate-id",
            said("{name} is already the {what} of line {line}; {hint}", name=quoted(name), what=what, line=line, hint=hint),
        )
    else:
        taken[name], paths[name] = outline, path


def _counted(index: int, entry: VisitEntry, parameters: Mapping[str, Parameter], faults: Faults) -> Outline:
    path: Path = ("visits", index)
    _check_id(entry, path, faults)
    if entry.series is not None:
        check_name((*path, "series"), entry.series, said("series"), faults)
        if entry.repeat is None:
            message = said("`series` names a visit that repeats; add `repeat:`, or remove `series`")
            faults.add_at_key((*path, "series"), "misplaced-key", message)
    if entry.like and entry.repeat is not None:
        message = said("a companion (`like`) follows the visits it accompanies and cannot repeat by itself; remove `repeat`")
        faults.add_at_key((*path, "repeat"), "misplaced-key", message)
    if entry.repeat is None:
        for key in ("first", "then"):
            if getattr(entry, key) is not None:
                faults.add_at_key(
                    (*path, key),
                    "misplaced-key",
                    said("`{key}` tells members of a series apart; add `repeat:`, or remove `{key}`", key=key),
                )
        return Outline(index, entry)
    least, most = (min(count, MOST_SLOTS + 1) for count in _member_counts(entry.repeat, parameters))
    start = 1 if entry.repeat.from_number is None else entry.repeat.from_number
    return Outline(index, entry, start, start, least, most, entry.repeat.after)


def _check_id(entry: VisitEntry, path: Path, faults: Faults) -> None:
    has_mark = NUMBER_MARK in entry.id
    if VISIT_ID.fullmatch(entry.id) is None or len(entry.id) > 60 or entry.id in RESERVED:
        faults.add(
            (*path, "id"),
            "bad-name",
            said("{entry} cannot be an id; use letters, digits, _ and -, a letter first, and {{n}} for a number", entry=quoted(entry.id)),
        )
    elif entry.id.count(NUMBER_MARK) > 1:
        faults.add((*path, "id"), "number-mark", said("{entry} holds {{n}} more than once; write it once", entry=quoted(entry.id)))
    elif has_mark and entry.repeat is None and not entry.like and not faults.touches(path):
        faults.add(
            (*path, "id"),
            "number-mark",
            said("{entry} holds {{n}}, but does not repeat; add `repeat:` or `like:`, or remove {{n}}", entry=quoted(entry.id)),
        )
    elif not has_mark and (entry.repeat is not None or entry.like):
        why = said("repeats") if entry.repeat is not None else said("accompanies others")
        faults.add(
            (*path, "id"),
            "number-mark",
            said("{entry} {why}, so its members need numbers; write {{n}} in its id", entry=quoted(entry.id), why=why),
        )


def _member_counts(repeat: RepeatShape, parameters: Mapping[str, Parameter]) -> tuple[int, int]:
    """Fewest and most members; 1 and 1 where that cannot be told (which ``repeats`` reports)."""
    if repeat.times is not None:
        if is_count(repeat.times):
            return int(repeat.times), int(repeat.times)
        parameter = parameters.get(repeat.times)
        if parameter is not None and parameter.values and all(is_count(value) for value in parameter.values):
            counts = [int(value) for value in parameter.values]
            return min(counts), max(counts)
    elif repeat.until is not None and repeat.at_most is not None:
        return 0, repeat.at_most
    elif repeat.every is not None:
        return _step_counts(repeat)
    return 1, 1


def _step_counts(repeat: RepeatShape) -> tuple[int, int]:
    least = most = 0
    for step in repeat.every or []:
        try:
            count = parse_steps(step.get("steps", [""])[0])[0]
        except (GrammarError, IndexError):
            continue
        most += count
        least += count if len(step) == 1 else 0
    return least, most


def _number_on(outlines: list[Outline], faults: Faults) -> list[Outline]:
    """The outlines with the start numbers of those that say ``after: SERIES``."""
    by_name = {outline.series_name: outline for outline in outlines if outline.is_series}
    done: list[Outline] = []
    for outline in outlines:
        before = by_name.get(outline.follows or "")
        path: Path = ("visits", outline.index, "repeat", "after")
        if outline.follows is None:
            done.append(outline)
        elif before is None:
            hint = did_you_mean(outline.follows, by_name, said("series"))
            faults.add(path, "unknown-series", said("{follows} is no series; {hint}", follows=quoted(outline.follows), hint=hint))
            done.append(replace(outline, follows=None))
        elif before.follows is not None or before.entry.repeat is None or before.entry.repeat.times is None:
            why = (
                said("itself numbers on from another")
                if before.follows is not None
                else said("has no `times`, so its last number is not known")
            )
            message = said(
                "{follows} {why}; number on from a series with `times`, or begin with `from:`", follows=quoted(outline.follows), why=why
            )
            faults.add(path, "bad-repeat", message)
            done.append(replace(outline, follows=None))
        else:
            start = before.lowest_start
            done.append(replace(outline, lowest_start=start + before.least, highest_start=start + before.most))
    return done


def _with_companion_numbers(outline: Outline, names: Names) -> Outline:
    """A companion's numbers are those of the visits it accompanies, as the pattern in its ``at:`` reads them."""
    if not outline.entry.like:
        return outline
    pattern = re.search(r"[^\s,\[]*\{n\}[^\s,\]]*", outline.entry.at or "")
    numbers: set[int] = set()
    count = 0
    for accompanied in names.accompanied_by(outline):
        number = number_in(pattern[0], accompanied.id) if pattern is not None else None
        numbers.update(accompanied.numbers if accompanied.is_series else () if number is None else (number,))
        count += accompanied.most
    span = range(min(numbers), max(numbers) + 1) if numbers else range(0)
    return replace(outline, least=0, most=count, accompanied_numbers=span)


def _refuse_shared_members(names: Names, faults: Faults) -> None:
    """Report members of two entries with one id (unless one series numbers on from the other), and too many visits."""
    total = names.most_slots
    if total > MOST_SLOTS:
        faults.add_at_key(
            ("visits",),
            "too-many",
            said(
                "up to {total} visits for one subject; the planner holds {most_slots}; lower the counts of series",
                total=total,
                most_slots=MOST_SLOTS,
            ),
        )
        return
    taken: dict[str, Outline] = {}
    for outline in names.outlines:
        for number in outline.numbers if NUMBER_MARK in outline.id else range(1):
            visit = outline.id.replace(NUMBER_MARK, str(number))
            other = taken.setdefault(visit, outline)
            if other is outline or STAND_IN in visit or _number_on_each_other(outline, other, names) or _already_reported(outline, other):
                continue
            line = faults.line(("visits", other.index))
            message = said(
                "{visit} would also be a visit of line {line} ({other}); change an id or the numbers",
                visit=quoted(visit),
                line=line,
                other=quoted(other.id),
            )
            faults.add(("visits", outline.index, "id"), "duplicate-id", message)
            break


def _already_reported(outline: Outline, other: Outline) -> bool:
    if outline.entry.like or other.entry.like or outline.is_series != other.is_series:
        return False
    return (outline.series_name if outline.is_series else outline.id) == (other.series_name if other.is_series else other.id)


def _number_on_each_other(outline: Outline, other: Outline, names: Names) -> bool:
    """Whether a series of one numbers on from a series of the other, so that no subject has both members of one number."""
    return _reaches(outline, other, names) or _reaches(other, outline, names)


def _reaches(outline: Outline, other: Outline, names: Names) -> bool:
    targets = {found.series_name for found in (names.accompanied_by(other) if other.entry.like else [other])}
    sources = names.accompanied_by(outline) if outline.entry.like else [outline]
    for source in sources:
        current: Outline | None = source
        seen: set[str] = set()
        while current is not None and current.follows is not None and current.follows not in seen:
            seen.add(current.follows)
            current = names.series.get(current.follows)
        if seen & targets:
            return True
    return False
