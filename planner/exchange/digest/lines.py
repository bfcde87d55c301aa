"""A mailed worklist as words: the counts, and each row's cells, which the plain text and the HTML share."""

from __future__ import annotations

from datetime import date

from planner.exchange.digest.digest import Digest
from planner.exchange.digest.words import DigestWords
from planner.records.lists.worklist import WorklistKind, WorklistRow


def title(digest: Digest, words: DigestWords) -> str:
    """The subject of the mail: the date, and how many visits of each kind."""
    counted = counts(digest, words)
    if not counted:
        return words.title_empty.format(day=digest.day)
    return words.title.format(day=digest.day, counts=words.separator.join(counted.values()))


def counts(digest: Digest, words: DigestWords) -> dict[WorklistKind, str]:
    """How many there are of each kind that there is: ``3 overdue``."""
    return {kind: words.kinds[kind].counted.format(count=count) for kind, count in digest.worklist.counts.items() if count}


def about_days(digest: Digest, words: DigestWords) -> str:
    """Whose list it is and of which day, and which day it is at which site where they differ."""
    intro = words.intro.format(account=digest.account, day=digest.day)
    if len(digest.days_at) < 2:
        return intro
    listed = [words.day_at.format(day=day, sites=words.separator.join(sites)) for day, sites in digest.days_at]
    return f"{intro}{words.between_sentences}{words.days_differ.format(days=words.between_days.join(listed))}"


def cells(row: WorklistRow, words: DigestWords) -> tuple[str, ...]:
    """A row as the columns of ``words.columns``. Codes and dates only: what a person wrote in words is in none of them."""
    return (
        row.study,
        row.site,
        row.subject,
        row.visit,
        days(row, words),
        visit_kind(row, words),
        _day(row.planned, words),
        window(row, words),
        booking(row),
    )


def days(row: WorklistRow, words: DigestWords) -> str:
    """How long ago the day that counts is, or how far ahead."""
    kind = words.kinds[row.kind]
    if row.days == 0:
        return kind.today
    return (kind.past if row.days < 0 else kind.ahead).format(days=words.days_said(abs(row.days)))


def visit_kind(row: WorklistRow, words: DigestWords) -> str:
    """What the subject comes for: a treatment, imaging, a telephone call."""
    return words.visit_kinds.get(row.visit_kind, row.visit_kind)


def window(row: WorklistRow, words: DigestWords) -> str:
    """The first and the last day; "" where there is no window."""
    if row.earliest is None or row.latest is None:
        return ""
    return words.window_from_to.format(first=row.earliest, last=row.latest)


def booking(row: WorklistRow) -> str:
    """The booked day and time; "" where none is."""
    if row.booked is None:
        return ""
    return f"{row.booked} {row.booked_at:%H:%M}" if row.booked_at is not None else str(row.booked)


def _day(day: date | None, words: DigestWords) -> str:
    return words.no_date if day is None else str(day)
