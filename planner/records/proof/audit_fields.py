"""The hash of a raw row, and words for what a raw row holds where something else belongs."""

from __future__ import annotations

from typing import Any

from planner.protocol.said import said
from planner.protocol.said_lists import enumerated
from planner.records.facts.chain import fact_hash
from planner.records.proof.raw_rows import FACT_COLUMNS, RawRow
from planner.schedule.days import day_date

NUMBERS = frozenset({"position", "subject_id", "number", "act", "recorded_at"})
NUMBERS_OR_NOTHING = frozenset({"day", "until_day", "replaces", "refers"})

_NO_DATE = "no date"
_dates: dict[int, str] = {}


def raw_hash(row: RawRow, study: str, subject: str, position: int, number: int) -> str | None:
    """The hash of a row's fields with this subject, position and number; None where a field holds bytes, which no hash can cover."""
    act, kind, item, day, until_day, *rest = row[3:18]
    day = None if day is None else _date(day)
    until_day = None if until_day is None else _date(until_day)
    try:
        return fact_hash((position, study, subject, number, act, kind, item, day, until_day, *rest))
    except TypeError:
        return None


def _date(day: Any) -> str:
    """The ISO text of a day. What is none gives a text that is no date: the hash must not hold for a day kept as text or fraction."""
    if type(day) is not int:
        return _NO_DATE
    known = _dates.get(day)
    if known is None:
        try:
            known = _dates[day] = day_date(day).isoformat()
        except (ValueError, OverflowError):
            return _NO_DATE
    return known


def wrong_types(row: RawRow) -> str:
    """``day holds text, who holds bytes``: the columns that hold what does not belong there; "" where all is in order."""
    return enumerated(
        said("{name} holds {words}", name=name, words=_words(value))
        for name, value in zip(FACT_COLUMNS, row, strict=True)
        if _is_wrong(name, value)
    )


def is_day(value: Any) -> bool:
    """Whether a value is a day that the calendar has, or none."""
    return value is None or _date(value) != _NO_DATE


def whole(value: Any) -> int | None:
    """A value if it is a whole number: something to name a fact by."""
    return value if type(value) is int else None


def hashable_text(value: Any) -> bool:
    """Whether a value can be what it should be, a hash: text in ASCII."""
    return isinstance(value, str) and value.isascii()


def _is_wrong(column: str, value: Any) -> bool:
    if column in NUMBERS_OR_NOTHING and value is None:
        return False
    if column in NUMBERS or column in NUMBERS_OR_NOTHING:
        return type(value) is not int
    return not isinstance(value, str) or _is_damaged(value)


def _is_damaged(text: str) -> bool:
    return any("\ud800" <= letter <= "\udfff" for letter in text)


def _words(value: Any) -> str:
    match value:
        case str():
            return said("text that is not UTF-8") if _is_damaged(value) else said("text")
        case bytes():
            return said("bytes")
        case float():
            return said("a fraction")
        case int():
            return said("a whole number")
        case _:
            return said("nothing")
