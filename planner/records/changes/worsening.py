"""What a change makes worse: checks, windows, bookings; said before it is saved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from planner.records.changes.moves import on_calendar
from planner.records.changes.proposal import ChangeWarning, WarningKind
from planner.records.fold.folded import UnfitFact
from planner.schedule.checks import Finding
from planner.schedule.rows import VisitRow

_SEVERITY = {"passed": 0, "not_evaluated": 0, "cannot_tell": 0, "warning": 1, "breach": 2}

_SENTENCES = {
    "no_open_day_in_window": "has no open day in its window",
    "constraint_breaks_window": "cannot be inside its window without breaking a minimum gap",
    "closed_day": "is on a closed day",
    "expired": "was done too early and no longer counts",
    "fraction_gap": "comes too late after the fraction before it",
    "fraction_span": "makes the fractions take too long",
    "outside_plan": "is done and no part of the plan",
    "earlier_unrecorded": "is recorded while an earlier one of its series is not",
    "missed_by_hold": "is missed, because the hold skips it",
    "anchor_missed": "counts from a visit that is missed",
}
"""Flags that are told when a change brings them about; others have sentences of their own."""


def warnings_between(
    before: Sequence[VisitRow], after: Sequence[VisitRow], findings_before: Iterable[Finding], findings_after: Iterable[Finding]
) -> tuple[ChangeWarning, ...]:
    """Checks that get worse, visits that leave their window, lose a dose or cannot keep another rule, bookings that no longer fit."""
    return (*_checks(findings_before, findings_after), *_visits(before, after), *_left_over(before, after))


def unfit_warnings(before: Iterable[UnfitFact], after: Iterable[UnfitFact]) -> tuple[ChangeWarning, ...]:
    """The facts that fit before and no longer do."""
    known = {unfit.number for unfit in before}
    return tuple(
        ChangeWarning(
            "unfit", f"fact {unfit.number}", f"Fact {unfit.number} no longer fits: {unfit.why}{'' if unfit.why.endswith('?') else '.'}"
        )
        for unfit in after
        if unfit.number not in known
    )


def _checks(before: Iterable[Finding], after: Iterable[Finding]) -> Iterator[ChangeWarning]:
    old = {(finding.check, finding.first, finding.second): finding for finding in before if finding.result != "not_evaluated"}
    for finding in after:
        known = old.get((finding.check, finding.first, finding.second))
        if _weight(finding) > (0, 0) and (known is None or _weight(finding) > _weight(known)):
            yield ChangeWarning("check", finding.check, _check_sentence(finding), known, finding)


def _weight(finding: Finding) -> tuple[int, int]:
    return _SEVERITY[finding.result], finding.over_by or 0


def _check_sentence(finding: Finding) -> str:
    word = "is not kept" if finding.result == "breach" else "would not be kept"
    pair = " to ".join(f"{name} {day}" for name, day in ((finding.first, finding.first_day), (finding.second, finding.second_day)) if name)
    days = "" if finding.days is None else f" is {finding.days} days"
    over = "" if finding.over_by is None else f", {finding.over_by} over"
    return f"{finding.label} {word}: {pair}{days} (limit: {finding.limit}{over})."


def _visits(before: Sequence[VisitRow], after: Sequence[VisitRow]) -> Iterator[ChangeWarning]:
    old = {row.visit: row for row in before}
    for row in after:
        if not on_calendar(row):
            continue
        known = old.get(row.visit)
        had = _codes(known) if known is not None and on_calendar(known) else {}
        left_out = [activity for activity in _omitted(row) if known is None or activity not in _omitted(known)]
        if left_out:
            yield ChangeWarning("visit", row.visit, f"{row.visit} on {row.effective} is without {', '.join(left_out)}.")
        for code, value in _codes(row).items():
            if code == "outside_window" and _is_further_out(value, had.get(code)):
                yield _outside(row, int(value))
            elif code not in had and code == "booked_in_hold":
                yield ChangeWarning("booking", row.visit, f"{row.visit} stays booked on {row.effective}, inside the hold.")
            elif code not in had and code in _SENTENCES:
                kind: WarningKind = "booking" if row.certainty == "booked" else "visit"
                yield ChangeWarning(kind, row.visit, f"{row.visit} on {row.effective} {_SENTENCES[code]}.")


def _left_over(before: Sequence[VisitRow], after: Sequence[VisitRow]) -> Iterator[ChangeWarning]:
    """What is recorded of visits that are no longer in the subject's plan: it stays in the log and is no part of the dates."""
    there = {row.visit for row in after}
    for row in before if after else ():
        is_missed = row.status == "missed" and "missed_by_hold" not in row.flags
        if row.visit in there or not (row.certainty == "booked" or is_missed):
            continue
        how = "recorded as missed" if is_missed else f"booked on {row.effective}"
        kind: WarningKind = "visit" if is_missed else "booking"
        yield ChangeWarning(kind, row.visit, f"{row.visit} is {how}, and is no longer in this subject's plan.")


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


def _outside(row: VisitRow, days: int) -> ChangeWarning:
    count = f"{abs(days)} day{'' if abs(days) == 1 else 's'}"
    side = f"{count} after its window ends ({row.latest})" if days > 0 else f"{count} before its window begins ({row.earliest})"
    if row.certainty == "booked":
        return ChangeWarning("booking", row.visit, f"{row.visit} stays booked on {row.effective}, now {side}.")
    return ChangeWarning("window", row.visit, f"{row.visit} on {row.effective} is {side}.")
