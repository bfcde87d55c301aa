"""A mailed worklist as plain text."""

from __future__ import annotations

from collections.abc import Iterator

from planner.exchange.digest.digest import Digest
from planner.exchange.digest.lines import about_days, booking, cells, counts, days, visit_kind, window
from planner.exchange.digest.words import DigestWords
from planner.records.lists.worklist import WorklistKind, WorklistRow

_CODES = 4
"""Study, site, subject and visit: the first cells of a row, set under each other."""


def plain_text(digest: Digest, words: DigestWords) -> str:
    """The whole text: counts first, then the rows of each kind, or a sentence instead of them."""
    return "\n".join(_lines(digest, words)) + "\n"


def _lines(digest: Digest, words: DigestWords) -> Iterator[str]:
    yield words.heading.format(day=digest.day)
    yield ""
    if digest.is_empty:
        yield words.nothing
    for counted in counts(digest, words).values():
        yield f"- {counted}"
    yield ""
    yield about_days(digest, words)
    if not digest.counts_only:
        for kind in counts(digest, words):
            yield from _of_kind(digest, kind, words)
    elif not digest.is_empty:
        yield words.rows_left_out
    yield ""
    if digest.calendar is not None:
        yield words.calendar_attached
    yield words.about_dates


def _of_kind(digest: Digest, kind: WorklistKind, words: DigestWords) -> Iterator[str]:
    rows = [row for row in digest.worklist.rows if row.kind is kind]
    count = digest.worklist.counts[kind]
    yield ""
    yield f"== {words.kinds[kind].heading} ({count}) =="
    yield words.kinds[kind].about
    shown = [cells(row, words) for row in rows]
    widths = [max(len(row[column]) for row in shown) for column in range(_CODES)]
    for row, texts in zip(rows, shown, strict=True):
        codes = "  ".join(text.ljust(width) for text, width in zip(texts, widths, strict=False))
        yield f"  {codes}  {_rest(row, words)}"
    if count > len(rows):
        yield "  " + words.more.format(count=count - len(rows))


def _rest(row: WorklistRow, words: DigestWords) -> str:
    parts = [visit_kind(row, words), words.no_date if row.planned is None else words.planned.format(date=row.planned)]
    if shown := window(row, words):
        parts.append(words.window.format(window=shown))
    if shown := booking(row):
        parts.append(words.booked.format(booked=shown))
    return words.separator.join([*parts, days(row, words)])
