"""What a change makes worse: checks, windows, bookings; said before it is saved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

from planner.protocol.said import said
from planner.records.changes.moves import on_calendar
from planner.records.changes.proposal import ChangeWarning, WarningKind
from planner.records.fold.folded import UnfitFact
from planner.schedule.checks import Finding
from planner.schedule.closed_with import ClosedWith
from planner.schedule.rows import VisitRow

_SEVERITY = {"passed": 0, "not_evaluated": 0, "cannot_tell": 0, "warning": 1, "breach": 2}

_SENTENCES = {
    "no_open_day_in_window": "{visit} on {day} has no open day in its window.",
    "constraint_breaks_window": "{visit} on {day} cannot be inside its window without breaking a minimum gap.",
    "closed_day": "{visit} on {day} is on a closed day.",
    "expired": "{visit} on {day} was done too early and no longer counts.",
    "fraction_gap": "{visit} on {day} comes too late after the fraction before it.",
    "fraction_span": "{visit} on {day} makes the fractions take too long.",
    "outside_plan": "{visit} on {day} is done and no part of the plan.",
    "earlier_unrecorded": "{visit} on {day} is recorded while an earlier one of its series is not.",
    "missed_by_hold": "{visit} on {day} is missed, because the hold skips it.",
    "anchor_missed": "{visit} on {day} counts from a visit that is missed.",
}
"""Flags that are told when a change brings them about; others have sentences of their own."""

_STAYS = {
    "booked_in_hold": "{visit} stays booked on {day}, inside the hold.",
    "unconfirmed": "{visit} stays booked on {day}, which has passed, and nothing is recorded of it.",
}
"""Flags of a booking that was there before the change."""
_BOOKED = {
    "booked_in_hold": "{visit} is booked on {day}, inside the hold.",
    "unconfirmed": "{visit} is booked on {day}, which has passed. Did it take place? Then record it as done instead.",
}
"""The same of a booking that the change makes."""
_STAYS_OUTSIDE = "{visit} stays booked on {day}, now {side}."
_BOOKED_OUTSIDE = "{visit} is booked on {day}, {side}."

WhyClosed = Callable[[str, date], ClosedWith | None]
"""For a visit, by id, on a closed day: the other day that is closed, where it is not that day itself."""

HeldUntil = Callable[[str], date | None]
"""For a visit, by id: the resume day, where a hold and no minimum gap is what keeps it from its window."""


def warnings_between(
    before: Sequence[VisitRow],
    after: Sequence[VisitRow],
    findings_before: Iterable[Finding],
    findings_after: Iterable[Finding],
    why_closed: WhyClosed,
    held_until: HeldUntil,
) -> tuple[ChangeWarning, ...]:
    """Checks that get worse, visits that leave their window, lose a dose or cannot keep another rule, bookings that no longer fit."""
    return (*_checks(findings_before, findings_after), *_visits(before, after, why_closed, held_until), *_left_over(before, after))


def unfit_warnings(before: Iterable[UnfitFact], after: Iterable[UnfitFact]) -> tuple[ChangeWarning, ...]:
    """The facts that fit before and no longer do."""
    known = {unfit.number for unfit in before}
    return tuple(ChangeWarning("unfit", f"fact {unfit.number}", _unfit_sentence(unfit)) for unfit in after if unfit.number not in known)


def _unfit_sentence(unfit: UnfitFact) -> str:
    text = "Fact {number} no longer fits: {why}" if unfit.why.endswith("?") else "Fact {number} no longer fits: {why}."
    return said(text, number=unfit.number, why=unfit.why)


def _checks(before: Iterable[Finding], after: Iterable[Finding]) -> Iterator[ChangeWarning]:
    old = {(finding.check, finding.first, finding.second): finding for finding in before if finding.result != "not_evaluated"}
    for finding in after:
        known = old.get((finding.check, finding.first, finding.second))
        if _weight(finding) > (0, 0) and (known is None or _weight(finding) > _weight(known)):
            yield ChangeWarning("check", finding.check, _check_sentence(finding), known, finding)


def _weight(finding: Finding) -> tuple[int, int]:
    return _SEVERITY[finding.result], finding.over_by or 0


def _check_sentence(finding: Finding) -> str:
    values = {"check": finding.label, "what": _pair(finding), "limit": finding.limit}
    breach = finding.result == "breach"
    if finding.over_by is None:
        text = "{check} is not kept: {what} (limit: {limit})." if breach else "{check} would not be kept: {what} (limit: {limit})."
        return said(text, **values)
    text = "{check} would not be kept: {what} (limit: {limit}, {over} over)."
    if breach:
        text = "{check} is not kept: {what} (limit: {limit}, {over} over)."
    return said(text, **values, over=finding.over_by)


def _pair(finding: Finding) -> str:
    """Both dates of a check, and how far apart they are."""
    dated = ((finding.first, finding.first_day), (finding.second, finding.second_day))
    named = [said("{name} {day}", name=name, day=day) for name, day in dated if name]
    pair = said("{first} to {second}", first=named[0], second=named[1]) if len(named) > 1 else next(iter(named), "")
    return pair if finding.days is None else said("{pair} is {count} days", pair=pair, count=finding.days)


def _visits(before: Sequence[VisitRow], after: Sequence[VisitRow], why_closed: WhyClosed, held_until: HeldUntil) -> Iterator[ChangeWarning]:
    old = {row.visit: row for row in before}
    for row in after:
        if not on_calendar(row):
            continue
        known = old.get(row.visit)
        had = _codes(known) if known is not None and on_calendar(known) else {}
        left_out = [activity for activity in _omitted(row) if known is None or activity not in _omitted(known)]
        if left_out:
            yield ChangeWarning("visit", row.visit, _without(row, left_out))
        stays = known is not None and known.certainty == "booked" and known.effective == row.effective
        for code, value in _codes(row).items():
            if code == "outside_window" and _is_further_out(value, had.get(code)):
                yield _outside(row, int(value), _STAYS_OUTSIDE if stays else _BOOKED_OUTSIDE)
            elif code in _STAYS and not (code in had and stays):
                text = (_STAYS if stays else _BOOKED)[code]
                yield ChangeWarning("booking", row.visit, said(text, visit=row.visit, day=row.effective))
            elif code not in had and code in _SENTENCES:
                kind: WarningKind = "booking" if row.certainty == "booked" else "visit"
                plain = said(_SENTENCES[code], visit=row.visit, day=row.effective)
                yield ChangeWarning(kind, row.visit, _cause(code, row, why_closed, held_until) or plain)


def _cause(code: str, row: VisitRow, why_closed: WhyClosed, held_until: HeldUntil) -> str | None:
    """A sentence with the cause, where a flag may have several."""
    if code == "closed_day":
        return _closed_with(row, why_closed)
    resume = held_until(row.visit) if code == "constraint_breaks_window" else None
    if resume is None:
        return None
    text = "{visit} cannot be inside its window ({earliest} to {latest}), because treatment is held until {resume}."
    return said(text, visit=row.visit, earliest=row.earliest, latest=row.latest, resume=resume)


def _closed_with(row: VisitRow, why_closed: WhyClosed) -> str | None:
    """That a day which must be open with the visit's is closed; None where its own is."""
    also = None if row.effective is None else why_closed(row.visit, row.effective)
    if also is None:
        return None
    text = "{visit} on {day}: a day that must be open with it, {also}, is closed."
    if also.note:
        text = "{visit} on {day}: a day that must be open with it, {also}, is closed ({name})."
    return said(text, visit=row.visit, day=row.effective, also=also.day, name=also.note)


def _left_over(before: Sequence[VisitRow], after: Sequence[VisitRow]) -> Iterator[ChangeWarning]:
    """What is recorded of visits that are no longer in the subject's plan: it stays in the log and is no part of the dates."""
    there = {row.visit for row in after}
    for row in before if after else ():
        is_missed = row.status == "missed" and "missed_by_hold" not in row.flags
        if row.visit in there or not (row.certainty == "booked" or is_missed):
            continue
        text = "{visit} is booked on {day}, and is no longer in this subject's plan."
        if is_missed:
            text = "{visit} is recorded as missed, and is no longer in this subject's plan."
        kind: WarningKind = "visit" if is_missed else "booking"
        yield ChangeWarning(kind, row.visit, said(text, visit=row.visit, day=row.effective))


def _without(row: VisitRow, activities: Sequence[str]) -> str:
    text = "{visit} on {day} is without {activities}."
    return said(text, visit=row.visit, day=row.effective, activities=tuple(activities))


def _omitted(row: VisitRow) -> list[str]:
    """The activities of a visit that are not to be done."""
    return [flag.removeprefix("omitted:") for flag in row.flags if flag.startswith("omitted:")]


def _codes(row: VisitRow) -> dict[str, str]:
    parts = (flag.partition(":") for flag in row.flags)
    return {code: value for code, _, value in parts}


def _is_further_out(value: str, before: str | None) -> bool:
    if before is None:
        return True
    now, was = int(value), int(before)
    return abs(now) > abs(was) or (now > 0) != (was > 0)


def _outside(row: VisitRow, days: int, booked: str) -> ChangeWarning:
    count = said("{count} day" if abs(days) == 1 else "{count} days", count=abs(days))
    text = "{days} after its window ends ({day})" if days > 0 else "{days} before its window begins ({day})"
    side = said(text, days=count, day=row.latest if days > 0 else row.earliest)
    if row.certainty == "booked":
        return ChangeWarning("booking", row.visit, said(booked, visit=row.visit, day=row.effective, side=side))
    return ChangeWarning("window", row.visit, said("{visit} on {day} is {side}.", visit=row.visit, day=row.effective, side=side))
